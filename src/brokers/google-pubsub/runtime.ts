// The running Pub/Sub service: turns what clients and zones do into acts of its parts, and says what it sees. All state is
// in the arena, in the columns of the parts.

import type { FieldValue } from "../../base/fields.ts";
import { Zones } from "../mechanisms/zones.ts";
import { DELIVER, LEASES, RESUME } from "./leases.ts";
import { AGAIN, ANSWER, FLUSH, Publications, RECEIVE } from "./publications.ts";
import { Retained } from "./retained.ts";
import { Router } from "./routing.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { SETTLE, Subscriptions } from "./subscriptions.ts";
import { CREATE, UNUSED, Upkeep } from "./upkeep.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

/** One Pub/Sub service in a run. */
export class PubsubBroker implements Broker {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #router: Router;
  readonly #zones: Zones;
  readonly #subscriptions: Subscriptions;
  readonly #publications: Publications;
  readonly #upkeep: Upkeep;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const settings = settingsOf(config);
    const { id, zones, detectionNs } = settings;
    const { length } = settings.subscriptions;
    this.#context = context;
    this.#settings = settings;
    this.#zones = new Zones({ id, zones, detectionNs }, context);
    this.#router = new Router(config, (key) => context.keyText(key));
    const retained = new Retained(context, `${id}.retained`, length);
    const base = { context, settings, zones: this.#zones };
    this.#subscriptions = new Subscriptions(
      { ...base, router: this.#router, retained },
      (subscription) => this.#upkeep.used(subscription),
    );
    this.#upkeep = new Upkeep({ context, settings, retained }, this.#subscriptions);
    this.#publications = new Publications(base, (publisher, message) =>
      this.#receive(publisher, message),
    );
  }

  start(): void {
    this.#upkeep.start();
  }

  publish(publisher: number, message: number): void {
    this.#publications.send(publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    this.#subscriptions.settle(delivery, verdict);
  }

  join(consumer: number, worker: number): void {
    const { subscription } = this.#settings.consumers[consumer]!;
    const { leases } = this.#subscriptions;
    leases.clients.open(consumer, worker);
    this.#upkeep.changed(subscription);
    leases.work(subscription);
  }

  leave(consumer: number, worker: number, how: Departure): void {
    this.#subscriptions.leave(consumer, worker, how);
    this.#upkeep.changed(this.#settings.consumers[consumer]!.subscription);
  }

  wake(code: number, a: number, b: number): void {
    switch (code) {
      case FLUSH:
      case RECEIVE:
      case AGAIN:
      case ANSWER:
        this.#publications.wake(code, a, b);
        break;
      case DELIVER:
        this.#subscriptions.arrive(a, b);
        break;
      case SETTLE:
        this.#subscriptions.answered(a, b);
        break;
      case LEASES:
        this.#subscriptions.timerFired(a, b);
        break;
      case RESUME:
        this.#subscriptions.leases.resume(a);
        break;
      case CREATE:
      case UNUSED:
        this.#upkeep.wake(code, a, b);
        break;
    }
  }

  crashNode(zone: number): void {
    if (this.#zones.isUp(zone)) this.#zones.crash(zone);
  }

  restartNode(zone: number): void {
    if (this.#zones.isUp(zone)) return;
    this.#zones.restart(zone);
    this.#workAll();
  }

  isolateNode(zone: number, isolated: boolean): void {
    this.#zones.isolate(zone, isolated);
    if (!isolated) this.#workAll();
  }

  slowNode(zone: number, factor: number): void {
    this.#zones.slow(zone, factor);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    if (typeof value !== "number") return;
    const { consumers, subscriptions } = this.#settings;
    const consumer = consumers.findIndex((one) => one?.id === element);
    const subscription = subscriptions.findIndex(({ id }) => id === element);
    const { leases } = this.#subscriptions;
    if (parameter === "seek" && subscription >= 0)
      this.#upkeep.seek(subscription, Math.round(value * 1e6));
    if (parameter === "max_messages" && consumer >= 0) {
      leases.clients.setMessagesMax(consumer, value);
      leases.work(consumers[consumer]!.subscription);
    }
  }

  waiting(consumer: number): number {
    return this.#subscriptions.leases.waiting.data[this.#subscriptionOf(consumer)]!;
  }

  oldestNs(consumer: number): number {
    const { copies, queues } = this.#subscriptions.leases;
    const first = queues[this.#subscriptionOf(consumer)]!.first();
    return first < 0 ? -1 : this.#context.publishedNs(copies.message(first));
  }

  blocked(consumer: number): string {
    const subscription = this.#subscriptionOf(consumer);
    const { leases } = this.#subscriptions;
    if (leases.isDeleted(subscription)) return "the subscription was deleted: nobody had used it";
    if (!leases.isThere(subscription)) return "the subscription is not created yet";
    if (leases.waiting.data[subscription] === 0) return "";
    if (this.#zones.areAllDown()) return "every zone of the region is down";
    if (leases.clients.openCount(subscription) === 0) return "no client is connected";
    return this.#settings.subscriptions[subscription]!.isPush
      ? this.#whyNotPushed(subscription)
      : this.#whyNotPulled(subscription, consumer);
  }

  depths(channel: number): readonly number[] {
    const subscription = this.#settings.subscriptions.findIndex((one) => one.channel === channel);
    return subscription < 0 ? [] : [this.#subscriptions.leases.waiting.data[subscription]!];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    const { zones } = this.#settings;
    return Array.from({ length: zones }, (_, zone) => ({ up: this.#zones.isUp(zone), leads: 0 }));
  }

  /** The service has accepted a message. Each subscription gets a copy; without one the message is gone. */
  #receive(publisher: number, message: number): void {
    const { at, topic, channel } = this.#settings.publishers[publisher]!;
    const { leases } = this.#subscriptions;
    const bound = this.#settings.boundTo[topic]!;
    if (!bound.some((subscription) => leases.isThere(subscription)))
      this.#context.unroutable(channel, message);
    else this.#context.stored(channel, message, -1, -1);
    for (const subscription of this.#router.route(topic, at, this.#context.keyOf(message)))
      this.#subscriptions.accept(subscription, message);
  }

  #whyNotPushed(subscription: number): string {
    const { windows } = this.#subscriptions.leases;
    if (windows.pausedUntilNs(subscription) > this.#context.now())
      return "pushing pauses after failures in a row";
    return windows.hasRoom(subscription)
      ? ""
      : `push window reached: ${windows.size(subscription)} requests under way`;
  }

  #whyNotPulled(subscription: number, consumer: number): string {
    const { clients, queues } = this.#subscriptions.leases;
    const { held, most } = clients.load(consumer);
    if (most > 0 && held >= most) return `flow control: ${held} of ${most} messages outstanding`;
    const queue = queues[subscription]!;
    if (queue.delayedCount() > 0) return "messages wait for their retry backoff";
    if (queue.readyCount() > 0 && queue.next() < 0)
      return "messages wait for earlier ones of their ordering key";
    return "";
  }

  #subscriptionOf(consumer: number): number {
    return this.#settings.consumers[consumer]!.subscription;
  }

  #workAll(): void {
    this.#settings.subscriptions.forEach((_, at) => this.#subscriptions.leases.work(at));
  }
}
