// The finder of syntax errors, compared with the parser of the language.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findExcessiveDepth, findSyntaxError, utf8Bytes } from "./jsonText.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("where a text stops being JSON", () => {
  it("agrees with the parser of the language about what is JSON", () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom(",", "]", "}", '"', "\\", "x", "-", "0", ".", " ", "\n", ""),
      )
      .map(([text, at, put]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + put + text.slice(position + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), damaged, fc.string()), (text) => {
        expect(findSyntaxError(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["", 1, 1, "a value"],
    ["{", 1, 2, "a key in double quotes or"],
    ['{\n  "a": 1,\n}', 3, 1, "no comma after the last field"],
    ['{"a" 1}', 1, 6, '":"'],
    ["[1 2]", 1, 4, '","'],
    ["{} x", 1, 4, "the end"],
    ['["\n"]', 1, 2, "a value"],
    ["{'a': 1}", 1, 2, "double quotes"],
    ['{"a": undefined}', 1, 7, "a value"],
  ])("%j: line %i, column %i", (text, line, column, expected) => {
    expect(findSyntaxError(text)).toMatchObject({
      line,
      column,
      expected: expect.stringContaining(expected),
    });
  });
});

describe("depth of a text", () => {
  it("counts brackets, not those inside strings", () => {
    expect(findExcessiveDepth("[".repeat(72))).toBeUndefined();
    expect(findExcessiveDepth(`\n${"[".repeat(73)}`)).toMatchObject({
      kind: "depth",
      line: 2,
      column: 73,
    });
    expect(findExcessiveDepth(JSON.stringify('["\\'.repeat(100)))).toBeUndefined();
    expect(findExcessiveDepth("[]".repeat(100))).toBeUndefined();
  });
});

it("measures texts as UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length);
    }),
  );
});
