// The configuration of SQS in one Region as the run wants it: positions instead of ids, nanoseconds instead of
// milliseconds, everything derived once. Immutable; what may change during a run is in the arena.

import { valuesOf } from "../../base/fields.ts";
import type { SendRules } from "../mechanisms/managedSends.ts";
import { filledText } from "../mechanisms/routing/messageFacts.ts";
import type { BrokerConfig, ChannelConfig, PublisherConfig } from "../technology.ts";
import { clusterFields, consumeFields, publishFields, queueFields } from "./fields.ts";

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/** The SDK's pauses in its standard mode: from 0 to 1, 2, 4, … s by chance, at most 20 s. */
const SDK_FIRST_NS = NS_PER_S;
const SDK_LONGEST_NS = 20 * NS_PER_S;

/** Receives need a pause between them, however short the network. */
const POLL_NS_MIN = NS_PER_MS;

/** Most delays that are read from a text. */
const BACKOFF_STEPS_MAX = 20;

const VISIBILITY_S_MAX = 43_200;

export interface QueueSettings {
  readonly id: string;
  readonly name: string;
  /** Index of the channel over the whole run. */
  readonly channel: number;
  readonly isFifo: boolean;
  readonly retentionNs: number;
  readonly sizeMax: number;
  /** Position of the dead-letter queue, -1 without. */
  readonly deadLetterAt: number;
  readonly receivesMax: number;
  /** Messages received and not deleted at most. */
  readonly inFlightMax: number;
  /** Calls per second of each action; Infinity for standard queues. */
  readonly callsPerS: number;
  readonly earlyDuplicates: number;
  readonly disorder: number;
  readonly moveNs: number;
  /** Start values of what may change during a run. */
  readonly visibilityNs: number;
  readonly delayNs: number;
  readonly isMoving: boolean;
}

/** A number per message, made of a text and perhaps its key. */
export interface Numbering {
  /** Position of the text; -1: every message has a number of its own. */
  readonly lane: number;
  readonly usesKey: boolean;
}

export interface PublisherSettings {
  readonly queue: number;
  readonly rules: SendRules;
  /** The message's own delay [ns]; -1: the queue's. */
  readonly delayNs: number;
  /** Which group its messages are in; the second one holds for messages without a key. */
  readonly group: Numbering;
  readonly keylessGroup: number;
  readonly deduplication: Numbering;
  /** A FIFO queue wants an id, and there is none. */
  readonly lacksId: boolean;
  /** What one message takes of a quota of ten units per call. */
  readonly callUnits: number;
}

export interface SubscriptionSettings {
  readonly id: string;
  readonly queue: number;
  readonly workers: number;
  readonly batch: number;
  readonly isLongPolling: boolean;
  /** Its own visibility timeout [ns]; -1: the queue's. */
  readonly visibilityNs: number;
  /** Infinity: never. */
  readonly heartbeatNs: number;
  /** Visibility timeouts after the first, second, … failed receive [ns]; empty: messages are left alone. */
  readonly backoffNs: readonly number[];
  /** From one short poll to the next [ns]. */
  readonly pollNs: number;
  readonly emptyReceives: number;
  readonly latencyNs: number;
}

/** All settings. Publishers and subscriptions are found by their index over the run. */
export interface Settings {
  readonly id: string;
  readonly zones: number;
  readonly detectionNs: number;
  readonly queues: readonly QueueSettings[];
  readonly publishers: readonly (PublisherSettings | undefined)[];
  readonly subscriptions: readonly (SubscriptionSettings | undefined)[];
  /** Number of lanes of groups and of deduplication ids. */
  readonly groupLanes: number;
  readonly idLanes: number;
}

/** A duration [ms] as [ns]. */
export function toNs(ms: number): number {
  return Math.round(ms * NS_PER_MS);
}

/** A channel by its id or name. */
export function findQueue(config: BrokerConfig, called: string): ChannelConfig | undefined {
  if (called === "") return undefined;
  return (
    config.channels.find(({ id }) => id === called) ??
    config.channels.find(({ name }) => name === called)
  );
}

/** Visibility timeouts that a text lists [s], or undefined when it is not such a list. */
export function parseBackoff(text: string): readonly number[] | undefined {
  const parts = text.split(",");
  if (parts.length > BACKOFF_STEPS_MAX) return undefined;
  const seconds = parts.map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return seconds.every((one) => one >= 0 && one <= VISIBILITY_S_MAX) ? seconds : undefined;
}

/** Derives the settings. */
export function settingsOf(config: BrokerConfig): Settings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const groups: string[] = [];
  const ids: string[] = [];
  const publishers: (PublisherSettings | undefined)[] = [];
  for (const publisher of config.publishers)
    place(publishers, publisher.index, publisherSettings(config, publisher, { groups, ids }));
  return {
    id: config.id,
    zones: cluster.zones,
    detectionNs: toNs(cluster.detection),
    queues: config.channels.map((channel) => queueSettings(config, channel)),
    publishers,
    subscriptions: subscriptionSettings(config),
    groupLanes: groups.length,
    idLanes: ids.length,
  };
}

function queueSettings(config: BrokerConfig, channel: ChannelConfig): QueueSettings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const values = valuesOf(queueFields, channel.parameters);
  const isFifo = values.FifoQueue;
  const isFast = values.FifoThroughputLimit === "perMessageGroupId";
  const target = findQueue(config, values.deadLetterTargetArn);
  return {
    id: channel.id,
    name: channel.name,
    channel: channel.index,
    isFifo,
    retentionNs: toNs(values.MessageRetentionPeriod),
    sizeMax: values.MaximumMessageSize,
    deadLetterAt: target === undefined || target === channel ? -1 : config.channels.indexOf(target),
    receivesMax: values.maxReceiveCount,
    inFlightMax: isFifo ? cluster.fifo_in_flight : cluster.standard_in_flight,
    callsPerS: !isFifo ? Infinity : isFast ? cluster.high_throughput_calls : cluster.fifo_calls,
    earlyDuplicates: isFifo ? 0 : values.early_duplicates,
    disorder: isFifo ? 0 : values.disorder,
    moveNs: Math.round(NS_PER_S / (values.MaxNumberOfMessagesPerSecond ?? 500)),
    visibilityNs: toNs(values.VisibilityTimeout),
    delayNs: toNs(values.DelaySeconds),
    isMoving: values.StartMessageMoveTask,
  };
}

function publisherSettings(
  config: BrokerConfig,
  publisher: PublisherConfig,
  lists: { readonly groups: string[]; readonly ids: string[] },
): PublisherSettings {
  const values = valuesOf(publishFields, publisher.parameters);
  const queue = config.channels.findIndex(({ index }) => index === publisher.channel);
  const channel = valuesOf(queueFields, config.channels[queue]?.parameters ?? {});
  const groupText = filledText(values.MessageGroupId, "{key}", publisher.contract);
  const idText = filledText(values.MessageDeduplicationId, "{key}", publisher.contract);
  const isPerGroup = channel.DeduplicationScope === "messageGroup";
  // What belongs together by its text alone: the same queue, id and, where the scope is the group, the same group.
  const scope = JSON.stringify([queue, idText, isPerGroup ? groupText : ""]);
  const hasOwnId = idText.includes("{message}") || idText === "";
  return {
    queue,
    rules: {
      latencyNs: toNs(values.latency),
      timeoutNs: toNs(values.request_timeout),
      answerLoss: values.answer_loss,
      retry: {
        phases: [
          {
            retries: values.max_attempts - 1,
            firstNs: SDK_FIRST_NS,
            lastNs: SDK_LONGEST_NS,
            growth: "doubling",
          },
        ],
        ageNsMax: Infinity,
        jitterFrom: 0,
        jitterTo: 1,
      },
    },
    delayNs: values.DelaySeconds === null || channel.FifoQueue ? -1 : toNs(values.DelaySeconds),
    group: { lane: laneOf(lists.groups, groupText), usesKey: groupText.includes("{key}") },
    keylessGroup: laneOf(lists.groups, filledText(groupText, publisher.contract, "")),
    deduplication: {
      lane: hasOwnId ? -1 : laneOf(lists.ids, scope),
      usesKey: idText.includes("{key}") || (isPerGroup && groupText.includes("{key}")),
    },
    lacksId: channel.FifoQueue && idText === "" && !channel.ContentBasedDeduplication,
    callUnits: 10 / values.SendMessageBatch,
  };
}

function subscriptionSettings(config: BrokerConfig): readonly (SubscriptionSettings | undefined)[] {
  const byIndex: (SubscriptionSettings | undefined)[] = [];
  for (const subscription of config.subscriptions) {
    const values = valuesOf(consumeFields, subscription.parameters);
    const queue = config.channels.findIndex(({ index }) => index === subscription.channel);
    const channel = valuesOf(queueFields, config.channels[queue]?.parameters ?? {});
    const latencyNs = toNs(values.latency);
    const isVisibility = values.on_failure === "visibility";
    place(byIndex, subscription.index, {
      id: subscription.id,
      queue,
      workers: subscription.workers,
      batch: values.MaxNumberOfMessages,
      isLongPolling: (values.WaitTimeSeconds ?? channel.ReceiveMessageWaitTimeSeconds) > 0,
      visibilityNs: values.VisibilityTimeout === null ? -1 : toNs(values.VisibilityTimeout),
      heartbeatNs: values.heartbeat === null ? Infinity : toNs(values.heartbeat),
      backoffNs: isVisibility
        ? (parseBackoff(values.backoff) ?? [0]).map((seconds) => Math.round(seconds * NS_PER_S))
        : [],
      pollNs: Math.max(POLL_NS_MIN, 2 * latencyNs + toNs(values.poll_pause)),
      emptyReceives: values.empty_receives,
      latencyNs,
    });
  }
  return byIndex;
}

function laneOf(list: string[], text: string): number {
  const known = list.indexOf(text);
  return known >= 0 ? known : list.push(text) - 1;
}

/** Puts a value at an index, with undefined in the gaps, so that the array stays a dense one. */
function place<T>(list: (T | undefined)[], index: number, value: T): void {
  while (list.length <= index) list.push(undefined);
  list[index] = value;
}
