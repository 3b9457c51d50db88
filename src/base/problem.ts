// What can be wrong with a document, as data: parsers and checks return lists of these, every view shows them.

/** An `error` keeps a document from running; a `warning` says what will probably surprise. */
export type Severity = "error" | "warning";

/** Something wrong in a document, with a stable code, a place and a remedy. */
export interface Problem {
  /** Stable, searchable, of the form `room/what`, such as `connection/dangling`. */
  readonly code: string;
  readonly severity: Severity;
  /** JSON Pointer into the document, "" for the whole of it. */
  readonly path: string;
  /** Id of the node, channel, connection or contract that it concerns, when there is one. */
  readonly element?: string;
  /** One sentence that says what is wrong, and one that says what to do. */
  readonly message: string;
}

/** Appends a step to a JSON Pointer (RFC 6901 escaping). */
export function pathTo(path: string, step: string | number): string {
  return `${path}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Whether any problem of the list keeps the document from running. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}
