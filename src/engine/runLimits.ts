// Where a run ends: at its end, or before it when it has become too long or too large; and which instants it has.

import { formatDurationMs } from "../base/units.ts";
import type { RunEnding } from "../model/result.ts";
import { eventsBetweenLooks, limitEnding, limits } from "./limits.ts";
import type { World } from "./world.ts";

/** How a run of a length [ns] ends when no limit is in the way. */
export function finishedEnding(durationNs: number): RunEnding {
  const length = formatDurationMs(durationNs / 1e6);
  return {
    reason: "finished",
    sentence: `The run reached its end after ${length} of simulated time.`,
  };
}

/** Ends the run when it has become too long or too large. Memory is looked at now and then only, but always after
 *  the same events, and as what is used: reserves depend on how a run came to be where it is. */
export function checkSize(world: World, events: number): void {
  if (events >= limits.events)
    world.end(limitEnding("events", formatDurationMs(world.now() / 1e6)));
  if (events % eventsBetweenLooks === 0 && world.arena.usedBytes() > limits.memory)
    world.end(limitEnding("memory", formatDurationMs(world.now() / 1e6)));
}

/** Events until the next look at the size of the run. */
export function eventsToLook(events: number): number {
  return Math.min(eventsBetweenLooks - (events % eventsBetweenLooks), limits.events - events);
}

/** Why there is no such instant [ns] in a run of a length [ns]; undefined where there is. */
export function instantProblem(timeNs: number, durationNs: number): string | undefined {
  if (timeNs >= 0 && timeNs <= durationNs) return undefined;
  const length = formatDurationMs(durationNs / 1e6);
  return `The run goes from 0 s to ${length}; choose an instant between them.`;
}
