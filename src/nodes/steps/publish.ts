// A step that publishes an event and waits until the broker has confirmed it.

import { outcome, type StepKind } from "./kind.ts";

/** A publication. */
export const publish: StepKind = {
  does: "publish",
  start(step, worker, walk) {
    if (!walk.context.publishes(step.connection)) return outcome.done;
    if (walk.outbox === undefined) return walk.publish(step.connection, worker);
    walk.outbox.insert(step.connection, walk.message(worker), worker);
    return outcome.done;
  },
  // The confirmation ends it, never a delay.
  over: () => outcome.done,
};
