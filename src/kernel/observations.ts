// What is kept of a long sequence of durations: how they are distributed, and how sure their mean is.

import type { Arena } from "./arena.ts";
import { Batches } from "./batches.ts";
import { Histogram } from "./histogram.ts";

/** Histogram and batch means of one sequence of integers such as latencies [ns]. */
export class Observations {
  readonly histogram: Histogram;
  readonly batches: Batches;

  constructor(arena: Arena, name: string) {
    this.histogram = new Histogram(arena, name);
    this.batches = new Batches(arena, `${name}.batches`);
  }

  /** Appends an integer 0 … 2^53. */
  record(value: number): void {
    this.histogram.record(value);
    this.batches.record(value);
  }

  /** Number of values. */
  count(): number {
    return this.histogram.count();
  }

  /** Forgets all values. */
  reset(): void {
    this.histogram.reset();
    this.batches.reset();
  }
}
