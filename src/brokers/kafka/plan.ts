// What a Kafka broker of a document consists of, counted through and worked out once: topics, partitions,
// publishers, groups, and a cursor for each partition that a group reads. Nothing here changes in a run.

import { valuesOf, type ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import { consumeFields, publishFields } from "./clientFields.ts";
import { clusterFields, topicFields } from "./fields.ts";
import { planTransactions, type TransactionalPlan } from "./transactionPlan.ts";
import type {
  Account,
  BrokerConfig,
  BrokerContext,
  ChannelConfig,
  SubscriptionConfig,
} from "../technology.ts";

/** A topic; its partitions are numbered through from `first`. */
export interface Topic {
  readonly channel: number;
  readonly id: string;
  readonly name: string;
  readonly first: number;
  readonly partitions: number;
  readonly values: ValuesOf<typeof topicFields>;
  readonly segments: { readonly bytes: number; readonly ns: number };
  /** One account per group that reads the topic. */
  readonly accounts: readonly Account[];
}

/** A publisher's client; its lane to partition p of the topic is `firstLane` + p. */
export interface Publisher {
  readonly index: number;
  readonly node: string;
  readonly topic: number;
  readonly firstLane: number;
  readonly latencyNs: number;
  readonly lingerNs: number;
  readonly timeoutNs: number;
  readonly values: ValuesOf<typeof publishFields>;
}

/** The consumers of one service in one group: as many members as it has workers. */
export interface Client {
  readonly number: number;
  readonly group: number;
  readonly node: string;
  /** Numbers of its topics, ascending, and the subscription through which it reads each. */
  readonly topics: readonly number[];
  readonly subscriptions: readonly number[];
  readonly latencyNs: number;
  readonly values: ValuesOf<typeof consumeFields>;
}

/** A consumer group. */
export interface Group {
  readonly id: string;
  readonly clients: readonly Client[];
  /** Numbers of the topics that it reads, in the order of their names. */
  readonly topics: readonly number[];
  /** First cursor of each of these topics. */
  readonly firstCursors: readonly number[];
}

/** The place of a group in a partition. */
export interface CursorPlan {
  readonly group: number;
  readonly topic: number;
  readonly partition: number;
  readonly account: Account;
}

/** The consumers of one service in a share group, of one topic. */
export interface ShareClient {
  readonly subscription: number;
  readonly topic: number;
  readonly node: string;
  /** Number of its share group × topic among all. */
  readonly share: number;
  readonly latencyNs: number;
  readonly values: ValuesOf<typeof consumeFields>;
}

/** A share group's view of one topic; its queue of partition p is `firstQueue` + p. */
export interface Share {
  readonly topic: number;
  readonly account: Account;
  readonly firstQueue: number;
  readonly clients: readonly ShareClient[];
}

/** A whole broker. */
export interface KafkaPlan {
  readonly id: string;
  readonly cluster: ValuesOf<typeof clusterFields>;
  readonly topics: readonly Topic[];
  /** Topic of each partition. */
  readonly topicOf: readonly number[];
  readonly replicas: readonly (readonly number[])[];
  readonly publishers: readonly Publisher[];
  readonly groups: readonly Group[];
  readonly clients: readonly Client[];
  readonly cursors: readonly CursorPlan[];
  /** Cursors of each partition. */
  readonly cursorsOf: readonly (readonly number[])[];
  readonly shares: readonly Share[];
  readonly transactional: readonly TransactionalPlan[];
  /** Whether logs have offsets without a record: of control records, or because compaction has removed them. */
  readonly hasHoles: boolean;
  readonly topicOfChannel: ReadonlyMap<number, number>;
  /** Number of the publisher by its index in the run. */
  readonly publisherOf: Int32Array;
  readonly clientOfSubscription: ReadonlyMap<number, number>;
}

/** Name of the group of a subscription. */
export function groupIdOf(subscription: SubscriptionConfig): string {
  const stated = valuesOf(consumeFields, subscription.parameters)["group.id"];
  return stated === "" ? subscription.node : stated;
}

/** Works the plan out and opens the accounts. */
export function planKafka(config: BrokerConfig, context: BrokerContext): KafkaPlan {
  const cluster = valuesOf(clusterFields, config.parameters);
  const channels = config.channels.filter(({ kind }) => kind === "topic");
  const topicOfChannel = new Map(channels.map(({ index }, number) => [index, number]));
  const { own, shared } = splitByType(config.subscriptions);
  const clients = planClients(own, topicOfChannel);
  const members = planGroups(clients, channels);
  const { groups, cursors } = planCursors({ members, channels, config, context });
  const shares = planShares(shared, { channels, topicOfChannel, context });
  const topics = planTopics(channels, cursors, shares);
  const topicOf = topics.flatMap(({ partitions }, topic) => Array<number>(partitions).fill(topic));
  const cursorsOf = topicOf.map((): number[] => []);
  cursors.forEach(({ partition }, cursor) => cursorsOf[partition]?.push(cursor));
  const publishers = planPublishers(config, { topics, topicOfChannel });
  const transactional = planTransactions(publishers, clients);
  return {
    id: config.id,
    cluster,
    topics,
    topicOf,
    replicas: topics.flatMap((topic, number) => placeReplicas(topic, number, cluster.nodes)),
    publishers,
    groups,
    clients,
    cursors,
    cursorsOf,
    shares,
    transactional,
    hasHoles: transactional.length > 0 || topics.some(isCompacted),
    topicOfChannel,
    publisherOf: numbersByIndex(publishers),
    clientOfSubscription: new Map(
      own.flatMap(({ index, channel, node, ...rest }) => {
        const id = groupIdOf({ index, channel, node, ...rest });
        const client = clients.find((one) => one.node === node && members[one.group]?.id === id);
        return client === undefined ? [] : [[index, client.number] as const];
      }),
    ),
  };
}

/** Whether a topic keeps the last record of each key. */
export function isCompacted({ values }: Topic): boolean {
  return values["cleanup.policy"] !== "delete";
}

function numbersByIndex(publishers: readonly Publisher[]): Int32Array {
  const numbers = new Int32Array(1 + Math.max(-1, ...publishers.map(({ index }) => index)));
  publishers.forEach(({ index }, number) => {
    numbers[index] = number;
  });
  return numbers;
}

interface ByType {
  readonly own: readonly SubscriptionConfig[];
  readonly shared: readonly SubscriptionConfig[];
}

/** Subscriptions of consumer groups and of share groups. */
function splitByType(subscriptions: readonly SubscriptionConfig[]): ByType {
  const isShared = ({ parameters }: SubscriptionConfig): boolean =>
    valuesOf(consumeFields, parameters)["group.type"] === "share";
  return {
    own: subscriptions.filter((one) => !isShared(one)),
    shared: subscriptions.filter(isShared),
  };
}

function planShares(
  subscriptions: readonly SubscriptionConfig[],
  about: {
    readonly channels: readonly ChannelConfig[];
    readonly topicOfChannel: ReadonlyMap<number, number>;
    readonly context: BrokerContext;
  },
): readonly Share[] {
  const byPlace = new Map<string, SubscriptionConfig[]>();
  for (const one of subscriptions) {
    if (!about.topicOfChannel.has(one.channel)) continue;
    const place = JSON.stringify([groupIdOf(one), one.channel]);
    byPlace.set(place, [...(byPlace.get(place) ?? []), one]);
  }
  let firstQueue = 0;
  return [...byPlace.values()].map((members, share): Share => {
    const { channel, index } = members[0]!;
    const topic = about.topicOfChannel.get(channel)!;
    const account = about.context.openAccount(channel, members.length === 1 ? index : -1);
    const clients = members.map((one): ShareClient => {
      const values = valuesOf(consumeFields, one.parameters);
      const latencyNs = msToNs(values["network.latency.ms"]);
      return { subscription: one.index, topic, node: one.node, share, latencyNs, values };
    });
    const planned: Share = { topic, account, firstQueue, clients };
    firstQueue += valuesOf(topicFields, about.channels[topic]!.parameters).partitions;
    return planned;
  });
}

function planClients(
  configs: readonly SubscriptionConfig[],
  topicOfChannel: ReadonlyMap<number, number>,
): readonly Client[] {
  const groupIds: string[] = [];
  const seats = new Map<string, SubscriptionConfig[]>();
  for (const subscription of configs) {
    if (!topicOfChannel.has(subscription.channel)) continue;
    const groupId = groupIdOf(subscription);
    if (!groupIds.includes(groupId)) groupIds.push(groupId);
    const seat = JSON.stringify([groupId, subscription.node]);
    seats.set(seat, [...(seats.get(seat) ?? []), subscription]);
  }
  return [...seats.values()].map((subscriptions, number): Client => {
    const first = subscriptions[0]!;
    const values = valuesOf(consumeFields, first.parameters);
    const read = new Map<number, number>();
    for (const { channel, index } of subscriptions) {
      const topic = topicOfChannel.get(channel)!;
      if (!read.has(topic)) read.set(topic, index);
    }
    const topics = [...read.keys()].sort((a, b) => a - b);
    return {
      number,
      group: groupIds.indexOf(groupIdOf(first)),
      node: first.node,
      topics,
      subscriptions: topics.map((topic) => read.get(topic)!),
      latencyNs: msToNs(values["network.latency.ms"]),
      values,
    };
  });
}

type GroupMembers = Omit<Group, "firstCursors">;

function planGroups(
  clients: readonly Client[],
  channels: readonly ChannelConfig[],
): readonly GroupMembers[] {
  const count = 1 + Math.max(-1, ...clients.map(({ group }) => group));
  return Array.from({ length: count }, (_, group): GroupMembers => {
    const own = clients.filter((client) => client.group === group);
    const topics = [...new Set(own.flatMap((client) => client.topics))];
    // By code unit, as Java compares topic names.
    topics.sort((a, b) => (channels[a]!.name < channels[b]!.name ? -1 : 1));
    const stated = own[0]!.values["group.id"];
    return { id: stated === "" ? own[0]!.node : stated, clients: own, topics };
  });
}

function planCursors(about: {
  readonly members: readonly GroupMembers[];
  readonly channels: readonly ChannelConfig[];
  readonly config: BrokerConfig;
  readonly context: BrokerContext;
}): { readonly groups: readonly Group[]; readonly cursors: readonly CursorPlan[] } {
  const { members, channels, config, context } = about;
  const counts = channels.map(({ parameters }) => valuesOf(topicFields, parameters).partitions);
  const firsts = counts.map((_, topic) => counts.slice(0, topic).reduce((a, b) => a + b, 0));
  const cursors: CursorPlan[] = [];
  const groups = members.map((group, number): Group => {
    const firstCursors = group.topics.map((topic) => {
      const { index } = channels[topic]!;
      const readers = config.subscriptions.filter(
        (one) =>
          one.channel === index &&
          groupIdOf(one) === group.id &&
          valuesOf(consumeFields, one.parameters)["group.type"] === "consumer",
      );
      const account = context.openAccount(index, readers.length === 1 ? readers[0]!.index : -1);
      const first = cursors.length;
      for (let i = 0; i < counts[topic]!; i++)
        cursors.push({ group: number, topic, partition: firsts[topic]! + i, account });
      return first;
    });
    return { ...group, firstCursors };
  });
  return { groups, cursors };
}

function planTopics(
  channels: readonly ChannelConfig[],
  cursors: readonly CursorPlan[],
  shares: readonly Share[],
): readonly Topic[] {
  let first = 0;
  return channels.map((channel, number): Topic => {
    const values = valuesOf(topicFields, channel.parameters);
    const own = cursors.filter(({ topic }) => topic === number);
    const topic: Topic = {
      channel: channel.index,
      id: channel.id,
      name: channel.name,
      first,
      partitions: values.partitions,
      values,
      segments: { bytes: values["segment.bytes"], ns: msToNs(segmentMs(values)) },
      accounts: [
        ...new Set(own.map(({ account }) => account)),
        ...shares.flatMap((share) => (share.topic === number ? [share.account] : [])),
      ],
    };
    first += values.partitions;
    return topic;
  });
}

/** Where compaction must not wait longer, segments are closed sooner. */
function segmentMs(values: ValuesOf<typeof topicFields>): number {
  const lagMs = values["cleanup.policy"] === "delete" ? null : values["max.compaction.lag.ms"];
  return Math.min(values["segment.ms"], lagMs ?? Infinity);
}

function planPublishers(
  config: BrokerConfig,
  about: {
    readonly topics: readonly Topic[];
    readonly topicOfChannel: ReadonlyMap<number, number>;
  },
): readonly Publisher[] {
  let firstLane = 0;
  return config.publishers.flatMap((publisher): Publisher[] => {
    const topic = about.topicOfChannel.get(publisher.channel);
    if (topic === undefined) return [];
    const values = valuesOf(publishFields, publisher.parameters);
    const planned: Publisher = {
      index: publisher.index,
      node: publisher.node,
      topic,
      firstLane,
      latencyNs: msToNs(values["network.latency.ms"]),
      lingerNs: msToNs(values["linger.ms"]),
      timeoutNs: msToNs(values["delivery.timeout.ms"]),
      values,
    };
    firstLane += about.topics[topic]!.partitions;
    return [planned];
  });
}

/** Replicas go round the nodes, each partition beginning one node further. Kafka begins at random. */
function placeReplicas(
  topic: Topic,
  number: number,
  nodes: number,
): readonly (readonly number[])[] {
  const factor = Math.min(topic.values["replication.factor"], nodes);
  return Array.from({ length: topic.partitions }, (_, partition) =>
    Array.from({ length: factor }, (_, replica) => (number + partition + replica) % nodes),
  );
}
