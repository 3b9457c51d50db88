// Growable double-ended queue of 32-bit integers with access by position, kept in a circular column
// whose length is a power of two. Inserting and removing in the middle moves the shorter side.

import type { Arena, Int32Column } from "./arena.ts";

const HEAD = 0;
const SIZE = 1;

/** Double-ended queue of 32-bit integers; position 0 is the front. */
export class Ring {
  readonly #cells: Int32Column;
  readonly #state: Int32Array;
  readonly #at: number;

  constructor(arena: Arena, name: string) {
    this.#cells = arena.int32(`${name}.cells`);
    ({ cells: this.#state, at: this.#at } = arena.intCells(`${name}.state`, 2));
  }

  /** Number of elements. */
  size(): number {
    return this.#state[this.#at + SIZE]!;
  }

  /** Appends at the back. */
  pushBack(value: number): void {
    const state = this.#state;
    const at = this.#at;
    const size = state[at + SIZE]!;
    if (size === this.#cells.length) this.#grow();
    this.#cells.data[(state[at + HEAD]! + size) & (this.#cells.length - 1)] = value;
    state[at + SIZE] = size + 1;
  }

  /** Puts a value in front of all others. */
  pushFront(value: number): void {
    const state = this.#state;
    const at = this.#at;
    const size = state[at + SIZE]!;
    if (size === this.#cells.length) this.#grow();
    const head = (state[at + HEAD]! - 1) & (this.#cells.length - 1);
    this.#cells.data[head] = value;
    state[at + HEAD] = head;
    state[at + SIZE] = size + 1;
  }

  /** Removes and returns the first element; -1 when empty. */
  popFront(): number {
    const state = this.#state;
    const at = this.#at;
    const size = state[at + SIZE]!;
    if (size === 0) return -1;
    const head = state[at + HEAD]!;
    state[at + HEAD] = (head + 1) & (this.#cells.length - 1);
    state[at + SIZE] = size - 1;
    return this.#cells.data[head]!;
  }

  /** Removes and returns the last element; -1 when empty. */
  popBack(): number {
    const state = this.#state;
    const at = this.#at;
    const size = state[at + SIZE]!;
    if (size === 0) return -1;
    state[at + SIZE] = size - 1;
    return this.#cells.data[(state[at + HEAD]! + size - 1) & (this.#cells.length - 1)]!;
  }

  /** The element at a position; throws outside 0 … size - 1. */
  at(position: number): number {
    return this.#cells.data[this.#cellAt(position)]!;
  }

  /** Overwrites the element at a position; throws outside 0 … size - 1. */
  set(position: number, value: number): void {
    this.#cells.data[this.#cellAt(position)] = value;
  }

  /** Inserts in front of the element at `position`; `size()` appends. Costs up to size / 2 moves. */
  insertAt(position: number, value: number): void {
    const size = this.size();
    if (position < 0 || position > size) throw outside(position, size);
    if (position < size >> 1) {
      this.pushFront(value);
      for (let i = 0; i < position; i++) this.set(i, this.at(i + 1));
    } else {
      this.pushBack(value);
      for (let i = size; i > position; i--) this.set(i, this.at(i - 1));
    }
    this.set(position, value);
  }

  /** Removes and returns the element at a position. Costs up to size / 2 moves. */
  removeAt(position: number): number {
    const size = this.size();
    const value = this.at(position);
    if (position < size >> 1) {
      for (let i = position; i > 0; i--) this.set(i, this.at(i - 1));
      this.popFront();
    } else {
      for (let i = position; i < size - 1; i++) this.set(i, this.at(i + 1));
      this.popBack();
    }
    return value;
  }

  /** Removes the first element of this value; false when there is none. */
  removeValue(value: number): boolean {
    for (let position = 0; position < this.size(); position++)
      if (this.at(position) === value) {
        this.removeAt(position);
        return true;
      }
    return false;
  }

  /** Removes all elements; memory is kept. */
  clear(): void {
    this.#state[this.#at + HEAD] = 0;
    this.#state[this.#at + SIZE] = 0;
  }

  #cellAt(position: number): number {
    const size = this.#state[this.#at + SIZE]!;
    // Written so that NaN fails as well.
    if (!(position >= 0 && position < size)) throw outside(position, size);
    return (this.#state[this.#at + HEAD]! + position) & (this.#cells.length - 1);
  }

  /** Doubles the circle: the part before the head moves to the new half. */
  #grow(): void {
    const old = this.#cells.length;
    this.#cells.resize(Math.max(4, 2 * old));
    this.#cells.data.copyWithin(old, 0, this.#state[this.#at + HEAD]);
  }
}

function outside(position: number, size: number): Error {
  return new Error(`Position ${position} is outside a ring of ${size}.`);
}
