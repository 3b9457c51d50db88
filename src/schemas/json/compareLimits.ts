// Limits of texts, numbers and sizes: each may be added, removed, raised or lowered, and only one way is harmless.

import { find, type JsonCollector } from "./jsonWalk.ts";

/** A keyword that limits, and its name in rules. */
interface Limit {
  readonly keyword: string;
  readonly rule: string;
  /** The limit where none is written; absent: there is none. */
  readonly unwritten?: number;
}

/** Texts: lengths and pattern. */
export function compareStrings(at: JsonCollector): void {
  compareLimit(at, { keyword: "maxLength", rule: "MAX_LENGTH" });
  compareLimit(at, { keyword: "minLength", rule: "MIN_LENGTH", unwritten: 0 });
  const [writer, reader] = [at.writer.schema["pattern"], at.reader.schema["pattern"]];
  if (writer === reader) return;
  const kind = writer === undefined ? "ADDED" : reader === undefined ? "REMOVED" : "CHANGED";
  find(at, `PATTERN_${kind}`, "/pattern", { writer, reader });
}

/** Numbers: ends of the range and step. */
export function compareNumbers(at: JsonCollector): void {
  compareLimit(at, { keyword: "maximum", rule: "MAXIMUM" });
  compareLimit(at, { keyword: "minimum", rule: "MINIMUM" });
  compareLimit(at, { keyword: "exclusiveMaximum", rule: "EXCLUSIVE_MAXIMUM" });
  compareLimit(at, { keyword: "exclusiveMinimum", rule: "EXCLUSIVE_MINIMUM" });
  compareSteps(at);
}

/** Compares one limit; whether raising it is harmless, the table of rules knows. */
export function compareLimit(at: JsonCollector, limit: Limit): void {
  const { keyword, rule } = limit;
  const limitIn = (value: unknown) => (typeof value === "number" ? value : undefined);
  const writer = limitIn(at.writer.schema[keyword]);
  const reader = limitIn(at.reader.schema[keyword]);
  const change = changeOf(writer, reader, limit.unwritten);
  if (change !== undefined) find(at, `${rule}_${change}`, `/${keyword}`, { writer, reader });
}

// A limit that says no more than what holds anyway was neither added nor removed.
function changeOf(writer?: number, reader?: number, unwritten?: number): string | undefined {
  const [before, after] = [writer ?? unwritten, reader ?? unwritten];
  if (before === after) return undefined;
  if (before === undefined || (writer === undefined && after !== undefined && after > before))
    return "ADDED";
  if (after === undefined || (reader === undefined && before > after)) return "REMOVED";
  return before < after ? "INCREASED" : "DECREASED";
}

function compareSteps(at: JsonCollector): void {
  const [writer, reader] = [at.writer.schema["multipleOf"], at.reader.schema["multipleOf"]];
  if (writer === reader) return;
  const isKnown = typeof writer === "number" && typeof reader === "number";
  const change = isKnown ? stepChange(writer, reader) : writer === undefined ? "ADDED" : "REMOVED";
  find(at, `MULTIPLE_OF_${change}`, "/multipleOf", { writer, reader });
}

function stepChange(writer: number, reader: number): string {
  if (isMultiple(writer, reader)) return "REDUCED";
  return isMultiple(reader, writer) ? "EXPANDED" : "CHANGED";
}

// Steps such as 0.1 are not exact in binary; a quotient this close to a whole number is one.
function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  const whole = Math.round(quotient);
  return whole !== 0 && Math.abs(quotient - whole) <= 1e-9 * Math.abs(whole);
}
