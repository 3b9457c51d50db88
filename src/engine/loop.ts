// The loop of a run: takes deeds and events in order of time and wakes whom they concern. At one instant the
// timeline comes first. One function, because the times that it compares then never need an object of their own.

import { formatDurationMs } from "../base/units.ts";
import type { RunningNode } from "../nodes/context.ts";
import { doAct } from "./acts.ts";
import { limitEnding, limits } from "./limits.ts";
import type { Timeline } from "./timeline.ts";
import { codeBits, type World } from "./world.ts";

// Cells of the progress: events and deeds so far, and those of them since time last moved on.
const EVENTS = 0;
const SAME_INSTANT = 1;

/** The loop of one run. */
export class Loop {
  readonly #world: World;
  readonly #timeline: Timeline;
  readonly #progress: Float64Array;
  /** Who is woken, by number; stores never are. After the nodes come the calls and the end of the warm-up. */
  readonly #sleepers: readonly RunningNode[];

  constructor(world: World, timeline: Timeline) {
    this.#world = world;
    this.#timeline = timeline;
    // Two cells never grow, so the array itself may be kept.
    this.#progress = world.arena.float64("progress", 2).data;
    this.#sleepers = [
      ...world.components.map((component) => (component.kind === "store" ? nobody : component.run)),
      world.calls,
      { wake: () => world.warmUp.end() },
    ];
  }

  /** Events and deeds simulated so far. */
  events(): number {
    return this.#progress[EVENTS]!;
  }

  /** Simulates so many events and deeds, or up to a time [ns]; true when there are no more of them up to it. */
  simulate(untilNs: number, most: number): boolean {
    const world = this.#world;
    const progress = this.#progress;
    const { events, clock } = world;
    const { nextNs } = this.#timeline;
    for (let left = most; left > 0 && world.ended() === null; left--) {
      const deedNs = nextNs[0]!;
      const eventNs = events.peekTime();
      const isDeed = deedNs <= eventNs;
      const timeNs = isDeed ? deedNs : eventNs;
      if (timeNs > untilNs) return true;
      progress[EVENTS]!++;
      if (timeNs !== clock[0]) progress[SAME_INSTANT] = 0;
      else if (++progress[SAME_INSTANT]! > limits.instant) this.#standStill();
      clock[0] = timeNs;
      if (isDeed) doAct(world, this.#timeline.next()!.act);
      else {
        events.next();
        const { code, a, b } = events;
        this.#sleepers[code >> codeBits]!.wake(code & ((1 << codeBits) - 1), a, b);
      }
    }
    return false;
  }

  #standStill(): void {
    this.#world.end(limitEnding("instant", formatDurationMs(this.#world.now() / 1e6)));
  }
}

const nobody: RunningNode = { wake: () => undefined };
