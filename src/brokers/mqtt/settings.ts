// The configuration of one MQTT broker as the run wants it: positions, nanoseconds, clients. Immutable.

import { valuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields, publishFields } from "./fields.ts";
import { filterOf, topicTemplate } from "./topics.ts";
import type { BrokerConfig } from "../technology.ts";

const NS_PER_MS = 1e6;

/** No limit, of counts. */
export const UNLIMITED = 0x7fffffff;

interface PublisherSettings {
  readonly channel: number;
  readonly template: string;
  readonly event: string;
  readonly qos: number;
  readonly retain: boolean;
  /** Infinity: never expires. */
  readonly expiryNs: number;
  readonly latencyNs: number;
  /** Position of the publishing client among the clients, -1 when it subscribes to nothing here. */
  readonly client: number;
  readonly isWill: boolean;
}

interface SubscriptionSettings {
  readonly id: string;
  readonly channel: number;
  readonly client: number;
  readonly filter: string;
  /** Name of the shared subscription with its filter, "" without. */
  readonly group: string;
  readonly qos: number;
  readonly noLocal: boolean;
  readonly retainHandling: number;
  readonly acksOnReceipt: boolean;
  readonly withholds: boolean;
}

/** A client: all subscriptions of one service. Its settings are those of the first of them. */
interface ClientSettings {
  readonly subscriptions: readonly number[];
  readonly isVersion5: boolean;
  readonly clean: boolean;
  /** How long its session outlives the connection [ns]; Infinity: for ever. */
  readonly sessionNs: number;
  readonly window: number;
  readonly latencyNs: number;
  /** After so long without a sign of life it counts as gone [ns]; 0: its connection closes at once. */
  readonly noticedNs: number;
}

/** All settings of a broker. Publishers and subscriptions are found by their index over the run. */
export interface Settings {
  readonly id: string;
  readonly queuedMost: number;
  readonly queuesQos0: boolean;
  /** Whether retained messages go to shared subscriptions too, as before 2.0.13 (its release notes, 2021-10-27). */
  readonly retainsForShared: boolean;
  readonly persistence: boolean;
  readonly autosaveNs: number;
  readonly reconnectNs: number;
  readonly publishers: readonly (PublisherSettings | undefined)[];
  readonly subscriptions: readonly (SubscriptionSettings | undefined)[];
  readonly clients: readonly ClientSettings[];
}

/** A duration that may be absent [ms] as [ns]; Infinity when absent. */
function toNs(ms: number | null): number {
  return ms === null ? Infinity : Math.round(ms * NS_PER_MS);
}

/** Derives the settings of a broker. */
export function settingsOf(config: BrokerConfig): Settings {
  const cluster = valuesOf(clusterFields, config.parameters);
  const nodes = [...new Set(config.subscriptions.map(({ node }) => node))];
  const limit = cluster.max_inflight_messages === 0 ? UNLIMITED : cluster.max_inflight_messages;
  return {
    id: config.id,
    queuedMost: cluster.max_queued_messages === 0 ? UNLIMITED : cluster.max_queued_messages,
    queuesQos0: cluster.queue_qos0_messages,
    retainsForShared: cluster.version === "2.0.0",
    persistence: cluster.persistence,
    autosaveNs: toNs(cluster.autosave_interval),
    reconnectNs: toNs(cluster.reconnect),
    publishers: publishersOf(config, nodes),
    subscriptions: subscriptionsOf(config, nodes),
    clients: nodes.map((node) => clientOf(config, node, limit)),
  };
}

function publishersOf(config: BrokerConfig, nodes: readonly string[]) {
  const byIndex: (PublisherSettings | undefined)[] = [];
  for (const publisher of config.publishers) {
    const values = valuesOf(publishFields, publisher.parameters);
    place(byIndex, publisher.index, {
      channel: publisher.channel,
      template: topicTemplate(config, publisher),
      event: publisher.contract,
      qos: Number(values.qos),
      retain: values.retain,
      expiryNs: toNs(values.message_expiry_interval),
      latencyNs: toNs(values.latency),
      client: nodes.indexOf(publisher.node),
      isWill: values.will,
    });
  }
  return byIndex;
}

function subscriptionsOf(config: BrokerConfig, nodes: readonly string[]) {
  const byIndex: (SubscriptionSettings | undefined)[] = [];
  for (const subscription of config.subscriptions) {
    const values = valuesOf(consumeFields, subscription.parameters);
    const filter = filterOf(config, subscription);
    const isVersion5 = values.protocol === "5.0";
    const acksOnReceipt = values.acknowledge === "on receipt" || values.qos === "0";
    place(byIndex, subscription.index, {
      id: subscription.id,
      channel: subscription.channel,
      client: nodes.indexOf(subscription.node),
      filter,
      group: values.share === "" ? "" : `${values.share}/${filter}`,
      qos: Number(values.qos),
      noLocal: isVersion5 && values.no_local,
      retainHandling: isVersion5 ? Number(values.retain_handling) : 0,
      acksOnReceipt,
      withholds: values.on_failure === "withhold",
    });
  }
  return byIndex;
}

function clientOf(config: BrokerConfig, node: string, limit: number): ClientSettings {
  const own = config.subscriptions.filter((one) => one.node === node);
  const values = valuesOf(consumeFields, own[0]?.parameters ?? {});
  const isVersion5 = values.protocol === "5.0";
  const whole = values.clean_session ? 0 : Infinity;
  return {
    subscriptions: own.map(({ index }) => index),
    isVersion5,
    clean: values.clean_session,
    sessionNs: isVersion5 ? toNs(values.session_expiry_interval) : whole,
    window: isVersion5 ? Math.min(limit, values.receive_maximum) : limit,
    latencyNs: toNs(values.latency),
    noticedNs: values.crash === "process" ? 0 : 1.5 * toNs(values.keep_alive),
  };
}

/** Puts a value at an index, with undefined in the gaps, so that the array stays a dense one. */
function place<T>(list: (T | undefined)[], index: number, value: T): void {
  while (list.length <= index) list.push(undefined);
  list[index] = value;
}
