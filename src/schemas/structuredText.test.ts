// Texts in JSON or YAML: both give the same value and places, and hostile YAML ends in a problem within bounded time.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { lineAndColumn } from "./placedProblem.ts";
import { readStructuredText, spanOf } from "./structuredText.ts";

function valueOf(text: string): unknown {
  const read = readStructuredText(text);
  return read.ok ? read.value.value : read.failure.message;
}

test("YAML gives the value that it was written from", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
      const text = stringify(value);
      expect(valueOf(`# YAML\n${text}`)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("every value has its place, and what has none has that of what it is in", () => {
  const text = 'type: object\nproperties:\n  "a/b":\n    type: [string, "null"]\n';
  const read = readStructuredText(text);
  const at = (path: string): unknown =>
    lineAndColumn(text, spanOf(read.ok ? read.value.spans : new Map(), path).start);
  expect(at("")).toEqual({ line: 1, column: 1 });
  expect(at("/properties/a~1b")).toEqual({ line: 3, column: 3 });
  expect(at("/properties/a~1b/type/1")).toEqual({ line: 4, column: 20 });
  expect(at("/properties/a~1b/items/type")).toEqual({ line: 3, column: 3 });
});

test("an anchor may be used more than once", () => {
  expect(valueOf("a: &one { type: string }\nb: *one")).toEqual({
    a: { type: "string" },
    b: { type: "string" },
  });
});

const laughs = Array.from({ length: 12 }, (_, i) => {
  const items = i === 0 ? Array(10).fill('"ha"') : Array(10).fill(`*l${i - 1}`);
  return `l${i}: &l${i} [${items.join(", ")}]`;
});

describe("ends in a problem in no time:", () => {
  test.each([
    ["a mistake", "a: b\n c: d"],
    ["a tag that nobody knows is no harm, a missing anchor is", "a: *nothing"],
    ["a billion laughs", laughs.join("\n")],
    ["a circle", "a: &a\n  b: *a"],
    ["deep nesting", `a: ${"[".repeat(20_000)}`],
    ["deep blocks", Array.from({ length: 3_000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
    ["a name twice", "a: 1\na: 2"],
    ["too many characters", `a: ${"x".repeat(1_000_001)}`],
    ["two documents", "a: 1\n---\nb: 2"],
  ])("%s", (_, text) => {
    const before = performance.now();
    const read = readStructuredText(text);
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(read).toMatchObject({ ok: false, failure: { message: expect.stringMatching(/\.$/u) } });
    if (read.ok) return;
    expect(read.failure.end).toBeGreaterThan(read.failure.start);
    expect(read.failure.message.length).toBeLessThan(300);
  });

  test("whatever stands in the text", () => {
    const words = fc.constantFrom(
      "a",
      ": ",
      "- ",
      "\n",
      "  ",
      "&x ",
      "*x",
      "{",
      "}",
      "[",
      "]",
      "|",
      "!!",
      '"',
      "?",
      "<<",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        readStructuredText(`a${parts.join("")}`);
      }),
      { numRuns: 1_000 },
    );
  });
});
