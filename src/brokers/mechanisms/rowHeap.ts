// A heap of the rows of a table: the row with the lowest key first, any row taken out at any time. Key and place lie in
// the rows themselves, so that a row costs four bytes more here. Knows no messages.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import type { Rows } from "../../kernel/rows.ts";

/** Which cells of a row the heap uses. */
export interface HeapCells {
  /** Cells per row of each kind. */
  readonly integers: number;
  readonly doubles: number;
  /** The double by which rows are ordered, and the one that decides between equal ones; no two rows share that. */
  readonly key: number;
  readonly tie: number;
  /** The integer in which the heap keeps a row's place; the owner sets it to -1 when it takes a row. */
  readonly place: number;
}

const OUTSIDE = -1;

/** Rows of one table in order of a key. */
export class RowHeap {
  readonly #rows: Rows;
  readonly #cells: HeapCells;
  readonly #order: Int32Column;

  constructor(arena: Arena, name: string, about: { rows: Rows; cells: HeapCells }) {
    this.#rows = about.rows;
    this.#cells = about.cells;
    this.#order = arena.int32(name);
  }

  size(): number {
    return this.#order.length;
  }

  /** The row with the lowest key, or -1. */
  first(): number {
    return this.#order.length > 0 ? this.#order.data[0]! : OUTSIDE;
  }

  /** Key of the first row; Infinity when there is none. */
  firstKey(): number {
    return this.#order.length > 0 ? this.#key(this.#order.data[0]!) : Infinity;
  }

  has(row: number): boolean {
    return this.#rows.integers[row * this.#cells.integers + this.#cells.place]! !== OUTSIDE;
  }

  /** Puts in a row that is not in it; its key is set already and stays until it is taken out. */
  add(row: number): void {
    this.#rise(row, this.#order.push(row));
  }

  /** Takes a row out; nothing when it is not in it. */
  remove(row: number): void {
    const place = this.#rows.integers[row * this.#cells.integers + this.#cells.place]!;
    if (place === OUTSIDE) return;
    this.#setPlace(row, OUTSIDE);
    const order = this.#order;
    const last = order.data[order.length - 1]!;
    order.resize(order.length - 1);
    if (last === row) return;
    const above = (place - 1) >> 1;
    if (place > 0 && this.#isBefore(last, order.data[above]!)) this.#rise(last, place);
    else this.#sink(last, place);
  }

  #rise(row: number, from: number): void {
    const order = this.#order.data;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = order[above]!;
      if (!this.#isBefore(row, other)) break;
      order[place] = other;
      this.#setPlace(other, place);
      place = above;
    }
    order[place] = row;
    this.#setPlace(row, place);
  }

  #sink(row: number, from: number): void {
    const order = this.#order.data;
    const { length } = this.#order;
    let place = from;
    for (let below = 2 * place + 1; below < length; below = 2 * place + 1) {
      if (below + 1 < length && this.#isBefore(order[below + 1]!, order[below]!)) below++;
      const other = order[below]!;
      if (!this.#isBefore(other, row)) break;
      order[place] = other;
      this.#setPlace(other, place);
      place = below;
    }
    order[place] = row;
    this.#setPlace(row, place);
  }

  #isBefore(row: number, other: number): boolean {
    const key = this.#key(row);
    const otherKey = this.#key(other);
    if (key !== otherKey) return key < otherKey;
    const { doubles, tie } = this.#cells;
    return this.#rows.doubles[row * doubles + tie]! < this.#rows.doubles[other * doubles + tie]!;
  }

  #key(row: number): number {
    return this.#rows.doubles[row * this.#cells.doubles + this.#cells.key]!;
  }

  #setPlace(row: number, place: number): void {
    this.#rows.integers[row * this.#cells.integers + this.#cells.place] = place;
  }
}
