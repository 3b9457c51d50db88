// The running Redis: hands what clients and nodes do to its parts, and says what it sees. All state is in the arena, in the
// columns of the parts.

import type { FieldValue } from "../../base/fields.ts";
import { FAILOVER, RedisNodes } from "./cluster.ts";
import { FLUSH, Keeper } from "./keeper.ts";
import { PUBSUB_ARRIVES, PubSub } from "./pubSub.ts";
import { Publications } from "./publications.ts";
import { Readers } from "./readers.ts";
import { readWakes } from "./readWakes.ts";
import { type Settings, settingsOf } from "./settings.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

const NONE = -1;

/** One Redis in a run. */
export class RedisBroker implements Broker {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #keeper: Keeper;
  readonly #nodes: RedisNodes;
  readonly #readers: Readers;
  readonly #pubSub: PubSub;
  readonly #publications: Publications;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const settings = settingsOf(config);
    this.#context = context;
    this.#settings = settings;
    this.#keeper = new Keeper(settings, context);
    this.#nodes = new RedisNodes(settings, context, {
      onLost: (afterNs, reason) => {
        this.#keeper.rollBack(afterNs, reason);
        if (afterNs < 0) this.#publications.forgetIds();
      },
      onServing: () => {
        this.#publications.resume();
        this.#readers.resume();
      },
    });
    this.#keeper.attach(this.#nodes);
    this.#readers = new Readers(settings, context, { keeper: this.#keeper, nodes: this.#nodes });
    this.#pubSub = new PubSub(settings, context, this.#keeper.books);
    this.#publications = new Publications(settings, context, {
      keeper: this.#keeper,
      nodes: this.#nodes,
      pubSub: this.#pubSub,
      onAdded: (stream) => this.#readers.added(stream),
    });
  }

  start(): void {
    // Groups exist from the beginning and workers have joined; nothing is left to do.
  }

  publish(publisher: number, message: number): void {
    this.#publications.send(publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    if (this.#isPubSub(this.#context.deliverySubscription(delivery)))
      this.#pubSub.settle(delivery, verdict);
    else this.#readers.settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    if (this.#isPubSub(subscription)) this.#pubSub.join(subscription, worker);
    else this.#readers.join(subscription, worker);
  }

  leave(subscription: number, worker: number, how: Departure): void {
    if (this.#isPubSub(subscription)) this.#pubSub.leave(subscription, worker);
    else this.#readers.leave(subscription, worker, how);
  }

  wake(code: number, a: number, b: number): void {
    if (code === FAILOVER) this.#nodes.wake(a);
    else if (code === FLUSH) this.#keeper.flushed();
    else if (code === PUBSUB_ARRIVES) this.#pubSub.wake(a, b);
    else if (code >= readWakes.ask) this.#readers.wake(code, a, b);
    else this.#publications.wake(code, a, b);
  }

  crashNode(node: number): void {
    this.#nodes.crash(node);
  }

  restartNode(node: number): void {
    this.#nodes.restart(node);
    this.#keeper.flush();
  }

  isolateNode(node: number, isolated: boolean): void {
    this.#nodes.isolate(node, isolated);
    this.#keeper.flush();
  }

  slowNode(node: number, factor: number): void {
    this.#nodes.slow(node, factor);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    const number = typeof value === "number" ? value : 0;
    const index = this.#settings.subscriptions.findIndex((one) => one?.id === element);
    if (parameter === "maxlen") {
      const stream = this.#settings.streams.findIndex((one) => one.id === element);
      this.#keeper.setMaxLength(stream, number);
    } else if (parameter === "count") this.#readers.setCount(index, number);
    else if (parameter === "min-idle-time") this.#readers.claims.setMinIdle(index, number);
  }

  waiting(subscription: number): number {
    return this.#isPubSub(subscription)
      ? this.#pubSub.waiting(subscription)
      : this.#keeper.books.waiting(this.#readers.accountOf(subscription));
  }

  oldestNs(subscription: number): number {
    if (this.#isPubSub(subscription)) return this.#pubSub.oldestNs(subscription);
    const { groups } = this.#keeper;
    let oldestNs = NONE;
    for (const group of this.#readers.groupsOf(subscription)) {
      const row = groups.firstWithBody(group);
      const entry = row === NONE ? groups.next(group) : groups.pending.entry(row);
      if (entry === NONE) continue;
      const ns = this.#context.publishedNs(this.#keeper.messageOf(entry));
      if (oldestNs === NONE || ns < oldestNs) oldestNs = ns;
    }
    return oldestNs;
  }

  blocked(subscription: number): string {
    const waiting = this.waiting(subscription);
    if (waiting === 0) return "";
    if (!this.#nodes.serves()) return "no primary is there";
    if (this.#isPubSub(subscription)) return "";
    const { groups } = this.#keeper;
    const of = this.#readers.groupsOf(subscription);
    if (of.some((group) => groups.unread(group) > 0)) return "";
    const { values, group } = this.#settings.subscriptions[subscription]!;
    return group >= 0 && values.claim === "nobody"
      ? "entries are pending for consumers that do not work on them, and nobody claims them"
      : "";
  }

  publisherBlocked(publisher: number): string {
    const isStream = (this.#settings.publishers[publisher]?.stream ?? -1) >= 0;
    return isStream && this.#keeper.isFull() ? "maxmemory is reached: every XADD is refused" : "";
  }

  depths(channel: number): readonly number[] {
    const stream = this.#settings.streams.findIndex((one) => one.channel === channel);
    return stream >= 0 ? [this.#keeper.streams.logs.length(stream)] : [0];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return Array.from({ length: this.#settings.nodes }, (_, node) => {
      const leads = this.#nodes.serves() && this.#nodes.primary() === node;
      return { up: this.#nodes.isUp(node), leads: leads ? this.#settings.streams.length : 0 };
    });
  }

  #isPubSub(subscription: number): boolean {
    return this.#settings.subscriptions[subscription]!.stream < 0;
  }
}
