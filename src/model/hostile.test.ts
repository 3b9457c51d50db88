// Documents by somebody who means harm, or by a tool that means well: each is refused with problems, or it runs.

import { describe, expect, test } from "vitest";
import { allLanguages } from "../schemas/allLanguages.ts";
import { checkContracts } from "../schemas/checkContracts.ts";
import { exportSystem } from "../contracts/asyncapi.ts";
import { createRun } from "../engine/run.ts";
import { foodDelivery } from "../scenarios/foodDelivery.ts";
import { workQueue } from "../scenarios/workQueue.ts";
import { decodeLink, encodeLink } from "../share/codec.ts";
import { checkScenario } from "./check.ts";
import { parseScenario, parseScenarioText, writeScenario } from "./parse.ts";
import { rabbitScenario, smallScenario } from "./scenario.suite.ts";
import type { JsonSchema, Scenario } from "./scenario.ts";

/** Takes a document all the way that a link goes; returns the codes of its problems. */
function take(document: unknown): readonly string[] {
  const text = JSON.stringify(document) ?? "";
  const parsed = parseScenarioText(text);
  if (!parsed.ok) {
    expect(parsed.failure.length).toBeGreaterThan(0);
    for (const { message } of parsed.failure) expect(message.length).toBeLessThan(700);
    return parsed.failure.map(({ code }) => code);
  }
  const scenario = parsed.value;
  const problems = [...checkScenario(scenario), ...checkContracts(scenario, allLanguages)];
  expect(decodeLink(encodeLink(scenario))).toEqual(parsed);
  const run = createRun(scenario);
  if (run.ok) {
    run.value.advance({ untilNs: Infinity, maxEvents: 300 });
    expect(run.value.conservation().violations).toEqual([]);
    run.value.frame(10);
    run.value.report(0);
  }
  return problems.map(({ code }) => code);
}

const poison: readonly unknown[] = [
  null,
  true,
  "",
  "toString",
  "__proto__",
  "constructor",
  "\uD800",
  "\u0000\u202E💥",
  -1,
  0,
  1e308,
  1e15,
  0.5,
  [],
  {},
  [[[]]],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}'),
];

/** Every place of a document, as the steps that lead there. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, each]) => placesOf(each, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

/** A copy of a document with a value at a place, or without what stands there. */
function changed(document: Scenario, path: readonly string[], value: unknown): unknown {
  const copy: unknown = structuredClone(document);
  let at = copy as Record<string, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
  if (value === undefined) delete at[path.at(-1)!];
  else at[path.at(-1)!] = value;
  return copy;
}

describe("a document with one thing changed is refused or runs", () => {
  for (const document of [smallScenario(), rabbitScenario()])
    for (const path of placesOf(document))
      test(`${document.nodes[1]!.id}: /${path.join("/")}`, () => {
        for (const value of [undefined, ...poison]) take(changed(document, path, value));
        expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
      });
});

test("values that JSON cannot hold are refused by the parser of data", () => {
  const strange = [Number.NaN, Infinity, -Infinity, 1n, Symbol("s"), () => 1];
  for (const value of strange)
    for (const path of placesOf(smallScenario())) {
      const document = structuredClone(smallScenario()) as unknown as Record<string, unknown>;
      let at = document;
      for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
      at[path.at(-1)!] = value;
      expect(parseScenario(document).ok, `${typeof value} at /${path.join("/")}`).toBe(false);
    }
});

describe("texts that are no documents", () => {
  const noise = '\u0001{["x\\'.repeat(1_500_000);
  const texts: Readonly<Record<string, string>> = {
    nothing: "",
    "a byte order mark": "\uFEFF",
    "nine million characters of noise": noise,
    "eleven million characters": "[".repeat(11_000_000),
    "a million open brackets": "[".repeat(1_000_000),
    "a million open objects": '{"a":'.repeat(1_000_000),
    "one long text that does not end": `"${"\\u0000".repeat(1_000_000)}`,
    "a million zeros": `[${"0,".repeat(1_000_000)}0]`,
    "a number of a million digits": "1".repeat(1_000_000),
    "a lone surrogate": '"\uDC00"',
  };
  for (const [name, text] of Object.entries(texts))
    test(name, () => {
      expect(parseScenarioText(text).ok).toBe(false);
      expect(decodeLink(text).ok).toBe(false);
      expect(decodeLink(`#spillway1-d1.${text}`).ok).toBe(false);
    });
});

describe("links", () => {
  const link = encodeLink(smallScenario());
  test("with any one character changed or cut off there, are refused", () => {
    for (let i = 14; i < link.length; i++) {
      const other = link[i] === "A" ? "B" : "A";
      const altered = decodeLink(link.slice(0, i) + other + link.slice(i + 1));
      // The last character may hold bits that mean nothing.
      if (i < link.length - 1) expect(altered.ok, `character ${i}`).toBe(false);
      expect(decodeLink(link.slice(0, i)).ok, `cut at ${i}`).toBe(false);
    }
  });
});

describe("schemas of contracts", () => {
  const withSchema = (schema: JsonSchema): Scenario => {
    const small = smallScenario();
    return { ...small, contracts: small.contracts.map((one) => ({ ...one, schema })) };
  };
  let deep: JsonSchema = {};
  for (let i = 0; i < 60; i++) deep = { properties: { a: deep } };
  const schemas: Readonly<Record<string, JsonSchema>> = {
    "that refer to themselves": { $ref: "#" },
    "that refer to each other": {
      $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
      $ref: "#/$defs/a",
    },
    "that refer to nothing": { $ref: "#/nowhere/~2/%zz" },
    "that are sixty levels deep": deep,
    "with twenty thousand properties": {
      properties: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`p${i}`, {}])),
    },
    "with a pattern that takes for ever": { pattern: "^(a+)+$", default: "a".repeat(40) + "b" },
    "with a pattern that is none": { pattern: "(" },
    "with names of Object's own": { properties: { constructor: {}, toString: { type: "string" } } },
    "with lone surrogates": { title: "\uD800", properties: { "\uDFFF": {} } },
  };
  for (const [name, schema] of Object.entries(schemas))
    test(name, () => {
      take(withSchema(schema));
      expect(exportSystem(withSchema(schema))).toBeTypeOf("object");
    });
});

test("a document is written and read again with all that it may hold", () => {
  for (const scenario of [foodDelivery, workQueue]) {
    const odd = {
      ...scenario,
      title: "\uD800 \u2028 💥",
      "x-odd": { constructor: [null, "\uDFFF"] },
    };
    const read = parseScenarioText(writeScenario(odd));
    expect(read).toEqual({ ok: true, value: odd });
  }
});
