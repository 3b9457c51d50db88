// What Pub/Sub would refuse, and what surprises people: findings about one service of a document. Each function looks at
// one kind of element; the order here is the order on screen.

import { valuesOf } from "../../base/fields.ts";
import { isJsonObject, parseFacts } from "../mechanisms/routing/messageFacts.ts";
import { consumeFields, publishFields, subscriptionFields } from "./fields.ts";
import { parseFilter } from "./filter.ts";
import { findTopic, subscriptionsOf } from "./routing.ts";
import { successStatuses } from "./settings.ts";
import type { BrokerConfig, ChannelConfig, Finding, PublisherConfig } from "../technology.ts";

// Source: https://cloud.google.com/pubsub/quotas (attributes of a message).
const ATTRIBUTES_MAX = 100;
const KEY_BYTES_MAX = 256;
const VALUE_BYTES_MAX = 1024;

/** Adds a finding about one element. */
type Add = (
  code: string,
  severity: Finding["severity"],
  parameter: string,
  message: string,
) => void;

/** All findings about a service. */
export function checkGooglePubsub(config: BrokerConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const about =
    (element: string): Add =>
    (code, severity, parameter, message) =>
      findings.push({
        code: `google-pubsub/${code}`,
        severity,
        element,
        ...(parameter !== "" && { parameter }),
        message,
      });
  for (const channel of config.channels)
    if (channel.kind === "topic") checkTopic(config, channel, about(channel.id));
    else checkSubscription(config, channel, about(channel.id));
  for (const publisher of config.publishers) checkPublisher(publisher, about(publisher.id));
  for (const subscription of config.subscriptions) {
    const values = valuesOf(consumeFields, subscription.parameters);
    const channel = config.channels.find(({ index }) => index === subscription.channel);
    const isPush = channel?.parameters["delivery_type"] === "push";
    if (isPush && !successStatuses.includes(values.success_status))
      about(subscription.id)(
        "status-no-success",
        "warning",
        "success_status",
        `Status ${values.success_status} does not acknowledge: Pub/Sub takes only 102, 200, 201, 202 and 204 as success and delivers everything again.`,
      );
  }
  return findings;
}

function checkTopic(config: BrokerConfig, topic: ChannelConfig, add: Add): void {
  if (subscriptionsOf(config, topic).length > 0) return;
  add(
    "topic-without-subscription",
    "warning",
    "",
    `Topic ${topic.name} has no subscription: every message is accepted and gone. Connect the topic to a subscription.`,
  );
}

function checkSubscription(config: BrokerConfig, channel: ChannelConfig, add: Add): void {
  const topics = config.bindings.filter(({ to }) => to === channel.index).length;
  if (topics === 0)
    add(
      "subscription-without-topic",
      "warning",
      "",
      `Subscription ${channel.name} belongs to no topic, so nothing comes into it. Connect a topic to it.`,
    );
  if (topics > 1)
    add(
      "subscription-of-several-topics",
      "error",
      "",
      `Subscription ${channel.name} has ${topics} topics; Pub/Sub allows one. Make a subscription for each topic.`,
    );
  checkDelivery(config, channel, add);
  checkPolicies(config, channel, add);
  const consumers = config.subscriptions.filter((one) => one.channel === channel.index);
  if (consumers.length === 0)
    add(
      "subscription-without-consumer",
      "warning",
      "",
      `Nobody consumes from subscription ${channel.name}: it grows up to its retention, and is deleted when its expiration is over. Connect a service.`,
    );
}

function checkDelivery(config: BrokerConfig, channel: ChannelConfig, add: Add): void {
  const values = valuesOf(subscriptionFields, channel.parameters);
  const isPush = values.delivery_type === "push";
  if (values.filter.trim() !== "") {
    const parsed = parseFilter(values.filter);
    if (!parsed.ok)
      add("filter", "error", "filter", `Pub/Sub refuses the filter: ${parsed.failure}`);
  }
  if (isPush && values.enable_exactly_once_delivery)
    add(
      "exactly-once-push",
      "error",
      "enable_exactly_once_delivery",
      "Exactly-once delivery is for pull subscriptions only. Choose pull or turn it off.",
    );
  const endpoints = config.subscriptions.filter((one) => one.channel === channel.index).length;
  if (isPush && endpoints > 1)
    add(
      "push-endpoints",
      "error",
      "delivery_type",
      `A push subscription has one endpoint, but ${endpoints} services consume from ${channel.name}. Give each a subscription of its own.`,
    );
  const publishers = config.publishers.filter(({ channel: topic }) =>
    config.bindings.some(({ from, to }) => from === topic && to === channel.index),
  );
  const hasKeys = publishers.some(
    ({ parameters }) => valuesOf(publishFields, parameters).ordering_key,
  );
  if (values.enable_message_ordering && publishers.length > 0 && !hasKeys)
    add(
      "ordering-without-keys",
      "warning",
      "enable_message_ordering",
      "No publisher sends ordering keys, so nothing is ordered. Turn on the ordering key of the publishers.",
    );
}

function checkPolicies(config: BrokerConfig, channel: ChannelConfig, add: Add): void {
  const values = valuesOf(subscriptionFields, channel.parameters);
  if (values.retry_policy === "backoff" && values.minimum_backoff > values.maximum_backoff)
    add(
      "backoff-order",
      "error",
      "minimum_backoff",
      "minimum_backoff is longer than maximum_backoff. Pub/Sub refuses that; shorten it.",
    );
  const { dead_letter_topic: called, "expiration_policy.ttl": ttl } = values;
  if (ttl !== null && ttl <= values.message_retention_duration)
    add(
      "expiration-order",
      "error",
      "expiration_policy.ttl",
      "The expiration period must be longer than message_retention_duration. Lengthen it or let the subscription never expire.",
    );
  if (called === "") {
    if (values.retry_policy === "immediate" && config.subscriptions.length > 0)
      add(
        "endless-redelivery",
        "warning",
        "retry_policy",
        "A message that always fails is delivered again at once and without end: there is neither a retry policy nor a dead-letter topic. Set one of them.",
      );
    return;
  }
  const topic = findTopic(config, called);
  if (topic === undefined)
    add(
      "dead-letter-topic-missing",
      "error",
      "dead_letter_topic",
      `There is no topic "${called}". Name a topic of this service or leave it empty.`,
    );
  else if (subscriptionsOf(config, topic).length === 0)
    add(
      "dead-letters-lost",
      "warning",
      "dead_letter_topic",
      `Topic ${topic.name} has no subscription, so all dead letters are lost. Connect the topic to one.`,
    );
  else if (config.bindings.some(({ from, to }) => from === topic.index && to === channel.index))
    add(
      "dead-letter-circle",
      "warning",
      "dead_letter_topic",
      `The dead letters of ${channel.name} come back to it: a message that always fails never leaves. Name another topic.`,
    );
}

function checkPublisher(publisher: PublisherConfig, add: Add): void {
  const { attributes } = valuesOf(publishFields, publisher.parameters);
  const parsed = parseFacts(attributes);
  if (!parsed.ok) {
    add("attributes", "error", "attributes", `Attributes: ${parsed.failure}`);
    return;
  }
  const entries = Object.entries(parsed.value.facts);
  const bytesOf = (text: string) => new TextEncoder().encode(text).length;
  const nested = entries.find(([, value]) => typeof value !== "string");
  if (nested !== undefined)
    add(
      "attribute-no-text",
      "error",
      "attributes",
      `Attribute "${nested[0]}" is ${isJsonObject(nested[1]) ? "an object" : "no text"}; attributes are texts. Write "${nested[0]}": "…".`,
    );
  if (entries.length > ATTRIBUTES_MAX)
    add(
      "attributes-many",
      "error",
      "attributes",
      `A message may have ${ATTRIBUTES_MAX} attributes; these are ${entries.length}. Leave some out.`,
    );
  const long = entries.find(
    ([key, value]) =>
      bytesOf(key) > KEY_BYTES_MAX ||
      key.startsWith("goog") ||
      (typeof value === "string" && bytesOf(value) > VALUE_BYTES_MAX),
  );
  if (long !== undefined)
    add(
      "attribute-refused",
      "error",
      "attributes",
      `Attribute "${long[0]}" is refused: keys have at most ${KEY_BYTES_MAX} bytes and do not begin with "goog", values have at most ${VALUE_BYTES_MAX} bytes.`,
    );
}
