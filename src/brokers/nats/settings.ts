// The configuration of one NATS cluster as the run wants it: positions instead of ids, nanoseconds instead of milliseconds,
// subjects split into tokens. Immutable.

import { valuesOf, type ValuesOf } from "../../base/fields.ts";
import { matchesTopic, natsSubjects, topicLevels } from "../mechanisms/routing/topicPattern.ts";
import { clusterFields, consumeFields, publishFields, streamFields } from "./fields.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";

const NONE = -1;

/** A stream. */
export interface StreamSettings {
  readonly id: string;
  readonly name: string;
  readonly channel: number;
  readonly subjects: readonly (readonly string[])[];
  readonly values: ValuesOf<typeof streamFields>;
  /** Servers that hold it. */
  readonly members: readonly number[];
}

/** A durable consumer of a stream. */
export interface ConsumerSettings {
  readonly name: string;
  readonly stream: number;
  readonly subscriptions: readonly number[];
  readonly filter: readonly string[];
  readonly values: ValuesOf<typeof consumeFields>;
  /** Pauses before redeliveries [ns]; the last one repeats. */
  readonly waitsNs: readonly number[];
  readonly maxDeliver: number;
  readonly maxAckPending: number;
}

interface PublisherSettings {
  readonly channel: number;
  /** -1: core. */
  readonly stream: number;
  readonly template: string;
  readonly acknowledged: boolean;
  readonly hasId: boolean;
  readonly timeoutNs: number;
  readonly latencyNs: number;
}

/** A subscription of a stream (`consumer` ≥ 0) or of core subjects. */
export interface SubscriptionSettings {
  readonly id: string;
  readonly index: number;
  readonly channel: number;
  readonly consumer: number;
  readonly filter: readonly string[];
  readonly queue: string;
  readonly values: ValuesOf<typeof consumeFields>;
  readonly latencyNs: number;
}

/** All settings. Publishers and subscriptions are found by their index over the run. */
export interface Settings {
  readonly id: string;
  readonly cluster: ValuesOf<typeof clusterFields>;
  readonly streams: readonly StreamSettings[];
  readonly consumers: readonly ConsumerSettings[];
  readonly publishers: readonly (PublisherSettings | undefined)[];
  readonly subscriptions: readonly (SubscriptionSettings | undefined)[];
}

/** Milliseconds as whole nanoseconds. */
export function toNs(ms: number): number {
  return Math.round(ms * 1e6);
}

/** The tokens of a subject or pattern. */
export function tokens(subject: string): readonly string[] {
  return topicLevels(natsSubjects, subject);
}

/** The patterns of a stream. */
export function subjectsOf(channel: ChannelConfig): readonly string[] {
  const { subjects } = valuesOf(streamFields, channel.parameters);
  const stated = subjects.split(/[\s,]+/u).filter((one) => one !== "");
  return stated.length > 0 ? stated : [channel.name, `${channel.name}.>`];
}

/** The name of the consumer of a subscription. */
export function consumerName(subscription: SubscriptionConfig): string {
  const { durable_name: name } = valuesOf(consumeFields, subscription.parameters);
  return name === "" ? subscription.node : name;
}

/** The list of a back-off [s] as [ns]; undefined when it cannot be read. */
export function parseBackoff(text: string): readonly number[] | undefined {
  const parts = text.split(/[\s,]+/u).filter((one) => one !== "");
  return parts.every((one) => /^\d{1,7}(\.\d{1,6})?$/u.test(one))
    ? parts.map((one) => Math.round(Number(one) * 1e9))
    : undefined;
}

/** Whether a subject fits a pattern, both as tokens. */
export function fits(pattern: readonly string[], subject: readonly string[]): boolean {
  return matchesTopic(natsSubjects, pattern, subject);
}

/** Whether two patterns have a subject in common. Walks both once: only the last token can stand for several. */
export function overlap(a: readonly string[], b: readonly string[]): boolean {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (a[at] === ">" || b[at] === ">") return true;
    if (a[at] !== b[at] && a[at] !== "*" && b[at] !== "*") return false;
  }
  return a.length === b.length;
}

/** Derives the settings. */
export function settingsOf(config: BrokerConfig): Settings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const channels = config.channels.filter((channel) => channel.kind === "stream");
  const streams = channels.map((channel, position): StreamSettings => {
    const values = valuesOf(streamFields, channel.parameters);
    const size = Math.min(values.num_replicas, cluster.nodes);
    return {
      id: channel.id,
      name: channel.name,
      channel: channel.index,
      subjects: subjectsOf(channel).map(tokens),
      values,
      members: Array.from({ length: size }, (_, i) => (position + i) % cluster.nodes),
    };
  });
  const consumers = consumersOf(config, channels);
  const publishers: (PublisherSettings | undefined)[] = [];
  for (const publisher of config.publishers) {
    const values = valuesOf(publishFields, publisher.parameters);
    const name = config.channels.find(({ index }) => index === publisher.channel)?.name ?? "";
    const stated = values.subject === "" ? name : values.subject;
    const stream = channels.findIndex(({ index }) => index === publisher.channel);
    place(publishers, publisher.index, {
      channel: publisher.channel,
      stream,
      template: stated.replaceAll("{event}", () => publisher.contract),
      acknowledged: stream >= 0 && values.publish === "jetstream",
      hasId: stream >= 0 && values.msg_id === "key",
      timeoutNs: toNs(values.timeout),
      latencyNs: toNs(values.latency),
    });
  }
  const subscriptions: (SubscriptionSettings | undefined)[] = [];
  for (const one of config.subscriptions) {
    const values = valuesOf(consumeFields, one.parameters);
    place(subscriptions, one.index, {
      id: one.id,
      index: one.index,
      channel: one.channel,
      consumer: consumers.findIndex((other) => other.subscriptions.includes(one.index)),
      filter: tokens(values.filter_subject === "" ? ">" : values.filter_subject),
      queue: values.queue,
      values,
      latencyNs: toNs(values.latency),
    });
  }
  return { id: config.id, cluster, streams, consumers, publishers, subscriptions };
}

function consumersOf(
  config: BrokerConfig,
  channels: readonly ChannelConfig[],
): readonly ConsumerSettings[] {
  const consumers: (ConsumerSettings & { readonly subscriptions: number[] })[] = [];
  for (const subscription of config.subscriptions) {
    const stream = channels.findIndex(({ index }) => index === subscription.channel);
    if (stream < 0) continue;
    const values = valuesOf(consumeFields, subscription.parameters);
    const name = consumerName(subscription);
    const known = consumers.find((one) => one.stream === stream && one.name === name);
    if (known !== undefined) {
      known.subscriptions.push(subscription.index);
      continue;
    }
    const backoff = parseBackoff(values.backoff) ?? [];
    consumers.push({
      name,
      stream,
      subscriptions: [subscription.index],
      filter: tokens(values.filter_subject === "" ? ">" : values.filter_subject),
      values,
      waitsNs: backoff.length > 0 ? backoff : [toNs(values.ack_wait)],
      maxDeliver: values.max_deliver < 1 ? Infinity : values.max_deliver,
      maxAckPending: values.max_ack_pending < 1 ? Infinity : values.max_ack_pending,
    });
  }
  return consumers;
}

/** Puts a value at an index, with undefined in the gaps, so that the array stays a dense one. */
function place<T>(list: (T | undefined)[], index: number, value: T): void {
  while (list.length <= index) list.push(undefined);
  list[index] = value;
}

/** No row, entry, node. */
export const NOBODY = NONE;
