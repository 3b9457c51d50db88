// `npm run bench [-- NAME …]`: bundles and runs the programs of bench/, one after the other.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { bundleProgram } from "./bundle.mjs";

const known = readdirSync("bench")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(", ")}. Choose from: ${known.join(", ")}.`);
  process.exit(1);
}

for (const name of wanted.length > 0 ? wanted : known) {
  console.log(`\n== ${name}`);
  const folder = `node_modules/.cache/bench/${name}`;
  await bundleProgram({ input: `bench/${name}.ts`, folder, name });
  const { status } = spawnSync(process.execPath, [`${folder}/${name}.js`], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
