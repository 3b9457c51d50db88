// Schemas that are made to take forever: every comparison ends soon, with a verdict or a problem, and never throws.

import { describe, expect, test } from "vitest";
import type { SchemaFormat } from "../model/scenario.ts";
import { compareSchemas } from "./compatibility.ts";

/** Longest that a comparison may take here [ms]; alone on a machine it is a tenth of this. */
const patienceMs = 6_000;

function outcomeOf(format: SchemaFormat, writer: unknown, reader: unknown): string {
  const start = performance.now();
  const compared = compareSchemas(format, { writer, reader });
  expect(performance.now() - start).toBeLessThan(patienceMs);
  if (!compared.ok) return compared.failure[0]?.code ?? "";
  return compared.value.isCompatible ? "compatible" : "incompatible";
}

const times = <Value>(count: number, make: (index: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

function nested(depth: number, wrap: (inner: unknown) => unknown, inner: unknown = {}): unknown {
  return times(depth, (index) => index).reduce((held: unknown) => wrap(held), inner);
}

const definitions = (count: number, make: (index: number) => unknown) =>
  Object.fromEntries(times(count, (index) => [`d${index}`, make(index)]));

describe("JSON Schemas", () => {
  const cases: Readonly<Record<string, readonly [writer: unknown, reader: unknown]>> = {
    "nested without end": [
      nested(100_000, (items) => ({ items })),
      nested(100_000, (items) => ({ items })),
    ],
    "thousands of properties": [
      { properties: definitions(8_000, () => ({ type: "string" })) },
      { properties: definitions(8_000, () => ({ type: "integer" })) },
    ],
    "unions of thousands": [
      { anyOf: times(3_000, (index) => ({ type: "string", maxLength: index })) },
      { anyOf: times(3_000, (index) => ({ type: "string", maxLength: 3_000 - index })) },
    ],
    "unions of hundreds that match in one way only": [
      { anyOf: times(120, (index) => ({ type: "string", maxLength: index })) },
      { anyOf: times(120, (index) => ({ type: "string", maxLength: 120 - index })) },
    ],
    "unions in unions in unions": [
      nested(20, (inner) => ({ anyOf: [{ items: inner }, { items: inner }, inner] }), {
        type: "a",
      }),
      nested(20, (inner) => ({ oneOf: [{ items: inner }, inner, { type: "b" }] }), { type: "a" }),
    ],
    "references that double at every step": [
      {
        $ref: "#/$defs/d0",
        $defs: definitions(60, (index) => ({
          properties: {
            a: { $ref: `#/$defs/d${index + 1}` },
            b: { $ref: `#/$defs/d${index + 1}` },
          },
        })),
      },
      {
        $ref: "#/$defs/d0",
        $defs: definitions(60, (index) => ({
          maxProperties: index,
          properties: {
            a: { $ref: `#/$defs/d${index + 1}` },
            b: { $ref: `#/$defs/d${index + 1}` },
          },
        })),
      },
    ],
    "a chain of thousands of references": [
      {
        $ref: "#/$defs/d0",
        $defs: definitions(5_000, (index) => ({ items: { $ref: `#/$defs/d${index + 1}` } })),
      },
      {
        $ref: "#/$defs/d0",
        $defs: definitions(5_000, (index) => ({ items: { $ref: `#/$defs/d${index + 1}` } })),
      },
    ],
    "unions that contain each other": [
      {
        $ref: "#/$defs/d0",
        $defs: definitions(40, () => ({ anyOf: times(40, (i) => ({ $ref: `#/$defs/d${i}` })) })),
      },
      {
        $ref: "#/$defs/d0",
        $defs: definitions(40, (index) => ({
          anyOf: times(40, (i) => ({ items: { $ref: `#/$defs/d${(i + index) % 40}` } })),
        })),
      },
    ],
    "references in a circle": [
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
      { type: "string" },
    ],
    "an enum of tens of thousands": [
      { enum: times(40_000, (index) => index) },
      { enum: times(40_000, (index) => index + 1) },
    ],
    "patterns that take forever": [
      {
        patternProperties: { "^(a+)+$": { type: "string" }, "^a*a*a*a*a*a*a*$": {} },
        additionalProperties: false,
      },
      { properties: { [`${"a".repeat(60)}!`]: { type: "string" } } },
    ],
  };

  test.each(Object.entries(cases))("with %s", (_, [writer, reader]) => {
    const outcomes = [
      outcomeOf("json-schema", writer, reader),
      outcomeOf("json-schema", reader, writer),
      outcomeOf("json-schema", writer, writer),
    ];
    for (const outcome of outcomes)
      expect(["compatible", "incompatible", "compatibility/too-large"]).toContain(outcome);
  });

  test("that contain themselves", () => {
    const knot: Record<string, unknown> = { type: "object" };
    knot["properties"] = { knot };
    expect(outcomeOf("json-schema", knot, knot)).toBe("compatibility/too-large");
  });

  test.each([null, 1, "text", [], undefined, { type: 3 }, { properties: [] }, { required: "a" }])(
    "that are none: %j",
    (value) => {
      expect(outcomeOf("json-schema", value, value)).toBe("compatible");
      outcomeOf("json-schema", { type: "object" }, value);
      outcomeOf("json-schema", value, { type: "object", properties: { a: {} } });
    },
  );
});

describe("Avro schemas", () => {
  const list = (name: string, extra: readonly unknown[] = []) => ({
    type: "record",
    name,
    fields: [
      { name: "next", type: ["null", name] },
      { name: "other", type: ["null", { type: "array", items: name }] },
      ...extra,
    ],
  });

  test("that contain themselves", () => {
    expect(outcomeOf("avro", list("L"), list("L"))).toBe("compatible");
    const longer = list("L", [{ name: "b", type: "int" }]);
    expect(outcomeOf("avro", list("L"), longer)).toBe("incompatible");
    expect(outcomeOf("avro", longer, list("L"))).toBe("compatible");
  });

  test("with unions of hundreds of records", () => {
    const union = (extra: string) => times(500, (index) => ({ ...list(`R${index}`), doc: extra }));
    expect(outcomeOf("avro", union("a"), union("b"))).toBe("compatible");
  });

  test.each([null, 1, {}, "unknown", { type: "record" }, { type: "record", name: "A", fields: 3 }])(
    "that are none: %j",
    (value) => {
      expect(outcomeOf("avro", value, value)).toBe("compatibility/schema");
    },
  );

  test("nested without end", () => {
    const deep = nested(50_000, (items) => ({ type: "array", items }), "int");
    expect(outcomeOf("avro", deep, deep)).toBe("compatibility/too-large");
  });
});

describe("Protobuf schemas", () => {
  test("nested without end", () => {
    const deep = `${"message M { ".repeat(20_000)}${"}".repeat(20_000)}`;
    expect(outcomeOf("protobuf", deep, deep)).toBe("compatibility/schema");
  });

  test("with thousands of messages", () => {
    const many = times(1_000, (index) => `message M${index} { M${index} a = 1; string b = 2; }`);
    const text = `syntax = "proto3";\n${many.join("\n")}`;
    expect(outcomeOf("protobuf", text, text)).toBe("compatible");
    expect(outcomeOf("protobuf", text, text.replaceAll("string", "int32"))).toBe("incompatible");
  });

  test.each([null, 1, {}, "message {", "syntax = ", "message A { string a = 0; string b = 0; }"])(
    "that are none: %j",
    (value) => {
      expect(outcomeOf("protobuf", value, value)).toBe("compatibility/schema");
    },
  );
});
