// What messages tell of stores: the latest version of an entity that their cause has committed or read. It travels along
// the chain of causes, as an entity's version does in a header or payload; what applies it is a replica.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";

// Integers of a stamp.
/** Number of the store + 1, 0 for none. */
const STORE = 0;
const VERSION = 1;
const KEY = 2;
/** Newest version of the entity that the chain has written or read. */
const SEEN = 3;
/** 1 when that one was written, not read. */
const SEEN_WRITTEN = 4;
const INTEGERS = 5;

// Doubles of a stamp.
/** Value of the entity in that version, and by how much it had changed with it. */
const VALUE = 0;
const CHANGE = 1;
const DOUBLES = 2;

/** Stamps by handle of a message, or by number of a worker. */
export class Stamps {
  readonly #integers: Int32Column;
  readonly #doubles: Float64Column;

  constructor(arena: Arena, name: string) {
    this.#integers = arena.int32(`${name}/stamps`);
    this.#doubles = arena.float64(`${name}/stamp-values`);
  }

  /** Says nothing any more. */
  clear(row: number): void {
    this.#ensure(row);
    this.#integers.data[row * INTEGERS + STORE] = 0;
  }

  /** Says what another stamp says. */
  copy(row: number, from: Stamps, other: number): void {
    this.#ensure(row);
    from.#ensure(other);
    const [to, source] = [this.#integers.data, from.#integers.data];
    for (let i = 0; i < INTEGERS; i++) to[row * INTEGERS + i] = source[other * INTEGERS + i]!;
    const [values, known] = [this.#doubles.data, from.#doubles.data];
    for (let i = 0; i < DOUBLES; i++) values[row * DOUBLES + i] = known[other * DOUBLES + i]!;
  }

  /** A version was committed. */
  written(row: number, store: number, key: number, version: number): void {
    this.#say(row, store, key, version);
    this.#integers.data[row * INTEGERS + SEEN] = version;
    this.#integers.data[row * INTEGERS + SEEN_WRITTEN] = 1;
  }

  /** A version was read; what the chain has seen of the same entity before is not forgotten. */
  read(row: number, store: number, key: number, version: number): void {
    const seen = this.seen(row, store, key);
    this.#say(row, store, key, version);
    if (version <= seen) return;
    this.#integers.data[row * INTEGERS + SEEN] = version;
    this.#integers.data[row * INTEGERS + SEEN_WRITTEN] = 0;
  }

  /** Value in the version that it tells of, and the change that led to it. */
  setValue(row: number, value: number, change: number): void {
    this.#doubles.data[row * DOUBLES + VALUE] = value;
    this.#doubles.data[row * DOUBLES + CHANGE] = change;
  }

  /** Number of the store that it tells of, −1 for none. */
  store(row: number): number {
    return row * INTEGERS < this.#integers.length
      ? this.#integers.data[row * INTEGERS + STORE]! - 1
      : -1;
  }

  version(row: number): number {
    return this.#integers.data[row * INTEGERS + VERSION]!;
  }

  key(row: number): number {
    return this.#integers.data[row * INTEGERS + KEY]!;
  }

  value(row: number): number {
    return this.#doubles.data[row * DOUBLES + VALUE]!;
  }

  change(row: number): number {
    return this.#doubles.data[row * DOUBLES + CHANGE]!;
  }

  /** Newest version of an entity that the chain has written or read, 0 when it has seen none. */
  seen(row: number, store: number, key: number): number {
    return this.store(row) === store && this.key(row) === key
      ? this.#integers.data[row * INTEGERS + SEEN]!
      : 0;
  }

  /** Whether the newest version that was seen had been written, not read. */
  hasWrittenSeen(row: number): boolean {
    return this.#integers.data[row * INTEGERS + SEEN_WRITTEN] === 1;
  }

  #say(row: number, store: number, key: number, version: number): void {
    this.#ensure(row);
    const same = this.store(row) === store && this.key(row) === key;
    const at = row * INTEGERS;
    const cells = this.#integers.data;
    cells[at + STORE] = store + 1;
    cells[at + VERSION] = version;
    cells[at + KEY] = key;
    if (!same) cells[at + SEEN] = 0;
  }

  #ensure(row: number): void {
    if (this.#integers.length < (row + 1) * INTEGERS) {
      this.#integers.resize((row + 1) * INTEGERS);
      this.#doubles.resize((row + 1) * DOUBLES);
    }
  }
}
