// The table of copies that are on their way to consumers or held by them: one row per copy, linked per consumer in
// order of sending.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

const COPY = 0;
const CONSUMER = 1;
const DELIVERY = 2;
const ANSWERED = 3;
const GENERATION = 4;
const NEXT = 5;
const PREVIOUS = 6;
const POSITION = 7;
const ATTEMPT = 8;
const INTEGERS = 9;

// The double of a row: when it was sent [ns].
const DOUBLES = 1;

const NONE = -1;

/** Rows of held copies by handle. */
export class HeldCopies {
  readonly #rows: Rows;

  constructor(arena: Arena, name: string) {
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: DOUBLES });
  }

  /** Number of rows in use. */
  size(): number {
    return this.#rows.size();
  }

  /** Whether the row is in use. */
  isLive(held: number): boolean {
    return this.#rows.isLive(held);
  }

  /** Whether the row is in use, and for the same copy as when it had this generation. */
  isStill(held: number, generation: number): boolean {
    return this.isLive(held) && this.generation(held) === generation;
  }

  /** A row for a copy that goes to a consumer, behind the last one there. The links of that one are the caller's. */
  take(copy: number, consumer: number, last: number): number {
    const held = this.#rows.take();
    const first = held * INTEGERS;
    const cells = this.#rows.integers;
    cells[first + COPY] = copy;
    cells[first + CONSUMER] = consumer;
    cells[first + DELIVERY] = NONE;
    cells[first + ANSWERED] = 0;
    cells[first + NEXT] = NONE;
    cells[first + PREVIOUS] = last;
    return held;
  }

  /** Frees a row: events about its former content are void. */
  give(held: number): void {
    const cell = held * INTEGERS + GENERATION;
    this.#rows.integers[cell] = (this.#rows.integers[cell]! + 1) & 0xffffff;
    this.#rows.give(held);
  }

  /** Remembers where in its queue the copy stood and the how many-th attempt this is. */
  remember(held: number, position: number, attempt: number): void {
    this.#rows.integers[held * INTEGERS + POSITION] = position;
    this.#rows.integers[held * INTEGERS + ATTEMPT] = attempt;
  }

  /** Remembers when the copy was sent [ns]. */
  sentAt(held: number, timeNs: number): void {
    this.#rows.doubles[held * DOUBLES] = timeNs;
  }

  /** Remembers the handle of the delivery: the copy has arrived. */
  arrived(held: number, delivery: number): void {
    this.#rows.integers[held * INTEGERS + DELIVERY] = delivery;
  }

  /** Remembers that the worker has settled it; the answer is on the wire. */
  answered(held: number): void {
    this.#rows.integers[held * INTEGERS + ANSWERED] = 1;
  }

  setNext(held: number, next: number): void {
    this.#rows.integers[held * INTEGERS + NEXT] = next;
  }

  setPrevious(held: number, previous: number): void {
    this.#rows.integers[held * INTEGERS + PREVIOUS] = previous;
  }

  copy(held: number): number {
    return this.#rows.integers[held * INTEGERS + COPY]!;
  }

  consumer(held: number): number {
    return this.#rows.integers[held * INTEGERS + CONSUMER]!;
  }

  /** Handle of the delivery; -1 while the copy is still on the wire. */
  delivery(held: number): number {
    return this.#rows.integers[held * INTEGERS + DELIVERY]!;
  }

  /** Whether the worker has settled it. */
  isAnswered(held: number): boolean {
    return this.#rows.integers[held * INTEGERS + ANSWERED] === 1;
  }

  /** Rises whenever the row is freed, so that events about its former content can be told. */
  generation(held: number): number {
    return this.#rows.integers[held * INTEGERS + GENERATION]!;
  }

  /** The row that was sent to the same consumer next, -1 for none. */
  next(held: number): number {
    return this.#rows.integers[held * INTEGERS + NEXT]!;
  }

  /** The row that was sent to the same consumer before, -1 for none. */
  previous(held: number): number {
    return this.#rows.integers[held * INTEGERS + PREVIOUS]!;
  }

  /** Where in its queue the copy stood. */
  position(held: number): number {
    return this.#rows.integers[held * INTEGERS + POSITION]!;
  }

  /** Times that the copy was sent from its queue, this time included. */
  attempt(held: number): number {
    return this.#rows.integers[held * INTEGERS + ATTEMPT]!;
  }

  /** When the copy was sent [ns]. */
  sinceNs(held: number): number {
    return this.#rows.doubles[held * DOUBLES]!;
  }
}
