// What consumers hold of RabbitMQ's queues: copies that arrive, are settled, rejected, come back, or are lost. A delivery
// outlives its copy when the broker takes the copy back while a worker is still busy: it is stale then.

import { Ring } from "../../kernel/ring.ts";
import { DELIVERY_LIMIT, REJECTED } from "../mechanisms/deaths.ts";
import { leaveBooks } from "./deadLetters.ts";
import type { Parts, Queues } from "./queues.ts";
import type { Settings } from "./settings.ts";
import { type ComingBack, countsAsFailed } from "./version.ts";
import type { BrokerContext } from "../technology.ts";

/** The deliveries of one broker. */
export class Deliveries {
  #queues: Queues;
  #context: BrokerContext;
  #settings: Settings;
  /** Deliveries whose copy was taken back while a worker is still busy with them. */
  #stale: Ring;

  constructor(parts: Parts, queues: Queues) {
    this.#queues = queues;
    this.#context = parts.context;
    this.#settings = parts.settings;
    this.#stale = new Ring(parts.context.arena, `${parts.settings.id}.stale`);
  }

  /** A copy has arrived at its consumer's end of the wire. */
  arrive(held: number, generation: number): void {
    const { consumers, copies, onTheWire, accounts } = this.#queues;
    const table = consumers.held;
    if (!table.isStill(held, generation)) return;
    const consumer = table.consumer(held);
    if (!consumers.isOpen(consumer)) return;
    const subscription = consumers.subscription(consumer);
    const { queue } = this.#settings.subscriptions[subscription]!;
    onTheWire.data[queue]!--;
    const message = copies.message(table.copy(held));
    const attempt = table.attempt(held);
    const delivery = this.#context.takeOut(accounts[queue]!, message, attempt, held);
    table.arrived(held, delivery);
    this.#context.deliver(delivery, subscription, consumers.worker(consumer));
  }

  /** The held row of a delivery, or -1 when its copy was taken back meanwhile. */
  heldOf(delivery: number): number {
    const held = this.#context.deliveryTag(delivery);
    const table = this.#queues.consumers.held;
    return table.isLive(held) && table.delivery(held) === delivery ? held : -1;
  }

  /** A worker is through with a delivery whose copy was taken back: the answer counts for nothing. */
  forgetStale(delivery: number): void {
    this.#stale.removeValue(delivery);
    this.#context.forget(delivery);
  }

  /** A worker is gone: frees what was taken back from it before. */
  forgetStaleOf(subscription: number, worker: number): void {
    for (let left = this.#stale.size(); left > 0; left--) {
      const delivery = this.#stale.popFront();
      const isTheirs =
        this.#context.deliverySubscription(delivery) === subscription &&
        this.#context.deliveryWorker(delivery) === worker;
      if (isTheirs) this.#context.forget(delivery);
      else this.#stale.pushBack(delivery);
    }
  }

  /** The broker takes a delivery as dealt with. */
  finish(held: number, how: "acknowledged" | "set-aside" | "acknowledged-unread"): void {
    const { queue } = this.#subscriptionOf(held);
    const delivery = this.#queues.consumers.held.delivery(held);
    const copy = this.#release(held);
    if (how === "acknowledged") this.#context.acknowledged(delivery);
    else if (how === "set-aside") this.#context.rejected(delivery, how);
    else this.#context.discarded(delivery, "failed-after-automatic-ack");
    this.#context.forget(delivery);
    this.#queues.letGo(queue, copy);
  }

  /** A consumer rejects a delivery without requeue. */
  reject(held: number): void {
    const { queue } = this.#subscriptionOf(held);
    const delivery = this.#queues.consumers.held.delivery(held);
    const copy = this.#release(held);
    this.#queues.die(queue, { copy, delivery, reason: REJECTED });
    this.#context.forget(delivery);
  }

  /** A copy comes back from a consumer, or dies because it has come back too often. The caller lets the queue work. */
  giveBack(held: number, why: ComingBack): void {
    const { queue } = this.#subscriptionOf(held);
    const { deliveryLimit } = this.#settings.queues[queue]!;
    const delivery = this.#queues.consumers.held.delivery(held);
    const attempts = this.#queues.consumers.held.attempt(held);
    const position = this.#queues.consumers.held.position(held);
    const isParted = this.#isParted(held);
    if (delivery < 0) this.#queues.onTheWire.data[queue]!--;
    const copy = this.#release(held);
    const hasFailed = countsAsFailed(this.#settings.version, why);
    const failures = this.#queues.copies.failures(copy) + (hasFailed ? 1 : 0);
    if (deliveryLimit >= 0 && failures > deliveryLimit) {
      this.#queues.die(queue, { copy, delivery, reason: DELIVERY_LIMIT });
    } else {
      if (delivery >= 0) this.#context.returned(delivery, why);
      const back = this.#queues.copies.comeBack(copy, { position, attempts, failures });
      const delayNs = this.#settings.queues[queue]!.retryDelayNs({ hasFailed, failures });
      if (delayNs > 0) this.#queues.delay(queue, back, delayNs);
      else this.#queues.putBack(queue, back, why);
    }
    if (delivery >= 0) this.#part(delivery, isParted);
  }

  /** A copy that its consumer has, or will never get, is lost: the broker had counted it as dealt with, or had
   *  only kept it in memory. */
  lose(held: number, reason: string): void {
    const { queue } = this.#subscriptionOf(held);
    const delivery = this.#queues.consumers.held.delivery(held);
    const isParted = this.#isParted(held);
    if (delivery < 0) this.#queues.onTheWire.data[queue]!--;
    const copy = this.#release(held);
    const message = this.#queues.copies.message(copy);
    const account = this.#queues.accounts[queue]!;
    leaveBooks(this.#context, account, { message, delivery, how: "dropped", reason });
    if (delivery >= 0) this.#part(delivery, isParted);
    this.#queues.letGo(queue, copy);
  }

  #subscriptionOf(held: number) {
    const consumer = this.#queues.consumers.held.consumer(held);
    return this.#settings.subscriptions[this.#queues.consumers.subscription(consumer)]!;
  }

  /** Whether no worker is busy with the held copy: it has settled, or it is gone. */
  #isParted(held: number): boolean {
    const table = this.#queues.consumers.held;
    const consumer = table.consumer(held);
    return table.isAnswered(held) || !this.#queues.consumers.isOpen(consumer);
  }

  #part(delivery: number, isParted: boolean): void {
    if (isParted) this.#context.forget(delivery);
    else this.#stale.pushBack(delivery);
  }

  #release(held: number): number {
    const copy = this.#queues.consumers.held.copy(held);
    this.#queues.consumers.letGo(held);
    return copy;
  }
}
