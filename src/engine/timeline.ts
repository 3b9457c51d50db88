// The timeline of a run: what the document says shall happen, and what a person does while it runs. At one
// instant the timeline comes before everything else, so that a recorded act repeats itself exactly.

import { msToNs } from "../base/units.ts";
import type { LiveAct } from "../model/result.ts";
import type { Scenario, TimelineEntry } from "../model/scenario.ts";
import type { Arena, Int32Column } from "../kernel/arena.ts";

/** One thing to do at a time [ns]. */
export interface Deed {
  readonly timeNs: number;
  readonly act: LiveAct;
}

/** The deeds of a run in order of time, then of the document, with a mark of how far it got. */
export class Timeline {
  readonly #deeds: Deed[];
  readonly #done: Int32Column;

  constructor(arena: Arena, scenario: Scenario) {
    this.#deeds = scenario.timeline.flatMap(deedsOf).sort((a, b) => a.timeNs - b.timeNs);
    this.#done = arena.int32("timeline", 1);
  }

  /** Time of the next deed [ns], Infinity when there is none. */
  peekTime(): number {
    return this.#deeds[this.#done.data[0]!]?.timeNs ?? Infinity;
  }

  /** Takes the next deed. */
  next(): Deed | undefined {
    return this.#deeds[this.#done.data[0]!++];
  }

  /** Adds what a person does now: at the next whole microsecond, after what is planned for it.
   *  Returns the entry that repeats it and the time [ns]. */
  add(act: LiveAct, nowNs: number): { readonly entry: TimelineEntry; readonly timeNs: number } {
    // The entry holds milliseconds: its time is what they will be read as again, which after weeks of simulated
    // time may be a nanosecond beside the whole microsecond.
    const microseconds = Math.floor(nowNs / 1000) + 1;
    const next = microseconds / 1000;
    const at = msToNs(next) > nowNs ? next : (microseconds + 1) / 1000;
    const timeNs = msToNs(at);
    const later = this.#deeds.findIndex((deed) => deed.timeNs > timeNs);
    this.#deeds.splice(later < 0 ? this.#deeds.length : later, 0, { timeNs, act });
    return { entry: { at, ...act }, timeNs };
  }
}

/** A crash with a duration is a crash and a restart. */
function deedsOf(entry: TimelineEntry): readonly Deed[] {
  const timeNs = msToNs(entry.at);
  const { target } = entry;
  if (entry.act === "set")
    return [
      { timeNs, act: { act: "set", target, parameter: entry.parameter, value: entry.value } },
    ];
  const member = entry.member === undefined ? {} : { member: entry.member };
  const deed: Deed = { timeNs, act: { act: entry.act, target, ...member } };
  if (entry.act === "restart" || entry.duration === undefined) return [deed];
  const restart: Deed = {
    timeNs: msToNs(entry.at + entry.duration),
    act: { act: "restart", target, ...member },
  };
  return [deed, restart];
}
