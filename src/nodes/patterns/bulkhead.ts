// A bulkhead: so many calls at the same time, so that one slow service cannot hold everybody. As resilience4j's
// semaphore bulkhead with maxWaitDuration 0.

import { count, type Fields, type ValuesOf } from "../../base/fields.ts";
import type { Arena, IntCells } from "../../kernel/arena.ts";

/** Fields of a bulkhead. */
export const bulkheadFields = {
  maxConcurrentCalls: count({
    label: "maxConcurrentCalls",
    min: 1,
    max: 1e6,
    none: "no bulkhead",
    default: null,
    help: "Calls at the same time; further ones fail at once. resilience4j's own default is 25.",
  }),
} as const satisfies Fields;

/** The bulkhead around one call connection. */
export class Bulkhead {
  readonly #most: number;
  readonly #inside: IntCells;

  constructor(arena: Arena, name: string, values: ValuesOf<typeof bulkheadFields>) {
    this.#most = values.maxConcurrentCalls ?? Infinity;
    this.#inside = arena.intCells(`${name}/bulkhead`, 1);
  }

  /** Whether there is room for one more call. */
  admits(): boolean {
    return this.#inside.cells[this.#inside.at]! < this.#most;
  }

  enter(): void {
    this.#inside.cells[this.#inside.at]!++;
  }

  leave(): void {
    this.#inside.cells[this.#inside.at]!--;
  }
}
