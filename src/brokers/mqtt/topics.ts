// Names and filters of MQTT: what a document says of them, and who gets what is published. Pure functions of the
// configuration.

import { valuesOf } from "../../base/fields.ts";
import { filledText } from "../mechanisms/routing/messageFacts.ts";
import { matchesTopic, mqttTopics, topicLevels } from "../mechanisms/routing/topicPattern.ts";
import { consumeFields, publishFields, topicFields } from "./fields.ts";
import type { BrokerConfig, PublisherConfig, SubscriptionConfig } from "../technology.ts";

/** The topic of a channel. */
export function topicOfChannel(config: BrokerConfig, index: number): string {
  const channel = config.channels.find((one) => one.index === index);
  if (channel === undefined) return "";
  const { topic } = valuesOf(topicFields, channel.parameters);
  return topic === "" ? channel.name : topic;
}

/** The topic that a publisher states, placeholders still in it. */
export function topicTemplate(config: BrokerConfig, publisher: PublisherConfig): string {
  const { topic } = valuesOf(publishFields, publisher.parameters);
  return topic === "" ? topicOfChannel(config, publisher.channel) : topic;
}

/** The filter of a subscription, without `$share`. */
export function filterOf(config: BrokerConfig, subscription: SubscriptionConfig): string {
  const { filter } = valuesOf(consumeFields, subscription.parameters);
  return filter === "" ? topicOfChannel(config, subscription.channel) : filter;
}

/** The topic under which a publisher's message with this key goes out. */
export function topicOf(template: string, key: string, event: string): string {
  return filledText(template, key, event);
}

/** Whether a topic fits a filter; both must be without fault. */
export function fits(filter: string, topic: string): boolean {
  return matchesTopic(mqttTopics, topicLevels(mqttTopics, filter), topicLevels(mqttTopics, topic));
}

/** Whether some topic of a publisher, whatever the key, may fit a filter. */
export function mayFit(filter: string, template: string, event: string): boolean {
  const topic = filledText(template, "{key}", event).split("/");
  const levels = filter.split("/");
  if (template.startsWith("$") && (levels[0] === "#" || levels[0] === "+")) return false;
  for (const [at, level] of levels.entries()) {
    if (level === "#") return true;
    const stated = topic[at];
    // A key may bring further levels.
    if (stated?.includes("{key}") === true) return true;
    if (stated === undefined || (level !== "+" && level !== stated)) return false;
  }
  return topic.length === levels.length;
}
