// Whether what a run shall meet can be measured.

import type { Problem } from "../base/problem.ts";
import { elementOf, nameOf } from "./elements.ts";
import { measuresOf } from "./measures.ts";
import { suggestion } from "./near.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import type { Objective, Scenario } from "./scenario.ts";

/** What is wrong with the objectives, one by one. */
export function checkObjectives(scenario: Scenario): readonly Problem[] {
  return scenario.objectives.flatMap((objective, i) => [
    ...checkMeasure(scenario, objective, `/objectives/${i}`),
    ...checkBeginning(scenario, objective, `/objectives/${i}`),
  ]);
}

function checkMeasure(
  scenario: Scenario,
  { id, of, measure }: Objective,
  path: string,
): readonly Problem[] {
  const known = measuresOf(scenario, of);
  if (known.includes(measure)) return [];
  if (of !== "run" && (elementOf(scenario, of)?.type ?? "contract") === "contract")
    return wrong("objective/element", { id, path: `${path}/of` }, noElement(of));
  const remedy =
    known.length === 0
      ? "Ask the channel or node at its end instead."
      : `Ask for one of ${known.join(", ")}.`;
  const whose = of === "run" ? "The run" : nameOf(scenario, of);
  return wrong(
    "objective/measure",
    { id, path: `${path}/measure` },
    `${whose} has no measure "${measure}".${suggestion(measure, known)} ${remedy}`,
  );
}

/** Flows begin where something is published or called: at a node, or at one of its connections. */
function checkBeginning(
  scenario: Scenario,
  { id, from }: Objective,
  path: string,
): readonly Problem[] {
  const type = from === undefined ? "node" : elementOf(scenario, from)?.type;
  if (from === undefined || type === "node" || type === "connection") return [];
  return wrong("objective/element", { id, path: `${path}/from` }, noElement(from));
}

function noElement(id: string): string {
  return `There is no node, channel or connection "${id}". Name one, or "run" for the whole run.`;
}

function wrong(
  code: ProblemCode,
  { id, path }: { readonly id: string; readonly path: string },
  message: string,
): readonly Problem[] {
  return [{ code, severity: "error", path, element: id, message }];
}
