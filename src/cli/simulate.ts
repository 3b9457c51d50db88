// One run from its beginning to its end, or to an instant, for the commands that need its results.

import type { Problem } from "../base/problem.ts";
import type { Result } from "../base/result.ts";
import { createRun, type Run } from "../engine/run.ts";
import type { Scenario } from "../model/scenario.ts";
import { eventLine } from "./eventLine.ts";
import { knownVersions } from "./knownVersions.ts";
import type { LineFile } from "./shell.ts";

/** Events simulated between two looks at whether the run has ended. */
const sliceEvents = 1 << 18;

/** A run of a scenario that has reached an instant [ns], or its end; with memory for moments to go back to [bytes]. */
export function simulate(
  scenario: Scenario,
  untilNs: number = Number.MAX_SAFE_INTEGER,
  log?: LineFile,
  historyBytes = 0,
): Result<Run, readonly Problem[]> {
  const made = createRun(scenario, {
    readability: knownVersions(scenario),
    watchesObjectives: true,
    historyBytes,
    ...(log !== undefined && { onEvent: (record) => log.write(eventLine(record)) }),
  });
  if (!made.ok) return made;
  const simulation = made.value;
  let before = -1;
  while (simulation.ended() === null && before < simulation.events()) {
    before = simulation.events();
    simulation.advance({ untilNs, maxEvents: sliceEvents });
  }
  return made;
}
