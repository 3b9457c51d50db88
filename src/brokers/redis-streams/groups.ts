// Consumer groups as Redis keeps them: where each has read to, what is pending, and the commands that change it. Readers
// without a group stand here too, as groups of their own in which nothing is ever pending. Knows no books.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import { PendingEntries } from "./pending.ts";
import type { Streams } from "./streams.ts";

const NONE = -1;

// Integers of a group.
const STREAM = 0;
/** The next entry that nobody in the group was given; -1: none. */
const NEXT = 1;
const UNREAD = 2;
const PENDING = 3;
const ACCOUNT = 4;
const NEXT_GROUP = 5;
/** 1 for a reader without a group: its place is the application's own, and no failure of Redis changes it. */
const IS_READER = 6;
const INTEGERS = 7;

// Doubles of a group.
const LAST_DELIVERED = 0;
/** XINFO's entries-read; -1 when Redis has lost count. */
const ENTRIES_READ = 1;
const DOUBLES = 2;

/** Groups of all streams of one Redis. */
export class Groups {
  readonly pending: PendingEntries;
  readonly #streams: Streams;
  readonly #rows: Rows;
  /** Per stream: its first group. */
  readonly #first: Int32Array;

  constructor(arena: Arena, name: string, about: { streams: Streams; count: number }) {
    this.#streams = about.streams;
    this.pending = new PendingEntries(arena, `${name}.pending`);
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: DOUBLES });
    this.#first = arena.int32(`${name}.first`, about.count).data;
    this.#first.fill(NONE, 0, about.count);
  }

  /** XGROUP CREATE: reads on behind an entry's number in the log, 0 for all, "$" for new ones only. */
  create(
    stream: number,
    from: number | "$",
    about: { account: number; isReader: boolean },
  ): number {
    const { logs } = this.#streams;
    const group = this.#rows.take();
    const after = from === "$" ? logs.nextSequence(stream) - 1 : from;
    this.#set(group, STREAM, stream);
    this.#set(group, PENDING, this.pending.open());
    this.#set(group, ACCOUNT, about.account);
    this.#set(group, IS_READER, about.isReader ? 1 : 0);
    this.#set(group, NEXT_GROUP, this.#first[stream]!);
    this.#first[stream] = group;
    this.#rows.doubles[group * DOUBLES + ENTRIES_READ] = NONE;
    this.setPlace(group, after);
    let entry = this.next(group);
    while (entry !== NONE) {
      logs.need(entry, 1);
      entry = logs.next(entry);
    }
    return group;
  }

  /** Forgets a group in which nothing is pending. Entries that it has not read are no longer needed by it. */
  remove(group: number): void {
    const stream = this.stream(group);
    this.pending.close(this.#list(group));
    const next = this.#get(group, NEXT_GROUP);
    let before = this.#first[stream]!;
    if (before === group) this.#first[stream] = next;
    else {
      while (this.#get(before, NEXT_GROUP) !== group) before = this.#get(before, NEXT_GROUP);
      this.#set(before, NEXT_GROUP, next);
    }
    this.#rows.give(group);
  }

  /** XGROUP SETID: the next entry read is the first behind a number in the log. */
  setPlace(group: number, after: number): void {
    const { logs } = this.#streams;
    const stream = this.stream(group);
    let unread = 0;
    let next = NONE;
    let entry = logs.last(stream);
    while (entry !== NONE && logs.sequence(entry) > after) {
      unread++;
      next = entry;
      entry = logs.previous(entry);
    }
    this.#set(group, NEXT, next);
    this.#set(group, UNREAD, unread);
    this.#rows.doubles[group * DOUBLES + LAST_DELIVERED] = after;
  }

  /** The first group of a stream, -1 for none. */
  first(stream: number): number {
    return this.#first[stream]!;
  }

  /** The following group of the same stream. */
  following(group: number): number {
    return this.#get(group, NEXT_GROUP);
  }

  stream(group: number): number {
    return this.#get(group, STREAM);
  }

  /** Whether it is a reader without a group. */
  isReader(group: number): boolean {
    return this.#get(group, IS_READER) === 1;
  }

  /** Account in the books. */
  account(group: number): number {
    return this.#get(group, ACCOUNT);
  }

  /** The entry that is read next, -1 for none. */
  next(group: number): number {
    return this.#get(group, NEXT);
  }

  /** Entries that were given to nobody in the group. */
  unread(group: number): number {
    return this.#get(group, UNREAD);
  }

  /** Number in the log of the entry that was read last. */
  lastDelivered(group: number): number {
    return this.#rows.doubles[group * DOUBLES + LAST_DELIVERED]!;
  }

  /** Pending entries (XPENDING). */
  pendingCount(group: number): number {
    return this.pending.size(this.#list(group));
  }

  /** Rows of the pending entries list. */
  firstPending(group: number): number {
    return this.pending.first(this.#list(group));
  }

  /** The first pending row whose entry is still in the stream. */
  firstWithBody(group: number): number {
    return this.pending.firstWithBody(this.#list(group));
  }

  lastPending(group: number): number {
    return this.pending.last(this.#list(group));
  }

  /** The group of a pending row. */
  ofRow(row: number): number {
    // Lists and groups are taken and given back together, so they have the same numbers.
    return this.pending.group(row);
  }

  /** An entry was added to the stream. */
  added(group: number, entry: number): void {
    if (this.next(group) === NONE) this.#set(group, NEXT, entry);
    this.#set(group, UNREAD, this.unread(group) + 1);
    this.#streams.logs.need(entry, 1);
  }

  /** Reads the next entry, which there must be. */
  read(group: number): number {
    const entry = this.next(group);
    const { doubles } = this.#rows;
    const at = group * DOUBLES;
    doubles[at + ENTRIES_READ] = this.#countRead(group, entry);
    doubles[at + LAST_DELIVERED] = this.#streams.logs.sequence(entry);
    this.#set(group, NEXT, this.#streams.logs.next(entry));
    this.#set(group, UNREAD, this.unread(group) - 1);
    return entry;
  }

  /** Puts an entry that was read into the pending entries list of a reader; returns the row. */
  pend(group: number, entry: number, reader: number, nowNs: number): number {
    const sequence = this.#streams.logs.sequence(entry);
    return this.pending.add(this.#list(group), { entry, sequence, reader, nowNs });
  }

  /** An unread entry goes before it was read. */
  skip(group: number, entry: number): void {
    if (this.next(group) === entry) this.#set(group, NEXT, this.#streams.logs.next(entry));
    this.#set(group, UNREAD, this.unread(group) - 1);
  }

  /** Entries from this one on are unread again, so many more than before. */
  rewind(group: number, to: number, more: number): void {
    this.#set(group, NEXT, to);
    this.#set(group, UNREAD, this.unread(group) + more);
    this.#rows.doubles[group * DOUBLES + LAST_DELIVERED] = this.#streams.logs.sequence(to) - 1;
  }

  /** What was read behind a number in the log is lost. */
  forgetBehind(group: number, sequence: number): void {
    const at = group * DOUBLES;
    const { doubles } = this.#rows;
    if (doubles[at + LAST_DELIVERED]! <= sequence) return;
    doubles[at + LAST_DELIVERED] = sequence;
    doubles[at + ENTRIES_READ] = NONE;
  }

  /** Whether an entry was read, as far as the group knows. */
  hasRead(group: number, entry: number): boolean {
    return this.#streams.logs.sequence(entry) <= this.lastDelivered(group);
  }

  /** The pending row of an entry, -1 for none. What is trimmed first is found at once. */
  pendingOf(group: number, entry: number, from: "front" | "back"): number {
    const { pending } = this;
    const sequence = this.#streams.logs.sequence(entry);
    const list = this.#list(group);
    if (from === "front") {
      let row = pending.firstWithBody(list);
      while (row !== NONE && pending.sequence(row) < sequence) row = pending.next(row);
      return row !== NONE && pending.sequence(row) === sequence ? row : NONE;
    }
    let row = pending.last(list);
    while (row !== NONE && pending.sequence(row) > sequence) row = pending.previous(row);
    return row !== NONE && pending.sequence(row) === sequence ? row : NONE;
  }

  /** XINFO's lag: entries still to be read, as far as Redis can tell; undefined when it cannot. */
  lag(group: number): number | undefined {
    const streams = this.#streams;
    const stream = this.stream(group);
    const length = streams.logs.length(stream);
    const added = streams.added(stream);
    const after = this.lastDelivered(group);
    const first = streams.logs.firstSequence(stream);
    const deleted = streams.lastDeleted(stream);
    if (added === 0) return 0;
    if (deleted < first && after < first && length > 0) return length;
    const read = this.#rows.doubles[group * DOUBLES + ENTRIES_READ]!;
    const hasHoles = length > 0 && deleted > 0 && deleted > after;
    if (read !== NONE && !hasHoles) return added - read;
    const estimate = this.#distance(stream, after);
    return estimate === NONE ? undefined : added - estimate;
  }

  #countRead(group: number, entry: number): number {
    const stream = this.stream(group);
    const { logs } = this.#streams;
    const read = this.#rows.doubles[group * DOUBLES + ENTRIES_READ]!;
    const deleted = this.#streams.lastDeleted(stream);
    const first = logs.firstSequence(stream);
    const after = this.lastDelivered(group);
    if (read !== NONE && after >= first && deleted <= after) return read + 1;
    return this.#distance(stream, logs.sequence(entry));
  }

  /** How many entries were ever added up to a number in the log, as Redis estimates it; -1 when it cannot. */
  #distance(stream: number, sequence: number): number {
    const streams = this.#streams;
    const { logs } = streams;
    const length = logs.length(stream);
    const added = streams.added(stream);
    const last = logs.nextSequence(stream) - 1;
    const deleted = streams.lastDeleted(stream);
    if (length === 0 && sequence <= last) return added;
    if (sequence > 0 && sequence < deleted) return NONE;
    if (sequence === last) return added;
    if (sequence > last) return NONE;
    const first = logs.firstSequence(stream);
    if (deleted >= first) return NONE;
    if (sequence < first) return added - length;
    return sequence === first ? added - length + 1 : NONE;
  }

  #list(group: number): number {
    return this.#get(group, PENDING);
  }

  #get(group: number, field: number): number {
    return this.#rows.integers[group * INTEGERS + field]!;
  }

  #set(group: number, field: number, value: number): void {
    this.#rows.integers[group * INTEGERS + field] = value;
  }
}
