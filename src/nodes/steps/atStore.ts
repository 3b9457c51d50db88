// How a read or write begins: first the lock that it needs, then a place in the store, then the operation itself. Each wait
// ends by `over`, as the operation does; `goOnAtStore` says whether that was the operation.

import { lockOutcome } from "../stores/locks.ts";
import { outcome, type Step, type Walk } from "./kind.ts";

/** What a worker waits for at a store: the end of its operation, a lock, or a place. */
export const atStore = { operating: 0, inLine: 1, waiting: 2 } as const;

/** Begins a read or write; one of `outcome`. */
export function beginAtStore(step: Step, worker: number, walk: Walk): number {
  const { context, workers } = walk;
  const message = walk.message(worker);
  if (step.locks) {
    const hasWaited = context.storeStage(worker) === atStore.inLine;
    const what = context.lock(step.connection, message, worker, workers.life(worker));
    if (what === outcome.underWay) return what;
    // What else would have ended the wait must not end the operation.
    if (hasWaited) workers.renew(worker);
    if (what === lockOutcome.deadlock) return walk.because(outcome.failed, "deadlock");
    if (what === lockOutcome.timedOut) return walk.because(outcome.failed, "lock-timeout");
  }
  const waitNs = context.storeWaitNs(step.connection, message, worker);
  if (waitNs === 0) return operate(step, worker, walk);
  walk.overAfter(waitNs, worker);
  return outcome.underWay;
}

/** A wait at a store is over; undefined when it was the operation, which may take effect now. */
export function goOnAtStore(step: Step, worker: number, walk: Walk): number | undefined {
  const stage = walk.context.storeStage(worker);
  if (stage === atStore.operating) return undefined;
  return stage === atStore.inLine ? beginAtStore(step, worker, walk) : operate(step, worker, walk);
}

function operate(step: Step, worker: number, walk: Walk): number {
  walk.overAfter(walk.context.storeNs(step.connection, walk.message(worker), worker), worker);
  return outcome.underWay;
}
