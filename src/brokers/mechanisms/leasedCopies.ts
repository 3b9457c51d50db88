// The table of copies that queues lend: one row per copy, whether it waits, rests or is held. All queues of a broker
// share one table, so that a copy's number can be the tag of its delivery. What the states mean stands in leaseQueue.ts.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

/** States of a copy. Ready: may be lent, unless its group is blocked. Held: lent until a deadline. Hidden: has not been
 *  in its queue's order yet. Resting: has been given back, and keeps its place until its time comes. */
export const leaseStates = { ready: 0, held: 1, hidden: 2, resting: 3 } as const;

/** Integers of a row. The first is never negative while the row is live. */
export const leaseIntegers = {
  message: 0,
  state: 1,
  /** Times that it was lent. */
  lent: 2,
  group: 3,
  /** Neighbours in the order of its queue or group. */
  next: 4,
  previous: 5,
  /** Neighbours among all copies of its queue, in order of entering. */
  after: 6,
  before: 7,
  /** Place in the heap of those that are ready or of those with a deadline, and in the heap of those that expire. */
  place: 8,
  expiryPlace: 9,
  holder: 10,
  delivery: 11,
  mark: 12,
  generation: 13,
  count: 14,
} as const;

/** Doubles of a row. */
export const leaseDoubles = {
  /** Rank in its queue: lower is earlier. */
  rank: 0,
  /** When its state ends [ns]. */
  due: 1,
  expires: 2,
  entered: 3,
  count: 4,
} as const;

const I = leaseIntegers;
const D = leaseDoubles;

/** The lent and waiting copies of one broker, by handle. */
export class LeasedCopies {
  readonly rows: Rows;

  constructor(arena: Arena, name: string) {
    this.rows = new Rows(arena, name, { integers: I.count, doubles: D.count });
  }

  /** Number of copies in all queues. */
  size(): number {
    return this.rows.size();
  }

  message(copy: number): number {
    return this.rows.integers[copy * I.count + I.message]!;
  }

  /** Its group, -1 for none. */
  group(copy: number): number {
    return this.rows.integers[copy * I.count + I.group]!;
  }

  /** Times that it was lent. */
  lentCount(copy: number): number {
    return this.rows.integers[copy * I.count + I.lent]!;
  }

  /** Sets how often it was lent, for a copy that brings its count along or is forgiven an attempt. */
  setLentCount(copy: number, count: number): void {
    this.rows.integers[copy * I.count + I.lent] = count;
  }

  isHeld(copy: number): boolean {
    return this.rows.integers[copy * I.count + I.state] === leaseStates.held;
  }

  isReady(copy: number): boolean {
    return this.rows.integers[copy * I.count + I.state] === leaseStates.ready;
  }

  /** To whom it is lent, a number of the owner's. */
  holder(copy: number): number {
    return this.rows.integers[copy * I.count + I.holder]!;
  }

  /** Handle of its delivery, -1 while it has none. */
  delivery(copy: number): number {
    return this.rows.integers[copy * I.count + I.delivery]!;
  }

  setDelivery(copy: number, delivery: number): void {
    this.rows.integers[copy * I.count + I.delivery] = delivery;
  }

  /** Whether the copy is still there and this is its present delivery: not when its lease has ended meanwhile. */
  isOf(copy: number, delivery: number): boolean {
    return this.rows.isLive(copy) && this.delivery(copy) === delivery;
  }

  /** A number of the owner's, 0 at first. */
  mark(copy: number): number {
    return this.rows.integers[copy * I.count + I.mark]!;
  }

  setMark(copy: number, mark: number): void {
    this.rows.integers[copy * I.count + I.mark] = mark;
  }

  /** Rises whenever a copy is lent, comes back or is gone, so that timers about what was can be told. */
  generation(copy: number): number {
    return this.rows.integers[copy * I.count + I.generation]!;
  }

  /** Whether the copy is there and nothing has befallen it since it had this generation. */
  isStill(copy: number, generation: number): boolean {
    return this.rows.isLive(copy) && this.generation(copy) === generation;
  }

  /** When it came into its queue, or what the owner has set instead [ns]. */
  enteredNs(copy: number): number {
    return this.rows.doubles[copy * D.count + D.entered]!;
  }

  /** When the lease or the rest ends [ns]; Infinity for never. Only while it is not ready. */
  dueNs(copy: number): number {
    return this.rows.doubles[copy * D.count + D.due]!;
  }

  /** When it expires [ns]; Infinity for never. */
  expiresNs(copy: number): number {
    return this.rows.doubles[copy * D.count + D.expires]!;
  }
}
