// What a function has to do with: a row for every message or request inside it, whatever brought it. The code that works on
// them knows them by the numbers of these rows.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

// Integers of a row.
const MESSAGE = 0;
/** Handle of its delivery or request; −1 for an asynchronous event, which is held by the platform alone. */
const HANDLE = 1;
/** Number of its trigger; REQUEST for requests. */
const SOURCE = 2;
const STATUS = 3;
/** Attempts that have failed, and times that it was throttled in a row. */
const FAILURES = 4;
const THROTTLES = 5;
/** Environment that works on it, −1 for none. */
const WORKER = 6;
const LIFE = 7;
const INTEGERS = 8;

const SINCE = 0;
const DOUBLES = 1;

/** Source of requests. */
export const REQUEST = -1;

/** What has become of an item in the invocation that it is in. */
export const itemStatus = { pending: 0, done: 1, failed: 2, setAside: 3 } as const;

/** Rows of items by number. */
export class Items {
  /** Threads the lanes, and the lists of the code. */
  readonly laneNext: Int32Column;
  readonly codeNext: Int32Column;
  readonly #rows: Rows;

  constructor(arena: Arena, id: string) {
    this.#rows = new Rows(arena, `${id}/items`, { integers: INTEGERS, doubles: DOUBLES });
    this.laneNext = arena.int32(`${id}/items/lane-next`);
    this.codeNext = arena.int32(`${id}/items/code-next`);
  }

  /** An item that has come at a time [ns]. */
  add(message: number, handle: number, source: number, sinceNs: number): number {
    const item = this.#rows.take();
    const cells = this.#rows.integers;
    const at = item * INTEGERS;
    cells[at + MESSAGE] = message;
    cells[at + HANDLE] = handle;
    cells[at + SOURCE] = source;
    cells[at + STATUS] = itemStatus.pending;
    cells[at + FAILURES] = 0;
    cells[at + THROTTLES] = 0;
    cells[at + WORKER] = -1;
    this.#rows.doubles[item * DOUBLES + SINCE] = sinceNs;
    if (item >= this.laneNext.length) {
      this.laneNext.resize(item + 1);
      this.codeNext.resize(item + 1);
    }
    this.renew(item);
    return item;
  }

  give(item: number): void {
    this.#rows.give(item);
  }

  /** Items inside. */
  size(): number {
    return this.#rows.size();
  }

  /** One more than the highest number ever given. */
  capacity(): number {
    return this.#rows.capacity();
  }

  isLive(item: number): boolean {
    return this.#rows.isLive(item);
  }

  message(item: number): number {
    return this.#get(item, MESSAGE);
  }

  handle(item: number): number {
    return this.#get(item, HANDLE);
  }

  setHandle(item: number, handle: number): void {
    this.#set(item, HANDLE, handle);
  }

  source(item: number): number {
    return this.#get(item, SOURCE);
  }

  status(item: number): number {
    return this.#get(item, STATUS);
  }

  setStatus(item: number, status: number): void {
    this.#set(item, STATUS, status);
  }

  /** Counts a failed attempt and returns how many there were. */
  countFailure(item: number): number {
    this.#set(item, THROTTLES, 0);
    return ++this.#rows.integers[item * INTEGERS + FAILURES]!;
  }

  /** Counts that it was throttled, and returns how often in a row. */
  countThrottle(item: number): number {
    return ++this.#rows.integers[item * INTEGERS + THROTTLES]!;
  }

  worker(item: number): number {
    return this.#get(item, WORKER);
  }

  setWorker(item: number, worker: number): void {
    this.#set(item, WORKER, worker);
  }

  /** Whether a timer for an item still counts. */
  isStill(item: number, life: number): boolean {
    return this.#rows.isLive(item) && this.#get(item, LIFE) === life;
  }

  life(item: number): number {
    return this.#get(item, LIFE);
  }

  /** Begins a new life: timers of the one before are ignored. */
  renew(item: number): number {
    const life = (this.#get(item, LIFE) + 1) & 0x3fffffff;
    this.#set(item, LIFE, life);
    return life;
  }

  /** When it came [ns]. */
  sinceNs(item: number): number {
    return this.#rows.doubles[item * DOUBLES + SINCE]!;
  }

  #get(item: number, field: number): number {
    return this.#rows.integers[item * INTEGERS + field]!;
  }

  #set(item: number, field: number, value: number): void {
    this.#rows.integers[item * INTEGERS + field] = value;
  }
}
