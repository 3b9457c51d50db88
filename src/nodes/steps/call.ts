// A step that calls another service and waits for the answer.

import { outcome, type StepKind } from "./kind.ts";

/** A call. */
export const call: StepKind = {
  does: "call",
  start(step, worker, walk) {
    const { workers } = walk;
    const life = workers.life(worker);
    const handle = walk.context.call(step.connection, walk.message(worker), worker, life);
    workers.setCall(worker, handle);
    return outcome.underWay;
  },
  // The answer ends it, never a delay.
  over: () => outcome.done,
};
