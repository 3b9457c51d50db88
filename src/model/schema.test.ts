// The published JSON Schema is up to date and agrees with the parser as far as a schema can.

import { Validator } from "@cfworker/json-schema";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeScenario } from "./parse.ts";
import { scenarios, smallScenario } from "./scenario.suite.ts";
import { scenarioSchema } from "./schema.ts";

const validator = new Validator(scenarioSchema(), "2020-12");

function isValid(document: unknown): boolean {
  return validator.validate(document).valid;
}

describe("the JSON Schema of the document", () => {
  // `npm run schema` runs this test with --update, which writes the file.
  it("is the published one", async () => {
    const text = `${JSON.stringify(scenarioSchema(), null, 2)}\n`;
    await expect(
      text,
      "The document format has changed: run `npm run schema`.",
    ).toMatchFileSnapshot("../../public/spillway.schema.json");
  });

  it("accepts what the parser accepts", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        expect(validator.validate(JSON.parse(writeScenario(scenario))).errors).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses what it can see to be wrong", () => {
    const small = smallScenario();
    expect(isValid(small)).toBe(true);
    expect(isValid({ ...small, "x-own": 1 })).toBe(true);
    expect(isValid({ ...small, own: 1 })).toBe(false);
    expect(isValid({ ...small, version: 2 })).toBe(false);
    expect(isValid({ ...small, seed: -1 })).toBe(false);
    expect(
      isValid({ ...small, nodes: [{ id: "a", kind: "producer", parameters: { rate: -1 } }] }),
    ).toBe(false);
    expect(
      isValid({ ...small, nodes: [{ id: "a", kind: "producer", parameters: { concurrency: 1 } }] }),
    ).toBe(false);
    expect(isValid({ ...small, nodes: [{ id: "a", kind: "broker" }] })).toBe(false);
    expect(isValid({ ...small, layout: { "a b": { x: 0, y: 0 } } })).toBe(false);
  });
});
