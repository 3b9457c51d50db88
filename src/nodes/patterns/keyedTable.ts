// A table of records that are found by two whole numbers, such as a contract and a key. It stands in the arena: a hash
// table with chains, whose order nobody sees.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import { Rows, type RowShape } from "../../kernel/rows.ts";

// The first fields of a record; those of its owner follow.
const FIRST = 0;
const SECOND = 1;
const NEXT = 2;
/** Position of the owner's first integer. */
export const ownFields = 3;

const bucketsMin = 16;

/** Records by pairs of whole numbers; the first is not negative. */
export class KeyedTable {
  readonly rows: Rows;
  readonly #width: number;
  /** First record of each bucket, counted from 1; 0 for none. The number of buckets is a power of two. */
  readonly #buckets: Int32Column;

  /** `shape` counts the owner's own fields. */
  constructor(arena: Arena, name: string, shape: RowShape) {
    this.#width = ownFields + shape.integers;
    this.rows = new Rows(arena, name, { integers: this.#width, doubles: shape.doubles });
    this.#buckets = arena.int32(`${name}/buckets`, bucketsMin);
  }

  /** Records. */
  size(): number {
    return this.rows.size();
  }

  /** Where the integers of a record begin that are its owner's. */
  at(row: number): number {
    return row * this.#width + ownFields;
  }

  /** The first and the second number of a record. */
  first(row: number): number {
    return this.rows.integers[row * this.#width + FIRST]!;
  }

  second(row: number): number {
    return this.rows.integers[row * this.#width + SECOND]!;
  }

  /** The record of two numbers, −1 without one. */
  find(first: number, second: number): number {
    const cells = this.rows.integers;
    let row = this.#buckets.data[this.#bucketOf(first, second)]! - 1;
    while (row >= 0) {
      const at = row * this.#width;
      if (cells[at + FIRST] === first && cells[at + SECOND] === second) return row;
      row = cells[at + NEXT]! - 1;
    }
    return -1;
  }

  /** A new record of two numbers that have none; its owner fills in the fields. */
  add(first: number, second: number): number {
    if (this.rows.size() >= this.#buckets.length) this.#grow();
    const row = this.rows.take();
    this.rows.integers[row * this.#width + FIRST] = first;
    this.rows.integers[row * this.#width + SECOND] = second;
    this.#link(row);
    return row;
  }

  /** Takes a record away. */
  remove(row: number): void {
    const cells = this.rows.integers;
    const bucket = this.#bucketOf(this.first(row), this.second(row));
    const after = cells[row * this.#width + NEXT]!;
    let before = this.#buckets.data[bucket]! - 1;
    if (before === row) this.#buckets.data[bucket] = after;
    else {
      while (cells[before * this.#width + NEXT]! - 1 !== row)
        before = cells[before * this.#width + NEXT]! - 1;
      cells[before * this.#width + NEXT] = after;
    }
    this.rows.give(row);
  }

  /** Takes all records away. */
  clear(): void {
    for (let row = 0; row < this.rows.capacity(); row++)
      if (this.rows.isLive(row)) this.remove(row);
  }

  #link(row: number): void {
    const bucket = this.#bucketOf(this.first(row), this.second(row));
    this.rows.integers[row * this.#width + NEXT] = this.#buckets.data[bucket]!;
    this.#buckets.data[bucket] = row + 1;
  }

  #grow(): void {
    const buckets = 2 * this.#buckets.length;
    this.#buckets.resize(0);
    this.#buckets.resize(buckets);
    for (let row = 0; row < this.rows.capacity(); row++) if (this.rows.isLive(row)) this.#link(row);
  }

  #bucketOf(first: number, second: number): number {
    const mixed = Math.imul(Math.imul(first, 0x9e37_79b1) ^ second, 0x85eb_ca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#buckets.length - 1);
  }
}
