// The table of messages: one row per message that somebody still holds, 48 bytes each. A million of them may
// wait in brokers, so small numbers share a cell.

import type { Arena, Float64Column } from "../kernel/arena.ts";
import { Rows } from "../kernel/rows.ts";

// Integer fields of a row. The first holds the length of the chain of causes and the number of holders,
// and is positive while the message is alive.
const HOLDERS = 0;
const ID = 1;
const CAUSE = 2;
const KEY = 3;
/** Rows of two connections: the one it was published over, and the one over which its chain entered. */
const ROUTE = 4;
/** Row of who waits for the confirmation; −1 for nobody. */
const WAIT = 5;
/** The broker's own: another message, or what it likes. */
const LINK = 6;
const SIZE = 7;
const INTEGERS = 8;

// Doubles of a row [ns].
const PUBLISHED = 0;
const ROOT = 1;
const DOUBLES = 2;

// Fields of a wait: the worker, and its life in which it waits.
const WORKER = 0;
const LIFE = 1;
const waitShape = { integers: 2, doubles: 0 };

/** Holders of one message stay below this: copies and deliveries of it at one time. */
const HOLDERS_MAX = 1 << 20;
/** Rows of connections stay below this (model/limits.ts). */
const CONNECTIONS_MAX = 1 << 16;

/** Rows of messages by handle. A row is free again when the last holder has released it. */
export class Messages {
  readonly #rows: Rows;
  /** Apart, because few messages are waited for, and a million may wait themselves. */
  readonly #waits: Rows;
  /** Simulated time [ns], and how many messages there have been. */
  readonly #clock: Float64Array;
  readonly #count: Float64Column;

  constructor(arena: Arena, clock: Float64Array) {
    this.#rows = new Rows(arena, "message", { integers: INTEGERS, doubles: DOUBLES });
    this.#waits = new Rows(arena, "message/wait", waitShape);
    this.#clock = clock;
    this.#count = arena.float64("message/count", 1);
  }

  /** A new message of now with one holder and no cause. */
  create(connection: number, key: number, size: number): number {
    const message = this.#rows.take();
    const cells = this.#rows.integers;
    const first = message * INTEGERS;
    cells[first + HOLDERS] = 1;
    cells[first + ID] = ++this.#count.data[0]!;
    cells[first + CAUSE] = 0;
    cells[first + KEY] = key;
    cells[first + ROUTE] = connection * (CONNECTIONS_MAX + 1);
    cells[first + WAIT] = -1;
    cells[first + LINK] = -1;
    cells[first + SIZE] = size;
    const times = this.#rows.doubles;
    times[message * DOUBLES + PUBLISHED] = this.#clock[0]!;
    times[message * DOUBLES + ROOT] = this.#clock[0]!;
    return message;
  }

  /** Marks one message as the consequence of another. */
  derive(message: number, cause: number): void {
    const cells = this.#rows.integers;
    const first = message * INTEGERS;
    cells[first + HOLDERS]! += (this.depth(cause) + 1) * HOLDERS_MAX;
    cells[first + CAUSE] = cells[cause * INTEGERS + ID]!;
    cells[first + ROUTE] = this.entry(cause) * CONNECTIONS_MAX + this.connection(message);
    this.#rows.doubles[message * DOUBLES + ROOT] = this.#rows.doubles[cause * DOUBLES + ROOT]!;
  }

  /** Remembers who waits for the confirmation: a worker in its present life. */
  await(message: number, worker: number, life: number): void {
    const wait = this.#waits.take();
    this.#waits.integers[wait * waitShape.integers + WORKER] = worker;
    this.#waits.integers[wait * waitShape.integers + LIFE] = life;
    this.#rows.integers[message * INTEGERS + WAIT] = wait;
  }

  /** Nobody waits for a message any more. */
  endWait(message: number): void {
    const wait = this.#rows.integers[message * INTEGERS + WAIT]!;
    if (wait >= 0) this.#waits.give(wait);
    this.#rows.integers[message * INTEGERS + WAIT] = -1;
  }

  /** How many there have been so far. */
  count(): number {
    return this.#count.data[0]!;
  }

  /** Whether a row still holds the message with a number. */
  holds(message: number, id: number): boolean {
    return this.#rows.isLive(message) && this.id(message) === id;
  }

  /** Number of the message, from 1, never used again. */
  id(message: number): number {
    return this.#rows.integers[message * INTEGERS + ID]! >>> 0;
  }

  /** Number of the message that caused it, 0 for none. */
  cause(message: number): number {
    return this.#rows.integers[message * INTEGERS + CAUSE]! >>> 0;
  }

  /** Key as a small integer, −1 without. */
  key(message: number): number {
    return this.#rows.integers[message * INTEGERS + KEY]!;
  }

  /** Payload size [bytes]. */
  size(message: number): number {
    return this.#rows.integers[message * INTEGERS + SIZE]!;
  }

  /** Sets the payload size [bytes], before anybody has asked for it. */
  setSize(message: number, size: number): void {
    this.#rows.integers[message * INTEGERS + SIZE] = size;
  }

  /** Row of the connection over which it was published. */
  connection(message: number): number {
    return this.#rows.integers[message * INTEGERS + ROUTE]! & (CONNECTIONS_MAX - 1);
  }

  /** Row of the connection over which its chain of causes entered. */
  entry(message: number): number {
    return this.#rows.integers[message * INTEGERS + ROUTE]! >>> 16;
  }

  /** Length of its chain of causes. */
  depth(message: number): number {
    return this.#rows.integers[message * INTEGERS + HOLDERS]! >> 20;
  }

  /** Whether anybody waits for the confirmation. */
  isAwaited(message: number): boolean {
    return this.#rows.integers[message * INTEGERS + WAIT]! >= 0;
  }

  /** The worker that waits for the confirmation, −1 for none. */
  waiter(message: number): number {
    const wait = this.#rows.integers[message * INTEGERS + WAIT]!;
    return wait < 0 ? -1 : this.#waits.integers[wait * waitShape.integers + WORKER]!;
  }

  /** The life of that worker in which it waits; 0 where there is none. */
  waiterLife(message: number): number {
    const wait = this.#rows.integers[message * INTEGERS + WAIT]!;
    return wait < 0 ? 0 : this.#waits.integers[wait * waitShape.integers + LIFE]!;
  }

  /** What `link` has put there; −1 at first. */
  linked(message: number): number {
    return this.#rows.integers[message * INTEGERS + LINK]!;
  }

  /** Puts a number there that is its broker's own. */
  link(message: number, value: number): void {
    this.#rows.integers[message * INTEGERS + LINK] = value;
  }

  /** When it was published [ns]. */
  publishedNs(message: number): number {
    return this.#rows.doubles[message * DOUBLES + PUBLISHED]!;
  }

  /** Counts as published later than it was made [ns]. */
  postpone(message: number, delayNs: number): void {
    this.#rows.doubles[message * DOUBLES + PUBLISHED]! += delayNs;
  }

  /** When the first of its chain was published [ns]. */
  rootNs(message: number): number {
    return this.#rows.doubles[message * DOUBLES + ROOT]!;
  }

  /** Holds on to a message. */
  retain(message: number): void {
    this.#rows.integers[message * INTEGERS + HOLDERS]!++;
  }

  /** Lets go of a message; the last one frees its row. */
  release(message: number): void {
    const holders = --this.#rows.integers[message * INTEGERS + HOLDERS]!;
    if ((holders & (HOLDERS_MAX - 1)) === 0) this.#rows.give(message);
  }

  /** Messages alive. */
  alive(): number {
    return this.#rows.size();
  }
}
