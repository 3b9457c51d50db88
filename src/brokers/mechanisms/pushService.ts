// A managed service that takes messages by calls and pushes copies to its subscriptions, with queues for dead letters beside
// it: what SNS and EventBridge have in common. The technology says who gets a message and when.

import type { FieldValue } from "../../base/fields.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { Account, Broker, BrokerContext, Verdict } from "../technology.ts";
import { type DeadLetterQueue, DeadLetterQueues } from "./deadLetterQueues.ts";
import { Push } from "./push.ts";
import { endpointGone, type PushRoute } from "./pushRoute.ts";
import { type Quota, Quotas } from "./quotas.ts";
import { type Caller, ServiceCalls } from "./serviceCalls.ts";
import { Zones, type ZoneSettings } from "./zones.ts";

/** Timer code; the mechanisms that it is made of have others. */
const FAN_OUT = 51;

/** A subscription that is pushed to. */
export interface ServiceRoute extends Omit<PushRoute, "account" | "hasDeadLetters"> {
  /** Index of the channel over the run. */
  readonly channel: number;
  /** Time from acceptance to the first attempt, drawn evenly between these for each copy [ns]. */
  readonly fanOutFromNs: number;
  readonly fanOutToNs: number;
  /** Position of the queue for what is given up, and for that whose endpoint is gone; -1: it is dropped. */
  readonly deadLetters: number;
  readonly deadLettersIfGone: number;
}

/** A service as a technology describes it. */
export interface PushServiceSettings {
  readonly zones: ZoneSettings;
  readonly quotas: readonly Quota[];
  /** By the index of the publisher. */
  readonly callers: readonly (Caller | undefined)[];
  readonly routes: readonly ServiceRoute[];
  readonly queues: readonly DeadLetterQueue[];
}

/** What a technology decides while it runs. */
export interface PushServiceRules {
  /** Channel that a publisher publishes to. */
  channelOf(publisher: number): number;
  /** Positions of the routes that get a copy of a message. */
  routesOf(publisher: number, message: number): readonly number[];
  /** Whether a message that was accepted is delivered, not the repetition of one that was. */
  isNew(publisher: number, message: number): boolean;
  /** A live parameter has changed. */
  set(element: string, parameter: string, value: FieldValue): void;
}

/** One running service. */
export class PushService implements Broker {
  readonly #context: BrokerContext;
  readonly #settings: PushServiceSettings;
  readonly #zones: Zones;
  readonly #calls: ServiceCalls;
  readonly #queues: DeadLetterQueues;
  readonly #push: Push;
  readonly #random: RandomStream;
  readonly #accounts: readonly Account[];
  readonly #rules: PushServiceRules;

  /** `rulesOf` makes the rules; what they change goes through the push it is given. */
  constructor(
    context: BrokerContext,
    settings: PushServiceSettings,
    rulesOf: (push: Push, quotas: Quotas) => PushServiceRules,
  ) {
    const { id } = settings.zones;
    const { zones, quotas: allowed, callers, queues } = settings;
    this.#context = context;
    this.#settings = settings;
    this.#zones = new Zones(zones, context);
    this.#random = context.random("fan-out");
    const routes = settings.routes.map((route) => ({
      ...route,
      account: context.openAccount(route.channel, route.subscription),
      hasDeadLetters: route.deadLetters >= 0,
      hasDeadLettersIfGone: route.deadLettersIfGone >= 0,
    }));
    this.#accounts = routes.map(({ account }) => account);
    this.#push = new Push(context, { name: `${id}.push`, routes, owner: this });
    this.#queues = new DeadLetterQueues(context, { name: `${id}.deadLetters`, queues });
    const quotas = new Quotas(context, `${id}.quotas`, allowed);
    this.#calls = new ServiceCalls(context, {
      name: `${id}.calls`,
      callers,
      zones: this.#zones,
      quotas,
      service: this,
    });
    this.#rules = rulesOf(this.#push, quotas);
  }

  start(): void {
    // Endpoints have joined; nothing is left to do.
  }

  publish(publisher: number, message: number): void {
    this.#calls.send(publisher, message);
  }

  /** A message was accepted: its copies are sent after a while. */
  accepted(publisher: number, message: number): void {
    const isNew = this.#rules.isNew(publisher, message);
    const channel = this.#rules.channelOf(publisher);
    const routes = this.#rules.routesOf(publisher, message);
    if (routes.length === 0) this.#context.unroutable(channel, message);
    else this.#context.stored(channel, message, -1, -1);
    for (const route of routes) {
      if (!isNew) {
        this.#leaveOut(route, message);
        continue;
      }
      const { fanOutFromNs: fromNs, fanOutToNs: toNs } = this.#settings.routes[route]!;
      const drawnNs = fromNs === toNs ? 0 : Math.round(this.#random.uniform() * (toNs - fromNs));
      this.#context.retain(message);
      this.#context.schedule(fromNs + drawnNs, FAN_OUT, route, message);
    }
  }

  /** A repetition: accepted like any other, and never delivered. */
  #leaveOut(route: number, message: number): void {
    const account = this.#accounts[route]!;
    this.#context.routed(account, message);
    this.#context.dropped(account, message, "duplicate-id");
  }

  /** What could not be delivered goes into the queue of its subscription. */
  deadLetter(route: number, message: number, reason: string): void {
    const { deadLetters, deadLettersIfGone } = this.#settings.routes[route]!;
    this.#queues.put(reason === endpointGone ? deadLettersIfGone : deadLetters, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    this.#of(this.#context.deliverySubscription(delivery)).settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    this.#of(subscription).join(subscription, worker);
  }

  leave(subscription: number, worker: number): void {
    this.#of(subscription).leave(subscription, worker);
  }

  wake(code: number, a: number, b: number): void {
    if (code === FAN_OUT) {
      this.#push.offer(a, b);
      this.#context.release(b);
    } else if (!this.#push.wake(code, a, b) && !this.#calls.wake(code, a, b))
      this.#queues.wake(code, a, b);
  }

  crashNode(zone: number): void {
    if (this.#zones.isUp(zone)) this.#zones.crash(zone);
  }

  restartNode(zone: number): void {
    if (!this.#zones.isUp(zone)) this.#zones.restart(zone);
  }

  isolateNode(zone: number, isolated: boolean): void {
    this.#zones.isolate(zone, isolated);
  }

  slowNode(zone: number, factor: number): void {
    this.#zones.slow(zone, factor);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    this.#rules.set(element, parameter, value);
  }

  waiting(subscription: number): number {
    const route = this.#push.routeOf(subscription);
    if (route >= 0) return this.#push.waiting(route);
    return this.#queues.waiting(this.#queues.queueOf(subscription));
  }

  oldestNs(subscription: number): number {
    const route = this.#push.routeOf(subscription);
    if (route >= 0) return this.#push.oldestNs(route);
    return this.#queues.oldestNs(this.#queues.queueOf(subscription));
  }

  blocked(subscription: number): string {
    const route = this.#push.routeOf(subscription);
    if (route >= 0) return this.#push.blocked(route);
    return this.#queues.blocked(this.#queues.queueOf(subscription));
  }

  depths(channel: number): readonly number[] {
    const queue = this.#queues.queueAt(channel);
    if (queue >= 0) return [this.#queues.waiting(queue)];
    const waiting = this.#settings.routes.flatMap((route, at) =>
      route.channel === channel ? [this.#push.waiting(at)] : [],
    );
    return waiting.length === 0 ? [] : [waiting.reduce((sum, one) => sum + one, 0)];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    const { zones } = this.#settings.zones;
    return Array.from({ length: zones }, (_, zone) => ({ up: this.#zones.isUp(zone), leads: 0 }));
  }

  /** The mechanism that serves a subscription. */
  #of(subscription: number): Push | DeadLetterQueues {
    return this.#push.routeOf(subscription) >= 0 ? this.#push : this.#queues;
  }
}
