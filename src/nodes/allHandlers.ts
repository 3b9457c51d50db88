// What all handlers of a service have together, looked up once when a run is set up.

import type { Handler, ServicePlan } from "./servicePlan.ts";
import type { OwnWork } from "./steps/kind.ts";

/** All handlers of a service, each once. */
export function allHandlersOf({ handlers, timers }: ServicePlan): readonly Handler[] {
  return [...new Set([...handlers, ...timers.map(({ handler }) => handler)])];
}

/** The works that state something of their own, by their number. */
export function ownWorksOf(handlers: readonly Handler[]): readonly OwnWork[] {
  return handlers
    .flatMap(({ steps, whenRefused, whenFailed }) => [...steps, ...whenRefused, ...whenFailed])
    .flatMap(({ work }) => (work === undefined ? [] : [work]))
    .toSorted((a, b) => a.number - b.number);
}
