// A machine in memory for tests of commands: files are a map, output is gathered, the clock stands still.

import { fail, succeed } from "../base/result.ts";
import { replicateAll } from "../engine/replicate.ts";
import { runProgram } from "./program.ts";
import type { Shell } from "./shell.ts";

/** What a call of the program left behind. */
export interface Trace {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Runs the program in memory. Paths that begin with "locked/" cannot be written. */
export async function call(
  typed: readonly string[],
  given: { readonly files?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Trace> {
  const files: Record<string, string> = { ...given.files };
  let out = "";
  let err = "";
  const shell: Shell = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    readInput: () =>
      given.input === undefined ? fail("Standard input cannot be read.") : succeed(given.input),
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? fail(`“${path}” cannot be read.`) : succeed(text);
    },
    listFiles: (path) => {
      const found = Object.keys(files).filter((one) => one === path || one.startsWith(`${path}/`));
      return found.length === 0 ? fail(`“${path}” cannot be read.`) : succeed(found.toSorted());
    },
    fileExists: (path) => Object.hasOwn(files, path),
    writeFile: (path, text) => {
      if (path.startsWith("locked/")) return fail(`“${path}” cannot be written.`);
      files[path] = text;
      return succeed(null);
    },
    openLines: (path) => {
      if (path.startsWith("locked/")) return fail(`“${path}” cannot be written.`);
      files[path] = "";
      return succeed({
        write: (line: string) => {
          files[path] += `${line}\n`;
        },
        close: () => succeed(null),
      });
    },
    replicate: (series) => Promise.resolve(replicateAll(series)),
    wallSeconds: () => 0,
  };
  const outcome = await runProgram(typed, shell);
  if (outcome.exitCode === 2) err += `${outcome.sentence}\n`;
  return { code: outcome.exitCode, out, err, files };
}
