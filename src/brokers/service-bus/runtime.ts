// The running Service Bus namespace: turns what clients and zones do into acts of its parts, and says what it sees. All
// state is in the arena, in the columns of the parts.

import type { FieldValue } from "../../base/fields.ts";
import { DeduplicationWindow } from "../mechanisms/deduplication.ts";
import { ManagedSends, type SendAnswer } from "../mechanisms/managedSends.ts";
import { Zones } from "../mechanisms/zones.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";
import { Entities, LEASE } from "./entities.ts";
import { ATTACH, DELIVER, IDLE, Receivers, SESSION_LOST, SETTLED } from "./receivers.ts";
import { type Settings, settingsOf } from "./settings.ts";

/** The first timer code of the sends. */
const SENDS = 7;

const reasons = ["message-size-exceeded"] as const;
const TOO_LARGE = 0;

/** One namespace in a run. */
export class ServiceBusBroker implements Broker {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #zones: Zones;
  readonly #entities: Entities;
  readonly #receivers: Receivers;
  readonly #sends: ManagedSends;
  /** Per lane of ids: what was accepted lately. */
  readonly #ids: readonly DeduplicationWindow[];

  constructor(config: BrokerConfig, context: BrokerContext) {
    const settings = settingsOf(config);
    this.#context = context;
    this.#settings = settings;
    this.#zones = new Zones(settings, context);
    this.#entities = new Entities(settings, context, {
      arrived: (at) => this.#receivers.work(at),
      lockLost: (receiver, mark) => this.#receivers.lockLost(receiver, mark),
    });
    this.#receivers = new Receivers(settings, context, this.#entities);
    this.#ids = settings.idWindows.map(
      (windowNs, lane) =>
        new DeduplicationWindow(context.arena, `${settings.id}.ids${lane}`, { lanes: 1, windowNs }),
    );
    this.#sends = new ManagedSends(context, this.#zones, {
      firstCode: SENDS,
      owner: {
        rulesOf: (publisher) => settings.publishers[publisher]!.rules,
        take: (publisher, message, isRepeat) => this.#take(publisher, message, isRepeat),
        reasons,
        unavailable: "service-communication-problem",
        throttled: "service-busy",
        unanswered: "service-timeout",
      },
    });
  }

  start(): void {
    // Links are being attached; nothing is left to do.
  }

  publish(publisher: number, message: number): void {
    this.#sends.send(publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    this.#receivers.settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    this.#receivers.join(subscription, worker);
  }

  leave(subscription: number, worker: number, _how: Departure): void {
    this.#receivers.leave(subscription, worker);
  }

  wake(code: number, a: number, b: number): void {
    switch (code) {
      case LEASE:
        if (this.#entities.timerFired(a, b)) this.#receivers.work(a);
        break;
      case DELIVER:
        this.#receivers.arrive(a, b);
        break;
      case SETTLED:
        this.#receivers.settled(a);
        break;
      case IDLE:
        this.#receivers.idle(a, b);
        break;
      case SESSION_LOST:
        this.#receivers.sessionLost(a, b);
        break;
      case ATTACH:
        this.#receivers.attach(a, b);
        break;
      default:
        this.#sends.wake(code, a, b);
    }
  }

  crashNode(node: number): void {
    this.#zones.crash(node);
  }

  restartNode(node: number): void {
    this.#zones.restart(node);
  }

  isolateNode(node: number, isolated: boolean): void {
    this.#zones.isolate(node, isolated);
  }

  slowNode(node: number, factor: number): void {
    this.#zones.slow(node, factor);
  }

  set(_element: string, _parameter: string, _value: FieldValue): void {
    // No parameter may change during a run.
  }

  waiting(subscription: number): number {
    return this.#entities.waiting(this.#settings.subscriptions[subscription]!.at);
  }

  oldestNs(subscription: number): number {
    const oldest = this.#entities.queue(this.#settings.subscriptions[subscription]!.at).first();
    return oldest < 0 ? -1 : this.#context.publishedNs(this.#entities.copies.message(oldest));
  }

  blocked(subscription: number): string {
    const { at } = this.#settings.subscriptions[subscription]!;
    const queue = this.#entities.queue(at);
    if (queue.readyCount() === 0) return "";
    if (this.#entities.entity(at).hasSessions && queue.next() < 0)
      return "every session that has messages is locked by a receiver";
    return this.#receivers.hasRoom(at) ? "" : "every receiver is busy, or none is connected";
  }

  depths(channel: number): readonly number[] {
    const at = this.#settings.channels.findIndex(({ entity }) => entity?.channel === channel);
    return at < 0 ? [] : [this.#entities.waiting(at)];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    const entities = this.#settings.channels.filter(({ entity }) => entity !== undefined).length;
    return Array.from({ length: this.#settings.zones }, (_, zone) => ({
      up: this.#zones.isUp(zone),
      leads: this.#zones.isUsed(zone) ? entities : 0,
    }));
  }

  /** A send has come to the service. */
  #take(publisher: number, message: number, isRepeat: boolean): SendAnswer {
    const { channelAt, channel, idLane, idUsesKey } = this.#settings.publishers[publisher]!;
    if (this.#context.sizeOf(message) > this.#settings.sizeMax) return TOO_LARGE;
    const windowNs = this.#settings.channels[channelAt]!.detectionNs;
    const nowNs = this.#context.now();
    if (isRepeat && nowNs - this.#context.publishedNs(message) < windowNs) return "taken";
    if (idLane >= 0) {
      const id = idUsesKey ? this.#context.keyOf(message) + 1 : 0;
      if (!this.#ids[idLane]!.accept(0, id, nowNs)) {
        this.#context.unroutable(channel, message);
        return "taken";
      }
    }
    const keeps = this.#entities.take(channelAt, message);
    if (keeps === 0) this.#context.unroutable(channel, message);
    else this.#context.stored(channel, message, -1, -1);
    return "taken";
  }
}
