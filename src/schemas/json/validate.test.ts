// Whether values fit: the verdict of Ajv, sentences at the right place, and no schema that takes for ever.

import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../../model/scenario.ts";
import { leadsNowhere } from "./payloadPath.ts";
import { isSlowPattern } from "./slowPattern.ts";
import { fitOf } from "./validate.ts";

const order: JsonSchema = {
  type: "object",
  properties: {
    id: { type: "string", minLength: 2 },
    lines: { type: "array", items: { $ref: "#/definitions/Line" } },
    pay: { anyOf: [{ const: "cash" }, { type: "object" }] },
    "a/b c": { type: "null" },
  },
  required: ["id"],
  additionalProperties: false,
  definitions: { Line: { type: "object", properties: { n: { type: "integer" } } } },
};

test.each([
  [{ id: "ab" }, []],
  [{}, [""]],
  [{ id: "a" }, ["/id"]],
  [{ id: 3 }, ["/id"]],
  [{ id: "ab", lines: [{ n: 1 }, { n: 1.5 }] }, ["/lines/1/n"]],
  [{ id: "ab", pay: 3 }, ["/pay"]],
  [{ id: "ab", "a/b c": 1 }, ["/a~1b c"]],
  [{ id: "ab", more: 1 }, ["/more"]],
  [3, [""]],
])("%j does not fit at %j", (value, paths) => {
  const { verdict, misfits } = fitOf(order)(value);
  expect(misfits.map(({ path }) => path)).toEqual(paths);
  expect(verdict).toBe(paths.length === 0 ? "fits" : "misfit");
  for (const { message } of misfits) expect(message).toMatch(/^[^\n]*\.$/u);
});

test("Ajv agrees", () => {
  const ajv = new Ajv({ strict: false });
  const scalar = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom("", "a", "bb", null, true),
  );
  const leaf = fc.record(
    {
      type: fc.constantFrom("string", "integer", "number", "null", "boolean"),
      minimum: fc.integer({ min: -2, max: 2 }),
      maxLength: fc.nat({ max: 2 }),
      enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
      pattern: fc.constantFrom("^a", "b$", "a|b"),
    },
    { requiredKeys: [] },
  );
  const schemas = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.record(
        {
          properties: fc.dictionary(fc.constantFrom("a", "b"), tie("schema")),
          required: fc.uniqueArray(fc.constantFrom("a", "b")),
          additionalProperties: fc.boolean(),
          items: tie("schema"),
          minItems: fc.nat({ max: 2 }),
          not: tie("schema"),
          oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    ),
  })).schema;
  const values = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie("value"), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(schemas, values, (schema, value) => {
      const isValid = ajv.validate(schema as object, value);
      expect(fitOf(schema as JsonSchema)(value).verdict).toBe(isValid ? "fits" : "misfit");
    }),
    { numRuns: 500 },
  );
});

describe("the verdict is unknown, in no time, where", () => {
  const twice = (next: string): JsonSchema => ({ anyOf: [{ $ref: next }, { $ref: next }] });
  const laughs = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `l${i}`,
      i === 39 ? { type: "null" } : twice(`#/definitions/l${i + 1}`),
    ]),
  );
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(60)}1${"}".repeat(60)}`);
  test.each<readonly [string, JsonSchema, unknown]>([
    ["references multiply", { ...twice("#/definitions/l0"), definitions: laughs }, 1],
    [
      "references multiply with depth",
      { properties: { a: twice("#") }, required: ["b"] } satisfies JsonSchema,
      deep,
    ],
    ["a reference leads to itself", { $ref: "#" }, 1],
    ["a circle is closed in a combination", { allOf: [{ $ref: "#" }] }, 1],
    ["a pattern could take for ever", { pattern: "^(a+)+$" }, `${"a".repeat(40)}b`],
    ["a long text has a pattern", { pattern: "a*a*a*b" }, "a".repeat(10_000)],
    ["the value is large", { uniqueItems: true }, Array.from({ length: 50_000 }, (_, i) => [i])],
    ["a reference leads outside", { $ref: "https://example.com/a.json" }, 1],
    ["a keyword is wrong", { properties: { a: null } }, { a: 1 }],
  ])("%s", (_, schema, value) => {
    const before = performance.now();
    expect(fitOf(schema)(value).verdict).toBe("unknown");
    expect(performance.now() - before).toBeLessThan(3_000);
  });
});

test("a schema is not changed by looking at values", () => {
  const schema = Object.freeze({ properties: Object.freeze({ a: Object.freeze({ $ref: "#" }) }) });
  expect(fitOf(schema)({ a: {} }).verdict).toBe("fits");
  expect(Object.getOwnPropertyNames(schema)).toEqual(["properties"]);
});

test.each([
  ["(a+)+", true],
  ["(a|a)*", true],
  ["(?:x*y?)+z", true],
  ["(a{1,99}){3,}", true],
  ["((a)|(b))+", true],
  ["a+b+", false],
  ["(ab)+", false],
  ["[(+*)]+", false],
  ["\\(a+\\)+", false],
  ["^[A-Z]{3}-\\d{4}$", false],
  ["^(\\d{3}-){2}\\d+$", false],
  ["(a+)?b", false],
])("%s may be slow: %j", (pattern, isSlow) => {
  expect(isSlowPattern(pattern)).toBe(isSlow);
});

test.each([
  ["/id", false],
  ["/lines/0/n", false],
  ["/lines/x", true],
  ["/lines/0/m", true],
  ["/a~1b c", false],
  ["/pay/anything", false],
  ["/nothing", true],
  ["/id/deeper", true],
  ["/definitions", true],
])("%s leads nowhere: %j", (pointer, isNowhere) => {
  expect(leadsNowhere(order, pointer)).toBe(isNowhere);
});

test("a place in a circle of references is found or not, and the search ends", () => {
  const circle: JsonSchema = { allOf: [{ $ref: "#" }], properties: { a: { $ref: "#" } } };
  expect(leadsNowhere(circle, "/a/a/a")).toBe(false);
  expect(leadsNowhere(circle, "/a/b")).toBe(true);
});
