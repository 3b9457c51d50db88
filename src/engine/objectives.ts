// Whether a run met its targets: each objective names an element and a measure of the report. Some measures have a
// parameter of their own, and are worked out for each objective.

import { type Measured, measureIn } from "../model/measures.ts";
import type { ObjectiveReport } from "../model/report.ts";
import type { Objective } from "../model/scenario.ts";
import { quantileOfFlow, recoverySeconds, shareVisible } from "./objectiveMeasures.ts";
import type { World } from "./world.ts";

/** Every objective with what was reached at a time [ns]. What was not observed counts as missed. */
export function objectivesOf(
  world: World,
  report: Measured,
  timeNs: number,
): readonly ObjectiveReport[] {
  return world.plan.scenario.objectives.map((objective) => {
    const { id, of, measure, is, value: target } = objective;
    const actual = valueIn(world, objective, report, timeNs);
    const met = actual !== null && isWithin(objective, actual);
    return { id, title: objectiveTitle(objective), of, measure, is, target, actual, met };
  });
}

/** Whether a value meets an objective. */
export function isWithin({ is, value }: Objective, actual: number): boolean {
  return is === "at most" ? actual <= value : actual >= value;
}

/** What an objective is called. */
export function objectiveTitle({ title, measure, of }: Objective): string {
  return title ?? `${measure} of ${of}`;
}

/** The value of an objective at a time [ns], from what a report says of it; null where nothing was observed. */
export function valueIn(
  world: World,
  objective: Objective,
  measured: Measured,
  timeNs: number,
): number | null {
  const { of, measure, from } = objective;
  if (measure === "recoverySeconds") return recoverySeconds(world, of, timeNs);
  if (measure === "consistency.shareWithin") return shareVisible(world, objective, timeNs);
  if (from !== undefined && measure.startsWith("flow."))
    return quantileOfFlow(world, objective, measured);
  return measureIn(measured, of, measure);
}
