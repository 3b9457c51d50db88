// The table of deliveries: copies that a broker has handed to a worker and that are not settled and forgotten yet.

import type { Arena, Float64Column, Int32Column } from "../kernel/arena.ts";
import { Pool } from "../kernel/pool.ts";

/** Rows of deliveries by handle. */
export class Deliveries {
  readonly account: Int32Column;
  readonly subscription: Int32Column;
  readonly worker: Int32Column;
  readonly message: Int32Column;
  readonly attempt: Int32Column;
  readonly tag: Int32Column;
  readonly partition: Int32Column;
  readonly offset: Float64Column;
  readonly deliveredNs: Float64Column;
  /** Threads the lists inside services. */
  readonly next: Int32Column;
  readonly #pool: Pool;

  constructor(arena: Arena) {
    this.account = arena.int32("delivery/account");
    this.subscription = arena.int32("delivery/subscription");
    this.worker = arena.int32("delivery/worker");
    this.message = arena.int32("delivery/message");
    this.attempt = arena.int32("delivery/attempt");
    this.tag = arena.int32("delivery/tag");
    this.partition = arena.int32("delivery/partition");
    this.offset = arena.float64("delivery/offset");
    this.deliveredNs = arena.float64("delivery/delivered");
    this.next = arena.int32("delivery/next");
    this.#pool = new Pool(arena, "delivery");
  }

  /** A free row; the caller fills it in. */
  take(): number {
    const delivery = this.#pool.take();
    if (delivery >= this.account.length) this.#grow(delivery + 1);
    return delivery;
  }

  /** Frees a row. */
  give(delivery: number): void {
    this.#pool.give(delivery);
  }

  /** Deliveries not forgotten. */
  size(): number {
    return this.#pool.size();
  }

  #grow(length: number): void {
    for (const column of [this.account, this.subscription, this.worker, this.message, this.attempt])
      column.resize(length);
    for (const column of [this.tag, this.partition, this.next]) column.resize(length);
    this.offset.resize(length);
    this.deliveredNs.resize(length);
  }
}
