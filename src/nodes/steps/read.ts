// A step that reads from a store, and may wait until that has come far enough.

import { tooOld } from "../stores/waitingReads.ts";
import { beginAtStore, goOnAtStore } from "./atStore.ts";
import { outcome, type StepKind } from "./kind.ts";

/** A read. */
export const read: StepKind = {
  does: "read",
  start: beginAtStore,
  over(step, worker, walk) {
    const before = goOnAtStore(step, worker, walk);
    if (before !== undefined) return before;
    const life = walk.workers.life(worker);
    const what = walk.context.read(step.connection, walk.message(worker), worker, life);
    if (what === tooOld) return walk.because(outcome.failed, "too-old");
    return what === outcome.failed ? walk.because(what, "store-unreachable") : what;
  },
};
