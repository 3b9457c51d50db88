// What must hold between the handlers of a service and the rest of the document.

import { elementOf, nameOf } from "./elements.ts";
import { isStepConnection, stepLists } from "./handlers.ts";
import { suggestion } from "./near.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import { complain, inside, isFull, type Place } from "./reading.ts";
import type { Scenario, ServiceNode, StepConnection } from "./scenario.ts";
import type { ConnectionStep, Handler, HandlerStep } from "./handler.ts";

/** Reports everything that keeps the handlers of a service from fitting to its connections and contracts. */
export function checkHandlers(scenario: Scenario, service: ServiceNode, place: Place): void {
  const handlers = inside(place, "handlers");
  const owners = new Map<string, number>();
  for (const [i, handler] of (service.handlers ?? []).entries()) {
    if (isFull(place)) return;
    const at = inside(handlers, i);
    checkTrigger(scenario, handler, at, owners);
    for (const list of stepLists)
      checkSteps({ scenario, service: service.id }, handler[list] ?? [], inside(at, list));
    for (const list of ["whenRefused", "whenFailed"] as const)
      checkNoUndo(handler, list, inside(at, list));
  }
}

/** What sets a handler off; each contract has one handler at most. */
function checkTrigger(
  scenario: Scenario,
  { on, every }: Handler,
  place: Place,
  owners: Map<string, number>,
): void {
  if (on !== undefined && every !== undefined)
    complain(
      place,
      "handler/trigger",
      `A handler has either "on" or "every". Make two handlers of it.`,
    );
  if (every !== undefined) return;
  for (const [i, id] of (on ?? [""]).entries()) {
    const at = on === undefined ? place : inside(inside(place, "on"), i);
    if (on !== undefined && elementOf(scenario, id)?.type !== "contract") {
      const ids = scenario.contracts.map((contract) => contract.id);
      complain(
        at,
        "handler/contract",
        `There is no contract "${id}".${suggestion(id, ids)} Add it, or name another.`,
      );
    }
    const before = owners.get(id) ?? 0;
    owners.set(id, before + 1);
    if (before === 0) continue;
    const what = id === "" ? "whatever no other handler names" : nameOf(scenario, id);
    complain(
      at,
      "handler/duplicate",
      `Two handlers of this service handle ${what}. Put their steps into one.`,
    );
  }
}

interface Context {
  readonly scenario: Scenario;
  readonly service: string;
}

function checkSteps(context: Context, steps: readonly HandlerStep[], place: Place): void {
  for (const [k, step] of steps.entries())
    if (step.do !== "work") checkStep(context, step, inside(place, k));
}

function checkStep(context: Context, step: ConnectionStep, place: Place): void {
  const over = connectionFor(context, step.over, inside(place, "over"));
  if (over !== undefined && over.kind !== step.do)
    complain(
      inside(place, "do"),
      "step/kind",
      `"${step.over}" is a connection of the kind "${over.kind}". Write "do": "${over.kind}", or name another.`,
    );
  if (step.undo !== undefined) connectionFor(context, step.undo, inside(place, "undo"));
}

function connectionFor(
  { scenario, service }: Context,
  id: string,
  place: Place,
): StepConnection | undefined {
  const own = scenario.connections.filter(
    (link) => link.from === service && isStepConnection(link),
  );
  const found = own.find((link) => link.id === id);
  if (found !== undefined && isStepConnection(found)) return found;
  const isThere = elementOf(scenario, id)?.type === "connection";
  const code: ProblemCode = isThere ? "step/foreign" : "step/unknown";
  const ids = own.map((link) => link.id);
  complain(
    place,
    code,
    isThere
      ? `"${id}" is no connection over which ${nameOf(scenario, service)} calls, reads, writes or publishes. Name one of its own.`
      : `There is no connection "${id}".${suggestion(id, ids)} Correct the id, or remove the step.`,
  );
  return undefined;
}

function checkNoUndo(handler: Handler, list: "whenRefused" | "whenFailed", place: Place): void {
  for (const [i, step] of (handler[list] ?? []).entries())
    if (step.do !== "work" && step.undo !== undefined)
      complain(
        inside(inside(place, i), "undo"),
        "step/undo",
        `What follows a refusal or a final failure is not taken back. Remove "undo".`,
      );
}
