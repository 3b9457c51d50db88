// Places of readers in a log who acknowledge entry by entry: below one offset everything is acknowledged, above it some
// entries are, some are held by somebody, and some have come back to be read again. Knows no technology and no books.

import type { Arena } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";

const NONE = -1;

// What a cell holds when it holds no holder.
const WAITING = -1;
const ACKNOWLEDGED = -2;
const PARKED = -3;

/** Cursors with individual acknowledgements. An offset is a whole number below 2^31; a holder is a number from 0 of the
 *  owner's (a delivery, a row). Times that an entry was held are counted. */
export class GapCursors {
  /** First offset that was never read. */
  readonly position: Float64Array;
  /** Everything below is acknowledged. */
  readonly acknowledgedBelow: Float64Array;
  /** From `acknowledgedBelow` to `position`: the holder, or what there is instead. */
  readonly #cells: readonly Ring[];
  /** Times that each of them was held. */
  readonly #attempts: readonly Ring[];
  /** Offsets that were read and wait to be read again, ascending. */
  readonly #returned: readonly Ring[];
  readonly #parked: Int32Array;

  constructor(arena: Arena, name: string, count: number) {
    const ring = (part: string) => (_: unknown, i: number) =>
      new Ring(arena, `${name}.${part}.${i}`);
    this.position = arena.float64(`${name}.position`, count).data;
    this.acknowledgedBelow = arena.float64(`${name}.acknowledgedBelow`, count).data;
    this.#cells = Array.from({ length: count }, ring("cells"));
    this.#attempts = Array.from({ length: count }, ring("attempts"));
    this.#returned = Array.from({ length: count }, ring("returned"));
    this.#parked = arena.int32(`${name}.parked`, count).data;
  }

  /** Begins at an offset; nothing was read yet. */
  open(cursor: number, offset: number): void {
    this.position[cursor] = offset;
    this.acknowledgedBelow[cursor] = offset;
  }

  /** Reads the next entry for the first time and returns its offset; it waits until it is held, parked or
   *  acknowledged. The caller knows that there is one. */
  read(cursor: number): number {
    this.#cells[cursor]!.pushBack(WAITING);
    this.#attempts[cursor]!.pushBack(0);
    return this.position[cursor]!++;
  }

  /** Number of entries that have come back and wait to be read again. */
  returnedCount(cursor: number): number {
    return this.#returned[cursor]!.size();
  }

  /** Offset of one of these, lowest first. */
  returnedAt(cursor: number, rank: number): number {
    return this.#returned[cursor]!.at(rank);
  }

  /** Takes one of these out, to be held. */
  takeReturnedAt(cursor: number, rank: number): number {
    return this.#returned[cursor]!.removeAt(rank);
  }

  /** Number of entries that are parked. */
  parkedCount(cursor: number): number {
    return this.#parked[cursor]!;
  }

  /** Gives an entry that was read, and was taken out if it had come back, to a holder. */
  hold(cursor: number, offset: number, holder: number): void {
    const at = offset - this.acknowledgedBelow[cursor]!;
    const attempts = this.#attempts[cursor]!;
    this.#cells[cursor]!.set(at, holder);
    attempts.set(at, attempts.at(at) + 1);
  }

  /** Who holds an entry; -1 when nobody does. */
  holder(cursor: number, offset: number): number {
    const holder = this.#cell(cursor, offset);
    return holder >= 0 ? holder : NONE;
  }

  /** Times that an entry was held. */
  attempts(cursor: number, offset: number): number {
    const at = offset - this.acknowledgedBelow[cursor]!;
    return at < 0 || offset >= this.position[cursor]! ? 0 : this.#attempts[cursor]!.at(at);
  }

  isAcknowledged(cursor: number, offset: number): boolean {
    return this.#cell(cursor, offset) === ACKNOWLEDGED;
  }

  /** Lets an entry that was read wait until somebody gives it back. */
  park(cursor: number, offset: number): void {
    this.#cells[cursor]!.set(offset - this.acknowledgedBelow[cursor]!, PARKED);
    this.#parked[cursor]!++;
  }

  isParked(cursor: number, offset: number): boolean {
    return this.#cell(cursor, offset) === PARKED;
  }

  /** An entry that was read, is held or parked is to be read again. */
  giveBack(cursor: number, offset: number): void {
    if (this.isParked(cursor, offset)) this.#parked[cursor]!--;
    this.#cells[cursor]!.set(offset - this.acknowledgedBelow[cursor]!, WAITING);
    const returned = this.#returned[cursor]!;
    const rank = this.#rankOf(cursor, offset);
    if (rank === returned.size() || returned.at(rank) !== offset) returned.insertAt(rank, offset);
  }

  /** An entry that was read is acknowledged, whatever it was doing. Returns by how many entries the place has moved
   *  below which all is acknowledged. */
  acknowledge(cursor: number, offset: number): number {
    const cells = this.#cells[cursor]!;
    const below = this.acknowledgedBelow[cursor]!;
    if (offset < below) return 0;
    const state = cells.at(offset - below);
    if (state === PARKED) this.#parked[cursor]!--;
    if (state === WAITING) this.#forgetReturned(cursor, offset);
    cells.set(offset - below, ACKNOWLEDGED);
    if (offset > below) return 0;
    let moved = 0;
    const attempts = this.#attempts[cursor]!;
    while (cells.size() > 0 && cells.at(0) === ACKNOWLEDGED) {
      cells.popFront();
      attempts.popFront();
      moved++;
    }
    this.acknowledgedBelow[cursor] = below + moved;
    return moved;
  }

  #forgetReturned(cursor: number, offset: number): void {
    const returned = this.#returned[cursor]!;
    const rank = this.#rankOf(cursor, offset);
    if (rank < returned.size() && returned.at(rank) === offset) returned.removeAt(rank);
  }

  /** Number of returned entries with a lower offset. */
  #rankOf(cursor: number, offset: number): number {
    const returned = this.#returned[cursor]!;
    let low = 0;
    let high = returned.size();
    // Mostly what comes back is behind all others.
    if (high > 0 && returned.at(high - 1) < offset) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (returned.at(middle) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #cell(cursor: number, offset: number): number {
    const at = offset - this.acknowledgedBelow[cursor]!;
    if (at < 0) return ACKNOWLEDGED;
    return offset >= this.position[cursor]! ? WAITING : this.#cells[cursor]!.at(at);
  }
}
