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

// The last bucket is open: what happens in it goes to cells of the state, side by side with what else
// each call needs, and to the columns when time leaves it. Its bounds spare a division.
const WIDTH = 0;
const END = 1;
const OPEN = 2;
const START = 3;

/** Sum of amounts per bucket of time, such as messages published. */
export class CounterSeries {
  /** Register for a time on its way to `book`: what callers inline stays small, and no double is boxed. */
  private timeNs = NaN;
  /** Sums of the buckets before the open one. */
  readonly #sums: Float64Column;
  readonly #state: Float64Array;
  readonly #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? CAPACITY);
    this.#sums = arena.float64(`${name}.sums`);
    this.#state = arena.float64(`${name}.state`, 4).data;
    this.#state[WIDTH] = positiveWidth(options.widthNs ?? WIDTH_NS);
  }

  /** Adds an amount at a time [ns]; times may come in any order. */
  add(timeNs: number, amount: number): void {
    this.timeNs = timeNs;
    this.book(amount);
  }

  private book(amount: number): void {
    const state = this.#state;
    const timeNs = this.timeNs;
    if (timeNs < state[END]! && timeNs >= state[START]!) state[OPEN]! += amount;
    else this.#addElsewhere(amount);
  }

  /** Width of a bucket [ns]; bucket i covers i width … (i + 1) width, its end excluded. */
  widthNs(): number {
    return this.#state[WIDTH]!;
  }

  /** Number of buckets up to the last one with an amount. */
  length(): number {
    return this.#state[END] === 0 ? 0 : this.#sums.length + 1;
  }

  /** Sum of a bucket; 0 beyond the last. */
  at(bucket: number): number {
    if (bucket === this.#sums.length) return this.#state[OPEN]!;
    return bucket < this.#sums.length ? this.#sums.data[bucket]! : 0;
  }

  /** Copy of the sums from a bucket on. */
  values(fromBucket = 0): Float64Array {
    const length = Math.max(0, this.length() - fromBucket);
    return Float64Array.from({ length }, (_, i) => this.at(fromBucket + i));
  }

  #addElsewhere(amount: number): void {
    const { timeNs } = this;
    requireTime(timeNs);
    const state = this.#state;
    const sums = this.#sums;
    if (timeNs < state[START]!) {
      sums.data[Math.floor(timeNs / state[WIDTH]!)]! += amount;
      return;
    }
    if (state[END]! > 0) sums.push(state[OPEN]!);
    for (; timeNs >= this.#capacity * state[WIDTH]!; state[WIDTH]! *= 2)
      sums.resize(mergeSums(sums.data, sums.length));
    const bucket = Math.floor(timeNs / state[WIDTH]!);
    sums.resize(Math.max(sums.length, bucket + 1));
    // The open one may have become part of this bucket.
    state[OPEN] = sums.data[bucket]! + amount;
    state[START] = bucket * state[WIDTH]!;
    state[END] = (bucket + 1) * state[WIDTH]!;
    sums.resize(bucket);
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

const HIGHEST = 3;
const SINCE = 4;
const LEVEL = 5;
const INTEGRAL = 6;
const MAX = 7;

/** A level such as a queue length, held from one change to the next. Levels are not negative and are
 *  0 at the start. Figures per bucket reach up to the last change; `chart` goes on to any later time. */
export class LevelSeries {
  /** Register for a time on its way to `book`: what callers inline stays small, and no double is boxed. Rare paths
   *  read it as well: a double that only they would be handed is boxed ahead of the usual path. */
  private timeNs = NaN;
  // Integral and highest level of the buckets before the open one, which is that of the last change.
  readonly #integrals: Float64Column;
  readonly #maxima: Float64Column;
  /** Eight doubles: one line of memory. */
  readonly #state: Float64Array;
  readonly #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? CAPACITY);
    this.#integrals = arena.float64(`${name}.integrals`);
    this.#maxima = arena.float64(`${name}.maxima`);
    this.#state = arena.float64(`${name}.state`, 8).data;
    this.#state[WIDTH] = positiveWidth(options.widthNs ?? WIDTH_NS);
  }

  /** Changes the level at a time [ns] not before the last change. */
  set(timeNs: number, level: number): void {
    this.timeNs = timeNs;
    this.book(level);
  }

  /** Changes the level by a difference. */
  add(timeNs: number, difference: number): void {
    this.timeNs = timeNs;
    this.shift(difference);
  }

  private shift(difference: number): void {
    this.book(this.#state[LEVEL]! + difference);
  }

  private book(level: number): void {
    const state = this.#state;
    const timeNs = this.timeNs;
    const since = state[SINCE]!;
    if (!(timeNs >= since && level >= 0)) this.#refuse(level);
    const area = state[LEVEL]! * (timeNs - since);
    if (timeNs < state[END]!) {
      state[OPEN]! += area;
      if (level > state[HIGHEST]!) state[HIGHEST] = level;
    } else this.#reach(level);
    state[INTEGRAL]! += area;
    state[SINCE] = timeNs;
    state[LEVEL] = level;
    if (level > state[MAX]!) state[MAX] = level;
  }

  #refuse(level: number): never {
    throw badChange(this.timeNs, this.#state[SINCE]!, level);
  }

  /** The present level. */
  level(): number {
    return this.#state[LEVEL]!;
  }

  /** Highest level so far, levels held for no time included. */
  max(): number {
    return this.#state[MAX]!;
  }

  /** Integral of the level from 0 to a time not before the last change [level ns]. */
  integral(timeNs: number): number {
    const state = this.#state;
    if (!(timeNs >= state[SINCE]!)) throw backwards(timeNs, state[SINCE]!);
    return state[INTEGRAL]! + state[LEVEL]! * (timeNs - state[SINCE]!);
  }

  /** Width of a bucket [ns]. */
  widthNs(): number {
    return this.#state[WIDTH]!;
  }

  /** Number of buckets up to the one of the last change. */
  length(): number {
    return this.#state[END] === 0 ? 0 : this.#integrals.length + 1;
  }

  /** Time-weighted mean in a bucket; in the last one up to the last change. 0 beyond it. */
  meanAt(bucket: number): number {
    if (bucket >= this.length()) return 0;
    const isOpen = bucket === this.#integrals.length;
    const integral = isOpen ? this.#state[OPEN]! : this.#integrals.data[bucket]!;
    return meanOf(integral, passedOf(bucket, this.widthNs(), this.#state[SINCE]!));
  }

  /** Highest level in a bucket; 0 beyond the last. */
  maxAt(bucket: number): number {
    if (bucket === this.#maxima.length) return this.#state[HIGHEST]!;
    return bucket < this.#maxima.length ? this.#maxima.data[bucket]! : 0;
  }
  /** Means and maxima from 0 to `untilNs` [ns], not before the last change, the present level held
   *  until then. Its buckets may be wider than those of the series, if that time is far ahead. */
  chart(untilNs: number): LevelChart {
    const state = this.#state;
    if (!(untilNs >= state[SINCE]! && untilNs < Infinity)) throw backwards(untilNs, state[SINCE]!);
    let width = state[WIDTH]!;
    let used = this.length();
    const integrals = new Float64Array(this.#capacity);
    const maxima = new Float64Array(this.#capacity);
    integrals.set(this.#integrals.data.subarray(0, this.#integrals.length));
    maxima.set(this.#maxima.data.subarray(0, this.#maxima.length));
    integrals[this.#integrals.length] = state[OPEN]!;
    maxima[this.#maxima.length] = state[HIGHEST]!;
    for (; untilNs >= this.#capacity * width; width *= 2) {
      mergeSums(integrals, used);
      used = mergeMaxima(maxima, used);
    }
    const hold = { fromNs: state[SINCE]!, untilNs, level: state[LEVEL]! };
    holdLevel(integrals, maxima, width, hold);
    const length = Math.floor(untilNs / width) + 1;
    const means = integrals.slice(0, length);
    means.forEach((integral, bucket) => {
      means[bucket] = meanOf(integral, passedOf(bucket, width, untilNs));
    });
    return { widthNs: width, means, maxima: maxima.slice(0, length) };
  }

  /** Closes the open bucket, fills those up to a time with the level so far, and opens the one of that
   *  time with the new level. */
  #reach(level: number): void {
    const { timeNs } = this;
    requireTime(timeNs);
    const state = this.#state;
    const integrals = this.#integrals;
    const maxima = this.#maxima;
    if (state[END]! > 0) {
      integrals.push(state[OPEN]!);
      maxima.push(state[HIGHEST]!);
    }
    for (; timeNs >= this.#capacity * state[WIDTH]!; state[WIDTH]! *= 2) {
      integrals.resize(mergeSums(integrals.data, integrals.length));
      maxima.resize(mergeMaxima(maxima.data, maxima.length));
    }
    const bucket = Math.floor(timeNs / state[WIDTH]!);
    integrals.resize(bucket + 1);
    maxima.resize(bucket + 1);
    const hold = { fromNs: state[SINCE]!, untilNs: timeNs, level: state[LEVEL]! };
    holdLevel(integrals.data, maxima.data, state[WIDTH]!, hold);
    state[OPEN] = integrals.data[bucket]!;
    state[HIGHEST] = Math.max(maxima.data[bucket]!, level);
    state[END] = (bucket + 1) * state[WIDTH]!;
    integrals.resize(bucket);
    maxima.resize(bucket);
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

/** How much of a bucket has passed at a time [ns]. */
function passedOf(bucket: number, widthNs: number, timeNs: number): number {
  return Math.min(widthNs, timeNs - bucket * widthNs);
}

function meanOf(integral: number, passedNs: number): number {
  return passedNs > 0 ? integral / passedNs : 0;
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

function badChange(timeNs: number, sinceNs: number, level: number): Error {
  if (!(level >= 0)) return new Error(`A level of ${level} is not possible.`);
  return backwards(timeNs, sinceNs);
}

function backwards(timeNs: number, sinceNs: number): Error {
  return new Error(
    `A level was asked for at ${timeNs} ns, before its last change at ${sinceNs} ns.`,
  );
}
