// A step that publishes an event and waits until the broker has confirmed it.

import { outcome, type StepKind } from "./kind.ts";

/** A publication. */
export const publish: StepKind = {
  does: "publish",
  start(step, worker, walk) {
    if (!walk.context.publishes(step.connection)) return outcome.done;
    return walk.publish(step.connection, worker);
  },
  // The confirmation ends it, never a delay.
  over: () => outcome.done,
};
