// The checks that are too large for the first load: mistakes in the schemas of events, and what a change of version will
// break. What has not changed is not looked at again.

import type { Problem } from "../../base/problem.ts";
import { checkVersions } from "../../contracts/checkVersions.ts";
import type { Scenario } from "../../model/scenario.ts";
import { checkContracts } from "../../schemas/checkContracts.ts";
import { languagesOf } from "../../schemas/languages.ts";
import { readabilityFor } from "../../schemas/readabilityFor.ts";

/** What the schemas of a scenario do wrong, each by itself and between versions. */
export async function lateProblems(scenario: Scenario): Promise<readonly Problem[]> {
  const languages = await languagesOf(scenario.contracts);
  const readability = await readabilityFor(scenario);
  return [...checkContracts(scenario, languages), ...checkVersions(scenario, readability)];
}
