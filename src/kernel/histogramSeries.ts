// A coarse histogram per bucket of simulated time, for charts of quantiles over time. Counts lie in
// planes, one per octave of values that has occurred, each 8 rows of one cell per time bucket: a new
// octave appends a plane, and doubling the width merges neighbours in every row, exactly. The time
// bucket in use is kept apart, its counts side by side: in the planes each is in another line of memory.

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

// State of the open time bucket, and the width of all.
const WIDTH = 0;
const START = 1;
const END = 2;
const BUCKET = 3;
const TOTAL = 4;

const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);

/** Quantiles of a duration per bucket of time. They are off by at most 6.3 % (1/16) of the value. */
export class HistogramSeries {
  // Registers for what is on its way to `book`: what callers inline stays small, and no double is boxed.
  private timeNs = NaN;
  private value = NaN;
  /** Number of values per time bucket, those of the open one left out until it is closed; its length is the number
   *  of time buckets in use. */
  readonly #totals: Int32Column;
  readonly #cells: Int32Column;
  // Columns that never grow: the arrays themselves are kept.
  /** Per octave: number of its plane, or ABSENT. */
  readonly #planes: Int32Array;
  /** Counts of the open time bucket, that of the latest value: one per row of all octaves. */
  readonly #open: Int32Array;
  readonly #state: Float64Array;
  readonly #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? CAPACITY);
    this.#totals = arena.int32(`${name}.totals`);
    this.#cells = arena.int32(`${name}.cells`);
    this.#planes = arena.int32(`${name}.planes`, OCTAVES).data;
    this.#planes.fill(ABSENT);
    this.#open = arena.int32(`${name}.open`, OCTAVES * ROWS).data;
    this.#state = arena.float64(`${name}.state`, 5).data;
    this.#state[WIDTH] = positiveWidth(options.widthNs ?? WIDTH_NS);
  }

  /** Counts a value [ns] at a time [ns]; times may come in any order. */
  record(timeNs: number, value: number): void {
    this.timeNs = timeNs;
    this.value = value;
    this.book();
  }

  private book(): void {
    const { timeNs } = this;
    const state = this.#state;
    const row = rowOf(this.value);
    if (!(timeNs < state[END]! && timeNs >= state[START]!)) this.#enter(timeNs);
    this.#open[row]!++;
    state[TOTAL]!++;
  }

  /** Width of a time bucket [ns]. */
  widthNs(): number {
    return this.#state[WIDTH]!;
  }

  /** Number of time buckets up to the last one with a value. */
  length(): number {
    return this.#totals.length;
  }

  /** Number of values in a time bucket; 0 beyond the last. */
  countAt(bucket: number): number {
    if (bucket >= this.#totals.length) return 0;
    return this.#totals.data[bucket]! + (bucket === this.#state[BUCKET] ? this.#state[TOTAL]! : 0);
  }

  /** The value of rank ceil(q count) in a time bucket [ns], the middle of its class; NaN when there
   *  is none. */
  quantileAt(bucket: number, q: number): number {
    const count = this.countAt(bucket);
    if (count === 0) return NaN;
    const rank = Math.max(1, Math.ceil(q * count));
    let seen = 0;
    for (let row = 0; row < OCTAVES * ROWS; row++) {
      seen += this.#countOf(row, bucket);
      if (seen >= rank) return middleOf(row);
    }
    return NaN;
  }

  /** Copy of the counts from a time bucket on. */
  counts(fromBucket = 0): Float64Array {
    const length = Math.max(0, this.length() - fromBucket);
    return Float64Array.from({ length }, (_, i) => this.countAt(fromBucket + i));
  }

  /** A quantile per time bucket from `fromBucket` on [ns]; NaN where there is no value. */
  quantiles(q: number, fromBucket = 0): Float64Array {
    const result = new Float64Array(Math.max(0, this.length() - fromBucket));
    for (let i = 0; i < result.length; i++) result[i] = this.quantileAt(fromBucket + i, q);
    return result;
  }

  /** Number of values in a row and a time bucket. */
  #countOf(row: number, bucket: number): number {
    const open = bucket === this.#state[BUCKET] ? this.#open[row]! : 0;
    const plane = this.#planes[row >> 3]!;
    return plane === ABSENT ? open : open + this.#cells.data[this.#cellOf(plane, row, bucket)]!;
  }

  #cellOf(plane: number, row: number, bucket: number): number {
    return (plane * ROWS + (row & 7)) * this.#capacity + bucket;
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
    this.#close();
    const state = this.#state;
    for (; timeNs >= this.#capacity * state[WIDTH]!; state[WIDTH]! *= 2) {
      const cells = this.#cells;
      for (let start = 0; start < cells.length; start += this.#capacity)
        mergeSums(cells.data.subarray(start, start + this.#capacity), this.#capacity);
      this.#totals.resize(mergeSums(this.#totals.data, this.#totals.length));
    }
    const bucket = Math.floor(timeNs / state[WIDTH]!);
    if (bucket >= this.#totals.length) this.#totals.resize(bucket + 1);
    state[BUCKET] = bucket;
    state[START] = bucket * state[WIDTH]!;
    state[END] = (bucket + 1) * state[WIDTH]!;
  }

  /** Adds the counts of the open time bucket to the planes. It may be entered again. */
  #close(): void {
    const state = this.#state;
    const bucket = state[BUCKET]!;
    if (state[TOTAL] === 0) return;
    this.#totals.data[bucket]! += state[TOTAL]!;
    state[TOTAL] = 0;
    const open = this.#open;
    for (let row = 0; row < open.length; row++) {
      if (open[row] === 0) continue;
      let plane = this.#planes[row >> 3]!;
      if (plane === ABSENT) plane = this.#addPlane(row >> 3);
      this.#cells.data[this.#cellOf(plane, row, bucket)]! += open[row]!;
      open[row] = 0;
    }
  }
}

/** Octave above the first times 8, plus the eighth of the octave. */
function rowOf(value: number): number {
  if (!(value >= 0)) throw new Error(`A series of durations cannot count ${value} ns.`);
  DOUBLE[0] = value;
  const row = (WORDS[1]! >> 17) - (1023 + FIRST_OCTAVE) * ROWS;
  return Math.min(Math.max(row, 0), OCTAVES * ROWS - 1);
}

function middleOf(row: number): number {
  const octave = Math.floor(row / ROWS);
  return powerOfTwo(FIRST_OCTAVE + octave) * (1 + ((row % ROWS) + 0.5) / ROWS);
}
