// What the workers of a service have read from stores in their present attempt: on that their writes rest.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

const STORE = 0;
const ENTITY = 1;
const VERSION = 2;
/** The one that the worker read before, −1 for none. */
const NEXT = 3;
/** 1 for what a write reads by itself when it begins. */
const IMPLICIT = 4;
const INTEGERS = 5;

/** Reads of workers by handle. */
export class Bases {
  readonly #rows: Rows;
  /** Handle + 1 of the latest read of each worker, 0 for none. */
  readonly #latest: Int32Column;

  constructor(arena: Arena, name: string) {
    this.#rows = new Rows(arena, `${name}/reads`, { integers: INTEGERS, doubles: 1 });
    this.#latest = arena.int32(`${name}/latest-read`);
  }

  /** A worker has read nothing any more. */
  forget(worker: number): void {
    if (worker >= this.#latest.length) this.#latest.resize(worker + 1);
    let row = this.#latest.data[worker]! - 1;
    while (row >= 0) {
      const next = this.#rows.integers[row * INTEGERS + NEXT]!;
      this.#rows.give(row);
      row = next;
    }
    this.#latest.data[worker] = 0;
  }

  /** Handle of what a worker has read of an entity, −1 when it has not. */
  of(worker: number, store: number, entity: number): number {
    const { integers } = this.#rows;
    let row = (this.#latest.data[worker] ?? 0) - 1;
    while (row >= 0) {
      const at = row * INTEGERS;
      if (integers[at + STORE] === store && integers[at + ENTITY] === entity) return row;
      row = integers[at + NEXT]!;
    }
    return -1;
  }

  /** Handle for what a worker reads of an entity now: the one that there is, or a new one. */
  take(worker: number, store: number, entity: number): number {
    const known = this.of(worker, store, entity);
    if (known >= 0) return known;
    const row = this.#rows.take();
    const { integers } = this.#rows;
    const at = row * INTEGERS;
    integers[at + STORE] = store;
    integers[at + ENTITY] = entity;
    integers[at + NEXT] = this.#latest.data[worker]! - 1;
    integers[at + IMPLICIT] = 1;
    this.#latest.data[worker] = row + 1;
    return row;
  }

  /** What was read: a version and its value. */
  set(row: number, version: number, value: number): void {
    this.#rows.integers[row * INTEGERS + VERSION] = version;
    this.#rows.doubles[row] = value;
  }

  /** A step of its own has read it. */
  setExplicit(row: number): void {
    this.#rows.integers[row * INTEGERS + IMPLICIT] = 0;
  }

  /** Whether only a write has read it by itself. */
  isImplicit(row: number): boolean {
    return this.#rows.integers[row * INTEGERS + IMPLICIT] === 1;
  }

  version(row: number): number {
    return this.#rows.integers[row * INTEGERS + VERSION]!;
  }

  value(row: number): number {
    return this.#rows.doubles[row]!;
  }
}
