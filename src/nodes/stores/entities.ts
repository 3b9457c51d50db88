// The entities of one store: for each key a version, a value, and the value that it would have if no write had been lost.

import type { ValuesOf } from "../../base/fields.ts";
import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { KeyTable } from "../../kernel/keyTable.ts";
import type { store } from "../store.ts";
import { EventLog } from "./eventLog.ts";
import type { Replica } from "./replica.ts";

/** Reads are counted apart by how many versions they were behind, up to so many; all above count as one. */
const lagsCounted = 8;

/** What is counted of a store's entities. */
export const counted = {
  /** Versions of its own. */
  commits: 0,
  /** Writes that met a newer version than they rested on, and did nothing. */
  conflicts: 1,
  /** Writes that would have gone below their limit. */
  refused: 2,
  reads: 3,
  /** Reads of a version that was not the newest. */
  staleReads: 4,
} as const;

/** One of what is counted. */
type Counted = (typeof counted)[keyof typeof counted];

/** Entities of a store by row, in the order in which they first came. */
export class Entities {
  /** Number of the store among the components. */
  readonly number: number;
  /** Replicas of it elsewhere, and its own views of other stores. */
  readonly followers: Replica[] = [];
  readonly replicas: Replica[] = [];
  readonly values: ValuesOf<(typeof store)["fields"]>;
  /** Absent where only the present state is kept. */
  readonly log: EventLog | undefined;
  readonly #keys: KeyTable;
  readonly #versions: Int32Column;
  readonly #values: Float64Column;
  /** Values if every accepted change had counted once. */
  readonly #expected: Float64Column;
  readonly #counts: Float64Column;
  readonly #lags: Float64Column;

  constructor(arena: Arena, id: string, number: number, values: Entities["values"]) {
    this.number = number;
    this.values = values;
    this.#keys = new KeyTable(arena, `${id}/entities`);
    this.#versions = arena.int32(`${id}/versions`);
    this.#values = arena.float64(`${id}/values`);
    this.#expected = arena.float64(`${id}/expected`);
    this.#counts = arena.float64(`${id}/entity-counts`, Object.keys(counted).length);
    this.#lags = arena.float64(`${id}/read-lags`, lagsCounted);
    if (values.keeps === "events") this.log = new EventLog(arena, id, values);
  }

  /** Row of the entity with a key, made when there was none. */
  row(key: number): number {
    const row = this.#keys.add(key);
    if (row === this.#versions.length) {
      this.#versions.push(0);
      this.#values.push(this.values.initialValue);
      this.#expected.push(this.values.initialValue);
    }
    return row;
  }

  /** Row of the entity with a key, −1 when there is none. */
  known(key: number): number {
    return this.#keys.rowOf(key);
  }

  size(): number {
    return this.#keys.size();
  }

  keyAt(row: number): number {
    return this.#keys.keyAt(row);
  }

  /** Newest version of its own, 0 before the first. */
  version(row: number): number {
    return this.#versions.data[row]!;
  }

  value(row: number): number {
    return this.#values.data[row]!;
  }

  /** Value that it would have if every accepted change had counted once. */
  expected(row: number): number {
    return this.#expected.data[row]!;
  }

  /** Commits a value as the next version and tells the replicas; returns its number. */
  commit(row: number, value: number, nowNs: number): number {
    this.put(row, value);
    this.count(counted.commits);
    const version = ++this.#versions.data[row]!;
    for (const follower of this.followers) follower.committed(row, version, nowNs);
    return version;
  }

  /** Puts a value without a version of its own: what a replica applies. */
  put(row: number, value: number): void {
    this.#values.data[row] = value;
  }

  /** Sets what the value should be. */
  expect(row: number, value: number): void {
    this.#expected.data[row] = value;
  }

  count(what: Counted): void {
    this.#counts.data[what]!++;
  }

  counted(what: Counted): number {
    return this.#counts.data[what]!;
  }

  /** Counts a read that was so many versions behind. */
  countRead(behind: number): void {
    this.count(counted.reads);
    if (behind > 0) this.count(counted.staleReads);
    this.#lags.data[Math.min(behind, lagsCounted - 1)]!++;
  }

  /** Reads by how many versions they were behind; the last one counts all that were further behind. */
  readLags(): readonly number[] {
    return Array.from({ length: lagsCounted }, (_, lag) => this.#lags.data[lag]!);
  }
}
