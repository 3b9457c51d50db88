// A cache: entries by two numbers, each with a value, that expire after a time to live and of which the least recently
// used one goes when it is full.

import type { Arena } from "../../kernel/arena.ts";
import { KeyedTable } from "./keyedTable.ts";

// Fields of an entry, behind those of the table. Neighbours are counted from 1; 0 is none.
const VALUE = 0;
const OLDER = 1;
const NEWER = 2;

// Cells of the state.
const OLDEST = 0;
const NEWEST = 1;

/** The entry is not there, or too old. */
export const MISS = -1;

/** One cache. Values are whole numbers that are not negative. */
export class TtlCache {
  readonly #entries: KeyedTable;
  readonly #sizeMax: number;
  /** Never grows: the array itself is kept. */
  readonly #state: Int32Array;

  /** `sizeMax` is Infinity without a limit. */
  constructor(arena: Arena, name: string, sizeMax: number) {
    this.#entries = new KeyedTable(arena, name, { integers: 3, doubles: 1 });
    this.#sizeMax = sizeMax;
    this.#state = arena.int32(`${name}/ends`, 2).data;
  }

  /** Entries, expired ones that nobody has asked for included. */
  size(): number {
    return this.#entries.size();
  }

  /** The value of an entry that has not expired, or MISS. It is now the one used last. */
  get(first: number, second: number, nowNs: number): number {
    const row = this.#entries.find(first, second);
    if (row < 0) return MISS;
    if (this.#entries.rows.doubles[row]! <= nowNs) {
      this.#remove(row);
      return MISS;
    }
    this.#unlink(row);
    this.#append(row);
    return this.#entries.rows.integers[this.#entries.at(row) + VALUE]!;
  }

  /** Puts a value in until a time [ns]. True when another entry had to go for it. */
  put(first: number, second: number, value: number, untilNs: number): boolean {
    const known = this.#entries.find(first, second);
    if (known >= 0) this.#remove(known);
    const isFull = this.#entries.size() >= this.#sizeMax;
    if (isFull) this.#remove(this.#state[OLDEST]! - 1);
    const row = this.#entries.add(first, second);
    this.#entries.rows.integers[this.#entries.at(row) + VALUE] = value;
    this.#entries.rows.doubles[row] = untilNs;
    this.#append(row);
    return isFull;
  }

  /** Deletes an entry; whether there was one. */
  delete(first: number, second: number): boolean {
    const row = this.#entries.find(first, second);
    if (row >= 0) this.#remove(row);
    return row >= 0;
  }

  clear(): void {
    this.#entries.clear();
    this.#state.fill(0, 0, 2);
  }

  #remove(row: number): void {
    this.#unlink(row);
    this.#entries.remove(row);
  }

  #append(row: number): void {
    const newest = this.#state[NEWEST]!;
    const cells = this.#entries.rows.integers;
    cells[this.#entries.at(row) + OLDER] = newest;
    cells[this.#entries.at(row) + NEWER] = 0;
    if (newest === 0) this.#state[OLDEST] = row + 1;
    else cells[this.#entries.at(newest - 1) + NEWER] = row + 1;
    this.#state[NEWEST] = row + 1;
  }

  #unlink(row: number): void {
    const cells = this.#entries.rows.integers;
    const [older, newer] = [
      cells[this.#entries.at(row) + OLDER]!,
      cells[this.#entries.at(row) + NEWER]!,
    ];
    if (older === 0) this.#state[OLDEST] = newer;
    else cells[this.#entries.at(older - 1) + NEWER] = newer;
    if (newer === 0) this.#state[NEWEST] = older;
    else cells[this.#entries.at(newer - 1) + OLDER] = older;
  }
}
