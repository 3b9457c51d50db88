// Which subscriptions get a copy of what is published to a topic: those that belong to it and whose filter lets the
// message pass. Everything here is a pure function of the configuration; what was found may be forgotten.

import { valuesOf } from "../../base/fields.ts";
import {
  factsOf,
  type FactsTemplate,
  noFacts,
  parseFacts,
} from "../mechanisms/routing/messageFacts.ts";
import { PerKey } from "../mechanisms/routing/perKey.ts";
import { publishFields, subscriptionFields } from "./fields.ts";
import { type Filter, parseFilter, passesFilter } from "./filter.ts";
import type { BrokerConfig, ChannelConfig, PublisherConfig } from "../technology.ts";

/** A topic by id or, failing that, by name. */
export function findTopic(config: BrokerConfig, called: string): ChannelConfig | undefined {
  const topics = config.channels.filter(({ kind }) => kind === "topic");
  return topics.find(({ id }) => id === called) ?? topics.find(({ name }) => name === called);
}

/** The subscriptions of a topic, in the order of the document. */
export function subscriptionsOf(
  config: BrokerConfig,
  topic: ChannelConfig,
): readonly ChannelConfig[] {
  const bound = new Set(
    config.bindings.flatMap(({ from, to }) => (from === topic.index ? [to] : [])),
  );
  return config.channels.filter(({ kind, index }) => kind === "subscription" && bound.has(index));
}

/** The filter of a subscription; undefined when it has none, or one that cannot be read (the check says so). */
export function filterOf(subscription: ChannelConfig): Filter | undefined {
  const { filter } = valuesOf(subscriptionFields, subscription.parameters);
  if (filter.trim() === "") return undefined;
  const parsed = parseFilter(filter);
  return parsed.ok ? parsed.value : undefined;
}

/** What a publisher states about its messages; nothing when that cannot be read (the check says so). */
export function attributesOf(publisher: PublisherConfig): FactsTemplate {
  const parsed = parseFacts(valuesOf(publishFields, publisher.parameters).attributes);
  return parsed.ok ? parsed.value : noFacts;
}

/** The routes of one broker. Topics are positions in `config.channels`, publishers in `config.publishers`, subscriptions
 *  among the channels that are one. */
export class Router {
  readonly #routes: PerKey<readonly number[]>;
  readonly #topics: number;
  readonly #keyText: (key: number) => string;

  constructor(config: BrokerConfig, keyText: (key: number) => string) {
    const attributes = config.publishers.map((publisher) => attributesOf(publisher));
    const subscriptions = config.channels.filter(({ kind }) => kind === "subscription");
    const filters = subscriptions.map((subscription) => filterOf(subscription));
    const bound = config.channels.map((topic) =>
      subscriptionsOf(config, topic).map((one) => subscriptions.indexOf(one)),
    );
    this.#topics = config.channels.length;
    this.#keyText = keyText;
    const dependsOnKey = attributes.flatMap(({ usesKey }) => config.channels.map(() => usesKey));
    this.#routes = new PerKey(dependsOnKey, (slot, key) => {
      const publisher = Math.floor(slot / this.#topics);
      const { contract } = config.publishers[publisher]!;
      const facts = factsOf(attributes[publisher]!, key, contract);
      return bound[slot % this.#topics]!.filter((subscription) => {
        const filter = filters[subscription];
        return filter === undefined || passesFilter(filter, facts);
      });
    });
  }

  /** The subscriptions that get a message of a publisher from a topic. `key`: -1 without one. */
  route(topic: number, publisher: number, key: number): readonly number[] {
    return this.#routes.get(publisher * this.#topics + topic, key, this.#keyText);
  }
}
