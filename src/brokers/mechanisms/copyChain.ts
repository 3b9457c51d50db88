// A list of a lease queue's copies, linked through two cells of their rows: append, and take out anywhere.

import type { Arena, IntCells } from "../../kernel/arena.ts";
import { type LeasedCopies, leaseIntegers } from "./leasedCopies.ts";

const NONE = -1;
const WIDTH = leaseIntegers.count;

/** Copies in order of appending. */
export class CopyChain {
  readonly #copies: LeasedCopies;
  readonly #next: number;
  readonly #previous: number;
  /** First and last. */
  readonly #ends: IntCells;

  /** `next` and `previous` are the positions of the cells in a copy's row. */
  constructor(
    arena: Arena,
    name: string,
    about: { copies: LeasedCopies; next: number; previous: number },
  ) {
    this.#copies = about.copies;
    this.#next = about.next;
    this.#previous = about.previous;
    this.#ends = arena.intCells(name, 2);
    this.#setEnd(0, NONE);
    this.#setEnd(1, NONE);
  }

  /** -1 when it is empty. */
  first(): number {
    return this.#ends.cells[this.#ends.at]!;
  }

  /** The copy behind another one, -1 for none. */
  after(copy: number): number {
    return this.#copies.rows.integers[copy * WIDTH + this.#next]!;
  }

  append(copy: number): void {
    const { integers } = this.#copies.rows;
    const last = this.#ends.cells[this.#ends.at + 1]!;
    integers[copy * WIDTH + this.#previous] = last;
    integers[copy * WIDTH + this.#next] = NONE;
    if (last === NONE) this.#setEnd(0, copy);
    else integers[last * WIDTH + this.#next] = copy;
    this.#setEnd(1, copy);
  }

  remove(copy: number): void {
    const { integers } = this.#copies.rows;
    const next = integers[copy * WIDTH + this.#next]!;
    const previous = integers[copy * WIDTH + this.#previous]!;
    if (previous === NONE) this.#setEnd(0, next);
    else integers[previous * WIDTH + this.#next] = next;
    if (next === NONE) this.#setEnd(1, previous);
    else integers[next * WIDTH + this.#previous] = previous;
  }

  #setEnd(end: 0 | 1, copy: number): void {
    this.#ends.cells[this.#ends.at + end] = copy;
  }
}
