// A queue of copies: what is ready, in order, and where a copy goes that comes back. What a worker holds is not
// here but in `consumers.ts`. Knows no protocol.

import type { Arena } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { Copies } from "./copies.ts";

// Cells of the state: the position of the next copy that leaves `#fresh`, and that of the copy taken last.
const NEXT_POSITION = 0;
const TAKEN_POSITION = 1;

/** The ready copies of one queue: first those that came back, then the others in order of arrival.
 *  Copies leave in order of arrival, so all that came back were there before all that never left: where a copy
 *  stands needs no number before it leaves, and costs four bytes until then. */
export class CopyQueue {
  readonly #copies: Copies;
  readonly #returned: Ring;
  readonly #fresh: Ring;
  /** Of a column that never grows, so the array itself is kept. */
  readonly #state: Int32Array;

  constructor(arena: Arena, name: string, copies: Copies) {
    this.#copies = copies;
    this.#returned = new Ring(arena, `${name}.returned`);
    this.#fresh = new Ring(arena, `${name}.fresh`);
    this.#state = arena.int32(`${name}.positions`, 2).data;
  }

  /** Number of ready copies. */
  size(): number {
    return this.#returned.size() + this.#fresh.size();
  }

  /** The copy that is next, or -1. */
  head(): number {
    if (this.#returned.size() > 0) return this.#returned.at(0);
    return this.#fresh.size() > 0 ? this.#fresh.at(0) : -1;
  }

  /** Removes and returns the copy that is next; there must be one. */
  take(): number {
    const state = this.#state;
    if (this.#returned.size() > 0) {
      const copy = this.#returned.popFront();
      state[TAKEN_POSITION] = this.#copies.position(copy);
      return copy;
    }
    state[TAKEN_POSITION] = state[NEXT_POSITION]!++;
    return this.#fresh.popFront();
  }

  /** Position of the copy taken last, for `restore`. */
  takenPosition(): number {
    return this.#state[TAKEN_POSITION]!;
  }

  /** Puts a copy at the back. */
  append(copy: number): void {
    this.#fresh.pushBack(copy);
  }

  /** Puts a copy behind those that were returned before and in front of all others. */
  giveBack(copy: number): void {
    this.#returned.pushBack(copy);
  }

  /** Puts a copy where it was, by its position. Not for queues in which copies are given back out of order. */
  restore(copy: number): void {
    const position = this.#copies.position(copy);
    const returned = this.#returned;
    let low = 0;
    let high = returned.size();
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#copies.position(returned.at(middle)), position)) low = middle + 1;
      else high = middle;
    }
    returned.insertAt(low, copy);
  }

  /** Takes out the ready copies that `isGone` names, calling `onGone` for each; keeps the order of the rest. */
  remove(isGone: (copy: number) => boolean, onGone: (copy: number) => void): void {
    for (const ring of [this.#returned, this.#fresh])
      for (let left = ring.size(); left > 0; left--) {
        const copy = ring.popFront();
        if (isGone(copy)) onGone(copy);
        else ring.pushBack(copy);
      }
  }
}

/** By their difference, so that the order holds when the count of positions has gone round 32 bits. */
function isBefore(position: number, other: number): boolean {
  return ((position - other) | 0) < 0;
}
