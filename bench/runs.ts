// What the rows do with runs: open one, simulate a stretch of it, and look at its memory.

import { Arena } from "../src/kernel/arena.ts";
import type { Run } from "../src/engine/run.ts";

/** Simulates up to a time [ms], or to the end. */
export function simulateUntil(run: Run, ms = Infinity): void {
  run.advance({ untilNs: ms * 1e6, maxEvents: Infinity });
}

/** Simulates so many events. */
export function simulateEvents(run: Run, events: number): void {
  run.advance({ untilNs: Infinity, maxEvents: events });
}

/** The arena of a run. */
export function arenaOf(run: Run): Arena {
  // A run does not show its arena; its hash is the one call that goes straight to it.
  const hash = Arena.prototype.hash;
  let found: Arena | undefined;
  Arena.prototype.hash = function capture(this: Arena) {
    // oxlint-disable-next-line typescript/no-this-alias
    found = this;
    return "";
  };
  run.stateHash();
  Arena.prototype.hash = hash;
  if (found === undefined) throw new Error("The run has no arena.");
  return found;
}
