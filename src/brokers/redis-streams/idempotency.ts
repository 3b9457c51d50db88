// The ids that XADD IDMP remembers: per producer and stream, for a time and up to a number. The number is the stronger
// limit: an id beyond it is forgotten although its time is not over.

import type { Arena } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { DeduplicationWindow } from "../mechanisms/deduplication.ts";

/** Remembered ids, a lane per producer and stream. An id is a small integer, such as the number of a key. */
export class IdempotentIds {
  readonly #window: DeduplicationWindow;
  /** Accepted ids, oldest first. */
  readonly #order: readonly Ring[];
  readonly #size: number;

  constructor(
    arena: Arena,
    name: string,
    about: { readonly lanes: number; readonly windowNs: number; readonly size: number },
  ) {
    this.#window = new DeduplicationWindow(arena, name, about);
    this.#order = Array.from(
      { length: about.lanes },
      (_, lane) => new Ring(arena, `${name}.order${lane}`),
    );
    this.#size = about.size;
  }

  /** Whether an id is to be added: it is not remembered, and is from now on. */
  accept(lane: number, id: number, nowNs: number): boolean {
    if (!this.#window.accept(lane, id, nowNs)) return false;
    const order = this.#order[lane]!;
    // Accepted anew after its time, it is the newest again.
    order.removeValue(id);
    order.pushBack(id);
    if (order.size() > this.#size) this.#window.forget(lane, order.popFront());
    return true;
  }

  /** Forgets all. */
  clear(): void {
    this.#order.forEach((order, lane) => {
      while (order.size() > 0) this.#window.forget(lane, order.popFront());
    });
  }
}
