// What all handlers of a service have together, looked up once when a run is set up.

import type { Handler, ServicePlan } from "./servicePlan.ts";
import type { OwnWork, Step } from "./steps/kind.ts";

/** All handlers of a service, each once. */
export function allHandlersOf({ handlers, timers }: ServicePlan): readonly Handler[] {
  return [...new Set([...handlers, ...timers.map(({ handler }) => handler)])];
}

/** The works that state something of their own, by their number. */
export function ownWorksOf(handlers: readonly Handler[]): readonly OwnWork[] {
  return allSteps(handlers)
    .flatMap(({ work }) => (work === undefined ? [] : [work]))
    .toSorted((a, b) => a.number - b.number);
}

/** Whether any step publishes events that leave later. */
export function hasDelays(handlers: readonly Handler[]): boolean {
  return allSteps(handlers).some(
    ({ spread, undo }) => spread === "later" || undo?.spread === "later",
  );
}

function allSteps(handlers: readonly Handler[]): readonly Step[] {
  return handlers.flatMap(({ steps, whenRefused, whenFailed }) => [
    ...steps,
    ...whenRefused,
    ...whenFailed,
  ]);
}
