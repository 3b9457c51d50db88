// The configuration of SNS as the run wants it: who calls, which subscriptions are pushed to and how, in nanoseconds.

import { valuesOf } from "../../base/fields.ts";
import {
  callersOf,
  deadLetterKind,
  deadLetterQueuesOf,
  nsOf,
  queueAt,
  zonesOf,
} from "../mechanisms/awsService.ts";
import { NO_CONCURRENCY_LIMIT } from "../mechanisms/pushRoute.ts";
import type { PushServiceSettings, ServiceRoute } from "../mechanisms/pushService.ts";
import type { Quota } from "../mechanisms/quotas.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";
import { policiesOf } from "./deliveryPolicy.ts";
import { clusterFields, consumeFields, topicFields } from "./fields.ts";

/** An HTTP endpoint has fifteen seconds to answer. */
const TIMEOUT_NS = 15e9;

/** Derives the settings. The first bucket is that of standard topics, each FIFO topic has one of its own. */
export function settingsOf(config: BrokerConfig): PushServiceSettings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const perSecond = (perS: number): Quota => ({ perS, burst: perS, refill: "each second" });
  const fifo = fifoTopics(config);
  const bucketOf = (channel: number) => fifo.findIndex(({ index }) => index === channel) + 1;
  return {
    zones: zonesOf(config),
    quotas: [
      perSecond(cluster.publish_quota),
      ...fifo.map(() => perSecond(cluster.fifo_publish_quota)),
    ],
    callers: callersOf(config, bucketOf),
    routes: subscriptionsOf(config).map((subscription) => route(config, subscription)),
    queues: deadLetterQueuesOf(config),
  };
}

/** The subscriptions of topics, in the order of their routes. */
export function subscriptionsOf(config: BrokerConfig): readonly SubscriptionConfig[] {
  const queues = config.channels.filter(({ kind }) => kind === deadLetterKind);
  return config.subscriptions.filter(
    ({ channel }) => !queues.some(({ index }) => index === channel),
  );
}

/** The topics that keep an order. */
export function fifoTopics(config: BrokerConfig): readonly ChannelConfig[] {
  return config.channels.filter((channel) => channel.kind === "topic" && isFifo(channel));
}

/** Whether a topic keeps the order. */
export function isFifo(topic: ChannelConfig | undefined): boolean {
  return valuesOf(topicFields, topic?.parameters ?? {}).FifoTopic;
}

function route(config: BrokerConfig, subscription: SubscriptionConfig): ServiceRoute {
  const values = valuesOf(consumeFields, subscription.parameters);
  const { processing, duplicates } = valuesOf(clusterFields, config.parameters);
  const isOrdered = isFifo(config.channels.find(({ index }) => index === subscription.channel));
  const isHttps = values.Protocol === "https";
  const isLambda = values.Protocol === "lambda";
  const own = queueAt(config, values.RedrivePolicy);
  return {
    ...policiesOf(subscription),
    subscription: subscription.index,
    channel: subscription.channel,
    latencyNs: nsOf(values.latency),
    timeoutNs: isHttps ? TIMEOUT_NS : Infinity,
    concurrency: NO_CONCURRENCY_LIMIT,
    ratePerS: isHttps ? (values.maxReceivesPerSecond ?? Infinity) : Infinity,
    isOrdered,
    duplicates: isOrdered ? 0 : duplicates,
    fanOutFromNs: nsOf(isOrdered ? processing : processing / 2),
    fanOutToNs: nsOf(isOrdered ? processing : processing * 1.5),
    deadLetters: isLambda ? queueAt(config, values["lambda.DeadLetterConfig"]) : own,
    deadLettersIfGone: own,
  };
}
