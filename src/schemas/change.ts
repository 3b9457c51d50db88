// What the comparison of two schemas finds, in any language: named differences, each with its place and a sentence.

import type { SchemaFormat } from "../model/scenario.ts";

/** How a registry looks at properties that a JSON Schema does not name: strictly, somebody may send them; leniently,
 *  nobody does. Other languages have one policy only. */
export type CompatibilityPolicy = "STRICT" | "LENIENT";

/** One difference between a writer's and a reader's schema. */
export interface Change {
  /** Name of the difference in Confluent's registry (JSON Schema, Protobuf) or in Java Avro, such as `MAX_LENGTH_ADDED`. */
  readonly rule: string;
  /** JSON Pointer through the schema, "" for the whole of it; references are stepped through as if written out. */
  readonly path: string;
  /** Whether messages of the writer may be unreadable because of it. */
  readonly isBreaking: boolean;
  /** What it means and, where it breaks something, what to do. */
  readonly sentence: string;
  /** The nearest place that exists in the text of each schema [JSON Pointer]. */
  readonly places: Places;
}

/** Where a difference is found in the two texts [JSON Pointers]. */
export interface Places {
  readonly writer: string;
  readonly reader: string;
}

/** What a comparison found: the verdict is that no change is breaking. */
export interface Comparison {
  readonly isCompatible: boolean;
  readonly changes: readonly Change[];
  /** What registries do not look at, although messages may be misread because of it. */
  readonly warnings: readonly Change[];
}

/** Two schemas of one language, as they were written. */
export interface SchemaPair {
  /** The schema with which messages are read. */
  readonly reader: unknown;
  /** The schema with which they were written. */
  readonly writer: unknown;
  /** For JSON Schema; absent: STRICT. */
  readonly policy?: CompatibilityPolicy;
  /** Which of the two is the new version, for the sentences; absent: the reader. */
  readonly next?: "reader" | "writer";
}

/** A difference that was found, before it is put into words. Paths are relative to the pair it was found in. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly level: "breaking" | "forgiven" | "warning";
  readonly places: Places;
  /** What the sentence names: a property, what the writer says, what the reader says. */
  readonly detail: FindingDetail;
}

/** What the sentence of a finding names. */
export interface FindingDetail {
  /** A property, symbol, field or position. */
  readonly name?: string;
  /** What the writer's schema says there. */
  readonly writer?: unknown;
  /** What the reader's schema says there. */
  readonly reader?: unknown;
  /** Why a branch of a union fits none of the reader's. */
  readonly reason?: string;
}

/** How the two sides are called in a sentence. */
export interface Sides {
  /** "the new version" or "the earlier version". */
  readonly reader: string;
  readonly writer: string;
  readonly next: "reader" | "writer";
}

/** What the sides are called when the reader or the writer is the new version. */
export function sidesOf(next: "reader" | "writer"): Sides {
  const [newer, older] = ["the new version", "the earlier version"];
  return next === "reader"
    ? { reader: newer, writer: older, next }
    : { reader: older, writer: newer, next };
}

/** Findings in words, apart by what they are; the verdict is that none is breaking. */
export function toComparison(
  findings: readonly Finding[],
  say: (finding: Finding) => string,
): Comparison {
  const toChange = (finding: Finding): Change => ({
    rule: finding.rule,
    path: finding.path,
    isBreaking: finding.level === "breaking",
    sentence: say(finding),
    places: finding.places,
  });
  return {
    isCompatible: findings.every(({ level }) => level !== "breaking"),
    changes: findings.filter(({ level }) => level !== "warning").map(toChange),
    warnings: findings.filter(({ level }) => level === "warning").map(toChange),
  };
}

/** A piece of a schema in a sentence, short enough to read. */
export function inShort(value: unknown): string {
  const text = typeof value === "string" ? `“${value}”` : (JSON.stringify(value) ?? "nothing");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Schema languages as people call them. */
export const formatTitles: Readonly<Record<SchemaFormat, string>> = {
  "json-schema": "JSON Schema",
  avro: "Avro",
  protobuf: "Protobuf",
};
