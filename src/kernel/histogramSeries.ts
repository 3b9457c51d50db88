// A coarse histogram per bucket of simulated time, for charts of quantiles over time. Counts lie in
// planes, one per octave of values that has occurred, each 8 rows of one cell per time bucket: a new
// octave appends a plane, and doubling the width merges neighbours in every row, exactly.

import type { Arena, Int32Column } from "./arena.ts";
import { powerOfTwo } from "./math.ts";
import { evenCapacity, mergeSums, positiveWidth, requireTime } from "./timeSeries.ts";
import type { SeriesOptions } from "./timeSeries.ts";

/** Buckets per octave of values. */
const ROWS = 8;
/** Values below 2^10 ns, about a microsecond, count as that. */
const FIRST_OCTAVE = 10;
/** Values from 2^42 ns on, over an hour, count as just below it. */
const OCTAVES = 32;

const CAPACITY = 256;
const WIDTH_NS = 100_000_000;

const ABSENT = -1;

const WIDTH = 0;
const START = 1;
const END = 2;

const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);

/** Quantiles of a duration per bucket of time. They are off by at most 6.3 % (1/16) of the value. */
export class HistogramSeries {
  // Registers for what is on its way to `book`: what callers inline stays small, and no double is boxed.
  private timeNs = NaN;
  private value = NaN;
  /** Number of values per time bucket; its length is the number of time buckets in use. */
  readonly #totals: Int32Column;
  readonly #cells: Int32Column;
  // Columns that never grow: the arrays themselves are kept.
  /** Per octave: number of its plane, or ABSENT. */
  readonly #planes: Int32Array;
  /** Number of the time bucket used last; its bounds spare a division. */
  readonly #bucket: Int32Array;
  readonly #bounds: Float64Array;
  readonly #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? CAPACITY);
    this.#totals = arena.int32(`${name}.totals`);
    this.#cells = arena.int32(`${name}.cells`);
    this.#planes = arena.int32(`${name}.planes`, OCTAVES).data;
    this.#planes.fill(ABSENT);
    this.#bucket = arena.int32(`${name}.bucket`, 1).data;
    this.#bounds = arena.float64(`${name}.bounds`, 3).data;
    this.#bounds[WIDTH] = positiveWidth(options.widthNs ?? WIDTH_NS);
  }

  /** Counts a value [ns] at a time [ns]; times may come in any order. */
  record(timeNs: number, value: number): void {
    this.timeNs = timeNs;
    this.value = value;
    this.book();
  }

  private book(): void {
    const { timeNs } = this;
    const bounds = this.#bounds;
    const row = rowOf(this.value);
    if (!(timeNs < bounds[END]! && timeNs >= bounds[START]!)) this.#enter(timeNs);
    const bucket = this.#bucket[0]!;
    let plane = this.#planes[row >> 3]!;
    if (plane === ABSENT) plane = this.#addPlane(row >> 3);
    this.#cells.data[(plane * ROWS + (row & 7)) * this.#capacity + bucket]!++;
    this.#totals.data[bucket]!++;
  }

  /** Width of a time bucket [ns]. */
  widthNs(): number {
    return this.#bounds[WIDTH]!;
  }

  /** Number of time buckets up to the last one with a value. */
  length(): number {
    return this.#totals.length;
  }

  /** Number of values in a time bucket; 0 beyond the last. */
  countAt(bucket: number): number {
    return bucket < this.#totals.length ? this.#totals.data[bucket]! : 0;
  }

  /** The value of rank ceil(q count) in a time bucket [ns], the middle of its class; NaN when there
   *  is none. */
  quantileAt(bucket: number, q: number): number {
    const count = this.countAt(bucket);
    if (count === 0) return NaN;
    const rank = Math.max(1, Math.ceil(q * count));
    let seen = 0;
    for (let octave = 0; octave < OCTAVES; octave++) {
      const plane = this.#planes[octave]!;
      if (plane === ABSENT) continue;
      for (let row = 0; row < ROWS; row++) {
        seen += this.#cells.data[(plane * ROWS + row) * this.#capacity + bucket]!;
        if (seen >= rank) return middleOf(octave, row);
      }
    }
    return NaN;
  }

  /** Copy of the counts from a time bucket on. */
  counts(fromBucket = 0): Float64Array {
    return Float64Array.from(this.#totals.data.subarray(fromBucket, this.#totals.length));
  }

  /** A quantile per time bucket from `fromBucket` on [ns]; NaN where there is no value. */
  quantiles(q: number, fromBucket = 0): Float64Array {
    const result = new Float64Array(Math.max(0, this.length() - fromBucket));
    for (let i = 0; i < result.length; i++) result[i] = this.quantileAt(fromBucket + i, q);
    return result;
  }

  #addPlane(octave: number): number {
    const plane = this.#cells.length / (ROWS * this.#capacity);
    this.#cells.resize(this.#cells.length + ROWS * this.#capacity);
    this.#planes[octave] = plane;
    return plane;
  }

  /** Goes to the time bucket of a time, making it if it is beyond the last. */
  #enter(timeNs: number): void {
    requireTime(timeNs);
    const bounds = this.#bounds;
    for (; timeNs >= this.#capacity * bounds[WIDTH]!; bounds[WIDTH]! *= 2) {
      const cells = this.#cells;
      for (let start = 0; start < cells.length; start += this.#capacity)
        mergeSums(cells.data.subarray(start, start + this.#capacity), this.#capacity);
      this.#totals.resize(mergeSums(this.#totals.data, this.#totals.length));
    }
    const bucket = Math.floor(timeNs / bounds[WIDTH]!);
    if (bucket >= this.#totals.length) this.#totals.resize(bucket + 1);
    this.#bucket[0] = bucket;
    bounds[START] = bucket * bounds[WIDTH]!;
    bounds[END] = (bucket + 1) * bounds[WIDTH]!;
  }
}

/** Octave above the first times 8, plus the eighth of the octave. */
function rowOf(value: number): number {
  if (!(value >= 0)) throw new Error(`A series of durations cannot count ${value} ns.`);
  DOUBLE[0] = value;
  const row = (WORDS[1]! >> 17) - (1023 + FIRST_OCTAVE) * ROWS;
  return Math.min(Math.max(row, 0), OCTAVES * ROWS - 1);
}

function middleOf(octave: number, row: number): number {
  return powerOfTwo(FIRST_OCTAVE + octave) * (1 + (row + 0.5) / ROWS);
}
