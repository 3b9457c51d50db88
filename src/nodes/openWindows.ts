// The state of a stream processor: for each key, windows that are open or events that wait to be joined. A second one
// of these is its checkpoint.

import type { Arena } from "../kernel/arena.ts";
import { Rows } from "../kernel/rows.ts";
import { KeyedTable } from "./patterns/keyedTable.ts";

// Integers of a window. Neighbours are counted from 1; 0 is none.
const KEY_RECORD = 0;
const NEXT = 1;
const COUNT = 2;
/** The last event in it, which it holds; −1 for none. */
const MESSAGE = 3;
/** Whether it has given a result, or an event was joined. */
const IS_DONE = 4;
/** Which of two streams an event is of. */
const SIDE = 5;
const INTEGERS = 6;

// Doubles of a window.
const START = 0;
const END = 1;
const SUM = 2;
/** Number in the order of beginning. */
const TURN = 3;
const DOUBLES = 4;

/** A window or a waiting event as its owner fills it in. */
export interface WindowContents {
  readonly startNs: number;
  readonly endNs: number;
  readonly count: number;
  readonly sum: number;
  /** −1 for none. */
  readonly message: number;
  readonly isDone: boolean;
  readonly side: number;
  readonly turn: number;
}

/** Windows by key. */
export class OpenWindows {
  readonly #keys: KeyedTable;
  readonly #rows: Rows;

  constructor(arena: Arena, name: string) {
    this.#keys = new KeyedTable(arena, `${name}/keys`, { integers: 1, doubles: 0 });
    this.#rows = new Rows(arena, `${name}/windows`, { integers: INTEGERS, doubles: DOUBLES });
  }

  /** Windows of all keys. */
  size(): number {
    return this.#rows.size();
  }

  /** The windows of a key (−1: of events without one), in no particular order. */
  of(key: number): readonly number[] {
    const record = this.#keys.find(0, key);
    if (record < 0) return none;
    const cells = this.#rows.integers;
    const rows: number[] = [];
    let next = this.#keys.rows.integers[this.#keys.at(record)]!;
    while (next > 0) {
      rows.push(next - 1);
      next = cells[(next - 1) * INTEGERS + NEXT]!;
    }
    return rows;
  }

  /** All windows, in no particular order. */
  all(): readonly number[] {
    const rows = Array.from({ length: this.#rows.capacity() }, (_, row) => row);
    return rows.filter((row) => this.#rows.isLive(row));
  }

  add(key: number, contents: WindowContents): number {
    const known = this.#keys.find(0, key);
    const record = known < 0 ? this.#keys.add(0, key) : known;
    const heads = this.#keys.rows.integers;
    const at = this.#keys.at(record);
    if (known < 0) heads[at] = 0;
    const row = this.#rows.take();
    const cells = this.#rows.integers;
    const doubles = this.#rows.doubles;
    cells[row * INTEGERS + KEY_RECORD] = record;
    cells[row * INTEGERS + NEXT] = heads[at]!;
    cells[row * INTEGERS + COUNT] = contents.count;
    cells[row * INTEGERS + MESSAGE] = contents.message;
    cells[row * INTEGERS + IS_DONE] = Number(contents.isDone);
    cells[row * INTEGERS + SIDE] = contents.side;
    doubles[row * DOUBLES + START] = contents.startNs;
    doubles[row * DOUBLES + END] = contents.endNs;
    doubles[row * DOUBLES + SUM] = contents.sum;
    doubles[row * DOUBLES + TURN] = contents.turn;
    heads[at] = row + 1;
    return row;
  }

  /** Takes one more event into a window; `message` takes the place of the last one, which is returned. */
  grow(row: number, size: number, message: number): number {
    const cells = this.#rows.integers;
    const before = cells[row * INTEGERS + MESSAGE]!;
    cells[row * INTEGERS + COUNT]!++;
    cells[row * INTEGERS + MESSAGE] = message;
    this.#rows.doubles[row * DOUBLES + SUM]! += size;
    return before;
  }

  remove(row: number): void {
    const cells = this.#rows.integers;
    const heads = this.#keys.rows.integers;
    const record = cells[row * INTEGERS + KEY_RECORD]!;
    const at = this.#keys.at(record);
    const after = cells[row * INTEGERS + NEXT]!;
    let before = heads[at]! - 1;
    if (before === row) heads[at] = after;
    else {
      while (cells[before * INTEGERS + NEXT]! - 1 !== row)
        before = cells[before * INTEGERS + NEXT]! - 1;
      cells[before * INTEGERS + NEXT] = after;
    }
    if (heads[at] === 0) this.#keys.remove(record);
    this.#rows.give(row);
  }

  key(row: number): number {
    return this.#keys.second(this.#rows.integers[row * INTEGERS + KEY_RECORD]!);
  }

  contents(row: number): WindowContents {
    const cells = this.#rows.integers;
    const doubles = this.#rows.doubles;
    return {
      startNs: doubles[row * DOUBLES + START]!,
      endNs: doubles[row * DOUBLES + END]!,
      count: cells[row * INTEGERS + COUNT]!,
      sum: doubles[row * DOUBLES + SUM]!,
      message: this.message(row),
      isDone: this.isDone(row),
      side: this.side(row),
      turn: doubles[row * DOUBLES + TURN]!,
    };
  }

  startNs(row: number): number {
    return this.#rows.doubles[row * DOUBLES + START]!;
  }

  endNs(row: number): number {
    return this.#rows.doubles[row * DOUBLES + END]!;
  }

  count(row: number): number {
    return this.#rows.integers[row * INTEGERS + COUNT]!;
  }

  sum(row: number): number {
    return this.#rows.doubles[row * DOUBLES + SUM]!;
  }

  turn(row: number): number {
    return this.#rows.doubles[row * DOUBLES + TURN]!;
  }

  message(row: number): number {
    return this.#rows.integers[row * INTEGERS + MESSAGE]!;
  }

  side(row: number): number {
    return this.#rows.integers[row * INTEGERS + SIDE]!;
  }

  isDone(row: number): boolean {
    return this.#rows.integers[row * INTEGERS + IS_DONE] === 1;
  }

  setDone(row: number): void {
    this.#rows.integers[row * INTEGERS + IS_DONE] = 1;
  }
}

const none: readonly number[] = [];
