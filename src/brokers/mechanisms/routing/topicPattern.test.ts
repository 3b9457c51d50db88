// Topic matching against a definition that is too slow and too simple to be wrong.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesTopic, topicWords } from "./topicPattern.ts";

const matches = (pattern: string, key: string) =>
  matchesTopic(topicWords(pattern), topicWords(key));

/** By definition: `#` takes nothing, or one word and stays. */
function defined(pattern: readonly string[], key: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return key.length === 0;
  if (first === "#")
    return defined(rest, key) || (key.length > 0 && defined(pattern, key.slice(1)));
  return key.length > 0 && (first === "*" || first === key[0]) && defined(rest, key.slice(1));
}

describe("topic patterns", () => {
  it("gives the empty key no words, and a dot two empty ones", () => {
    expect(topicWords("")).toEqual([]);
    expect(topicWords(".")).toEqual(["", ""]);
    expect(matches("#", "")).toBe(true);
    expect(matches("*", "")).toBe(false);
    expect(matches("*.*", ".")).toBe(true);
  });

  it("takes exactly one word for * and any number for #", () => {
    expect(matches("a.*.c", "a.b.c")).toBe(true);
    expect(matches("a.*.c", "a.c")).toBe(false);
    expect(matches("a.#.c", "a.c")).toBe(true);
    expect(matches("a.#.c", "a.b.b.c")).toBe(true);
    expect(matches("a.#", "a")).toBe(true);
  });

  it("knows case and knows no part of a word", () => {
    expect(matches("order.*", "Order.placed")).toBe(false);
    expect(matches("or*", "order")).toBe(false);
  });

  it("agrees with the definition", () => {
    const words = (from: string[]) => fc.array(fc.constantFrom(...from), { maxLength: 7 });
    fc.assert(
      fc.property(words(["a", "b", "*", "#", ""]), words(["a", "b", ""]), (pattern, key) => {
        expect(matchesTopic(pattern, key)).toBe(defined(pattern, key));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("stays quick with many hashes", () => {
    const pattern = topicWords(`${"#.a.".repeat(100)}b`);
    const key = topicWords("a.".repeat(5000) + "c");
    expect(matchesTopic(pattern, key)).toBe(false);
  });
});
