// A text that holds one value, as JSON or as YAML: schemas may be written in both. Says where everything stands, and
// stays within bounds whatever the text does (aliases that multiply, nesting without end).

import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import { pathTo } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { depthMax } from "../model/limits.ts";
import { type JsonMistake, type JsonText, parseJsonText } from "./json/jsonText.ts";
import type { Span } from "./placedProblem.ts";

/** Longest YAML text that is read [UTF-16 units]; JSON, which is read faster, may be longer. */
const yamlLengthMax = 1_000_000;

/** Most uses of an anchor, weighed by what it holds: stops a thousand laughs from becoming a billion. */
const aliasesMax = 100;

/** Most values that a YAML text may amount to. */
const valuesMax = 100_000;

/** Reads a text as JSON, or as YAML where it does not look like JSON. */
export function readStructuredText(text: string): Result<JsonText, JsonMistake> {
  return /^\s*(?:[{["]|$)/u.test(text) ? parseJsonText(text) : readYaml(text);
}

/** Where a value stands, or else what it is in. */
export function spanOf(spans: ReadonlyMap<string, Span>, path: string): Span {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const span = spans.get(at);
    if (span !== undefined) return span;
  }
  return spans.get("") ?? { start: 0, end: 0 };
}

function readYaml(text: string): Result<JsonText, JsonMistake> {
  const whole = { start: 0, end: text.length };
  if (text.length > yamlLengthMax)
    return fail({
      ...whole,
      message: "This YAML is longer than a million characters. Shorten it.",
    });
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: "error" });
    const [mistake] = document.errors;
    if (mistake !== undefined) {
      const [start, end] = mistake.pos;
      return fail({ start, end: Math.max(end, start + 1), message: sentenceOf(mistake.message) });
    }
    const value: unknown = document.toJS({ maxAliasCount: aliasesMax });
    if (countValues(value, 0, valuesMax) < 0)
      return fail({ ...whole, message: "This YAML holds too much, or itself. Make it smaller." });
    const plain: unknown = JSON.parse(JSON.stringify(value ?? null));
    return succeed({ value: plain, spans: spansOf(document.contents), repeated: [] });
  } catch {
    const message = "This YAML uses its anchors too often, or is nested too deeply. Write it out.";
    return fail({ ...whole, message });
  }
}

function sentenceOf(message: string): string {
  const [line = ""] = message.split("\n");
  return `This is not valid YAML: ${line.replace(/\.?$/u, "")}. Correct it here.`;
}

/** What is left of a budget after counting the values inside; negative: too many, or nested too deeply. */
function countValues(value: unknown, depth: number, left: number): number {
  if (depth > depthMax || left < 0) return -1;
  let rest = left - 1;
  if (typeof value !== "object" || value === null) return rest;
  for (const part of Object.values(value)) {
    rest = countValues(part, depth + 1, rest);
    if (rest < 0) return -1;
  }
  return rest;
}

function spansOf(contents: unknown): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  collect(contents, "", spans);
  return spans;
}

function collect(node: unknown, path: string, spans: Map<string, Span>): void {
  if (!(isMap(node) || isSeq(node) || isScalar(node) || isAlias(node))) return;
  const span = toSpan(node.range);
  if (span !== undefined && !spans.has(path)) spans.set(path, span);
  if (isSeq(node))
    for (const [i, item] of node.items.entries()) collect(item, pathTo(path, i), spans);
  if (!isMap(node)) return;
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const place = pathTo(path, String(pair.key.value));
    const key = toSpan(pair.key.range);
    if (key !== undefined) spans.set(place, key);
    collect(pair.value, place, spans);
  }
}

function toSpan(range: readonly [number, number, number] | null | undefined): Span | undefined {
  return range === null || range === undefined ? undefined : { start: range[0], end: range[1] };
}
