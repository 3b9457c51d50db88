// The configuration of one RabbitMQ cluster as the run wants it: positions instead of ids, nanoseconds instead of
// milliseconds, everything derived once. Immutable; what may change during a run is in the arena.

import { type ValuesOf, valuesOf } from "../../base/fields.ts";
import { NO_WINDOW } from "../mechanisms/consumers.ts";
import { NO_DEATHS } from "../mechanisms/deaths.ts";
import type { CopyTraits } from "../mechanisms/copies.ts";
import type { Retention } from "./segments.ts";
import { type StreamOffset, streamOffsetOf } from "./streamOffset.ts";
import { clusterFields, consumeFields, publishFields, queueFields } from "./fields.ts";
import { type PriorityClasses, priorityClasses } from "./priority.ts";
import { deadLetterKeys, findChannel, isDeclared } from "./routing.ts";
import {
  type ComingBack,
  comingBack,
  deliveryLimitOf,
  keepsBodiesInMemory,
  retryDelayMs,
  type Version,
  watermarkOf,
} from "./version.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";

const NS_PER_MS = 1e6;

/** A quorum queue's limit for consumers without prefetch. */
const QUORUM_WINDOW = 2000;

/** The queue names no dead-letter exchange. */
export const NO_DEAD_LETTERS = -1;
/** The queue names a dead-letter exchange that does not exist. */
export const DEAD_LETTERS_MISSING = -2;

export interface QueueSettings {
  readonly id: string;
  readonly name: string;
  /** Index of the channel over the whole run. */
  readonly channel: number;
  readonly quorum: boolean;
  /** A log that is read without taking anything out; replicated like a quorum queue. */
  readonly stream: boolean;
  readonly overflow: "drop-head" | "reject-publish" | "reject-publish-dlx";
  /** Position of the channel that dead letters go to, or one of the two constants above. */
  readonly deadLetterAt: number;
  /** Row of that channel in the document, -1 without. */
  readonly deadLetterChannel: number;
  /** Position of that channel in a list of its own if it is a queue, which is reached by its name alone. */
  readonly deadLetterQueues: readonly number[] | undefined;
  /** Position of the dead-letter routing key among those of the router; -1: the message's own keys. */
  readonly deadLetterKey: number;
  /** -1: none. Always -1 for classic queues. */
  readonly deliveryLimit: number;
  /** How long a copy that came back waits [ns], by the number of failed deliveries; 0: not at all. */
  readonly retryDelayNs: (about: { hasFailed: boolean; failures: number }) => number;
  readonly priorities: PriorityClasses;
  readonly single: boolean;
  /** Nodes that hold the queue; a classic queue has one. */
  readonly members: readonly number[];
  /** Lanes of its consumers, highest priority first. */
  readonly lanes: readonly number[];
  /** Start values of what may change during a run. */
  readonly ttlNs: number;
  readonly maxLength: number;
  /** Most bytes of payload in ready messages, -1 without. */
  readonly maxBytes: number;
  /** What a stream keeps; undefined: everything. */
  readonly retention: Retention | undefined;
  /** How long it may be without a consumer before it is deleted [ns]; Infinity: for ever. */
  readonly expiresNs: number;
}

/** What a node has of memory and disk, and when it is short of them. Infinity: nobody looks. */
interface Resources {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Start values of what may change during a run. */
  readonly watermark: number;
  readonly diskFreeLimitBytes: number;
  /** Whether classic queues keep bodies in memory. */
  readonly keepsBodiesInMemory: boolean;
}

interface PublisherSettings {
  readonly channel: number;
  /** Position of the channel in the configuration. */
  readonly channelAt: number;
  /** Whether that channel is an exchange that nobody has declared. */
  readonly isMissing: boolean;
  readonly template: number;
  readonly confirms: boolean;
  readonly mandatory: boolean;
  /** What every copy of its messages starts with. */
  readonly traits: CopyTraits;
  readonly latencyNs: number;
}

interface SubscriptionSettings {
  readonly id: string;
  readonly queue: number;
  readonly automatic: boolean;
  /** Why a copy comes back that could not be dealt with; undefined: it is rejected for good. */
  readonly onFailure: ComingBack | undefined;
  readonly lane: number;
  readonly latencyNs: number;
  /** Where it begins to read a stream. */
  readonly streamOffset: StreamOffset;
  /** The workers share one window. */
  readonly global: boolean;
  /** Start value of what may change during a run: as many as a worker may hold. */
  readonly window: number;
}

/** All settings of a cluster. Publishers and subscriptions are found by their index over the run. */
export interface Settings {
  readonly id: string;
  readonly version: Version;
  readonly nodes: number;
  readonly electionNs: number;
  /** How long a leader may be cut off before the others elect another one [ns]. */
  readonly suspicionNs: number;
  readonly netTicktimeNs: number;
  /** What nodes do that find others missing; nothing from 4.3 on. */
  readonly partitionHandling: "ignore" | "pause_minority" | "autoheal";
  /** Infinity: off. */
  readonly consumerTimeoutNs: number;
  readonly tickNs: number;
  readonly resources: Resources;
  readonly queues: readonly QueueSettings[];
  readonly publishers: readonly (PublisherSettings | undefined)[];
  readonly subscriptions: readonly (SubscriptionSettings | undefined)[];
  readonly laneCount: number;
}

/** A duration that may be absent [ms] as [ns]; Infinity when absent. */
export function toNs(ms: number | null): number {
  return ms === null ? Infinity : Math.round(ms * NS_PER_MS);
}

/** As many as a consumer may hold at a prefetch_count. */
export function toWindow(prefetch: number, queue: { readonly quorum: boolean }): number {
  if (prefetch > 0) return prefetch;
  return queue.quorum ? QUORUM_WINDOW : NO_WINDOW;
}

/** Derives the settings of a cluster. */
export function settingsOf(config: BrokerConfig): Settings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const queueChannels = config.channels.filter((channel) => channel.kind === "queue");
  const lanes = lanesOf(config, queueChannels);
  const queues = queueChannels.map((channel, position) =>
    queueSettings(config, channel, { position, lanes, cluster }),
  );
  return {
    id: config.id,
    version: cluster.version,
    nodes: cluster.nodes,
    electionNs: toNs(cluster.election),
    suspicionNs: toNs(cluster.suspicion),
    netTicktimeNs: toNs(cluster.net_ticktime),
    partitionHandling: cluster.version === "4.3" ? "ignore" : cluster.cluster_partition_handling,
    consumerTimeoutNs: toNs(cluster.consumer_timeout),
    tickNs: toNs(cluster.channel_tick_interval),
    resources: {
      memoryBytes: cluster.memory ?? Infinity,
      diskBytes: cluster.disk ?? Infinity,
      watermark: watermarkOf(cluster.version, cluster.vm_memory_high_watermark),
      diskFreeLimitBytes: cluster.disk_free_limit,
      keepsBodiesInMemory: keepsBodiesInMemory(cluster.version),
    },
    queues,
    publishers: publisherSettings(config),
    subscriptions: subscriptionSettings(config, queues, lanes),
    laneCount: lanes.length,
  };
}

/** One lane per queue and consumer priority that occurs there, higher priorities first. */
interface Lane {
  readonly channel: number;
  readonly priority: number;
}

function lanesOf(config: BrokerConfig, queues: readonly ChannelConfig[]): readonly Lane[] {
  return queues.flatMap((queue) => {
    const priorities = config.subscriptions
      .filter((subscription) => subscription.channel === queue.index)
      .map((subscription) => valuesOf(consumeFields, subscription.parameters)["x-priority"]);
    return [...new Set(priorities)]
      .toSorted((a, b) => b - a)
      .map((priority) => ({ channel: queue.index, priority }));
  });
}

function queueSettings(
  config: BrokerConfig,
  channel: ChannelConfig,
  about: {
    position: number;
    lanes: readonly Lane[];
    cluster: { readonly nodes: number; readonly version: Version };
  },
): QueueSettings {
  const values = valuesOf(queueFields, channel.parameters);
  const { nodes, version } = about.cluster;
  const type = values["x-queue-type"];
  const stream = type === "stream";
  const quorum = type !== "classic";
  const size = quorum ? Math.min(values["x-quorum-initial-group-size"], nodes) : 1;
  const key = values["x-dead-letter-routing-key"];
  const deadLetterAt = stream
    ? NO_DEAD_LETTERS
    : deadLetterTarget(config, values["x-dead-letter-exchange"]);
  return {
    id: channel.id,
    name: channel.name,
    channel: channel.index,
    quorum,
    stream,
    overflow: stream ? "drop-head" : values["x-overflow"],
    deadLetterAt,
    deadLetterChannel: config.channels[deadLetterAt]?.index ?? -1,
    deadLetterQueues: queueAlone(config, deadLetterAt),
    deadLetterKey: key === "" ? -1 : deadLetterKeys(config).indexOf(key),
    deliveryLimit: quorum ? deliveryLimitOf(version, values["x-delivery-limit"]) : -1,
    retryDelayNs: (failed) =>
      quorum && version === "4.3" ? toNs(retryDelayMs(values, failed)) : 0,
    priorities: priorityClasses(
      config.publishers.map((one) => valuesOf(publishFields, one.parameters).priority),
      { type, max: values["x-max-priority"], version },
    ),
    single: !stream && values["x-single-active-consumer"],
    members: Array.from({ length: size }, (_, i) => (about.position + i) % nodes),
    lanes: about.lanes.flatMap((lane, i) => (lane.channel === channel.index ? [i] : [])),
    ttlNs: stream ? Infinity : toNs(values["x-message-ttl"]),
    maxLength: stream ? -1 : (values["x-max-length"] ?? -1),
    maxBytes: stream ? -1 : (values["x-max-length-bytes"] ?? -1),
    retention: stream ? retentionOf(values) : undefined,
    expiresNs: stream ? Infinity : toNs(values["x-expires"]),
  };
}

function retentionOf(values: ValuesOf<typeof queueFields>): Retention | undefined {
  const { "x-max-age": age, "x-max-length-bytes": bytes } = values;
  if (age === null && bytes === null) return undefined;
  const segmentBytes = values["x-stream-max-segment-size-bytes"];
  return { maxAgeNs: toNs(age), maxBytes: bytes ?? Infinity, segmentBytes };
}

function deadLetterTarget(config: BrokerConfig, called: string): number {
  if (called === "") return NO_DEAD_LETTERS;
  const found = findChannel(config, called);
  return found === undefined || !isDeclared(found)
    ? DEAD_LETTERS_MISSING
    : config.channels.indexOf(found);
}

function queueAlone(config: BrokerConfig, channelAt: number): readonly number[] | undefined {
  const channel = config.channels[channelAt];
  if (channel?.kind !== "queue") return undefined;
  const queues = config.channels.filter(({ kind }) => kind === "queue");
  return [queues.indexOf(channel)];
}

function publisherSettings(config: BrokerConfig): readonly (PublisherSettings | undefined)[] {
  const byIndex: (PublisherSettings | undefined)[] = [];
  config.publishers.forEach((publisher, template) => {
    const values = valuesOf(publishFields, publisher.parameters);
    const lifetimeNs = toNs(values.expiration);
    const channelAt = config.channels.findIndex(({ index }) => index === publisher.channel);
    place(byIndex, publisher.index, {
      channel: publisher.channel,
      channelAt,
      isMissing: !isDeclared(config.channels[channelAt]!),
      template,
      confirms: values.confirms,
      mandatory: values.mandatory,
      traits: {
        template,
        persistent: values.delivery_mode === "2",
        lifetimeNs,
        deaths: NO_DEATHS,
        plain: lifetimeNs === Infinity,
      },
      latencyNs: toNs(values.latency),
    });
  });
  return byIndex;
}

function subscriptionSettings(
  config: BrokerConfig,
  queues: readonly QueueSettings[],
  lanes: readonly Lane[],
): readonly (SubscriptionSettings | undefined)[] {
  const byIndex: (SubscriptionSettings | undefined)[] = [];
  for (const subscription of config.subscriptions) {
    const values = valuesOf(consumeFields, subscription.parameters);
    const { channel, index, id } = subscription;
    const queue = queues.findIndex((one) => one.channel === channel);
    const priority = values["x-priority"];
    if (queue < 0) continue;
    place(byIndex, index, {
      id,
      queue,
      automatic: values.ack === "automatic",
      onFailure: comingBack[values.on_failure],
      lane: lanes.findIndex((lane) => lane.channel === channel && lane.priority === priority),
      latencyNs: toNs(values.latency),
      streamOffset: streamOffsetOf(values["x-stream-offset"]) ?? { from: "next" },
      global: values.global,
      window:
        values.ack === "automatic"
          ? NO_WINDOW
          : toWindow(values.prefetch_count, { quorum: queues[queue]!.quorum }),
    });
  }
  return byIndex;
}

/** Puts a value at an index, with undefined in the gaps, so that the array stays a dense one. */
function place<T>(list: (T | undefined)[], index: number, value: T): void {
  while (list.length <= index) list.push(undefined);
  list[index] = value;
}
