// The table of deliveries: copies that a broker has handed to a worker and that are not settled and forgotten yet.

import type { Arena, Int32Column } from "../kernel/arena.ts";
import { Rows } from "../kernel/rows.ts";

const ACCOUNT = 0;
const MESSAGE = 1;
const ATTEMPT = 2;
const TAG = 3;
const SUBSCRIPTION = 4;
const WORKER = 5;
const PARTITION = 6;
const MARK = 7;
const INTEGERS = 8;

const OFFSET = 0;
const DELIVERED = 1;
const DOUBLES = 2;

/** Rows of deliveries by handle. */
export class Deliveries {
  /** Threads the lists inside services. */
  readonly next: Int32Column;
  readonly #rows: Rows;
  /** Simulated time [ns]. */
  readonly #clock: Float64Array;

  constructor(arena: Arena, clock: Float64Array) {
    this.#rows = new Rows(arena, "delivery", { integers: INTEGERS, doubles: DOUBLES });
    this.next = arena.int32("delivery/next");
    this.#clock = clock;
  }

  /** A delivery of now that has no consumer and no place in a log yet. */
  create(account: number, message: number, attempt: number, tag: number): number {
    const delivery = this.#rows.take();
    const cells = this.#rows.integers;
    const first = delivery * INTEGERS;
    cells[first + ACCOUNT] = account;
    cells[first + MESSAGE] = message;
    cells[first + ATTEMPT] = attempt;
    cells[first + TAG] = tag;
    cells[first + SUBSCRIPTION] = -1;
    cells[first + WORKER] = -1;
    cells[first + PARTITION] = -1;
    cells[first + MARK] = 0;
    this.#rows.doubles[delivery * DOUBLES + OFFSET] = -1;
    if (delivery >= this.next.length) this.next.resize(delivery + 1);
    return delivery;
  }

  /** Says whose delivery it is, and that it has reached them now. */
  assign(delivery: number, subscription: number, worker: number): void {
    this.#rows.doubles[delivery * DOUBLES + DELIVERED] = this.#clock[0]!;
    this.#rows.integers[delivery * INTEGERS + SUBSCRIPTION] = subscription;
    this.#rows.integers[delivery * INTEGERS + WORKER] = worker;
  }

  /** Says where in a log the copy stands. */
  place(delivery: number, partition: number, offset: number): void {
    this.#rows.integers[delivery * INTEGERS + PARTITION] = partition;
    this.#rows.doubles[delivery * DOUBLES + OFFSET] = offset;
  }

  /** Number of the account in whose books the copy is. */
  account(delivery: number): number {
    return this.#rows.integers[delivery * INTEGERS + ACCOUNT]!;
  }

  message(delivery: number): number {
    return this.#rows.integers[delivery * INTEGERS + MESSAGE]!;
  }

  /** From 1. */
  attempt(delivery: number): number {
    return this.#rows.integers[delivery * INTEGERS + ATTEMPT]!;
  }

  /** The technology's own. */
  tag(delivery: number): number {
    return this.#rows.integers[delivery * INTEGERS + TAG]!;
  }

  /** The technology's own too, and may change. */
  mark(delivery: number): number {
    return this.#rows.integers[delivery * INTEGERS + MARK]!;
  }

  setMark(delivery: number, mark: number): void {
    this.#rows.integers[delivery * INTEGERS + MARK] = mark;
  }

  /** Row of the consume connection. */
  subscription(delivery: number): number {
    return this.#rows.integers[delivery * INTEGERS + SUBSCRIPTION]!;
  }

  worker(delivery: number): number {
    return this.#rows.integers[delivery * INTEGERS + WORKER]!;
  }

  /** −1 where there are none. */
  partition(delivery: number): number {
    return this.#rows.integers[delivery * INTEGERS + PARTITION]!;
  }

  offset(delivery: number): number {
    return this.#rows.doubles[delivery * DOUBLES + OFFSET]!;
  }

  /** When it was handed over [ns]. */
  deliveredNs(delivery: number): number {
    return this.#rows.doubles[delivery * DOUBLES + DELIVERED]!;
  }

  /** Frees a row. */
  give(delivery: number): void {
    this.#rows.give(delivery);
  }

  /** Those not forgotten that were handed to a worker, in order of their handles. Looks at all there are. */
  heldBy(subscription: number, worker: number): readonly number[] {
    const found: number[] = [];
    for (let delivery = 0; delivery < this.#rows.capacity(); delivery++) {
      if (!this.#rows.isLive(delivery) || this.worker(delivery) !== worker) continue;
      if (this.subscription(delivery) === subscription) found.push(delivery);
    }
    return found;
  }

  /** Deliveries not forgotten. */
  size(): number {
    return this.#rows.size();
  }
}
