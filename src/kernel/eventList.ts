// The pending events of a run, taken in order of time and, at equal times, in order of insertion. Four
// parts, by how far ahead an event is: a lane for the current instant, a short sorted list, a ladder of
// buckets, and an unsorted rest. All events of one time are always in the same part and in order of
// insertion, so no event needs a number, and any number of ties costs the same.

import { wholeOf } from "../base/units.ts";
import type { Arena, Int32Column } from "./arena.ts";
import { EventLadder } from "./eventLadder.ts";
import { A, B, CODE, DETAILS, EventSlots, link, NO_SLOT } from "./eventSlots.ts";

/** Up to this many entries, the sorted list alone holds everything. */
const SHORT_LIST = 24;
/** Cells of the sorted list at first: so many that it is seldom moved back to their middle. */
const NEAR_CELLS = 8 * SHORT_LIST;
/** An insertion that passes more entries than this turns the sorted list into a rung of the ladder. */
const PASSES_MAX = 64;

// Cells of the integer state: the last slot of the lane, a circular list; where the sorted list begins, and
// the cell behind its end; the first free slot; the number of pending events.
const LANE = 0;
const FIRST = 1;
const END = 2;
const FREE = 3;
const PENDING = 4;

// Cells of the double state: the current time, and the time after which an event belongs to the rest.
const TIME = 0;
const HORIZON = 1;

/** Pending events. An event is a time [ns], an integer code and two integer operands; what they mean
 *  is the caller's business. Times are integers below 2^53. Nothing is allocated per event. */
export class EventList {
  /** Current simulated time [ns]: that of the event taken last. Read-only for others. */
  time = 0;
  /** Code of the event taken last; like `a` and `b` meaningless after a restore. */
  code = 0;
  a = 0;
  b = 0;

  // Registers for an event on its way to `add`: what callers inline stays small, and no time is boxed.
  private dueNs = NaN;
  private operand = 0;

  /** Latest time to which `next` may go [ns], in its only cell; the caller's, no state. */
  readonly limit = new Float64Array([Infinity]);
  /** Current time [ns] in its first cell, for who reads it often. */
  readonly clock: Float64Array;
  /** Its first cell holds the time from which delays are counted [ns]. */
  readonly #now: Float64Array;

  readonly #slots: EventSlots;
  /** Sorted entries, the earliest last, where taking it moves nothing: of each time the last slot of the
   *  circular list of its events. There is room at both ends, so that an event goes in from the nearer one. The column
   *  is as long as its capacity, which is state as well. */
  readonly #near: Int32Column;
  readonly #ladder: EventLadder;
  /** Slots of events later than the horizon, in order of insertion. */
  readonly #rest: Int32Column;
  // Columns that never grow: the arrays themselves are kept.
  readonly #state: Int32Array;
  // The arrays of the other columns, looked up again after they have grown or were restored. One step
  // less to each cell makes small models a tenth faster.
  #times!: Float64Array;
  #next!: Int32Array;
  #details!: Int32Array;
  #lists!: Int32Array;

  /** `now`: where the time stands from which delays are counted [ns], not before that of the event taken last; without
   *  it, that time. */
  constructor(arena: Arena, name = "events", now?: Float64Array) {
    this.#slots = new EventSlots(arena, name);
    this.#near = arena.int32(`${name}.near`, NEAR_CELLS);
    this.#ladder = new EventLadder(arena, name, this.#slots);
    this.#rest = arena.int32(`${name}.rest`);
    this.#state = arena.int32(`${name}.state`, 5).data;
    this.#state[LANE] = NO_SLOT;
    this.#state[FREE] = NO_SLOT;
    this.clock = arena.float64(`${name}.clock`, 2).data;
    this.clock[HORIZON] = Infinity;
    this.#now = now ?? this.clock;
    this.#lookUpArrays();
    arena.onRestore(() => {
      this.time = this.clock[TIME]!;
      this.#lookUpArrays();
    });
  }

  /** Adds an event at `timeNs` [ns], not before the current time. */
  schedule(timeNs: number, code: number, a: number, b: number): void {
    this.dueNs = timeNs;
    this.operand = b;
    this.add(code, a);
  }

  /** Adds an event after a delay from now [ns], which is rounded to an integer that is not negative. */
  after(delayNs: number, code: number, a: number, b: number): void {
    this.dueNs = delayNs;
    this.operand = b;
    this.addLater(code, a);
  }

  private addLater(code: number, a: number): void {
    this.dueNs = this.#now[0]! + wholeOf(Math.max(0, this.dueNs));
    this.add(code, a);
  }

  private add(code: number, a: number): void {
    const timeNs = this.dueNs;
    if (!(timeNs >= this.clock[TIME]! && timeNs < Infinity)) this.#refuse();
    const state = this.#state;
    let slot = state[FREE]!;
    if (slot === NO_SLOT) slot = this.#addSlots();
    state[FREE] = this.#next[slot]!;
    const details = this.#details;
    details[DETAILS * slot + CODE] = code;
    details[DETAILS * slot + A] = a;
    details[DETAILS * slot + B] = this.operand;
    this.#times[slot] = timeNs;
    this.#insert(slot);
  }

  #refuse(): never {
    throw badTime(this.dueNs, this.time);
  }

  /** Takes the earliest event and describes it in the fields; false when there is none up to the limit. */
  next(): boolean {
    const state = this.#state;
    let last = state[LANE]!;
    if (last === NO_SLOT) {
      if (state[FIRST] === state[END] || this.#isNextBeyond()) return false;
      last = this.#advance();
    } else if (this.clock[TIME]! > this.limit[0]!) return false;
    const next = this.#next;
    const slot = next[last]!;
    if (slot === last) state[LANE] = NO_SLOT;
    else {
      state[LANE] = last;
      next[last] = next[slot]!;
    }
    state[PENDING]!--;
    const details = this.#details;
    this.code = details[DETAILS * slot + CODE]!;
    this.a = details[DETAILS * slot + A]!;
    this.b = details[DETAILS * slot + B]!;
    next[slot] = state[FREE]!;
    state[FREE] = slot;
    return true;
  }

  /** Time of the earliest pending event [ns]; Infinity when there is none. */
  peekTime(): number {
    if (this.#state[LANE] !== NO_SLOT) return this.time;
    const end = this.#state[END]!;
    return end === this.#state[FIRST] ? Infinity : this.#times[this.#lists[end - 1]!]!;
  }

  /** Whether the earliest event that is not of the present lies beyond the limit. */
  #isNextBeyond(): boolean {
    return this.#times[this.#lists[this.#state[END]! - 1]!]! > this.limit[0]!;
  }

  /** Number of pending events. */
  size(): number {
    return this.#state[PENDING]!;
  }

  #insert(slot: number): void {
    const timeNs = this.#times[slot]!;
    const horizon = this.clock[HORIZON]!;
    this.#state[PENDING]!++;
    if (timeNs === this.clock[TIME]) {
      link(this.#next, this.#state[LANE]!, slot);
      this.#state[LANE] = slot;
    } else if (timeNs > horizon) this.#rest.push(slot);
    else if (horizon === Infinity) {
      this.#insertNear(slot);
      const first = this.#state[FIRST]!;
      if (this.#state[END]! - first > SHORT_LIST)
        this.clock[HORIZON] = this.#times[this.#lists[first]!]!;
    } else if (!this.#ladder.insert(slot)) {
      if (this.#insertNear(slot) > PASSES_MAX) this.#divideNear();
    }
  }

  /** Puts an event behind all that are not later; returns how many entries it had to pass. */
  #insertNear(slot: number): number {
    const state = this.#state;
    if (state[FIRST] === 0 || state[END] === this.#near.length) this.#makeRoom();
    const middle = (state[FIRST]! + state[END]!) >> 1;
    const isLate =
      state[END] !== state[FIRST] && this.#times[slot]! > this.#times[this.#lists[middle]!]!;
    return isLate ? this.#insertFromLatest(slot) : this.#insertFromEarliest(slot);
  }

  #insertFromEarliest(slot: number): number {
    const times = this.#times;
    const lists = this.#lists;
    const timeNs = times[slot]!;
    const first = this.#state[FIRST]!;
    const end = this.#state[END]!;
    let at = end;
    for (; at > first; at--) {
      const later = lists[at - 1]!;
      if (times[later]! >= timeNs) break;
      lists[at] = later;
    }
    if (at > first && times[lists[at - 1]!] === timeNs) {
      for (let to = at; to < end; to++) lists[to] = lists[to + 1]!;
      this.#joinEntry(at - 1, slot);
      return end - at;
    }
    lists[at] = slot;
    this.#next[slot] = slot;
    this.#state[END] = end + 1;
    return end - at;
  }

  #insertFromLatest(slot: number): number {
    const times = this.#times;
    const lists = this.#lists;
    const timeNs = times[slot]!;
    const first = this.#state[FIRST]!;
    // The one in the middle is earlier: that is where this ends at the latest.
    let at = first;
    for (; ; at++) {
      const earlier = lists[at]!;
      if (times[earlier]! <= timeNs) break;
      lists[at - 1] = earlier;
    }
    if (times[lists[at]!] === timeNs) {
      for (let to = at - 1; to >= first; to--) lists[to] = lists[to - 1]!;
      this.#joinEntry(at, slot);
      return at - first;
    }
    lists[at - 1] = slot;
    this.#next[slot] = slot;
    this.#state[FIRST] = first - 1;
    return at - first;
  }

  /** Appends a slot to the events of an entry. */
  #joinEntry(entry: number, slot: number): void {
    link(this.#next, this.#lists[entry]!, slot);
    this.#lists[entry] = slot;
  }

  /** Moves the sorted list to the middle of its cells, twice as many if it fills half of them. */
  #makeRoom(): void {
    const first = this.#state[FIRST]!;
    const entries = this.#state[END]! - first;
    if (2 * (entries + 1) > this.#near.length) this.#growNear(2 * this.#near.length);
    const to = (this.#near.length - entries) >> 1;
    this.#lists.copyWithin(to, first, first + entries);
    this.#state[FIRST] = to;
    this.#state[END] = to + entries;
  }

  /** Goes to the time of the earliest entry and removes it; returns the last slot of its list. */
  #advance(): number {
    const end = this.#state[END]! - 1;
    const last = this.#lists[end]!;
    this.time = this.#times[last]!;
    this.clock[TIME] = this.time;
    this.#state[END] = end;
    // At once, so that there is nothing anywhere else when there is nothing in the sorted list.
    if (end === this.#state[FIRST] && this.clock[HORIZON]! < Infinity) this.#refill();
    return last;
  }

  /** Fills the sorted list, which has become empty, with what comes next. */
  #refill(): void {
    if (this.#loadBucket()) return;
    const rest = this.#rest;
    if (rest.length > SHORT_LIST) {
      this.clock[HORIZON] = this.#ladder.start(rest);
      this.#loadBucket();
      return;
    }
    for (let i = 0; i < rest.length; i++) this.#insertNear(rest.data[i]!);
    rest.length = 0;
    this.clock[HORIZON] = Infinity;
  }

  /** Sorts the next bucket of the ladder into the sorted list, which is empty; false when there is none.
   *  Buckets hold what was inserted last first: from there to the front, ties in each entry too. */
  #loadBucket(): boolean {
    let slot = this.#ladder.takeBucket();
    if (slot === NO_SLOT) return false;
    const count = this.#ladder.taken;
    if (2 * (count + 1) > this.#near.length) this.#growNear(2 * (count + 1));
    const first = (this.#near.length - count) >> 1;
    const next = this.#next;
    const times = this.#times;
    const lists = this.#lists;
    let end = first;
    for (let left = count; left > 0; left--) {
      const older = next[slot]!;
      const timeNs = times[slot]!;
      let at = end;
      for (; at > first; at--) {
        const earlier = lists[at - 1]!;
        if (times[earlier]! >= timeNs) break;
        lists[at] = earlier;
      }
      if (at > first && times[lists[at - 1]!] === timeNs) {
        for (let to = at; to < end; to++) lists[to] = lists[to + 1]!;
        link(next, lists[at - 1]!, slot);
      } else {
        end++;
        lists[at] = slot;
        next[slot] = slot;
      }
      slot = older;
    }
    this.#state[FIRST] = first;
    this.#state[END] = end;
    return true;
  }

  /** Turns the sorted list, in which insertions have become dear, into a rung. */
  #divideNear(): void {
    const { moving } = this.#ladder;
    const next = this.#next;
    for (let entry = this.#state[FIRST]!; entry < this.#state[END]!; entry++) {
      const last = this.#lists[entry]!;
      let slot = last;
      do {
        slot = next[slot]!;
        moving.push(slot);
      } while (slot !== last);
    }
    this.#state[END] = this.#state[FIRST]!;
    this.#ladder.absorb();
    this.#ladder.build();
    this.#loadBucket();
  }

  #addSlots(): number {
    const slot = this.#slots.add();
    this.#lookUpArrays();
    return slot;
  }

  #growNear(capacity: number): void {
    this.#near.resize(capacity);
    this.#lookUpArrays();
  }

  #lookUpArrays(): void {
    this.#times = this.#slots.times.data;
    this.#next = this.#slots.next.data;
    this.#details = this.#slots.details.data;
    this.#lists = this.#near.data;
  }
}

function badTime(timeNs: number, nowNs: number): Error {
  return new Error(`An event at ${timeNs} ns cannot be scheduled at ${nowNs} ns.`);
}
