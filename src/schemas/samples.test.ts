// Samples: the same for the same seed, and fitting what they are samples of, in every language.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatOf } from "../model/contracts.ts";
import type { JsonSchema, PayloadSchema, SchemaFormat } from "../model/scenario.ts";
import { scenarios } from "../scenarios/everyScenario.suite.ts";
import { allLanguages } from "./allLanguages.ts";
import { jsonSamplesOf, type Sample, samplesOf } from "./samples.ts";

function samples(format: SchemaFormat, schema: PayloadSchema, seed = 1): readonly Sample[] {
  const made = samplesOf({ language: allLanguages[format], schema, seed, count: 20 });
  if (!made.ok) throw new Error(made.failure);
  return made.value;
}

function verdicts(found: readonly Sample[]): readonly string[] {
  return [...new Set(found.map(({ fit }) => fit.verdict))];
}

const order = `syntax = "proto3";
package shop.v1;
message Order {
  string order_id = 1;
  repeated Item items = 2;
  oneof payment { Card card = 3; string voucher = 4; }
  map<string, int64> stock = 5;
  Color color = 6;
  Order parent = 7;
  bytes raw = 8;
  enum Color { RED = 0; GREEN = 1; }
  message Item { string sku = 1; uint32 amount = 2; }
}
message Card { string number = 1; }`;

const tree: PayloadSchema = {
  type: "record",
  name: "Tree",
  fields: [
    { name: "kind", type: { type: "enum", name: "Kind", symbols: ["OAK", "ELM"] } },
    { name: "left", type: ["null", "Tree"], default: null },
    { name: "marks", type: { type: "map", values: { type: "array", items: "int" } } },
    { name: "hash", type: { type: "fixed", name: "Hash", size: 4 } },
  ],
};

describe("samples fit", () => {
  test.each(["json-schema", "avro", "protobuf"] as const)("a new event in %s", (format) => {
    const language = allLanguages[format];
    expect(language.check(language.skeleton())).toEqual([]);
    expect(verdicts(samples(format, language.skeleton()))).toEqual(["fits"]);
  });

  test("the contracts of every scenario", () => {
    for (const { contracts } of scenarios)
      for (const contract of contracts)
        expect(verdicts(samples(formatOf(contract), contract.schema))).toEqual(["fits"]);
  });

  test("recursion, choices and maps", () => {
    expect(verdicts(samples("protobuf", order))).toEqual(["fits"]);
    expect(verdicts(samples("avro", tree))).toEqual(["fits"]);
  });

  test("tuples, ranges with one end, fractions, patterns and references of draft 7", () => {
    const schema: JsonSchema = {
      type: "object",
      properties: {
        pair: { type: "array", items: [{ type: "string" }, { type: "integer" }], minItems: 2 },
        large: { type: "number", minimum: 5_000 },
        low: { type: "integer", exclusiveMaximum: -2_000 },
        share: { type: "number", exclusiveMinimum: 0, maximum: 0.001 },
        sku: { type: "string", pattern: "^[A-Z]{3}-\\d{4}$" },
        at: { type: "string", format: "date-time" },
        note: { $ref: "#note" },
        part: { $ref: "#/definitions/Part" },
      },
      required: ["pair", "large", "low", "share", "sku", "at", "note", "part"],
      definitions: { Note: { $id: "#note", type: "string", minLength: 2 }, Part: { const: 3 } },
    };
    expect(verdicts(samples("json-schema", schema))).toEqual(["fits"]);
  });
});

test("the first sample has every optional member, as far as a choice allows", () => {
  const [first] = samples("protobuf", order);
  const names = Object.keys(first?.value as object);
  expect(names).toHaveLength(7);
  expect(names).toEqual(expect.arrayContaining(["orderId", "items", "stock", "color", "parent"]));
});

test("equal seeds give equal samples, other seeds others", () => {
  expect(samples("protobuf", order, 7)).toEqual(samples("protobuf", order, 7));
  expect(samples("protobuf", order, 7)).not.toEqual(samples("protobuf", order, 8));
});

test("a sample that does not fit is marked", () => {
  const made = jsonSamplesOf({ type: "string", pattern: "^a{300000}$" }, 1, 1);
  expect(made).toMatchObject({ ok: true, value: [{ fit: { verdict: "misfit" } }] });
});

test("schemas that allow nothing or ask for far too much give a sentence, in no time", () => {
  const wide: JsonSchema = { type: "array", minItems: 1e9, items: { $ref: "#" } };
  const laughs = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `l${i}`,
      {
        type: "object",
        properties: { a: { $ref: `#/$defs/l${i + 1}` }, b: { $ref: `#/$defs/l${i + 1}` } },
        required: ["a", "b"],
      },
    ]),
  );
  for (const schema of [
    { not: {} },
    wide,
    { $ref: "#/$defs/l0", $defs: laughs },
    { $ref: "#" },
    { allOf: [{ $ref: "#" }] },
    { type: "string", minLength: 1e9 },
    { type: "string", pattern: "(a+)+$" },
    { type: "object", minProperties: 1e9 },
    { type: "array", uniqueItems: true, minItems: 100, items: { enum: [1, 2] } },
  ]) {
    const before = performance.now();
    const made = jsonSamplesOf(schema, 1, 3);
    expect(performance.now() - before, JSON.stringify(schema).slice(0, 80)).toBeLessThan(3_000);
    if (made.ok) for (const { fit } of made.value) expect(fit.verdict).not.toBe("fits");
  }
});

test("sampling never throws, whatever a schema holds", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer(), (schema, seed) => {
      jsonSamplesOf(schema, seed, 2);
    }),
    { numRuns: 200 },
  );
});

test("texts that are chosen from a list may be short", () => {
  for (const schema of [
    { type: "string", enum: ["A", "B"] },
    { type: "string", const: "A" },
  ]) {
    const made = jsonSamplesOf(schema, 1, 10);
    expect(made.ok && verdicts(made.value)).toEqual(["fits"]);
  }
});
