// A coarse histogram per bucket of simulated time, for charts of quantiles over time. Counts lie in
// planes, one per octave of values that has occurred, each with 8 cells per time bucket: a new octave appends
// a plane, and doubling the width merges neighbours in every plane, exactly. The time bucket in use is kept
// apart, its counts side by side. Values are taken down and worked up a few at a time, so that all these cells
// are fetched once for several.

import type { Arena, Int32Column } from "./arena.ts";
import { powerOfTwo } from "./math.ts";
import {
  evenCapacity,
  mergeSums,
  positiveWidth,
  register,
  requireTime,
  type SeriesOptions,
  widthNsDefault,
} from "./timeBuckets.ts";

/** Buckets per octave of values. */
const ROWS = 8;
/** Values below 2^10 ns, about a microsecond, count as that. */
const FIRST_OCTAVE = 10;
/** Values from 2^42 ns on, over an hour, count as just below it. */
const OCTAVES = 32;
const ROWS_IN_ALL = OCTAVES * ROWS;

const CAPACITY = 256;

const ABSENT = -1;

// State of the open time bucket, and the width of all.
const WIDTH = 0;
const START = 1;
const END = 2;
const BUCKET = 3;
const TOTAL = 4;
const STATE = 5;

// Integers of the state: a bit per octave that the open time bucket has values of; per octave the number of its plane,
// or ABSENT; the counts of the open time bucket, one per row of all octaves.
const OCCURRED = 0;
const PLANES = 1;
const OPEN = PLANES + OCTAVES;
const INTEGERS = OPEN + OCTAVES * ROWS;

/** Times and values that are taken down before they are worked up [cells]. */
const takenDownMax = 16;

const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);

/** Quantiles of a duration per bucket of time. They are off by at most 6.3 % (1/16) of the value. */
export class HistogramSeries {
  /** Times and values that are not worked up yet, from `#first` on. */
  readonly #taken: Float64Array;
  readonly #first: number;
  #takenDown = 0;
  readonly #state: Float64Array;
  readonly #at: number;
  /** Number of values per time bucket, those of the open one left out until it is closed; its length is the number
   *  of time buckets in use. */
  readonly #totals: Int32Column;
  readonly #cells: Int32Column;
  readonly #integers: Int32Array;
  readonly #firstInteger: number;
  readonly #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? CAPACITY);
    this.#totals = arena.int32(`${name}.totals`);
    this.#cells = arena.int32(`${name}.cells`);
    ({ cells: this.#integers, at: this.#firstInteger } = arena.intCells(`${name}.open`, INTEGERS));
    ({ cells: this.#state, at: this.#at } = arena.floatCells(`${name}.state`, STATE));
    ({ cells: this.#taken, at: this.#first } = arena.scratchCells(takenDownMax));
    const planes = this.#firstInteger + PLANES;
    this.#integers.fill(ABSENT, planes, planes + OCTAVES);
    this.#state[this.#at + WIDTH] = positiveWidth(options.widthNs ?? widthNsDefault);
    arena.beforeReading(() => this.#workUp());
    arena.onRestore(() => {
      this.#takenDown = 0;
    });
  }

  /** Counts a value [ns] at a time [ns]; times may come in any order. */
  record(timeNs: number, value: number): void {
    register[0] = timeNs;
    register[1] = value;
    this.takeDown();
  }

  private takeDown(): void {
    const at = this.#first + this.#takenDown;
    this.#taken[at] = register[0]!;
    this.#taken[at + 1] = register[1]!;
    this.#takenDown += 2;
    if (this.#takenDown === takenDownMax) this.#workUp();
  }

  /** Width of a time bucket [ns]. */
  widthNs(): number {
    this.#workUp();
    return this.#state[this.#at + WIDTH]!;
  }

  /** Number of time buckets up to the last one with a value. */
  length(): number {
    this.#workUp();
    return this.#totals.length;
  }

  /** Number of values in a time bucket; 0 beyond the last. */
  countAt(bucket: number): number {
    if (bucket >= this.length()) return 0;
    const open = this.#isOpen(bucket) ? this.#state[this.#at + TOTAL]! : 0;
    return open + this.#totals.data[bucket]!;
  }

  /** The value of rank ceil(q count) in a time bucket [ns], the middle of its class; NaN when there
   *  is none. */
  quantileAt(bucket: number, q: number): number {
    const count = this.countAt(bucket);
    if (count === 0) return NaN;
    const rank = Math.max(1, Math.ceil(q * count));
    let seen = 0;
    for (let row = 0; row < ROWS_IN_ALL; row++) {
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
    const open = this.#isOpen(bucket) ? this.#integer(OPEN + row) : 0;
    const plane = this.#integer(PLANES + (row >> 3));
    return plane === ABSENT ? open : open + this.#cells.data[this.#cellOf(plane, row, bucket)]!;
  }

  #isOpen(bucket: number): boolean {
    return bucket === this.#state[this.#at + BUCKET];
  }

  #cellOf(plane: number, row: number, bucket: number): number {
    return (plane * this.#capacity + bucket) * ROWS + (row & 7);
  }

  #integer(cell: number): number {
    return this.#integers[this.#firstInteger + cell]!;
  }

  /** Makes state of what was taken down. */
  #workUp(): void {
    const state = this.#state;
    const at = this.#at;
    const integers = this.#integers;
    const first = this.#firstInteger;
    const end = this.#first + this.#takenDown;
    this.#takenDown = 0;
    for (let entry = this.#first; entry < end; entry += 2) {
      const timeNs = this.#taken[entry]!;
      const row = rowOf(this.#taken[entry + 1]!);
      if (!(timeNs < state[at + END]! && timeNs >= state[at + START]!)) this.#enter(entry);
      integers[first + OCCURRED]! |= 1 << (row >> 3);
      integers[first + OPEN + row]!++;
      state[at + TOTAL]!++;
    }
  }

  /** Goes to the time bucket of an entry, making it if it is beyond the last. */
  #enter(entry: number): void {
    const timeNs = this.#taken[entry]!;
    requireTime(timeNs);
    this.#close();
    const state = this.#state;
    const at = this.#at;
    for (; timeNs >= this.#capacity * state[at + WIDTH]!; state[at + WIDTH]! *= 2)
      this.#joinPairs();
    const bucket = Math.floor(timeNs / state[at + WIDTH]!);
    if (bucket >= this.#totals.length) this.#totals.resize(bucket + 1);
    state[at + BUCKET] = bucket;
    state[at + START] = bucket * state[at + WIDTH]!;
    state[at + END] = (bucket + 1) * state[at + WIDTH]!;
  }

  #joinPairs(): void {
    const cells = this.#cells;
    const plane = { count: this.#capacity, width: ROWS };
    for (let first = 0; first < cells.length; first += this.#capacity * ROWS)
      mergeSums(cells.data, { first, ...plane });
    const totals = this.#totals;
    totals.resize(mergeSums(totals.data, { first: 0, count: totals.length, width: 1 }));
  }

  /** Adds the counts of the open time bucket to the planes. It may be entered again. */
  #close(): void {
    const total = this.#state[this.#at + TOTAL]!;
    if (total === 0) return;
    this.#totals.data[this.#state[this.#at + BUCKET]!]! += total;
    this.#state[this.#at + TOTAL] = 0;
    let occurred = this.#integer(OCCURRED);
    for (; occurred !== 0; occurred &= occurred - 1)
      this.#closeOctave(31 - Math.clz32(occurred & -occurred));
    this.#integers[this.#firstInteger + OCCURRED] = 0;
  }

  #closeOctave(octave: number): void {
    const to = this.#cellOf(this.#planeOf(octave), 0, this.#state[this.#at + BUCKET]!);
    const open = this.#firstInteger + OPEN + octave * ROWS;
    const { data } = this.#cells;
    for (let row = 0; row < ROWS; row++) data[to + row]! += this.#integers[open + row]!;
    this.#integers.fill(0, open, open + ROWS);
  }

  /** Number of the plane of an octave, which is made when it is not there yet. */
  #planeOf(octave: number): number {
    const known = this.#integer(PLANES + octave);
    if (known !== ABSENT) return known;
    const size = ROWS * this.#capacity;
    const plane = this.#cells.length / size;
    this.#cells.resize(this.#cells.length + size);
    this.#integers[this.#firstInteger + PLANES + octave] = plane;
    return plane;
  }
}

/** Octave above the first times 8, plus the eighth of the octave. */
function rowOf(value: number): number {
  if (!(value >= 0)) throw new Error(`A series of durations cannot count ${value} ns.`);
  DOUBLE[0] = value;
  const row = (WORDS[1]! >> 17) - (1023 + FIRST_OCTAVE) * ROWS;
  return Math.min(Math.max(row, 0), ROWS_IN_ALL - 1);
}

function middleOf(row: number): number {
  const octave = Math.floor(row / ROWS);
  return powerOfTwo(FIRST_OCTAVE + octave) * (1 + ((row % ROWS) + 0.5) / ROWS);
}
