// What the mechanisms of a node did, counted by name: state of the run, read by cards, report and terminal.

import type { Arena } from "../kernel/arena.ts";

/** Counters with names that are known beforehand. */
export class Counters<Name extends string> {
  readonly #names: readonly Name[];
  /** Never grows: the array itself is kept. */
  readonly #cells: Float64Array;

  constructor(arena: Arena, id: string, names: readonly Name[]) {
    this.#names = names;
    this.#cells = arena.float64(`${id}/counts`, names.length).data;
  }

  /** Counts one more, or several. */
  add(name: Name, several = 1): void {
    this.#cells[this.#names.indexOf(name)]! += several;
  }

  /** How many so far. */
  get(name: Name): number {
    return this.#cells[this.#names.indexOf(name)]!;
  }

  /** All that have counted anything, in the order of their names. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.#names.flatMap((name, i) => (this.#cells[i] === 0 ? [] : [[name, this.#cells[i]!]])),
    );
  }
}
