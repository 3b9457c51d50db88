// Batch means in a run: a correlated sequence of any length is cut into at most 64 equally long batches, whose length
// doubles when there is no more room. Bounded memory, one addition per value.

import type { Arena } from "./arena.ts";
import { type Estimate, estimateMean } from "./confidence.ts";

/** Most batches kept; with half of them the length has just doubled. */
export const batchesMax = 64;
/** Fewest batches from which an interval is told. */
export const batchesMin = 10;

const COUNT = 0;
const SUM = 1;
const SIZE = 2;
const FULL = 3;
const CELLS = 4;

/** Sums of consecutive batches of one sequence. */
export class Batches {
  readonly #cells: Float64Array;
  readonly #at: number;
  readonly #sums: Float64Array;
  readonly #first: number;

  constructor(arena: Arena, name: string) {
    ({ cells: this.#cells, at: this.#at } = arena.floatCells(name, CELLS));
    ({ cells: this.#sums, at: this.#first } = arena.floatCells(`${name}.sums`, batchesMax));
    this.reset();
  }

  /** Appends the values of the sequence that stand from one position up to another one, which is excluded. */
  recordAll(values: Float64Array, from: number, to: number): void {
    const cells = this.#cells;
    const at = this.#at;
    for (let i = from; i < to; i++) {
      cells[at + SUM]! += values[i]!;
      if (++cells[at + COUNT]! === cells[at + SIZE]) this.#close();
    }
  }

  /** Forgets all values. */
  reset(): void {
    this.#cells.fill(0, this.#at, this.#at + CELLS);
    this.#sums.fill(0, this.#first, this.#first + batchesMax);
    this.#cells[this.#at + SIZE] = 1;
  }

  /** Values in a full batch. */
  size(): number {
    return this.#cells[this.#at + SIZE]!;
  }

  /** Means of the full batches, in order; a copy. */
  means(): Float64Array {
    const full = this.#cells[this.#at + FULL]!;
    return this.#sums.slice(this.#first, this.#first + full).map((sum) => sum / this.size());
  }

  #close(): void {
    const cells = this.#cells;
    const at = this.#at;
    this.#sums[this.#first + cells[at + FULL]!] = cells[at + SUM]!;
    cells[at + COUNT] = 0;
    cells[at + SUM] = 0;
    if (++cells[at + FULL]! === batchesMax) this.#joinPairs();
  }

  #joinPairs(): void {
    const half = batchesMax / 2;
    const sums = this.#sums.subarray(this.#first, this.#first + batchesMax);
    for (let i = 0; i < half; i++) sums[i] = sums[2 * i]! + sums[2 * i + 1]!;
    sums.fill(0, half);
    this.#cells[this.#at + FULL] = half;
    this.#cells[this.#at + SIZE]! *= 2;
  }
}

/** What batches say about a mean: the estimate; or why there is none. `few`: not enough batches; `correlated`:
 *  however coarsely they are joined, neighbours resemble each other, so that the scatter says too little. */
export type BatchEstimate =
  | ({
      readonly verdict: "told";
      /** How many batches were joined into one. */ readonly joined: number;
    } & Estimate)
  | { readonly verdict: "few" | "correlated" };

/** Joins neighbouring batches until there are at most 64 and they no longer resemble each other, and estimates the mean
 *  from what is left. More batches would let correlations through that are too weak to be noticed and still count. */
export function estimateFromBatches(means: Float64Array): BatchEstimate {
  if (means.length < batchesMin) return { verdict: "few" };
  let values = means;
  let joined = 1;
  for (; values.length > batchesMax; joined *= 2) values = joinPairs(values);
  for (; ; joined *= 2) {
    const estimate = estimateMean(values);
    if (!areCorrelated(estimate, values.length)) return { verdict: "told", joined, ...estimate };
    values = joinPairs(values);
    if (values.length < batchesMin) return { verdict: "correlated" };
  }
}

/** One-sided test of the lag-one correlation at 5 %: of independent batches it is about normal with this spread. Equal
 *  batches (NaN) are not correlated. */
function areCorrelated({ lagOne }: Estimate, batches: number): boolean {
  return lagOne > 1.645 / Math.sqrt(batches);
}

/** Means of neighbouring pairs; an odd one at the start, where a run is least settled, is left out. */
function joinPairs(means: Float64Array): Float64Array {
  const skipped = means.length % 2;
  return Float64Array.from(
    { length: (means.length - skipped) / 2 },
    (_, i) => (means[skipped + 2 * i]! + means[skipped + 2 * i + 1]!) / 2,
  );
}
