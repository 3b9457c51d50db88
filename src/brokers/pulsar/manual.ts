// What is modelled of Apache Pulsar and what is not, its bindings in AsyncAPI documents, and what it finds wrong.

import { pulsarCounterparts } from "./counterparts.ts";
import { pulsarFieldSources } from "./fieldSources.ts";
import { valuesOf } from "../../base/fields.ts";
import { checkPulsar } from "./check.ts";
import { consumeFields, topicFields } from "./fields.ts";
import { topicNamed } from "./plan.ts";
import { subscriptionUnlikeQueue } from "./unlikeQueue.ts";
import type {
  BrokerConfig,
  ChannelConfig,
  Reach,
  TechnologyBindings,
  TechnologyManual,
} from "../technology.ts";

const bindingVersion = "0.1.0";
const msPerMinute = 60_000;
const bytesPerMegabyte = 1_048_576;

const asyncapi: TechnologyBindings = {
  protocol: "pulsar",
  host: "pulsar:6650",
  key: "pulsar",
  server: () => ({ tenant: "public", bindingVersion }),
  channel: (_config, channel) => {
    const values = valuesOf(topicFields, channel.parameters);
    const { retentionTime: time, retentionSize: size, messageTTL: ttl } = values;
    return {
      namespace: "default",
      persistence: values.persistence,
      retention: {
        time: time === null ? -1 : Math.round(time / msPerMinute),
        size: size === null ? -1 : Math.round(size / bytesPerMegabyte),
      },
      ...(ttl !== null && { ttl: Math.round(ttl / 1000) }),
      bindingVersion,
    };
  },
  // The binding knows nothing of operations: not even the type of a subscription.
  publish: () => undefined,
  consume: () => undefined,
  parametersIn: (level, content) => (level === "channel" ? topicParametersIn(content) : {}),
};

type Members = Readonly<Record<string, unknown>>;

function topicParametersIn({ persistence, retention, ttl }: Members): Members {
  const { time, size }: Members =
    typeof retention === "object" && retention !== null ? { ...retention } : {};
  return {
    ...(persistence !== undefined && { persistence }),
    ...(time !== undefined && { retentionTime: inUnits(time, msPerMinute) }),
    ...(size !== undefined && { retentionSize: inUnits(size, bytesPerMegabyte) }),
    ...(ttl !== undefined && { messageTTL: inUnits(ttl, 1000) }),
  };
}

/** A number of a foreign document in the document's own unit; -1 stands for no limit. What is no number stays for the
 *  parser to find. */
function inUnits(value: unknown, unit: number): unknown {
  if (typeof value !== "number") return value;
  return value === -1 ? null : value * unit;
}

/** What is published to a topic, and the dead letters of subscriptions that name it. */
function reachOfPulsar(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map((channel) => [channel.id, new Set<string>()]));
  const idOf = (index: number) => config.channels.find((one) => one.index === index)?.id ?? "";
  for (const { channel, id } of config.publishers) reach.get(idOf(channel))?.add(id);
  const steps = config.subscriptions.flatMap(({ channel, parameters }) => {
    const name = valuesOf(consumeFields, parameters).deadLetterTopic;
    const target = name === "" ? undefined : topicNamed(config, name);
    return target === undefined ? [] : [{ from: idOf(channel), to: target.id }];
  });
  // As often as there are steps is enough for what goes through all of them.
  for (let round = 0; round < steps.length; round++)
    for (const { from, to } of steps)
      for (const publisher of reach.get(from) ?? []) reach.get(to)?.add(publisher);
  return reach;
}

/** The topic into which the consumers of a topic move its dead letters. */
function deadLetterTarget(config: BrokerConfig, channel: ChannelConfig): ChannelConfig | undefined {
  for (const one of config.subscriptions) {
    if (one.channel !== channel.index) continue;
    const { deadLetterTopic: name } = valuesOf(consumeFields, one.parameters);
    const target = name === "" ? undefined : topicNamed(config, name);
    if (target !== undefined) return target;
  }
  return undefined;
}

/** The manual of Apache Pulsar. */
export const pulsarManual: TechnologyManual = {
  guarantees: {
    order:
      "Per producer and partition with Exclusive and Failover; per key with Key_Shared, except after a redelivery; none with Shared.",
    delivery:
      "At least once: what is not acknowledged comes again when its consumer disconnects, refuses it, or times out (ackTimeout is off by default). What Qa bookies have survives the loss of Qa − 1. Non-persistent topics: at most once.",
    retention:
      "Until every subscription has acknowledged it; longer by retention, shorter by time to live or eviction. Without subscription and retention nothing is kept.",
  },
  modelled: [
    "Topics with and without partitions; JavaStringHash of the key, round robin by time, single partition.",
    "Batches as entries; a batch is acknowledged and comes again as a whole, unless by batch index; key-based batches.",
    "Exclusive, Failover (by name over partitions, with its delay), Shared (in turn, up to 20 entries), Key_Shared.",
    "Key_Shared by consistent hashing or by splitting ranges; a new consumer waits until what was sent before is acknowledged.",
    "Receiver queues and permits, limits of unacknowledged messages, grouped acknowledgements, cumulative acknowledgement.",
    "Negative acknowledgement after its delay, ackTimeout, redelivery back-off, reconsumeLater, dead letter policy.",
    "Subscriptions that are made when their first consumer comes, at Latest or Earliest; retention, TTL, backlog quotas.",
    "Brokers without state: a topic moves when its owner's session has run out; bookies, ensembles and quorums of writes.",
    "Publications in flight are sent again after a broker is lost: duplicates, unless deduplication is on.",
    "Delayed delivery for Shared and Key_Shared, non-persistent topics, send time-outs.",
  ],
  simplified: [
    "Nodes are counted brokers first, then bookies. Metadata store and load manager are always there; topics do not move back.",
    "A broker that is cut off is noticed by its clients at once, as if it had crashed.",
    "Clients look for a lost topic after 100 ms, 200 ms, … up to 60 s, without jitter, and once shortly before sendTimeout.",
    "Messages in a receiver queue stay there while a topic changes its owner; a real client throws them away and gets them again.",
    "Redelivery counts survive a change of owner; in reality they are the broker's and begin anew.",
    "Time-outs and negative acknowledgements are exact; real clients look every tickDuration or third of the delay.",
    "After a negative acknowledgement on Exclusive or Failover everything comes again that failed; a real client also drops its queue.",
    "The retry letter topic is inside the subscription: a message waits for its delay there and counts as one of its own.",
    "A consumer that an Exclusive subscription refuses tries again as soon as the place is free.",
    "An acknowledgement after ackTimeout has no effect on the message that is with somebody else by then.",
    "What is not in the owner's cache can be read while fewer than Qw bookies are gone. A bookie that comes back has its disk.",
    "Retention goes by messages, not by ledgers. Sizes are those of payloads. A backlog quota holds for each partition.",
  ],
  notModelled: [
    "Loss of a bookie's disk; autorecovery; rack awareness; ledger rollover; tiered storage.",
    "Draining hashes of Key_Shared in 4.0 (PIP-379), sticky ranges, priority levels of consumers, Reader and TableView.",
    "Transactions, compaction, chunking, schemas, functions, geo-replication, replicated subscriptions.",
    "Dispatch and publish rate limits, memory limits of clients, maxMessageSize, blockIfQueueFull.",
    "Bundles, splitting and shedding of load, graceful unloading of topics.",
  ],
  sources: [
    "https://pulsar.apache.org/docs/concepts-messaging/",
    "https://pulsar.apache.org/docs/cookbooks-retention-expiry/",
    "https://github.com/apache/pulsar (conf/broker.conf, ConsumerConfigurationData, ProducerConfigurationData, Murmur3_32Hash)",
    "https://github.com/apache/pulsar/pull/6791 (consistent hashing of Key_Shared)",
  ],
  counterparts: pulsarCounterparts,
  fieldSources: pulsarFieldSources,
  asyncapi,
  reach: reachOfPulsar,
  deadLetterTarget,
  unlikeQueue: subscriptionUnlikeQueue,
  check: checkPulsar,
};
