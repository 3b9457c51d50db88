// The journeys: a real browser against the built page, served on a free port of this machine.
import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/findChromium.mjs";

// Playwright reads this file again in every worker; the environment carries the first answers on.
const port = (process.env["SPILLWAY_PORT"] ??= findFreePort());
const executablePath = (process.env["CHROMIUM_PATH"] ||= findChromium());

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  snapshotPathTemplate: "{testDir}/pictures/{arg}{ext}",
  // One at a time: a simulation keeps a core busy, and the journeys measure what a user feels.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [["line"], ["json", { outputFile: "test-results/journeys.json" }]],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1440, height: 900 },
    // Recording a trace costs a third of the time; add `--trace on` to look closer at one journey.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-quic",
        "--no-first-run",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
});

function findFreePort(): string {
  const program =
    "const s = require('net').createServer().listen(0, '127.0.0.1', () => " +
    "{ process.stdout.write(String(s.address().port)); s.close(); })";
  return execFileSync(process.execPath, ["-e", program], { encoding: "utf8" });
}
