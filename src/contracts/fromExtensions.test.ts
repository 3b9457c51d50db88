// Scenario → AsyncAPI → scenario: documents carry everything, and edits made in other tools count.

import { expect, test } from "vitest";
import { parse } from "yaml";
import { writeScenario } from "../model/parse.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { swarmScenario } from "../model/swarm.suite.ts";
import { scenarios } from "../scenarios/index.ts";
import { exportSystem } from "./asyncapi.ts";
import { scenarioOfAsyncapi } from "./fromExtensions.ts";
import { awkward } from "./sample.suite.ts";
import { writeDocument } from "./yaml.ts";

function thereAndBack(scenario: Scenario): Scenario {
  const document: unknown = parse(writeDocument(exportSystem(scenario, { embed: true }), "yaml"));
  const result = scenarioOfAsyncapi(document);
  if (!result.ok) throw new Error(JSON.stringify(result.failure, null, 2));
  expect(result.value.remarks).toEqual([]);
  return result.value.scenario;
}

test.each([...scenarios, awkward].map((one) => [one.id, one] as const))(
  "%s comes back as it was",
  (_id, scenario) => {
    expect(writeScenario(thereAndBack(scenario))).toEqual(writeScenario(scenario));
  },
);

test("random scenarios come back as they were", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const scenario = seed % 2 === 0 ? swarmScenario(seed) : randomScenario(seed, 1 + (seed % 7));
    expect(writeScenario(thereAndBack(scenario)), scenario.id).toEqual(writeScenario(scenario));
  }
});
