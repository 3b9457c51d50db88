// The configuration of one Redis as the run wants it: positions instead of ids, nanoseconds instead of milliseconds,
// everything derived once. Immutable; what may change during a run is in the arena.

import { valuesOf, type ValuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields, publishFields, streamFields } from "./fields.ts";
import { compileGlob } from "./glob.ts";
import type { TrimRule } from "./streams.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";

const NS_PER_MS = 1e6;
const NONE = -1;

/** A stream of the broker. */
export interface StreamSettings {
  readonly id: string;
  readonly name: string;
  /** Index of the channel over the whole run. */
  readonly channel: number;
  readonly rule: TrimRule;
  /** Start value of what may change during a run. */
  readonly maxLength: number;
}

/** A consumer group of a stream, with the subscriptions that read through it. */
export interface GroupSettings {
  readonly name: string;
  readonly stream: number;
  readonly subscriptions: readonly number[];
}

interface PublisherSettings {
  /** Position among the streams, -1 for pub/sub. */
  readonly stream: number;
  /** Index of the channel over the whole run. */
  readonly channel: number;
  /** Of pub/sub: the channel's name as it is published, with placeholders. */
  readonly template: string;
  readonly waitFor: number;
  readonly waitNs: number;
  readonly timeoutNs: number;
  /** Lane of its ids among idempotent publishers; -1: not idempotent. */
  readonly idempotent: number;
  readonly latencyNs: number;
}

/** A subscription of a stream, or of pub/sub (`stream` is -1). */
export interface SubscriptionSettings {
  readonly id: string;
  readonly index: number;
  readonly node: string;
  readonly stream: number;
  readonly channel: number;
  /** Position among the groups; -1: every worker is one of its own (XREAD), or pub/sub. */
  readonly group: number;
  readonly values: ValuesOf<typeof consumeFields>;
  readonly noack: boolean;
  /** The name is the same after a restart, and what is pending under it is read first. */
  readonly readsHistory: boolean;
  readonly isRenamed: boolean;
  readonly claimEveryNs: number;
  /** Stream for dead letters, -1 without. */
  readonly deadLetterStream: number;
  readonly patterns: readonly ((channel: string) => boolean)[];
  readonly latencyNs: number;
  readonly pollNs: number;
}

/** All settings. Publishers and subscriptions are found by their index over the run. */
export interface Settings {
  readonly id: string;
  readonly cluster: ValuesOf<typeof clusterFields>;
  readonly nodes: number;
  readonly streams: readonly StreamSettings[];
  readonly groups: readonly GroupSettings[];
  readonly publishers: readonly (PublisherSettings | undefined)[];
  readonly subscriptions: readonly (SubscriptionSettings | undefined)[];
  /** Number of idempotent publishers. */
  readonly idempotent: number;
  /** Snapshots: after so many ns with so many changes. */
  readonly saves: readonly SavePoint[];
}

/** A snapshot is made when so many changes are unsaved for so long. */
export interface SavePoint {
  readonly ns: number;
  readonly changes: number;
}

/** A stream by id or, failing that, by name. */
export function findStream(config: BrokerConfig, called: string): ChannelConfig | undefined {
  const streams = config.channels.filter((channel) => channel.kind === "stream");
  return (
    streams.find((channel) => channel.id === called) ??
    streams.find((channel) => channel.name === called)
  );
}

/** The pairs of the directive `save`; undefined when it cannot be read. */
export function parseSave(text: string): readonly SavePoint[] | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === '""') return [];
  const numbers = trimmed.split(/\s+/u);
  if (numbers.length % 2 === 1 || numbers.some((one) => !/^[1-9]\d{0,8}$/u.test(one)))
    return undefined;
  const points: SavePoint[] = [];
  for (let at = 0; at < numbers.length; at += 2)
    points.push({ ns: Number(numbers[at]) * 1e9, changes: Number(numbers[at + 1]) });
  return points;
}

/** The name of the group of a subscription. */
export function groupName(subscription: SubscriptionConfig): string {
  const { group } = valuesOf(consumeFields, subscription.parameters);
  return group === "" ? subscription.node : group;
}

/** Derives the settings. */
export function settingsOf(config: BrokerConfig): Settings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const channels = config.channels.filter((channel) => channel.kind === "stream");
  const groups = groupsOf(config, channels);
  const publishers = publishersOf(config, channels);
  return {
    id: config.id,
    cluster,
    nodes: cluster.replicas + 1,
    streams: channels.map(streamOf),
    groups,
    publishers,
    subscriptions: subscriptionsOf(config, channels, groups),
    idempotent: publishers.filter((one) => (one?.idempotent ?? NONE) >= 0).length,
    saves: cluster.appendonly ? [] : (parseSave(cluster.save) ?? []),
  };
}

function streamOf(channel: ChannelConfig): StreamSettings {
  const values = valuesOf(streamFields, channel.parameters);
  const rule: TrimRule = {
    by: values.trim,
    approximate: values.trim !== "none" && values.trimming === "~",
    references: values.references,
    ageMs: values.minid_age,
  };
  const { id, name, index } = channel;
  return { id, name, channel: index, rule, maxLength: values.maxlen };
}

function groupsOf(
  config: BrokerConfig,
  channels: readonly ChannelConfig[],
): readonly GroupSettings[] {
  const groups: { name: string; stream: number; subscriptions: number[] }[] = [];
  for (const subscription of config.subscriptions) {
    const stream = channels.findIndex((channel) => channel.index === subscription.channel);
    const { command } = valuesOf(consumeFields, subscription.parameters);
    if (stream < 0 || command === "XREAD") continue;
    const name = groupName(subscription);
    const known = groups.find((group) => group.stream === stream && group.name === name);
    if (known === undefined) groups.push({ name, stream, subscriptions: [subscription.index] });
    else known.subscriptions.push(subscription.index);
  }
  return groups;
}

function publishersOf(
  config: BrokerConfig,
  channels: readonly ChannelConfig[],
): readonly (PublisherSettings | undefined)[] {
  const byIndex: (PublisherSettings | undefined)[] = [];
  let idempotent = 0;
  for (const publisher of config.publishers) {
    const values = valuesOf(publishFields, publisher.parameters);
    const channel = config.channels.find((one) => one.index === publisher.channel);
    const stated = values.channel === "" ? (channel?.name ?? "") : values.channel;
    const stream = channels.findIndex((one) => one.index === publisher.channel);
    place(byIndex, publisher.index, {
      stream,
      channel: publisher.channel,
      template: stated.replaceAll("{event}", () => publisher.contract),
      waitFor: values.wait_replicas,
      waitNs: toNs(values.wait_timeout),
      timeoutNs: toNs(values.command_timeout),
      idempotent: values.idmp === "IDMP" && stream >= 0 ? idempotent++ : NONE,
      latencyNs: toNs(values.latency),
    });
  }
  return byIndex;
}

function subscriptionsOf(
  config: BrokerConfig,
  channels: readonly ChannelConfig[],
  groups: readonly GroupSettings[],
): readonly (SubscriptionSettings | undefined)[] {
  const byIndex: (SubscriptionSettings | undefined)[] = [];
  for (const subscription of config.subscriptions) {
    const values = valuesOf(consumeFields, subscription.parameters);
    const { index, id, node, channel } = subscription;
    const group = groups.findIndex((one) => one.subscriptions.includes(index));
    const isGrouped = group >= 0;
    const keepsPending = isGrouped && !values.noack;
    const target = findStream(config, values.dead_letter_stream);
    place(byIndex, index, {
      id,
      index,
      node,
      channel,
      stream: channels.findIndex((one) => one.index === channel),
      group,
      values,
      noack: isGrouped && values.noack,
      readsHistory: isGrouped ? keepsPending && values.start === "0" : values.resume === "stored",
      isRenamed: keepsPending && values.consumer === "new",
      claimEveryNs:
        keepsPending && values.claim === "XAUTOCLAIM" ? toNs(values.claim_every) : Infinity,
      deadLetterStream: target === undefined ? NONE : channels.indexOf(target),
      patterns: values.patterns
        .split(/\s+/u)
        .flatMap((one) => (one === "" ? [] : compileGlob(one))),
      latencyNs: toNs(values.latency),
      pollNs: values.block === null ? toNs(values.poll_pause) : 0,
    });
  }
  return byIndex;
}

/** Milliseconds as whole nanoseconds. */
export function toNs(ms: number): number {
  return Math.round(ms * NS_PER_MS);
}

/** Puts a value at an index, with undefined in the gaps, so that the array stays a dense one. */
function place<T>(list: (T | undefined)[], index: number, value: T): void {
  while (list.length <= index) list.push(undefined);
  list[index] = value;
}
