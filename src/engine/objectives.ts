// Whether a run met its targets: each objective names an element and a measure of the report.

import { measureIn } from "../model/measures.ts";
import type { ObjectiveReport, Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";

/** Every objective with what was reached. What was not observed counts as missed. */
export function objectivesOf(
  scenario: Scenario,
  report: Omit<Report, "objectives">,
): readonly ObjectiveReport[] {
  return scenario.objectives.map(({ id, title, of, measure, is, value: target }) => {
    const actual = measureIn(report, of, measure);
    const met = actual !== null && (is === "at most" ? actual <= target : actual >= target);
    const name = title ?? `${measure} of ${of}`;
    return { id, title: name, of, measure, is, target, actual, met };
  });
}
