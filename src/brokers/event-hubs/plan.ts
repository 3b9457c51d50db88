// What a namespace of a document consists of, counted through and worked out once: hubs and their partitions, senders,
// consumer groups, and a cursor for each partition that a group reads. Nothing here changes in a run.

import { valuesOf, type ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import { clusterFields, consumeFields, hubFields, publishFields } from "./fields.ts";
import type { SendRules } from "../mechanisms/managedSends.ts";
import type { Account, BrokerConfig, BrokerContext, SubscriptionConfig } from "../technology.ts";

const NONE = -1;

/** An event hub; its partitions are numbered through from `first`. */
export interface Hub {
  readonly channel: number;
  readonly id: string;
  readonly name: string;
  readonly first: number;
  readonly partitions: number;
  readonly values: ValuesOf<typeof hubFields>;
}

/** A producer client. */
export interface Sender {
  readonly number: number;
  readonly hub: number;
  readonly isByKey: boolean;
  readonly rules: SendRules;
}

/** The processors of one connection: one per worker. */
export interface Client {
  readonly subscription: number;
  readonly group: number;
  readonly node: string;
  readonly latencyNs: number;
  readonly values: ValuesOf<typeof consumeFields>;
}

/** A consumer group of a hub. Its cursor for partition p of the hub is `firstCursor` + p. */
export interface Group {
  readonly name: string;
  readonly hub: number;
  readonly account: Account;
  readonly firstCursor: number;
}

/** A whole namespace. */
export interface HubsPlan {
  readonly id: string;
  readonly namespace: ValuesOf<typeof clusterFields>;
  readonly hubs: readonly Hub[];
  readonly hubOf: readonly number[];
  readonly senders: ReadonlyMap<number, Sender>;
  readonly clients: readonly Client[];
  readonly clientOf: ReadonlyMap<number, number>;
  readonly groups: readonly Group[];
  readonly cursorGroup: readonly number[];
  readonly cursorPartition: readonly number[];
  readonly cursorsOf: readonly (readonly number[])[];
}

/** Name of the consumer group of a connection. */
export function consumerGroupOf(subscription: SubscriptionConfig): string {
  const stated = valuesOf(consumeFields, subscription.parameters).consumerGroup;
  return stated === "" ? subscription.node : stated;
}

/** Works the plan out and opens the accounts. */
export function planHubs(config: BrokerConfig, context: BrokerContext): HubsPlan {
  const channels = config.channels.filter(({ kind }) => kind === "hub");
  let first = 0;
  const hubs = channels.map(({ index, id, name, parameters }): Hub => {
    const values = valuesOf(hubFields, parameters);
    const partitions = values.partitionCount;
    first += partitions;
    return { channel: index, id, name, first: first - partitions, partitions, values };
  });
  const hubOfChannel = new Map(hubs.map(({ channel }, hub) => [channel, hub]));
  const groups = planGroups(config, context, hubs, hubOfChannel);
  const clients = config.subscriptions.flatMap((one): Client[] => {
    const hub = hubOfChannel.get(one.channel);
    const group = groups.findIndex(
      (other) => other.hub === hub && other.name === consumerGroupOf(one),
    );
    if (group < 0) return [];
    const values = valuesOf(consumeFields, one.parameters);
    const latencyNs = msToNs(values["network.latency.ms"]);
    return [{ subscription: one.index, group, node: one.node, latencyNs, values }];
  });
  const hubOf = hubs.flatMap(({ partitions }, hub) => Array<number>(partitions).fill(hub));
  const cursors = groups.flatMap(({ hub }, group) =>
    Array.from({ length: hubs[hub]!.partitions }, (_, i) => ({
      group,
      partition: hubs[hub]!.first + i,
    })),
  );
  const cursorsOf = hubOf.map((): number[] => []);
  cursors.forEach(({ partition }, cursor) => cursorsOf[partition]!.push(cursor));
  return {
    id: config.id,
    namespace: valuesOf(clusterFields, config.parameters),
    hubs,
    hubOf,
    senders: planSenders(config, hubOfChannel),
    clients,
    clientOf: new Map(clients.map(({ subscription }, client) => [subscription, client])),
    groups,
    cursorGroup: cursors.map(({ group }) => group),
    cursorPartition: cursors.map(({ partition }) => partition),
    cursorsOf,
  };
}

function planGroups(
  config: BrokerConfig,
  context: BrokerContext,
  hubs: readonly Hub[],
  hubOfChannel: ReadonlyMap<number, number>,
): readonly Group[] {
  const groups: Group[] = [];
  let firstCursor = 0;
  for (const one of config.subscriptions) {
    const hub = hubOfChannel.get(one.channel);
    const name = consumerGroupOf(one);
    if (hub === undefined || groups.some((group) => group.hub === hub && group.name === name))
      continue;
    const members = config.subscriptions.filter(
      (other) => other.channel === one.channel && consumerGroupOf(other) === name,
    );
    const account = context.openAccount(one.channel, members.length === 1 ? one.index : NONE);
    groups.push({ name, hub, account, firstCursor });
    firstCursor += hubs[hub]!.partitions;
  }
  return groups;
}

function planSenders(
  config: BrokerConfig,
  hubOfChannel: ReadonlyMap<number, number>,
): ReadonlyMap<number, Sender> {
  const senders = new Map<number, Sender>();
  for (const { index, channel, parameters } of config.publishers) {
    const hub = hubOfChannel.get(channel);
    if (hub === undefined) continue;
    const values = valuesOf(publishFields, parameters);
    const phase = {
      retries: values.maximumRetries,
      firstNs: msToNs(values.delay),
      lastNs: msToNs(Math.max(values.delay, values.maximumDelay)),
      growth: "doubling",
    } as const;
    senders.set(index, {
      number: senders.size,
      hub,
      isByKey: values.partitionKey === "key",
      rules: {
        latencyNs: msToNs(values["network.latency.ms"]),
        timeoutNs: Infinity,
        answerLoss: 0,
        retry: { phases: [phase], ageNsMax: Infinity, jitterFrom: 1, jitterTo: 1 },
      },
    });
  }
  return senders;
}
