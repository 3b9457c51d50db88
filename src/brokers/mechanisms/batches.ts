// Batches that publishers collect: per lane a list of batches in order, of which the first ones are under way
// and the last one still grows, and per batch the list of its messages, each linked to the next.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** States of a batch, in the order in which it passes through them; a failed one goes back to `retry`,
 *  where it no longer grows, because the broker may already have it. */
export const batchStates = {
  open: 0,
  ready: 1,
  retry: 2,
  sent: 3,
  replicating: 4,
  answered: 5,
} as const;

// Fields of a batch.
const LANE = 0;
const NEXT = 1;
const STATE = 2;
const STAMP = 3;
const HEAD = 4;
const TAIL = 5;
const COUNT = 6;
const BYTES = 7;
const OPENED = 0;
const BASE = 1;
const shape = { integers: 8, doubles: 2 };

type Links = Pick<BrokerContext, "link" | "linked" | "retain" | "release">;

/** Lists of batches, one per lane, and in each batch a list of messages. */
export class BatchLanes {
  /** Per lane: its first batch, the first one not under way, and how many are under way. */
  readonly first: Int32Array;
  readonly toSend: Int32Array;
  readonly underWay: Int32Array;
  readonly #last: Int32Array;
  readonly #batches: Rows;
  readonly #links: Links;

  constructor(
    arena: Arena,
    name: string,
    about: { readonly lanes: number; readonly links: Links },
  ) {
    const { lanes, links } = about;
    this.#links = links;
    this.first = arena.int32(`${name}.first`, lanes).data;
    this.#last = arena.int32(`${name}.last`, lanes).data;
    this.toSend = arena.int32(`${name}.toSend`, lanes).data;
    for (const column of [this.first, this.#last, this.toSend]) column.fill(NONE, 0, lanes);
    this.underWay = arena.int32(`${name}.underWay`, lanes).data;
    this.#batches = new Rows(arena, `${name}.batches`, shape);
  }

  /** The last batch of a lane if it may still grow by `size` [bytes] without passing `limit`; else -1. */
  growing(lane: number, size: number, limit: number): number {
    const batch = this.#last[lane]!;
    if (batch === NONE) return NONE;
    const cells = this.#batches.integers;
    const first = batch * shape.integers;
    const mayGrow =
      cells[first + STATE]! <= batchStates.ready && cells[first + BYTES]! + size <= limit;
    return mayGrow ? batch : NONE;
  }

  /** The last batch of a lane; -1 when the lane is empty. */
  last(lane: number): number {
    return this.#last[lane]!;
  }

  /** Adds an empty batch at the end of a lane. */
  open(lane: number, nowNs: number): number {
    const batch = this.#batches.take();
    const cells = this.#batches.integers;
    const first = batch * shape.integers;
    cells[first + LANE] = lane;
    cells[first + NEXT] = NONE;
    cells[first + STATE] = batchStates.open;
    // Goes on from the row's former batch, whose timers are void.
    cells[first + STAMP]!++;
    cells[first + HEAD] = NONE;
    cells[first + TAIL] = NONE;
    cells[first + COUNT] = 0;
    cells[first + BYTES] = 0;
    this.#batches.doubles[batch * shape.doubles + OPENED] = nowNs;
    this.#batches.doubles[batch * shape.doubles + BASE] = NONE;
    const last = this.#last[lane]!;
    if (last === NONE) this.first[lane] = batch;
    else cells[last * shape.integers + NEXT] = batch;
    this.#last[lane] = batch;
    if (this.toSend[lane] === NONE) this.toSend[lane] = batch;
    return batch;
  }

  /** Adds a message of a size [bytes] to a batch. */
  append(batch: number, message: number, size: number): void {
    const cells = this.#batches.integers;
    const first = batch * shape.integers;
    const tail = cells[first + TAIL]!;
    if (tail === NONE) cells[first + HEAD] = message;
    else this.#links.link(tail, message);
    cells[first + TAIL] = message;
    cells[first + COUNT]!++;
    cells[first + BYTES]! += size;
  }

  /** Gives a batch another state and voids its timers. */
  change(batch: number, state: number): void {
    this.#batches.integers[batch * shape.integers + STATE] = state;
    this.#batches.integers[batch * shape.integers + STAMP]!++;
  }

  /** Puts a batch that is under way behind all others that are: it will be sent again after them, which overtake it. */
  overtaken(batch: number): void {
    const lane = this.lane(batch);
    const cells = this.#batches.integers;
    const cellOf = (one: number): number => one * shape.integers + NEXT;
    const next = this.next(batch);
    const end = this.toSend[lane]!;
    this.underWay[lane]!--;
    this.toSend[lane] = batch;
    if (next === end) return;
    let before = NONE;
    for (let one = this.first[lane]!; one !== batch; one = this.next(one)) before = one;
    if (before === NONE) this.first[lane] = next;
    else cells[cellOf(before)] = next;
    let last = next;
    while (this.next(last) !== end) last = this.next(last);
    cells[cellOf(last)] = batch;
    cells[cellOf(batch)] = end;
    if (end === NONE) this.#last[lane] = batch;
  }

  /** Takes the first batch out of its lane; its messages can still be read. */
  detach(batch: number): void {
    const lane = this.lane(batch);
    const next = this.next(batch);
    if (this.state(batch) >= batchStates.sent) this.underWay[lane]!--;
    this.first[lane] = next;
    if (next === NONE) this.#last[lane] = NONE;
    if (this.toSend[lane] === batch) this.toSend[lane] = next;
    this.#batches.integers[batch * shape.integers + STAMP]!++;
  }

  /** Gives a batch that was detached back. */
  free(batch: number): void {
    this.#batches.give(batch);
  }

  /** Takes the first batch out of its lane and gives it back. */
  remove(batch: number): void {
    this.detach(batch);
    this.free(batch);
  }

  lane(batch: number): number {
    return this.#batches.integers[batch * shape.integers + LANE]!;
  }

  /** The batch behind in its lane, or -1. */
  next(batch: number): number {
    return this.#batches.integers[batch * shape.integers + NEXT]!;
  }

  /** One of `batchStates`. */
  state(batch: number): number {
    return this.#batches.integers[batch * shape.integers + STATE]!;
  }

  /** Rises with each change of state, so that timers of before are void. */
  stamp(batch: number): number {
    return this.#batches.integers[batch * shape.integers + STAMP]!;
  }

  /** Its first message, or -1. */
  head(batch: number): number {
    return this.#batches.integers[batch * shape.integers + HEAD]!;
  }

  /** Number of its messages. */
  count(batch: number): number {
    return this.#batches.integers[batch * shape.integers + COUNT]!;
  }

  /** Size of its messages [bytes]. */
  bytes(batch: number): number {
    return this.#batches.integers[batch * shape.integers + BYTES]!;
  }

  /** When it was opened [ns]. */
  openedNs(batch: number): number {
    return this.#batches.doubles[batch * shape.doubles + OPENED]!;
  }

  /** Offset of its first message in the log; -1 while it is in none. */
  base(batch: number): number {
    return this.#batches.doubles[batch * shape.doubles + BASE]!;
  }

  setBase(batch: number, offset: number): void {
    this.#batches.doubles[batch * shape.doubles + BASE] = offset;
  }

  /** The message behind another in the same batch, or -1. Read before one lets go of that. */
  following(message: number): number {
    return this.#links.linked(message);
  }

  /** Holds every message of a batch once more. */
  retainAll(batch: number): void {
    for (let message = this.head(batch); message !== NONE; message = this.following(message))
      this.#links.retain(message);
  }

  /** Lets go of every message of a batch. */
  releaseAll(batch: number): void {
    let message = this.head(batch);
    while (message !== NONE) {
      const next = this.following(message);
      this.#links.release(message);
      message = next;
    }
  }
}
