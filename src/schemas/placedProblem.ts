// A schema as somebody typed it: what it says, and where in the text something is wrong with it. One form for all
// schema languages.

import type { Problem } from "../base/problem.ts";
import type { PayloadSchema } from "../model/scenario.ts";

/** A stretch of a text [UTF-16 units]. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place in a text as editors count it, both from 1. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** A problem with its place in the text; the path is relative to the schema, "" where the schema is itself a text. */
export interface PlacedProblem extends Problem, LineAndColumn {
  readonly span: Span;
}

/** A schema text that was looked at; `schema` is absent while the text cannot be used. */
export interface SchemaText {
  readonly schema?: PayloadSchema;
  readonly problems: readonly PlacedProblem[];
}

/** Line and column of a position. */
export function lineAndColumn(text: string, position: number): LineAndColumn {
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  return { line, column: position - before.lastIndexOf("\n") };
}

/** A problem at a stretch of a text. */
export function placed(problem: Problem, span: Span, text: string): PlacedProblem {
  return { ...problem, span, ...lineAndColumn(text, span.start) };
}
