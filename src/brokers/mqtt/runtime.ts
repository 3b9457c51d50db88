// The running MQTT broker: turns what clients do into routes, sessions, retained messages and wills, and says what it
// sees. All state is in the arena.

import type { FieldValue } from "../../base/fields.ts";
import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import { RetainedMessages } from "./retained.ts";
import { type Route, Routes } from "./routes.ts";
import { ACKED, ARRIVE, Sessions, SETTLED } from "./sessions.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { fits } from "./topics.ts";
import { Workers } from "./workers.ts";
import { blockedBecause, oldestOf } from "./view.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

/** Timer codes: a publication arrives (publisher, message); its answer is back; a client connects, its connection is gone
 *  (client, connection and how), its session ends (client, connection). */
const PUBLISH = 1;
const CONFIRM = 5;
const CONNECT = 6;
const GONE = 7;
const SESSION_END = 8;

// Cells of the broker's own state.
const UP = 0;
const REACHABLE = 1;
const STARTED = 2;

/** One MQTT broker in a run. */
export class MqttBroker implements Broker {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #routes: Routes;
  readonly #sessions: Sessions;
  readonly #workers: Workers;
  readonly #retained: RetainedMessages;
  readonly #state: Int32Column;
  /** Cell 0: how many times as long everything takes; then per publisher: when its latest publication arrives [ns]. */
  readonly #times: Float64Column;
  /** Per client: its will, one more than the message; 0 without. */
  readonly #will: Int32Column;
  /** Per shared subscription: the member whose turn it is. */
  readonly #turn: Int32Column;
  readonly #keyText: (key: number) => string;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const settings = settingsOf(config);
    const { arena } = context;
    const { id, clients, publishers } = settings;
    this.#context = context;
    this.#settings = settings;
    this.#routes = new Routes(settings);
    this.#workers = new Workers(arena, settings);
    const pace = { stretched: (ns: number) => this.#stretched(ns) };
    this.#sessions = new Sessions(context, settings, { workers: this.#workers, pace });
    this.#keyText = (key) => context.keyText(key);
    this.#retained = new RetainedMessages(arena, `${id}.retained`, (message) => {
      return this.#routeOf(message).topic;
    });
    this.#state = arena.int32(`${id}.state`, 3);
    this.#state.data.fill(1, UP, REACHABLE + 1);
    this.#times = arena.float64(`${id}.times`, 1 + publishers.length);
    this.#times.data[0] = 1;
    this.#will = arena.int32(`${id}.will`, clients.length);
    this.#turn = arena.int32(`${id}.turns`, this.#routes.groups.length);
  }

  start(): void {
    this.#state.data[STARTED] = 1;
    this.#settings.clients.forEach((_, client) => this.#connect(client));
  }

  publish(publisher: number, message: number): void {
    const { qos, latencyNs } = this.#settings.publishers[publisher]!;
    if (!this.#isReachable()) {
      this.#context.refused(publisher, message, "not-connected");
      return;
    }
    this.#context.retain(message);
    const way = this.#stretched(latencyNs);
    const nowNs = this.#context.now();
    // QoS 2 is published when its PUBREL has come.
    const atNs = Math.max(nowNs + (qos === 2 ? 3 * way : way), this.#times.data[1 + publisher]!);
    this.#times.data[1 + publisher] = atNs;
    this.#context.schedule(atNs - nowNs, PUBLISH, publisher, message);
    if (qos === 0) this.#context.confirmed(publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    this.#sessions.settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    const { client } = this.#settings.subscriptions[subscription]!;
    this.#workers.join(subscription, worker);
    if (this.#state.data[STARTED] === 1 && this.#workers.count(client) === 1)
      this.#connectAfter(client, this.#settings.clients[client]!.latencyNs);
  }

  leave(subscription: number, worker: number, how: Departure): void {
    const { client } = this.#settings.subscriptions[subscription]!;
    const { latencyNs, noticedNs } = this.#settings.clients[client]!;
    this.#workers.leave(subscription, worker);
    const isOwing = this.#sessions.leave(subscription, worker);
    if (how === "close" && this.#workers.count(client) > 0 && !isOwing) return;
    const afterNs = latencyNs + (how === "crash" ? noticedNs : 0);
    if (afterNs === Infinity || !this.#sessions.isOnline(client)) return;
    const word = this.#sessions.connection(client) * 2 + (how === "close" ? 0 : 1);
    this.#context.schedule(afterNs, GONE, client, word);
  }

  wake(code: number, a: number, b: number): void {
    switch (code) {
      case PUBLISH:
        this.#receive(a, b);
        break;
      case ARRIVE:
        this.#sessions.arrive(a, b);
        break;
      case ACKED:
        this.#sessions.acked(a, b);
        break;
      case SETTLED:
        this.#sessions.settled(a, b);
        break;
      case CONFIRM:
        this.#context.confirmed(a, b);
        break;
      case CONNECT:
        if (this.#sessions.connection(a) === b) this.#connect(a);
        break;
      case GONE:
        if (this.#sessions.connection(a) === b >> 1) this.#gone(a, (b & 1) === 1);
        break;
      default:
        if (this.#sessions.connection(a) === b && !this.#sessions.isOnline(a))
          this.#sessions.end(a, "session-expired");
    }
  }

  crashNode(): void {
    if (this.#state.data[UP] === 0) return;
    this.#state.data[UP] = 0;
    const { persistence, autosaveNs, clients } = this.#settings;
    const nowNs = this.#context.now();
    const savedNs = persistence ? nowNs - (nowNs % autosaveNs) : -1;
    const reason = persistence ? "not-yet-saved" : "no-persistence";
    clients.forEach((client, at) => {
      if (this.#sessions.isOnline(at)) this.#sessions.close(at);
      if (persistence && client.sessionNs > 0) this.#sessions.dropSince(at, savedNs, reason);
      else this.#sessions.end(at, reason);
    });
    for (const message of this.#retained.sweep({ nowNs: -1, youngerThanNs: savedNs }))
      this.#context.release(message);
  }

  restartNode(): void {
    if (this.#state.data[UP] === 1) return;
    this.#state.data[UP] = 1;
    this.#connectAll();
  }

  isolateNode(_node: number, isolated: boolean): void {
    if (this.#state.data[REACHABLE] === (isolated ? 0 : 1)) return;
    this.#state.data[REACHABLE] = isolated ? 0 : 1;
    if (!isolated) {
      this.#connectAll();
      return;
    }
    this.#settings.clients.forEach((_, client) => {
      if (this.#sessions.isOnline(client)) this.#gone(client, true);
    });
  }

  slowNode(_node: number, factor: number): void {
    this.#times.data[0] = factor;
  }

  set(_element: string, _parameter: string, _value: FieldValue): void {
    // Nothing here can be changed while a run goes on.
  }

  waiting(subscription: number): number {
    return this.#sessions.waiting(subscription);
  }

  oldestNs(subscription: number): number {
    const { client } = this.#settings.subscriptions[subscription]!;
    return oldestOf(this.#sessions, { client, subscription }, (message) =>
      this.#context.publishedNs(message),
    );
  }

  blocked(subscription: number): string {
    const { client } = this.#settings.subscriptions[subscription]!;
    const { window } = this.#settings.clients[client]!;
    if (this.#sessions.waiting(subscription) === 0) return "";
    if (this.#state.data[UP] === 0) return "the broker is down";
    if (this.#state.data[REACHABLE] === 0) return "the broker is cut off";
    return blockedBecause(this.#sessions, client, window);
  }

  depths(channel: number): readonly number[] {
    let depth = 0;
    this.#settings.subscriptions.forEach((one, index) => {
      if (one?.channel === channel) depth += this.#sessions.waiting(index);
    });
    return [depth];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return [{ up: this.#state.data[UP] === 1, leads: 0 }];
  }

  #isReachable(): boolean {
    return this.#state.data[UP] === 1 && this.#state.data[REACHABLE] === 1;
  }

  #stretched(ns: number): number {
    return Math.round(ns * this.#times.data[0]!);
  }

  #routeOf(message: number): Route {
    const key = this.#context.keyOf(message);
    return this.#routes.of(this.#context.publisherOf(message), key, this.#keyText);
  }

  /** A publication is at the broker. */
  #receive(publisher: number, message: number): void {
    const { qos, latencyNs, channel, isWill } = this.#settings.publishers[publisher]!;
    if (this.#isReachable()) {
      if (isWill) this.#keepWill(publisher, message);
      else this.#distribute(publisher, message);
      if (qos > 0) this.#context.schedule(this.#stretched(latencyNs), CONFIRM, publisher, message);
    } else if (qos === 0) this.#context.lost(channel, message, "connection-lost");
    else this.#context.refused(publisher, message, "connection-lost");
    this.#context.release(message);
  }

  #keepWill(publisher: number, message: number): void {
    const { client, channel } = this.#settings.publishers[publisher]!;
    if (client < 0) {
      this.#context.unroutable(channel, message);
      return;
    }
    const before = this.#will.data[client]! - 1;
    if (before >= 0) this.#context.release(before);
    this.#context.retain(message);
    this.#will.data[client] = message + 1;
  }

  #distribute(publisher: number, message: number): void {
    const { channel, retain, expiryNs } = this.#settings.publishers[publisher]!;
    const route = this.#routeOf(message);
    const expiresNs = this.#context.now() + expiryNs;
    if (retain) this.#retain(route.topic, message, expiresNs);
    const targets = route.plain.filter(({ subscription }) => this.#isSubscribed(subscription));
    for (const { group, members } of route.shared) {
      const member = this.#memberInTurn(group, members.length, (at) => {
        return this.#isSubscribed(members[at]!.subscription);
      });
      if (member >= 0) targets.push(members[member]!);
    }
    if (targets.length > 0 || retain) this.#context.stored(channel, message, -1, -1);
    else this.#context.unroutable(channel, message);
    for (const { subscription, qos } of targets)
      this.#sessions.add({ message, subscription, qos }, expiresNs);
  }

  #isSubscribed(subscription: number): boolean {
    return this.#sessions.isAlive(this.#settings.subscriptions[subscription]!.client);
  }

  /** The member of a shared subscription whose turn it is, -1 when none is subscribed. */
  #memberInTurn(group: number, count: number, isThere: (at: number) => boolean): number {
    const first = this.#turn.data[group]!;
    for (let i = 0; i < count; i++) {
      const at = (first + i) % count;
      if (!isThere(at)) continue;
      this.#turn.data[group] = (at + 1) % count;
      return at;
    }
    return -1;
  }

  /** An empty message deletes what was kept. */
  #retain(topic: string, message: number, expiresNs: number): void {
    const sinceNs = this.#context.now();
    const isEmpty = this.#context.sizeOf(message) === 0;
    if (!isEmpty) this.#context.retain(message);
    const before = isEmpty
      ? this.#retained.delete(topic)
      : this.#retained.put({ message, expiresNs, sinceNs });
    if (before >= 0) this.#context.release(before);
  }

  #connectAll(): void {
    this.#settings.clients.forEach((_, client) =>
      this.#connectAfter(client, this.#settings.reconnectNs),
    );
  }

  #connectAfter(client: number, delayNs: number): void {
    this.#context.schedule(delayNs, CONNECT, client, this.#sessions.connection(client));
  }

  /** A client connects. When the broker still has a connection of it, that one is closed first. */
  #connect(client: number): void {
    if (!this.#isReachable() || this.#workers.count(client) === 0) return;
    if (this.#sessions.isOnline(client)) this.#close(client, true);
    const { clean } = this.#settings.clients[client]!;
    const isResumed = this.#sessions.isAlive(client) && !clean;
    if (!isResumed) this.#sessions.end(client, "clean-start");
    this.#sessions.open(client);
    this.#sendRetained(client, isResumed);
  }

  /** What is retained goes to whoever subscribes, but into shared subscriptions of older versions only. */
  #sendRetained(client: number, isResumed: boolean): void {
    const nowNs = this.#context.now();
    for (const message of this.#retained.sweep({ nowNs, youngerThanNs: Infinity }))
      this.#context.release(message);
    const kept = this.#retained.all();
    for (const subscription of this.#settings.clients[client]!.subscriptions) {
      const { filter, group, qos, retainHandling } = this.#settings.subscriptions[subscription]!;
      if (group !== "" && !this.#settings.retainsForShared) continue;
      if (retainHandling === 2 || (retainHandling === 1 && isResumed)) continue;
      for (const { topic, message, expiresNs } of kept) {
        if (!fits(filter, topic)) continue;
        const published = this.#settings.publishers[this.#context.publisherOf(message)]!;
        const about = { message, subscription, qos: Math.min(qos, published.qos) };
        this.#sessions.add(about, expiresNs);
      }
    }
  }

  /** The broker learns that a connection is gone; the client connects anew if workers of it are left. */
  #gone(client: number, isLost: boolean): void {
    this.#close(client, isLost);
    if (this.#workers.count(client) > 0)
      this.#connectAfter(client, this.#settings.clients[client]!.latencyNs);
  }

  #close(client: number, isLost: boolean): void {
    const { sessionNs } = this.#settings.clients[client]!;
    this.#sessions.close(client);
    if (sessionNs === 0) this.#sessions.end(client, "session-ended");
    else if (sessionNs < Infinity) {
      const connection = this.#sessions.connection(client);
      this.#context.schedule(sessionNs, SESSION_END, client, connection);
    }
    const will = this.#will.data[client]! - 1;
    if (isLost && will >= 0) this.#distribute(this.#context.publisherOf(will), will);
  }
}
