// Batches on their way to consumers and in their hands: one row per batch that was sent, and at each delivery which batch
// it came with and what has become of it.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import type { BrokerContext } from "../technology.ts";

/** What has become of a delivery. */
export const deliveryStates = {
  onWire: 0,
  held: 1,
  /** Dealt with; to be acknowledged, alone or when its whole batch is. */
  done: 2,
  setAside: 3,
  /** Failed, to be acknowledged all the same. */
  passed: 4,
  /** Failed, and to come again. */
  failed: 5,
  /** To be read again by somebody, while it is still on the wire or with its worker. */
  loose: 6,
  /** Acknowledged for the subscription while it is still on the wire or with its worker. */
  covered: 7,
} as const;

const STATE_BITS = 3;
const STATE_MASK = (1 << STATE_BITS) - 1;

// Integers of a row.
const SEAT = 0;
const CURSOR = 1;
const FIRST = 2;
const END = 3;
const LEFT = 4;
const OPEN = 5;
const NUMBER = 6;
const STAMP = 7;
const INTEGERS = 8;

/** The batches that consumers were sent. */
export class Shipments {
  readonly #rows: Rows;
  readonly #numbers: Int32Array;
  readonly #context: BrokerContext;

  constructor(arena: Arena, name: string, context: BrokerContext) {
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: 0 });
    this.#numbers = arena.int32(`${name}.numbers`, 1).data;
    this.#context = context;
  }

  /** Entries of a batch, `from` to below `end`, go to a seat; some of them may have been acknowledged before. */
  add(seat: number, cursor: number, from: number, end: number): number {
    const row = this.#rows.take();
    const cells = this.#rows.integers;
    const first = row * INTEGERS;
    cells[first + SEAT] = seat;
    cells[first + CURSOR] = cursor;
    cells[first + FIRST] = from;
    cells[first + END] = end;
    cells[first + LEFT] = 0;
    cells[first + OPEN] = 0;
    cells[first + NUMBER] = this.#numbers[0]!++;
    cells[first + STAMP]!++;
    return row;
  }

  /** A delivery belongs to a batch. */
  load(shipment: number, delivery: number): void {
    const first = shipment * INTEGERS;
    this.#rows.integers[first + LEFT]!++;
    this.#rows.integers[first + OPEN]!++;
    this.#context.mark(delivery, (shipment << STATE_BITS) | deliveryStates.onWire);
  }

  /** One of `deliveryStates`. */
  state(delivery: number): number {
    return this.#context.deliveryMark(delivery) & STATE_MASK;
  }

  /** The batch with which a delivery came. */
  of(delivery: number): number {
    return this.#context.deliveryMark(delivery) >> STATE_BITS;
  }

  change(delivery: number, state: number): void {
    const mark = this.#context.deliveryMark(delivery);
    this.#context.mark(delivery, (mark & ~STATE_MASK) | state);
  }

  /** One more of a batch is to be acknowledged; whether all are now. */
  complete(shipment: number): boolean {
    return --this.#rows.integers[shipment * INTEGERS + LEFT]! === 0;
  }

  /** Whether all of a batch is to be acknowledged. */
  isComplete(shipment: number): boolean {
    return this.#rows.integers[shipment * INTEGERS + LEFT] === 0;
  }

  /** One of a batch no longer belongs to it; the row is freed with the last. */
  unload(shipment: number): void {
    if (--this.#rows.integers[shipment * INTEGERS + OPEN]! === 0) this.#rows.give(shipment);
  }

  /** Whether the row is in use, and for the same batch as when it had this stamp. */
  isStill(shipment: number, stamp: number): boolean {
    return this.#rows.isLive(shipment) && this.stamp(shipment) === stamp;
  }

  seat(shipment: number): number {
    return this.#rows.integers[shipment * INTEGERS + SEAT]!;
  }

  cursor(shipment: number): number {
    return this.#rows.integers[shipment * INTEGERS + CURSOR]!;
  }

  first(shipment: number): number {
    return this.#rows.integers[shipment * INTEGERS + FIRST]!;
  }

  end(shipment: number): number {
    return this.#rows.integers[shipment * INTEGERS + END]!;
  }

  /** Rises from batch to batch in the order of sending. */
  number(shipment: number): number {
    return this.#rows.integers[shipment * INTEGERS + NUMBER]!;
  }

  stamp(shipment: number): number {
    return this.#rows.integers[shipment * INTEGERS + STAMP]!;
  }
}
