// The running SNS: a service that pushes, with filter policies at its subscriptions and a memory of ids for FIFO topics.

import { type FieldValue, valuesOf } from "../../base/fields.ts";
import { DeduplicationWindow } from "../mechanisms/deduplication.ts";
import type { Push } from "../mechanisms/push.ts";
import { PushService, type PushServiceRules } from "../mechanisms/pushService.ts";
import type { Quotas } from "../mechanisms/quotas.ts";
import { PerKey } from "../mechanisms/routing/perKey.ts";
import type {
  Broker,
  BrokerConfig,
  BrokerContext,
  PublisherConfig,
  SubscriptionConfig,
} from "../technology.ts";
import { consumeFields, publishFields } from "./fields.ts";
import { accepts, factsFor, readPolicy, usesKey } from "./filterPolicy.ts";
import { fifoTopics, settingsOf, subscriptionsOf } from "./settings.ts";

const WINDOW_NS = 300e9;

/** Opens a running SNS. */
export function openSns(config: BrokerConfig, context: BrokerContext): Broker {
  return new PushService(
    context,
    settingsOf(config),
    (push, quotas) => new TopicRules(config, context, { push, quotas }),
  );
}

/** The ids of one publisher: one id, or one per key, in a lane that publishers of the same topic and text share. */
interface Ids {
  readonly lane: number;
  readonly usesKey: boolean;
}

class TopicRules implements PushServiceRules {
  readonly #config: BrokerConfig;
  readonly #context: BrokerContext;
  readonly #push: Push;
  readonly #quotas: Quotas;
  readonly #subscriptions: readonly SubscriptionConfig[];
  /** By the index of the publisher; no ids: every message has one of its own. */
  readonly #publishers: readonly (PublisherConfig | undefined)[];
  readonly #ids: readonly (Ids | undefined)[];
  readonly #window: DeduplicationWindow;
  /** Routes by publisher; derived. */
  readonly #routes: PerKey<readonly number[]>;
  readonly #keyText: (key: number) => string;

  constructor(
    config: BrokerConfig,
    context: BrokerContext,
    parts: { readonly push: Push; readonly quotas: Quotas },
  ) {
    this.#config = config;
    this.#context = context;
    this.#push = parts.push;
    this.#quotas = parts.quotas;
    this.#subscriptions = subscriptionsOf(config);
    const last = Math.max(-1, ...config.publishers.map(({ index }) => index));
    this.#publishers = Array.from({ length: last + 1 }, (_, index) =>
      config.publishers.find((publisher) => publisher.index === index),
    );
    const lanes = lanesOf(config);
    this.#ids = this.#publishers.map((one) => one && idsOf(one, lanes));
    this.#window = new DeduplicationWindow(context.arena, `${config.id}.ids`, {
      lanes: lanes.length,
      windowNs: WINDOW_NS,
    });
    this.#keyText = (key) => context.keyText(key);
    this.#subscriptions.forEach(({ parameters }, route) => {
      this.#push.setGone(route, parameters["endpoint"] === "gone");
    });
    const depends = this.#publishers.map((one) => one !== undefined && usesKey(one));
    this.#routes = new PerKey(depends, (publisher, key) => this.#find(publisher, key));
  }

  channelOf(publisher: number): number {
    return this.#publishers[publisher]!.channel;
  }

  routesOf(publisher: number, message: number): readonly number[] {
    return this.#routes.get(publisher, this.#context.keyOf(message), this.#keyText);
  }

  isNew(publisher: number, message: number): boolean {
    const ids = this.#ids[publisher];
    if (ids === undefined) return true;
    const id = ids.usesKey ? this.#context.keyOf(message) + 1 : 0;
    return this.#window.accept(ids.lane, id, this.#context.now());
  }

  set(element: string, parameter: string, value: FieldValue): void {
    const route = this.#subscriptions.findIndex(({ id }) => id === element);
    if (parameter === "endpoint") this.#push.setGone(route, value === "gone");
    if (parameter === "maxReceivesPerSecond" && this.#isHttps(route))
      this.#push.setRate(route, value === null ? Infinity : Number(value));
    if (parameter === "publish_quota") this.#quotas.change(0, Number(value), Number(value));
    if (parameter === "fifo_publish_quota")
      fifoTopics(this.#config).forEach((_, at) => {
        this.#quotas.change(at + 1, Number(value), Number(value));
      });
  }

  #isHttps(route: number): boolean {
    return this.#subscriptions[route]?.parameters["Protocol"] === "https";
  }

  #find(publisher: number, key: string): readonly number[] {
    const from = this.#publishers[publisher]!;
    return this.#subscriptions.flatMap(({ channel, parameters }, route) => {
      const { FilterPolicy, FilterPolicyScope: scope } = valuesOf(consumeFields, parameters);
      if (channel !== from.channel) return [];
      return accepts(readPolicy(FilterPolicy, scope), factsFor(from, scope, key)) ? [route] : [];
    });
  }
}

/** Every pair of a FIFO topic and a text of ids that occurs. */
function lanesOf(config: BrokerConfig): readonly string[] {
  const fifo = fifoTopics(config).map(({ index }) => index);
  const lanes = config.publishers
    .filter(({ channel }) => fifo.includes(channel))
    .map((publisher) => laneOf(publisher));
  return [...new Set(lanes)];
}

function laneOf({ channel, parameters }: PublisherConfig): string {
  return JSON.stringify([channel, valuesOf(publishFields, parameters).MessageDeduplicationId]);
}

function idsOf(publisher: PublisherConfig, lanes: readonly string[]): Ids | undefined {
  const text = valuesOf(publishFields, publisher.parameters).MessageDeduplicationId;
  const lane = lanes.indexOf(laneOf(publisher));
  return text === "" || lane < 0 ? undefined : { lane, usesKey: text.includes("{key}") };
}
