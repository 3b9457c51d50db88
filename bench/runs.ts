// What the rows do with runs: simulate a stretch, and look at what a checkpoint costs.

import type { Run } from "../src/engine/run.ts";

/** Simulates up to a time [ms], or to the end. */
export function simulateUntil(run: Run, ms = Infinity): void {
  run.advance({ untilNs: ms * 1e6, maxEvents: Infinity });
}

/** Simulates so many events. */
export function simulateEvents(run: Run, events: number): void {
  run.advance({ untilNs: Infinity, maxEvents: events });
}
