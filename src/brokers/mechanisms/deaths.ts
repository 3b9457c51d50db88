// The record of a message's dead-letterings that travels with each copy (RabbitMQ's x-death header): one entry per
// queue and reason, the latest first, with a count. It decides whether a message goes round in circles.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import { Pool } from "../../kernel/pool.ts";

/** Why a copy was dead-lettered, in the words of the x-death header. */
export const deathReasons = ["rejected", "expired", "maxlen", "delivery_limit"] as const;

/** Position in `deathReasons`. */
export type DeathReason = 0 | 1 | 2 | 3;

export const REJECTED = 0;
export const EXPIRED = 1;
export const MAXLEN = 2;
export const DELIVERY_LIMIT = 3;

/** The list of a message that has never been dead-lettered. */
export const NO_DEATHS = -1;

/** Lists of deaths, known by the handle of their first entry. A list never changes; `add` makes another one. */
export class DeathLists {
  #pool: Pool;
  #queue: Int32Column;
  #reason: Int32Column;
  #count: Int32Column;
  #next: Int32Column;

  constructor(arena: Arena, name: string) {
    this.#pool = new Pool(arena, `${name}.pool`);
    this.#queue = arena.int32(`${name}.queue`);
    this.#reason = arena.int32(`${name}.reason`);
    this.#count = arena.int32(`${name}.count`);
    this.#next = arena.int32(`${name}.next`);
  }

  /** A new list: the old one with one more death in front. The old list stays as it is. */
  add(list: number, queue: number, reason: DeathReason): number {
    let count = 1;
    const first = this.#make(queue, reason);
    let last = first;
    for (let entry = list; entry !== NO_DEATHS; entry = this.#next.data[entry]!) {
      if (this.#queue.data[entry] === queue && this.#reason.data[entry] === reason) {
        count += this.#count.data[entry]!;
        continue;
      }
      const copy = this.#make(this.#queue.data[entry]!, this.#reason.data[entry]!);
      this.#count.data[copy] = this.#count.data[entry]!;
      this.#next.data[last] = copy;
      last = copy;
    }
    this.#count.data[first] = count;
    return first;
  }

  /** Whether going to `queue` now would close a circle in which no consumer rejected the message. */
  isCycle(list: number, queue: number): boolean {
    for (let entry = list; entry !== NO_DEATHS; entry = this.#next.data[entry]!) {
      if (this.#reason.data[entry] === REJECTED) return false;
      if (this.#queue.data[entry] === queue) return true;
    }
    return false;
  }

  /** Gives a list back. */
  free(list: number): void {
    let entry = list;
    while (entry !== NO_DEATHS) {
      const next = this.#next.data[entry]!;
      this.#pool.give(entry);
      entry = next;
    }
  }

  /** The entries, latest first, as the x-death header shows them. */
  entries(list: number): readonly { queue: number; reason: string; count: number }[] {
    const found = [];
    for (let entry = list; entry !== NO_DEATHS; entry = this.#next.data[entry]!)
      found.push({
        queue: this.#queue.data[entry]!,
        reason: deathReasons[this.#reason.data[entry]!]!,
        count: this.#count.data[entry]!,
      });
    return found;
  }

  #make(queue: number, reason: number): number {
    const entry = this.#pool.take();
    if (entry === this.#queue.length) {
      this.#queue.push(0);
      this.#reason.push(0);
      this.#count.push(0);
      this.#next.push(NO_DEATHS);
    }
    this.#queue.data[entry] = queue;
    this.#reason.data[entry] = reason;
    this.#count.data[entry] = 1;
    this.#next.data[entry] = NO_DEATHS;
    return entry;
  }
}
