// `npm run bench`: bundles the bench and what it measures in Node and in the browser, and runs it. See --help.
import { spawnSync } from "node:child_process";
import { bundleProgram } from "./bundle.mjs";

const folder = "node_modules/.cache/bench";
const programs = /** @type {const} */ ([
  { name: "main", platform: "node" },
  { name: "nodeIsolate", platform: "node" },
  { name: "browserIsolate", platform: "browser" },
]);
await Promise.all(
  programs.map(({ name, platform }) =>
    bundleProgram({
      input: `bench/${name}.ts`,
      folder: `${folder}/${name}`,
      name,
      platform,
      external: ["@playwright/test"],
    }),
  ),
);
const { status } = spawnSync(
  process.execPath,
  [`${folder}/main/main.js`, ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exitCode = status ?? 1;
