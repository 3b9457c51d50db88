// How the page is built, served while working on it, and how the unit tests run.
import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import react from "@vitejs/plugin-react";
import type { Plugin, Rolldown } from "vite";
import { defineConfig } from "vitest/config";

// Hot reload injects an inline script, which the content security policy of index.html forbids.
// The policy is therefore dropped while developing; every built page and every journey has it.
function dropPolicyWhileDeveloping(): Plugin {
  return {
    name: "drop-policy-while-developing",
    apply: "serve",
    transformIndexHtml: (html) =>
      html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ""),
  };
}

// React Flow animates its view through d3-transition, which could blend colours too and loads d3-color for that. Nothing
// here blends colours with it; 3 kB less in the first load. An actual use fails at once, with this sentence.
function leaveOutColours(): Plugin {
  const id = "\0no-colours";
  const refusal = "d3-color is left out of this build; see vite.config.ts.";
  return {
    name: "leave-out-colours",
    apply: "build",
    enforce: "pre",
    resolveId: (source) => (source === "d3-color" ? id : null),
    load: (asked) =>
      asked === id
        ? `export function color() { throw new Error(${JSON.stringify(refusal)}); }
           export { color as rgb, color as hsl, color as lab, color as hcl, color as cubehelix };`
        : null,
  };
}

// Monaco's helper for workers brings every feature of the editor along, after the first editor was made: 640 kB, and an
// exception in each editor after the first, whose services do not know them. Our editor says itself what it needs.
function leaveOutEditorFeatures(): Plugin {
  return {
    name: "leave-out-editor-features",
    transform: (code, id) =>
      id.endsWith("monaco-editor/esm/vs/internal/common/workers.js")
        ? code.replaceAll(/^import '[^']+';$/gm, "")
        : null,
  };
}

// `long`, which protobufjs counts with, tries WebAssembly first and does as well without; our content security policy
// refuses it, and browsers report that as an attack.
function leaveOutWebAssembly(): Plugin {
  return {
    name: "leave-out-web-assembly",
    transform: (code, id) =>
      /node_modules\/long\/(?:umd\/)?index\.js$/.test(id)
        ? code.replaceAll("new WebAssembly.", "new undefined.")
        : null,
  };
}

// The generator of TypeScript types would print its results through Prettier, 5 MB that nobody asked for: it is told not to
// (`format: false`), and what stands in its place here would refuse.
function leaveOutPrettier(): Plugin {
  const id = "\0no-prettier";
  return {
    name: "leave-out-prettier",
    apply: "build",
    enforce: "pre",
    resolveId: (source) => (source === "prettier" ? id : null),
    load: (asked) => (asked === id ? "export {};" : null),
  };
}

interface Modules {
  getModuleInfo(id: string): Rolldown.ModuleInfo | null;
}

/** These modules and all that they import other than by `import()`. */
function closureOf(roots: readonly string[], modules: Modules): ReadonlySet<string> {
  const found = new Set(roots.map((root) => resolve(import.meta.dirname, root)));
  for (const id of found)
    for (const next of modules.getModuleInfo(id)?.importedIds ?? [])
      // Files of patterns hold their fields, which the page shows, and what they do in a run, which it does not.
      if (!next.includes("/src/kernel/")) found.add(next);
  return found;
}

/** What is fetched before anybody does anything, in two files instead of two dozen: fewer requests, and they pack better.
 *  The second holds the panels that stand open at first; a phone begins without them. */
function groupFirstLoad(): (id: string, modules: Modules) => string | null {
  let first: ReadonlySet<string> | undefined;
  let panels: ReadonlySet<string> | undefined;
  return (id, modules) => {
    first ??= closureOf(["index.html"], modules);
    panels ??= closureOf(
      ["src/ui/inspector/Inspector.tsx", "src/ui/charts/ChartPanel.tsx"],
      modules,
    );
    if (first.has(id)) return "first";
    return panels.has(id) ? "panels" : null;
  };
}

/** What every run needs, in one file: technologies and stations that come by need share code with it, and would otherwise
 *  cut it into a dozen. */
function groupSimulation(): (id: string, modules: Modules) => string | null {
  let first: ReadonlySet<string> | undefined;
  return (id, modules) => {
    first ??= closureOf(["src/worker/simulation.worker.ts"], modules);
    return first.has(id) ? "simulation" : null;
  };
}

/** Names of style classes: readable, and short enough for the first load. */
function classNameFor(name: string, file: string): string {
  return `${basename(file, ".module.css")}-${name}`;
}

// Tests know all technologies and stations; a page fetches those of its scenario.
const setupFiles = [
  "src/brokers/simulated.ts",
  "src/engine/stations/all.ts",
  "src/base/fixedSeed.suite.ts",
];

const pageTests = ["src/ui/**/*.test.{ts,tsx}", "src/store/**/*.test.{ts,tsx}"];

// Tests that put another module in the place of one, which must not have been loaded before.
const aloneTests = ["src/engine/limits.test.ts"];

// Packages around Monaco name its files as they were called before it had a map of exports.
const monacoAlias = {
  find: /^monaco-editor\/esm\/vs\/(.*?)(?:\.js)?$/,
  replacement: "monaco-editor/$1.js",
};

// The official AsyncAPI parser uses Avro's types only; all of Avro needs Node's streams.
const avroAlias = { find: /^avsc$/, replacement: "avsc/etc/browser/avsc-types.js" };

export default defineConfig({
  // Relative addresses: the build works in any folder of any server.
  base: "./",
  css: { modules: { generateScopedName: classNameFor } },
  plugins: [
    react(),
    dropPolicyWhileDeveloping(),
    leaveOutColours(),
    leaveOutEditorFeatures(),
    leaveOutWebAssembly(),
    leaveOutPrettier(),
  ],
  build: {
    // .size-limit.mjs reads the manifest to find what the first load really fetches.
    manifest: true,
    target: "es2023",
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      // Components that React Flow offers and we do not use: without this, their wrappers keep them all.
      output: {
        codeSplitting: {
          groups: [{ name: groupFirstLoad() }],
        },
      },
      treeshake: {
        manualPureFunctions: ["memo", "forwardRef", "createContext"],
        // Modules of these rooms only define things: one of which nothing is used stays out, with the tables that it makes.
        moduleSideEffects: [
          { test: /\/src\/(?:base|drawing|kernel|model|nodes)\//, sideEffects: false },
        ],
      },
    },
  },
  resolve: { alias: [monacoAlias, avroAlias] },
  worker: {
    format: "es",
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: groupSimulation() }] } } },
  },
  test: {
    testTimeout: 60_000,
    // Without this one core is left to the main process, which on two cores leaves half of them idle.
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          // Pure modules hold nothing between tests, so files may share them: a fifth less to load and compile.
          isolate: false,
          environment: "node",
          include: ["src/**/*.test.{ts,tsx}", "bench/**/*.test.ts"],
          exclude: [...pageTests, ...aloneTests],
          setupFiles,
        },
      },
      { extends: true, test: { name: "alone", include: aloneTests, setupFiles } },
      {
        extends: true,
        test: {
          name: "page",
          environment: "happy-dom",
          include: pageTests,
          setupFiles,
        },
      },
    ],
  },
});
