// Avro's rules against avsc as an oracle on random pairs, and what avsc does not decide.

import avsc from "avsc";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../change.ts";
import { compareAvroSchemas } from "./compareAvro.ts";

function compare(writer: unknown, reader: unknown): Comparison {
  const compared = compareAvroSchemas({ writer, reader });
  if (!compared.ok) throw new Error(JSON.stringify(compared.failure));
  return compared.value;
}

function oracle(writer: avsc.Schema, reader: avsc.Schema): boolean {
  const types = [avsc.Type.forSchema(writer), avsc.Type.forSchema(reader)] as const;
  try {
    types[1].createResolver(types[0]);
    return true;
  } catch {
    return false;
  }
}

const primitive = fc.constantFrom<avsc.Schema>(
  "null",
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "bytes",
  "string",
);
const symbols = fc.uniqueArray(fc.constantFrom("A", "B", "C"), { minLength: 1 });
const enumeration = symbols.map((list): avsc.Schema => ({
  type: "enum",
  name: "K",
  symbols: list,
}));
const fixed = fc
  .constantFrom(2, 4)
  .map((size): avsc.Schema => ({ type: "fixed", name: "F", size }));
const simple = fc.oneof(primitive, primitive, enumeration, fixed);
const listed = simple.map((items): avsc.Schema => ({ type: "array", items }));
const mapped = simple.map((values): avsc.Schema => ({ type: "map", values }));
const union = fc.uniqueArray(primitive, { minLength: 1, maxLength: 4 });
const part = fc.oneof(simple, listed, mapped, union);
const field = fc.record({ name: fc.constantFrom("a", "b", "c"), type: part });
// Names are defined once only, so that every part is one of its own kind.
const record = fc
  .tuple(
    fc.constantFrom("E", "X"),
    fc.uniqueArray(field, { maxLength: 3, selector: ({ name }) => name }),
    fc.option(fc.constantFrom("E", "X"), { nil: undefined }),
  )
  .map(([name, fields, alias]): unknown => ({
    type: "record",
    name,
    ...(alias !== undefined && alias !== name && { aliases: [alias] }),
    fields: fields.map(({ name: one, type }, index) => ({
      name: one,
      type: index === 0 ? type : withoutNames(type),
      ...(index === 2 && { type: ["null", "string"], default: null }),
    })),
  }));

function withoutNames(type: unknown): unknown {
  return JSON.stringify(type).includes('"name"') ? "string" : type;
}

describe("random pairs", () => {
  test("are judged as avsc judges them", () => {
    fc.assert(
      fc.property(fc.oneof(part, record), fc.oneof(part, record), (writer, reader) => {
        // Generated to be schemas; avsc's type of them is wider than what the generator can say.
        const [before, after] = [writer, reader] as avsc.Schema[];
        expect(compare(writer, reader).isCompatible).toBe(oracle(before!, after!));
      }),
      { numRuns: 500 },
    );
  });

  test("are compatible with themselves", () => {
    fc.assert(
      fc.property(record, (schema) => {
        expect(compare(schema, schema)).toEqual({ isCompatible: true, changes: [], warnings: [] });
      }),
    );
  });
});

describe("what avsc does not decide", () => {
  const record = (more: object) => ({ type: "record", name: "E", fields: [], ...more });

  test("another namespace is the same type to Java, with a warning", () => {
    const found = compare(record({ namespace: "a" }), record({ namespace: "b" }));
    expect(found.isCompatible).toBe(true);
    expect(found.warnings.map(({ rule }) => rule)).toEqual(["NAMESPACE_CHANGED"]);
  });

  test.each([
    [
      { type: "long", logicalType: "timestamp-millis" },
      { type: "long", logicalType: "timestamp-micros" },
    ],
    [
      { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 },
      { type: "bytes", logicalType: "decimal", precision: 9, scale: 3 },
    ],
    ["long", { type: "long", logicalType: "timestamp-millis" }],
    ["int", { type: "long", logicalType: "timestamp-millis" }],
  ])("the logical type from %j to %j is a warning", (writer, reader) => {
    const found = compare(writer, reader);
    expect(found.isCompatible).toBe(true);
    expect(found.warnings.map(({ rule }) => rule)).toEqual(["LOGICAL_TYPE_CHANGED"]);
  });

  test("the decimal without a scale has scale 0", () => {
    const decimal = (more: object) => ({
      type: "bytes",
      logicalType: "decimal",
      precision: 9,
      ...more,
    });
    expect(compare(decimal({}), decimal({ scale: 0 })).warnings).toEqual([]);
  });

  test("names are looked for in the namespace around them", () => {
    const schema = (name: string) =>
      record({
        namespace: "n",
        fields: [
          { name: "a", type: { type: "enum", name: "K", symbols: ["A"] } },
          { name: "b", type: name },
        ],
      });
    expect(compare(schema("K"), schema("n.K")).isCompatible).toBe(true);
  });
});
