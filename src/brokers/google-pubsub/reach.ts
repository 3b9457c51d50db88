// Which publications can come to which channel: through topics, filters and dead-letter topics. May name a message that
// never comes in practice (a dead letter nobody makes), never misses one.

import { factsOf } from "../mechanisms/routing/messageFacts.ts";
import { subscriptionFields } from "./fields.ts";
import { passesFilter } from "./filter.ts";
import { attributesOf, filterOf, findTopic, subscriptionsOf } from "./routing.ts";
import { valuesOf } from "../../base/fields.ts";
import type { BrokerConfig, ChannelConfig, PublisherConfig, Reach } from "../technology.ts";

/** Which publications reach which channel, as far as the document tells. */
export function reachOfPubsub(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map(({ id }) => [id, new Set<string>()]));
  const open = config.publishers.flatMap((publisher) => {
    const topic = config.channels.find(({ index }) => index === publisher.channel);
    return topic === undefined ? [] : [{ publisher, topic }];
  });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { publisher, topic } = next;
    if (reach.get(topic.id)?.has(publisher.id) === true) continue;
    reach.get(topic.id)?.add(publisher.id);
    for (const subscription of subscriptionsOf(config, topic)) {
      if (!mayPass(publisher, subscription)) continue;
      reach.get(subscription.id)?.add(publisher.id);
      const deadLetters = deadLetterTopic(config, subscription);
      if (deadLetters !== undefined) open.push({ publisher, topic: deadLetters });
    }
  }
  return reach;
}

/** The topic into which the dead letters of a subscription are moved, where it names one. */
export function deadLetterTopic(
  config: BrokerConfig,
  channel: ChannelConfig,
): ChannelConfig | undefined {
  if (channel.kind !== "subscription") return undefined;
  const { dead_letter_topic: called } = valuesOf(subscriptionFields, channel.parameters);
  return called === "" ? undefined : findTopic(config, called);
}

/** Whether some message of a publisher passes the filter: any, where its attributes depend on the key. */
function mayPass(publisher: PublisherConfig, subscription: ChannelConfig): boolean {
  const filter = filterOf(subscription);
  const attributes = attributesOf(publisher);
  if (filter === undefined || attributes.usesKey) return true;
  return passesFilter(filter, factsOf(attributes, "", publisher.contract));
}
