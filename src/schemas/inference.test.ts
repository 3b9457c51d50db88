// Inference: what was pasted fits what is inferred, and the schema is one that a person would have written.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkJsonSchema } from "./json/checkJsonSchema.ts";
import { fitOf } from "./json/validate.ts";
import { inferSchema, readSamples } from "./inference.ts";

function inferred(...samples: readonly unknown[]): unknown {
  const { $schema: _, ...schema } = inferSchema(samples);
  return schema;
}

describe("a text with samples", () => {
  test.each([
    ['{"a": 1}', [{ a: 1 }]],
    ['[{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 2 }]],
    ['{"a": 1}\n\n{"a": 2}\r\n', [{ a: 1 }, { a: 2 }]],
    ["1\n2", [1, 2]],
    ["[]", []],
  ])("%j", (text, samples) => {
    expect(readSamples(text)).toEqual({ samples, problems: [] });
  });

  test.each([
    ['{"a": 1\n"b": 2}', 2, 1],
    ['{"a": 1}\n{"a": }', 2, 7],
    ["", 1, 1],
  ])("%j has a mistake at %i:%i", (text, line, column) => {
    const read = readSamples(text);
    expect(read.samples).toEqual([]);
    expect(read.problems).toMatchObject([{ code: "contract/json", line, column }]);
  });
});

describe("an inferred schema", () => {
  test("requires what is in all objects", () => {
    expect(inferred({ a: 1, b: "x" }, { a: 2 })).toEqual({
      type: "object",
      properties: { a: { type: "integer" }, b: { type: "string" } },
      required: ["a"],
    });
  });

  test("tells integers from numbers, and merges types", () => {
    expect(inferred(1, 2)).toEqual({ type: "integer" });
    expect(inferred(1, 2.5)).toEqual({ type: "number" });
    expect(inferred(null, { a: [] }, [true, "x"])).toEqual({
      type: ["array", "null", "object"],
      properties: { a: { type: "array" } },
      required: ["a"],
      items: { type: ["boolean", "string"] },
    });
  });

  test.each([
    ["date-time", "2026-11-21T15:39:36.5Z"],
    ["date", "2026-11-21"],
    ["time", "10:00:00Z"],
    ["uuid", "1b4e28ba-2fa1-41d2-883f-0016d3cca427"],
    ["email", "ada@example.com"],
    ["ipv4", "192.168.0.1"],
    ["ipv6", "fe80::1"],
    ["duration", "P1DT2H"],
    ["uri", "https://example.com/a?b#c"],
    ["uri", "urn:isbn:0451450523"],
  ])("recognises %s in %s", (format, text) => {
    expect(inferred(text)).toEqual({ type: "string", format });
    expect(inferred(text, "or else")).toEqual({ type: "string" });
  });

  test.each(["42", "a", "a:b", "2026-11-21T15", "host.example"])("sees no format in %s", (text) => {
    expect(inferred(text)).toEqual({ type: "string" });
  });

  test("describes an object with very many names as a map", () => {
    const map = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`id-${i}`, { n: i }]));
    expect(inferred(map)).toEqual({
      type: "object",
      additionalProperties: {
        type: "object",
        properties: { n: { type: "integer" } },
        required: ["n"],
      },
    });
  });

  test("fits all samples, whatever they are, and has no problems", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 5 }), { maxLength: 6 }), (samples) => {
        const schema = inferSchema(samples);
        const fit = fitOf(schema);
        for (const sample of samples) expect(fit(sample)).toEqual({ verdict: "fits", misfits: [] });
        expect(checkJsonSchema(schema)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("is the same whatever the order of the samples", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 }), (samples) => {
        const turned = inferSchema(samples.toReversed());
        expect(withoutOrder(turned)).toEqual(withoutOrder(inferSchema(samples)));
      }),
    );
  });
});

function withoutOrder(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) =>
    key === "required" && Array.isArray(part) ? new Set<unknown>(part) : part,
  );
}
