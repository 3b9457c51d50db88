// Queues beside a service that pushes, into which it puts what it could not deliver. Their readers fetch one message at a
// time and delete it when they have dealt with it; what is not deleted is visible again after a while.

import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { Account, BrokerContext, Verdict } from "../technology.ts";
import { LeasedCopies } from "./leasedCopies.ts";
import { LeaseQueue } from "./leaseQueue.ts";

/** Timer code; technologies have another one. */
const DUE = 50;

/** One queue. */
export interface DeadLetterQueue {
  /** Index of its channel over the run. */
  readonly channel: number;
  /** How long a message that was fetched stays invisible [ns]. */
  readonly visibilityNs: number;
  /** How long a message is kept, from its arrival here [ns]. */
  readonly retentionNs: number;
  /** Messages of one key are fetched one after the other. */
  readonly isFifo: boolean;
  /** The subscriptions that read it. */
  readonly subscriptions: readonly number[];
}

/** The queues of one broker. */
export class DeadLetterQueues {
  readonly #context: BrokerContext;
  readonly #queues: readonly DeadLetterQueue[];
  readonly #accounts: readonly Account[];
  readonly #copies: LeasedCopies;
  readonly #contents: readonly LeaseQueue[];
  /** Per queue: subscription and worker of each reader that waits for a message. */
  readonly #idle: readonly Ring[];
  /** Per queue: readers that are there. */
  readonly #readers: Int32Column;

  constructor(
    context: BrokerContext,
    about: { readonly name: string; readonly queues: readonly DeadLetterQueue[] },
  ) {
    const { arena } = context;
    const { name, queues } = about;
    this.#context = context;
    this.#queues = queues;
    this.#accounts = queues.map(({ channel }) => context.openAccount(channel, -1));
    const copies = new LeasedCopies(arena, `${name}.copies`);
    this.#copies = copies;
    this.#contents = queues.map((_, number) => {
      const settings = { name: `${name}.queue${number}`, number, timerCode: DUE };
      return new LeaseQueue(copies, context, settings);
    });
    this.#idle = queues.map((_, number) => new Ring(arena, `${name}.idle${number}`));
    this.#readers = arena.int32(`${name}.readers`, queues.length);
  }

  /** The queue that a subscription reads, -1 for none. */
  queueOf(subscription: number): number {
    return this.#queues.findIndex(({ subscriptions }) => subscriptions.includes(subscription));
  }

  /** The queue of a channel, -1 for none. */
  queueAt(channel: number): number {
    return this.#queues.findIndex((queue) => queue.channel === channel);
  }

  /** Puts a dead letter into a queue. */
  put(queue: number, message: number): void {
    const { channel, retentionNs, isFifo } = this.#queues[queue]!;
    const contents = this.#contents[queue]!;
    this.#context.retain(message);
    this.#context.stored(channel, message, -1, -1);
    this.#context.routed(this.#accounts[queue]!, message);
    const copy = contents.add(message, isFifo ? this.#context.keyOf(message) + 1 : -1);
    contents.expireAt(copy, this.#context.now() + retentionNs);
    this.#serve(queue);
  }

  join(subscription: number, worker: number): void {
    const queue = this.queueOf(subscription);
    this.#readers.data[queue]!++;
    this.#isIdle(queue, subscription, worker);
  }

  /** A reader is gone; what it had is visible again when its time is over. */
  leave(subscription: number, worker: number): void {
    const queue = this.queueOf(subscription);
    const idle = this.#idle[queue]!;
    this.#readers.data[queue]!--;
    for (let at = 0; at < idle.size(); at += 2)
      if (idle.at(at) === subscription && idle.at(at + 1) === worker) {
        idle.removeAt(at);
        idle.removeAt(at);
        break;
      }
    for (const delivery of this.#context.deliveriesOf(subscription, worker))
      this.#release(queue, delivery, "reader-gone");
  }

  /** A reader has dealt with a message and deletes it, or not. */
  settle(delivery: number, verdict: Verdict): void {
    const subscription = this.#context.deliverySubscription(delivery);
    const worker = this.#context.deliveryWorker(delivery);
    const queue = this.queueOf(subscription);
    const copy = this.#context.deliveryTag(delivery);
    if (verdict === "failed" || !this.#copies.isOf(copy, delivery))
      this.#release(queue, delivery, "not-deleted");
    else {
      if (verdict === "done") this.#context.acknowledged(delivery);
      else this.#context.rejected(delivery, "set-aside");
      this.#context.forget(delivery);
      this.#remove(queue, copy);
    }
    this.#isIdle(queue, subscription, worker);
  }

  /** Handles a timer; whether it was one of this mechanism's. */
  wake(code: number, queue: number, generation: number): boolean {
    if (code !== DUE) return false;
    const contents = this.#contents[queue]!;
    if (!contents.timerFired(generation)) return true;
    for (let copy = contents.nextEnded(); copy >= 0; copy = contents.nextEnded()) {
      // The reader goes on with it and will find out when it deletes.
      this.#context.returned(this.#copies.delivery(copy), "visibility-timeout");
      contents.giveBack(copy, "place");
    }
    for (let copy = contents.nextExpired(); copy >= 0; copy = contents.nextExpired()) {
      this.#context.expired(this.#accounts[queue]!, this.#copies.message(copy), "retention");
      this.#remove(queue, copy);
    }
    this.#serve(queue);
    return true;
  }

  /** Messages that no reader has [messages]. */
  waiting(queue: number): number {
    const contents = this.#contents[queue]!;
    return contents.readyCount() + contents.delayedCount();
  }

  /** Publication time of the message that came first [ns], -1 without. */
  oldestNs(queue: number): number {
    const first = this.#contents[queue]!.first();
    return first < 0 ? -1 : this.#context.publishedNs(this.#copies.message(first));
  }

  /** Why nothing is fetched, "" when it is or nothing is there. */
  blocked(queue: number): string {
    const contents = this.#contents[queue]!;
    if (contents.readyCount() > 0 && this.#readers.data[queue] === 0)
      return "nobody reads the queue";
    if (contents.readyCount() === 0 && contents.delayedCount() > 0)
      return "messages that were not deleted are invisible";
    return "";
  }

  #isIdle(queue: number, subscription: number, worker: number): void {
    this.#idle[queue]!.pushBack(subscription);
    this.#idle[queue]!.pushBack(worker);
    this.#serve(queue);
  }

  #serve(queue: number): void {
    const contents = this.#contents[queue]!;
    const idle = this.#idle[queue]!;
    const untilNs = this.#context.now() + this.#queues[queue]!.visibilityNs;
    for (let copy = contents.next(); copy >= 0 && idle.size() > 0; copy = contents.next()) {
      const subscription = idle.popFront();
      const worker = idle.popFront();
      contents.lend(copy, 0, untilNs);
      const message = this.#copies.message(copy);
      const attempt = this.#copies.lentCount(copy);
      const delivery = this.#context.takeOut(this.#accounts[queue]!, message, attempt, copy);
      this.#copies.setDelivery(copy, delivery);
      this.#context.deliver(delivery, subscription, worker);
    }
  }

  /** Lets a delivery go without deleting its message, which stays invisible until its time is over. */
  #release(queue: number, delivery: number, reason: string): void {
    const copy = this.#context.deliveryTag(delivery);
    if (this.#copies.isOf(copy, delivery)) {
      this.#context.returned(delivery, reason);
      this.#contents[queue]!.rest(copy, this.#copies.dueNs(copy));
    }
    this.#context.forget(delivery);
  }

  #remove(queue: number, copy: number): void {
    const message = this.#copies.message(copy);
    this.#contents[queue]!.remove(copy);
    this.#context.release(message);
  }
}
