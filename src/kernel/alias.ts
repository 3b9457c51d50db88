// Draws an index with given weights in constant time (A. J. Walker 1977, table by M. D. Vose 1991).
// The table is built once and never changes, so it is not part of the state of a run.

import type { RandomStream } from "./random.ts";

/** Discrete distribution over 0 … n - 1. */
export class AliasTable {
  /** Probability of staying in a column, else its alias is drawn. */
  #stay: Float64Array;
  #alias: Int32Array;

  /** Weights are finite, not negative and not all 0; they need not add up to 1. */
  constructor(weights: ArrayLike<number>) {
    const scaled = scaleToMeanOne(weights);
    const n = scaled.length;
    this.#stay = new Float64Array(n).fill(1);
    this.#alias = new Int32Array(n);
    const small: number[] = [];
    const large: number[] = [];
    scaled.forEach((weight, index) => (weight < 1 ? small : large).push(index));
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop()!;
      const rich = large.at(-1)!;
      this.#stay[poor] = scaled[poor]!;
      this.#alias[poor] = rich;
      scaled[rich] = scaled[rich]! - (1 - scaled[poor]!);
      if (scaled[rich] < 1) small.push(large.pop()!);
    }
    // What is left differs from 1 only by rounding, so it keeps its 1.
  }

  /** An index; three 32-bit draws, rarely more. */
  sample(stream: RandomStream): number {
    const column = stream.below(this.#stay.length);
    return stream.uniform() < this.#stay[column]! ? column : this.#alias[column]!;
  }
}

function scaleToMeanOne(weights: ArrayLike<number>): Float64Array {
  const scaled = Float64Array.from(weights);
  let sum = 0;
  for (const weight of scaled) {
    if (!(weight >= 0)) throw new Error(`A weight of ${weight} is not possible.`);
    sum += weight;
  }
  if (!(sum > 0 && sum < Infinity)) throw new Error("The weights add up to nothing.");
  return scaled.map((weight) => (weight / sum) * scaled.length);
}
