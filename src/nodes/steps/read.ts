// A step that reads from a store.

import { outcome, type StepKind } from "./kind.ts";

/** A read. */
export const read: StepKind = {
  does: "read",
  start(step, worker, walk) {
    walk.overAfter(walk.context.storeNs(step.connection, walk.message(worker), worker), worker);
    return outcome.underWay;
  },
  over(step, worker, walk) {
    const what = walk.context.read(step.connection, walk.message(worker), worker);
    return what === outcome.failed ? walk.because(what, "store-unreachable") : what;
  },
};
