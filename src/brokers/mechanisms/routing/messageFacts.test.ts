// Facts of messages: placeholders, bounds, and what is refused; and the memory of what was found per key.

import { describe, expect, test } from "vitest";
import { factsOf, factsTextMax, filledText, noFacts, parseFacts } from "./messageFacts.ts";
import { PerKey } from "./perKey.ts";

function facts(text: string, key = "order-7", event = "OrderPlaced"): unknown {
  const parsed = parseFacts(text);
  return parsed.ok ? factsOf(parsed.value, key, event) : parsed.failure;
}

describe("facts of messages", () => {
  test("placeholders are filled in at every depth, in texts only", () => {
    expect(
      facts('{"a":"{key}","b":[1,"x-{event}-{key}"],"c":{"d":"{event}","{key}":null}}'),
    ).toEqual({
      a: "order-7",
      b: [1, "x-OrderPlaced-order-7"],
      c: { d: "OrderPlaced", "{key}": null },
    });
  });

  test("numbers, truth values and null keep their type", () => {
    expect(facts('{"n":1.50,"t":true,"z":null,"s":"1"}')).toEqual({
      n: 1.5,
      t: true,
      z: null,
      s: "1",
    });
  });

  test("an empty text states nothing", () => {
    expect(parseFacts("  ")).toEqual({ ok: true, value: noFacts });
  });

  test("tells whether messages of one publisher can differ", () => {
    expect(parseFacts('{"a":"{key}"}')).toMatchObject({ value: { usesKey: true } });
    expect(parseFacts('{"a":"{event}"}')).toMatchObject({ value: { usesKey: false } });
  });

  test("a key is never read as a placeholder or as a pattern of replacement", () => {
    expect(filledText("{key}/{event}", "{event}$&", "E")).toBe("{event}$&/E");
  });

  test("a member called __proto__ is a member like any other", () => {
    const found = facts('{"__proto__":{"x":"{key}"}}');
    expect(JSON.stringify(found)).toBe('{"__proto__":{"x":"order-7"}}');
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
  });

  test.each([
    ["{", /not JSON/u],
    ["[1]", /must be a JSON object/u],
    ["null", /must be a JSON object/u],
    [`{"a":"${"x".repeat(factsTextMax)}"}`, /longer than 4000/u],
    [`${'{"a":'.repeat(40)}1${"}".repeat(40)}`, /nested more than 32/u],
    [`{"a":[${"1,".repeat(1200)}1]}`, /more than 1000 values/u],
  ])("refuses %.20s with a sentence", (text, sentence) => {
    expect(facts(text)).toMatch(sentence);
  });
});

describe("results per key", () => {
  test("finds once per slot, and once per key only where the key matters", () => {
    const asked: string[] = [];
    const memory = new PerKey([false, true], (slot, key) => {
      asked.push(`${slot}:${key}`);
      return `${slot}:${key}`;
    });
    const keyText = (key: number) => `k${key}`;
    const got = [0, 0, 1, 1, 1].map((slot, i) => memory.get(slot, i % 2, keyText));
    expect(got).toEqual(["0:", "0:", "1:k0", "1:k1", "1:k0"]);
    expect(memory.get(1, -1, keyText)).toBe("1:");
    expect(asked).toEqual(["0:", "1:k0", "1:k1", "1:"]);
  });

  test("forgets the oldest rather than growing without end", () => {
    let asked = 0;
    const memory = new PerKey([true], () => asked++);
    for (let key = 0; key < 20_001; key++) memory.get(0, key, String);
    memory.get(0, 20_000, String);
    expect(asked).toBe(20_001);
    memory.get(0, 0, String);
    expect(asked).toBe(20_002);
  });
});
