// Payload schemas: mistakes are found where they stand, and what is fine is left in peace.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineAndColumn } from "../placedProblem.ts";
import { parseJsonText } from "./jsonText.ts";
import { checkJsonSchema, checkSchemaText, skeletonSchema } from "./checkJsonSchema.ts";
import { schemaOfSchemas } from "./schemaOfSchemas.ts";

/** `severity code line:column` of each problem of a text. */
function found(text: string): readonly string[] {
  return checkSchemaText(text).problems.map(
    ({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`,
  );
}

describe("a text", () => {
  test.each([
    ['{ "type": "object" }', []],
    ['{\n  "type": "object",\n}', ["error contract/json 3:1"]],
    ['{\n  "type" "object"\n}', ["error contract/json 2:10"]],
    ["{ 'type': 1 }", ["error contract/json 1:3"]],
    ["", ["error contract/json 1:1"]],
    ["[]", ["error contract/json 1:1"]],
    ["true false", ["error contract/json 1:1"]],
    ["{} {}", ["error contract/json 1:4"]],
    ['{ "a": "line\nbreak" }', ["error contract/json 1:8"]],
    ['{ "a": 1, "a": 2 }', ["warning contract/repeated-name 1:11"]],
    ['{\n  "type": "strng"\n}', ["error contract/schema 2:3"]],
    ['{ "properties": {\n  "a": { "minimum": "3" } } }', ["error contract/schema 2:10"]],
    ['{ "pattern": "(" }', ["error contract/schema 1:3"]],
    ['{ "required": ["a", "a"] }', ["error contract/schema 1:3"]],
    ['{ "exclusiveMinimum": true }', ["error contract/schema 1:3"]],
    ['{ "items": 3 }', ["error contract/schema 1:3", "error contract/schema 1:3"]],
    ['{ "$ref": "#/definitions/No" }', ["error contract/reference 1:3"]],
    ['{ "$ref": "#" }', ["error contract/reference 1:3"]],
    ['{ "$ref": "https://a.example/b.json" }', ["warning contract/reference 1:3"]],
    ['{ "propertis": {} }', ["warning contract/doubtful 1:3"]],
    ['{ "properties": {}, "required": ["id"] }', ["warning contract/doubtful 1:34"]],
    ['{ "type": "string", "examples": [3] }', ["warning contract/example 1:34"]],
  ])("%j", (text, problems) => {
    expect(found(text)).toEqual(problems);
  });

  test("stays usable while it has problems, unless it is no object", () => {
    expect(checkSchemaText('{ "type": "strng" }').schema).toEqual({ type: "strng" });
    expect(checkSchemaText("[").schema).toBeUndefined();
  });

  test("is read exactly when JSON.parse reads it, to the same value", () => {
    const texts = fc.oneof(
      fc.json({ maxDepth: 5 }),
      fc.string({ unit: fc.constantFrom(...Array.from('{}[]":,0-1.eEntf \\u\n')), maxLength: 12 }),
      fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 1 })).map(([json, at, change]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + change + json.slice(place + 1);
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = parseJsonText(text);
        const [isJson, value] = attempt(text);
        expect(read.ok).toBe(isJson);
        if (read.ok) expect(read.value.value).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });
});

function attempt(text: string): readonly [boolean, unknown] {
  try {
    return [true, JSON.parse(text)];
  } catch {
    return [false, undefined];
  }
}

test("line and column count from 1", () => {
  expect(lineAndColumn("ab\ncd", 0)).toEqual({ line: 1, column: 1 });
  expect(lineAndColumn("ab\ncd", 4)).toEqual({ line: 2, column: 2 });
});

test("what we write ourselves has no problems", () => {
  expect(found(JSON.stringify(skeletonSchema()))).toEqual([]);
  expect(found(JSON.stringify(schemaOfSchemas()))).toEqual([]);
});

test("checking never throws, whatever a schema holds, and ends", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (schema) => {
      checkJsonSchema(schema);
    }),
  );
  let deep: Record<string, unknown> = {};
  for (let i = 0; i < 5000; i++) deep = { items: deep };
  expect(checkJsonSchema(deep)[0]?.code).toBe("contract/schema");
});
