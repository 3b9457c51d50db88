// What the network holds up: publications, confirmations, deliveries, acknowledgements, requests and answers, a row each,
// and a queue per way for what waits behind a stalled connection. All of it is left out of the hash while there is nothing.

import type { Arena, Float64Column } from "../../kernel/arena.ts";

/** What an item is. Dropped: nothing is to be done with it any more when its timer comes. */
export const itemKinds = {
  free: 0,
  publication: 1,
  confirmation: 2,
  delivery: 3,
  settlement: 4,
  /** A request or its answer. */
  call: 5,
  dropped: 6,
} as const;

// Cells of the whole table, in front of the rows.
/** One more than the first free row, 0 without. */
const FREE = 0;
const COUNT = 1;
const HEAD = 2;

// Cells of a row.
const KIND = 0;
const WAY = 1;
const SUBJECT = 2;
const DETAIL = 3;
const SENT = 4;
const TRIES = 5;
/** One more than the row behind it in its queue or among the free ones, 0 without. */
const NEXT = 6;
const CELLS = 7;

// Cells of a queue.
const FIRST = 0;
const LAST = 1;
const QUEUE = 2;

/** What is to be held up. */
export interface Held {
  readonly kind: number;
  readonly way: number;
  /** Handle of the message, delivery or request. */
  readonly subject: number;
  /** A verdict or a code. */
  readonly detail: number;
}

/** The rows of what is held up. */
export class HeldItems {
  readonly #column: Float64Column;
  readonly #queues: Float64Column;

  constructor(arena: Arena, ways: number) {
    this.#column = arena.quietFloats("network/items", HEAD);
    this.#queues = arena.quietFloats("network/queues", ways * QUEUE);
  }

  /** Items that are held. */
  size(): number {
    return this.#column.data[COUNT]!;
  }

  take({ kind, way, subject, detail }: Held, nowNs: number): number {
    const column = this.#column;
    column.data[COUNT]!++;
    let row = column.data[FREE]! - 1;
    if (row >= 0) column.data[FREE] = column.data[this.#at(row) + NEXT]!;
    else {
      row = (column.length - HEAD) / CELLS;
      column.resize(column.length + CELLS);
    }
    column.data.set([kind, way, subject, detail, nowNs, 0, 0], this.#at(row));
    return row;
  }

  /** Frees a row. When it was the last one, all becomes as it was at first. */
  give(row: number): void {
    const column = this.#column;
    if (--column.data[COUNT]! === 0) {
      column.resize(0);
      column.resize(HEAD);
      return;
    }
    column.data.fill(0, this.#at(row), this.#at(row) + CELLS);
    column.data[this.#at(row) + NEXT] = column.data[FREE]!;
    column.data[FREE] = row + 1;
  }

  kind(row: number): number {
    return this.#get(row, KIND);
  }

  way(row: number): number {
    return this.#get(row, WAY);
  }

  subject(row: number): number {
    return this.#get(row, SUBJECT);
  }

  detail(row: number): number {
    return this.#get(row, DETAIL);
  }

  /** When it was sent for the first time [ns]. */
  sentNs(row: number): number {
    return this.#get(row, SENT);
  }

  /** How often it was sent again. */
  tries(row: number): number {
    return this.#get(row, TRIES);
  }

  countTry(row: number): number {
    return ++this.#column.data[this.#at(row) + TRIES]!;
  }

  /** Nothing is to be done with it any more. */
  drop(row: number): void {
    this.#column.data[this.#at(row) + KIND] = itemKinds.dropped;
  }

  /** Rows of what goes over a way and fits, in order of their numbers. */
  rowsOf(way: number, fits: (row: number) => boolean): readonly number[] {
    const found: number[] = [];
    const rows = (this.#column.length - HEAD) / CELLS;
    for (let row = 0; row < rows; row++) {
      const kind = this.kind(row);
      const isHeld = kind !== itemKinds.free && kind !== itemKinds.dropped;
      if (isHeld && this.way(row) === way && fits(row)) found.push(row);
    }
    return found;
  }

  // Queues.

  isWaiting(way: number): boolean {
    return this.#queues.data[way * QUEUE + FIRST]! > 0;
  }

  queue(way: number, row: number): void {
    const queues = this.#queues.data;
    const last = queues[way * QUEUE + LAST]! - 1;
    if (last < 0) queues[way * QUEUE + FIRST] = row + 1;
    else this.#column.data[this.#at(last) + NEXT] = row + 1;
    queues[way * QUEUE + LAST] = row + 1;
    this.#column.data[this.#at(row) + NEXT] = 0;
  }

  /** Takes all that wait for a way, in order. */
  takeQueue(way: number): readonly number[] {
    const queues = this.#queues.data;
    const rows: number[] = [];
    for (let row = queues[way * QUEUE + FIRST]! - 1; row >= 0; row = this.#get(row, NEXT) - 1)
      rows.push(row);
    queues[way * QUEUE + FIRST] = 0;
    queues[way * QUEUE + LAST] = 0;
    return rows;
  }

  #at(row: number): number {
    return HEAD + row * CELLS;
  }

  #get(row: number, field: number): number {
    return this.#column.data[this.#at(row) + field]!;
  }
}
