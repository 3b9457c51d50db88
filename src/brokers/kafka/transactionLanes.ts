// What of each lane belongs to the open transaction, and what to the next one, which may not be sent before the open one
// has ended.

import type { KafkaLanes } from "./lanes.ts";
import type { Arena } from "../../kernel/arena.ts";
import type { BatchLanes } from "../mechanisms/batches.ts";

const NONE = -1;

/** The lanes of transactional producers. */
export class TransactionLanes {
  readonly #batches: BatchLanes;
  readonly #lanes: KafkaLanes;
  /** Per lane: the first batch of the next transaction; -1 without. */
  readonly #barrier: Int32Array;

  constructor(arena: Arena, name: string, about: { batches: BatchLanes; lanes: KafkaLanes }) {
    const { length } = about.lanes.publisherOf;
    this.#batches = about.batches;
    this.#lanes = about.lanes;
    this.#barrier = arena.int32(`${name}.barrier`, length).data.fill(NONE, 0, length);
  }

  /** Whether something in a lane waits for the next transaction. */
  hasNext(lane: number): boolean {
    return this.#barrier[lane] !== NONE;
  }

  /** What is in a lane from this batch on belongs to the next transaction. */
  beginNext(lane: number, batch: number): void {
    this.#barrier[lane] = batch;
  }

  /** Whether a batch, the next one to be sent, has to wait for the next transaction. */
  holds(lane: number, batch: number): boolean {
    return this.#barrier[lane] === batch;
  }

  /** A batch is about to leave its lane. */
  onLeave(lane: number, batch: number): void {
    if (this.#barrier[lane] === batch) this.#barrier[lane] = this.#batches.next(batch);
  }

  /** Batches of the open transaction of a producer that are not answered. */
  open(producer: number): number[] {
    const open: number[] = [];
    for (const lane of this.#lanes.lanesOfTransaction[producer]!) {
      const end = this.#barrier[lane]!;
      let batch = this.#batches.first[lane]!;
      for (; batch !== NONE && batch !== end; batch = this.#batches.next(batch)) open.push(batch);
    }
    return open;
  }

  /** The next transaction may be sent; returns the lanes in which something waited for it. */
  lift(producer: number): readonly number[] {
    const waiting = this.#lanes.lanesOfTransaction[producer]!.filter((lane) => this.hasNext(lane));
    for (const lane of waiting) this.#barrier[lane] = NONE;
    return waiting;
  }
}
