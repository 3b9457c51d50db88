// The workers of a broker's clients: who is up, and whose turn it is. A client is there while one of them is.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import type { Settings } from "./settings.ts";

/** The workers of all subscriptions. */
export class Workers {
  readonly #settings: Settings;
  /** Per subscription: 1 for each worker that is up. */
  readonly #isUp: readonly (Int32Column | undefined)[];
  /** Per subscription: the worker whose turn it is. */
  readonly #turn: Int32Column;
  /** Per client: workers that are up, of all its subscriptions. */
  readonly #count: Int32Column;

  constructor(arena: Arena, settings: Settings) {
    const { id, subscriptions, clients } = settings;
    this.#settings = settings;
    this.#isUp = subscriptions.map((subscription, index) =>
      subscription === undefined ? undefined : arena.int32(`${id}.workers${index}`),
    );
    this.#turn = arena.int32(`${id}.turn`, subscriptions.length);
    this.#count = arena.int32(`${id}.workerCount`, clients.length);
  }

  /** Number of workers of a client that are up. */
  count(client: number): number {
    return this.#count.data[client]!;
  }

  join(subscription: number, worker: number): void {
    const column = this.#isUp[subscription]!;
    if (worker >= column.length) column.resize(worker + 1);
    column.data[worker] = 1;
    this.#count.data[this.#settings.subscriptions[subscription]!.client]!++;
  }

  leave(subscription: number, worker: number): void {
    this.#isUp[subscription]!.data[worker] = 0;
    this.#count.data[this.#settings.subscriptions[subscription]!.client]!--;
  }

  /** The worker whose turn it is, -1 when none is up. */
  next(subscription: number): number {
    const column = this.#isUp[subscription]!;
    const first = this.#turn.data[subscription]!;
    for (let i = 0; i < column.length; i++) {
      const worker = (first + i) % column.length;
      if (column.data[worker] === 0) continue;
      this.#turn.data[subscription] = (worker + 1) % column.length;
      return worker;
    }
    return -1;
  }
}
