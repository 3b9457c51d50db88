// Questions about the handlers of services, and edits that keep them right when connections and contracts come and go.

import type { Connection, Node, Scenario, ServiceNode, StepConnection } from "./scenario.ts";
import type { ConnectionStep, Handler, HandlerStep } from "./handler.ts";

/** What comes after the work where a service has no handlers of its own, in this order: what is announced has been
 *  done. */
export const stepOrder = ["read", "call", "write", "publish"] as const;

/** Whether a connection may be a step of the service from which it leads. */
export function isStepConnection(connection: Connection): connection is StepConnection {
  return stepOrder.some((kind) => kind === connection.kind);
}

/** The lists of a handler by name. */
export const stepLists = ["steps", "whenRefused", "whenFailed"] as const;

/** The name of a list of a handler. */
export type StepList = (typeof stepLists)[number];

/** The steps of a handler that lead over connections. */
export function connectionSteps(handler: Handler): readonly ConnectionStep[] {
  return stepLists.flatMap((list) => (handler[list] ?? []).filter((step) => step.do !== "work"));
}

/** Writes out what a service without handlers does: one handler per contract that a step names, and one for the rest. */
export function derivedHandlers(scenario: Scenario, service: string): readonly Handler[] {
  const links = stepOrder.flatMap((kind) =>
    scenario.connections.filter(
      (link): link is StepConnection => link.kind === kind && link.from === service,
    ),
  );
  const named = [...new Set(links.flatMap(({ after }) => after ?? []))];
  const rest = derivedHandler(links, undefined);
  return [...named.map((contract) => derivedHandler(links, contract)), rest];
}

function derivedHandler(links: readonly StepConnection[], contract: string | undefined): Handler {
  const stepsOn = (outcome: string): readonly HandlerStep[] =>
    links.flatMap(({ id, kind, after, on = "success" }): readonly HandlerStep[] => {
      const follows = after === undefined || (contract !== undefined && after.includes(contract));
      return follows && on === outcome ? [{ do: kind, over: id }] : [];
    });
  const [whenRefused, whenFailed] = [stepsOn("refusal"), stepsOn("failure")];
  return {
    ...(contract === undefined ? {} : { on: [contract] }),
    steps: [{ do: "work" }, ...stepsOn("success")],
    ...(whenRefused.length === 0 ? {} : { whenRefused }),
    ...(whenFailed.length === 0 ? {} : { whenFailed }),
  };
}

/** The document in which a new connection has joined the handlers of its service: at its usual place in each that
 *  handles messages. Services without handlers of their own need nothing. */
export function withStepOver(scenario: Scenario, connection: Connection): Scenario {
  if (!isStepConnection(connection)) return scenario;
  return withHandlers(scenario, connection.from, (handler) =>
    handler.every === undefined ? joined(handler, connection) : handler,
  );
}

function joined(handler: Handler, { id, kind, on = "success" }: StepConnection): Handler {
  const list = on === "success" ? "steps" : on === "failure" ? "whenFailed" : "whenRefused";
  const steps = handler[list] ?? [];
  const rank = stepOrder.indexOf(kind);
  const isLater = (step: HandlerStep): boolean =>
    step.do !== "work" && stepOrder.indexOf(step.do) > rank;
  const later = steps.findIndex(isLater);
  const at = later < 0 ? steps.length : later;
  return { ...handler, [list]: steps.toSpliced(at, 0, { do: kind, over: id }) };
}

/** The document in which steps over a connection do what its kind says. */
export function withStepsOfKind(scenario: Scenario, connection: Connection): Scenario {
  if (!isStepConnection(connection)) return scenario;
  const { id, kind } = connection;
  return withHandlers(scenario, connection.from, (handler) =>
    changedSteps(handler, (step) =>
      step.do !== "work" && step.over === id && step.do !== kind ? { ...step, do: kind } : step,
    ),
  );
}

function withHandlers(
  scenario: Scenario,
  service: string,
  change: (handler: Handler) => Handler,
): Scenario {
  const nodes = scenario.nodes.map((node) =>
    node.id === service && node.kind === "service" && node.handlers !== undefined
      ? { ...node, handlers: node.handlers.map(change) }
      : node,
  );
  return nodes.every((node, i) => node === scenario.nodes[i]) ? scenario : { ...scenario, nodes };
}

/** The handler with each of its steps changed, or left out (undefined). */
function changedSteps(
  handler: Handler,
  change: (step: HandlerStep) => HandlerStep | undefined,
): Handler {
  const lists = stepLists.flatMap((list) => {
    const steps = handler[list];
    return steps === undefined
      ? []
      : [[list, steps.map(change).filter((step) => step !== undefined)] as const];
  });
  return { ...handler, ...Object.fromEntries(lists) };
}

/** A service whose handlers name other ids, or no longer those that are gone (undefined). */
export function withRenamedHandlers(node: Node, idOf: (id: string) => string | undefined): Node {
  if (node.kind !== "service" || node.handlers === undefined) return node;
  const handlers = node.handlers.flatMap((handler): readonly Handler[] => {
    const on = handler.on?.map(idOf).filter((id) => id !== undefined);
    // A handler of certain contracts would handle every one if the list were dropped, so it goes with the last.
    if (on?.length === 0) return [];
    const changed = changedSteps(handler, (step) => renamedStep(step, idOf));
    return [on === undefined ? changed : { ...changed, on }];
  });
  const { handlers: _, ...rest } = node;
  return handlers.length === 0 ? rest : ({ ...node, handlers } satisfies ServiceNode);
}

function renamedStep(
  step: HandlerStep,
  idOf: (id: string) => string | undefined,
): HandlerStep | undefined {
  if (step.do === "work") return step;
  const over = idOf(step.over);
  if (over === undefined) return undefined;
  const { undo: old, ...rest } = step;
  const undo = old === undefined ? undefined : idOf(old);
  return undo === undefined ? { ...rest, over } : { ...rest, over, undo };
}

/** Ids that the handlers of a node name: contracts and connections. */
export function idsInHandlers(node: Node): readonly string[] {
  if (node.kind !== "service") return [];
  return (node.handlers ?? []).flatMap((handler) => [
    ...(handler.on ?? []),
    ...connectionSteps(handler).flatMap(({ over, undo }) =>
      undo === undefined ? [over] : [over, undo],
    ),
  ]);
}
