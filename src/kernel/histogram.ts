// Histogram of integers such as durations [ns] with bounded memory and bounded relative error: 128
// equal buckets per factor of two, read off the bits of the double. Memory covers only the octaves
// between the smallest and the largest value seen.

import type { Arena, Int32Column } from "./arena.ts";
import { powerOfTwo } from "./math.ts";

/** Buckets per octave. Up to 256 each integer has its own bucket. */
const BUCKETS = 128;
/** Bits of the double's upper word below the bucket number. */
const SHIFT = 13;
/** Bucket number of 128 by the bits, less the number 128 that it shall have. */
const BIAS = (1023 + 7) * BUCKETS - BUCKETS;

const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;
/** Sums of differences to the first value: their squares stay small, so the variance stays exact. */
const ORIGIN = 4;
const SQUARES = 5;
/** First bucket that the counts cover, a multiple of 128. */
const BASE = 6;
const MOMENTS = 7;

const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);

const ONE = new Float64Array(1);

/** Counts of values, fewer than 2^32 in a bucket. A quantile is off by at most 0.4 % (1/256) of the value, and exact
 *  below 256. */
export class Histogram {
  /** Read without sign. In 32 bits, because values fall everywhere: half the memory is half the lines that every
   *  value competes for in the processor's cache. */
  readonly #counts: Int32Column;
  /** The moments, from `#at` on. */
  readonly #cells: Float64Array;
  readonly #at: number;

  constructor(arena: Arena, name: string) {
    this.#counts = arena.int32(`${name}.counts`);
    ({ cells: this.#cells, at: this.#at } = arena.floatCells(`${name}.moments`, MOMENTS));
    this.reset();
  }

  /** Counts an integer 0 … 2^53. */
  record(value: number): void {
    ONE[0] = value;
    this.recordAll(ONE, 0, 1);
  }

  /** Counts the integers that stand from one position up to another one, which is excluded. */
  recordAll(values: Float64Array, from: number, to: number): void {
    let { data, length } = this.#counts;
    let base = this.#cells[this.#at + BASE]!;
    for (let i = from; i < to; i++) {
      const bucket = bucketOf(values[i]!) - base;
      if (bucket >= 0 && bucket < length) data[bucket]!++;
      else {
        this.#countOutside(values[i]!);
        ({ data, length } = this.#counts);
        base = this.#cells[this.#at + BASE]!;
      }
    }
    this.#addToMoments(values, from, to);
  }

  #addToMoments(values: Float64Array, from: number, to: number): void {
    const cells = this.#cells;
    const at = this.#at;
    const origin = cells[at + ORIGIN]!;
    let sum = cells[at + SUM]!;
    let squares = cells[at + SQUARES]!;
    let min = cells[at + MIN]!;
    let max = cells[at + MAX]!;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      const difference = value - origin;
      sum += value;
      squares += difference * difference;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    cells[at + COUNT]! += to - from;
    cells[at + SUM] = sum;
    cells[at + SQUARES] = squares;
    cells[at + MIN] = min;
    cells[at + MAX] = max;
  }

  /** Number of values. */
  count(): number {
    return this.#cells[this.#at + COUNT]!;
  }

  /** Sum of the values, exact up to 2^53. */
  sum(): number {
    return this.#cells[this.#at + SUM]!;
  }

  /** Arithmetic mean; NaN when empty. */
  mean(): number {
    return this.sum() / this.count();
  }

  /** Largest value; NaN when empty. */
  max(): number {
    return this.count() === 0 ? NaN : this.#cells[this.#at + MAX]!;
  }

  /** Smallest value; NaN when empty. */
  min(): number {
    return this.count() === 0 ? NaN : this.#cells[this.#at + MIN]!;
  }

  /** Sample variance (divisor count - 1), from the values, not the buckets; NaN below two values. */
  variance(): number {
    const n = this.count();
    if (n < 2) return NaN;
    const shift = this.mean() - this.#cells[this.#at + ORIGIN]!;
    return Math.max(0, this.#cells[this.#at + SQUARES]! - n * shift * shift) / (n - 1);
  }

  /** The value of rank ceil(q count) in ascending order, 0 <= q <= 1; NaN when empty. */
  quantile(q: number): number {
    const n = this.count();
    if (n === 0) return NaN;
    const rank = Math.max(1, Math.ceil(q * n));
    if (rank === 1) return this.min();
    if (rank >= n) return this.max();
    const counts = this.#counts.data;
    let bucket = 0;
    for (let seen = counts[0]! >>> 0; seen < rank; seen += counts[bucket]! >>> 0) bucket++;
    const middle = middleOf(this.#cells[this.#at + BASE]! + bucket);
    return Math.min(Math.max(middle, this.min()), this.max());
  }

  /** Number of values up to one; those within 0.4 % of it may count as below. */
  countUpTo(value: number): number {
    if (this.count() === 0 || value < this.min()) return 0;
    if (value >= this.max()) return this.count();
    const counts = this.#counts.data;
    const last = bucketOf(value) - this.#cells[this.#at + BASE]!;
    let count = 0;
    for (let bucket = 0; bucket <= last; bucket++) count += counts[bucket]! >>> 0;
    return count;
  }

  /** Adds all values of another histogram, for totals over nodes or replications. */
  merge(other: Histogram): void {
    if (other.count() === 0) return;
    const base = other.#cells[other.#at + BASE]!;
    this.#cover(base);
    this.#cover(base + other.#counts.length - 1);
    const offset = base - this.#cells[this.#at + BASE]!;
    const theirs = other.#counts;
    for (let i = 0; i < theirs.length; i++) this.#counts.data[offset + i]! += theirs.data[i]!;
    this.#mergeMoments(other);
  }

  /** Forgets all values. */
  reset(): void {
    this.#counts.resize(0);
    this.#cells.fill(0, this.#at, this.#at + MOMENTS);
    this.#cells[this.#at + MIN] = Infinity;
    this.#cells[this.#at + MAX] = -Infinity;
  }

  #countOutside(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER + 1)) {
      throw new Error(`A histogram cannot count ${value}.`);
    }
    // The first value is always outside.
    if (this.#counts.length === 0) this.#cells[this.#at + ORIGIN] = value;
    const bucket = bucketOf(value);
    this.#cover(bucket);
    this.#counts.data[bucket - this.#cells[this.#at + BASE]!]!++;
  }

  /** Extends the counts by whole octaves so that they include the bucket. */
  #cover(bucket: number): void {
    const counts = this.#counts;
    const cells = this.#cells;
    const at = this.#at;
    const octave = bucket - (bucket % BUCKETS);
    if (counts.length === 0) cells[at + BASE] = octave;
    const missing = cells[at + BASE]! - octave;
    if (missing > 0) {
      const old = counts.length;
      counts.resize(old + missing);
      counts.data.copyWithin(missing, 0, old);
      counts.data.fill(0, 0, missing);
      cells[at + BASE] = octave;
    }
    const offset = octave - cells[at + BASE]!;
    if (offset >= counts.length) counts.resize(offset + BUCKETS);
  }

  #mergeMoments(other: Histogram): void {
    const own = this.#cells;
    const at = this.#at;
    const theirs = other.#cells.subarray(other.#at, other.#at + MOMENTS);
    if (own[at + COUNT] === 0) own[at + ORIGIN] = theirs[ORIGIN]!;
    // Squares about their origin, moved to ours.
    const shift = theirs[ORIGIN]! - own[at + ORIGIN]!;
    const aboutTheirs = theirs[SUM]! - theirs[COUNT]! * theirs[ORIGIN]!;
    own[at + SQUARES]! += theirs[SQUARES]! + shift * (2 * aboutTheirs + theirs[COUNT]! * shift);
    own[at + COUNT]! += theirs[COUNT]!;
    own[at + SUM]! += theirs[SUM]!;
    own[at + MIN] = Math.min(own[at + MIN]!, theirs[MIN]!);
    own[at + MAX] = Math.max(own[at + MAX]!, theirs[MAX]!);
  }
}

function bucketOf(value: number): number {
  if (value < BUCKETS) return value >= 0 ? value | 0 : -1;
  DOUBLE[0] = value;
  return (WORDS[1]! >>> SHIFT) - BIAS;
}

/** Middle of the integers in a bucket. */
function middleOf(bucket: number): number {
  if (bucket < 2 * BUCKETS) return bucket;
  const octave = Math.floor(bucket / BUCKETS) - 1;
  const width = powerOfTwo(octave);
  return (BUCKETS + (bucket % BUCKETS)) * width + (width - 1) / 2;
}
