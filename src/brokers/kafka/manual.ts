// What is modelled of Apache Kafka and what is not, its bindings in AsyncAPI documents, and what it finds wrong.

import { kafkaFieldSources } from "./fieldSources.ts";
import { kafkaCounterparts } from "./counterparts.ts";
import { valuesOf, type ValuesOf } from "../../base/fields.ts";
import { checkKafka } from "./check.ts";
import { topicUnlikeQueue } from "./unlikeQueue.ts";
import { topicFields } from "./fields.ts";
import { groupIdOf } from "./plan.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";

const BINDING_VERSION = "0.5.0";

const asyncapi: TechnologyBindings = {
  protocol: "kafka",
  protocolVersion: "4.0",
  host: "kafka:9092",
  key: "kafka",
  channel: (_config, channel) => {
    const values = valuesOf(topicFields, channel.parameters);
    return {
      topic: channel.name,
      partitions: values.partitions,
      replicas: values["replication.factor"],
      topicConfiguration: {
        "cleanup.policy": values["cleanup.policy"].split(","),
        ...(isCompacted(values) && { "delete.retention.ms": values["delete.retention.ms"] }),
        "retention.ms": values["retention.ms"] ?? -1,
        "retention.bytes": values["retention.bytes"] ?? -1,
        "min.insync.replicas": values["min.insync.replicas"],
      },
      bindingVersion: BINDING_VERSION,
    };
  },
  publish: () => undefined,
  consume: (_config, subscription) => ({
    groupId: { type: "string", enum: [groupIdOf(subscription)] },
    bindingVersion: BINDING_VERSION,
  }),
  message: () => ({ key: { type: "string" }, bindingVersion: BINDING_VERSION }),
  parametersIn: (level, content) => {
    if (level === "channel") return topicParametersIn(content);
    if (level === "publish") return {};
    const group: unknown = membersOf(membersOf(content["groupId"])["enum"])["0"];
    return group === undefined ? {} : { "group.id": group };
  },
};

function isCompacted(values: ValuesOf<typeof topicFields>): boolean {
  return values["cleanup.policy"] !== "delete";
}

/** What AsyncAPI says of compaction is not read: texts that were imported before compaction was modelled would mean
 *  another drawing, and be changed by an export. */
const unread = new Set(["cleanup.policy", "delete.retention.ms"]);

function topicParametersIn(content: Members): Members {
  const { partitions, replicas, topicConfiguration } = content;
  const settings = Object.entries(membersOf(topicConfiguration))
    .filter(([name]) => Object.hasOwn(topicFields, name) && !unread.has(name))
    // In Kafka -1 stands for no limit.
    .map(([name, value]) => [name, value === -1 ? null : value] as const);
  return {
    ...(partitions !== undefined && { partitions }),
    ...(replicas !== undefined && { "replication.factor": replicas }),
    ...Object.fromEntries(settings),
  };
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** The manual of Apache Kafka. */
export const kafkaManual: TechnologyManual = {
  counterparts: kafkaCounterparts,
  guarantees: {
    order: "Per partition, in the order of offsets; none across partitions.",
    delivery:
      "At least once with commits after processing; exactly once from topic to topic within one cluster with transactions and read_committed; at most once with commits before; a record below the high watermark survives as long as an in-sync replica does.",
    retention: "By time or size, whole segments at once, whether or not anybody has read them.",
  },
  modelled: [
    "Partitions by murmur2 of the key; records without key stay with one partition per batch.size bytes.",
    "Batches by linger.ms and batch.size, requests in flight, retries with back-off until delivery.timeout.ms.",
    "acks 0, 1 and all; in-sync replicas, high watermark, min.insync.replicas before and after the append.",
    "Heartbeats, fencing, clean and unclean leader election, loss of what the new leader does not have.",
    "Nodes that are cut off or slow: fencing, a second leader, followers that fall out of the in-sync replicas, late answers.",
    "A leader that is cut off takes records with acks 0 and 1 until publishers ask for leaders again; they are lost when it is back.",
    "Combined controllers: without a majority leaders go on, but nothing can change; with it every node has a new session.",
    "A node that restarts within its old session is refused until that session has run out.",
    "Classic groups: range, round robin and sticky, eager rebalance, sessions, max.poll.interval.ms, static membership.",
    "Cooperative rebalancing (KIP-429): in a first round members give up what moves and go on with the rest, in a second one others get it.",
    "The consumer protocol (KIP-848): uniform and range at the coordinator, each member follows with its heartbeats, nobody waits for all.",
    "Commits after processing, inside poll, or before processing; reading again from the committed offset.",
    "Automatic commits while other threads still process, which lose what was not processed; consumers that stop at a bad record, as a Connect task does.",
    "Without idempotence a batch that is refused is overtaken by those behind it.",
    "Segments, retention by time and by size, auto.offset.reset when the position was deleted, when a group is new, and when its offsets were forgotten.",
    "Transactions: transactional.id, offsets committed with what was made of them, read_committed up to the last stable offset, control records that take an offset, aborts by timeout, by failure and by a successor with the same id.",
    "Compaction: dirty ratio, least and greatest lag, tombstones and how long they stay; never in the open segment, and offsets keep gaps. Records without key are refused.",
    "Share groups: locks, release and reject, delivery count, archived records, any number of consumers per partition.",
  ],
  simplified: [
    "The workers of a service share one transactional producer: a commit waits until each of them is between two polls.",
    "What is published is reported as written when the nodes have it, not when its transaction is committed; an abort shows as records dropped for groups that read only what is committed.",
    "When a worker leaves or loses partitions in the middle of a transaction, it is aborted and read again; Kafka Streams would commit before it lets go.",
    "The coordinator of transactions is always there; commits and markers take the latencies of network and follower fetch, not those of its own log.",
    "Share groups read uncommitted, and what compaction removes after it came to them they still get.",
    "Compaction takes no time and leaves segments as they are, however small they become.",
    "At the start every group with members has committed offset 0 and its members have their partitions.",
    "With earliest, a group whose offsets were forgotten reads what it had not dealt with, not all that is retained.",
    "Consumers of a share group acknowledge each record by itself; a consumer that dies frees its records when their locks run out.",
    "A dead node keeps its disk, and catches up within one fetch when it is back.",
    "Controllers apart from the nodes and the group coordinator are always there; elections take no time after the fencing.",
    "A node that is cut off reaches no other node, but clients reach every node; consumers and publishers with acks=all learn of a new leader at once.",
    "A slow node takes longer for fetches and answers; it still sends heartbeats in time.",
    "Requests in flight are counted per publisher and partition, not per connection.",
    "Clients learn of a new leader at their next attempt; there is no separate metadata refresh.",
    "Fetches do not have a size; a poll drains one partition after the other, beginning one further each time.",
    "Sizes are those of payloads, without headers and compression.",
    'With "block", the records of a poll are handed to the worker one by one.',
    "Consumers of the same service and group have the settings of its first connection.",
    "The assignor that the group's first consumer states counts for all of it; uniform shares as the sticky assignor does.",
    "With the consumer protocol the coordinator decides at every change at once, and a member's word that it has let go reaches it without delay.",
  ],
  notModelled: [
    "Client-side assignors, regular expressions and moving a group between protocols (KIP-848).",
    "Renewal of locks and dead letters of share groups, their own offset reset and fetch batching.",
    "Quotas, buffer.memory and max.block.ms, request.timeout.ms, message size limits.",
    "Return of leadership to preferred replicas, rack awareness, follower fetching, tiered storage.",
    "Controlled shutdown, flush to disk and loss of power.",
    "Eligible leader replicas (KIP-966), off by default in 4.0.",
    "Connect and Streams beyond what a consumer that stops shows.",
  ],
  sources: [
    "https://kafka.apache.org/40/documentation.html",
    "https://github.com/apache/kafka (clients ProducerConfig, ConsumerConfig, Utils, BuiltInPartitioner; UnifiedLog; ClusterControlManager)",
    "KIP-1030 (defaults of 4.0), KIP-794 (sticky partitioner), KIP-345 (static membership), KIP-429 (cooperative rebalancing), KIP-848 (consumer protocol), KIP-98 and KIP-447 (transactions), KIP-534 (tombstones)",
  ],
  fieldSources: kafkaFieldSources,
  asyncapi,
  unlikeQueue: topicUnlikeQueue,
  check: checkKafka,
};
