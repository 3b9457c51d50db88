// The configuration of a Pub/Sub service as the run wants it: positions instead of ids, nanoseconds instead of
// milliseconds, everything derived once. Immutable; what may change during a run is in the arena.

import { valuesOf } from "../../base/fields.ts";
import {
  clusterFields,
  consumeFields,
  publishFields,
  subscriptionFields,
  topicFields,
} from "./fields.ts";
import { findTopic, subscriptionsOf } from "./routing.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";

const NS_PER_MS = 1e6;

/** A topic to which dead letters go that nobody named. */
const NOWHERE = -1;

/** Statuses of a push endpoint that acknowledge. Source: https://cloud.google.com/pubsub/docs/push */
export const successStatuses: readonly number[] = [102, 200, 201, 202, 204];

/** One subscription of the service. */
export interface SubscriptionSettings {
  readonly id: string;
  readonly name: string;
  /** Index of the channel over the whole run. */
  readonly channel: number;
  readonly isPush: boolean;
  readonly isOrdered: boolean;
  readonly isExactlyOnce: boolean;
  readonly deadlineNs: number;
  readonly retentionNs: number;
  /** How long after its publication an acknowledged message can be sought back to [ns]; 0: not at all. */
  readonly keepsAckedNs: number;
  /** Infinity: never. */
  readonly expirationNs: number;
  readonly createdNs: number;
  readonly hasBackoff: boolean;
  readonly backoffNsMin: number;
  readonly backoffNsMax: number;
  /** Position of the dead-letter topic among the channels, -1 without. */
  readonly deadLetterTopic: number;
  readonly attemptsMax: number;
}

/** A publisher's client. */
export interface PublisherSettings {
  /** Position in the configuration. */
  readonly at: number;
  /** Position of its topic among the channels, and the topic's index over the run. */
  readonly topic: number;
  readonly channel: number;
  readonly hasOrderingKey: boolean;
  readonly batchMessages: number;
  readonly batchBytes: number;
  readonly batchNs: number;
  readonly timeoutNs: number;
  readonly latencyNs: number;
}

/** A service's clients of a subscription. */
export interface ConsumerSettings {
  readonly id: string;
  /** Position of the subscription. */
  readonly subscription: number;
  readonly messagesMax: number;
  readonly bytesMax: number;
  /** How long a lease lasts in the hands of a worker that lives [ns]. */
  readonly leaseNs: number;
  readonly isExtended: boolean;
  readonly nacks: boolean;
  /** Whether its answer on success is one that acknowledges. */
  readonly acknowledges: boolean;
  readonly latencyNs: number;
}

/** All settings of a service. Publishers and consumers are found by their index over the run. */
export interface Settings {
  readonly id: string;
  readonly zones: number;
  readonly detectionNs: number;
  readonly duplicates: number;
  /** Infinity: no limit. */
  readonly bytesPerS: number;
  readonly subscriptions: readonly SubscriptionSettings[];
  /** Per channel of the configuration: its index over the run. */
  readonly channels: readonly number[];
  /** Per channel: subscriptions of the topic, whatever their filters. */
  readonly boundTo: readonly (readonly number[])[];
  readonly publishers: readonly (PublisherSettings | undefined)[];
  readonly consumers: readonly (ConsumerSettings | undefined)[];
}

function toNs(ms: number): number {
  return Math.round(ms * NS_PER_MS);
}

/** Derives the settings of a service. */
export function settingsOf(config: BrokerConfig): Settings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const channels = config.channels.filter(({ kind }) => kind === "subscription");
  const subscriptions = channels.map((channel) => subscriptionSettings(config, channel));
  return {
    id: config.id,
    zones: cluster.zones,
    detectionNs: toNs(cluster.zone_detection),
    duplicates: cluster.duplicates,
    bytesPerS: cluster.regional_throughput ?? Infinity,
    subscriptions,
    channels: config.channels.map(({ index }) => index),
    boundTo: config.channels.map((topic) =>
      subscriptionsOf(config, topic).map((one) => channels.indexOf(one)),
    ),
    publishers: publisherSettings(config),
    consumers: consumerSettings(config, subscriptions),
  };
}

function subscriptionSettings(config: BrokerConfig, channel: ChannelConfig): SubscriptionSettings {
  const values = valuesOf(subscriptionFields, channel.parameters);
  const topic = config.channels.find(
    ({ index, kind }) =>
      kind === "topic" &&
      config.bindings.some(({ from, to }) => from === index && to === channel.index),
  );
  const ofTopic = valuesOf(topicFields, topic?.parameters ?? {}).message_retention_duration ?? 0;
  const retentionMs = values.message_retention_duration;
  const ofSubscription = values.retain_acked_messages ? retentionMs : 0;
  const { dead_letter_topic: called, "expiration_policy.ttl": ttl } = values;
  const deadLetters = called === "" ? undefined : findTopic(config, called);
  const isPush = values.delivery_type === "push";
  return {
    id: channel.id,
    name: channel.name,
    channel: channel.index,
    isPush,
    isOrdered: values.enable_message_ordering,
    isExactlyOnce: values.enable_exactly_once_delivery && !isPush,
    deadlineNs: toNs(values.ack_deadline_seconds),
    retentionNs: toNs(retentionMs),
    keepsAckedNs: toNs(Math.max(ofTopic, ofSubscription)),
    expirationNs: ttl === null ? Infinity : toNs(ttl),
    createdNs: toNs(values.created_after),
    hasBackoff: values.retry_policy === "backoff",
    backoffNsMin: toNs(values.minimum_backoff),
    backoffNsMax: toNs(values.maximum_backoff),
    deadLetterTopic: deadLetters === undefined ? NOWHERE : config.channels.indexOf(deadLetters),
    attemptsMax: values.max_delivery_attempts,
  };
}

function publisherSettings(config: BrokerConfig): readonly (PublisherSettings | undefined)[] {
  const byIndex: (PublisherSettings | undefined)[] = [];
  config.publishers.forEach((publisher, at) => {
    const values = valuesOf(publishFields, publisher.parameters);
    place(byIndex, publisher.index, {
      at,
      topic: config.channels.findIndex(({ index }) => index === publisher.channel),
      channel: publisher.channel,
      hasOrderingKey: values.ordering_key,
      batchMessages: values.max_messages,
      batchBytes: values.max_bytes,
      batchNs: toNs(values.max_latency),
      timeoutNs: toNs(values.total_timeout),
      latencyNs: toNs(values.latency),
    });
  });
  return byIndex;
}

function consumerSettings(
  config: BrokerConfig,
  subscriptions: readonly SubscriptionSettings[],
): readonly (ConsumerSettings | undefined)[] {
  const byIndex: (ConsumerSettings | undefined)[] = [];
  for (const { id, index, channel, parameters } of config.subscriptions) {
    const values = valuesOf(consumeFields, parameters);
    const subscription = subscriptions.findIndex((one) => one.channel === channel);
    const settings = subscriptions[subscription];
    if (settings === undefined) continue;
    const extensionNs = settings.isPush ? 0 : toNs(values.max_extension);
    place(byIndex, index, {
      id,
      subscription,
      messagesMax: values.max_messages,
      bytesMax: values.max_bytes,
      leaseNs: Math.max(settings.deadlineNs, extensionNs),
      isExtended: extensionNs > settings.deadlineNs,
      nacks: settings.isPush || values.on_failure === "nack",
      acknowledges: !settings.isPush || successStatuses.includes(values.success_status),
      latencyNs: toNs(values.latency),
    });
  }
  return byIndex;
}

/** Puts a value at an index, with undefined in the gaps, so that the array stays a dense one. */
function place<T>(list: (T | undefined)[], index: number, value: T): void {
  while (list.length <= index) list.push(undefined);
  list[index] = value;
}

/** Delay before a message that has failed so often is delivered again [ns]. The growth is not published; doubling is an
 *  assumption of the model. */
export function backoffNs(settings: SubscriptionSettings, failures: number): number {
  if (!settings.hasBackoff) return 0;
  const doubled = settings.backoffNsMin * 2 ** Math.min(failures - 1, 40);
  return Math.min(settings.backoffNsMax, doubled);
}
