// Counts by reason: reasons are texts that technologies choose; each gets a row of a growing table.

import type { Arena, Float64Column } from "../kernel/arena.ts";
import { Texts } from "../kernel/texts.ts";

/** Counters for `width` places by reason. Reasons are numbered in the order in which they occur. */
export class ReasonCounts {
  readonly #width: number;
  readonly #counts: Float64Column;
  readonly #reasons: Texts;

  constructor(arena: Arena, name: string, width: number) {
    this.#width = width;
    this.#counts = arena.float64(name);
    this.#reasons = new Texts(arena, `${name}/reasons`);
  }

  /** Counts one for a place. */
  add(place: number, reason: string): void {
    const number = this.#reasons.number(reason);
    const needed = (number + 1) * this.#width;
    if (this.#counts.length < needed) this.#counts.resize(needed);
    this.#counts.data[number * this.#width + place]!++;
  }

  /** The reasons that occurred at a place, with their counts, in alphabetical order. */
  at(place: number): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const reason of [...this.#reasons.all()].sort()) {
      const count = this.#counts.data[this.#reasons.number(reason) * this.#width + place] ?? 0;
      if (count > 0) counts[reason] = count;
    }
    return counts;
  }

  /** Sum over all reasons at a place. */
  total(place: number): number {
    let sum = 0;
    for (let row = place; row < this.#counts.length; row += this.#width)
      sum += this.#counts.data[row]!;
    return sum;
  }
}
