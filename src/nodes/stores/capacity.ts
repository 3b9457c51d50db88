// How many reads and writes a store does at the same time; further ones wait in the order in which they came. Since each
// says how long it takes when it comes, the times at which the places become free tell everything: no line is kept.

import type { Arena } from "../../kernel/arena.ts";

// Counters.
const OPERATIONS = 0;
const WAITED = 1;
const WAITED_NS = 2;
/** Time that all operations take that have been taken on [ns]. */
const BUSY_NS = 3;
const COUNTERS = 4;

/** The capacity of one store. */
export class StoreCapacity {
  // Neither grows: the arrays themselves are kept.
  /** When each place becomes free [ns]. */
  readonly #freeNs: Float64Array;
  readonly #counts: Float64Array;

  constructor(arena: Arena, id: string, places: number) {
    // A column may have cells in reserve.
    this.#freeNs = arena.float64(`${id}/places`, places).data.subarray(0, places);
    this.#counts = arena.float64(`${id}/operations`, COUNTERS).data;
  }

  /** Takes an operation on that comes now and takes a time [ns]; how long it waits before it begins [ns]. */
  takeOn(nowNs: number, durationNs: number): number {
    const free = this.#freeNs;
    let place = 0;
    for (let one = 1; one < free.length; one++) if (free[one]! < free[place]!) place = one;
    const waitNs = Math.max(0, free[place]! - nowNs);
    free[place] = nowNs + waitNs + durationNs;
    this.#counts[OPERATIONS]!++;
    if (waitNs > 0) this.#counts[WAITED]!++;
    this.#counts[WAITED_NS]! += waitNs;
    this.#counts[BUSY_NS]! += durationNs;
    return waitNs;
  }

  /** Places that are busy at a time not before the latest operation [ns]. */
  busy(nowNs: number): number {
    let busy = 0;
    for (const freeNs of this.#freeNs) if (freeNs > nowNs) busy++;
    return busy;
  }

  places(): number {
    return this.#freeNs.length;
  }

  /** Share of the time up to now [ns] in which the places were busy. */
  utilisation(nowNs: number): number {
    if (nowNs === 0) return 0;
    let aheadNs = 0;
    for (const freeNs of this.#freeNs) aheadNs += Math.max(0, freeNs - nowNs);
    return (this.#counts[BUSY_NS]! - aheadNs) / nowNs / this.#freeNs.length;
  }

  /** What it did, by name. */
  counts(): Readonly<Record<string, number>> {
    return {
      operations: this.#counts[OPERATIONS]!,
      "waited for a place": this.#counts[WAITED]!,
      "ms waited for a place": this.#counts[WAITED_NS]! / 1e6,
    };
  }
}
