// What is known of versions before a run in the terminal, where every schema language is there at once.

import { comparisonsOf, type Readability } from "../model/readability.ts";
import type { Scenario } from "../model/scenario.ts";
import { allLanguages } from "../schemas/allLanguages.ts";
import { readabilityOf } from "../schemas/readability.ts";

/** Compares the versions that meet in a scenario. */
export function knownVersions(scenario: Scenario): Readability {
  return readabilityOf(comparisonsOf(scenario), allLanguages);
}
