// The numbers among a node's parameters that may change while it runs, as state of the run.

import type { FieldValue, Parameters } from "../base/fields.ts";
import type { Arena } from "../kernel/arena.ts";

/** Some live numbers and flags of one node, by name. What is absent is Infinity; a flag is 0 or 1. */
export class LiveNumbers<Name extends string> {
  readonly #names: readonly Name[];
  /** Never grows: the array itself is kept. */
  readonly #cells: Float64Array;

  constructor(arena: Arena, id: string, names: readonly Name[], stated: Parameters) {
    this.#names = names;
    this.#cells = arena.float64(`${id}/settings`, names.length).data;
    for (const name of names) this.set(name, stated[name] ?? null);
  }

  /** The number that is in force. */
  get(name: Name): number {
    return this.#cells[this.#names.indexOf(name)]!;
  }

  /** Puts a value into force, if the parameter is one of these. */
  set(parameter: string, value: FieldValue): void {
    const index = this.#names.findIndex((name) => name === parameter);
    if (index >= 0) this.#cells[index] = value === null ? Infinity : Number(value);
  }
}
