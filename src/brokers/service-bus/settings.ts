// The configuration of a Service Bus namespace as the run wants it: positions instead of ids, nanoseconds instead of
// milliseconds, filters compiled. Immutable.

import { type Fields, valuesOf } from "../../base/fields.ts";
import type { SendRules } from "../mechanisms/managedSends.ts";
import {
  factsOf,
  filledText,
  isJsonObject,
  type JsonObject,
  noFacts,
  parseFacts,
  parseJson,
} from "../mechanisms/routing/messageFacts.ts";
import type { BrokerConfig, ChannelConfig, PublisherConfig } from "../technology.ts";
import { bindFields, clusterFields, consumeFields, publishFields, queueFields } from "./fields.ts";
import { compileSqlFilter } from "./sqlFilter.ts";

const NS_PER_MS = 1e6;

/** The SDK's exponential retries: 0.8 s at first, at most a minute. */
const RETRY_FIRST_NS = 800e6;
const RETRY_LONGEST_NS = 60e9;

/** Hops of auto-forwarding before a message is dead-lettered. */
export const HOPS_MAX = 4;

/** A place where messages wait: a queue, a subscription, a dead-letter queue. */
export interface EntitySettings {
  readonly name: string;
  /** Index of the channel over the whole run. */
  readonly channel: number;
  readonly isDeadLetterQueue: boolean;
  readonly lockNs: number;
  readonly deliveriesMax: number;
  readonly ttlNs: number;
  readonly deadLettersExpired: boolean;
  readonly hasSessions: boolean;
  /** Positions among the channels, -1 without. */
  readonly forwardAt: number;
  readonly deadLetterAt: number;
}

/** What a channel does with what is sent to it. */
export interface ChannelSettings {
  /** Undefined for a topic. */
  readonly entity: EntitySettings | undefined;
  /** Of a topic: positions of its subscriptions, and for each the rules of which one must match. */
  readonly rules: readonly { readonly to: number; readonly matches: (f: JsonObject) => boolean }[];
  readonly detectionNs: number;
}

export interface PublisherSettings {
  readonly channelAt: number;
  readonly channel: number;
  readonly rules: SendRules;
  readonly ttlNs: number;
  readonly delayNs: number;
  /** Lane of its ids for duplicate detection; -1: every message has an id of its own. */
  readonly idLane: number;
  readonly idUsesKey: boolean;
  readonly usesKey: boolean;
  readonly factsFor: (key: string) => JsonObject;
}

export interface SubscriptionSettings {
  readonly id: string;
  /** Position of its channel. */
  readonly at: number;
  readonly window: number;
  readonly deletes: boolean;
  readonly renewalNs: number;
  readonly onFailure: "abandon" | "dead-letter" | "lock";
  readonly idleNs: number;
  readonly latencyNs: number;
}

/** All settings. Publishers and subscriptions are found by their index over the run. */
export interface Settings {
  readonly id: string;
  readonly zones: number;
  readonly detectionNs: number;
  readonly sizeMax: number;
  readonly channels: readonly ChannelSettings[];
  readonly publishers: readonly (PublisherSettings | undefined)[];
  readonly subscriptions: readonly (SubscriptionSettings | undefined)[];
  readonly idWindows: readonly number[];
}

const toNs = (ms: number) => Math.round(ms * NS_PER_MS);

/** A channel by its id or name. */
export function findChannel(config: BrokerConfig, called: unknown): ChannelConfig | undefined {
  if (typeof called !== "string" || called === "") return undefined;
  const byId = config.channels.find(({ id }) => id === called);
  return byId ?? config.channels.find(({ name }) => name === called);
}

/** What a rule asks of a message; the failure is a sentence that begins in lower case. */
export function ruleOf(parameters: BrokerConfig["parameters"]) {
  const values = valuesOf(bindFields, parameters);
  if (values.filter === "SqlFilter") return compileSqlFilter(values.sqlExpression);
  const wanted = parseJson(values.filter === "CorrelationFilter" ? values.correlation : "{}");
  if (!wanted.ok) return wanted;
  const { value } = wanted;
  const members = isJsonObject(value) ? Object.entries(value) : [];
  const matches = (facts: JsonObject) =>
    members.every(([name, one]) => Object.hasOwn(facts, name) && facts[name] === one);
  return { ok: true as const, value: matches };
}

/** Derives the settings. */
export function settingsOf(config: BrokerConfig): Settings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const lanes: { readonly scope: string; readonly windowNs: number }[] = [];
  const publishers: (PublisherSettings | undefined)[] = [];
  for (const one of config.publishers)
    place(publishers, one.index, publisherSettings(config, one, lanes));
  return {
    id: config.id,
    zones: cluster.zones,
    detectionNs: toNs(cluster.detection),
    sizeMax: cluster.tier === "Premium" ? 1_048_576 : 262_144,
    channels: config.channels.map((channel) => channelSettings(config, channel)),
    publishers,
    subscriptions: subscriptionSettings(config),
    idWindows: lanes.map(({ windowNs }) => windowNs),
  };
}

function channelSettings(config: BrokerConfig, channel: ChannelConfig): ChannelSettings {
  const all: Fields = queueFields;
  const stated = Object.entries(channel.parameters).filter(([name]) => Object.hasOwn(all, name));
  const values = valuesOf(queueFields, Object.fromEntries(stated));
  const isDeadLetterQueue = channel.kind === "dead-letter";
  const at = (called: string) => {
    const found = findChannel(config, called);
    return found === undefined || found === channel ? -1 : config.channels.indexOf(found);
  };
  const bindings = config.bindings.filter(({ from }) => from === channel.index);
  return {
    entity:
      channel.kind === "topic"
        ? undefined
        : {
            name: channel.name,
            channel: channel.index,
            isDeadLetterQueue,
            lockNs: toNs(values.LockDuration),
            deliveriesMax: isDeadLetterQueue ? Infinity : values.MaxDeliveryCount,
            ttlNs:
              values.DefaultMessageTimeToLive === null || isDeadLetterQueue
                ? Infinity
                : toNs(values.DefaultMessageTimeToLive),
            deadLettersExpired: values.DeadLetteringOnMessageExpiration,
            hasSessions: values.RequiresSession && !isDeadLetterQueue,
            forwardAt: isDeadLetterQueue ? -1 : at(values.ForwardTo),
            deadLetterAt: isDeadLetterQueue ? -1 : at(values.dead_letter_queue),
          },
    rules: bindings.map(({ to, parameters }) => {
      const rule = ruleOf(parameters);
      return {
        to: config.channels.findIndex(({ index }) => index === to),
        // A rule that is not understood is an error of the check, and matches nothing.
        matches: rule.ok ? rule.value : () => false,
      };
    }),
    detectionNs: values.RequiresDuplicateDetection
      ? toNs(values.DuplicateDetectionHistoryTimeWindow)
      : 0,
  };
}

function publisherSettings(
  config: BrokerConfig,
  publisher: PublisherConfig,
  lanes: { readonly scope: string; readonly windowNs: number }[],
): PublisherSettings {
  const values = valuesOf(publishFields, publisher.parameters);
  const channelAt = config.channels.findIndex(({ index }) => index === publisher.channel);
  const channel = config.channels[channelAt];
  const detectionNs = channel === undefined ? 0 : channelSettings(config, channel).detectionNs;
  const idText = filledText(values.MessageId, "{key}", publisher.contract);
  const scope = JSON.stringify([channelAt, idText]);
  const isOwn = detectionNs === 0 || idText.includes("{message}") || idText === "";
  let idLane = isOwn ? -1 : lanes.findIndex((one) => one.scope === scope);
  if (!isOwn && idLane < 0) idLane = lanes.push({ scope, windowNs: detectionNs }) - 1;
  const parsed = parseFacts(values.ApplicationProperties);
  const template = parsed.ok ? parsed.value : noFacts;
  return {
    channelAt,
    channel: publisher.channel,
    rules: {
      latencyNs: toNs(values.latency),
      timeoutNs: toNs(values.TryTimeout),
      answerLoss: values.answer_loss,
      retry: {
        phases: [
          {
            retries: values.MaxRetries,
            firstNs: RETRY_FIRST_NS,
            lastNs: RETRY_LONGEST_NS,
            growth: "doubling",
          },
        ],
        ageNsMax: Infinity,
        jitterFrom: 0.8,
        jitterTo: 1.2,
      },
    },
    ttlNs: values.TimeToLive === null ? Infinity : toNs(values.TimeToLive),
    delayNs: toNs(values.ScheduledEnqueueTime),
    idLane,
    idUsesKey: idText.includes("{key}"),
    usesKey: template.usesKey || values.Subject.includes("{key}"),
    factsFor: (key) => ({
      ...factsOf(template, key, publisher.contract),
      "sys.Label": filledText(values.Subject, key, publisher.contract),
    }),
  };
}

function subscriptionSettings(config: BrokerConfig): readonly (SubscriptionSettings | undefined)[] {
  const byIndex: (SubscriptionSettings | undefined)[] = [];
  for (const subscription of config.subscriptions) {
    const values = valuesOf(consumeFields, subscription.parameters);
    place(byIndex, subscription.index, {
      id: subscription.id,
      at: config.channels.findIndex(({ index }) => index === subscription.channel),
      window: 1 + values.PrefetchCount,
      deletes: values.ReceiveMode === "ReceiveAndDelete",
      renewalNs: toNs(values.MaxAutoLockRenewalDuration),
      onFailure: values.on_failure,
      idleNs: toNs(values.SessionIdleTimeout),
      latencyNs: toNs(values.latency),
    });
  }
  return byIndex;
}

function place<T>(list: (T | undefined)[], index: number, value: T): void {
  while (list.length <= index) list.push(undefined);
  list[index] = value;
}
