// Finds installed programs, such as browsers, without knowing where a machine keeps them.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The first program on the search path that has one of these names.
 * @param {readonly string[]} names
 * @returns {string | undefined}
 */
export function findOnPath(names) {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(canRun);
}

/**
 * Whether a file is there and may be started.
 * @param {string} path
 */
export function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
