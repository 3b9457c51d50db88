// What an import has to say about the files: what is wrong, what was not understood, what is drawn differently. Each
// has a place in a file, so that a click leads there.

import type { Severity } from "../base/problem.ts";
import { pathTo } from "../base/problem.ts";
import { findingsMax } from "./limits.ts";
import type { SourceFile } from "./workspace.ts";

/** Something to know about an imported file. An `info` loses nothing. */
export interface Finding {
  readonly severity: Severity | "info";
  /** Stable and searchable: "import/…" are our own, all others those of the official parser. */
  readonly code: string;
  /** Name of the file. */
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** JSON Pointer into the file. */
  readonly pointer: string;
  readonly message: string;
}

/** A list of findings that grows and has an end. */
export class Findings {
  private readonly found: Finding[] = [];
  private readonly seen = new Set<string>();
  private left = 0;

  /** Adds a finding at a place of a file, unless it is there already. */
  add(
    severity: Finding["severity"],
    code: string,
    at: { readonly file: SourceFile; readonly path: readonly string[] },
    message: string,
  ): void {
    const { line, column } = at.file.locate(at.path);
    const pointer = pointerOf(at.path);
    this.put({ severity, code, file: at.file.name, line, column, pointer, message });
  }

  /** Adds a finding whose place is known, unless it is there already. */
  put(finding: Finding): void {
    const key = `${finding.code} ${finding.file} ${finding.pointer} ${finding.message}`;
    if (this.seen.has(key)) return;
    if (this.found.length >= findingsMax) {
      this.left++;
      return;
    }
    this.seen.add(key);
    this.found.push(finding);
  }

  /** All of them: errors first, then warnings, else in the order in which they were found. */
  list(): readonly Finding[] {
    const rank = { error: 0, warning: 1, info: 2 } as const;
    const sorted = this.found.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
    const [first] = sorted;
    if (this.left === 0 || first === undefined) return sorted;
    const message = `${this.left} more findings are not listed. Correct these first.`;
    return [...sorted, { ...first, severity: "info", code: "import/more", message }];
  }
}

/** The JSON Pointer of a path. */
export function pointerOf(path: readonly string[]): string {
  return path.reduce(pathTo, "");
}
