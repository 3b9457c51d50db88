// Bundles a TypeScript program so that Node can run it; a tenth of a second, so no watcher is needed.
import { chmodSync } from "node:fs";
import { rolldown } from "rolldown";

/** As for the page: the generator of TypeScript types is told not to use it. */
const leaveOutPrettier = {
  name: "leave-out-prettier",
  resolveId: (/** @type {string} */ source) => (source === "prettier" ? "\0no-prettier" : null),
  load: (/** @type {string} */ id) => (id === "\0no-prettier" ? "export {};" : null),
};

/**
 * Writes `folder/name.js`, with lazily imported parts as files beside it. Packages named in `external` stay outside.
 * @param {{
 *   input: string,
 *   folder: string,
 *   name: string,
 *   platform?: "node" | "browser",
 *   external?: string[],
 * }} options
 */
export async function bundleProgram({ input, folder, name, platform = "node", external = [] }) {
  const bundle = await rolldown({
    input: { [name]: input },
    platform,
    external,
    // Packages that offer modules are taken as such: what Node would take of jsonc-parser cannot be bundled.
    resolve: { mainFields: ["module", "main"] },
    optimization: { inlineConst: true },
    plugins: [leaveOutPrettier],
  });
  await bundle.write({
    // As for the page: with constants in place the hot functions are small enough to be inlined. Names stay.
    minify: { compress: true, mangle: false, codegen: false },
    dir: folder,
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    banner: (chunk) => (chunk.isEntry && platform === "node" ? "#!/usr/bin/env node" : ""),
  });
  await bundle.close();
}

/** Bundles the terminal program `spillway` to where package.json's "bin" points. */
export async function bundleCli() {
  await bundleProgram({ input: "src/cli/main.ts", folder: "dist-cli", name: "spillway" });
  chmodSync("dist-cli/spillway.js", 0o755);
}
