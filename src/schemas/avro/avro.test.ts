// Avro: mistakes are found where they stand, correct schemas are left in peace, and avsc, which reads real data, agrees.

import avsc from "avsc";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PayloadSchema } from "../../model/scenario.ts";
import { jsonSamplesOf } from "../samples.ts";
import { avroSchemas } from "./avroArbitrary.suite.ts";
import { avroLanguage } from "./avroLanguage.ts";
import { readAvro } from "./readAvro.ts";

/** `severity code line:column` of each problem of a text. */
function found(text: string): readonly string[] {
  return avroLanguage
    .checkText(text)
    .problems.map(({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`);
}

function inRecord(...fields: readonly string[]): string {
  return `{ "type": "record", "name": "R", "fields": [\n${fields.join(",\n")} ] }`;
}

const bad = "error contract/schema";
const unknown = "error contract/reference";
const doubtful = "warning contract/doubtful";

describe("a text", () => {
  test.each([
    ['"string"', []],
    ["string", []],
    ["type: record\nname: R\nfields:\n  - name: a\n    type: int", []],
    ["type: record\nname: R\nfields:\n  - name: a\n    type: strin", [`${unknown} 5:5`]],
    ["{", ["error contract/json 1:1"]],
    ["3", [`${bad} 1:1`]],
    ['{ "name": "R" }', [`${bad} 1:1`]],
    ['{ "type": "record", "fields": [] }', [`${bad} 1:1`]],
    ['{ "type": "record", "name": "1R", "fields": [] }', [`${bad} 1:21`]],
    ['{ "type": "record", "name": "int", "fields": [] }', [`${bad} 1:21`]],
    ['{ "type": "record", "name": "R" }', [`${bad} 1:1`]],
    [inRecord('{ "name": "a", "type": "strin" }'), [`${unknown} 2:16`]],
    [inRecord('{ "name": "a", "type": "record", "fields": [] }'), [`${unknown} 2:16`]],
    [inRecord('{ "name": "a" }'), [`${bad} 2:1`]],
    [inRecord('{ "name": "a-b", "type": "int" }'), [`${bad} 2:3`]],
    [inRecord('{ "name": "a", "type": "int" }', '{ "name": "a", "type": "int" }'), [`${bad} 3:3`]],
    [inRecord('{ "name": "a", "type": "int", "aliases": ["b c"] }'), [`${bad} 2:43`]],
    [inRecord('{ "name": "a", "type": "int", "aliases": "b" }'), [`${bad} 2:31`]],
    [inRecord('{ "name": "a", "type": "int", "order": "up" }'), [`${bad} 2:31`]],
    [inRecord('{ "name": "a", "type": "int", "default": "1" }'), [`${bad} 2:31`]],
    [inRecord('{ "name": "a", "type": "int", "default": 2147483648 }'), [`${bad} 2:31`]],
    [inRecord('{ "name": "a", "type": ["null", "int"], "default": null }'), []],
    [inRecord('{ "name": "a", "type": ["int", "null"], "default": null }'), [`${doubtful} 2:41`]],
    [inRecord('{ "name": "a", "type": ["int", "null"], "default": "x" }'), [`${bad} 2:41`]],
    [inRecord('{ "name": "a", "type": "bytes", "default": "\\u00ff" }'), []],
    [inRecord('{ "name": "a", "type": "bytes", "default": "\\u0100" }'), [`${bad} 2:33`]],
    [inRecord('{ "name": "next", "type": ["null", "R"], "default": null }'), []],
    [inRecord('{ "name": "a", "type": "R" }'), [`${doubtful} 1:1`]],
    ['["null", "null"]', [`${bad} 1:10`]],
    ['["null", ["int"]]', [`${bad} 1:10`]],
    ["[]", [`${bad} 1:1`]],
    ['{ "type": "array" }', [`${bad} 1:1`]],
    ['{ "type": "map", "values": 3 }', [`${bad} 1:18`]],
    ['{ "type": "enum", "name": "E", "symbols": ["A", "A"] }', [`${bad} 1:49`]],
    ['{ "type": "enum", "name": "E", "symbols": ["A-B"] }', [`${bad} 1:44`]],
    ['{ "type": "enum", "name": "E", "symbols": ["A"], "default": "B" }', [`${bad} 1:50`]],
    ['{ "type": "fixed", "name": "F", "size": -1 }', [`${bad} 1:1`]],
    ['{ "type": "string", "logicalType": "date" }', [`${doubtful} 1:21`]],
    ['{ "type": "bytes", "logicalType": "decimal" }', [`${doubtful} 1:1`]],
    ['{ "type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2 }', []],
    ['{ "type": "string", "logicalType": "ours", "extra": true }', []],
  ])("%s", (text, problems) => {
    expect(found(text)).toEqual(problems);
  });

  test("names a type that was probably meant", () => {
    const { problems } = readAvro({ type: "array", items: "strng" });
    expect(problems[0]?.message).toContain('Did you mean "string"?');
  });

  test("finds names in their namespaces, and warns of one that is used too early", () => {
    const inner = { type: "record", name: "In", fields: [] };
    const field = (name: string, type: unknown): unknown => ({ name, type });
    const outer = (...fields: readonly unknown[]): unknown => ({
      type: "record",
      name: "Out",
      namespace: "a.b",
      fields,
    });
    expect(readAvro(outer(field("x", inner), field("y", "a.b.In"))).problems).toEqual([]);
    expect(readAvro(outer(field("x", inner), field("y", "In"))).problems).toEqual([]);
    expect(readAvro(outer(field("x", "In"), field("y", inner))).problems).toMatchObject([
      { severity: "warning", code: "contract/reference", path: "/fields/0/type" },
    ]);
    expect(readAvro(outer(field("x", inner), field("y", inner))).problems).toMatchObject([
      { severity: "error", path: "/fields/1/type/name" },
    ]);
  });
});

describe("avsc agrees", () => {
  test("that correct schemas are correct", () => {
    fc.assert(
      fc.property(avroSchemas, (schema) => {
        expect(readAvro(schema).problems.filter(({ severity }) => severity === "error")).toEqual(
          [],
        );
        expect(isBuilt(schema)).toBe(true);
      }),
    );
  });

  test("that a schema in which something was changed is correct, whenever nothing is found", () => {
    const change = fc.constantFrom<unknown>(null, 3, "", "R", [], {}, ["null"], true);
    fc.assert(
      fc.property(avroSchemas, fc.nat(), change, (schema, at, value) => {
        const changed = replaced(schema, { left: at % 40 }, value);
        if (readAvro(changed).problems.length === 0)
          expect(isBuilt(changed), JSON.stringify(changed)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("that samples are values of the schema", () => {
    fc.assert(
      fc.property(avroSchemas, fc.nat(), (schema, seed) => {
        // avsc wants buffers for bytes.
        fc.pre(!/bytes|fixed/u.test(JSON.stringify(schema)));
        const described = avroLanguage.toJsonSchema(schema as PayloadSchema, "writer");
        const samples = jsonSamplesOf(described ?? {}, seed, 2);
        const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: "never" });
        for (const { value, fit } of samples.ok ? samples.value : [])
          if (fit.verdict === "fits") expect(type.isValid(value), JSON.stringify(value)).toBe(true);
      }),
    );
  });
});

function isBuilt(schema: unknown): boolean {
  try {
    avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: "never" });
    return true;
  } catch {
    return false;
  }
}

/** A copy in which the value at the n-th place is another. */
function replaced(value: unknown, count: { left: number }, by: unknown): unknown {
  if (count.left-- === 0) return by;
  if (Array.isArray(value)) return value.map((part) => replaced(part, count, by));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, replaced(part, count, by)]),
  );
}

describe("as JSON Schema", () => {
  const event: PayloadSchema = {
    type: "record",
    name: "Event",
    doc: "Something happened.",
    fields: [
      { name: "id", type: { type: "string", logicalType: "uuid" }, aliases: ["key"] },
      { name: "note", type: ["null", "string"], default: null },
      { name: "kind", type: { type: "enum", name: "Kind", symbols: ["A", "B"], default: "A" } },
    ],
  };

  test("a writer writes every field and nothing else", () => {
    expect(avroLanguage.toJsonSchema(event, "writer")).toEqual({
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "Event",
      description: "Something happened.",
      type: "object",
      properties: {
        id: { type: "string", format: "uuid" },
        note: { type: ["null", "string"], default: null },
        kind: { $ref: "#/definitions/Kind" },
      },
      required: ["id", "note", "kind"],
      additionalProperties: false,
      definitions: { Kind: { title: "Kind", type: "string", enum: ["A", "B"] } },
    });
  });

  test("an author may leave out what has a default, a reader also skips what it does not know", () => {
    const author = avroLanguage.toJsonSchema(event, "author");
    expect(author).toMatchObject({ required: ["id", "kind"], additionalProperties: false });
    const reader = avroLanguage.toJsonSchema(event, "reader");
    expect(reader).not.toHaveProperty("additionalProperties");
    expect(reader).toMatchObject({
      required: ["kind"],
      allOf: [{ anyOf: [{ required: ["id"] }, { required: ["key"] }] }],
      definitions: { Kind: { type: "string" } },
    });
  });

  test("a schema with errors has none", () => {
    expect(avroLanguage.toJsonSchema({ type: "record" }, "writer")).toBeUndefined();
  });
});

test("reading ends with a verdict whatever it is given", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (schema) => {
      readAvro(schema);
    }),
  );
  let deep: unknown = "int";
  for (let i = 0; i < 20_000; i++) deep = { type: "array", items: deep };
  expect(readAvro(deep).problems[0]?.message).toContain("64 deep");
  // Unions of records that contain each other multiply the ways in which a default could fit.
  const names = ["A", "B", "C"];
  const records = names.map((name) => ({
    type: "record",
    name,
    fields: [
      { name: "next", type: [...names, "null"] },
      { name: "last", type: "int" },
    ],
  }));
  let initial: unknown = null;
  for (let i = 0; i < 60; i++) initial = { next: initial };
  const before = performance.now();
  readAvro({
    type: "record",
    name: "R",
    fields: [{ name: "f", type: records, default: initial }],
  });
  expect(performance.now() - before).toBeLessThan(1_000);
});
