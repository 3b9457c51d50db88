// `node scripts/conformance.mjs [FILE|ID …]`: RabbitMQ definitions of scenarios (of the ready-made ones), imported by a real RabbitMQ on this
// machine (loopback only, in a folder of its own), exported again and compared. Says so and ends where there is none.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { isDeepStrictEqual } from "node:util";

/** @typedef {{ [key: string]: any }} Row */

const programs = "/usr/lib/rabbitmq/bin";
const named = process.argv.slice(2);
const scenarios = named.length > 0 ? named : ["food-delivery", "work-queue"];
const startsWithinMs = 60_000;
const run = promisify(execFile);

if (!existsSync(join(programs, "rabbitmq-server"))) {
  console.log("Skipped: no RabbitMQ is installed here (apt-get install rabbitmq-server).");
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "spillway-rabbitmq-"));
const [amqp, distribution, names] = [await freePort(), await freePort(), await freePort()];
const node = `spillway${amqp}@localhost`;
const environment = {
  ...process.env,
  HOME: folder,
  RABBITMQ_NODENAME: node,
  RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
  RABBITMQ_NODE_PORT: String(amqp),
  RABBITMQ_DIST_PORT: String(distribution),
  RABBITMQ_MNESIA_BASE: join(folder, "data"),
  RABBITMQ_LOG_BASE: join(folder, "log"),
  RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq"),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
  // Erlang's service for names stays when the node has gone, so this node has one of its own, which is ended below.
  ERL_EPMD_ADDRESS: "127.0.0.1",
  ERL_EPMD_PORT: String(names),
};
writeFileSync(join(folder, "rabbitmq.conf"), "");
writeFileSync(join(folder, "plugins"), "[].");
const server = spawn(join(programs, "rabbitmq-server"), { env: environment, stdio: "ignore" });
let failed = 0;
try {
  await started();
  for (const scenario of scenarios)
    for (const settings of ["arguments", "policies"]) await compare(scenario, settings);
} finally {
  await control("stop").catch(() => server.kill());
  await run("epmd", ["-port", String(names), "-kill"]).catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;

/** Waits until the node is up; throws when it takes too long. */
async function started() {
  const deadline = Date.now() + startsWithinMs;
  for (;;) {
    const isUp = await control("await_startup", "--timeout", "5").then(
      () => true,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > deadline || server.exitCode !== null)
      throw new Error("RabbitMQ did not start; its log said nothing that this script understands.");
    await wait(500);
  }
}

/**
 * Imports the definitions of a scenario into an empty virtual host and compares what RabbitMQ then has.
 * @param {string} scenario
 * @param {string} settings
 */
async function compare(scenario, settings) {
  const out = join(folder, "exported");
  rmSync(out, { recursive: true, force: true });
  const args = ["dist-cli/spillway.js", "export", "rabbitmq", scenario];
  const written = await run(process.execPath, [
    ...args,
    "--settings",
    settings,
    "--out",
    out,
  ]).catch(() => ({ stdout: "" }));
  for (const file of written.stdout.split("\n").filter((line) => line !== "")) {
    // The exit code of an import says too little: a binding to nowhere counts as success.
    await control("delete_vhost", "/");
    await control("import_definitions", file);
    const back = join(folder, "back.json");
    await control("export_definitions", back);
    const [ours, theirs] = [file, back].map((path) => JSON.parse(readFileSync(path, "utf8")));
    const differing = ["exchanges", "queues", "bindings", "policies"].filter(
      (part) => !isDeepStrictEqual(sorted(ours[part], part), sorted(theirs[part], part)),
    );
    failed += differing.length;
    const verdict = differing.length === 0 ? "the same" : `DIFFERENT ${differing.join(", ")}`;
    console.log(`${scenario} (settings as ${settings}): ${verdict} after import and export`);
    for (const part of differing)
      console.log(JSON.stringify({ ours: ours[part], theirs: theirs[part] }));
  }
}

/**
 * Rows in an order of their own, with the keys that both sides have.
 * @param {Row[]} rows
 * @param {string} part
 */
function sorted(rows, part) {
  return rows
    .map((row) => JSON.stringify(inOrder(part === "queues" ? { ...row, type: undefined } : row)))
    .toSorted();
}

/**
 * @param {any} value
 * @returns {any}
 */
function inOrder(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key])]));
}

/**
 * @param {...string} args
 */
function control(...args) {
  return run(join(programs, "rabbitmqctl"), ["--node", node, ...args], { env: environment });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });
}
