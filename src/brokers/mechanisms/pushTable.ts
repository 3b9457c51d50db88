// The copies that a broker pushes, as rows of a table: what has been tried with each, and their places in two lists: all
// copies of a route in order of arrival, and those of one group that wait for the one before.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

const NONE = -1;

// Integers of a row.
const MESSAGE = 0;
const ROUTE = 1;
const STATE = 2;
const GENERATION = 3;
const DELIVERIES = 4;
const FAILURES = 5;
const REFUSALS = 6;
const DELIVERY = 7;
const BEHIND = 8;
const PREVIOUS = 9;
const NEXT = 10;
const REPEATED = 11;
const INTEGERS = 12;

// Doubles of a row: when it came, and when its attempt began [ns].
const BORN = 0;
const TRIED = 1;
const DOUBLES = 2;

/** What a copy is doing. */
export const pushStates = {
  /** Waits for its turn: for room, for the rate. */
  ready: 0,
  /** On its way to the endpoint. */
  onTheWire: 1,
  /** At the endpoint, where no worker has taken it yet. */
  queued: 2,
  /** A worker deals with it. */
  held: 3,
  /** The worker's answer is on its way back. */
  answered: 4,
  /** Waits for its next attempt. */
  resting: 5,
  /** Waits for another copy of its group. */
  behind: 6,
} as const;

/** The copies of one broker. */
export class PushTable {
  readonly #rows: Rows;
  /** Per route: first and last copy in order of arrival, number of copies. */
  readonly #lists: Int32Column;
  /** Per route: one more than the last copy of each group, by one more than the key; 0: none. */
  readonly #groups: readonly Int32Column[];

  constructor(arena: Arena, name: string, routes: number) {
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: DOUBLES });
    this.#lists = arena.int32(`${name}.lists`, routes * 3);
    this.#groups = Array.from({ length: routes }, (_, at) => arena.int32(`${name}.groups${at}`));
    for (let route = 0; route < routes; route++)
      this.#lists.data.fill(NONE, route * 3, route * 3 + 2);
  }

  /** Adds a copy at the end of a route's list. */
  add(route: number, message: number, nowNs: number): number {
    const row = this.#rows.take();
    const at = row * INTEGERS;
    const cells = this.#rows.integers;
    const last = this.#lists.data[route * 3 + 1]!;
    cells[at + MESSAGE] = message;
    cells[at + ROUTE] = route;
    cells[at + STATE] = pushStates.ready;
    // The generation goes on from the row's former owner: its timers must not be taken for this one's.
    for (const field of [DELIVERIES, FAILURES, REFUSALS, REPEATED]) cells[at + field] = 0;
    for (const field of [DELIVERY, BEHIND, NEXT]) cells[at + field] = NONE;
    cells[at + PREVIOUS] = last;
    if (last === NONE) this.#lists.data[route * 3] = row;
    else cells[last * INTEGERS + NEXT] = row;
    this.#lists.data[route * 3 + 1] = row;
    this.#lists.data[route * 3 + 2]!++;
    this.#rows.doubles[row * DOUBLES + BORN] = nowNs;
    return row;
  }

  /** Takes a copy off the list of its route and frees its row. */
  remove(row: number): void {
    const route = this.route(row);
    const cells = this.#rows.integers;
    const previous = cells[row * INTEGERS + PREVIOUS]!;
    const next = cells[row * INTEGERS + NEXT]!;
    if (previous === NONE) this.#lists.data[route * 3] = next;
    else cells[previous * INTEGERS + NEXT] = next;
    if (next === NONE) this.#lists.data[route * 3 + 1] = previous;
    else cells[next * INTEGERS + PREVIOUS] = previous;
    this.#lists.data[route * 3 + 2]!--;
    this.renew(row);
    this.#rows.give(row);
  }

  /** Puts a copy behind the last one of its group; whether it is alone there. `key` is -1 for messages without one. */
  joinGroup(row: number, key: number): boolean {
    const groups = this.#groups[this.route(row)]!;
    if (groups.length < key + 2) groups.resize(key + 2);
    const last = groups.data[key + 1]! - 1;
    groups.data[key + 1] = row + 1;
    if (last >= 0) this.#rows.integers[last * INTEGERS + BEHIND] = row;
    return last < 0;
  }

  /** Takes the first copy of a group out of it; returns the one behind it, -1 for none. */
  leaveGroup(row: number, key: number): number {
    const behind = this.#cell(row, BEHIND);
    if (behind === NONE) this.#groups[this.route(row)]!.data[key + 1] = 0;
    return behind;
  }

  /** The oldest copy of a route, -1 for none. */
  first(route: number): number {
    return this.#lists.data[route * 3]!;
  }

  /** Number of copies of a route. */
  size(route: number): number {
    return this.#lists.data[route * 3 + 2]!;
  }

  isLive(row: number): boolean {
    return this.#rows.isLive(row);
  }

  message(row: number): number {
    return this.#cell(row, MESSAGE);
  }

  route(row: number): number {
    return this.#cell(row, ROUTE);
  }

  /** One of `pushStates`. */
  state(row: number): number {
    return this.#cell(row, STATE);
  }

  setState(row: number, state: number): void {
    this.#rows.integers[row * INTEGERS + STATE] = state;
  }

  /** Rises with every attempt and every rest, so that timers of before are void. */
  generation(row: number): number {
    return this.#cell(row, GENERATION);
  }

  /** Makes all timers of the copy void. */
  renew(row: number): void {
    const at = row * INTEGERS + GENERATION;
    // Leaves room for a verdict beside it in 31 bits.
    this.#rows.integers[at] = (this.#rows.integers[at]! + 1) & 0xfffffff;
  }

  /** Whether a copy is live and its timers of this generation still count. */
  isStill(row: number, generation: number): boolean {
    return this.isLive(row) && this.generation(row) === generation;
  }

  /** Handle of the delivery under which a worker has it, -1 without. */
  delivery(row: number): number {
    return this.#cell(row, DELIVERY);
  }

  setDelivery(row: number, delivery: number): void {
    this.#rows.integers[row * INTEGERS + DELIVERY] = delivery;
  }

  /** Counts one more delivery to a worker and returns its number, from 1. */
  countDelivery(row: number): number {
    return ++this.#rows.integers[row * INTEGERS + DELIVERIES]!;
  }

  /** Counts one more failure, apart for those because nobody was there; returns how many of that sort there are. */
  countFailure(row: number, sort: "error" | "refusal"): number {
    return ++this.#rows.integers[row * INTEGERS + (sort === "error" ? FAILURES : REFUSALS)]!;
  }

  /** Notes that the copy is sent once more although it was dealt with; false when it was before. */
  repeat(row: number): boolean {
    return ++this.#rows.integers[row * INTEGERS + REPEATED]! === 1;
  }

  /** Failures of both sorts. */
  failures(row: number): number {
    return this.#cell(row, FAILURES) + this.#cell(row, REFUSALS);
  }

  /** When it came [ns]. */
  bornNs(row: number): number {
    return this.#rows.doubles[row * DOUBLES + BORN]!;
  }

  /** When its present attempt began [ns]. */
  triedNs(row: number): number {
    return this.#rows.doubles[row * DOUBLES + TRIED]!;
  }

  setTriedNs(row: number, timeNs: number): void {
    this.#rows.doubles[row * DOUBLES + TRIED] = timeNs;
  }

  #cell(row: number, field: number): number {
    return this.#rows.integers[row * INTEGERS + field]!;
  }
}
