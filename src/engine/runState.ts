// What a run hands out and takes in to go on elsewhere: its state as plain data, and what shall be different there.

import type { Checkpoint } from "../kernel/arena.ts";
import type { LiveAct } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";

/** A run as plain data: everything that a fresh run of the same scenario needs to go on from there, also in
 *  another thread. */
export interface RunState {
  readonly timeNs: number;
  readonly live: readonly TimelineEntry[];
  readonly checkpoint: Checkpoint;
}

/** What is different in a second run from the instant on at which it begins. */
export interface ForkChanges {
  /** Done at the next whole microsecond, in this order. */
  readonly acts?: readonly LiveAct[];
  /** The scenario as it shall be from then on: other live parameters, another timeline from then on, other objectives. */
  readonly scenario?: Scenario;
}
