// Levels over simulated time with bounded memory, each held from one change to the next. Reading never changes
// anything, so that looking at a chart leaves the state hash alone.

import type { Arena, Float64Column } from "./arena.ts";
import {
  capacityDefault,
  closedBuckets,
  evenCapacity,
  positiveWidth,
  register,
  requireTime,
  type SeriesOptions,
  widthNsDefault,
} from "./timeBuckets.ts";

/** What a chart of a level needs; a copy, the caller's own. */
export interface LevelChart {
  /** Width of a bucket [ns]. */
  readonly widthNs: number;
  /** Time-weighted mean per bucket; the last one over the part that has passed. */
  readonly means: Float64Array;
  /** Highest level per bucket, levels held for no time included. */
  readonly maxima: Float64Array;
}

// The level, and the open bucket with it: eight doubles, one line of memory. Then the width of all buckets, and of the
// closed ones before it how many there are and where they begin.
const SINCE = 0;
const LEVEL = 1;
const INTEGRAL = 2;
const MAX = 3;
const END = 4;
const OPEN = 5;
const HIGHEST = 6;
const WIDTH = 7;
const CLOSED = 8;
const FIRST = 9;
const CELLS = 10;

/** No closed bucket has been needed yet. */
const NOWHERE = -1;

// Cells of a closed bucket.
const AREA = 0;
const PEAK = 1;
const BUCKET = 2;

/** A level such as a queue length, held from one change to the next. Levels are not negative and are
 *  0 at the start. Figures per bucket reach up to the last change; `chart` goes on to any later time. */
export class LevelSeries {
  readonly #cells: Float64Array;
  readonly #at: number;
  /** Integral and highest level of the closed buckets, also those of other series. */
  readonly #closed: Float64Column;
  readonly #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? capacityDefault);
    this.#closed = arena.commonFloat64(closedBuckets);
    ({ cells: this.#cells, at: this.#at } = arena.floatCells(`${name}.state`, CELLS));
    this.#cells[this.#at + WIDTH] = positiveWidth(options.widthNs ?? widthNsDefault);
    this.#cells[this.#at + FIRST] = NOWHERE;
  }

  /** Changes the level at a time [ns] not before the last change. */
  set(timeNs: number, level: number): void {
    register[0] = timeNs;
    this.book(level);
  }

  /** Changes the level by a difference. */
  add(timeNs: number, difference: number): void {
    register[0] = timeNs;
    this.shift(difference);
  }

  private shift(difference: number): void {
    this.book(this.#cells[this.#at + LEVEL]! + difference);
  }

  private book(level: number): void {
    const timeNs = register[0]!;
    const cells = this.#cells;
    const at = this.#at;
    const sinceNs = cells[at + SINCE]!;
    if (!(timeNs >= sinceNs && level >= 0)) this.#refuse(level);
    const area = cells[at + LEVEL]! * (timeNs - sinceNs);
    if (timeNs < cells[at + END]!) {
      cells[at + OPEN]! += area;
      if (level > cells[at + HIGHEST]!) cells[at + HIGHEST] = level;
    } else this.#reach(level);
    cells[at + INTEGRAL]! += area;
    cells[at + SINCE] = timeNs;
    cells[at + LEVEL] = level;
    if (level > cells[at + MAX]!) cells[at + MAX] = level;
  }

  #refuse(level: number): never {
    throw badChange(register[0]!, this.#read(SINCE), level);
  }

  /** The present level. */
  level(): number {
    return this.#cells[this.#at + LEVEL]!;
  }

  /** Highest level so far, levels held for no time included. */
  max(): number {
    return this.#read(MAX);
  }

  /** Integral of the level from 0 to a time not before the last change [level ns]. */
  integral(timeNs: number): number {
    const sinceNs = this.#read(SINCE);
    if (!(timeNs >= sinceNs)) throw backwards(timeNs, sinceNs);
    return this.#read(INTEGRAL) + this.level() * (timeNs - sinceNs);
  }

  /** Width of a bucket [ns]. */
  widthNs(): number {
    return this.#read(WIDTH);
  }

  /** Number of buckets up to the one of the last change. */
  length(): number {
    return this.#read(END) === 0 ? 0 : this.#read(CLOSED) + 1;
  }

  /** Time-weighted mean in a bucket; in the last one up to the last change. 0 beyond it. */
  meanAt(bucket: number): number {
    if (bucket >= this.length()) return 0;
    const isOpen = bucket === this.#read(CLOSED);
    const area = isOpen ? this.#read(OPEN) : this.#closed.data[this.#cellOf(bucket) + AREA]!;
    return meanOf(area, passedOf(bucket, this.widthNs(), this.#read(SINCE)));
  }

  /** Highest level in a bucket; 0 beyond the last. */
  maxAt(bucket: number): number {
    if (bucket >= this.length()) return 0;
    const isOpen = bucket === this.#read(CLOSED);
    return isOpen ? this.#read(HIGHEST) : this.#closed.data[this.#cellOf(bucket) + PEAK]!;
  }

  /** Means and maxima from 0 to `untilNs` [ns], not before the last change, the present level held
   *  until then. Its buckets may be wider than those of the series, if that time is far ahead. */
  chart(untilNs: number): LevelChart {
    const sinceNs = this.#read(SINCE);
    if (!(untilNs >= sinceNs && untilNs < Infinity)) throw backwards(untilNs, sinceNs);
    const closed = this.#read(CLOSED);
    const cells = new Float64Array(BUCKET * this.#capacity);
    if (closed > 0) cells.set(this.#closed.data.subarray(this.#cellOf(0), this.#cellOf(closed)));
    cells[BUCKET * closed + AREA] = this.#read(OPEN);
    cells[BUCKET * closed + PEAK] = this.#read(HIGHEST);
    let widthNs = this.widthNs();
    for (let count = closed + 1; untilNs >= this.#capacity * widthNs; widthNs *= 2)
      count = joinPairs(cells, 0, count);
    hold(cells, 0, { fromNs: sinceNs, untilNs, level: this.level(), widthNs });
    const length = Math.floor(untilNs / widthNs) + 1;
    const means = Float64Array.from({ length }, (_, bucket) =>
      meanOf(cells[BUCKET * bucket + AREA]!, passedOf(bucket, widthNs, untilNs)),
    );
    const maxima = Float64Array.from({ length }, (_, bucket) => cells[BUCKET * bucket + PEAK]!);
    return { widthNs, means, maxima };
  }

  #read(cell: number): number {
    return this.#cells[this.#at + cell]!;
  }

  /** First cell of a closed bucket. */
  #cellOf(bucket: number): number {
    return this.#read(FIRST) + BUCKET * bucket;
  }

  /** Closes the open bucket, fills those up to the time in the register with the level so far, and opens the one of
   *  that time with the new level. */
  #reach(level: number): void {
    const timeNs = register[0]!;
    requireTime(timeNs);
    if (this.#read(FIRST) === NOWHERE) this.#makeRoom();
    const cells = this.#cells;
    const at = this.#at;
    const { data } = this.#closed;
    if (cells[at + END]! > 0) {
      const last = this.#cellOf(cells[at + CLOSED]!++);
      data[last + AREA] = cells[at + OPEN]!;
      data[last + PEAK] = cells[at + HIGHEST]!;
    }
    const first = cells[at + FIRST]!;
    for (; timeNs >= this.#capacity * cells[at + WIDTH]!; cells[at + WIDTH]! *= 2)
      cells[at + CLOSED] = joinPairs(data, first, cells[at + CLOSED]!);
    const widthNs = cells[at + WIDTH]!;
    const held = {
      fromNs: cells[at + SINCE]!,
      untilNs: timeNs,
      level: cells[at + LEVEL]!,
      widthNs,
    };
    hold(data, first, held);
    const bucket = Math.floor(timeNs / widthNs);
    const open = this.#cellOf(bucket);
    cells[at + CLOSED] = bucket;
    cells[at + OPEN] = data[open + AREA]!;
    cells[at + HIGHEST] = Math.max(data[open + PEAK]!, level);
    cells[at + END] = (bucket + 1) * widthNs;
    // Behind the closed ones all are 0.
    data.fill(0, open, open + BUCKET);
  }

  #makeRoom(): void {
    this.#cells[this.#at + FIRST] = this.#closed.length;
    this.#closed.resize(this.#closed.length + BUCKET * this.#capacity);
  }
}

/** Joins neighbouring closed buckets in place, from one cell on, and clears what is left over; returns how many are
 *  left. */
function joinPairs(cells: Float64Array, first: number, count: number): number {
  const half = (count + 1) >> 1;
  for (let bucket = 0; bucket < half; bucket++) {
    const to = first + BUCKET * bucket;
    const even = first + BUCKET * 2 * bucket;
    const hasOdd = 2 * bucket + 1 < count;
    cells[to + AREA] = cells[even + AREA]! + (hasOdd ? cells[even + BUCKET + AREA]! : 0);
    cells[to + PEAK] = Math.max(cells[even + PEAK]!, hasOdd ? cells[even + BUCKET + PEAK]! : 0);
  }
  cells.fill(0, first + BUCKET * half, first + BUCKET * count);
  return half;
}

interface Hold {
  readonly fromNs: number;
  readonly untilNs: number;
  readonly level: number;
  readonly widthNs: number;
}

/** Adds a level held for some time to all buckets it touches. */
function hold(cells: Float64Array, first: number, held: Hold): void {
  const { fromNs, untilNs, level, widthNs } = held;
  const last = Math.floor(untilNs / widthNs);
  for (let bucket = Math.floor(fromNs / widthNs); bucket <= last; bucket++) {
    const from = Math.max(fromNs, bucket * widthNs);
    const until = Math.min(untilNs, (bucket + 1) * widthNs);
    // At `until` a bucket that begins there has not seen the level for any time.
    if (until <= from) continue;
    const cell = first + BUCKET * bucket;
    cells[cell + AREA]! += level * (until - from);
    cells[cell + PEAK] = Math.max(cells[cell + PEAK]!, level);
  }
}

/** How much of a bucket has passed at a time [ns]. */
function passedOf(bucket: number, widthNs: number, timeNs: number): number {
  return Math.min(widthNs, timeNs - bucket * widthNs);
}

function meanOf(integral: number, passedNs: number): number {
  return passedNs > 0 ? integral / passedNs : 0;
}

function badChange(timeNs: number, sinceNs: number, level: number): Error {
  if (!(level >= 0)) return new Error(`A level of ${level} is not possible.`);
  return backwards(timeNs, sinceNs);
}

function backwards(timeNs: number, sinceNs: number): Error {
  return new Error(
    `A level was asked for at ${timeNs} ns, before its last change at ${sinceNs} ns.`,
  );
}
