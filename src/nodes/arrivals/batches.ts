// How many events come at one arrival.

import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { SourcePlan } from "./source.ts";

/** Most events at one arrival. */
export const batchMax = 10_000;

/** Draws batch sizes; nothing is drawn where it is always one event. */
export class Batches {
  readonly #sizes: Sampler | undefined;

  constructor({ values, context }: SourcePlan) {
    const { batch } = values;
    const isSingle = batch.distribution === "constant" && batch.value <= 1;
    this.#sizes = isSingle ? undefined : createSampler(batch, context.random("batches"));
  }

  /** A whole number from 1 to `batchMax`. What is drawn is rounded up: an exponential of mean m so becomes a
   *  geometric number of mean 1 / (1 − e^(−1/m)), which is close to m + ½. */
  next(): number {
    if (this.#sizes === undefined) return 1;
    return Math.max(1, Math.min(batchMax, Math.ceil(this.#sizes.sample())));
  }
}
