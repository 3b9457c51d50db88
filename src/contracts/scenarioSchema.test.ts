// The JSON Schema of the document agrees with its parser, as far as a schema can. Here, because this room may
// use a validator; whether the published file is up to date is checked in model/schema.test.ts.

import { Validator } from "@cfworker/json-schema";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeScenario } from "../model/parse.ts";
import { scenarios, smallScenario } from "../model/scenario.suite.ts";
import { scenarioSchema } from "../model/schema.ts";

const validator = new Validator(scenarioSchema(), "2020-12");

function isValid(document: unknown): boolean {
  return validator.validate(document).valid;
}

describe("the JSON Schema of the document", () => {
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
    const withNode = (node: object): unknown => ({ ...small, nodes: [{ id: "a", ...node }] });
    expect(isValid(small)).toBe(true);
    expect(isValid({ ...small, "x-own": 1 })).toBe(true);
    expect(isValid({ ...small, own: 1 })).toBe(false);
    expect(isValid({ ...small, version: 2 })).toBe(false);
    expect(isValid({ ...small, seed: -1 })).toBe(false);
    expect(isValid(withNode({ kind: "producer", parameters: { rate: 1 } }))).toBe(true);
    expect(isValid(withNode({ kind: "producer", parameters: { rate: -1 } }))).toBe(false);
    expect(isValid(withNode({ kind: "producer", parameters: { concurrency: 1 } }))).toBe(false);
    expect(isValid(withNode({ kind: "broker" }))).toBe(false);
    expect(isValid({ ...small, layout: { "a b": { x: 0, y: 0 } } })).toBe(false);
  });
});
