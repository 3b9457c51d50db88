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
  /** Register for a value on its way to `book`: see ARCHITECTURE.md on doubles. */
  private value = NaN;
  /** Never grows: the array itself is kept. */
  readonly #cells: Float64Array;

  constructor(arena: Arena, name: string) {
    this.#cells = arena.float64(name, CELLS + batchesMax).data;
    this.reset();
  }

  /** Appends a value of the sequence. */
  record(value: number): void {
    this.value = value;
    this.book();
  }

  private book(): void {
    const cells = this.#cells;
    cells[SUM]! += this.value;
    if (++cells[COUNT]! === cells[SIZE]) this.#close();
  }

  /** Forgets all values. */
  reset(): void {
    this.#cells.fill(0, 0, CELLS + batchesMax);
    this.#cells[SIZE] = 1;
  }

  /** Values in a full batch. */
  size(): number {
    return this.#cells[SIZE]!;
  }

  /** Means of the full batches, in order; a copy. */
  means(): Float64Array {
    const cells = this.#cells;
    return cells.slice(CELLS, CELLS + cells[FULL]!).map((sum) => sum / cells[SIZE]!);
  }

  #close(): void {
    const cells = this.#cells;
    cells[CELLS + cells[FULL]!] = cells[SUM]!;
    cells[COUNT] = 0;
    cells[SUM] = 0;
    if (++cells[FULL]! < batchesMax) return;
    for (let i = 0; i < batchesMax / 2; i++)
      cells[CELLS + i] = cells[CELLS + 2 * i]! + cells[CELLS + 2 * i + 1]!;
    cells.fill(0, CELLS + batchesMax / 2, CELLS + batchesMax);
    cells[FULL] = batchesMax / 2;
    cells[SIZE]! *= 2;
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
