// `npm run soak -- [technology …] [--seeds 1000] [--processes 2] [--seed 17]`: the contract of all technologies with very many
// seeds, and random topologies of all of them, one process per core. Prints how far it is, a line per contract in the end, and
// each seed that fails; such a seed is repeated with --seed.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const report = "test-results/soak.jsonl";
const topologies = "topologies";
const folder = "src/brokers";
/** Time between two lines of how far it is [ms]. */
const tellEveryMs = 30_000;

const { names, seeds, seed, processes } = readArguments(process.argv.slice(2));
const known = new Map([...contractTests(), [topologies, "src/engine/swarm.test.ts"]]);
const unknown = names.filter((name) => !known.has(name));
if (unknown.length > 0) {
  console.error(
    `No contract of ${unknown.join(", ")}. Choose from ${[...known.keys()].join(", ")}.`,
  );
  process.exit(1);
}
const chosen = names.length > 0 ? names : [...known.keys()];
mkdirSync("test-results", { recursive: true });
rmSync(report, { force: true });
writeFileSync(report, "");

console.log(
  seed === undefined
    ? `${seeds} seeds each, with faults of nodes one at a time and all at once: ${chosen.join(", ")}`
    : `Seed ${seed}: ${chosen.join(", ")}`,
);
const files = chosen.map((name) => known.get(name) ?? "");
const run = spawn(
  "npx",
  [
    "vitest",
    "run",
    "--silent",
    `--maxWorkers=${processes}`,
    "-t",
    "soak$",
    ...(seed === undefined ? ["--reporter=dot"] : []),
    ...files,
  ],
  {
    env: {
      ...process.env,
      SOAK_REPORT: report,
      ...(seed === undefined ? { SOAK_SEEDS: String(seeds) } : { SOAK_SEED: String(seed) }),
    },
    stdio: seed === undefined ? "ignore" : "inherit",
  },
);
const startMs = Date.now();
const ended = new Set();
let shown = 0;
let failures = 0;
let toldMs = startMs;
const timer = setInterval(show, 1000);
run.on("close", (code) => {
  clearInterval(timer);
  show();
  const open = chosen.filter((name) => !ended.has(name));
  if (open.length > 0) {
    console.error(`Did not come to an end: ${open.join(", ")}. Run it with --seed 1 to see why.`);
    failures += open.length;
  }
  const verdict = failures > 0 || code !== 0 ? `${failures} FAILED` : "no failure";
  console.log(`${ended.size} of ${chosen.length} in ${elapsed()}: ${verdict}`);
  process.exitCode = failures > 0 || code !== 0 ? 1 : 0;
});

/** Prints what has come to its end since the last look, and now and then how far the others are. */
function show() {
  const lines = readFileSync(report, "utf8").split("\n").slice(0, -1);
  const news = lines.slice(shown).map((text) => JSON.parse(text));
  shown = lines.length;
  for (const line of news) if (line.isOver) showEnd(line);
  const latest = new Map(news.map((line) => [line.what, line]));
  const going = [...latest.values()].filter(({ isOver }) => !isOver);
  if (going.length === 0 || Date.now() < toldMs + tellEveryMs) return;
  toldMs = Date.now();
  const texts = going.map(
    ({ what, done, seeds: of, failures: bad }) =>
      `${what} ${done} of ${of}${bad.length > 0 ? ` (${bad.length} failed)` : ""}`,
  );
  console.log(`  ${elapsed()}: ${texts.join(", ")}`);
}

/** @param {any} line what src/brokers/soak.suite.ts writes at the end of a contract */
function showEnd(line) {
  ended.add(line.what);
  const facts = [
    `${line.what}:`.padEnd(16),
    `${line.seeds} seeds`,
    `${line.faults} faults`,
    `${line.messages} messages`,
    `${line.seconds.toFixed(1)} s`,
    line.failures.length === 0 ? "no failure" : `${line.failures.length} FAILED`,
  ];
  console.log(facts.join("  "));
  for (const { seed: bad, message } of line.failures.slice(0, 10))
    console.log(
      `  seed ${bad}: ${message}\n    repeat: npm run soak -- ${line.what} --seed ${bad}`,
    );
  failures += line.failures.length;
}

function elapsed() {
  const seconds = Math.round((Date.now() - startMs) / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The test file of each technology that runs the contract. @returns {[string, string][]} */
function contractTests() {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const files = readdirSync(`${folder}/${name}`).filter((file) => file.endsWith(".test.ts"));
      const own = files.find((file) =>
        readFileSync(`${folder}/${name}/${file}`, "utf8").includes("describeTechnology("),
      );
      return own === undefined ? [] : [[name, `${folder}/${name}/${own}`]];
    });
}

/** @param {string[]} args */
function readArguments(args) {
  /** @type {string[]} */
  const names = [];
  let seeds = 1000;
  let processes = availableParallelism();
  /** @type {number | undefined} */
  let seed;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--seeds") seeds = toCount(arg, args[++i]);
    else if (arg === "--seed") seed = toCount(arg, args[++i]);
    else if (arg === "--processes") processes = toCount(arg, args[++i]);
    else if (arg.startsWith("-"))
      stop(`No option ${arg}. There are --seeds, --seed and --processes.`);
    else names.push(arg);
  }
  return { names, seeds, seed, processes };
}

/** @param {string} option @param {string | undefined} text */
function toCount(option, text) {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) stop(`${option} takes a number from 1.`);
  return count;
}

/** @param {string} sentence */
function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
