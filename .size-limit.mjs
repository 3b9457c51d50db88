// What the page may weigh, gzipped (1 kB = 1000 bytes). The first load is everything index.html
// fetches before any lazy part: the entry and, through the manifest, all that it imports
// statically, so cutting the same code into more files gains nothing.
import { existsSync, readFileSync, readdirSync } from "node:fs";

/** @typedef {{ file: string, isEntry?: boolean, imports?: string[], css?: string[] }} Chunk */

const manifestPath = "dist/.vite/manifest.json";
if (!existsSync(manifestPath)) throw new Error("Nothing is built yet; run `npm run build` first.");
/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));

const first = collect(Object.keys(manifest).filter((key) => manifest[key]?.isEntry));
const firstScripts = new Set(first.map((chunk) => chunk.file));
const firstStyles = new Set(first.flatMap((chunk) => chunk.css ?? []));

// The first matching line is the limit of a lazy file; workers are not in the manifest, hence the
// names. Editor and layout are other people's large libraries that load on demand.
const lazyLimits = [
  // The engine without technologies and stations, which come by need: what the product is. It loads beside the page.
  { pattern: /simulation\.worker/, limit: "130 kB" },
  // The official AsyncAPI parser, and what reads AsyncAPI files: each comes with the first import only. The second knows
  // the fields and bindings of every technology, because a file may speak of any.
  { pattern: /asyncapiVerdict\.worker/, limit: "550 kB" },
  { pattern: /asyncapiReading\.worker/, limit: "176 kB" },
  { pattern: /monaco|editor.*worker|yaml.*worker|json.*worker/i, limit: "450 kB" },
  { pattern: /editor|yaml|json/i, limit: "1100 kB" },
  { pattern: /elk|layout/i, limit: "480 kB" },
  // The generator of models for code (quicktype-core), whose entry is called esm.
  { pattern: /esm-/, limit: "330 kB" },
  { pattern: /./, limit: "60 kB" },
];

const lazyFiles = readdirSync("dist/assets")
  .map((name) => `assets/${name}`)
  .filter((file) => /\.(js|css)$/.test(file) && !firstScripts.has(file) && !firstStyles.has(file));

const budgets = [
  budget("first load, scripts", [...firstScripts], "190 kB"),
  ...(firstStyles.size > 0 ? [budget("first load, styles", [...firstStyles], "15 kB")] : []),
  ...lazyFiles.map((file) => budget(`on demand: ${file}`, [file], limitOf(file))),
];

export default budgets;

/**
 * The chunks with these keys and everything they import statically.
 * @param {string[]} keys
 */
function collect(keys) {
  const seen = new Set(keys);
  for (const key of seen) for (const next of manifest[key]?.imports ?? []) seen.add(next);
  return [...seen].map((key) => manifest[key]).filter((chunk) => chunk !== undefined);
}

/** @param {string} file */
function limitOf(file) {
  return lazyLimits.find(({ pattern }) => pattern.test(file))?.limit ?? "60 kB";
}

/**
 * @param {string} name
 * @param {string[]} files
 * @param {string} limit
 */
function budget(name, files, limit) {
  return { name, path: files.map((file) => `dist/${file}`), limit, gzip: true };
}
