// The running NATS: takes publications to core subscribers or into streams, and hands what clients and servers do to its
// parts. All state is in the arena, in the columns of the parts.

import { Consumers, consumerWakes } from "./consumers.ts";
import { Core, CORE_ARRIVES } from "./coreSubjects.ts";
import { ELECT, Servers } from "./servers.ts";
import { fits, NOBODY, type Settings, settingsOf, toNs, tokens } from "./settings.ts";
import { EXPIRE, Store } from "./store.ts";
import { DeduplicationWindow } from "../mechanisms/deduplication.ts";
import { PerKey } from "../mechanisms/routing/perKey.ts";
import type { Broker, BrokerConfig, BrokerContext, Verdict } from "../technology.ts";

const PUBLISH = 1;
const CONFIRM = 2;
const TIME_OUT = 3;
const UNAVAILABLE = 4;

/** Where a publication into a stream goes. */
interface Route {
  readonly subject: string;
  readonly isCaptured: boolean;
  readonly consumers: readonly number[];
}

/** One NATS cluster in a run. */
export class NatsBroker implements Broker {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #servers: Servers;
  readonly #consumers: Consumers;
  readonly #store: Store;
  readonly #core: Core;
  readonly #ids: DeduplicationWindow[];
  readonly #routes: PerKey<Route>;
  readonly #keyText: (key: number) => string;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const settings = settingsOf(config);
    this.#context = context;
    this.#settings = settings;
    this.#keyText = (key) => context.keyText(key);
    this.#servers = new Servers(settings, context);
    this.#consumers = new Consumers(settings, context, this.#servers);
    this.#store = new Store(settings, context, (entry, reason) => this.#gone(entry, reason));
    this.#consumers.store = this.#store;
    this.#consumers.wants = (consumer, entry) => this.#wants(consumer, entry);
    this.#core = new Core(settings, context);
    this.#ids = settings.streams.map(
      ({ values }, at) =>
        new DeduplicationWindow(context.arena, `${settings.id}.ids${at}`, {
          lanes: 1,
          windowNs: toNs(values.duplicate_window),
        }),
    );
    this.#routes = new PerKey(
      settings.publishers.map((one) => one?.template.includes("{key}") === true),
      (publisher, key) => this.#find(publisher, key),
    );
  }

  start(): void {
    // Streams and consumers exist from the beginning; nothing is left to do.
  }

  publish(publisher: number, message: number): void {
    const { latencyNs, stream } = this.#settings.publishers[publisher]!;
    const slowness = stream < 0 ? 1 : this.#servers.slowness(stream);
    this.#context.schedule(Math.round(latencyNs * slowness), PUBLISH, publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    if (this.#isCore(this.#context.deliverySubscription(delivery)))
      this.#core.live.settle(delivery, verdict);
    else this.#consumers.settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    if (this.#isCore(subscription)) this.#core.live.join(subscription, worker);
    else this.#consumers.join(subscription, worker);
  }

  leave(subscription: number, worker: number): void {
    if (this.#isCore(subscription)) this.#core.live.leave(subscription, worker);
    else this.#consumers.leave(subscription, worker);
  }

  wake(code: number, a: number, b: number): void {
    if (code === PUBLISH) this.#arrive(a, b);
    else if (code === CONFIRM) this.#context.confirmed(a, b);
    else if (code === TIME_OUT) this.#context.refused(a, b, "timeout: the stream has no leader");
    else if (code === UNAVAILABLE) this.#context.refused(a, b, "503 no responders");
    else if (code === ELECT) {
      if (this.#servers.elect(a, b)) this.#resume(a);
    } else if (code === EXPIRE) this.#store.expire(a);
    else if (code === CORE_ARRIVES) this.#core.live.wake(a, b);
    else if (code >= consumerWakes.lease) this.#consumers.wake(code, a, b);
  }

  crashNode(node: number): void {
    if (!this.#servers.isUp(node)) return;
    this.#servers.crash(node);
    this.#settings.streams.forEach(({ members }, stream) => {
      if (members.length === 1 && members[0] === node) this.#lose(stream, node);
    });
  }

  restartNode(node: number): void {
    if (this.#servers.isUp(node)) return;
    for (const stream of this.#servers.restart(node)) this.#resume(stream);
  }

  isolateNode(node: number, isolated: boolean): void {
    for (const stream of this.#servers.isolate(node, isolated)) this.#resume(stream);
  }

  slowNode(node: number, factor: number): void {
    this.#servers.slow(node, factor);
  }

  set(): void {
    // No parameter of NATS may change during a run.
  }

  waiting(subscription: number): number {
    const { consumer } = this.#settings.subscriptions[subscription]!;
    return consumer < 0 ? this.#core.live.waiting(subscription) : this.#consumers.waiting(consumer);
  }

  oldestNs(subscription: number): number {
    const { consumer } = this.#settings.subscriptions[subscription]!;
    const message =
      consumer < 0 ? this.#core.live.oldest(subscription) : this.#consumers.oldest(consumer);
    return message === NOBODY ? -1 : this.#context.publishedNs(message);
  }

  blocked(subscription: number): string {
    const { consumer } = this.#settings.subscriptions[subscription]!;
    if (consumer < 0 || this.#consumers.waiting(consumer) === 0) return "";
    const { stream, maxAckPending } = this.#settings.consumers[consumer]!;
    if (!this.#servers.works(stream)) return "the stream has no leader with a majority";
    return this.#consumers.pending(consumer) >= maxAckPending
      ? `max_ack_pending: ${maxAckPending} messages wait for an acknowledgement`
      : "";
  }

  depths(channel: number): readonly number[] {
    const stream = this.#settings.streams.findIndex((one) => one.channel === channel);
    return stream < 0 ? [0] : [this.#store.logs.length(stream)];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return Array.from({ length: this.#settings.cluster.nodes }, (_, node) => ({
      up: this.#servers.isUp(node),
      leads: this.#servers.leads(node),
    }));
  }

  #arrive(publisher: number, message: number): void {
    const { stream, channel, acknowledged, latencyNs } = this.#settings.publishers[publisher]!;
    if (stream < 0) {
      if (this.#servers.anyThere()) this.#core.publish(publisher, message);
      else this.#context.lost(channel, message, "no server is there");
      this.#context.confirmed(publisher, message);
      return;
    }
    const failure = this.#take(publisher, message);
    if (!acknowledged) {
      if (failure !== "") this.#context.lost(channel, message, failure);
      this.#context.confirmed(publisher, message);
    } else if (failure === "") this.#context.schedule(latencyNs, CONFIRM, publisher, message);
    else if (failure === "no leader") this.#fail(publisher, message);
    else this.#context.refused(publisher, message, failure);
  }

  /** Without a leader nobody answers; without any server that knows the stream the refusal comes at once. */
  #fail(publisher: number, message: number): void {
    const { stream, timeoutNs, latencyNs } = this.#settings.publishers[publisher]!;
    const isAlone = this.#settings.streams[stream]!.members.length === 1;
    if (isAlone) this.#context.schedule(latencyNs, UNAVAILABLE, publisher, message);
    else this.#context.schedule(timeoutNs, TIME_OUT, publisher, message);
  }

  /** Stores a message in its stream; "" or why it does not. */
  #take(publisher: number, message: number): string {
    const { stream, channel, hasId } = this.#settings.publishers[publisher]!;
    const context = this.#context;
    const key = context.keyOf(message);
    const route = this.#routes.get(publisher, key, this.#keyText);
    if (!route.isCaptured) return "503 no responders: no stream has this subject";
    if (!this.#servers.works(stream)) return "no leader";
    const refusal = this.#store.refusal(stream, route.subject, context.sizeOf(message));
    if (refusal !== "") return refusal;
    if (hasId && key >= 0 && !this.#ids[stream]!.accept(0, key, context.now())) return "";
    const entry = this.#store.append(stream, message, route.subject);
    context.stored(channel, message, 0, this.#store.logs.sequence(entry));
    for (const consumer of route.consumers) this.#consumers.added(consumer, entry);
    this.#store.trim(stream, entry);
    const { retention } = this.#settings.streams[stream]!.values;
    const isThere = this.#store.logs.last(stream) === entry;
    if (isThere && route.consumers.length === 0) {
      // Without any interest it is gone at once; a work queue keeps what no consumer filters.
      if (retention === "interest") this.#store.remove(entry, "no interest");
      else if (retention === "limits") this.#store.forget(entry);
    }
    for (const consumer of route.consumers) this.#consumers.work(consumer);
    return "";
  }

  #find(publisher: number, key: string): Route {
    const { stream, template } = this.#settings.publishers[publisher]!;
    const subject = template.replaceAll("{key}", () => key);
    const parts = tokens(subject);
    const isCaptured = this.#settings.streams[stream]!.subjects.some((one) => fits(one, parts));
    const consumers: number[] = [];
    this.#settings.consumers.forEach((one, consumer) => {
      if (one.stream !== stream) return;
      if (fits(one.filter, parts)) consumers.push(consumer);
    });
    return { subject, isCaptured, consumers };
  }

  #wants(consumer: number, entry: number): boolean {
    const message = this.#store.logs.message(entry);
    if (message === NOBODY) return false;
    const publisher = this.#context.publisherOf(message);
    const key = this.#context.keyOf(message);
    return this.#routes.get(publisher, key, this.#keyText).consumers.includes(consumer);
  }

  #gone(entry: number, reason: string): void {
    const stream = this.#store.logs.log(entry);
    if (reason === "acknowledged" || reason === "no interest") return;
    this.#settings.consumers.forEach((one, consumer) => {
      if (one.stream === stream && this.#wants(consumer, entry))
        this.#consumers.gone(consumer, entry, reason);
    });
  }

  /** What a stream with one server loses with it: memory everything, files what is not on disk when power fails. */
  #lose(stream: number, node: number): void {
    const { storage } = this.#settings.streams[stream]!.values;
    const { crash, sync_interval: sync } = this.#settings.cluster;
    const nowNs = this.#context.now();
    let keptNs = nowNs;
    if (storage === "memory") keptNs = -1;
    else if (crash === "power" && sync > 0) keptNs = nowNs - (nowNs % toNs(sync));
    const { logs } = this.#store;
    for (let last = logs.last(stream); last !== NOBODY; last = logs.last(stream)) {
      if (logs.addedNs(last) <= keptNs) break;
      this.#store.remove(last, `lost with server ${node}: not on disk`);
    }
    if (keptNs < 0) logs.dropArchive(stream);
  }

  #resume(stream: number): void {
    this.#settings.consumers.forEach((one, consumer) => {
      if (one.stream === stream) this.#consumers.work(consumer);
    });
  }

  #isCore(subscription: number): boolean {
    return this.#settings.subscriptions[subscription]!.consumer < 0;
  }
}
