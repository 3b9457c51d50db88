// A store in a run: how many writes it took, how many different keys it knows, and who follows its events.

import type { Float64Column, Int32Column } from "../kernel/arena.ts";
import type { RunningNode } from "./context.ts";
import { StoreCapacity } from "./stores/capacity.ts";
import type { EventLog } from "./stores/eventLog.ts";
import { LogReader, type StoreContext, type SubscriptionPlan } from "./stores/logReader.ts";

/** A store as the run needs it. */
export interface StorePlan {
  readonly id: string;
  readonly subscriptions: readonly SubscriptionPlan[];
  /** Reads and writes at the same time; null: no limit. */
  readonly capacity: number | null;
}

/** Something in a store that says what it did. */
export interface Mechanism {
  counts(): Readonly<Record<string, number>>;
}

/** The running store. */
export class StoreRun implements RunningNode {
  readonly #counts: Float64Column;
  /** One bit per key. */
  readonly #known: Int32Column;
  readonly #mechanisms: readonly Mechanism[];
  /** Absent where there is no limit. */
  readonly capacity: StoreCapacity | undefined;
  /** Subscriptions to its events, in the order of the document. */
  readonly readers: readonly LogReader[];

  /** With the log of its events where it keeps them, and what else it has that counts. */
  constructor(
    plan: StorePlan,
    context: StoreContext,
    parts: { readonly log: EventLog | undefined; readonly mechanisms: readonly Mechanism[] },
  ) {
    const { arena } = context;
    const { id } = plan;
    const { log } = parts;
    if (plan.capacity !== null) this.capacity = new StoreCapacity(arena, id, plan.capacity);
    this.#mechanisms = [
      ...(this.capacity === undefined ? [] : [this.capacity]),
      ...parts.mechanisms,
    ];
    this.readers =
      log === undefined
        ? []
        : plan.subscriptions.map((one, number) => new LogReader(one, number, log, context));
    log?.readers.push(...this.readers);
    this.#counts = arena.float64(`${id}/counts`, 2);
    this.#known = arena.int32(`${id}/known`);
  }

  /** Sets out at time 0. */
  start(): void {
    for (const reader of this.readers) reader.start();
  }

  wake(code: number, subscription: number, slot: number): void {
    this.readers[subscription]!.wake(code, slot);
  }

  /** The outcome of a call that a subscription made for one of its slots. */
  answered(slot: number, subscription: number, failure: string): void {
    this.readers[subscription]!.answered(slot, failure);
  }

  /** Books a write; a key of −1 has no entity. */
  write(key: number): void {
    this.#counts.data[0]!++;
    if (key < 0) return;
    const word = key >>> 5;
    if (word >= this.#known.length) this.#known.resize(word + 1);
    const bit = 1 << (key & 31);
    if ((this.#known.data[word]! & bit) !== 0) return;
    this.#known.data[word]! |= bit;
    this.#counts.data[1]!++;
  }

  /** What its mechanisms did so far, by a short name in the words of the screen. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#mechanisms.flatMap((one) => Object.entries(one.counts())));
  }

  /** Writes so far. */
  writes(): number {
    return this.#counts.data[0]!;
  }

  /** Different keys written. */
  entities(): number {
    return this.#counts.data[1]!;
  }
}
