// The consumers of RabbitMQ's queues as clients of the broker: they come and go, change their prefetch, and lose their channel
// when they keep a delivery for too long. Readers of streams are in streams.ts.

import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Disuse } from "./disuse.ts";
import type { Parts, Queues } from "./queues.ts";
import { type Settings, toWindow } from "./settings.ts";
import type { ComingBack } from "./version.ts";
import type { BrokerContext } from "../technology.ts";

/** Timer codes: a consumer's connection is seen to be closed (consumer); the channels are looked at. */
export const GONE = 6;
export const TICK = 9;

/** The consumers of one broker. */
export class Subscribers {
  /** Per subscription: what each worker may hold. */
  readonly windows: Int32Column;
  /** Per queue with a single active consumer: all consumers in order of joining; the first one is active. */
  readonly members: readonly (Ring | undefined)[];
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #disuse: Disuse;
  readonly #queues: Queues;
  readonly #deliveries: Deliveries;
  /** Per subscription and worker: one more than the handle of its consumer, 0 without. */
  readonly #consumerOf: readonly (Int32Column | undefined)[];
  /** Cell 0: a look at the channels is scheduled. */
  readonly #ticking: Int32Column;

  constructor(parts: Parts, queues: Queues, deliveries: Deliveries) {
    const { context, settings } = parts;
    const { arena } = context;
    const { id } = settings;
    this.#context = context;
    this.#settings = settings;
    this.#disuse = parts.disuse;
    this.#queues = queues;
    this.#deliveries = deliveries;
    this.#consumerOf = settings.subscriptions.map((subscription, index) =>
      subscription === undefined ? undefined : arena.int32(`${id}.workers${index}`),
    );
    this.windows = arena.int32(`${id}.windows`, settings.subscriptions.length);
    settings.subscriptions.forEach((subscription, index) => {
      this.windows.data[index] = subscription?.window ?? 0;
    });
    this.members = settings.queues.map((queue, at) =>
      queue.single ? new Ring(arena, `${id}.members${at}`) : undefined,
    );
    this.#ticking = arena.int32(`${id}.ticking`, 1);
  }

  join(subscription: number, worker: number): void {
    const settings = this.#settings.subscriptions[subscription]!;
    const { consumers } = this.#queues;
    const consumer = consumers.add({
      subscription,
      worker,
      lane: settings.lane,
      window: this.windows.data[subscription]!,
    });
    const column = this.#consumerOf[subscription]!;
    if (worker >= column.length) column.resize(worker + 1);
    column.data[worker] = consumer + 1;
    const members = this.members[settings.queue];
    members?.pushBack(consumer);
    this.#disuse.consumerCame(settings.queue);
    if (settings.global) consumers.share(consumer);
    if (members === undefined || members.at(0) === consumer) consumers.enable(consumer);
    this.#queues.work(settings.queue, "room");
    this.startTicking();
  }

  leave(subscription: number, worker: number): void {
    const { latencyNs } = this.#settings.subscriptions[subscription]!;
    const column = this.#consumerOf[subscription]!;
    const consumer = column.data[worker]! - 1;
    column.data[worker] = 0;
    this.#queues.consumers.close(consumer);
    this.#deliveries.forgetStaleOf(subscription, worker);
    this.#context.schedule(latencyNs, GONE, consumer, 0);
  }

  /** The broker sees that a consumer's connection is closed. */
  gone(consumer: number): void {
    const { consumers } = this.#queues;
    const index = consumers.subscription(consumer);
    const { queue } = this.#settings.subscriptions[index]!;
    consumers.disable(consumer);
    this.#takeBack(consumer, "consumer-gone");
    consumers.remove(consumer);
    this.#disuse.consumerLeft(queue);
    const members = this.members[queue];
    if (members !== undefined) {
      const wasActive = members.at(0) === consumer;
      members.removeValue(consumer);
      if (wasActive && members.size() > 0) consumers.enable(members.at(0));
    }
    this.#queues.work(queue, "return");
  }

  /** Takes back everything that a consumer holds or that is on its way there, in order of sending. */
  #takeBack(consumer: number, why: ComingBack): void {
    const { consumers, copies } = this.#queues;
    const index = consumers.subscription(consumer);
    const { automatic } = this.#settings.subscriptions[index]!;
    let held = consumers.first(consumer);
    while (held >= 0) {
      const next = consumers.held.next(held);
      const copy = consumers.held.copy(held);
      const isTransient = why === "queue-node-down" && !copies.isPersistent(copy);
      if (automatic) this.#deliveries.lose(held, "acknowledged-on-delivery");
      else if (isTransient) this.#deliveries.lose(held, "transient-lost");
      else this.#deliveries.giveBack(held, why);
      held = next;
    }
  }

  /** Takes back everything that consumers of a queue owe it an answer for. */
  takeBackAll(queue: number, why: ComingBack): void {
    const { consumers } = this.#queues;
    for (let consumer = 0; consumer < consumers.capacity(); consumer++) {
      if (!consumers.isLive(consumer)) continue;
      const settings = this.#settings.subscriptions[consumers.subscription(consumer)]!;
      if (settings.queue === queue && !settings.automatic) this.#takeBack(consumer, why);
    }
  }

  setPrefetch(element: string, prefetch: number): void {
    const { consumers } = this.#queues;
    const index = this.#settings.subscriptions.findIndex((one) => one?.id === element);
    const settings = this.#settings.subscriptions[index];
    if (settings === undefined || settings.automatic) return;
    const window = toWindow(prefetch, this.#settings.queues[settings.queue]!);
    this.windows.data[index] = window;
    for (let consumer = 0; consumer < consumers.capacity(); consumer++)
      if (consumers.isLive(consumer) && consumers.subscription(consumer) === index)
        consumers.setWindow(consumer, window);
    this.#queues.work(settings.queue, "room");
  }

  /** Looks at the channels at multiples of the interval while anything is held. */
  startTicking(): void {
    const { consumerTimeoutNs, tickNs } = this.#settings;
    if (this.#ticking.data[0] === 1 || consumerTimeoutNs === Infinity) return;
    if (this.#queues.consumers.held.size() === 0) return;
    this.#ticking.data[0] = 1;
    this.#context.schedule(tickNs - (this.#context.now() % tickNs), TICK, 0, 0);
  }

  tick(): void {
    const { consumers } = this.#queues;
    const beforeNs = this.#context.now() - this.#settings.consumerTimeoutNs;
    this.#ticking.data[0] = 0;
    for (let consumer = 0; consumer < consumers.capacity(); consumer++) {
      if (!consumers.isLive(consumer) || !consumers.isOpen(consumer)) continue;
      const first = consumers.first(consumer);
      if (first < 0 || consumers.held.sinceNs(first) >= beforeNs) continue;
      const settings = this.#settings.subscriptions[consumers.subscription(consumer)]!;
      if (settings.automatic) continue;
      this.#context.note(settings.id, "consumer_timeout: the channel was closed and opened again");
      // Subscribed anew, it is the last in turn.
      consumers.disable(consumer);
      this.#takeBack(consumer, "consumer-timeout");
      consumers.enable(consumer);
      this.#queues.work(settings.queue, "return");
    }
    this.startTicking();
  }
}
