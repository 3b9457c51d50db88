// Counts over simulated time with bounded memory. Reading never changes anything, so that looking at a chart leaves
// the state hash alone.

import type { Arena, Float64Column } from "./arena.ts";
import {
  capacityDefault,
  closedBuckets,
  evenCapacity,
  mergeSums,
  positiveWidth,
  register,
  requireTime,
  type SeriesOptions,
  widthNsDefault,
} from "./timeBuckets.ts";

// The open bucket: bounds, sum, and the width of all. Then the closed ones before it: how many, and where they begin.
const END = 0;
const START = 1;
const OPEN = 2;
const WIDTH = 3;
const CLOSED = 4;
const FIRST = 5;
const CELLS = 6;

/** No closed bucket has been needed yet. */
const NOWHERE = -1;

/** Sum of amounts per bucket of time, such as messages published. */
export class CounterSeries {
  readonly #cells: Float64Array;
  readonly #at: number;
  /** Sums of the closed buckets, also those of other series. */
  readonly #closed: Float64Column;
  readonly #capacity: number;

  constructor(arena: Arena, name: string, options: SeriesOptions = {}) {
    this.#capacity = evenCapacity(options.capacity ?? capacityDefault);
    this.#closed = arena.commonFloat64(closedBuckets);
    ({ cells: this.#cells, at: this.#at } = arena.floatCells(`${name}.state`, CELLS));
    this.#cells[this.#at + WIDTH] = positiveWidth(options.widthNs ?? widthNsDefault);
    this.#cells[this.#at + FIRST] = NOWHERE;
  }

  /** Adds an amount at a time [ns]; times may come in any order. */
  add(timeNs: number, amount: number): void {
    register[0] = timeNs;
    this.book(amount);
  }

  private book(amount: number): void {
    const timeNs = register[0]!;
    const cells = this.#cells;
    const at = this.#at;
    if (timeNs < cells[at + END]! && timeNs >= cells[at + START]!) cells[at + OPEN]! += amount;
    else this.#bookElsewhere(amount);
  }

  /** Width of a bucket [ns]; bucket i covers i width … (i + 1) width, its end excluded. */
  widthNs(): number {
    return this.#cells[this.#at + WIDTH]!;
  }

  /** Number of buckets up to the last one with an amount. */
  length(): number {
    return this.#cells[this.#at + END] === 0 ? 0 : this.#cells[this.#at + CLOSED]! + 1;
  }

  /** Sum of a bucket; 0 beyond the last. */
  at(bucket: number): number {
    if (bucket >= this.length()) return 0;
    const isOpen = bucket === this.#cells[this.#at + CLOSED];
    return isOpen ? this.#cells[this.#at + OPEN]! : this.#closed.data[this.#cellOf(bucket)]!;
  }

  /** Copy of the sums from a bucket on. */
  values(fromBucket = 0): Float64Array {
    const length = Math.max(0, this.length() - fromBucket);
    return Float64Array.from({ length }, (_, i) => this.at(fromBucket + i));
  }

  #cellOf(bucket: number): number {
    return this.#cells[this.#at + FIRST]! + bucket;
  }

  #bookElsewhere(amount: number): void {
    const timeNs = register[0]!;
    requireTime(timeNs);
    const cells = this.#cells;
    const at = this.#at;
    if (timeNs >= cells[at + START]!) {
      this.#enter();
      cells[at + OPEN]! += amount;
    } else this.#closed.data[this.#cellOf(Math.floor(timeNs / cells[at + WIDTH]!))]! += amount;
  }

  /** Closes the open bucket and opens the one of the time in the register, which is later. */
  #enter(): void {
    const timeNs = register[0]!;
    const cells = this.#cells;
    const at = this.#at;
    if (cells[at + FIRST] === NOWHERE) this.#makeRoom();
    const { data } = this.#closed;
    const first = cells[at + FIRST]!;
    if (cells[at + END]! > 0) data[first + cells[at + CLOSED]!++] = cells[at + OPEN]!;
    for (; timeNs >= this.#capacity * cells[at + WIDTH]!; cells[at + WIDTH]! *= 2)
      cells[at + CLOSED] = mergeSums(data, { first, count: cells[at + CLOSED]!, width: 1 });
    const bucket = Math.floor(timeNs / cells[at + WIDTH]!);
    // Behind the closed ones all are 0; but the one just closed may have become part of this one.
    cells[at + OPEN] = data[first + bucket]!;
    data[first + bucket] = 0;
    cells[at + CLOSED] = bucket;
    cells[at + START] = bucket * cells[at + WIDTH]!;
    cells[at + END] = (bucket + 1) * cells[at + WIDTH]!;
  }

  #makeRoom(): void {
    this.#cells[this.#at + FIRST] = this.#closed.length;
    this.#closed.resize(this.#closed.length + this.#capacity);
  }
}
