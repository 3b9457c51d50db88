// What is kept of a long sequence of durations: how they are distributed, and how sure their mean is.

import type { Arena } from "./arena.ts";
import { Batches } from "./batches.ts";
import { Histogram } from "./histogram.ts";

/** Values that are taken down before they are worked up: one line of the processor's cache. */
const takenDownMax = 8;

/** Register for a value on its way in: what callers inline stays small, and no double is boxed. */
const register = new Float64Array(1);

/** Histogram and batch means of one sequence of integers such as latencies [ns]. Values are worked up a few at a time,
 *  so that the many cells over which they are spread are fetched once for all of them. */
export class Observations {
  /** Values that are not worked up yet, from `#first` on. */
  readonly #taken: Float64Array;
  readonly #first: number;
  #takenDown = 0;
  readonly #histogram: Histogram;
  readonly #batches: Batches;

  constructor(arena: Arena, name: string) {
    ({ cells: this.#taken, at: this.#first } = arena.scratchCells(takenDownMax));
    this.#histogram = new Histogram(arena, name);
    this.#batches = new Batches(arena, `${name}.batches`);
    arena.beforeReading(() => this.#workUp());
    arena.onRestore(() => {
      this.#takenDown = 0;
    });
  }

  /** Appends an integer 0 … 2^53. */
  record(value: number): void {
    register[0] = value;
    this.takeDown();
  }

  private takeDown(): void {
    this.#taken[this.#first + this.#takenDown] = register[0]!;
    if (++this.#takenDown === takenDownMax) this.#workUp();
  }

  /** How the values so far are distributed; to be read before the next one is recorded. */
  histogram(): Histogram {
    this.#workUp();
    return this.#histogram;
  }

  /** The values so far in batches; to be read before the next one is recorded. */
  batches(): Batches {
    this.#workUp();
    return this.#batches;
  }

  /** Number of values. */
  count(): number {
    return this.histogram().count();
  }

  /** Forgets all values. */
  reset(): void {
    this.#takenDown = 0;
    this.#histogram.reset();
    this.#batches.reset();
  }

  #workUp(): void {
    const end = this.#first + this.#takenDown;
    this.#takenDown = 0;
    this.#histogram.recordAll(this.#taken, this.#first, end);
    this.#batches.recordAll(this.#taken, this.#first, end);
  }
}
