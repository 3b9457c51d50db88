// Copies of messages that the broker keeps for its clients: one row each, from the moment it is routed to a session until
// it is acknowledged.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

const MESSAGE = 0;
const SUBSCRIPTION = 1;
const QOS = 2;
const ATTEMPTS = 3;
const DELIVERY = 4;
const ANSWER = 5;
const GENERATION = 6;
const CONNECTION = 7;
const INTEGERS = 8;

const EXPIRES = 0;
const SINCE = 1;
const DOUBLES = 2;

/** The worker is busy with it. */
export const OPEN = 0;
/** The worker has dealt with it; the answer is on the wire. */
export const ANSWERED = 1;
/** Nobody will answer: the worker has failed and withholds the answer, or it is gone. */
export const SILENT = 2;

/** The copies of one broker, known by their rows. */
export class SessionCopies {
  readonly #rows: Rows;

  constructor(arena: Arena, name: string) {
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: DOUBLES });
  }

  /** A row for a copy that comes to wait now [ns], until it expires [ns]. */
  take(
    about: { message: number; subscription: number; qos: number },
    time: { now: number; expires: number },
  ): number {
    const copy = this.#rows.take();
    const cells = this.#rows.integers;
    const first = copy * INTEGERS;
    cells[first + MESSAGE] = about.message;
    cells[first + SUBSCRIPTION] = about.subscription;
    cells[first + QOS] = about.qos;
    cells[first + ATTEMPTS] = 0;
    cells[first + DELIVERY] = -1;
    cells[first + ANSWER] = OPEN;
    cells[first + CONNECTION] = 0;
    this.#rows.doubles[copy * DOUBLES + EXPIRES] = time.expires;
    this.#rows.doubles[copy * DOUBLES + SINCE] = time.now;
    return copy;
  }

  /** Frees a row: events about it are void. */
  give(copy: number): void {
    this.renew(copy);
    this.#rows.give(copy);
  }

  /** Events about the row so far are void. */
  renew(copy: number): void {
    const cell = copy * INTEGERS + GENERATION;
    this.#rows.integers[cell] = (this.#rows.integers[cell]! + 1) & 0xffffff;
  }

  /** Whether the row is in use, as it was at this generation. */
  isStill(copy: number, generation: number): boolean {
    return this.#rows.isLive(copy) && this.generation(copy) === generation;
  }

  /** Whether a delivery is of the copy in this row, now. */
  isOf(copy: number, delivery: number): boolean {
    return this.#rows.isLive(copy) && this.delivery(copy) === delivery;
  }

  message(copy: number): number {
    return this.#rows.integers[copy * INTEGERS + MESSAGE]!;
  }

  subscription(copy: number): number {
    return this.#rows.integers[copy * INTEGERS + SUBSCRIPTION]!;
  }

  /** The lower one of what was published and what is subscribed. */
  qos(copy: number): number {
    return this.#rows.integers[copy * INTEGERS + QOS]!;
  }

  /** Times that it was handed to a worker. */
  attempts(copy: number): number {
    return this.#rows.integers[copy * INTEGERS + ATTEMPTS]!;
  }

  /** Handle of its delivery, -1 without. */
  delivery(copy: number): number {
    return this.#rows.integers[copy * INTEGERS + DELIVERY]!;
  }

  /** OPEN, ANSWERED or SILENT. */
  answer(copy: number): number {
    return this.#rows.integers[copy * INTEGERS + ANSWER]!;
  }

  generation(copy: number): number {
    return this.#rows.integers[copy * INTEGERS + GENERATION]!;
  }

  /** Number of the client's connection over which it was sent. */
  connection(copy: number): number {
    return this.#rows.integers[copy * INTEGERS + CONNECTION]!;
  }

  /** When it expires [ns], Infinity for never. */
  expiresNs(copy: number): number {
    return this.#rows.doubles[copy * DOUBLES + EXPIRES]!;
  }

  /** When it came to wait [ns]. */
  sinceNs(copy: number): number {
    return this.#rows.doubles[copy * DOUBLES + SINCE]!;
  }

  /** It goes out over a connection. */
  sent(copy: number, connection: number): void {
    this.#rows.integers[copy * INTEGERS + CONNECTION] = connection;
  }

  /** One attempt more; returns the how many-th it is. */
  tried(copy: number): number {
    return ++this.#rows.integers[copy * INTEGERS + ATTEMPTS]!;
  }

  /** A worker has it under this handle; -1: nobody has. */
  handed(copy: number, delivery: number): void {
    this.#rows.integers[copy * INTEGERS + DELIVERY] = delivery;
    this.#rows.integers[copy * INTEGERS + ANSWER] = OPEN;
  }

  setAnswer(copy: number, answer: number): void {
    this.#rows.integers[copy * INTEGERS + ANSWER] = answer;
  }
}
