// A small number per handle of a message or delivery, and how many of them are set; nothing is left when none is.

import type { Arena, Float64Column } from "../../kernel/arena.ts";

/** Marks by handle. */
export class Marks {
  /** The count, then the marks. */
  readonly #cells: Float64Column;

  constructor(arena: Arena, name: string) {
    this.#cells = arena.quietFloats(name, 1);
  }

  /** How many are set. */
  size(): number {
    return this.#cells.data[0]!;
  }

  /** The mark of a handle, 0 without. */
  of(handle: number): number {
    return handle + 1 < this.#cells.length ? this.#cells.data[handle + 1]! : 0;
  }

  /** Sets a mark, or takes it away (0). */
  set(handle: number, mark: number): void {
    const cells = this.#cells;
    const before = this.of(handle);
    if (handle + 1 >= cells.length) cells.resize(handle + 2);
    cells.data[handle + 1] = mark;
    cells.data[0]! += Number(mark > 0) - Number(before > 0);
    if (cells.data[0] === 0) cells.resize(1);
  }
}
