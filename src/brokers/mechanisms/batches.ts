// Batches that publishers collect: per lane a list of batches in order, of which the first ones are under way
// and the last one still grows, and per batch the list of its records. Rows in columns, linked by numbers.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Pool } from "../../kernel/pool.ts";

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

/** Lists of batches, one per lane. Columns are per lane, per batch, or per record. */
export class BatchLanes {
  /** Per lane: its first batch, the first one not under way, and how many are under way. */
  readonly first: Int32Column;
  readonly toSend: Int32Column;
  readonly underWay: Int32Column;
  /** Per batch. `stamp` rises with each change of state, so that timers of before are void. */
  readonly lane: Int32Column;
  readonly next: Int32Column;
  readonly state: Int32Column;
  readonly stamp: Int32Column;
  readonly head: Int32Column;
  readonly count: Int32Column;
  readonly bytes: Float64Column;
  readonly openedNs: Float64Column;
  /** Offset of the first record in the log; -1 while it is in none. */
  readonly base: Float64Column;
  /** Per record. */
  readonly message: Int32Column;
  readonly nextRecord: Int32Column;
  #last: Int32Column;
  #tail: Int32Column;
  #batches: Pool;
  #records: Pool;

  constructor(arena: Arena, name: string, lanes: number) {
    this.first = arena.int32(`${name}.first`, lanes);
    this.#last = arena.int32(`${name}.last`, lanes);
    this.toSend = arena.int32(`${name}.toSend`, lanes);
    for (const column of [this.first, this.#last, this.toSend]) column.data.fill(NONE, 0, lanes);
    this.underWay = arena.int32(`${name}.underWay`, lanes);
    this.#batches = new Pool(arena, `${name}.batches`);
    this.lane = arena.int32(`${name}.lane`);
    this.next = arena.int32(`${name}.next`);
    this.state = arena.int32(`${name}.state`);
    this.stamp = arena.int32(`${name}.stamp`);
    this.head = arena.int32(`${name}.head`);
    this.#tail = arena.int32(`${name}.tail`);
    this.count = arena.int32(`${name}.count`);
    this.bytes = arena.float64(`${name}.bytes`);
    this.openedNs = arena.float64(`${name}.openedNs`);
    this.base = arena.float64(`${name}.base`);
    this.#records = new Pool(arena, `${name}.records`);
    this.message = arena.int32(`${name}.message`);
    this.nextRecord = arena.int32(`${name}.nextRecord`);
  }

  /** The last batch of a lane if it may still grow by `size` [bytes] without passing `limit`; else -1. */
  growing(lane: number, size: number, limit: number): number {
    const batch = this.#last.data[lane]!;
    const mayGrow =
      batch !== NONE &&
      this.state.data[batch]! <= batchStates.ready &&
      this.bytes.data[batch]! + size <= limit;
    return mayGrow ? batch : NONE;
  }

  /** The last batch of a lane; -1 when the lane is empty. */
  last(lane: number): number {
    return this.#last.data[lane]!;
  }

  /** Adds an empty batch at the end of a lane. */
  open(lane: number, nowNs: number): number {
    const batch = this.#batches.take();
    if (batch === this.lane.length) this.#addRow();
    this.lane.data[batch] = lane;
    this.next.data[batch] = NONE;
    this.state.data[batch] = batchStates.open;
    this.stamp.data[batch]!++;
    this.head.data[batch] = NONE;
    this.#tail.data[batch] = NONE;
    this.count.data[batch] = 0;
    this.bytes.data[batch] = 0;
    this.openedNs.data[batch] = nowNs;
    this.base.data[batch] = NONE;
    const last = this.#last.data[lane]!;
    if (last === NONE) this.first.data[lane] = batch;
    else this.next.data[last] = batch;
    this.#last.data[lane] = batch;
    if (this.toSend.data[lane] === NONE) this.toSend.data[lane] = batch;
    return batch;
  }

  /** Adds a record of a size [bytes] to a batch. */
  append(batch: number, message: number, size: number): void {
    const record = this.#records.take();
    if (record === this.message.length) {
      this.message.push(message);
      this.nextRecord.push(NONE);
    }
    this.message.data[record] = message;
    this.nextRecord.data[record] = NONE;
    const tail = this.#tail.data[batch]!;
    if (tail === NONE) this.head.data[batch] = record;
    else this.nextRecord.data[tail] = record;
    this.#tail.data[batch] = record;
    this.count.data[batch]!++;
    this.bytes.data[batch]! += size;
  }

  /** Gives a batch another state and voids its timers. */
  change(batch: number, state: number): void {
    this.state.data[batch] = state;
    this.stamp.data[batch]!++;
  }

  /** Takes the first batch out of its lane; its records can still be read. */
  detach(batch: number): void {
    const lane = this.lane.data[batch]!;
    const next = this.next.data[batch]!;
    if (this.state.data[batch]! >= batchStates.sent) this.underWay.data[lane]!--;
    this.first.data[lane] = next;
    if (next === NONE) this.#last.data[lane] = NONE;
    if (this.toSend.data[lane] === batch) this.toSend.data[lane] = next;
    this.stamp.data[batch]!++;
  }

  /** Gives a batch that was detached back, with its records. */
  free(batch: number): void {
    let record = this.head.data[batch]!;
    while (record !== NONE) {
      const following = this.nextRecord.data[record]!;
      this.#records.give(record);
      record = following;
    }
    this.#batches.give(batch);
  }

  /** Takes the first batch out of its lane and gives it back. */
  remove(batch: number): void {
    this.detach(batch);
    this.free(batch);
  }

  #addRow(): void {
    this.lane.push(NONE);
    this.next.push(NONE);
    this.state.push(batchStates.open);
    this.stamp.push(0);
    this.head.push(NONE);
    this.#tail.push(NONE);
    this.count.push(0);
    this.bytes.push(0);
    this.openedNs.push(0);
    this.base.push(NONE);
  }
}
