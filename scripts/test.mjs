// The one test command. `npm test` runs every step, `node scripts/test.mjs STEP …` only those named.
// A failing step does not stop the others; the last line adds up all of them.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {{ id: string, title: string, needs?: string, run: () => Promise<Count> }} Step */

const reports = "test-results";

/** @type {Step[]} */
const steps = [
  { id: "format", title: "Format", run: () => check("oxfmt --check") },
  { id: "lint", title: "Lint", run: () => check("oxlint") },
  { id: "types", title: "Types", run: checkTypes },
  { id: "unused", title: "Unused code", run: checkUnused },
  { id: "unit", title: "Unit tests", run: runUnitTests },
  { id: "build", title: "Build", run: () => check("vite build") },
  { id: "program", title: "Terminal program", run: checkProgram },
  { id: "size", title: "Size budget", needs: "build", run: () => check("size-limit") },
  { id: "journeys", title: "Journeys in a browser", needs: "build", run: runJourneys },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((id) => !steps.some((step) => step.id === id));
if (unknown.length > 0) {
  console.error(
    `No step ${unknown.join(", ")}. Steps: ${steps.map((step) => step.id).join(", ")}.`,
  );
  process.exit(1);
}

mkdirSync(reports, { recursive: true });
const chosen = wanted.length > 0 ? steps.filter((step) => wanted.includes(step.id)) : steps;
/** @type {Map<string, Count>} */
const results = new Map();
for (const step of chosen) results.set(step.id, await runStep(step));

const passed = sum([...results.values()].map((count) => count.passed));
const failed = sum([...results.values()].map((count) => count.failed));
console.log("");
for (const step of chosen) {
  const count = results.get(step.id);
  if (count !== undefined && count.failed > 0) console.log(`Failed: ${step.title} (${step.id})`);
}
process.exitCode = failed > 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);

/** @param {Step} step */
async function runStep(step) {
  console.log(`\n== ${step.title}`);
  if (step.needs !== undefined && (results.get(step.needs)?.failed ?? 0) > 0) {
    console.log(`Not possible, because the step "${step.needs}" failed.`);
    return { passed: 0, failed: 1 };
  }
  const start = performance.now();
  const count = await step.run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`-- ${step.title}: ${count.failed === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  return count;
}

/**
 * Runs commands one after the other and counts them as one check.
 * @param {...string} commands
 */
async function check(...commands) {
  for (const command of commands) {
    if ((await execute(command)) !== 0) return { passed: 0, failed: 1 };
  }
  return { passed: 1, failed: 0 };
}

async function checkTypes() {
  const worlds = ["", ".browser", ".core", ".worker", ".node"].map((world) => `tsconfig${world}`);
  const codes = await Promise.all(worlds.map((world) => execute(`tsc -p ${world}.json`)));
  const broken = worlds.filter((_, index) => codes[index] !== 0);
  if (broken.length > 0) console.log(`Type errors under ${broken.join(", ")}.`);
  return broken.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

// The second run leaves out tests: it finds files that were written but never registered.
function checkUnused() {
  return check("knip", "knip --production --include files,dependencies,unlisted");
}

// Built as users get it, and started once: a bundle can be complete and still not run.
function checkProgram() {
  return check("node scripts/buildCli.mjs", "node dist-cli/spillway.js --help");
}

async function runUnitTests() {
  const file = join(reports, "unit.json");
  rmSync(file, { force: true });
  const code = await execute(
    `vitest run --reporter=default --reporter=json --outputFile.json=${file}`,
  );
  const report = readReport(file);
  const files = report?.testResults ?? [];
  // A file that could not even be loaded has no tests to count, but it did fail.
  const unloadable = files.filter(
    (/** @type {any} */ entry) => entry.status === "failed" && entry.assertionResults.length === 0,
  ).length;
  return settle(code, report?.numPassedTests ?? 0, (report?.numFailedTests ?? 0) + unloadable);
}

async function runJourneys() {
  const file = join(reports, "journeys.json");
  rmSync(file, { force: true });
  const code = await execute("playwright test");
  const stats = readReport(file)?.stats;
  return settle(code, stats?.expected ?? 0, (stats?.unexpected ?? 0) + (stats?.flaky ?? 0));
}

/**
 * A runner that fails without naming a failed test (a crash, no report) still counts as a failure.
 * @param {number} code
 * @param {number} passedTests
 * @param {number} failedTests
 */
function settle(code, passedTests, failedTests) {
  const hidden = code !== 0 && failedTests === 0 ? 1 : 0;
  return { passed: passedTests, failed: failedTests + hidden };
}

/**
 * @param {string} file
 * @returns {any} the report, or undefined when the runner died before writing one
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Runs a tool of this project and answers its exit code.
 * @param {string} command
 * @returns {Promise<number>}
 */
function execute(command) {
  const path = `${join(process.cwd(), "node_modules", ".bin")}${delimiter}${process.env["PATH"]}`;
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PATH: path },
    });
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
