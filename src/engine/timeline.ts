// The timeline of a run: what the document says shall happen, and what a person does while it runs. At one
// instant the timeline comes before everything else, so that a recorded act repeats itself exactly. The timeline is
// what a run is given, not its state: going back in time takes nothing off it. Only how far it got is state.

import { msToNs } from "../base/units.ts";
import type { LiveAct } from "../model/result.ts";
import { faultOf } from "../model/networkFault.ts";
import type { ClusterPlace, TimelineEntry } from "../model/timeline.ts";
import type { Arena, Int32Column } from "../kernel/arena.ts";

/** One thing to do at a time [ns]. */
export interface Deed {
  readonly timeNs: number;
  readonly act: LiveAct;
}

/** The deeds of a run in order of time, then of the document, with a mark of how far it got. */
export class Timeline {
  readonly #planned: readonly TimelineEntry[];
  readonly #live: TimelineEntry[] = [];
  readonly #done: Int32Column;
  /** Time of the next deed [ns], Infinity when there is none, in its only cell: follows from the rest, and lies in
   *  an array because the loop looks at it for every event. */
  readonly nextNs = new Float64Array([Infinity]);
  #deeds: readonly Deed[];

  constructor(arena: Arena, planned: readonly TimelineEntry[]) {
    this.#planned = planned;
    this.#deeds = deedsOf(planned);
    this.#done = arena.int32("timeline", 1);
    this.#lookAhead();
    arena.onRestore(() => this.#lookAhead());
  }

  /** Takes the next deed. */
  next(): Deed | undefined {
    const deed = this.#deeds[this.#done.data[0]!++];
    this.#lookAhead();
    return deed;
  }

  /** The earliest entry, planned or live. */
  first(): TimelineEntry | undefined {
    return [...this.#planned, ...this.#live].toSorted((a, b) => a.at - b.at)[0];
  }

  /** Everything that has happened or will, planned and live. */
  entries(): readonly TimelineEntry[] {
    return [...this.#planned, ...this.#live];
  }

  /** What was done during the run, in the order in which it was done. */
  live(): readonly TimelineEntry[] {
    return this.#live;
  }

  /** Puts on the timeline what a person does, after what stands there for the same instant. It must lie ahead. */
  add(entries: readonly TimelineEntry[]): void {
    this.#live.push(...entries);
    this.#deeds = deedsOf([...this.#planned, ...this.#live]);
    this.#lookAhead();
  }

  #lookAhead(): void {
    this.nextNs[0] = this.#deeds[this.#done.data[0]!]?.timeNs ?? Infinity;
  }
}

/** The entry of an act that is done now, and its time [ns]: the next whole microsecond. */
export function entryFor(
  act: LiveAct,
  nowNs: number,
): { readonly entry: TimelineEntry; readonly timeNs: number } {
  // The entry holds milliseconds: its time is what they will be read as again, which after weeks of simulated
  // time may be a nanosecond beside the whole microsecond.
  const microseconds = Math.floor(nowNs / 1000) + 1;
  const next = microseconds / 1000;
  const at = msToNs(next) > nowNs ? next : (microseconds + 1) / 1000;
  return { entry: { at, ...act }, timeNs: msToNs(at) };
}

/** What entries of a timeline come to, in order of time, then of the list. */
export function deedsOf(entries: readonly TimelineEntry[]): readonly Deed[] {
  return entries.flatMap(deedsOfEntry).sort((a, b) => a.timeNs - b.timeNs);
}

/** A fault with a duration is two deeds: its beginning and its end. */
function deedsOfEntry(entry: TimelineEntry): readonly Deed[] {
  const timeNs = msToNs(entry.at);
  const { target } = entry;
  if (entry.act === "network") {
    const fault = faultOf(entry);
    const begin: Deed = { timeNs, act: { act: "network", ...fault } };
    if (entry.duration === undefined) return [begin];
    const endNs = msToNs(entry.at + entry.duration);
    return [begin, { timeNs: endNs, act: { act: "heal", target, fault } }];
  }
  if (entry.act === "heal") return [{ timeNs, act: { act: "heal", target } }];
  if (entry.act === "set")
    return [
      { timeNs, act: { act: "set", target, parameter: entry.parameter, value: entry.value } },
    ];
  if (entry.act === "roll out") {
    const { contract, contractVersion } = entry;
    return [{ timeNs, act: { act: "roll out", target, contract, contractVersion } }];
  }
  if (entry.act === "redrive") {
    const { rate, count, to } = entry;
    const some = {
      ...(count === undefined ? {} : { count }),
      ...(to === undefined ? {} : { to }),
    };
    return [{ timeNs, act: { act: "redrive", target, rate, ...some } }];
  }
  const place = {
    target,
    ...(entry.member === undefined ? {} : { member: entry.member }),
    ...(entry.zone === undefined ? {} : { zone: entry.zone }),
  };
  const begin: LiveAct =
    entry.act === "slow"
      ? { act: "slow", ...place, factor: entry.factor }
      : { act: entry.act, ...place };
  const deed: Deed = { timeNs, act: begin };
  if (!("duration" in entry) || entry.duration === undefined) return [deed];
  return [deed, { timeNs: msToNs(entry.at + entry.duration), act: endOf(entry.act, place) }];
}

const ends = { crash: "restart", isolate: "reconnect", pause: "resume" } as const;

/** What ends a fault that lasts for a while. */
function endOf(
  act: "crash" | "isolate" | "pause" | "slow",
  place: { readonly target: string } & ClusterPlace,
): LiveAct {
  if (act === "slow") return { act, ...place, factor: 1 };
  return { act: ends[act], ...place };
}
