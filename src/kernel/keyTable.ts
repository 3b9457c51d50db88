// A table from integers, such as keys of entities, to rows 0, 1, 2, … in the order in which they first came: a hash table
// with open addressing in two columns, so that its memory follows the number of keys, not their size.

import type { Arena, Int32Column } from "./arena.ts";

/** Cells of a table that nobody has used yet: a power of two. */
const CELLS_MIN = 16;

/** Rows by key. Keys never leave. */
export class KeyTable {
  /** Row + 1 by hash, 0 for an empty cell; a power of two of them, at most half of them used. */
  readonly #cells: Int32Column;
  /** Key by row. */
  readonly #keys: Int32Column;

  constructor(arena: Arena, name: string) {
    this.#cells = arena.int32(`${name}/cells`, CELLS_MIN);
    this.#keys = arena.int32(`${name}/keys`);
  }

  /** Number of keys. */
  size(): number {
    return this.#keys.length;
  }

  /** Row of a key, −1 when it is not known. */
  rowOf(key: number): number {
    return this.#cells.data[this.#cellOf(key)]! - 1;
  }

  /** Row of a key, a new one when it was not known. */
  add(key: number): number {
    const cell = this.#cellOf(key);
    const known = this.#cells.data[cell]! - 1;
    if (known >= 0) return known;
    const row = this.#keys.push(key);
    this.#cells.data[cell] = row + 1;
    if (2 * this.#keys.length > this.#cells.length) this.#grow();
    return row;
  }

  /** Key of a row. */
  keyAt(row: number): number {
    return this.#keys.data[row]!;
  }

  /** Position of a key, or of the empty cell where it belongs. */
  #cellOf(key: number): number {
    const mask = this.#cells.length - 1;
    const cells = this.#cells.data;
    // The upper bits of the product are the well-mixed ones.
    let cell = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    for (;;) {
      const row = cells[cell]! - 1;
      if (row < 0 || this.#keys.data[row] === key) return cell;
      cell = (cell + 1) & mask;
    }
  }

  #grow(): void {
    const length = 2 * this.#cells.length;
    this.#cells.resize(0);
    this.#cells.resize(length);
    for (let row = 0; row < this.#keys.length; row++)
      this.#cells.data[this.#cellOf(this.#keys.data[row]!)] = row + 1;
  }
}
