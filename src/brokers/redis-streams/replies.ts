// What Redis has answered to readers and what is still on the wire: a chain of items per reader, freed on arrival.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

const NONE = -1;

const NEXT = 0;
/** Pending row, -1 for an entry that is read without becoming pending. */
const ROW = 1;
const GENERATION = 2;
const HANDS = 3;
/** Of an entry without a row: its message, which the item has retained. */
const MESSAGE = 4;
const INTEGERS = 5;

/** Items by handle. */
export class Replies {
  readonly #rows: Rows;

  constructor(arena: Arena, name: string) {
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: 1 });
  }

  /** A new item behind another one (-1 for none); `place` is its number in the log. */
  add(
    behind: number,
    about: { row: number; generation: number; hands: number; message: number; place: number },
  ): number {
    const item = this.#rows.take();
    const at = item * INTEGERS;
    const { integers } = this.#rows;
    // The first cell of a row in use is never negative.
    integers[at + NEXT] = 0;
    integers[at + ROW] = about.row;
    integers[at + GENERATION] = about.generation;
    integers[at + HANDS] = about.hands;
    integers[at + MESSAGE] = about.message;
    this.#rows.doubles[item] = about.place;
    if (behind !== NONE) integers[behind * INTEGERS + NEXT] = item + 1;
    return item;
  }

  /** Frees an item and returns the next one, -1 for none. */
  free(item: number): number {
    const next = this.#rows.integers[item * INTEGERS + NEXT]! - 1;
    this.#rows.give(item);
    return next;
  }

  row(item: number): number {
    return this.#rows.integers[item * INTEGERS + ROW]!;
  }

  generation(item: number): number {
    return this.#rows.integers[item * INTEGERS + GENERATION]!;
  }

  hands(item: number): number {
    return this.#rows.integers[item * INTEGERS + HANDS]!;
  }

  message(item: number): number {
    return this.#rows.integers[item * INTEGERS + MESSAGE]!;
  }

  place(item: number): number {
    return this.#rows.doubles[item]!;
  }
}
