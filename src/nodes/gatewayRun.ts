// An API gateway in a run. A request in hand goes through authentication, limit and cache, then calls are made for it,
// each a part of its own; the answer is as late as the last part, and fails with the first required one.

import { assert } from "../base/assert.ts";
import { type FieldValue, isDistribution, type ValuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import { LiveSampler } from "../kernel/liveSampler.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { StationContext } from "./context.ts";
import { Counters } from "./counters.ts";
import type { gateway } from "./gateway.ts";
import { GatewayHands } from "./gatewayHands.ts";
import { LiveNumbers } from "./liveNumbers.ts";
import { ClientLimit } from "./patterns/clientLimit.ts";
import { MISS, TtlCache } from "./patterns/ttlCache.ts";
import type { Station } from "./station.ts";

/** What follows a request of one contract: rows of its outgoing calls. */
export interface Route {
  /** One of them is called; `upTo` are the sums of their weights. */
  readonly alternatives: readonly number[];
  readonly upTo: readonly number[];
  readonly required: readonly number[];
  readonly optional: readonly number[];
  readonly isSafe: boolean;
}

/** A gateway as the run needs it. */
export interface GatewayPlan {
  readonly id: string;
  readonly values: ValuesOf<(typeof gateway)["fields"]>;
  /** By row of the contract. */
  readonly routes: readonly Route[];
  /** Whether it may get requests that it cannot read, because their contract has several versions. */
  readonly readsVersions: boolean;
}

// Timers.
const ROUTE = 0;
const UNREADABLE = 1;
const TIMEOUT = 2;

const live = [
  "concurrency",
  "unauthorized",
  "limitPerClient",
  "requestTimeout",
  "responseCache",
] as const;
const counted = [
  "overloaded",
  "unauthorized",
  "rate-limited",
  "no-route",
  "timed out",
  "cache hits",
  "cache misses",
  "parts left out",
] as const;

/** The running gateway. */
export class GatewayRun implements Station {
  readonly #plan: GatewayPlan;
  readonly #context: StationContext;
  readonly #settings: LiveNumbers<(typeof live)[number]>;
  readonly #counters: Counters<(typeof counted)[number]>;
  readonly #hop: LiveSampler;
  readonly #proofs: RandomStream;
  readonly #choices: RandomStream;
  readonly #limit: ClientLimit;
  readonly #cache: TtlCache;
  readonly #hands: GatewayHands;
  /** Never grows: the array itself is kept. */
  readonly #isDown: Int32Array;

  constructor(plan: GatewayPlan, context: StationContext) {
    const { arena } = context;
    const { id, values } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#settings = new LiveNumbers(arena, id, live, values);
    this.#counters = new Counters(arena, id, counted);
    this.#hop = new LiveSampler(arena, `${id}/hop`, values.hopTime, context.random("hop"));
    this.#proofs = context.random("proofs");
    this.#choices = context.random("choices");
    this.#limit = new ClientLimit(arena, id, values);
    this.#cache = new TtlCache(arena, `${id}/cache`, values.cacheSize ?? Infinity);
    this.#hands = new GatewayHands(arena, id);
    this.#isDown = arena.int32(`${id}/down`, 1).data;
  }

  start(): void {
    this.#measure();
  }

  isUp(): boolean {
    return this.#isDown[0] === 0;
  }

  workers(): number {
    return this.#settings.get("concurrency");
  }

  busy(): number {
    return this.#hands.size();
  }

  inside(): number {
    return this.#hands.size();
  }

  counts(): Readonly<Record<string, number>> {
    return this.#counters.all();
  }

  accept(request: number): string {
    if (!this.isUp()) return "unavailable";
    if (this.busy() >= this.workers()) {
      this.#counters.add("overloaded");
      return "overloaded";
    }
    const hand = this.#hands.take(request);
    this.#measure();
    this.#context.started(this.#context.messageOfRequest(request), 1, hand);
    const life = this.#hands.life(hand);
    const timeoutMs = this.#settings.get("requestTimeout");
    if (timeoutMs !== Infinity) this.#context.schedule(msToNs(timeoutMs), TIMEOUT, hand, life);
    const isReadable =
      !this.#plan.readsVersions || this.#context.unreadableRequest(request, 1) === "";
    if (isReadable) this.#context.schedule(msToNs(this.#hop.sample()), ROUTE, hand, life);
    else this.#context.schedule(0, UNREADABLE, hand, life);
    return "";
  }

  wake(code: number, hand: number, life: number): void {
    if (!this.#hands.lives(hand, life)) return;
    if (code === ROUTE) this.#admit(hand);
    else if (code === UNREADABLE)
      this.#finish(hand, this.#context.unreadableRequest(this.#hands.request(hand), 0));
    else {
      this.#counters.add("timed out");
      this.#finish(hand, "gateway-timeout");
    }
  }

  answered(part: number, life: number, failure: string): void {
    const hand = this.#hands.endPart(part, life);
    if (hand < 0) return;
    if (failure !== "" && this.#hands.isRequired(part))
      return this.#finish(hand, `call-${failure}`);
    if (failure !== "") {
      this.#counters.add("parts left out");
      this.#hands.leaveOut(hand);
    }
    if (this.#hands.open(hand) === 0) this.#answer(hand);
  }

  crash(): void {
    if (!this.isUp()) return;
    this.#isDown[0] = 1;
    for (const hand of this.#hands.inOrder()) {
      const request = this.#hands.request(hand);
      for (const call of this.#hands.openCalls(hand)) this.#context.abandonCall(call);
      this.#hands.give(hand);
      this.#context.respond(request, "unavailable");
    }
    this.#measure();
  }

  /** Comes back with an empty cache and full buckets. */
  restart(): void {
    this.#isDown[0] = 0;
    this.#cache.clear();
    this.#limit.clear();
    this.#measure();
  }

  set(parameter: string, value: FieldValue): void {
    this.#settings.set(parameter, value);
    if (parameter === "hopTime") {
      assert(isDistribution(value), "the value of a distribution field is a distribution.");
      this.#hop.set(value);
    }
    this.#measure();
  }

  deliver(): void {
    throw new Error("A gateway consumes nothing.");
  }

  published(): void {
    throw new Error("A gateway publishes nothing.");
  }

  // A request on its way.

  #admit(hand: number): void {
    const message = this.#message(hand);
    const isStranger = this.#proofs.uniform() < this.#settings.get("unauthorized");
    if (isStranger) return this.#refuse(hand, "unauthorized");
    if (this.#settings.get("limitPerClient") === 1) {
      const key = this.#context.sharedKeyOf(message);
      if (!this.#limit.admits(key, this.#context.now())) return this.#refuse(hand, "rate-limited");
    }
    if (this.#isCached(message)) {
      const contract = this.#context.contractOf(message);
      const value = this.#cache.get(
        contract,
        this.#context.sharedKeyOf(message),
        this.#context.now(),
      );
      this.#counters.add(value === MISS ? "cache misses" : "cache hits");
      if (value !== MISS) return this.#finish(hand, "");
    }
    this.#ask(hand, this.#plan.routes[this.#context.contractOf(message)]!);
  }

  #ask(hand: number, route: Route): void {
    const chosen = this.#choose(route);
    if (chosen >= 0) this.#call(hand, chosen, true);
    for (const connection of route.required) this.#call(hand, connection, true);
    for (const connection of route.optional) this.#call(hand, connection, false);
    if (this.#hands.open(hand) === 0) this.#refuse(hand, "no-route");
  }

  #choose({ alternatives, upTo }: Route): number {
    const total = upTo.at(-1) ?? 0;
    if (total === 0) return -1;
    const draw = this.#choices.uniform() * total;
    return alternatives[upTo.findIndex((limit) => draw < limit)] ?? alternatives.at(-1)!;
  }

  #call(hand: number, connection: number, isRequired: boolean): void {
    const part = this.#hands.addPart(hand, isRequired);
    const life = this.#hands.lifeOfPart(part);
    const call = this.#context.call(connection, this.#message(hand), part, life);
    this.#hands.setCall(part, call);
  }

  /** All parts are there, or left out. */
  #answer(hand: number): void {
    const message = this.#message(hand);
    if (this.#isCached(message) && this.#hands.isComplete(hand)) {
      const contract = this.#context.contractOf(message);
      const untilNs = this.#context.now() + msToNs(this.#plan.values.cacheTtl);
      this.#cache.put(contract, this.#context.sharedKeyOf(message), 0, untilNs);
    }
    this.#finish(hand, "");
  }

  #refuse(hand: number, reason: "unauthorized" | "rate-limited" | "no-route"): void {
    this.#counters.add(reason);
    this.#finish(hand, reason);
  }

  /** Calls that are still under way go on; nobody waits for them any more. */
  #finish(hand: number, failure: string): void {
    const request = this.#hands.request(hand);
    this.#hands.give(hand);
    this.#context.handledRequest(request, failure, hand);
    this.#measure();
    this.#context.respond(request, failure);
  }

  // Small things.

  #message(hand: number): number {
    return this.#context.messageOfRequest(this.#hands.request(hand));
  }

  #isCached(message: number): boolean {
    const isOn = this.#settings.get("responseCache") === 1;
    return isOn && this.#plan.routes[this.#context.contractOf(message)]!.isSafe;
  }

  #measure(): void {
    const busy = this.busy();
    this.#context.staffed(this.isUp() ? Math.max(busy, this.workers()) : busy, busy);
    this.#context.occupied(busy);
  }
}
