// The loop of a run: takes deeds and events in order of time and wakes whom they concern. At one instant the
// timeline comes first.

import { formatDurationMs } from "../base/units.ts";
import type { RunningNode } from "../nodes/context.ts";
import { doAct } from "./acts.ts";
import { limitEnding, limits } from "./limits.ts";
import type { Timeline } from "./timeline.ts";
import { codeBits } from "./timerCodes.ts";
import type { World } from "./world.ts";

// Cells of the progress: events and deeds so far, and those of them since time last moved on.
const EVENTS = 0;
const SAME_INSTANT = 1;

/** The loop of one run. */
export class Loop {
  readonly #world: World;
  readonly #timeline: Timeline;
  /** Doubles lie in arrays, and never go from one function to another: see ARCHITECTURE.md. */
  readonly #progress: Float64Array;
  /** Who is woken, by number; stores never are. After the nodes come the calls, the end of the warm-up and the network. */
  readonly #sleepers: readonly RunningNode[];

  constructor(world: World, timeline: Timeline) {
    this.#world = world;
    this.#timeline = timeline;
    // Two cells never grow, so the array itself may be kept.
    this.#progress = world.arena.float64("progress", 2).data;
    this.#sleepers = [
      ...world.components.map(({ run }) => run),
      world.calls,
      { wake: () => world.warmUp.end() },
      world.network,
    ];
  }

  /** Events and deeds simulated so far. */
  events(): number {
    return this.#progress[EVENTS]!;
  }

  /** Simulates so many events and deeds, or up to a time [ns]; true when there are no more of them up to it. */
  simulate(untilNs: number, most: number): boolean {
    const world = this.#world;
    const { events } = world;
    const { nextNs } = this.#timeline;
    const progress = this.#progress;
    // Times are whole: what is earlier than a deed is so by a nanosecond at least.
    events.limit[0] = Math.min(untilNs, nextNs[0]! - 1);
    for (let left = most; left > 0 && world.ended() === null; left--) {
      const isEvent = events.next();
      if (!isEvent && nextNs[0]! > untilNs) return true;
      progress[EVENTS]!++;
      this.#goTo(isEvent ? events.clock : nextNs);
      if (isEvent) {
        const { code, a, b } = events;
        this.#sleepers[code >> codeBits]!.wake(code & ((1 << codeBits) - 1), a, b);
      } else {
        doAct(world, this.#timeline.next()!.act);
        events.limit[0] = Math.min(untilNs, nextNs[0]! - 1);
      }
    }
    return false;
  }

  /** Sets the time to what the first cell of an array holds [ns]. */
  #goTo(time: Float64Array): void {
    const { clock } = this.#world;
    if (time[0] !== clock[0]) this.#progress[SAME_INSTANT] = 0;
    else if (++this.#progress[SAME_INSTANT]! > limits.instant) this.#standStill();
    clock[0] = time[0]!;
  }

  #standStill(): void {
    this.#world.end(limitEnding("instant", formatDurationMs(this.#world.now() / 1e6)));
  }
}
