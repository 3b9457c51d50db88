// Everything the commands may touch of the machine, so that tests run them with captured output and files in memory.

import type { Problem } from "../base/problem.ts";
import type { Result } from "../base/result.ts";
import type { ReplicationSeries } from "../engine/replications.ts";

/** A text file that is written line by line. */
export interface LineFile {
  write(line: string): void;
  /** Ends the file; the failure is that of the first line that could not be written. */
  close(): Result<null, string>;
}

/** The machine as the commands see it. Failures are sentences with a remedy. */
export interface Shell {
  /** Writes to standard output, as it is. */
  out(text: string): void;
  /** Writes to standard error, as it is. */
  err(text: string): void;
  /** Reads all of standard input. */
  readInput(): Result<string, string>;
  readFile(path: string): Result<string, string>;
  fileExists(path: string): boolean;
  /** The files below a folder, by their paths in order; a file stands for itself. */
  listFiles(path: string): Result<readonly string[], string>;
  /** Writes a file and makes the folders above it. */
  writeFile(path: string, text: string): Result<null, string>;
  openLines(path: string): Result<LineFile, string>;
  /** Computes a series of replications, in so many threads (absent: as many as there are cores). */
  replicate(series: ReplicationSeries, threads?: number): Promise<Result<null, readonly Problem[]>>;
  /** Wall time since some moment [s]. */
  wallSeconds(): number;
}

/** How a command went: all fine; problems found or an objective missed (both already printed); or used wrongly. */
export type Outcome =
  | { readonly exitCode: 0 }
  | { readonly exitCode: 1 }
  /** `sentence` says what was wrong and what to type instead; `main` prints it. */
  | { readonly exitCode: 2; readonly sentence: string };

/** All fine. */
export const fine: Outcome = { exitCode: 0 };

/** Problems found, or an objective missed. */
export const found: Outcome = { exitCode: 1 };

/** Used wrongly. */
export function wrongUse(sentence: string): Outcome {
  return { exitCode: 2, sentence };
}
