// The moments of a run to which it can go back at once. They are taken every so many events, closer together in a
// small run than in a large one, and thinned out when the memory given to them is full.

import type { Arena } from "../kernel/arena.ts";
import { type Snapshot, Snapshots } from "../kernel/snapshots.ts";

/** Events between two moments at least: simulating them again takes a few hundredths of a second. */
const eventsMin = 30_000;
/** In a large run another event for so many bytes of state: taking a moment shall cost a fraction of the work between. */
const bytesPerEvent = 512;

/** A place in a run: not after a time [ns], not after so many events, and after at most so many messages. */
export interface Place {
  readonly timeNs: number;
  readonly events: number;
  readonly messages?: number;
}

/** A state to which a run can go back. */
interface Moment {
  /** Time of the latest event before it [ns], and how many events there were. */
  readonly timeNs: number;
  readonly events: number;
  readonly messages: number;
  readonly snapshot: Snapshot;
}

/** The moments of one run, in order of time. */
export class History {
  readonly #snapshots: Snapshots;
  readonly #bytesMax: number;
  readonly #apartMin: number;
  readonly #bytesPerEvent: number;
  /** Events between two moments now. */
  #apart: number;
  readonly #moments: Moment[] = [];
  /** Events at the last look, so that a moment that was thinned out at once is not taken again at once. */
  #lookedAt = 0;

  /** `eventsApart` replaces the rule by which moments are taken; for tests. */
  constructor(arena: Arena, bytesMax: number, eventsApart?: number) {
    this.#snapshots = new Snapshots(arena);
    this.#bytesMax = bytesMax;
    this.#apartMin = eventsApart ?? eventsMin;
    this.#apart = this.#apartMin;
    this.#bytesPerEvent = eventsApart === undefined ? bytesPerEvent : Infinity;
  }

  /** How many events may still happen before `keep` shall be called; at least one. */
  eventsLeft(events: number): number {
    return Math.max(1, this.#apart - this.#eventsSince(events));
  }

  /** Keeps the present moment when the last one lies far enough back. */
  keep({ timeNs, events, messages }: Required<Place>): void {
    if (this.#eventsSince(events) < this.#apart) return;
    this.#lookedAt = events;
    const bytes = this.#snapshots.bytesOfOne();
    this.#apart = this.#apartMin + Math.round(bytes / this.#bytesPerEvent);
    // A state that does not fit alone would only push the others out.
    if (bytes > this.#bytesMax) return;
    const at = this.#moments.findLastIndex((moment) => moment.events <= events);
    const snapshot = this.#snapshots.take(this.#moments[at]?.snapshot);
    this.#moments.splice(at + 1, 0, { timeNs, events, messages, snapshot });
    while (this.#snapshots.byteLength() > this.#bytesMax && this.#moments.length > 1) this.#thin();
  }

  /** Events before the last moment up to a place; 0 when only the beginning lies there. */
  eventsBefore(place: Place): number {
    return this.#latestBefore(place)?.events ?? 0;
  }

  /** Time of the last moment up to a place [ns]; −1 when only the beginning lies there. */
  timeBefore(place: Place): number {
    return this.#latestBefore(place)?.timeNs ?? -1;
  }

  /** Puts an arena to the last moment up to a place; false when only the beginning lies there. */
  restore(place: Place, into: Arena): boolean {
    const moment = this.#latestBefore(place);
    if (moment === undefined) return false;
    this.#snapshots.restore(moment.snapshot, into);
    return true;
  }

  /** Forgets the moments from a time on: another future begins there. */
  forgetFrom(timeNs: number): void {
    const first = this.#moments.findIndex((moment) => moment.timeNs >= timeNs);
    if (first < 0) return;
    for (const { snapshot } of this.#moments.splice(first)) this.#snapshots.drop(snapshot);
  }

  /** Number of moments, and the memory that they take [bytes]. */
  size(): { readonly moments: number; readonly bytes: number } {
    return { moments: this.#moments.length, bytes: this.#snapshots.byteLength() };
  }

  #latestBefore(place: Place): Moment | undefined {
    return this.#moments.findLast(
      ({ timeNs, events, messages }) =>
        timeNs <= place.timeNs &&
        events <= place.events &&
        messages <= (place.messages ?? Infinity),
    );
  }

  /** Events since the last moment, or since the last look at whether to take one. */
  #eventsSince(events: number): number {
    const before = this.#moments.findLast((moment) => moment.events <= events)?.events ?? 0;
    return events - Math.max(before, this.#lookedAt <= events ? this.#lookedAt : 0);
  }

  /** Drops the moment that leaves the smallest gap; of equal ones the oldest, which is missed least. */
  #thin(): void {
    let least = 0;
    let leastGap = Infinity;
    this.#moments.forEach((_, at) => {
      const gap =
        (this.#moments[at + 1]?.events ?? Infinity) - (this.#moments[at - 1]?.events ?? 0);
      if (gap >= leastGap) return;
      least = at;
      leastGap = gap;
    });
    const [dropped] = this.#moments.splice(least, 1);
    if (dropped !== undefined) this.#snapshots.drop(dropped.snapshot);
  }
}
