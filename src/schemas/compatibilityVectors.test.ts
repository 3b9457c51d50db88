// Every vector of the shared file of compatibility vectors: verdicts, rules, changes and histories, against what
// Confluent's registry, Java Avro and buf answered. A vector that fails is named.

import { readFileSync } from "node:fs";
import { join } from "node:path/posix";
import { describe, expect, test } from "vitest";
import type { CompatibilityMode, SchemaFormat } from "../model/scenario.ts";
import type { Change } from "./change.ts";
import { checkCompatibility, type CompatibilityVerdict } from "./compatibility.ts";
import { isWireRule } from "./protobuf/bufRules.ts";

interface Vector {
  readonly id: string;
  readonly format: SchemaFormat;
  readonly mode: CompatibilityMode;
  readonly old?: unknown;
  readonly history?: readonly unknown[];
  readonly new: unknown;
  readonly compatible: boolean;
  readonly compatibleLenient?: boolean;
  readonly rule: readonly string[];
  readonly changes?: readonly string[];
  readonly perVersion?: {
    readonly backward: readonly boolean[];
    readonly forward: readonly boolean[];
  };
  readonly buf?: {
    readonly WIRE: boolean;
    readonly WIRE_JSON: boolean;
    readonly rules: readonly string[];
  };
  readonly origin: string;
}

const file = join(import.meta.dirname, "../../../shared/compat-vectors.json");
// The file is the contract of this test; a vector of another form fails by name.
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: Vector[] };

const pairs = vectors.filter(({ history }) => history === undefined);
const histories = vectors.filter(({ history }) => history !== undefined);

function verdictOf(vector: Vector, policy: "STRICT" | "LENIENT" = "STRICT"): CompatibilityVerdict {
  const { format, mode, old, history = [old], new: next } = vector;
  const versions = history.map((schema, index) => ({ name: String(index + 1), schema }));
  const verdict = checkCompatibility({
    format,
    mode,
    policy,
    history: versions,
    next: { name: "next", schema: next },
  });
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.failure));
  return verdict.value;
}

function changesOf({ checks }: CompatibilityVerdict): readonly Change[] {
  return checks.flatMap(({ changes }) => changes);
}

/** The vector's list names what breaks, or every difference where nothing breaks (of both directions: none). */
function rulesOf(verdict: CompatibilityVerdict, mode: CompatibilityMode): ReadonlySet<string> {
  if (verdict.isCompatible && mode === "FULL") return new Set();
  const changes = changesOf(verdict).filter(({ isBreaking }) => isBreaking || verdict.isCompatible);
  return new Set(changes.map(({ rule }) => rule));
}

const byText = (a: string, b: string) => (a < b ? -1 : 1);

describe("vectors", () => {
  test("are there in numbers", () => {
    expect(vectors.length).toBeGreaterThan(500);
    expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
  });

  test.each(pairs.map((vector) => [vector.id, vector] as const))("%s: verdict", (_, vector) => {
    expect(verdictOf(vector).isCompatible).toBe(vector.compatible);
    if (vector.compatibleLenient !== undefined)
      expect(verdictOf(vector, "LENIENT").isCompatible).toBe(vector.compatibleLenient);
  });

  test.each(pairs.map((vector) => [vector.id, vector] as const))("%s: in words", (_, vector) => {
    for (const { changes, warnings, sentence } of verdictOf(vector).checks)
      for (const words of [sentence, ...[...changes, ...warnings].map((one) => one.sentence)]) {
        expect(words).toMatch(/^[A-Z“].*\.$/su);
        expect(words).not.toMatch(/undefined|\[object|differ here/u);
      }
  });

  const executed = pairs.filter(
    ({ origin, format }) => format !== "protobuf" && !origin.includes("not executed"),
  );
  test.each(executed.map((vector) => [vector.id, vector] as const))("%s: rules", (_, vector) => {
    expect(rulesOf(verdictOf(vector), vector.mode)).toEqual(new Set(vector.rule));
  });

  // The changes of these were read from a source, not put out by it: they name what matters.
  const read = pairs.filter((vector) => !executed.includes(vector));
  test.each(read.map((vector) => [vector.id, vector] as const))("%s: rules named", (_, vector) => {
    const named = vector.rule
      .flatMap((rule) => rule.split("+"))
      .filter((rule) => /^\w/u.test(rule));
    expect([...rulesOf(verdictOf(vector), vector.mode)]).toEqual(expect.arrayContaining(named));
  });

  const json = pairs.filter(({ format, changes }) => format === "json-schema" && changes);
  test.each(json.map((vector) => [vector.id, vector] as const))("%s: changes", (_, vector) => {
    const found = changesOf(verdictOf(vector)).map(({ rule, path }) => `${rule} #${path || "/"}`);
    expect(found.toSorted(byText)).toEqual([...(vector.changes ?? [])].toSorted(byText));
  });

  const avro = pairs.filter(({ format, changes }) => format === "avro" && changes);
  test.each(avro.map((vector) => [vector.id, vector] as const))("%s: changes", (_, vector) => {
    const found = changesOf(verdictOf(vector)).map(({ rule, path }) => `${rule} ${path || "/"}`);
    const expected = (vector.changes ?? []).map((text) => text.split(" ").slice(0, 2).join(" "));
    expect(found).toEqual(expected);
  });

  const buf = pairs.filter((vector) => vector.buf !== undefined);
  test.each(buf.map((vector) => [vector.id, vector] as const))("%s: buf", (_, vector) => {
    const { checks } = verdictOf(vector);
    const rules = checks.flatMap(({ warnings }) => warnings.map(({ rule }) => rule));
    const isClean = (wanted: (rule: string) => boolean) => !rules.some(wanted);
    expect({
      WIRE: isClean(isWireRule),
      WIRE_JSON: isClean(() => true),
      rules: new Set(rules),
    }).toEqual({
      WIRE: vector.buf?.WIRE,
      WIRE_JSON: vector.buf?.WIRE_JSON,
      rules: new Set(vector.buf?.rules),
    });
  });

  test.each(histories.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    expect(verdictOf(vector).isCompatible).toBe(vector.compatible);
    const one = (mode: "BACKWARD" | "FORWARD") =>
      (vector.history ?? []).map(
        (old) => verdictOf({ ...vector, mode, history: [old] }).isCompatible,
      );
    expect({ backward: one("BACKWARD"), forward: one("FORWARD") }).toEqual(vector.perVersion);
  });
});
