// Counts and levels over simulated time with bounded memory: a fixed number of buckets of equal
// width; when time passes the last one, neighbours merge and the width doubles. Reading never changes
// anything, so that looking at a chart leaves the state hash alone.

import type { Arena, Float64Column } from "./arena.ts";

/** Size of a series. */
export interface SeriesOptions {
  /** Most buckets kept, an even number; 600 if not given. */
  readonly capacity?: number;
  /** Width of a bucket at the start [ns]; 100 ms if not given. */
  readonly widthNs?: number;
}

const CAPACITY = 600;
const WIDTH_NS = 100_000_000;

const WIDTH = 0;

/** Sum of amounts per bucket of time, such as messages published. */
export class CounterSeries {
  #sums: Float64Column;
  #state: Float64Column;
  #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? CAPACITY);
    this.#sums = arena.float64(`${name}.sums`);
    this.#state = arena.float64(`${name}.state`, 1);
    this.#state.data[WIDTH] = positiveWidth(options.widthNs ?? WIDTH_NS);
  }

  /** Adds an amount at a time [ns]; times may come in any order. */
  add(timeNs: number, amount: number): void {
    let bucket = Math.floor(timeNs / this.#state.data[WIDTH]!);
    if (!(bucket >= 0 && bucket < this.#sums.length)) bucket = this.#reach(timeNs);
    this.#sums.data[bucket]! += amount;
  }

  /** Width of a bucket [ns]; bucket i covers i width … (i + 1) width, its end excluded. */
  widthNs(): number {
    return this.#state.data[WIDTH]!;
  }

  /** Number of buckets up to the last one with an amount. */
  length(): number {
    return this.#sums.length;
  }

  /** Sum of a bucket; 0 beyond the last. */
  at(bucket: number): number {
    return bucket < this.#sums.length ? this.#sums.data[bucket]! : 0;
  }

  /** Copy of the sums from a bucket on. */
  values(fromBucket = 0): Float64Array {
    return this.#sums.data.slice(fromBucket, this.#sums.length);
  }

  #reach(timeNs: number): number {
    requireTime(timeNs);
    while (timeNs >= this.#capacity * this.#state.data[WIDTH]!) {
      this.#sums.resize(mergeSums(this.#sums.data, this.#sums.length));
      this.#state.data[WIDTH]! *= 2;
    }
    const bucket = Math.floor(timeNs / this.#state.data[WIDTH]!);
    if (bucket >= this.#sums.length) this.#sums.resize(bucket + 1);
    return bucket;
  }
}

/** What a chart of a level needs; a copy, the caller's own. */
export interface LevelChart {
  /** Width of a bucket [ns]. */
  readonly widthNs: number;
  /** Time-weighted mean per bucket; the last one over the part that has passed. */
  readonly means: Float64Array;
  /** Highest level per bucket, levels held for no time included. */
  readonly maxima: Float64Array;
}

const SINCE = 1;
const LEVEL = 2;
const INTEGRAL = 3;
const MAX = 4;

/** A level such as a queue length, held from one change to the next. Levels are not negative and are
 *  0 at the start. Figures per bucket reach up to the last change; `chart` goes on to any later time. */
export class LevelSeries {
  #integrals: Float64Column;
  #maxima: Float64Column;
  #state: Float64Column;
  #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? CAPACITY);
    this.#integrals = arena.float64(`${name}.integrals`);
    this.#maxima = arena.float64(`${name}.maxima`);
    this.#state = arena.float64(`${name}.state`, 5);
    this.#state.data[WIDTH] = positiveWidth(options.widthNs ?? WIDTH_NS);
  }

  /** Changes the level at a time [ns], not before the last change. */
  set(timeNs: number, level: number): void {
    const state = this.#state.data;
    const since = state[SINCE]!;
    if (!(timeNs >= since && timeNs < Infinity)) throw backwards(timeNs, since);
    if (!(level >= 0)) throw new Error(`A level of ${level} is not possible.`);
    const width = state[WIDTH]!;
    const bucket = Math.floor(timeNs / width);
    const area = state[LEVEL]! * (timeNs - since);
    // The usual case: the last change was in this very bucket.
    if (bucket === this.#integrals.length - 1 && since >= bucket * width) {
      this.#integrals.data[bucket]! += area;
      if (level > this.#maxima.data[bucket]!) this.#maxima.data[bucket] = level;
    } else this.#reach(timeNs, level);
    state[INTEGRAL]! += area;
    state[SINCE] = timeNs;
    state[LEVEL] = level;
    if (level > state[MAX]!) state[MAX] = level;
  }

  /** Changes the level by a difference. */
  add(timeNs: number, difference: number): void {
    this.set(timeNs, this.#state.data[LEVEL]! + difference);
  }

  /** The present level. */
  level(): number {
    return this.#state.data[LEVEL]!;
  }

  /** Highest level so far, levels held for no time included. */
  max(): number {
    return this.#state.data[MAX]!;
  }

  /** Integral of the level from 0 to a time not before the last change [level ns]. */
  integral(timeNs: number): number {
    const state = this.#state.data;
    if (!(timeNs >= state[SINCE]!)) throw backwards(timeNs, state[SINCE]!);
    return state[INTEGRAL]! + state[LEVEL]! * (timeNs - state[SINCE]!);
  }

  /** Width of a bucket [ns]. */
  widthNs(): number {
    return this.#state.data[WIDTH]!;
  }

  /** Number of buckets up to the one of the last change. */
  length(): number {
    return this.#integrals.length;
  }

  /** Time-weighted mean in a bucket; in the last one up to the last change. 0 beyond it. */
  meanAt(bucket: number): number {
    if (bucket >= this.#integrals.length) return 0;
    return meanOfBucket(this.#integrals.data, bucket, this.widthNs(), this.#state.data[SINCE]!);
  }

  /** Highest level in a bucket; 0 beyond the last. */
  maxAt(bucket: number): number {
    return bucket < this.#maxima.length ? this.#maxima.data[bucket]! : 0;
  }

  /** Means and maxima from 0 to `untilNs` [ns], not before the last change, the present level held
   *  until then. Its buckets may be wider than those of the series, if that time is far ahead. */
  chart(untilNs: number): LevelChart {
    const state = this.#state.data;
    if (!(untilNs >= state[SINCE]! && untilNs < Infinity)) throw backwards(untilNs, state[SINCE]!);
    let width = state[WIDTH]!;
    let used = this.#integrals.length;
    const integrals = new Float64Array(this.#capacity);
    const maxima = new Float64Array(this.#capacity);
    integrals.set(this.#integrals.data.subarray(0, used));
    maxima.set(this.#maxima.data.subarray(0, used));
    for (; untilNs >= this.#capacity * width; width *= 2) {
      mergeSums(integrals, used);
      used = mergeMaxima(maxima, used);
    }
    const hold = { fromNs: state[SINCE]!, untilNs, level: state[LEVEL]! };
    holdLevel(integrals, maxima, width, hold);
    const length = Math.floor(untilNs / width) + 1;
    const means = integrals.slice(0, length);
    means.forEach((_, bucket) => {
      means[bucket] = meanOfBucket(integrals, bucket, width, untilNs);
    });
    return { widthNs: width, means, maxima: maxima.slice(0, length) };
  }

  /** Extends the buckets to a time, fills them with the level so far, and notes the new level. */
  #reach(timeNs: number, level: number): void {
    const state = this.#state.data;
    while (timeNs >= this.#capacity * state[WIDTH]!) {
      this.#integrals.resize(mergeSums(this.#integrals.data, this.#integrals.length));
      this.#maxima.resize(mergeMaxima(this.#maxima.data, this.#maxima.length));
      state[WIDTH]! *= 2;
    }
    const bucket = Math.floor(timeNs / state[WIDTH]!);
    this.#integrals.resize(bucket + 1);
    this.#maxima.resize(bucket + 1);
    const hold = { fromNs: state[SINCE]!, untilNs: timeNs, level: state[LEVEL]! };
    holdLevel(this.#integrals.data, this.#maxima.data, state[WIDTH]!, hold);
    this.#maxima.data[bucket] = Math.max(this.#maxima.data[bucket]!, level);
  }
}

interface Hold {
  readonly fromNs: number;
  readonly untilNs: number;
  readonly level: number;
}

/** Adds a level held for some time to all buckets it touches; that of `untilNs` must exist. */
function holdLevel(
  integrals: Float64Array,
  maxima: Float64Array,
  widthNs: number,
  hold: Hold,
): void {
  const last = Math.floor(hold.untilNs / widthNs);
  for (let bucket = Math.floor(hold.fromNs / widthNs); bucket <= last; bucket++) {
    const from = Math.max(hold.fromNs, bucket * widthNs);
    const until = Math.min(hold.untilNs, (bucket + 1) * widthNs);
    // At `until` a bucket that begins there has not seen the level for any time.
    if (until <= from) continue;
    integrals[bucket]! += hold.level * (until - from);
    maxima[bucket] = Math.max(maxima[bucket]!, hold.level);
  }
}

function meanOfBucket(
  integrals: Float64Array,
  bucket: number,
  widthNs: number,
  untilNs: number,
): number {
  const passed = Math.min(widthNs, untilNs - bucket * widthNs);
  return passed > 0 ? integrals[bucket]! / passed : 0;
}

/** Adds neighbours in place and clears what is left over; returns the new length. */
export function mergeSums(values: Float64Array | Int32Array, length: number): number {
  const half = (length + 1) >> 1;
  for (let i = 0; i < half; i++) {
    const odd = 2 * i + 1 < length ? values[2 * i + 1]! : 0;
    values[i] = values[2 * i]! + odd;
  }
  values.fill(0, half, length);
  return half;
}

function mergeMaxima(values: Float64Array, length: number): number {
  const half = (length + 1) >> 1;
  for (let i = 0; i < half; i++) {
    const odd = 2 * i + 1 < length ? values[2 * i + 1]! : 0;
    values[i] = Math.max(values[2 * i]!, odd);
  }
  values.fill(0, half, length);
  return half;
}

/** The capacity, if two neighbours can always merge. */
export function evenCapacity(capacity: number): number {
  if (capacity >= 2 && capacity % 2 === 0) return capacity;
  throw new Error(`A series needs an even number of buckets, not ${capacity}.`);
}

/** The width, if it is a positive integer [ns]. */
export function positiveWidth(widthNs: number): number {
  if (Number.isSafeInteger(widthNs) && widthNs > 0) return widthNs;
  throw new Error(`A bucket cannot be ${widthNs} ns wide.`);
}

/** Throws unless this is a time [ns] that a series can hold. */
export function requireTime(timeNs: number): void {
  if (!(timeNs >= 0 && timeNs < Infinity)) throw new Error(`There is no time ${timeNs} ns.`);
}

function backwards(timeNs: number, sinceNs: number): Error {
  return new Error(
    `A level was asked for at ${timeNs} ns, before its last change at ${sinceNs} ns.`,
  );
}
