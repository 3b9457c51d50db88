// Compares two JSON Schemas as Confluent's registry does: both are walked together, and every difference has a name.
// Written to the rules, not after the registry's code; where its rules leave a gap, the stricter verdict counts.

import type { Problem } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import { isEqual } from "../../model/equal.ts";
import { type Comparison, type SchemaPair, sidesOf, toComparison } from "../change.ts";
import { checkSize } from "../schemaSize.ts";
import { compareArrays } from "./compareArrays.ts";
import { compareCombined } from "./compareCombined.ts";
import { compareNumbers, compareStrings } from "./compareLimits.ts";
import { compareObjects } from "./compareObjects.ts";
import { jsonSentence } from "./jsonSentences.ts";
import {
  comparePair,
  compareToFixedPoint,
  createCollector,
  include,
  type Outcome,
  tooEntangled,
} from "../pairWalk.ts";
import { find, type JsonCollector, warn } from "./jsonWalk.ts";
import { childOf, createSchemaDocument, nodeOf, type SchemaNode } from "./schemaNode.ts";
import { isRecord } from "./schemaWalk.ts";

/** Whether what is written with one JSON Schema can be read with the other (draft 7 and 2020-12), and what differs. */
export function compareJsonSchemas(pair: SchemaPair): Result<Comparison, readonly Problem[]> {
  const problems = [...checkSize("writer", pair.writer), ...checkSize("reader", pair.reader)];
  if (problems.length > 0) return fail(problems);
  const count = { next: 0 };
  const nodeFor = (schema: unknown) => {
    const document = createSchemaDocument(isRecord(schema) ? schema : {}, count);
    return nodeOf(document, schema, "");
  };
  const { policy = "STRICT", next = "reader" } = pair;
  const [writer, reader] = [nodeFor(pair.writer), nodeFor(pair.reader)];
  const outcome = compareToFixedPoint<SchemaNode>(
    (walk, mine, theirs) => compareNodes({ ...createCollector(walk, mine, theirs), policy }),
    writer,
    reader,
  );
  if (outcome === undefined) return fail([tooEntangled]);
  const sides = sidesOf(next);
  return succeed(toComparison(outcome.findings, (finding) => jsonSentence(finding, sides)));
}

function compareNodes(at: JsonCollector): Outcome {
  const { writer, reader } = at;
  if (compareCombined(at)) return at;
  if (writer.kind === "never" || (reader.kind === "any" && writer.kind !== "any")) return at;
  if (writer.kind !== reader.kind) {
    find(at, "TYPE_CHANGED", "", { writer: nameOf(writer), reader: nameOf(reader) });
    return at;
  }
  compareNotes(at);
  compareWithin(at);
  return at;
}

/** Compares two nodes of one kind, neither of them combined. */
function compareWithin(at: JsonCollector): void {
  const { writer, reader } = at;
  switch (reader.kind) {
    case "string":
      compareTyping(at);
      return compareStrings(at);
    case "number":
      compareTyping(at);
      return compareNumbers(at);
    case "object":
      compareTyping(at);
      return compareObjects(at);
    case "array":
      compareTyping(at);
      return compareArrays(at);
    case "enum":
      return compareEnums(at);
    case "const":
      return compareConstants(at);
    case "not":
      return compareNegations(at);
    case "condition":
      return compareConditions(at);
    case "opaque":
      if (writer.kind !== "opaque" || writer.text !== reader.text)
        find(at, "TYPE_CHANGED", "", { writer: nameOf(writer), reader: nameOf(reader) });
      else if (reader.text.startsWith("$ref"))
        warn(at, "REFERENCE_NOT_COMPARED", "", { name: reader.text.slice(5) });
      return;
    default:
      return;
  }
}

/** What a node is called in a sentence. */
function nameOf(node: SchemaNode): string {
  switch (node.kind) {
    case "number":
      return node.isInteger ? "integer" : "number";
    case "combined":
      return { all: "allOf", any: "anyOf", one: "oneOf" }[node.criterion];
    case "condition":
      return "if/then/else";
    case "any":
      return "anything";
    case "never":
      return "nothing";
    case "opaque":
      return node.text;
    default:
      return node.kind;
  }
}

/** Title, description, default and id. */
function compareNotes(at: JsonCollector): void {
  const { writer, reader } = at;
  if (!writer.isWhole || !reader.isWhole) return;
  for (const [keyword, rule] of [
    ["$id", "ID_CHANGED"],
    ["title", "TITLE_CHANGED"],
    ["description", "DESCRIPTION_CHANGED"],
    ["default", "DEFAULT_CHANGED"],
  ] as const) {
    const [before, after] = [writer.schema[keyword], reader.schema[keyword]];
    if (!isEqual(before, after)) find(at, rule, "", { writer: before, reader: after });
  }
}

/** Integer or number, and whether other types are accepted for want of `type`. */
function compareTyping(at: JsonCollector): void {
  const { writer, reader } = at;
  if (!("isTyped" in writer) || !("isTyped" in reader)) return;
  const narrows = (reader.isInteger && !writer.isInteger) || (reader.isTyped && !writer.isTyped);
  const isSame = reader.isInteger === writer.isInteger && reader.isTyped === writer.isTyped;
  const nameFor = (node: SchemaNode, isTyped: boolean) =>
    isTyped ? nameOf(node) : `${nameOf(node)} or any other type`;
  const detail = {
    writer: nameFor(writer, writer.isTyped),
    reader: nameFor(reader, reader.isTyped),
  };
  if (!isSame) find(at, narrows ? "TYPE_NARROWED" : "TYPE_EXTENDED", "", detail);
  compareFormats(at);
}

function compareFormats(at: JsonCollector): void {
  for (const keyword of ["format", "contentEncoding", "contentMediaType"]) {
    const [before, after] = [at.writer.schema[keyword], at.reader.schema[keyword]];
    if (after !== undefined && before !== after)
      warn(at, "FORMAT_CHANGED", `/${keyword}`, { name: keyword, writer: before, reader: after });
  }
}

function compareEnums(at: JsonCollector): void {
  const [before, after] = [valuesOf(at.writer), valuesOf(at.reader)];
  const lost = [...before].filter((value) => !after.has(value));
  const gained = [...after].filter((value) => !before.has(value));
  if (lost.length === 0 && gained.length === 0) return;
  const kind = lost.length === 0 ? "EXTENDED" : gained.length === 0 ? "NARROWED" : "CHANGED";
  const name = (lost.length > 0 ? lost : gained).slice(0, 5).join(", ");
  find(at, `ENUM_ARRAY_${kind}`, "/enum", { name });
}

function valuesOf(node: SchemaNode): ReadonlySet<string> {
  const { enum: values } = node.schema;
  return new Set(Array.isArray(values) ? values.map(canonical) : []);
}

/** The same text for the same data, in whatever order its keys stand. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(",")}}`;
}

function compareConstants(at: JsonCollector): void {
  const [before, after] = [at.writer.schema["const"], at.reader.schema["const"]];
  if (!isEqual(before, after))
    find(at, "ENUM_ARRAY_CHANGED", "/const", {
      name: canonical(before),
      writer: before,
      reader: after,
    });
}

// What is forbidden must have been forbidden before: the sides change places.
function compareNegations(at: JsonCollector): void {
  const [before, after] = [childOf(at.writer, "not"), childOf(at.reader, "not")];
  const outcome = comparePair(at.walk, after, before);
  if (!outcome.isCompatible) find(at, "NOT_TYPE_EXTENDED", "/not");
  else if (outcome.findings.some(({ level }) => level === "forgiven"))
    find(at, "NOT_TYPE_NARROWED", "/not");
}

/** Conditions must be the same; what follows from them may become wider. */
function compareConditions(at: JsonCollector): void {
  const { writer, reader, walk } = at;
  const [before, after] = [childOf(writer, "if"), childOf(reader, "if")];
  const isSame =
    comparePair(walk, before, after).isCompatible && comparePair(walk, after, before).isCompatible;
  if (!isSame) find(at, "TYPE_CHANGED", "/if", { writer: "condition", reader: "other condition" });
  for (const keyword of ["then", "else"])
    include(
      at,
      comparePair(walk, childOf(writer, keyword), childOf(reader, keyword)),
      `/${keyword}`,
    );
}
