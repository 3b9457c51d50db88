// A scenario as a file `*.spillway.json`: the same text that stands in a repository and that the terminal reads.

import { writeScenario } from "../model/parse.ts";
import type { Scenario } from "../model/scenario.ts";

/** Ending of the file name. */
const fileEnding = ".spillway.json";

/** Media type of the file. */
export const fileType = "application/json";

/** Name and content of the file of a scenario. */
export interface ScenarioFile {
  readonly name: string;
  readonly text: string;
}

/** The file of a scenario; its id is the stem of the name. */
export function toFile(scenario: Scenario): ScenarioFile {
  return { name: `${scenario.id}${fileEnding}`, text: writeScenario(scenario) };
}
