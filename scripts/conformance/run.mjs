// Bundles main.ts with the simulation and runs it in this process.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleProgram } from "../bundle.mjs";

const folder = "node_modules/.cache/conformance";
await bundleProgram({ input: "scripts/conformance/main.ts", folder, name: "main" });
await import(pathToFileURL(join(process.cwd(), folder, "main.js")).href);
