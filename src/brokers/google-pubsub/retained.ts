// Acknowledged messages that a subscription can seek back to, because it or its topic keeps them for a time.

import type { Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

// Integers of a row; its double is when the message was published [ns].
const MESSAGE = 0;
const NEXT = 1;
const INTEGERS = 2;

/** A message with the time at which it was published [ns]. */
export interface Published {
  readonly message: number;
  readonly ns: number;
}

/** The kept messages of all subscriptions of a service, in order of acknowledgement. Each is retained. */
export class Retained {
  readonly #context: BrokerContext;
  readonly #rows: Rows;
  /** Per subscription. */
  readonly #first: Int32Column;
  readonly #last: Int32Column;

  constructor(context: BrokerContext, name: string, subscriptions: number) {
    const { arena } = context;
    this.#context = context;
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: 1 });
    this.#first = arena.int32(`${name}.first`, subscriptions);
    this.#last = arena.int32(`${name}.last`, subscriptions);
    this.#first.data.fill(NONE, 0, subscriptions);
    this.#last.data.fill(NONE, 0, subscriptions);
  }

  /** Keeps a message that was acknowledged, and lets those go at the front that are older than `keepsNs`. */
  keep(subscription: number, published: Published, keepsNs: number): void {
    this.forget(subscription, this.#context.now() - keepsNs);
    const row = this.#rows.take();
    this.#context.retain(published.message);
    this.#rows.integers[row * INTEGERS + MESSAGE] = published.message;
    this.#rows.integers[row * INTEGERS + NEXT] = NONE;
    this.#rows.doubles[row] = published.ns;
    const last = this.#last.data[subscription]!;
    if (last === NONE) this.#first.data[subscription] = row;
    else this.#rows.integers[last * INTEGERS + NEXT] = row;
    this.#last.data[subscription] = row;
  }

  /** Lets the messages at the front go that were published before a time [ns]. */
  forget(subscription: number, beforeNs: number): void {
    let row = this.#first.data[subscription]!;
    while (row !== NONE && this.#rows.doubles[row]! < beforeNs) row = this.#drop(subscription, row);
  }

  /** Takes out all messages that were published at `sinceNs` or later; they stay retained for whoever takes them. Forgets
   *  what was published before `oldestNs`. */
  takeSince(subscription: number, sinceNs: number, oldestNs: number): readonly Published[] {
    const taken: Published[] = [];
    const stay: Published[] = [];
    for (let row = this.#first.data[subscription]!; row !== NONE;) {
      const message = this.#rows.integers[row * INTEGERS + MESSAGE]!;
      const ns = this.#rows.doubles[row]!;
      if (ns >= oldestNs) {
        this.#context.retain(message);
        (ns >= sinceNs ? taken : stay).push({ message, ns });
      }
      row = this.#drop(subscription, row);
    }
    for (const published of stay) {
      this.keep(subscription, published, Infinity);
      this.#context.release(published.message);
    }
    return taken;
  }

  /** Drops the first row; returns the one behind it. */
  #drop(subscription: number, row: number): number {
    const next = this.#rows.integers[row * INTEGERS + NEXT]!;
    this.#context.release(this.#rows.integers[row * INTEGERS + MESSAGE]!);
    this.#first.data[subscription] = next;
    if (next === NONE) this.#last.data[subscription] = NONE;
    this.#rows.give(row);
    return next;
  }
}
