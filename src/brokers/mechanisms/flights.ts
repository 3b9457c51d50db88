// Deliveries of a log as rows: whose they are, which offset, what has become of them. The owner decides what the
// states mean for the books.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

/** What has become of a delivery. From `committed` on the cursor has let go of it: it is only held. */
export const flightStates = {
  held: 0,
  done: 1,
  setAside: 2,
  skipped: 3,
  /** Committed before the worker has dealt with it. */
  committed: 4,
  /** Its record was lost with a leader while a worker held it. */
  cutOff: 5,
  /** Read again by somebody else while a worker still holds it. */
  takenBack: 6,
} as const;

// Fields of a row.
const STATE = 0;
const CURSOR = 1;
const MEMBER = 2;
const ATTEMPT = 3;
const DELIVERY = 4;
const shape = { integers: 5, doubles: 1 };

/** Rows of deliveries. */
export class Flights {
  readonly #rows: Rows;

  constructor(arena: Arena, name: string) {
    this.#rows = new Rows(arena, `${name}.rows`, shape);
  }

  /** A row for a delivery that a member is about to hold; `assign` says which. */
  add(cursor: number, member: number, offset: number, attempt: number): number {
    const row = this.#rows.take();
    const cells = this.#rows.integers;
    const first = row * shape.integers;
    cells[first + STATE] = flightStates.held;
    cells[first + CURSOR] = cursor;
    cells[first + MEMBER] = member;
    cells[first + ATTEMPT] = attempt;
    this.#rows.doubles[row] = offset;
    return row;
  }

  /** Says which delivery it is. */
  assign(row: number, delivery: number): void {
    this.#rows.integers[row * shape.integers + DELIVERY] = delivery;
  }

  /** Gives a row another state. */
  change(row: number, state: number): void {
    this.#rows.integers[row * shape.integers + STATE] = state;
  }

  /** Gives the row back. */
  remove(row: number): void {
    this.#rows.give(row);
  }

  /** One of `flightStates`. */
  state(row: number): number {
    return this.#rows.integers[row * shape.integers + STATE]!;
  }

  cursor(row: number): number {
    return this.#rows.integers[row * shape.integers + CURSOR]!;
  }

  member(row: number): number {
    return this.#rows.integers[row * shape.integers + MEMBER]!;
  }

  attempt(row: number): number {
    return this.#rows.integers[row * shape.integers + ATTEMPT]!;
  }

  delivery(row: number): number {
    return this.#rows.integers[row * shape.integers + DELIVERY]!;
  }

  offset(row: number): number {
    return this.#rows.doubles[row]!;
  }

  /** All rows of a member, in order of their numbers: looked for only when the member dies. */
  ofMember(member: number): readonly number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#rows.capacity(); row++)
      if (this.#rows.isLive(row) && this.member(row) === member) rows.push(row);
    return rows;
  }
}
