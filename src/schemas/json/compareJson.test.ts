// Rules of JSON Schemas that the vectors leave out: recursion, references, keywords beside each other, and places.

import { describe, expect, test } from "vitest";
import type { CompatibilityPolicy, Comparison } from "../change.ts";
import { compareJsonSchemas } from "./compareJson.ts";

function compare(writer: unknown, reader: unknown, policy?: CompatibilityPolicy): Comparison {
  const compared = compareJsonSchemas({ writer, reader, ...(policy && { policy }) });
  if (!compared.ok) throw new Error(JSON.stringify(compared.failure));
  return compared.value;
}

const changes = (writer: unknown, reader: unknown) =>
  compare(writer, reader).changes.map(({ rule, path }) => `${rule} ${path}`);
const warnings = (writer: unknown, reader: unknown) =>
  compare(writer, reader).warnings.map(({ rule, path }) => `${rule} ${path}`);

const tree = (leaf: object) => ({
  $ref: "#/definitions/tree",
  definitions: {
    tree: {
      type: "object",
      properties: { leaf, branches: { type: "array", items: { $ref: "#/definitions/tree" } } },
    },
  },
});

describe("recursive schemas", () => {
  test("differ where they differ, once", () => {
    const [integer, number] = [tree({ type: "integer" }), tree({ type: "number" })];
    expect(changes(integer, number)).toEqual(["TYPE_EXTENDED /properties/leaf"]);
    expect(compare(number, integer).isCompatible).toBe(false);
  });

  test("are refuted also where a branch of a union relied on them", () => {
    const list = (leaf: object) => ({
      $ref: "#/definitions/list",
      definitions: {
        list: {
          anyOf: [
            { type: "null" },
            {
              type: "object",
              properties: { leaf, next: { $ref: "#/definitions/list" } },
              additionalProperties: false,
            },
          ],
        },
      },
    });
    const same = list({ type: "string" });
    expect(compare(same, list({ type: "string" })).isCompatible).toBe(true);
    expect(changes(same, list({ type: "string", maxLength: 3 }))).toContain(
      "COMBINED_TYPE_SUBSCHEMAS_CHANGED ",
    );
  });

  test("may be unrolled", () => {
    const once = { type: "object", properties: { next: { $ref: "#" } } };
    const twice = {
      type: "object",
      properties: { next: { type: "object", properties: { next: { $ref: "#" } } } },
    };
    expect(changes(once, twice)).toEqual([]);
    expect(changes(twice, once)).toEqual([]);
  });
});

describe("references", () => {
  test("are stepped through, by pointer, anchor and the schema's own id", () => {
    const plain = { properties: { a: { type: "string" } } };
    const part = { type: "string" };
    for (const referring of [
      { properties: { a: { $ref: "#/$defs/s~1t" } }, $defs: { "s/t": part } },
      { properties: { a: { $ref: "#part" } }, $defs: { s: { $anchor: "part", ...part } } },
      { $id: "urn:x", properties: { a: { $ref: "urn:x#/$defs/s" } }, $defs: { s: part } },
    ])
      expect(compare(plain, referring).changes.filter(({ isBreaking }) => isBreaking)).toEqual([]);
  });

  test("to other documents are the same if they are called the same, with a warning", () => {
    const common = { $ref: "https://example.com/common.json#/Money" };
    expect(compare(common, common).isCompatible).toBe(true);
    expect(warnings(common, common)).toEqual(["REFERENCE_NOT_COMPARED "]);
    expect(changes(common, { $ref: "https://example.com/other.json" })).toEqual(["TYPE_CHANGED "]);
  });

  test("stand alone in draft 7 and beside others since 2019", () => {
    const schema = (dialect: string, more: object) => ({
      $schema: dialect,
      $ref: "#/definitions/a",
      definitions: { a: { type: "string" } },
      ...more,
    });
    const draft7 = "http://json-schema.org/draft-07/schema#";
    const modern = "https://json-schema.org/draft/2020-12/schema";
    expect(changes(schema(draft7, {}), schema(draft7, { maxLength: 3 }))).toEqual([]);
    expect(changes(schema(modern, {}), schema(modern, { maxLength: 3 }))).toEqual([
      "TYPE_CHANGED ",
    ]);
  });
});

describe("what registries do not say", () => {
  test.each([
    [
      { type: "object" },
      { type: "object", required: ["a"] },
      ["REQUIRED_ATTRIBUTE_ADDED /required/a"],
    ],
    [{ maxLength: 3 }, { type: "string", maxLength: 3 }, ["TYPE_NARROWED "]],
    [{ type: "string", maxLength: 3 }, { maxLength: 3 }, ["TYPE_EXTENDED "]],
    [{ const: 1 }, { const: 2 }, ["ENUM_ARRAY_CHANGED /const"]],
    [{ minLength: 0, type: "string" }, { type: "string" }, []],
    [{ type: "array", uniqueItems: false }, { type: "array" }, []],
    [{ multipleOf: 0.3 }, { multipleOf: 0.1 }, ["MULTIPLE_OF_REDUCED /multipleOf"]],
    [{ enum: [{ a: 1, b: 2 }] }, { enum: [{ b: 2, a: 1 }] }, []],
    [
      { if: { required: ["a"] }, then: { required: ["b"] } },
      { if: { required: ["a"] }, then: { required: ["c"] } },
      ["REQUIRED_ATTRIBUTE_ADDED /then/required/c", "REQUIRED_ATTRIBUTE_REMOVED /then/required/b"],
    ],
    [
      { if: { required: ["a"] }, then: {} },
      { if: { required: ["b"] }, then: {} },
      ["TYPE_CHANGED /if"],
    ],
    [
      { type: "array", items: { type: "string" } },
      { type: "array", items: [{ type: "string" }] },
      [
        "ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL /items/0",
        "ADDITIONAL_ITEMS_EXTENDED /items",
      ],
    ],
  ])("from %j to %j", (writer, reader, expected) => {
    expect(changes(writer, reader)).toEqual(expected);
  });

  test("names that fit no pattern are judged by what stands beside the patterns", () => {
    const old = { type: "object", patternProperties: { "^x_": { type: "string" } } };
    const added = (name: string) => ({ ...old, properties: { [name]: { type: "string" } } });
    expect(compare(old, added("x_a")).isCompatible).toBe(true);
    expect(changes(old, added("b"))).toEqual([
      "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL /properties/b",
    ]);
    expect(compare(added("b"), old).isCompatible).toBe(true);
  });

  test.each(["format", "contentEncoding", "contentMediaType"])("%s is a warning", (keyword) => {
    const [plain, marked] = [{ type: "string" }, { type: "string", [keyword]: "email" }];
    expect(compare(plain, marked).isCompatible).toBe(true);
    expect(warnings(plain, marked)).toEqual([`FORMAT_CHANGED /${keyword}`]);
    expect(warnings(marked, plain)).toEqual([]);
  });
});

describe("places", () => {
  test("are where a reference leads, while the path goes on through it", () => {
    const schema = (part: object) => ({
      properties: { a: { $ref: "#/definitions/part" } },
      definitions: { part },
    });
    const [change] = compare(
      schema({ type: "string" }),
      schema({ type: "string", maxLength: 1 }),
    ).changes;
    expect(change).toMatchObject({
      path: "/properties/a/maxLength",
      places: { writer: "/definitions/part", reader: "/definitions/part/maxLength" },
    });
  });

  test("of a branch that nobody takes: the sentence names it and what is missing", () => {
    const [change] = compare(
      { oneOf: [{ type: "string", maxLength: 9 }, { type: "integer" }] },
      { oneOf: [{ type: "string", maxLength: 3 }, { type: "integer" }] },
    ).changes;
    expect(change?.sentence).toContain("oneOf/0");
    expect(change?.sentence).toContain("MAX_LENGTH_DECREASED at /maxLength");
  });
});
