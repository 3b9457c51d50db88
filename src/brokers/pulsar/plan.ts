// What a Pulsar cluster of a document consists of, counted through and worked out once: topics and their partitions,
// producers, subscriptions, and a cursor for each partition of a subscription. Nothing here changes in a run.

import { valuesOf, type ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import { clusterFields, consumeFields, publishFields, topicFields } from "./fields.ts";
import type {
  Account,
  BrokerConfig,
  BrokerContext,
  ChannelConfig,
  SubscriptionConfig,
} from "../technology.ts";

const NONE = -1;

/** A topic; its partitions (one if it is not partitioned) are numbered through from `first`. */
export interface Topic {
  readonly channel: number;
  readonly id: string;
  readonly name: string;
  readonly first: number;
  readonly partitions: number;
  readonly isPersistent: boolean;
  readonly values: ValuesOf<typeof topicFields>;
}

/** A producer; its lane to partition p of the topic is `firstLane` + p. */
export interface Producer {
  readonly index: number;
  readonly topic: number;
  readonly firstLane: number;
  readonly latencyNs: number;
  readonly lingerNs: number;
  readonly timeoutNs: number;
  readonly delayNs: number;
  /** Limits of a batch: 1 message without batching. */
  readonly messagesMax: number;
  readonly bytesMax: number;
  readonly values: ValuesOf<typeof publishFields>;
}

/** The consumers of one connection: one per worker, with a seat at each partition. */
export interface Client {
  readonly number: number;
  readonly subscription: number;
  readonly id: string;
  readonly node: string;
  readonly group: number;
  /** Its lane from partition p of the topic is `firstLane` + p. */
  readonly firstLane: number;
  readonly latencyNs: number;
  /** Messages that it may hold per partition: its queue, and the one in its hands. */
  readonly capacity: number;
  readonly values: ValuesOf<typeof consumeFields>;
}

/** A subscription of a topic. */
export interface Group {
  readonly name: string;
  readonly topic: number;
  readonly account: Account;
  readonly firstCursor: number;
  readonly clients: readonly Client[];
  /** Of its first connection; they should be alike. */
  readonly values: ValuesOf<typeof consumeFields>;
  /** Whether several consumers get messages at the same time. */
  readonly isShared: boolean;
  /** Number of the topic for its dead letters; -1 without. */
  readonly deadLetters: number;
}

/** A whole cluster. */
export interface PulsarPlan {
  readonly id: string;
  readonly cluster: ValuesOf<typeof clusterFields>;
  readonly topics: readonly Topic[];
  /** Topic of each partition. */
  readonly topicOf: readonly number[];
  readonly producers: readonly Producer[];
  readonly clients: readonly Client[];
  readonly groups: readonly Group[];
  /** Group of each cursor, and its partition. */
  readonly cursorGroup: readonly number[];
  readonly cursorPartition: readonly number[];
  /** Cursors of each partition. */
  readonly cursorsOf: readonly (readonly number[])[];
  /** Client and cursor of each lane. */
  readonly laneClient: readonly number[];
  readonly laneCursor: readonly number[];
  readonly topicOfChannel: ReadonlyMap<number, number>;
  readonly producerOf: ReadonlyMap<number, number>;
  readonly clientOf: ReadonlyMap<number, number>;
}

/** Name of the subscription of a connection. */
export function subscriptionNameOf(subscription: SubscriptionConfig): string {
  const stated = valuesOf(consumeFields, subscription.parameters).subscriptionName;
  return stated === "" ? subscription.node : stated;
}

/** The topic that a parameter names, by id or by name. */
export function topicNamed(config: BrokerConfig, name: string): ChannelConfig | undefined {
  const topics = config.channels.filter(({ kind }) => kind === "topic");
  return topics.find(({ id }) => id === name) ?? topics.find((topic) => topic.name === name);
}

/** Works the plan out and opens the accounts. */
export function planPulsar(config: BrokerConfig, context: BrokerContext): PulsarPlan {
  const cluster = valuesOf(clusterFields, config.parameters);
  const channels = config.channels.filter(({ kind }) => kind === "topic");
  const topicOfChannel = new Map(channels.map(({ index }, number) => [index, number]));
  const topics = planTopics(channels);
  const topicOf = topics.flatMap(({ partitions }, topic) => Array<number>(partitions).fill(topic));
  const producers = planProducers(config, topics, topicOfChannel);
  const groups = planGroups({ config, context, topics, topicOfChannel });
  const clients = groups.flatMap((group) => group.clients).sort((a, b) => a.number - b.number);
  const cursors = groups.flatMap(({ topic }, group) =>
    Array.from({ length: topics[topic]!.partitions }, (_, i) => ({
      group,
      partition: topics[topic]!.first + i,
    })),
  );
  const cursorsOf = topicOf.map((): number[] => []);
  cursors.forEach(({ partition }, cursor) => cursorsOf[partition]!.push(cursor));
  const lanes = clients.flatMap(({ number, group }) => {
    const { topic, firstCursor } = groups[group]!;
    return Array.from({ length: topics[topic]!.partitions }, (_, i) => ({
      client: number,
      cursor: firstCursor + i,
    }));
  });
  return {
    id: config.id,
    cluster,
    topics,
    topicOf,
    producers,
    clients,
    groups,
    cursorGroup: cursors.map(({ group }) => group),
    cursorPartition: cursors.map(({ partition }) => partition),
    cursorsOf,
    laneClient: lanes.map(({ client }) => client),
    laneCursor: lanes.map(({ cursor }) => cursor),
    topicOfChannel,
    producerOf: new Map(producers.map(({ index }, number) => [index, number])),
    clientOf: new Map(clients.map(({ subscription, number }) => [subscription, number])),
  };
}

function planTopics(channels: readonly ChannelConfig[]): readonly Topic[] {
  let first = 0;
  return channels.map((channel): Topic => {
    const values = valuesOf(topicFields, channel.parameters);
    const partitions = Math.max(1, values.partitions);
    const { index, id, name } = channel;
    const isPersistent = values.persistence === "persistent";
    const topic: Topic = { channel: index, id, name, first, partitions, isPersistent, values };
    first += partitions;
    return topic;
  });
}

function planProducers(
  config: BrokerConfig,
  topics: readonly Topic[],
  topicOfChannel: ReadonlyMap<number, number>,
): readonly Producer[] {
  let firstLane = 0;
  return config.publishers.flatMap((publisher): Producer[] => {
    const topic = topicOfChannel.get(publisher.channel);
    if (topic === undefined) return [];
    const values = valuesOf(publishFields, publisher.parameters);
    // A message with a delay never shares a batch.
    const isBatching = values.batchingEnabled && values.deliverAfter === 0;
    const planned: Producer = {
      index: publisher.index,
      topic,
      firstLane,
      latencyNs: msToNs(values["network.latency.ms"]),
      lingerNs: isBatching ? msToNs(values.batchingMaxPublishDelay) : 0,
      timeoutNs: values.sendTimeout === null ? Infinity : msToNs(values.sendTimeout),
      delayNs: msToNs(values.deliverAfter),
      messagesMax: isBatching ? values.batchingMaxMessages : 1,
      bytesMax: isBatching ? values.batchingMaxBytes : 0,
      values,
    };
    firstLane += topics[topic]!.partitions;
    return [planned];
  });
}

/** What groups are worked out from. */
interface GroupSources {
  readonly config: BrokerConfig;
  readonly context: BrokerContext;
  readonly topics: readonly Topic[];
  readonly topicOfChannel: ReadonlyMap<number, number>;
}

function planGroups(sources: GroupSources): readonly Group[] {
  const { config, context, topics, topicOfChannel } = sources;
  const seats = new Map<string, SubscriptionConfig[]>();
  const numbers = new Map<number, number>();
  for (const subscription of config.subscriptions) {
    const topic = topicOfChannel.get(subscription.channel);
    if (topic === undefined) continue;
    numbers.set(subscription.index, numbers.size);
    const key = JSON.stringify([topic, subscriptionNameOf(subscription)]);
    seats.set(key, [...(seats.get(key) ?? []), subscription]);
  }
  let firstCursor = 0;
  const members = [...seats.values()];
  const laneStarts = lanesOf(config.subscriptions, sources);
  return members.map((subscriptions, group): Group => {
    const first = subscriptions[0]!;
    const topic = topicOfChannel.get(first.channel)!;
    const { channel, partitions } = topics[topic]!;
    const values = valuesOf(consumeFields, first.parameters);
    const planned: Group = {
      name: subscriptionNameOf(first),
      topic,
      account: context.openAccount(channel, subscriptions.length === 1 ? first.index : NONE),
      firstCursor,
      values,
      isShared: values.subscriptionType === "Shared" || values.subscriptionType === "Key_Shared",
      deadLetters: deadLettersOf(values.deadLetterTopic, config, topicOfChannel),
      clients: subscriptions.map((one) =>
        planClient(one, {
          group,
          number: numbers.get(one.index) ?? 0,
          partitions,
          firstLane: laneStarts.get(one.index) ?? 0,
        }),
      ),
    };
    firstCursor += partitions;
    return planned;
  });
}

function lanesOf(
  subscriptions: readonly SubscriptionConfig[],
  { topics, topicOfChannel }: GroupSources,
): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  let next = 0;
  for (const { index, channel } of subscriptions) {
    const topic = topicOfChannel.get(channel);
    if (topic === undefined) continue;
    starts.set(index, next);
    next += topics[topic]!.partitions;
  }
  return starts;
}

function deadLettersOf(
  name: string,
  config: BrokerConfig,
  topicOfChannel: ReadonlyMap<number, number>,
): number {
  const channel = name === "" ? undefined : topicNamed(config, name);
  return channel === undefined ? NONE : (topicOfChannel.get(channel.index) ?? NONE);
}

function planClient(
  subscription: SubscriptionConfig,
  about: Pick<Client, "group" | "number" | "firstLane"> & { readonly partitions: number },
): Client {
  const { partitions, ...rest } = about;
  const { index, id, node, parameters } = subscription;
  const values = valuesOf(consumeFields, parameters);
  const share = Math.floor(values.maxTotalReceiverQueueSizeAcrossPartitions / partitions);
  return {
    ...rest,
    subscription: index,
    id,
    node,
    latencyNs: msToNs(values["network.latency.ms"]),
    capacity: 1 + Math.min(values.receiverQueueSize, share),
    values,
  };
}
