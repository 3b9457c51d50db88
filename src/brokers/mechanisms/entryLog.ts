// Logs whose entries can be taken out anywhere: a list of rows per log, numbered without gaps as they come, with what each
// entry still has to wait for. Knows no readers; who reads keeps a place in the list and is told before an entry goes.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

const NONE = -1;

/** Cells of an entry's row. */
export const entryIntegers = {
  // First, because a row in use never begins with a negative number.
  log: 0,
  /** -1 when nobody needs it any more. */
  message: 1,
  next: 2,
  previous: 3,
  /** Number of readers that are not done with it. */
  needs: 4,
  /** The owner's own: the subject, for instance. */
  tag: 5,
  /** Links of a further list, the owner's own. */
  nextOfTag: 6,
  previousOfTag: 7,
  count: 8,
} as const;

/** Doubles of an entry's row: its number in the log (1, 2, …), when it was added [ns], its size [bytes], and one of the
 *  owner's own. */
export const entryDoubles = { sequence: 0, addedNs: 1, bytes: 2, own: 3, count: 4 } as const;

const I = entryIntegers;
const D = entryDoubles;

// Integers of a log.
const FIRST = 0;
const LAST = 1;
const SIZE = 2;
const LOG_INTEGERS = 3;

// Doubles of a log.
const NEXT_SEQUENCE = 0;
const BYTES = 1;
/** Entries that are still in the log, but of which nothing is known any more: they stand in front of all rows. */
const ARCHIVED = 2;
const LOG_DOUBLES = 3;

/** The logs of one broker. Entries are rows 0, 1, … of one table. */
export class EntryLogs {
  readonly rows: Rows;
  readonly #logs: Int32Array;
  readonly #numbers: Float64Array;

  constructor(arena: Arena, name: string, logs: number) {
    this.rows = new Rows(arena, name, { integers: I.count, doubles: D.count });
    this.#logs = arena.int32(`${name}.logs`, logs * LOG_INTEGERS).data;
    this.#numbers = arena.float64(`${name}.numbers`, logs * LOG_DOUBLES).data;
    for (let log = 0; log < logs; log++) {
      this.#logs[log * LOG_INTEGERS + FIRST] = NONE;
      this.#logs[log * LOG_INTEGERS + LAST] = NONE;
      this.#numbers[log * LOG_DOUBLES + NEXT_SEQUENCE] = 1;
    }
  }

  /** Adds an entry at the end; nobody needs it yet. */
  append(log: number, message: number, about: { nowNs: number; bytes: number }): number {
    const entry = this.rows.take();
    const at = entry * I.count;
    const { integers, doubles } = this.rows;
    const last = this.last(log);
    integers[at + I.message] = message;
    integers[at + I.log] = log;
    integers[at + I.next] = NONE;
    integers[at + I.previous] = last;
    integers[at + I.needs] = 0;
    integers[at + I.tag] = NONE;
    doubles[entry * D.count + D.sequence] = this.#numbers[log * LOG_DOUBLES + NEXT_SEQUENCE]!++;
    doubles[entry * D.count + D.addedNs] = about.nowNs;
    doubles[entry * D.count + D.bytes] = about.bytes;
    doubles[entry * D.count + D.own] = 0;
    if (last === NONE) this.#logs[log * LOG_INTEGERS + FIRST] = entry;
    else integers[last * I.count + I.next] = entry;
    this.#logs[log * LOG_INTEGERS + LAST] = entry;
    this.#logs[log * LOG_INTEGERS + SIZE]!++;
    this.#numbers[log * LOG_DOUBLES + BYTES]! += about.bytes;
    return entry;
  }

  /** Takes an entry out and frees its row. Whoever has a place there has moved on before. */
  remove(entry: number): void {
    this.#numbers[this.log(entry) * LOG_DOUBLES + BYTES]! -= this.bytes(entry);
    this.#unlink(entry);
  }

  /** Forgets the row of the first entry, which nobody needs; it still counts. */
  archiveFirst(log: number): void {
    this.#numbers[log * LOG_DOUBLES + ARCHIVED]!++;
    this.#unlink(this.first(log));
  }

  /** The next entry gets this number: numbers that were given out and lost are given out again. */
  continueAt(log: number, sequence: number): void {
    this.#numbers[log * LOG_DOUBLES + NEXT_SEQUENCE] = sequence;
  }

  /** Forgets what was archived too: the log is empty when its rows are gone. */
  dropArchive(log: number): void {
    this.#numbers[log * LOG_DOUBLES + ARCHIVED] = 0;
    if (this.first(log) === NONE) this.#numbers[log * LOG_DOUBLES + BYTES] = 0;
  }

  /** The oldest entry with a row, -1 for none. */
  first(log: number): number {
    return this.#logs[log * LOG_INTEGERS + FIRST]!;
  }

  /** The newest entry with a row, -1 for none. */
  last(log: number): number {
    return this.#logs[log * LOG_INTEGERS + LAST]!;
  }

  /** Number of entries. */
  length(log: number): number {
    return this.#logs[log * LOG_INTEGERS + SIZE]! + this.#numbers[log * LOG_DOUBLES + ARCHIVED]!;
  }

  /** The number of the oldest entry; that of the next one when there is none. */
  firstSequence(log: number): number {
    const first = this.first(log);
    const known = first === NONE ? this.nextSequence(log) : this.sequence(first);
    return known - this.#numbers[log * LOG_DOUBLES + ARCHIVED]!;
  }

  /** Whether a row still holds the entry of this number. */
  isStill(entry: number, log: number, sequence: number): boolean {
    return this.rows.isLive(entry) && this.log(entry) === log && this.sequence(entry) === sequence;
  }

  /** Size of all entries [bytes]. */
  bytesOf(log: number): number {
    return this.#numbers[log * LOG_DOUBLES + BYTES]!;
  }

  /** The number that the next entry gets. */
  nextSequence(log: number): number {
    return this.#numbers[log * LOG_DOUBLES + NEXT_SEQUENCE]!;
  }

  next(entry: number): number {
    return this.rows.integers[entry * I.count + I.next]!;
  }

  previous(entry: number): number {
    return this.rows.integers[entry * I.count + I.previous]!;
  }

  /** Handle of its message; -1 when nobody needs it any more. */
  message(entry: number): number {
    return this.rows.integers[entry * I.count + I.message]!;
  }

  /** The message is needed by nobody: only the entry stays. */
  forgetMessage(entry: number): void {
    this.rows.integers[entry * I.count + I.message] = NONE;
  }

  log(entry: number): number {
    return this.rows.integers[entry * I.count + I.log]!;
  }

  sequence(entry: number): number {
    return this.rows.doubles[entry * D.count + D.sequence]!;
  }

  /** When it was added [ns]. */
  addedNs(entry: number): number {
    return this.rows.doubles[entry * D.count + D.addedNs]!;
  }

  /** Its size [bytes]. */
  bytes(entry: number): number {
    return this.rows.doubles[entry * D.count + D.bytes]!;
  }

  /** Number of readers that are not done with it. */
  needs(entry: number): number {
    return this.rows.integers[entry * I.count + I.needs]!;
  }

  /** One reader more, or one less, is not done with an entry; returns how many are left. */
  need(entry: number, by: number): number {
    return (this.rows.integers[entry * I.count + I.needs]! += by);
  }

  #unlink(entry: number): void {
    const { integers } = this.rows;
    const at = entry * I.count;
    const log = integers[at + I.log]!;
    const next = integers[at + I.next]!;
    const previous = integers[at + I.previous]!;
    if (previous === NONE) this.#logs[log * LOG_INTEGERS + FIRST] = next;
    else integers[previous * I.count + I.next] = next;
    if (next === NONE) this.#logs[log * LOG_INTEGERS + LAST] = previous;
    else integers[next * I.count + I.previous] = previous;
    this.#logs[log * LOG_INTEGERS + SIZE]!--;
    this.rows.give(entry);
  }
}
