// What a pattern is good for: a scenario runs as it is and changed, most often with the pattern switched off, and a test
// compares both reports. Everything else is the same, random draws included.

import type { FieldValue } from "../base/fields.ts";
import { finish } from "../engine/sketch.suite.ts";
import { elementOf } from "../model/elements.ts";
import { setParameter, withoutElements } from "../model/edit.ts";
import type { Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import { readabilityFor } from "../schemas/readabilityFor.ts";

/** What is different in the second run. */
export type Change = (scenario: Scenario) => Scenario;

/** The report of a whole run of a ready-made scenario. */
export async function reportOf(scenario: Scenario): Promise<Report> {
  return finish(scenario, { readability: await readabilityFor(scenario) }).report(0);
}

/** Runs a scenario with its pattern and changed: both reports. The change must change something. */
export async function runBoth(
  scenario: Scenario,
  change: Change,
): Promise<{ readonly on: Report; readonly off: Report }> {
  const changed = change(scenario);
  if (changed === scenario) throw new Error("The change changes nothing.");
  return { on: await reportOf(scenario), off: await reportOf(changed) };
}

/** A change that sets a parameter of an element to another value. */
export function setting(id: string, parameter: string, value: FieldValue): Change {
  return (scenario) => {
    if (elementOf(scenario, id) === undefined) throw new Error(`There is no “${id}”.`);
    return setParameter(scenario, id, parameter, value);
  };
}

/** A change that takes a connection away. */
export function without(id: string): Change {
  return (scenario) => {
    if (elementOf(scenario, id)?.type !== "connection")
      throw new Error(`There is no line “${id}”.`);
    return withoutElements(scenario, [id]);
  };
}
