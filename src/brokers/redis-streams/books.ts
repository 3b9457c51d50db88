// The verbs that move a copy, with a count of what waits per account beside them: what waits is unread, or pending with
// nobody at work on it.

import type { Int32Column } from "../../kernel/arena.ts";
import type { BrokerContext } from "../technology.ts";

/** The books of one Redis. */
export class StreamBooks {
  readonly context: BrokerContext;
  readonly #waiting: Int32Column;

  constructor(context: BrokerContext, name: string) {
    this.context = context;
    this.#waiting = context.arena.int32(`${name}.waiting`);
  }

  /** Opens an account; call while the run is set up. */
  open(channel: number, subscription: number): number {
    const account = this.context.openAccount(channel, subscription);
    if (account >= this.#waiting.length) this.#waiting.resize(account + 1);
    return account;
  }

  /** What a worker was handed and has not settled, in the order of the log. */
  heldBy(subscription: number, worker: number): readonly number[] {
    const { context } = this;
    return context
      .deliveriesOf(subscription, worker)
      .toSorted(
        (a, b) =>
          context.deliveryOffset(a) - context.deliveryOffset(b) ||
          context.deliveryAttempt(a) - context.deliveryAttempt(b),
      );
  }

  /** Copies that wait. */
  waiting(account: number): number {
    return this.#waiting.data[account]!;
  }

  routed(account: number, message: number): void {
    this.#waiting.data[account]!++;
    this.context.routed(account, message);
  }

  /** Hands a copy to a worker. `place` is its number in the log, -1 without one. */
  deliver(
    account: number,
    message: number,
    about: {
      attempt: number;
      tag: number;
      mark: number;
      place: number;
      subscription: number;
      worker: number;
    },
  ): number {
    const { context } = this;
    const delivery = context.takeOut(account, message, about.attempt, about.tag);
    context.mark(delivery, about.mark);
    if (about.place >= 0) context.placed(delivery, 0, about.place);
    this.#waiting.data[account]!--;
    context.deliver(delivery, about.subscription, about.worker);
    return delivery;
  }

  returned(account: number, delivery: number, reason: string): void {
    this.#waiting.data[account]!++;
    this.context.returned(delivery, reason);
  }

  dropped(account: number, message: number, reason: string): void {
    this.#waiting.data[account]!--;
    this.context.dropped(account, message, reason);
  }

  deadLettered(account: number, message: number, reason: string): void {
    this.#waiting.data[account]!--;
    this.context.deadLettered(account, message, reason);
  }
}
