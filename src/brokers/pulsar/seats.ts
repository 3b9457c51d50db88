// Consumers and their seats: a consumer is a worker that has joined a subscription, and at each partition it has a seat
// with a queue of its own, for which the broker has permits.

import { Rows } from "../../kernel/rows.ts";
import type { Arena, Int32Column } from "../../kernel/arena.ts";

const NONE = -1;

// Integers of a seat. The first is never negative while the row is live.
const LANE = 0;
const CONSUMER = 1;
const NEXT = 2;
const PERMITS = 3;
const FINISHED = 4;
const UNACKED = 5;
const STAMP = 6;
const IS_FLOWING = 7;
const IS_GONE = 8;
const INTEGERS = 9;

// Integers of a consumer.
const CLIENT = 0;
const WORKER = 1;
const FIRST_SEAT = 2;
const HELD = 3;
const STEP = 4;
const consumerIntegers = 5;

/** The consumers of one cluster. */
export class Seats {
  readonly #seats: Rows;
  readonly #consumers: Rows;
  /** Row of each worker per client; -1 when it is not there. */
  readonly #byWorker: readonly Int32Column[];

  constructor(arena: Arena, name: string, clients: number) {
    // A seat's double: it gets nothing from this offset on before all below is acknowledged; -1: no such limit.
    this.#seats = new Rows(arena, `${name}.seats`, { integers: INTEGERS, doubles: 1 });
    this.#consumers = new Rows(arena, `${name}.consumers`, {
      integers: consumerIntegers,
      doubles: 0,
    });
    this.#byWorker = Array.from({ length: clients }, (_, i) => arena.int32(`${name}.workers.${i}`));
  }

  /** The consumer of a worker; -1 when it is not there. */
  consumerOf(client: number, worker: number): number {
    const rows = this.#byWorker[client]!;
    return worker < rows.length ? rows.data[worker]! : NONE;
  }

  /** A worker comes. */
  addConsumer(client: number, worker: number): number {
    const consumer = this.#consumers.take();
    const cells = this.#consumers.integers;
    const first = consumer * consumerIntegers;
    cells[first + CLIENT] = client;
    cells[first + WORKER] = worker;
    cells[first + FIRST_SEAT] = NONE;
    cells[first + HELD] = 0;
    cells[first + STEP]!++;
    const rows = this.#byWorker[client]!;
    while (rows.length <= worker) rows.push(NONE);
    rows.data[worker] = consumer;
    return consumer;
  }

  /** Gives a consumer a seat on a lane, with room for so many messages. */
  addSeat(consumer: number, lane: number, permits: number): number {
    const seat = this.#seats.take();
    const cells = this.#seats.integers;
    const first = seat * INTEGERS;
    cells[first + LANE] = lane;
    cells[first + CONSUMER] = consumer;
    cells[first + NEXT] = this.firstSeat(consumer);
    cells[first + PERMITS] = permits;
    cells[first + FINISHED] = 0;
    cells[first + UNACKED] = 0;
    cells[first + STAMP]!++;
    cells[first + IS_FLOWING] = 0;
    cells[first + IS_GONE] = 0;
    this.#seats.doubles[seat] = NONE;
    this.#consumers.integers[consumer * consumerIntegers + FIRST_SEAT] = seat;
    return seat;
  }

  /** The worker of a consumer is gone: what its seats hold is with nobody. */
  leave(consumer: number): void {
    for (let seat = this.firstSeat(consumer); seat !== NONE; seat = this.nextSeat(seat))
      this.#seats.integers[seat * INTEGERS + IS_GONE] = 1;
  }

  /** Frees a consumer that is gone, and its seats. */
  free(consumer: number): void {
    let seat = this.firstSeat(consumer);
    while (seat !== NONE) {
      const next = this.nextSeat(seat);
      this.#seats.give(seat);
      seat = next;
    }
    this.#byWorker[this.client(consumer)]!.data[this.worker(consumer)] = NONE;
    this.#consumers.give(consumer);
  }

  client(consumer: number): number {
    return this.#consumers.integers[consumer * consumerIntegers + CLIENT]!;
  }

  worker(consumer: number): number {
    return this.#consumers.integers[consumer * consumerIntegers + WORKER]!;
  }

  firstSeat(consumer: number): number {
    return this.#consumers.integers[consumer * consumerIntegers + FIRST_SEAT]!;
  }

  /** Rises with everything that its worker finishes or begins after a pause. */
  step(consumer: number): number {
    return this.#consumers.integers[consumer * consumerIntegers + STEP]!;
  }

  /** Whether the row is still of the consumer that had this step. */
  isAtStep(consumer: number, step: number): boolean {
    return this.#consumers.isLive(consumer) && this.step(consumer) === step;
  }

  /** Whether the worker now has something in its hands that it begins with. */
  begins(consumer: number): boolean {
    const first = consumer * consumerIntegers;
    const cells = this.#consumers.integers;
    if (cells[first + HELD]!++ > 0) return false;
    cells[first + STEP]!++;
    return true;
  }

  /** Its worker is through with a message; whether it goes on with another one. */
  ends(consumer: number): boolean {
    const first = consumer * consumerIntegers;
    const cells = this.#consumers.integers;
    cells[first + STEP]!++;
    return --cells[first + HELD]! > 0;
  }

  lane(seat: number): number {
    return this.#cell(seat, LANE);
  }

  consumer(seat: number): number {
    return this.#cell(seat, CONSUMER);
  }

  /** The next seat of the same consumer, or -1. */
  nextSeat(seat: number): number {
    return this.#cell(seat, NEXT);
  }

  isGone(seat: number): boolean {
    return this.#cell(seat, IS_GONE) === 1;
  }

  permits(seat: number): number {
    return this.#cell(seat, PERMITS);
  }

  addPermits(seat: number, count: number): void {
    this.#seats.integers[seat * INTEGERS + PERMITS]! += count;
  }

  /** Messages that it was sent and has not acknowledged. */
  unacked(seat: number): number {
    return this.#cell(seat, UNACKED);
  }

  addUnacked(seat: number, count: number): void {
    this.#seats.integers[seat * INTEGERS + UNACKED]! += count;
  }

  stamp(seat: number): number {
    return this.#cell(seat, STAMP);
  }

  /** The worker is through with a message of this seat. Whether the client now sends permits: when half of the queue
   *  is free, and none are on their way. */
  finish(seat: number, capacity: number): boolean {
    const cells = this.#seats.integers;
    const first = seat * INTEGERS;
    const finished = ++cells[first + FINISHED]!;
    if (cells[first + IS_FLOWING] === 1 || finished < Math.max(1, (capacity - 1) >> 1))
      return false;
    cells[first + IS_FLOWING] = 1;
    return true;
  }

  /** The permits have arrived; false when they are of an earlier seat. */
  flow(seat: number, stamp: number): boolean {
    if (!this.#seats.isLive(seat) || this.stamp(seat) !== stamp) return false;
    const cells = this.#seats.integers;
    const first = seat * INTEGERS;
    cells[first + PERMITS]! += cells[first + FINISHED]!;
    cells[first + FINISHED] = 0;
    cells[first + IS_FLOWING] = 0;
    return true;
  }

  /** First offset that it does not get before all below is acknowledged; -1: no such limit. */
  limit(seat: number): number {
    return this.#seats.doubles[seat]!;
  }

  setLimit(seat: number, offset: number): void {
    this.#seats.doubles[seat] = offset;
  }

  #cell(seat: number, field: number): number {
    return this.#seats.integers[seat * INTEGERS + field]!;
  }
}
