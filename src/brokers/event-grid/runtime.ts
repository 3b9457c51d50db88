// The running Event Grid: takes events of publishers, filters them, and pushes them to the endpoints of subscriptions. All
// state is in the arena.

import { valuesOf } from "../../base/fields.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import { NO_CONCURRENCY_LIMIT, type PushRoute } from "../mechanisms/pushRoute.ts";
import { Push } from "../mechanisms/push.ts";
import { Quotas, RetriedRequests } from "../mechanisms/quotas.ts";
import { PerKey } from "../mechanisms/routing/perKey.ts";
import { Zones } from "../mechanisms/zones.ts";
import {
  clusterFields,
  consumeFields,
  eventBytesMax,
  publishFields,
  subscriptionFields,
  topicFields,
} from "./fields.ts";
import { findContainer, matcherOf, usesKey } from "./routing.ts";
import {
  deadLetterDelayNs,
  failuresBeforeDelay,
  isSuccess,
  longestDelayNs,
  responseNs,
  scheduleFor,
} from "./schedule.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";

/** Timer codes: an event comes to its topic (publisher, message), again (request), is confirmed (publisher, message); a dead
 *  letter is written (channel). */
const RECEIVE = 1;
const AGAIN = 2;
const CONFIRM = 3;
const WRITTEN = 4;

const NS_PER_MS = 1e6;

/** How Azure's client libraries try again: three times, after 0.8 s, doubling up to a minute. */
const clientRetry = { retries: 3, firstNs: 8e8, mostNs: 6e10 };

interface Publisher {
  readonly at: number;
  readonly channel: number;
  /** Position of its topic among the channels. */
  readonly topic: number;
  readonly latencyNs: number;
}

/** One Event Grid in a run. */
export class EventGridBroker implements Broker {
  readonly #context: BrokerContext;
  readonly #config: BrokerConfig;
  readonly #zones: Zones;
  readonly #quotas: Quotas;
  readonly #requests: RetriedRequests;
  readonly #push: Push;
  readonly #publishers: readonly (Publisher | undefined)[];
  /** Per route: index of the container of its dead letters, -1 without; whether its answers on success are one. */
  readonly #containers: readonly number[];
  readonly #succeeds: readonly boolean[];
  /** Per publisher: routes of those subscriptions that get its events. */
  readonly #routes: PerKey<readonly number[]>;
  readonly #keyText: (key: number) => string;
  /** Per channel: dead letters in a container. */
  readonly #letters: Int32Column;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const { arena } = context;
    const { id, channels } = config;
    const cluster = valuesOf(clusterFields, config.parameters);
    this.#context = context;
    this.#config = config;
    this.#keyText = (key) => context.keyText(key);
    const detectionNs = Math.round(cluster.zone_detection * NS_PER_MS);
    this.#zones = new Zones({ id, zones: cluster.zones, detectionNs }, context);
    this.#quotas = new Quotas(
      context,
      `${id}.ingress`,
      channels.map(({ kind, parameters }) => {
        const perS = kind === "topic" ? valuesOf(topicFields, parameters).ingress : Infinity;
        return { perS, burst: perS, refill: "each second" };
      }),
    );
    this.#requests = new RetriedRequests(context, `${id}.requests`, AGAIN);
    const routes = routesOf(config, context);
    this.#containers = routes.map(({ container }) => container);
    this.#succeeds = routes.map(({ succeeds }) => succeeds);
    const owner = {
      deadLetter: (route: number, message: number) => this.#keep(route, message),
    };
    this.#push = new Push(context, {
      name: `${id}.push`,
      routes: routes.map(({ route }) => route),
      owner,
    });
    this.#letters = arena.int32(`${id}.letters`, channels.length);
    this.#publishers = publishersOf(config);
    const matchers = config.publishers.map((publisher) => matcherOf(config, publisher));
    this.#routes = new PerKey(config.publishers.map(usesKey), (slot, key) =>
      matchers[slot]!(key).flatMap(({ index }) => {
        const route = routes.findIndex(({ channel }) => channel === index);
        return route < 0 ? [] : [route];
      }),
    );
  }

  start(): void {
    // Endpoints have joined; nothing is left to do.
  }

  publish(publisher: number, message: number): void {
    if (this.#context.sizeOf(message) > eventBytesMax)
      this.#context.refused(publisher, message, "event-too-large");
    else this.#travel(publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    const route = this.#push.routeOf(this.#context.deliverySubscription(delivery));
    const isTaken = verdict !== "done" || this.#succeeds[route] === true;
    this.#push.settle(delivery, isTaken ? verdict : "failed");
  }

  join(subscription: number, worker: number): void {
    this.#push.join(subscription, worker);
  }

  leave(subscription: number, worker: number, _how: Departure): void {
    this.#push.leave(subscription, worker);
  }

  wake(code: number, a: number, b: number): void {
    if (this.#push.wake(code, a, b)) return;
    if (code === RECEIVE) this.#receive(a, b, 1);
    else if (code === CONFIRM) this.#context.confirmed(a, b);
    else if (code === WRITTEN) this.#letters.data[a]!++;
    else {
      const [publisher, message] = [this.#requests.publisher(a), this.#requests.message(a)];
      const attempt = this.#requests.attempt(a);
      this.#requests.free(a);
      this.#receive(publisher, message, attempt);
    }
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

  set(): void {
    // No parameter may change during a run.
  }

  waiting(subscription: number): number {
    return this.#push.waiting(this.#push.routeOf(subscription));
  }

  oldestNs(subscription: number): number {
    return this.#push.oldestNs(this.#push.routeOf(subscription));
  }

  blocked(subscription: number): string {
    return this.#push.blocked(this.#push.routeOf(subscription));
  }

  depths(channel: number): readonly number[] {
    const at = this.#config.channels.findIndex(({ index }) => index === channel);
    const kind = this.#config.channels[at]?.kind;
    if (kind === "container") return [this.#letters.data[at]!];
    const endpoint = this.#config.subscriptions.find((one) => one.channel === channel);
    return kind === "subscription" && endpoint !== undefined ? [this.waiting(endpoint.index)] : [];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    const { zones } = valuesOf(clusterFields, this.#config.parameters);
    return Array.from({ length: zones }, (_, zone) => ({ up: this.#zones.isUp(zone), leads: 0 }));
  }

  #travel(publisher: number, message: number): void {
    const { latencyNs } = this.#publishers[publisher]!;
    this.#context.schedule(latencyNs, RECEIVE, publisher, message);
  }

  /** An event has come to its topic. */
  #receive(publisher: number, message: number, attempt: number): void {
    const { at, topic, channel, latencyNs } = this.#publishers[publisher]!;
    const factor = this.#zones.ask();
    if (factor === 0 || !this.#quotas.take(topic, 1)) {
      if (this.#requests.again(clientRetry, publisher, message, attempt)) return;
      this.#context.refused(publisher, message, factor === 0 ? "unavailable" : "throttled");
      return;
    }
    this.#context.schedule(Math.round(latencyNs * factor), CONFIRM, publisher, message);
    const isBound = this.#config.bindings.some(({ from }) => from === channel);
    if (isBound) this.#context.stored(channel, message, -1, -1);
    else this.#context.unroutable(channel, message);
    const routes = this.#routes.get(at, this.#context.keyOf(message), this.#keyText);
    for (const route of routes) this.#push.offer(route, message);
  }

  /** An event was given up: some minutes later it is written into the container. */
  #keep(route: number, message: number): void {
    const container = this.#containers[route]!;
    const at = this.#config.channels.findIndex(({ index }) => index === container);
    this.#context.stored(container, message, -1, -1);
    this.#context.schedule(deadLetterDelayNs, WRITTEN, at, 0);
  }
}

function publishersOf(config: BrokerConfig): readonly (Publisher | undefined)[] {
  const byIndex: (Publisher | undefined)[] = [];
  config.publishers.forEach((publisher, at) => {
    while (byIndex.length <= publisher.index) byIndex.push(undefined);
    byIndex[publisher.index] = {
      at,
      channel: publisher.channel,
      topic: config.channels.findIndex(({ index }) => index === publisher.channel),
      latencyNs: Math.round(valuesOf(publishFields, publisher.parameters).latency * NS_PER_MS),
    };
  });
  return byIndex;
}

interface Route {
  readonly channel: number;
  readonly container: number;
  readonly succeeds: boolean;
  readonly route: PushRoute;
}

/** A route for every endpoint. Opens their accounts. */
function routesOf(config: BrokerConfig, context: BrokerContext): readonly Route[] {
  return config.subscriptions.map(({ index, channel, parameters }) => {
    const endpoint = valuesOf(consumeFields, parameters);
    const own = config.channels.find((one) => one.index === channel);
    const values = valuesOf(subscriptionFields, own?.parameters ?? {});
    const limits = {
      attempts: values.maxDeliveryAttempts,
      ageNs: Math.round(values.eventTimeToLiveInMinutes * NS_PER_MS),
    };
    const called = values.deadLetterDestination;
    const container = called === "" ? undefined : findContainer(config, called);
    // One that nobody can reach is tried again like one that answers 500.
    const onUnavailable = scheduleFor(500, limits);
    const { failure_status: status } = endpoint;
    const isUsual = isSuccess(status) || status === 500;
    return {
      channel,
      container: container?.index ?? -1,
      succeeds: isSuccess(endpoint.success_status),
      route: {
        subscription: index,
        account: context.openAccount(channel, index),
        latencyNs: Math.round(endpoint.latency * NS_PER_MS),
        timeoutNs: responseNs,
        concurrency: NO_CONCURRENCY_LIMIT,
        ratePerS: Infinity,
        isOrdered: false,
        onError: isUsual ? onUnavailable : scheduleFor(status, limits),
        onUnavailable,
        hasDeadLetters: container !== undefined,
        duplicates: 0,
        ...(values.delayed_delivery !== null && {
          probation: {
            failures: failuresBeforeDelay,
            firstNs: Math.round(values.delayed_delivery * NS_PER_MS),
            mostNs: longestDelayNs,
          },
        }),
      },
    };
  });
}
