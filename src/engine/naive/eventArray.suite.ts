// The naive engine's pending events: an array that is kept sorted by (time, insertion). What is cancelled stays in
// the array without anything to do, because an event that fires for nobody counts as an event all the same.

import { assert } from "../../base/assert.ts";

/** Something to happen at a time [ns]; nothing once it is cancelled. */
export interface Timer {
  readonly atNs: number;
  run: (() => void) | undefined;
}

/** Pending events and the clock that they move. */
export class EventArray {
  /** Simulated time of the latest event or deed [ns]. */
  nowNs = 0;
  readonly #pending: Timer[] = [];

  /** Plans something after a delay [ns], rounded to whole nanoseconds, behind what is planned for that time. */
  after(delayNs: number, run: () => void): Timer {
    const timer = { atNs: this.nowNs + Math.max(0, Math.round(delayNs)), run };
    assert(Number.isSafeInteger(timer.atNs), `${delayNs} ns from ${this.nowNs} ns is no time.`);
    let place = this.#pending.length;
    let low = 0;
    while (low < place) {
      const middle = (low + place) >> 1;
      if (this.#pending[middle]!.atNs <= timer.atNs) low = middle + 1;
      else place = middle;
    }
    this.#pending.splice(place, 0, timer);
    return timer;
  }

  /** Time of the next event [ns], Infinity without one. */
  nextNs(): number {
    return this.#pending[0]?.atNs ?? Infinity;
  }

  /** Takes the next event away and lets it happen. */
  takeNext(): void {
    const next = this.#pending.shift();
    assert(next !== undefined, "there is an event to take.");
    this.nowNs = next.atNs;
    next.run?.();
  }
}

/** Makes an event one that does nothing. */
export function cancel(timer: Timer | undefined): void {
  if (timer !== undefined) timer.run = undefined;
}
