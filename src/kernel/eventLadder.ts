// The middle of the event list: a ladder queue (W. T. Tang, R. S. M. Goh, I. L.-J. Thng 2005). A rung
// divides a span of time into buckets of equal width; a bucket that turns out too full becomes a rung of
// its own below. What a bucket holds is sorted only when its turn comes.

import type { Arena, Int32Column } from "./arena.ts";
import { type EventSlots, NO_SLOT } from "./eventSlots.ts";

/** A rung has a bucket for so many events: fewer cost buckets, more cost sorting. */
const EVENTS_PER_BUCKET = 8;
const BUCKETS_MIN = 16;
/** A bucket with more events than this becomes a rung. */
const BUCKET_MAX = 64;
/** The first rung reaches this many times as far as events are on average. */
const MEANS = 4;
/** More than whole nanoseconds can need: below a bucket, two rungs together are at least sixteen times
 *  finer; below the sorted list, a rung is less than half as full as the one above. */
const RUNGS_MAX = 64;

// Integers of a rung: position of its first bucket, number of its last, number of the first that was
// not taken yet, and the events it holds.
const FIRST = 0;
const LAST = 1;
const CURRENT = 2;
const SIZE = 3;
const STRIDE = 4;
/** Behind all rungs: the cells in use. */
const USED = RUNGS_MAX * STRIDE;

// Doubles of a rung: where it begins [ns], and buckets per nanosecond.
const START = 0;
const SCALE = 1;

// Integers of a bucket: its newest slot, from which a list leads to the oldest, and the events in it.
const NEWEST = 0;
const COUNT = 1;

/** Rungs, each within a bucket taken from the one before, and in front of what that has left. A rung
 *  without events is removed at once. */
export class EventLadder {
  /** Number of events in the bucket taken last. */
  taken = 0;
  /** Slots on their way to a new rung, of one time the oldest first; empty in between. */
  readonly moving: Int32Column;
  readonly #slots: EventSlots;
  /** The buckets of all rungs, one rung after the other. */
  readonly #buckets: Int32Column;
  // Columns that never grow: the arrays themselves are kept.
  readonly #rungs: Int32Array;
  readonly #spans: Float64Array;
  // The array of the buckets, looked up again after it has grown or was restored.
  #cells!: Int32Array;

  constructor(arena: Arena, name: string, slots: EventSlots) {
    this.moving = arena.int32(`${name}.moving`);
    this.#slots = slots;
    this.#buckets = arena.int32(`${name}.buckets`);
    this.#cells = this.#buckets.data;
    this.#rungs = arena.int32(`${name}.rungs`, USED + 1).data;
    this.#spans = arena.float64(`${name}.spans`, 2 * RUNGS_MAX).data;
    arena.onRestore(() => {
      this.#cells = this.#buckets.data;
    });
  }

  /** Puts an event into its bucket; false when it comes before all that are left. */
  insert(slot: number): boolean {
    const timeNs = this.#slots.times.data[slot]!;
    const spans = this.#spans;
    const rungs = this.#rungs;
    const end = this.#rungs[USED]!;
    for (let rung = 0; rung < end; rung += STRIDE) {
      const span = rung >> 1;
      // Limited before it is compared: an event past the end is in the last bucket, not in none.
      const number = Math.min(
        (timeNs - spans[span + START]!) * spans[span + SCALE]!,
        rungs[rung + LAST]!,
      );
      if (number < rungs[rung + CURRENT]!) continue;
      const buckets = this.#cells;
      const bucket = rungs[rung + FIRST]! + 2 * (number | 0);
      this.#slots.next.data[slot] = buckets[bucket + NEWEST]!;
      buckets[bucket + NEWEST] = slot;
      buckets[bucket + COUNT]!++;
      rungs[rung + SIZE]!++;
      return true;
    }
    return false;
  }

  /** Makes the first rung of slots in a column, of one time the oldest first, and removes them from it.
   *  Those far behind the others stay; returns the time after which they are [ns]. */
  start(column: Int32Column): number {
    const times = this.#slots.times.data;
    let minNs = Infinity;
    let maxNs = 0;
    let sum = 0;
    for (let i = 0; i < column.length; i++) {
      const timeNs = times[column.data[i]!]!;
      if (timeNs < minNs) minNs = timeNs;
      if (timeNs > maxNs) maxNs = timeNs;
      sum += timeNs;
    }
    // Buckets for where events are on average: a few that are far away would make them too wide.
    const meanNs = sum / column.length - minNs;
    const endNs = Math.min(maxNs, Math.max(minNs + 1, minNs + MEANS * meanNs));
    const part = meanNs > 0 ? Math.min(MEANS, (endNs - minNs) / meanNs) : 0;
    this.#addRung((part * column.length) / EVENTS_PER_BUCKET, minNs, endNs);
    this.#fill(column, endNs);
    return endNs;
  }

  /** Makes a rung below the others of the slots in `moving`. */
  build(): void {
    const times = this.#slots.times.data;
    const { data, length } = this.moving;
    let minNs = Infinity;
    let maxNs = 0;
    for (let i = 0; i < length; i++) {
      const timeNs = times[data[i]!]!;
      if (timeNs < minNs) minNs = timeNs;
      if (timeNs > maxNs) maxNs = timeNs;
    }
    this.#addRung(length / EVENTS_PER_BUCKET, minNs, maxNs);
    this.#fill(this.moving, maxNs);
  }

  /** Takes the earliest bucket: its newest slot, from which a list leads to the oldest, `taken` in all.
   *  It has few events, or all have one time. */
  takeBucket(): number {
    while (this.#rungs[USED]! > 0) {
      const rung = this.#rungs[USED]! - STRIDE;
      const rungs = this.#rungs;
      const buckets = this.#cells;
      const first = rungs[rung + FIRST]!;
      let current = rungs[rung + CURRENT]!;
      while (buckets[first + 2 * current + COUNT] === 0) current++;
      const newest = buckets[first + 2 * current + NEWEST]!;
      const count = buckets[first + 2 * current + COUNT]!;
      rungs[rung + CURRENT] = current + 1;
      rungs[rung + SIZE]! -= count;
      if (rungs[rung + SIZE] === 0) this.#removeRung();
      if (count > BUCKET_MAX && this.#split(newest, count)) continue;
      this.taken = count;
      return newest;
    }
    return NO_SLOT;
  }

  /** Adds rungs to `moving` that are small against it, to be built into one: without this, rungs of a
   *  few events each would pile up. */
  absorb(): void {
    while (this.#rungs[USED]! > 0) {
      const rung = this.#rungs[USED]! - STRIDE;
      const rungs = this.#rungs;
      const isSmall = rungs[rung + SIZE]! <= 2 * this.moving.length;
      if (!isSmall && this.#rungs[USED]! < RUNGS_MAX * STRIDE) return;
      const buckets = this.#cells;
      for (let number = rungs[rung + CURRENT]!; number <= rungs[rung + LAST]!; number++) {
        const bucket = rungs[rung + FIRST]! + 2 * number;
        this.#collect(buckets[bucket + NEWEST]!, buckets[bucket + COUNT]!);
      }
      this.#removeRung();
    }
  }

  /** Makes a rung of a bucket, unless all its events have one time. */
  #split(newest: number, count: number): boolean {
    if (this.#rungs[USED]! >= RUNGS_MAX * STRIDE) return false;
    const times = this.#slots.times.data;
    const next = this.#slots.next.data;
    const timeNs = times[newest]!;
    let slot = newest;
    let left = count;
    while (left > 0 && times[slot] === timeNs) {
      slot = next[slot]!;
      left--;
    }
    if (left === 0) return false;
    this.#collect(newest, count);
    this.build();
    return true;
  }

  /** Appends the events of a bucket to `moving`, the oldest first. */
  #collect(newest: number, count: number): void {
    const start = this.moving.length;
    this.moving.reserve(start + count);
    this.moving.length = start + count;
    const { data } = this.moving;
    const next = this.#slots.next.data;
    let slot = newest;
    for (let at = start + count - 1; at >= start; at--) {
      data[at] = slot;
      slot = next[slot]!;
    }
  }

  /** Moves the slots in a column up to a time into the last rung, which is empty. */
  #fill(column: Int32Column, endNs: number): void {
    const rung = this.#rungs[USED]! - STRIDE;
    const rungs = this.#rungs;
    const first = rungs[rung + FIRST]!;
    const last = rungs[rung + LAST]!;
    const startNs = this.#spans[(rung >> 1) + START]!;
    const scale = this.#spans[(rung >> 1) + SCALE]!;
    const { data, length } = column;
    const times = this.#slots.times.data;
    const next = this.#slots.next.data;
    const buckets = this.#cells;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const slot = data[i]!;
      const timeNs = times[slot]!;
      if (timeNs > endNs) {
        data[kept++] = slot;
        continue;
      }
      const bucket = first + 2 * (Math.min((timeNs - startNs) * scale, last) | 0);
      next[slot] = buckets[bucket + NEWEST]!;
      buckets[bucket + NEWEST] = slot;
      buckets[bucket + COUNT]!++;
    }
    rungs[rung + SIZE] = length - kept;
    column.length = kept;
  }

  #addRung(buckets: number, startNs: number, endNs: number): void {
    const count = Math.max(BUCKETS_MIN, Math.ceil(buckets));
    const first = this.#buckets.length;
    this.#buckets.resize(first + 2 * count);
    this.#cells = this.#buckets.data;
    const rung = this.#rungs[USED]!;
    this.#rungs[rung + FIRST] = first;
    this.#rungs[rung + LAST] = count - 1;
    this.#rungs[rung + CURRENT] = 0;
    this.#rungs[rung + SIZE] = 0;
    this.#spans[(rung >> 1) + START] = startNs;
    this.#spans[(rung >> 1) + SCALE] = endNs > startNs ? count / (endNs - startNs) : 0;
    this.#rungs[USED] = rung + STRIDE;
  }

  #removeRung(): void {
    const rung = this.#rungs[USED]! - STRIDE;
    this.#buckets.length = this.#rungs[rung + FIRST]!;
    this.#rungs[USED] = rung;
  }
}
