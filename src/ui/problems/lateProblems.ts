// The checks that are too large for the first load: mistakes in the schemas of events, and what a change of version will
// break. What has not changed is not looked at again.

import type { Problem } from "../../base/problem.ts";
import { checkVersions } from "../../contracts/checkVersions.ts";
import type { Scenario } from "../../model/scenario.ts";
import { stepsOfCheck } from "../../schemas/checkContracts.ts";
import { languagesOf } from "../../schemas/languages.ts";
import { readabilityFor } from "../../schemas/readabilityFor.ts";

/** What the schemas of a scenario do wrong, each by itself and between versions. */
export async function lateProblems(scenario: Scenario): Promise<readonly Problem[]> {
  const languages = await languagesOf(scenario.contracts);
  const readability = await readabilityFor(scenario);
  const found = await unhurried(stepsOfCheck(scenario, languages));
  return [...found, ...checkVersions(scenario, readability)];
}

/** Longest stretch of work after which the page may draw and listen again [ms]. */
const stretchMs = 12;

/** Takes steps with pauses between them, so that the page never waits for all of them. */
async function unhurried<Value>(steps: Generator<unknown, Value>): Promise<Value> {
  let end = performance.now() + stretchMs;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    end = performance.now() + stretchMs;
  }
}
