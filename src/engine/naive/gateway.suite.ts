// An API gateway of the naive engine: a request in hand is an object that waits for a number of answers.

import { assert } from "../../base/assert.ts";
import { type FieldValue, isDistribution, valuesOf } from "../../base/fields.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { CallConnection, Node } from "../../model/scenario.ts";
import { gateway, routeFields } from "../../nodes/gateway.ts";
import type { Call, Request } from "./calls.suite.ts";
import { cancel, type Timer } from "./eventArray.suite.ts";
import type { NaiveStation } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

interface Hand {
  readonly request: Request;
  readonly timers: Timer[];
  readonly calls: Set<Call>;
  awaited: number;
  isPartial: boolean;
}

interface Bucket {
  tokens: number;
  sinceNs: number;
}

/** The running gateway. */
export class NaiveGateway implements NaiveStation {
  readonly #world: NaiveWorld;
  readonly #id: string;
  #values: ReturnType<typeof valuesOf<typeof gateway.fields>>;
  #hop: Sampler;
  readonly #counts = new Map<string, number>();
  #buckets = new Map<string, Bucket>();
  /** Until when an answer may be given [ns], the least recently used first. */
  #cache = new Map<string, number>();
  #hands: Hand[] = [];
  #isUp = true;

  constructor(world: NaiveWorld, node: Node) {
    this.#world = world;
    this.#id = node.id;
    this.#values = valuesOf(gateway.fields, node.parameters ?? {});
    this.#hop = createSampler(this.#values.hopTime, world.random(node.id, "hop"));
  }

  start(): void {
    this.#measure();
  }

  busy(): number {
    return this.#hands.length;
  }

  inside(): number {
    return this.#hands.length;
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  accept(request: Request): string {
    if (!this.#isUp) return "unavailable";
    if (this.#hands.length >= this.#values.concurrency) return this.#count("overloaded");
    const hand: Hand = { request, timers: [], calls: new Set(), awaited: 0, isPartial: false };
    this.#hands.push(hand);
    this.#measure();
    this.#world.write("started", request.message, { consumer: this.#id, attempt: 1 });
    const { requestTimeout } = this.#values;
    if (requestTimeout !== null)
      this.#later(hand, Math.round(requestTimeout * 1e6), () => {
        this.#count("timed out");
        this.#finish(hand, "gateway-timeout");
      });
    const { link } = request.call.line;
    const unreadable = this.#world.versions.read(link, request.message, 1);
    if (unreadable !== "") this.#later(hand, 0, () => this.#finish(hand, unreadable));
    else this.#later(hand, Math.round(this.#hop.sample() * 1e6), () => this.#admit(hand));
    return "";
  }

  crash(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    const hands = this.#hands;
    this.#hands = [];
    for (const { request, timers, calls } of hands) {
      for (const timer of timers) cancel(timer);
      for (const call of calls) this.#world.calls.abandon(call);
      this.#world.calls.respond(request, "unavailable");
    }
    this.#measure();
  }

  restart(): void {
    this.#isUp = true;
    this.#cache = new Map();
    this.#buckets = new Map();
    this.#measure();
  }

  set(parameter: string, value: FieldValue): void {
    this.#values = { ...this.#values, [parameter]: value };
    if (parameter === "hopTime") {
      assert(isDistribution(value), "a time is a distribution.");
      this.#hop = createSampler(value, this.#world.random(this.#id, "hop"));
    }
    this.#measure();
  }

  #admit(hand: Hand): void {
    const { message } = hand.request;
    const { unauthorized, limitPerClient } = this.#values;
    if (this.#world.random(this.#id, "proofs").uniform() < unauthorized)
      return this.#finish(hand, this.#count("unauthorized"));
    const client = message.key?.text ?? "";
    if (limitPerClient && !this.#hasToken(client))
      return this.#finish(hand, this.#count("rate-limited"));
    const routes = this.#routesOf(message.link.contract);
    const name = `${message.link.contract} ${client}`;
    const isCached = this.#values.responseCache && routes.every(({ safe }) => safe);
    if (isCached) {
      const untilNs = this.#cache.get(name) ?? -Infinity;
      this.#cache.delete(name);
      if (untilNs > this.#world.now()) {
        this.#cache.set(name, untilNs);
        this.#count("cache hits");
        return this.#finish(hand, "");
      }
      this.#count("cache misses");
    }
    const alternatives = routes.filter(({ share }) => share === "alternative");
    const total = alternatives.reduce((sum, { weight }) => sum + weight, 0);
    if (total > 0) {
      const draw = this.#world.random(this.#id, "choices").uniform() * total;
      const sums = alternatives.map((_, i) =>
        alternatives.slice(0, i + 1).reduce((sum, { weight }) => sum + weight, 0),
      );
      const chosen = sums.findIndex((sum) => draw < sum);
      this.#ask(hand, alternatives.at(chosen)!.link, true);
    }
    for (const share of ["required", "optional"])
      for (const one of routes.filter((route) => route.share === share))
        this.#ask(hand, one.link, share === "required");
    if (hand.awaited === 0) this.#finish(hand, this.#count("no-route"));
  }

  #routesOf(contract: string) {
    return this.#world.scenario.connections
      .filter((link): link is CallConnection => link.kind === "call" && link.from === this.#id)
      .filter((link) => (link.after ?? [link.contract]).includes(contract))
      .map((link) => ({ link, ...valuesOf(routeFields, link.parameters ?? {}) }));
  }

  #hasToken(client: string): boolean {
    const nowNs = this.#world.now();
    const { clientBurst, clientRate } = this.#values;
    const bucket = this.#buckets.get(client) ?? { tokens: clientBurst, sinceNs: nowNs };
    this.#buckets.set(client, bucket);
    const grown = bucket.tokens + ((nowNs - bucket.sinceNs) * clientRate) / 1e9;
    bucket.tokens = Math.min(clientBurst, grown);
    bucket.sinceNs = nowNs;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  #ask(hand: Hand, link: CallConnection, isRequired: boolean): void {
    const { message } = hand.request;
    hand.awaited++;
    const own = this.#world.createMessage(link, message.key, message);
    const call = this.#world.calls.start(link, own, (failure) => {
      hand.calls.delete(call);
      if (!this.#hands.includes(hand)) return;
      hand.awaited--;
      if (failure !== "" && isRequired) return this.#finish(hand, `call-${failure}`);
      if (failure !== "") {
        this.#count("parts left out");
        hand.isPartial = true;
      }
      if (hand.awaited === 0) this.#answer(hand);
    });
    hand.calls.add(call);
  }

  #answer(hand: Hand): void {
    const { contract } = hand.request.message.link;
    const { key } = hand.request.message;
    const isSafe = this.#routesOf(contract).every(({ safe }) => safe);
    if (this.#values.responseCache && isSafe && !hand.isPartial) {
      const name = `${contract} ${key?.text ?? ""}`;
      this.#cache.delete(name);
      const [oldest] = this.#cache.keys();
      if (oldest !== undefined && this.#cache.size >= (this.#values.cacheSize ?? Infinity))
        this.#cache.delete(oldest);
      this.#cache.set(name, this.#world.now() + Math.round(this.#values.cacheTtl * 1e6));
    }
    this.#finish(hand, "");
  }

  #finish(hand: Hand, failure: string): void {
    const { request, timers } = hand;
    for (const timer of timers) cancel(timer);
    this.#hands = this.#hands.filter((other) => other !== hand);
    this.#world.bookHandled(this.#id, request.message, request.arrivedNs, failure);
    this.#measure();
    this.#world.calls.respond(request, failure);
  }

  #later(hand: Hand, delayNs: number, then: () => void): void {
    hand.timers.push(this.#world.events.after(delayNs, then));
  }

  #count(what: string): string {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
    return what;
  }

  #measure(): void {
    const busy = this.#hands.length;
    const history = this.#world.histories.get(this.#id)!;
    const nowNs = this.#world.now();
    history.workers.set(nowNs, this.#isUp ? Math.max(busy, this.#values.concurrency) : busy);
    history.busy.set(nowNs, busy);
    history.inside.set(nowNs, busy);
  }
}
