// Whether a run met its targets: each objective names an element and a measure of the report.

import type { ObjectiveReport, Report } from "../model/report.ts";
import type { Objective, Scenario } from "../model/scenario.ts";

type Body = Omit<Report, "objectives">;

/** Every objective with what was reached. What cannot be measured counts as missed. */
export function objectivesOf(scenario: Scenario, report: Body): readonly ObjectiveReport[] {
  return scenario.objectives.map((objective) => {
    const actual = measureOf(report, objective);
    const met =
      actual !== null &&
      (objective.is === "at most" ? actual <= objective.value : actual >= objective.value);
    return {
      id: objective.id,
      title: objective.title ?? `${objective.measure} of ${objective.of}`,
      of: objective.of,
      measure: objective.measure,
      is: objective.is,
      target: objective.value,
      actual,
      met,
    };
  });
}

/** The number that an objective asks for; records of reasons count as their sum. */
function measureOf(report: Body, objective: Objective): number | null {
  let value: unknown = entryOf(report, objective.of);
  for (const step of objective.measure.split(".")) value = memberOf(value, step);
  if (typeof value === "number") return value;
  if (typeof value !== "object" || value === null) return null;
  const counts = Object.values(value);
  return counts.every((count) => typeof count === "number")
    ? counts.reduce((sum, count) => sum + count, 0)
    : null;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function entryOf(report: Body, id: string): unknown {
  if (id === "run") return report;
  const lists = [report.nodes, report.channels, report.subscriptions, report.calls, report.flows];
  return lists.flat().find((entry) => entry.id === id);
}
