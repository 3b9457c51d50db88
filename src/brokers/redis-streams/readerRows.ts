// The table of consumers: one row per worker that reads a stream, under the name that Redis knows it by.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

const NONE = -1;

const SUBSCRIPTION = 0;
const WORKER = 1;
const STATE = 2;
const HELD = 3;
const STEP = 4;
const GROUP = 5;
const HISTORY = 6;
const REPLY_FIRST = 7;
const REPLY_LAST = 8;
const INTEGERS = 9;

/** A worker that is away, waits for entries, has a command or a reply on the wire, or works. */
export const readerStates = { away: 0, waiting: 1, asking: 2, answered: 3, busy: 4 } as const;

/** Consumers by handle. */
export class ReaderRows {
  readonly #rows: Rows;
  /** Per subscription and worker: one more than its row, 0 without. */
  readonly #byWorker: readonly (Int32Column | undefined)[];

  constructor(arena: Arena, name: string, subscriptions: readonly boolean[]) {
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: 2 });
    this.#byWorker = subscriptions.map((reads, index) =>
      reads ? arena.int32(`${name}.workers${index}`) : undefined,
    );
  }

  /** The row of a worker, -1 when it never read. */
  of(subscription: number, worker: number): number {
    const column = this.#byWorker[subscription]!;
    return worker < column.length ? column.data[worker]! - 1 : NONE;
  }

  /** One more than the highest worker of a subscription that ever read. */
  workers(subscription: number): number {
    return this.#byWorker[subscription]!.length;
  }

  /** A new row for a worker: a new name. */
  add(subscription: number, worker: number, group: number): number {
    const column = this.#byWorker[subscription]!;
    if (worker >= column.length) column.resize(worker + 1);
    const reader = this.#rows.take();
    column.data[worker] = reader + 1;
    const at = reader * INTEGERS;
    const { integers, doubles } = this.#rows;
    integers[at + SUBSCRIPTION] = subscription;
    integers[at + WORKER] = worker;
    integers[at + STATE] = readerStates.away;
    integers[at + HELD] = 0;
    integers[at + GROUP] = group;
    integers[at + HISTORY] = 0;
    integers[at + REPLY_FIRST] = NONE;
    integers[at + REPLY_LAST] = NONE;
    doubles[reader * 2] = 0;
    doubles[reader * 2 + 1] = 0;
    return reader;
  }

  subscription(reader: number): number {
    return this.#get(reader, SUBSCRIPTION);
  }

  worker(reader: number): number {
    return this.#get(reader, WORKER);
  }

  /** One of `readerStates`. */
  state(reader: number): number {
    return this.#get(reader, STATE);
  }

  /** Changes the state: what was under way before is void. Returns the number of the step. */
  enter(reader: number, state: number): number {
    const step = (this.#get(reader, STEP) + 1) & 0x3fffffff;
    this.#set(reader, STATE, state);
    this.#set(reader, STEP, step);
    return step;
  }

  isStep(reader: number, step: number): boolean {
    return this.#get(reader, STEP) === step;
  }

  /** Deliveries that the worker has not settled. */
  held(reader: number): number {
    return this.#get(reader, HELD);
  }

  hold(reader: number, by: number): number {
    const held = this.held(reader) + by;
    this.#set(reader, HELD, held);
    return held;
  }

  setHeld(reader: number, held: number): void {
    this.#set(reader, HELD, held);
  }

  /** The group through which it reads; -1: none at the moment. */
  group(reader: number): number {
    return this.#get(reader, GROUP);
  }

  setGroup(reader: number, group: number): void {
    this.#set(reader, GROUP, group);
  }

  /** Whether it still reads what is pending under its name. */
  readsHistory(reader: number): boolean {
    return this.#get(reader, HISTORY) === 1;
  }

  /** How far it has read what is pending under its name: a number in the log. */
  historyAfter(reader: number): number {
    return this.#rows.doubles[reader * 2]!;
  }

  setHistory(reader: number, reads: boolean, after: number): void {
    this.#set(reader, HISTORY, reads ? 1 : 0);
    this.#rows.doubles[reader * 2] = after;
  }

  /** Since when it waits [ns]. */
  waitingSince(reader: number): number {
    return this.#rows.doubles[reader * 2 + 1]!;
  }

  setWaitingSince(reader: number, nowNs: number): void {
    this.#rows.doubles[reader * 2 + 1] = nowNs;
  }

  replyFirst(reader: number): number {
    return this.#get(reader, REPLY_FIRST);
  }

  replyLast(reader: number): number {
    return this.#get(reader, REPLY_LAST);
  }

  setReply(reader: number, first: number, last: number): void {
    this.#set(reader, REPLY_FIRST, first);
    this.#set(reader, REPLY_LAST, last);
  }

  #get(reader: number, field: number): number {
    return this.#rows.integers[reader * INTEGERS + field]!;
  }

  #set(reader: number, field: number, value: number): void {
    this.#rows.integers[reader * INTEGERS + field] = value;
  }
}
