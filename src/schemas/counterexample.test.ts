// Counterexamples fit the one schema and not the other, in every language, and are the same every time.

import { describe, expect, test } from "vitest";
import type { PayloadSchema, SchemaFormat } from "../model/scenario.ts";
import { allLanguages } from "./allLanguages.ts";
import { counterexampleOf } from "./counterexample.ts";

function search(format: SchemaFormat, writer: PayloadSchema, reader: PayloadSchema) {
  return counterexampleOf({ language: allLanguages[format], writer, reader });
}

const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const record = (...fields: readonly object[]) => ({ type: "record", name: "E", fields });

describe("a counterexample", () => {
  test("fits the writer's schema and not the reader's, and says why", () => {
    const [writer, reader] = [
      object({ a: { type: "string", minLength: 6 } }, { required: ["a"] }),
      object({ a: { type: "string", maxLength: 5 } }, { required: ["a"] }),
    ];
    const found = search("json-schema", writer, reader);
    expect(found?.payload).toMatchObject({ a: expect.stringMatching(/^.{6,}$/su) as unknown });
    expect(found?.misfits[0]?.path).toBe("/a");
    expect(search("json-schema", writer, reader)).toEqual(found);
  });

  test("is found for Avro", () => {
    const old = record({ name: "a", type: { type: "enum", name: "K", symbols: ["A", "B"] } });
    const next = record({ name: "a", type: { type: "enum", name: "K", symbols: ["A"] } });
    expect(search("avro", old, next)?.payload).toEqual({ a: "B" });
    expect(search("avro", next, old)).toBeUndefined();
  });

  test("is not found where nothing breaks, or nothing can be said", () => {
    const schema = object({ a: { type: "string" } });
    expect(search("json-schema", schema, schema)).toBeUndefined();
    expect(search("avro", "unknown", "string")).toBeUndefined();
    expect(search("protobuf", "message {", "message {")).toBeUndefined();
  });
});
