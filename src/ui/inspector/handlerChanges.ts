// What the list of handlers does to the document, and how it says what a handler and a step are.

import { formatDistribution } from "../../base/inWords.ts";
import { replaceElement } from "../../model/edit.ts";
import { elementOf, nameOf, spreadingOf } from "../../model/elements.ts";
import type { StepList } from "../../model/handlers.ts";
import type { Scenario, ServiceNode } from "../../model/scenario.ts";
import type { Handler, HandlerStep } from "../../model/handler.ts";
import { isDelayed, type SpreadValues } from "../../nodes/spreading.ts";
import { useDocumentStore } from "../../store/documentStore.ts";

/** Gives a service other handlers; none of its own (undefined) are derived from its connections. */
export function changeHandlers(
  node: ServiceNode,
  handlers: readonly Handler[] | undefined,
  title: string,
): void {
  const { scenario, commit } = useDocumentStore.getState();
  const { handlers: _, ...rest } = node;
  const isNone = handlers === undefined || handlers.length === 0;
  const changed = isNone ? rest : { ...rest, handlers };
  commit(replaceElement(scenario, changed), `${title} of ${nameOf(scenario, node.id)}`);
}

/** The handler with another list of steps; an empty one after a refusal or failure is left out. */
export function withSteps(
  handler: Handler,
  list: StepList,
  steps: readonly HandlerStep[],
): Handler {
  if (list === "steps" || steps.length > 0) return { ...handler, [list]: steps };
  const { [list]: _, ...rest } = handler;
  return rest;
}

/** The steps with one of them moved to another position. */
export function movedStep(
  steps: readonly HandlerStep[],
  from: number,
  to: number,
): readonly HandlerStep[] {
  const step = steps[from];
  if (step === undefined || to < 0 || to >= steps.length) return steps;
  return steps.toSpliced(from, 1).toSpliced(to, 0, step);
}

/** When a handler begins, such as "On OrderPlaced". */
export function titleOf(scenario: Scenario, { on, every }: Handler): string {
  if (every !== undefined) return `By itself, after ${formatDistribution(every, "duration")}`;
  if (on === undefined) return "On whatever else comes";
  return `On ${on.map((id) => nameOf(scenario, id)).join(", ")}`;
}

/** A step in a few words, such as "call Bank (ChargeCard)". */
export function textOf(scenario: Scenario, step: HandlerStep): string {
  if (step.do === "work") {
    const { time, refusalRate = 0 } = step;
    const took = time === undefined ? "work" : `work ${formatDistribution(time, "duration")}`;
    return refusalRate === 0 ? took : `${took}, refuses ${Math.round(refusalRate * 100)} %`;
  }
  const element = elementOf(scenario, step.over);
  if (element?.type !== "connection") return `${step.do} ${step.over}`;
  const { value: link } = element;
  if (link.kind === "publish")
    return `publish ${nameOf(scenario, link.contract)}${spreadText(spreadingOf(scenario, link))}`;
  const request = link.kind === "call" ? ` (${nameOf(scenario, link.contract)})` : "";
  return `${step.do} ${nameOf(scenario, link.to)}${request}`;
}

/** What a publication makes of one event, such as ", 3 copies, each with a new key, after 5 s". */
function spreadText(spread: SpreadValues | undefined): string {
  if (spread === undefined) return "";
  const { copies, keyBy, publishDelay } = spread;
  const many = typeof copies === "number" ? `${copies}` : formatDistribution(copies, "count");
  const key = {
    cause: "",
    drawn: `, key of ${spread.ownKeyName}`,
    fresh: ", each with a new key",
    copy: ", key by copy",
  }[keyBy];
  const after = isDelayed(spread) ? `, after ${formatDistribution(publishDelay, "duration")}` : "";
  return `${copies === 1 ? "" : `, ${many} copies`}${key}${after}`;
}
