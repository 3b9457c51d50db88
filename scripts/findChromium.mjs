// Finds a Chrome or Chromium for the journeys, and installs one if this machine has none.
// Set CHROMIUM_PATH to choose a particular browser.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { canRun, findOnPath } from "./findProgram.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * Path of a browser that can be started.
 * @returns {string}
 */
export function findChromium() {
  const chosen = process.env["CHROMIUM_PATH"];
  if (chosen !== undefined && chosen !== "") {
    if (canRun(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is ${chosen}, which cannot be started; correct or unset it.`);
  }
  return findInstalled() ?? installWithApt() ?? installWithPlaywright();
}

function findInstalled() {
  return findOnPath(names) ?? [...usualPlaces(), chromium.executablePath()].find(canRun);
}

function usualPlaces() {
  if (process.platform === "darwin") {
    const homes = ["/Applications", join(process.env["HOME"] ?? "", "Applications")];
    return homes.flatMap((home) => [
      join(home, "Google Chrome.app/Contents/MacOS/Google Chrome"),
      join(home, "Chromium.app/Contents/MacOS/Chromium"),
    ]);
  }
  if (process.platform === "win32") {
    return ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"]
      .map((variable) => process.env[variable])
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, "Google/Chrome/Application/chrome.exe"),
        join(folder, "Chromium/Application/chrome.exe"),
      ]);
  }
  return [];
}

// Only Debian's package is tried: as root, because nothing here may ask for a password.
function installWithApt() {
  const isRoot = process.getuid?.() === 0;
  if (process.platform !== "linux" || !isRoot || !succeeds("apt-get", ["--version"]))
    return undefined;
  console.log("No Chromium found: installing the system package with apt-get.");
  const installed = run("apt-get", ["update"]) && run("apt-get", ["install", "-y", "chromium"]);
  const found = installed ? findInstalled() : undefined;
  // Some distributions ship a stub of that name that only prints advice.
  return found !== undefined && succeeds(found, ["--version"]) ? found : undefined;
}

function installWithPlaywright() {
  console.log("No Chromium found: downloading one with Playwright.");
  const isWindows = process.platform === "win32";
  run(isWindows ? "npx.cmd" : "npx", ["playwright", "install", "chromium"], isWindows);
  const path = chromium.executablePath();
  if (canRun(path)) return path;
  throw new Error(
    "No Chromium could be installed. Install Chrome or Chromium and run again, " +
      "or set CHROMIUM_PATH to its program.",
  );
}

/**
 * Runs a program whose output the reader wants to see.
 * @param {string} program
 * @param {string[]} programArguments
 * @param {boolean} [shell]
 */
function run(program, programArguments, shell = false) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(program, programArguments, { stdio: "inherit", env, shell }).status === 0;
}

/**
 * Runs a program only for its exit code.
 * @param {string} program
 * @param {string[]} programArguments
 */
function succeeds(program, programArguments) {
  return spawnSync(program, programArguments, { stdio: "ignore" }).status === 0;
}
