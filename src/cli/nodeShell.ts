// The real machine behind the commands: Node's streams and files, with failures turned into sentences.

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { fail, type Result, succeed } from "../base/result.ts";
import type { LineFile, Shell } from "./shell.ts";
import { replicateInThreads } from "./threads.ts";

/** Text gathered before it is written to a line file [UTF-16 units]. */
const bufferLength = 1 << 16;

/** Largest file that is read [bytes]; a scenario is a thousand times smaller. */
const fileBytesMax = 64 * 2 ** 20;

/** The shell of this process, whose program begins at `entry`. */
export function createNodeShell(entry: URL): Shell {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readInput: () =>
      attempt(() => readFileSync(0, "utf8"), "Standard input cannot be read. Pipe a file into it."),
    readFile: readText,
    fileExists: existsSync,
    listFiles,
    writeFile: (path, text) =>
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        return null;
      }, cannotWrite(path)),
    openLines: (path) => attempt(() => openLines(path), cannotWrite(path)),
    replicate: (series, threads) => replicateInThreads(series, entry, threads),
    wallSeconds: () => performance.now() / 1000,
  };
}

function readText(path: string): Result<string, string> {
  const remedy = `“${path}” cannot be read. Check the path and its permissions.`;
  const size = attempt(() => statSync(path).size, remedy);
  if (size.ok && size.value > fileBytesMax)
    return fail(`“${path}” is larger than any scenario. Choose a *.spillway.json file.`);
  return attempt(() => readFileSync(path, "utf8"), remedy);
}

/** Files that are listed of one folder; whoever names the folder of all his work does not wait for ever. */
const filesMax = 5_000;

function listFiles(path: string): Result<readonly string[], string> {
  const found: string[] = [];
  const visit = (place: string): void => {
    if (found.length >= filesMax) return;
    if (!statSync(place).isDirectory()) {
      found.push(place);
      return;
    }
    for (const name of readdirSync(place).toSorted())
      if (!name.startsWith(".") && name !== "node_modules") visit(join(place, name));
  };
  const listed = attempt(() => {
    visit(path);
    return null;
  }, `“${path}” cannot be read. Check the path and its permissions.`);
  return listed.ok ? succeed(found) : listed;
}

function cannotWrite(path: string): string {
  return `“${path}” cannot be written. Choose another place, or change its permissions.`;
}

function cannotFinish(path: string): string {
  return `“${path}” could not be written to its end. Make room on the disk, or choose another place.`;
}

function openLines(path: string): LineFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  let buffer = "";
  let written: Result<null, string> = succeed(null);
  const flush = () => {
    // A full disk stays full: after the first failure nothing more is tried.
    if (written.ok)
      written = attempt(() => {
        writeSync(file, buffer);
        return null;
      }, cannotFinish(path));
    buffer = "";
  };
  return {
    write: (line) => {
      buffer += `${line}\n`;
      if (buffer.length >= bufferLength) flush();
    },
    close: () => {
      flush();
      const closed = attempt(() => {
        closeSync(file);
        return null;
      }, cannotFinish(path));
      return written.ok ? closed : written;
    },
  };
}

function attempt<Value>(act: () => Value, sentence: string): Result<Value, string> {
  try {
    return succeed(act());
  } catch {
    return fail(sentence);
  }
}
