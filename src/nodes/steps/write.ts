// A step that writes into a store.

import { outcome, type StepKind } from "./kind.ts";

/** A write. */
export const write: StepKind = {
  does: "write",
  start(step, worker, walk) {
    walk.overAfter(walk.context.storeNs(step.connection), worker);
    return outcome.underWay;
  },
  over: (step, worker, walk) => walk.context.write(step.connection, walk.message(worker)),
};
