// A step that writes into a store.

import { beginAtStore, goOnAtStore } from "./atStore.ts";
import { outcome, type StepKind } from "./kind.ts";

/** A write. */
export const write: StepKind = {
  does: "write",
  start(step, worker, walk) {
    walk.outbox?.write(worker);
    return beginAtStore(step, worker, walk);
  },
  over(step, worker, walk) {
    const before = goOnAtStore(step, worker, walk);
    if (before !== undefined) return before;
    const what = walk.context.write(step.connection, walk.message(worker), worker);
    if (what === outcome.refused) return walk.because(what, "not-enough");
    if (what === outcome.failed) return walk.because(what, "store-unreachable");
    return what === outcome.conflict ? walk.because(what, "conflict") : what;
  },
};
