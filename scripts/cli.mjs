// `npm run -s cli -- COMMAND`: runs the terminal program, building it first if a source is newer.
import { readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const cliProgram = "dist-cli/spillway.js";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const calledFrom = process.env["INIT_CWD"] ?? process.cwd();
process.chdir(root);
if (newestChange("src") > changeOf(cliProgram)) await build();

// From here on it is as if `spillway` had been started where the user stands.
process.chdir(calledFrom);
process.argv[1] = resolve(root, cliProgram);
await import(pathToFileURL(process.argv[1]).href);

// The bundler is loaded only when needed: most starts find the program up to date.
async function build() {
  const { bundleCli } = await import("./bundle.mjs");
  try {
    await bundleCli();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/**
 * Time of the newest change below a folder [ms]; the page's own rooms do not matter here.
 * @param {string} folder
 * @returns {number}
 */
function newestChange(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const changes = entries
    .filter((entry) => !["ui", "store", "worker"].includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => Math.max(changeOf(path), statSync(path).isDirectory() ? newestChange(path) : 0));
  return Math.max(0, ...changes);
}

/** @param {string} path */
function changeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
