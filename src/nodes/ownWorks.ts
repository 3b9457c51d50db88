// The steps of work of a service that state a time, an error rate or refusals of their own.

import type { Handler } from "./servicePlan.ts";
import type { OwnWork, Step } from "./steps/kind.ts";

/** The works that state something of their own, by their number. */
export function ownWorksOf(handlers: Iterable<Handler>): readonly OwnWork[] {
  return allSteps(handlers)
    .flatMap(({ work }) => (work === undefined ? [] : [work]))
    .toSorted((a, b) => a.number - b.number);
}

/** Whether any step publishes events that leave later. */
export function hasDelays(handlers: Iterable<Handler>): boolean {
  return allSteps(handlers).some(
    ({ spread, undo }) => spread === "later" || undo?.spread === "later",
  );
}

function allSteps(handlers: Iterable<Handler>): readonly Step[] {
  return [...handlers].flatMap(({ steps, whenRefused, whenFailed }) => [
    ...steps,
    ...whenRefused,
    ...whenFailed,
  ]);
}
