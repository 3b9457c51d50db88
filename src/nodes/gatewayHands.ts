// What a gateway has in hand: requests, and for each of them the calls that are made for it. Lives tell apart what a row
// was used for, so that timers and answers of an earlier use are recognised.

import type { Arena } from "../kernel/arena.ts";
import { Rows } from "../kernel/rows.ts";

// Fields of a request in hand.
const REQUEST = 0;
const LIFE = 1;
/** Calls under way. */
const OPEN = 2;
const IS_PARTIAL = 3;
/** The part added last, counted from 1; 0 for none. */
const LAST_PART = 4;
const HAND = 5;

// Fields of a part; its life is in its row as well.
const OWNER = 0;
const PART_LIFE = 1;
/** Handle of the call; −1 when it has ended. */
const CALL = 2;
const IS_REQUIRED = 3;
/** The part added before, counted from 1; 0 for none. */
const BEFORE = 4;
const PART = 5;

/** Requests in hand and their parts. */
export class GatewayHands {
  /** The only double: how many were taken before. */
  readonly #hands: Rows;
  readonly #parts: Rows;
  /** Never grows: the array itself is kept. */
  readonly #taken: Float64Array;

  constructor(arena: Arena, id: string) {
    this.#hands = new Rows(arena, `${id}/hands`, { integers: HAND, doubles: 1 });
    this.#parts = new Rows(arena, `${id}/parts`, { integers: PART, doubles: 0 });
    this.#taken = arena.float64(`${id}/taken`, 1).data;
  }

  /** Requests in hand. */
  size(): number {
    return this.#hands.size();
  }

  /** Takes a request in hand. */
  take(request: number): number {
    const hand = this.#hands.take();
    const cells = this.#hands.integers;
    cells[hand * HAND + REQUEST] = request;
    cells[hand * HAND + OPEN] = 0;
    cells[hand * HAND + IS_PARTIAL] = 0;
    cells[hand * HAND + LAST_PART] = 0;
    this.#hands.doubles[hand] = this.#taken[0]!++;
    return hand;
  }

  /** Lets go of a request and of its parts. */
  give(hand: number): void {
    let part = this.#hands.integers[hand * HAND + LAST_PART]! - 1;
    while (part >= 0) {
      const before = this.#parts.integers[part * PART + BEFORE]! - 1;
      this.#parts.integers[part * PART + PART_LIFE]!++;
      this.#parts.give(part);
      part = before;
    }
    this.#hands.integers[hand * HAND + LIFE]!++;
    this.#hands.give(hand);
  }

  /** Requests in the order in which they came. */
  inOrder(): readonly number[] {
    const { doubles } = this.#hands;
    const rows = Array.from({ length: this.#hands.capacity() }, (_, row) => row);
    return rows
      .filter((row) => this.#hands.isLive(row))
      .toSorted((a, b) => doubles[a]! - doubles[b]!);
  }

  request(hand: number): number {
    return this.#hands.integers[hand * HAND + REQUEST]!;
  }

  life(hand: number): number {
    return this.#hands.integers[hand * HAND + LIFE]!;
  }

  lives(hand: number, life: number): boolean {
    return this.#hands.isLive(hand) && this.life(hand) === life;
  }

  /** Calls under way. */
  open(hand: number): number {
    return this.#hands.integers[hand * HAND + OPEN]!;
  }

  /** Whether no part was left out. */
  isComplete(hand: number): boolean {
    return this.#hands.integers[hand * HAND + IS_PARTIAL] === 0;
  }

  /** A part that is not required has failed. */
  leaveOut(hand: number): void {
    this.#hands.integers[hand * HAND + IS_PARTIAL] = 1;
  }

  /** Adds a part, whose call is about to be made. */
  addPart(hand: number, isRequired: boolean): number {
    const part = this.#parts.take();
    const cells = this.#parts.integers;
    const hands = this.#hands.integers;
    cells[part * PART + OWNER] = hand;
    cells[part * PART + CALL] = -1;
    cells[part * PART + IS_REQUIRED] = Number(isRequired);
    cells[part * PART + BEFORE] = hands[hand * HAND + LAST_PART]!;
    hands[hand * HAND + LAST_PART] = part + 1;
    hands[hand * HAND + OPEN]!++;
    return part;
  }

  lifeOfPart(part: number): number {
    return this.#parts.integers[part * PART + PART_LIFE]!;
  }

  isRequired(part: number): boolean {
    return this.#parts.integers[part * PART + IS_REQUIRED] === 1;
  }

  setCall(part: number, call: number): void {
    this.#parts.integers[part * PART + CALL] = call;
  }

  /** The call of a part has ended: the request that it was made for, −1 when nobody waits for it any more. */
  endPart(part: number, life: number): number {
    if (!this.#parts.isLive(part) || this.lifeOfPart(part) !== life) return -1;
    const hand = this.#parts.integers[part * PART + OWNER]!;
    this.#parts.integers[part * PART + CALL] = -1;
    this.#hands.integers[hand * HAND + OPEN]!--;
    return hand;
  }

  /** Handles of the calls under way, in the order in which they were made. */
  openCalls(hand: number): readonly number[] {
    const calls: number[] = [];
    let part = this.#hands.integers[hand * HAND + LAST_PART]! - 1;
    while (part >= 0) {
      const call = this.#parts.integers[part * PART + CALL]!;
      if (call >= 0) calls.unshift(call);
      part = this.#parts.integers[part * PART + BEFORE]! - 1;
    }
    return calls;
  }
}
