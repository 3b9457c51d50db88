// The pending entries lists of consumer groups: one row per entry that was handed to a consumer and not acknowledged, in
// the order of ids. Knows no time-out: a row stays until somebody acknowledges, claims or deletes.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

const NONE = -1;

// Integers of a row.
const GROUP = 0;
const ENTRY = 1;
const READER = 2;
const DELIVERY = 3;
const GENERATION = 4;
const COUNTER = 5;
const NEXT = 6;
const PREVIOUS = 7;
const ACKED = 8;
const RELEASED = 9;
/** Rises with every handing over, so that a reply on the wire can tell whether it still holds. */
const HANDS = 10;
/** What its reader has answered, while that is on the wire. */
const ANSWER = 11;
const INTEGERS = 12;

// Doubles of a row.
const SEQUENCE = 0;
const DELIVERED_NS = 1;
const FIRST_NS = 2;
const ACKED_NS = 3;
const DOUBLES = 4;

// Integers of a list.
const HEAD = 0;
const TAIL = 1;
const SIZE = 2;
/** The first row whose entry is still in the stream. */
const BODIES = 3;
const LIST_INTEGERS = 4;

/** An entry that goes to a reader. */
interface Handed {
  readonly entry: number;
  readonly sequence: number;
  readonly reader: number;
  readonly nowNs: number;
}

/** Pending entries of all groups of one Redis; lists are numbered by group. */
export class PendingEntries {
  readonly #rows: Rows;
  readonly #lists: Rows;

  constructor(arena: Arena, name: string) {
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: DOUBLES });
    this.#lists = new Rows(arena, `${name}.lists`, { integers: LIST_INTEGERS + 1, doubles: 0 });
  }

  /** A new list; its number is that of its group when lists and groups are made and given back together. */
  open(): number {
    const list = this.#lists.take();
    this.#setList(list, HEAD, NONE);
    this.#setList(list, TAIL, NONE);
    this.#setList(list, SIZE, 0);
    this.#setList(list, BODIES, NONE);
    return list;
  }

  /** Frees an empty list. */
  close(list: number): void {
    this.#lists.give(list);
  }

  /** Number of pending entries (XPENDING). */
  size(list: number): number {
    return this.#list(list, SIZE);
  }

  first(list: number): number {
    return this.#list(list, HEAD);
  }

  last(list: number): number {
    return this.#list(list, TAIL);
  }

  /** The first row whose entry is still in the stream, -1 for none. */
  firstWithBody(list: number): number {
    return this.#list(list, BODIES);
  }

  /** Puts an entry that goes to a reader into a list, behind all of lower ids. Its counter is 1. */
  add(list: number, handed: Handed): number {
    const row = this.#rows.take();
    const { integers, doubles } = this.#rows;
    const at = row * INTEGERS;
    integers[at + GROUP] = list;
    integers[at + ENTRY] = handed.entry;
    integers[at + READER] = handed.reader;
    integers[at + DELIVERY] = NONE;
    integers[at + COUNTER] = 1;
    integers[at + ACKED] = 0;
    integers[at + RELEASED] = 0;
    integers[at + HANDS] = 0;
    integers[at + ANSWER] = 0;
    doubles[row * DOUBLES + SEQUENCE] = handed.sequence;
    doubles[row * DOUBLES + DELIVERED_NS] = handed.nowNs;
    doubles[row * DOUBLES + FIRST_NS] = handed.nowNs;
    this.#insert(row);
    return row;
  }

  /** Takes a row out of its list; it lives on until `free`. */
  takeOut(row: number): void {
    const list = this.group(row);
    const next = this.next(row);
    const previous = this.previous(row);
    if (this.firstWithBody(list) === row) this.#setList(list, BODIES, this.#nextWithBody(row));
    if (previous === NONE) this.#setList(list, HEAD, next);
    else this.#set(previous, NEXT, next);
    if (next === NONE) this.#setList(list, TAIL, previous);
    else this.#set(next, PREVIOUS, previous);
    this.#setList(list, SIZE, this.size(list) - 1);
    this.#set(row, ACKED, 1);
  }

  /** Puts a row back that was taken out. */
  putBack(row: number): void {
    this.#set(row, ACKED, 0);
    this.#set(row, ANSWER, 0);
    this.#set(row, DELIVERY, NONE);
    this.#insert(row);
  }

  /** Frees a row that was taken out: what still refers to it can tell by its generation. */
  free(row: number): void {
    this.#set(row, GENERATION, (this.#get(row, GENERATION) + 1) & 0xffffff);
    this.#rows.give(row);
  }

  /** The entry is gone from the stream, the id stays pending. */
  loseBody(row: number): void {
    const list = this.group(row);
    if (this.firstWithBody(list) === row) this.#setList(list, BODIES, this.#nextWithBody(row));
    this.#set(row, ENTRY, NONE);
  }

  /** Hands a pending entry to a reader, which restarts its idle time; `counts` raises its delivery counter. What an earlier
   *  reader has answered stays on the wire. */
  hand(row: number, about: { reader: number; nowNs: number; counts: boolean }): void {
    this.#set(row, READER, about.reader);
    this.#set(row, RELEASED, 0);
    this.#set(row, HANDS, this.hands(row) + 1);
    if (about.counts) this.#set(row, COUNTER, this.counter(row) + 1);
    this.#rows.doubles[row * DOUBLES + DELIVERED_NS] = about.nowNs;
  }

  /** XNACK: nobody's, to be claimed whatever the idle time that is asked for. */
  release(row: number): void {
    this.#set(row, RELEASED, 1);
  }

  setCounter(row: number, counter: number): void {
    this.#set(row, COUNTER, counter);
  }

  /** Whether a row is in use, and for the same entry as when it had this generation. */
  isStill(row: number, generation: number): boolean {
    return this.#rows.isLive(row) && this.generation(row) === generation;
  }

  /** Whether a row is pending and may be claimed by who asks for so much idle time [ns]. */
  isIdle(row: number, nowNs: number, minIdleNs: number): boolean {
    return this.#get(row, RELEASED) === 1 || nowNs - this.deliveredNs(row) >= minIdleNs;
  }

  isAcknowledged(row: number): boolean {
    return this.#get(row, ACKED) === 1;
  }

  group(row: number): number {
    return this.#get(row, GROUP);
  }

  /** -1 when it is gone from the stream. */
  entry(row: number): number {
    return this.#get(row, ENTRY);
  }

  /** Forgets the entry of a row that is in no list. */
  forgetEntry(row: number): void {
    this.#set(row, ENTRY, NONE);
  }

  reader(row: number): number {
    return this.#get(row, READER);
  }

  /** Handle of the delivery to its reader; -1 while no worker has it. */
  delivery(row: number): number {
    return this.#get(row, DELIVERY);
  }

  setDelivery(row: number, delivery: number): void {
    this.#set(row, DELIVERY, delivery);
  }

  generation(row: number): number {
    return this.#get(row, GENERATION);
  }

  /** Times that it was handed over, counted or not. */
  hands(row: number): number {
    return this.#get(row, HANDS);
  }

  /** What its reader has answered (a number of the owner's), while that is on the wire; 0: nothing yet. */
  answer(row: number): number {
    return this.#get(row, ANSWER);
  }

  setAnswer(row: number, answer: number): void {
    this.#set(row, ANSWER, answer);
  }

  /** Times that it was delivered (XPENDING's delivery counter). */
  counter(row: number): number {
    return this.#get(row, COUNTER);
  }

  next(row: number): number {
    return this.#get(row, NEXT);
  }

  previous(row: number): number {
    return this.#get(row, PREVIOUS);
  }

  sequence(row: number): number {
    return this.#rows.doubles[row * DOUBLES + SEQUENCE]!;
  }

  /** Since when it has been idle [ns]. */
  deliveredNs(row: number): number {
    return this.#rows.doubles[row * DOUBLES + DELIVERED_NS]!;
  }

  /** When it became pending [ns]. */
  firstNs(row: number): number {
    return this.#rows.doubles[row * DOUBLES + FIRST_NS]!;
  }

  /** When it was acknowledged [ns]. */
  ackedNs(row: number): number {
    return this.#rows.doubles[row * DOUBLES + ACKED_NS]!;
  }

  setAckedNs(row: number, nowNs: number): void {
    this.#rows.doubles[row * DOUBLES + ACKED_NS] = nowNs;
  }

  /** From the back, where nearly all rows belong. */
  #insert(row: number): void {
    const list = this.group(row);
    const sequence = this.sequence(row);
    let previous = this.last(list);
    while (previous !== NONE && this.sequence(previous) > sequence)
      previous = this.previous(previous);
    const next = previous === NONE ? this.first(list) : this.next(previous);
    this.#set(row, PREVIOUS, previous);
    this.#set(row, NEXT, next);
    if (previous === NONE) this.#setList(list, HEAD, row);
    else this.#set(previous, NEXT, row);
    if (next === NONE) this.#setList(list, TAIL, row);
    else this.#set(next, PREVIOUS, row);
    this.#setList(list, SIZE, this.size(list) + 1);
    const bodies = this.firstWithBody(list);
    if (this.entry(row) !== NONE && (bodies === NONE || this.sequence(bodies) > sequence))
      this.#setList(list, BODIES, row);
  }

  #nextWithBody(row: number): number {
    let next = this.next(row);
    while (next !== NONE && this.entry(next) === NONE) next = this.next(next);
    return next;
  }

  #get(row: number, field: number): number {
    return this.#rows.integers[row * INTEGERS + field]!;
  }

  #set(row: number, field: number, value: number): void {
    this.#rows.integers[row * INTEGERS + field] = value;
  }

  // The first cell of a row tells whether it is in use, and must not be negative.
  #list(list: number, field: number): number {
    return this.#lists.integers[list * (LIST_INTEGERS + 1) + 1 + field]!;
  }

  #setList(list: number, field: number, value: number): void {
    this.#lists.integers[list * (LIST_INTEGERS + 1) + 1 + field] = value;
  }
}
