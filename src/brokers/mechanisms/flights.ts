// Deliveries of a log as rows: whose they are, which offset, what has become of them; with a list per member,
// so that a death finds what the member held. The owner decides what the states mean for the books.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Pool } from "../../kernel/pool.ts";
import type { Members } from "./members.ts";

const NONE = -1;

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

/** Rows of deliveries. */
export class Flights {
  readonly delivery: Int32Column;
  readonly cursor: Int32Column;
  readonly member: Int32Column;
  readonly state: Int32Column;
  readonly attempt: Int32Column;
  readonly offset: Float64Column;
  /** Next row of the same member. */
  readonly next: Int32Column;
  #before: Int32Column;
  #rows: Pool;
  #members: Members;

  constructor(arena: Arena, name: string, members: Members) {
    this.#members = members;
    this.#rows = new Pool(arena, `${name}.rows`);
    this.delivery = arena.int32(`${name}.delivery`);
    this.cursor = arena.int32(`${name}.cursor`);
    this.member = arena.int32(`${name}.member`);
    this.state = arena.int32(`${name}.state`);
    this.attempt = arena.int32(`${name}.attempt`);
    this.offset = arena.float64(`${name}.offset`);
    this.next = arena.int32(`${name}.next`);
    this.#before = arena.int32(`${name}.before`);
  }

  /** A row for a delivery that the member is about to hold; `delivery` is still to be filled in. */
  add(cursor: number, member: number, offset: number, attempt: number): number {
    const row = this.#rows.take();
    if (row === this.delivery.length) this.#addRow();
    this.cursor.data[row] = cursor;
    this.member.data[row] = member;
    this.state.data[row] = flightStates.held;
    this.attempt.data[row] = attempt;
    this.offset.data[row] = offset;
    const first = this.#members.firstFlight.data[member]!;
    this.next.data[row] = first;
    this.#before.data[row] = NONE;
    if (first !== NONE) this.#before.data[first] = row;
    this.#members.firstFlight.data[member] = row;
    return row;
  }

  /** Gives the row back. */
  remove(row: number): void {
    const next = this.next.data[row]!;
    const before = this.#before.data[row]!;
    if (next !== NONE) this.#before.data[next] = before;
    if (before !== NONE) this.next.data[before] = next;
    else this.#members.firstFlight.data[this.member.data[row]!] = next;
    this.#rows.give(row);
  }

  #addRow(): void {
    this.delivery.push(NONE);
    this.cursor.push(NONE);
    this.member.push(NONE);
    this.state.push(flightStates.held);
    this.attempt.push(0);
    this.offset.push(0);
    this.next.push(NONE);
    this.#before.push(NONE);
  }
}
