// A store in a run: how many writes it took, how many different keys it knows, and who follows its events.

import type { Float64Column, Int32Column } from "../kernel/arena.ts";
import type { RunningNode } from "./context.ts";
import type { Entities } from "./stores/entities.ts";
import { LogReader, type StoreContext, type SubscriptionPlan } from "./stores/logReader.ts";

/** A store as the run needs it. */
export interface StorePlan {
  readonly id: string;
  readonly subscriptions: readonly SubscriptionPlan[];
}

/** The running store. */
export class StoreRun implements RunningNode {
  readonly #counts: Float64Column;
  /** One bit per key. */
  readonly #known: Int32Column;
  readonly #entities: Entities | undefined;
  /** Subscriptions to its events, in the order of the document. */
  readonly readers: readonly LogReader[];

  /** With its entities where it keeps versions. */
  constructor(plan: StorePlan, context: StoreContext, entities?: Entities) {
    const { arena } = context;
    const { id } = plan;
    this.#entities = entities;
    const log = entities?.log;
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
    return this.#entities?.log?.counts() ?? {};
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
