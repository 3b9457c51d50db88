// A step that publishes an event and waits until the broker has confirmed it, or all
// that the connection makes of it.

import { outcome, type StepKind } from "./kind.ts";

/** A publication. */
export const publish: StepKind = {
  does: "publish",
  start(step, worker, walk) {
    if (!walk.context.publishes(step.connection)) return outcome.done;
    if (step.spread !== undefined) return walk.publishing.several(step.connection, worker);
    if (walk.outbox === undefined) return walk.publishing.one(step.connection, worker);
    walk.outbox.write(worker);
    const event = walk.context.derive(step.connection, walk.message(worker), worker, 0);
    walk.outbox.insert(step.connection, event, worker, 0);
    return outcome.done;
  },
  // The confirmation ends it, never a delay.
  over: () => outcome.done,
};
