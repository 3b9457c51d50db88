// Patterns of JSON objects: what the documentation and AWS's matcher say that is easy to get wrong, and hostile patterns.

import { describe, expect, test } from "vitest";
import { compilePattern, matchesPattern, parsePattern } from "./jsonPattern.ts";
import type { Json, JsonObject } from "./messageFacts.ts";
import type { PatternDialect } from "./valueTests.ts";

const dialect: PatternDialect = {
  numberMax: 5e9,
  decimals: 6,
  operators: [
    "exactly",
    "prefix",
    "suffix",
    "equals-ignore-case",
    "wildcard",
    "numeric",
    "anything-but",
    "exists",
    "cidr",
  ],
  negatable: ["prefix", "suffix", "equals-ignore-case", "wildcard"],
  isNested: true,
};

function verdict(pattern: Json, event: JsonObject): boolean | string {
  const compiled = compilePattern(pattern, dialect);
  return compiled.ok ? matchesPattern(compiled.value, event) : compiled.failure;
}

describe("JSON patterns", () => {
  test.each<[Json, JsonObject, boolean]>([
    [{ a: [{ wildcard: "dir/*/x.png" }] }, { a: "dir//x.png" }, true],
    [{ a: [{ wildcard: "dir/*/x.png" }] }, { a: "dir/x.png" }, false],
    [{ a: [{ wildcard: "a\\*b*" }] }, { a: "a*bcd" }, true],
    [{ a: [{ wildcard: "a\\*b*" }] }, { a: "axbcd" }, false],
    [{ a: [{ prefix: { "equals-ignore-case": "us-" } }] }, { a: "US-east" }, true],
    [{ a: [{ suffix: { "equals-ignore-case": ".png" } }] }, { a: "x.PnG" }, true],
    [{ a: [{ "anything-but": { prefix: ["a", "b"] } }] }, { a: "c" }, true],
    [{ a: [{ "anything-but": { prefix: ["a", "b"] } }] }, { a: "bx" }, false],
    [{ a: [{ "anything-but": { prefix: "a" } }] }, { a: null }, true],
    [{ a: [{ "anything-but": [1, 2] }] }, { a: "1" }, true],
    [{ a: [{ "anything-but": "x" }] }, { a: [] }, false],
    [{ a: [{ prefix: "" }] }, { a: 5 }, false],
    [{ a: [{ numeric: ["=", 5] }] }, { a: [4, 5] }, true],
    [{ a: [{ numeric: ["<", 5] }] }, { a: 1.000_000_1 }, false],
    [{ a: [9e9] }, { a: 9e9 }, true],
    [{ a: [{ cidr: "10.0.0.5/24" }] }, { a: "10.0.0.4" }, false],
    [{ a: [{ cidr: "2001:db8::/32" }] }, { a: "2001:db8:1::9" }, true],
    [{ a: [{ cidr: "0.0.0.0/0" }] }, { a: "::1" }, false],
    [{ a: ["2001:db8::1"] }, { a: "2001:0db8:0:0:0:0:0:1" }, true],
    [{ a: ["1.2.3.999"] }, { a: "1.2.3.999" }, true],
    [{ a: [{ exists: false }, "x"] }, { a: "x" }, true],
    [{ e: { f: ["1"], g: [{ exists: false }] } }, { e: [{ f: "1" }, { g: "2" }] }, true],
    [{ e: { f: [1], h: { i: ["1"] } } }, { e: [[{ f: 1, h: { i: "1" } }]] }, true],
    [{ $or: [{ a: ["1"] }, { b: ["2"] }], c: ["3"] }, { b: "2", c: "3" }, true],
    [{ $or: [{ a: ["1"] }, { b: ["2"] }], c: ["3"] }, { b: "2" }, false],
    [
      { d: { $or: [{ a: ["1"] }, { $or: [{ b: ["2"] }, { c: ["3"] }] }] } },
      { d: { c: "3" } },
      true,
    ],
    [{ $or: { a: ["1"] } }, { $or: { a: "1" } }, true],
    [{ $or: ["x", "y"] }, { $or: "y" }, true],
    [
      JSON.parse('{"__proto__":["x"]}') as Json,
      JSON.parse('{"__proto__":"x"}') as JsonObject,
      true,
    ],
    [{ toString: [{ exists: true }] }, {}, false],
  ])("%j on %j is %s", (pattern, event, matches) => {
    expect(verdict(pattern, event)).toBe(matches);
  });

  test.each<[Json, RegExp]>([
    [[], /JSON object/u],
    [{}, /without fields/u],
    [{ a: {} }, /without fields/u],
    [{ a: "x" }, /array of at least one/u],
    [{ a: [] }, /array of at least one/u],
    [{ a: [["x"]] }, /no arrays/u],
    [{ a: [{}] }, /one name/u],
    [{ a: [{ prefix: "a", suffix: "b" }] }, /one name/u],
    [{ a: [{ toString: "x" }] }, /no expression/u],
    [{ a: [{ prefix: 5 }] }, /must be a text/u],
    [{ a: [{ prefix: { suffix: "x" } }] }, /equals-ignore-case/u],
    [{ a: [{ wildcard: "a**b" }] }, /side by side/u],
    [{ a: [{ wildcard: "a\\b" }] }, /backslash/u],
    [{ a: [{ "anything-but": [] }] }, /only texts or only numbers/u],
    [{ a: [{ "anything-but": ["x", 1] }] }, /only texts or only numbers/u],
    [{ a: [{ "anything-but": null }] }, /only texts or only numbers/u],
    [{ a: [{ "anything-but": { prefix: "" } }] }, /exclude every text/u],
    [{ a: [{ "anything-but": { numeric: ["=", 1] } }] }, /does not take/u],
    [{ a: [{ numeric: [] }] }, /takes one of/u],
    [{ a: [{ numeric: [">", "1"] }] }, /takes one of/u],
    [{ a: [{ numeric: ["toString", 1] }] }, /takes one of/u],
    [{ a: [{ numeric: ["<", 10, ">", 0] }] }, /begins with/u],
    [{ a: [{ numeric: [">", 5, "<", 5] }] }, /below the upper/u],
    [{ a: [{ numeric: ["=", 6e9] }] }, /cannot be compared/u],
    [{ a: [{ numeric: ["=", 0.000_000_1] }] }, /cannot be compared/u],
    [{ a: [{ exists: "true" }] }, /true or false/u],
    [{ a: [{ cidr: "10.0.0.0" }] }, /number of bits/u],
    [{ a: [{ cidr: "10.0.0.0/32" }] }, /below 32/u],
    [{ a: [{ cidr: "x/8" }] }, /not an address/u],
    [{ $or: [{ a: ["1"] }] }, /at least two/u],
    [{ $or: [{ a: ["1"] }, { prefix: ["b"] }] }, /reserved/u],
    [{ $or: [{ a: ["1"] }, {}] }, /without fields/u],
  ])("refuses %j", (pattern, reason) => {
    expect(verdict(pattern, {})).toMatch(reason);
  });

  test("objects do not nest where the service does not take it", () => {
    const flat = compilePattern({ a: { b: ["x"] } }, { ...dialect, isNested: false });
    expect(flat).toMatchObject({ ok: false });
  });

  test("alternatives that multiply are refused instead of filling memory", () => {
    const four = { $or: ["1", "2", "3", "4"].map((v) => ({ a: [v] })) };
    let pattern: JsonObject = four;
    for (let depth = 0; depth < 12; depth++) pattern = { ...four, d: pattern };
    expect(verdict(pattern, {})).toMatch(/more than 1000/u);
  });

  test("hostile patterns and events end soon", () => {
    const names = Array.from({ length: 40 }, (_, i) => `f${i}`);
    const pattern = Object.fromEntries(names.map((name) => [name, [{ prefix: "x" }]]));
    const event = Object.fromEntries(
      names.map((name) => [name, Array.from({ length: 24 }, () => [["x"]])]),
    );
    const started = performance.now();
    verdict({ ...pattern, z: ["never"] }, event);
    verdict({ a: [{ wildcard: `${"*a".repeat(900)}b` }] }, { a: "a".repeat(3900) });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("texts that are no JSON are refused with a sentence", () => {
    expect(parsePattern("{a", dialect)).toMatchObject({ ok: false });
  });
});
