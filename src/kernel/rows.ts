// A table of records with a few integers and doubles each. The cells of a record lie side by side, so that
// touching one costs one line of the processor's cache, however many of its fields are used; free rows are
// linked through their first cell. Owners name the positions of their fields and read the arrays themselves.

import type { Arena, Float64Column, Int32Column } from "./arena.ts";

const FREE = 0;
const LIVE_COUNT = 1;
const END = -1;

/** How many cells a row has of each kind. */
export interface RowShape {
  /** Integers per row, at least one: the first is never negative while the row is live. */
  readonly integers: number;
  readonly doubles: number;
}

/** Rows 0, 1, 2, … of one shape. Field f of row r is `integers[r * shape.integers + f]`, or the same with
 *  `doubles`. Both arrays are replaced when the table grows: never keep them across `take`. */
export class Rows {
  integers!: Int32Array;
  doubles!: Float64Array;
  readonly #shape: RowShape;
  readonly #integerCells: Int32Column;
  readonly #doubleCells: Float64Column;
  /** Never grows: the array itself is kept. */
  readonly #state: Int32Array;

  constructor(arena: Arena, name: string, shape: RowShape) {
    this.#shape = shape;
    this.#integerCells = arena.int32(`${name}.integers`);
    this.#doubleCells = arena.float64(`${name}.doubles`);
    this.#state = arena.int32(`${name}.state`, 2).data;
    this.#state[FREE] = END;
    this.#lookUpArrays();
    arena.onRestore(() => this.#lookUpArrays());
  }

  /** A row that is not live. Its cells hold what the last owner left there, but for the first; those of a row that was
   *  never taken are 0. The owner fills in all that it does not want to inherit. */
  take(): number {
    const state = this.#state;
    state[LIVE_COUNT]!++;
    const row = state[FREE]!;
    if (row === END) return this.#add();
    const first = row * this.#shape.integers;
    state[FREE] = END - 1 - this.integers[first]!;
    this.integers[first] = 0;
    return row;
  }

  /** Gives a live row back. Giving one twice is a bug and throws. */
  give(row: number): void {
    if (!this.isLive(row)) throw new Error(`Row ${row} was given back but is not live.`);
    // Shifted, so that the first cell of a free row is always negative.
    this.integers[row * this.#shape.integers] = END - 1 - this.#state[FREE]!;
    this.#state[FREE] = row;
    this.#state[LIVE_COUNT]!--;
  }

  /** Whether the row is taken. */
  isLive(row: number): boolean {
    const first = row * this.#shape.integers;
    return first >= 0 && first < this.#integerCells.length && this.integers[first]! >= 0;
  }

  /** Number of live rows. */
  size(): number {
    return this.#state[LIVE_COUNT]!;
  }

  /** One more than the highest row ever taken. */
  capacity(): number {
    return this.#integerCells.length / this.#shape.integers;
  }

  #add(): number {
    const row = this.capacity();
    this.#integerCells.resize((row + 1) * this.#shape.integers);
    this.#doubleCells.resize((row + 1) * this.#shape.doubles);
    this.#lookUpArrays();
    return row;
  }

  #lookUpArrays(): void {
    this.integers = this.#integerCells.data;
    this.doubles = this.#doubleCells.data;
  }
}
