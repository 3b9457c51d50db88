// Whether a new version of a schema may follow earlier ones, as a schema registry decides it: which versions are compared
// in which direction is the mode's business, what differs is that of each language.
// Modes: Confluent Schema Registry, "Schema Evolution and Compatibility".

import type { Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { isTransitive } from "../model/readability.ts";
import type { CompatibilityMode, SchemaFormat } from "../model/scenario.ts";
import { compareAvroSchemas } from "./avro/compareAvro.ts";
import {
  type Change,
  type Comparison,
  type CompatibilityPolicy,
  formatTitles,
  type SchemaPair,
} from "./change.ts";
import { compareJsonSchemas } from "./json/compareJson.ts";
import { compareProtobufSchemas } from "./protobuf/compareProtobuf.ts";

/** Whether what is written with one schema can be read with the other, and how they differ. Bounded in time whatever it
 *  is given; fails where a schema cannot be read, or the two are too large or entangled. */
export function compareSchemas(
  format: SchemaFormat,
  pair: SchemaPair,
): Result<Comparison, readonly Problem[]> {
  switch (format) {
    case "json-schema":
      return compareJsonSchemas(pair);
    case "avro":
      return compareAvroSchemas(pair);
    case "protobuf":
      return compareProtobufSchemas(pair);
  }
}

/** A version of a schema. */
export interface SchemaVersion {
  /** What it is called in sentences, such as "1.0.0". */
  readonly name: string;
  readonly schema: unknown;
  /** Its language, where it is not the one of the question. */
  readonly format?: SchemaFormat;
}

/** What a registry is asked: may `next` follow `history`? */
export interface CompatibilityQuestion {
  readonly format: SchemaFormat;
  readonly mode: CompatibilityMode;
  /** For JSON Schema; absent: STRICT. */
  readonly policy?: CompatibilityPolicy;
  /** Earlier versions, the oldest first. */
  readonly history: readonly SchemaVersion[];
  readonly next: SchemaVersion;
}

/** Backward: the new version reads what an earlier one wrote. Forward: an earlier one reads what the new one writes. */
export type Direction = "BACKWARD" | "FORWARD";

/** The comparison of the new version with one earlier version in one direction. */
export interface DirectedCheck extends Comparison {
  /** Name of the earlier version. */
  readonly version: string;
  readonly direction: Direction;
  /** Whether the lenient policy lets it pass; only where the strict one does not, and only for JSON Schema. */
  readonly isCompatibleLeniently?: boolean;
  /** The verdict in one sentence. */
  readonly sentence: string;
}

/** The answer: compatible if every check is. */
export interface CompatibilityVerdict {
  readonly isCompatible: boolean;
  /** Backward before forward, and in each the newest version first; empty: nothing had to be compared. */
  readonly checks: readonly DirectedCheck[];
}

/** In which directions a mode compares. */
export function directionsOf(mode: CompatibilityMode): readonly Direction[] {
  if (mode === "NONE") return [];
  if (mode.startsWith("FULL")) return ["BACKWARD", "FORWARD"];
  return mode.startsWith("BACKWARD") ? ["BACKWARD"] : ["FORWARD"];
}

/** Whether a new version may follow the earlier ones. The first version always may. Fails where a schema cannot be
 *  read or compared; the problems name the version. */
export function checkCompatibility(
  question: CompatibilityQuestion,
): Result<CompatibilityVerdict, readonly Problem[]> {
  const { mode, history } = question;
  const earlier = isTransitive(mode) ? history.toReversed() : history.slice(-1);
  const checks: DirectedCheck[] = [];
  for (const direction of directionsOf(mode))
    for (const version of earlier) {
      const check = checkDirection(question, version, direction);
      if (!check.ok)
        return fail(check.failure.map((problem) => inContext(problem, question, version)));
      checks.push(check.value);
    }
  return succeed({ isCompatible: checks.every(({ isCompatible }) => isCompatible), checks });
}

function checkDirection(
  question: CompatibilityQuestion,
  version: SchemaVersion,
  direction: Direction,
): Result<DirectedCheck, readonly Problem[]> {
  const { next, policy = "STRICT" } = question;
  const [before, after] = [version.format ?? question.format, next.format ?? question.format];
  if (before !== after) return succeed(otherLanguage(version, direction, [before, after]));
  const pair: SchemaPair =
    direction === "BACKWARD"
      ? { writer: version.schema, reader: next.schema, policy, next: "reader" }
      : { writer: next.schema, reader: version.schema, policy, next: "writer" };
  const compared = compareSchemas(after, pair);
  if (!compared.ok) return compared;
  const { isCompatible } = compared.value;
  const check = {
    ...compared.value,
    version: version.name,
    direction,
    sentence: sentenceOf(isCompatible, direction, [version.name, next.name]),
  };
  if (isCompatible || after !== "json-schema" || policy === "LENIENT") return succeed(check);
  const lenient = compareSchemas(after, { ...pair, policy: "LENIENT" });
  return succeed({ ...check, isCompatibleLeniently: lenient.ok && lenient.value.isCompatible });
}

function sentenceOf(
  isCompatible: boolean,
  direction: Direction,
  [earlier, next]: readonly [string, string],
): string {
  const [reader, writer] = direction === "BACKWARD" ? [next, earlier] : [earlier, next];
  return isCompatible
    ? `Who reads with ${reader} can read all that is written with ${writer}.`
    : `Who reads with ${reader} cannot read all that is written with ${writer}.`;
}

function otherLanguage(
  version: SchemaVersion,
  direction: Direction,
  [before, after]: readonly [SchemaFormat, SchemaFormat],
): DirectedCheck {
  const sentence = `The language changed from ${formatTitles[before]} to ${formatTitles[after]}, so neither version reads the other. Keep the language, or begin a new event type.`;
  const change: Change = {
    rule: "SCHEMA_TYPE_CHANGED",
    path: "",
    isBreaking: true,
    sentence,
    places: { writer: "", reader: "" },
  };
  return {
    isCompatible: false,
    changes: [change],
    warnings: [],
    version: version.name,
    direction,
    sentence,
  };
}

function inContext(
  problem: Problem,
  { next }: CompatibilityQuestion,
  version: SchemaVersion,
): Problem {
  return { ...problem, message: `Comparing ${version.name} with ${next.name}: ${problem.message}` };
}
