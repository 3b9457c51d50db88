// The settings of clusters and topics of Apache Kafka under the names their users know, with the defaults of version 4.0.
// Where a setting is Spillway's own, its help says so.

import { bytes, choice, type Condition, count, duration, flag, ratio } from "../../base/fields.ts";
import { zonesField } from "../zones.ts";

/** Settings of a cluster. */
export const clusterFields = {
  version: choice({
    label: "Version",
    help: "The version of the brokers. Share groups are for production from 4.2.",
    options: [
      { value: "4.0", label: "4.0" },
      { value: "4.1", label: "4.1" },
      { value: "4.2", label: "4.2" },
    ],
    default: "4.0",
  }),
  nodes: count({
    label: "Nodes",
    help: "Number of broker nodes in the cluster.",
    min: 1,
    max: 9,
    default: 3,
  }),
  zones: zonesField,
  "process.roles": choice({
    label: "process.roles",
    help: "Whether the first nodes elect leaders too, or controllers of their own do, which are always there.",
    options: [
      { value: "broker", label: "broker: controllers are apart" },
      { value: "broker,controller", label: "broker,controller: combined" },
    ],
    default: "broker",
  }),
  "controller.quorum.voters": count({
    label: "controller.quorum.voters",
    help: "So many of the first nodes vote; without a majority of them nothing changes, but leaders go on.",
    min: 1,
    max: 9,
    default: 3,
    onlyIf: { field: "process.roles", is: ["broker,controller"] },
  }),
  "broker.session.timeout.ms": duration({
    label: "broker.session.timeout.ms",
    help: "A node without heartbeats for this long is fenced and its partitions get new leaders.",
    min: 1,
    default: 9000,
  }),
  "broker.heartbeat.interval.ms": duration({
    label: "broker.heartbeat.interval.ms",
    help: "How often a node tells the controller that it lives.",
    min: 1,
    default: 2000,
  }),
  "replica.lag.time.max.ms": duration({
    label: "replica.lag.time.max.ms",
    help: "A follower that has not fetched for this long leaves the in-sync replicas, if it is not fenced before.",
    min: 2,
    default: 30_000,
  }),
  "replica.fetch.latency.ms": duration({
    label: "Follower fetch latency",
    help: "Time a follower needs to fetch new records (Spillway's own: no Kafka setting has this name).",
    default: 1,
  }),
  "log.retention.check.interval.ms": duration({
    label: "log.retention.check.interval.ms",
    help: "How often closed and expired segments are looked for.",
    min: 1,
    default: 300_000,
  }),
  "log.cleaner.backoff.ms": duration({
    label: "log.cleaner.backoff.ms",
    help: "How often the cleaner looks for logs that are due for compaction.",
    min: 1,
    default: 15_000,
  }),
  "transaction.abort.timed.out.transaction.cleanup.interval.ms": duration({
    label: "Search for transactions that timed out",
    help: "How often the coordinator aborts transactions past their timeout (transaction.abort.timed.out.transaction.cleanup.interval.ms).",
    min: 1,
    default: 10_000,
  }),
  "offsets.retention.minutes": count({
    label: "offsets.retention.minutes",
    help: "The offsets of a group without members are forgotten after this time [min].",
    min: 1,
    max: 5_256_000,
    default: 10_080,
  }),
  "group.initial.rebalance.delay.ms": duration({
    label: "group.initial.rebalance.delay.ms",
    help: "How long an empty group waits for more members after the first one has joined.",
    default: 3000,
  }),
};

const compacted: Condition = { field: "cleanup.policy", is: ["compact", "compact,delete"] };

/** Settings of a topic. */
export const topicFields = {
  partitions: count({
    label: "Partitions",
    help: "Number of independent logs, and the upper limit of parallel consumers in a group.",
    min: 1,
    max: 1000,
    default: 1,
  }),
  "replication.factor": count({
    label: "replication.factor",
    help: "Copies of each partition. Kafka's own default.replication.factor is 1; 3 is usual with three nodes.",
    min: 1,
    max: 9,
    default: 3,
  }),
  "min.insync.replicas": count({
    label: "min.insync.replicas",
    help: "With acks=all, a write is refused while fewer replicas are in sync.",
    min: 1,
    max: 9,
    default: 1,
    live: true,
  }),
  "cleanup.policy": choice({
    label: "cleanup.policy",
    help: "Whether old segments are deleted, or the last record of each key is kept; records then need a key.",
    options: [
      { value: "delete", label: "delete" },
      { value: "compact", label: "compact" },
      { value: "compact,delete", label: "compact,delete" },
    ],
    default: "delete",
  }),
  "retention.ms": duration({
    label: "retention.ms",
    help: "Segments whose youngest record is older are deleted, read or not.",
    none: "kept for ever",
    default: 604_800_000,
    live: true,
    onlyIf: { field: "cleanup.policy", is: ["delete", "compact,delete"] },
  }),
  "retention.bytes": bytes({
    label: "retention.bytes",
    help: "Oldest segments of a partition are deleted while the rest is at least this large.",
    none: "no limit",
    default: null,
    onlyIf: { field: "cleanup.policy", is: ["delete", "compact,delete"] },
  }),
  "min.cleanable.dirty.ratio": ratio({
    label: "min.cleanable.dirty.ratio",
    help: "Share of bytes not yet compacted, among all in closed segments, above which a log is compacted.",
    default: 0.5,
    onlyIf: compacted,
  }),
  "min.compaction.lag.ms": duration({
    label: "min.compaction.lag.ms",
    help: "A record younger than this is not compacted, so that who reads in time sees it.",
    default: 0,
    onlyIf: compacted,
  }),
  "max.compaction.lag.ms": duration({
    label: "max.compaction.lag.ms",
    help: "After this time a record is compacted whatever the share, and segments are closed by then.",
    min: 1,
    none: "no limit",
    default: null,
    onlyIf: compacted,
  }),
  "delete.retention.ms": duration({
    label: "delete.retention.ms",
    help: "How long tombstones are kept after they were first compacted, so that readers learn of a deletion.",
    default: 86_400_000,
    onlyIf: compacted,
  }),
  "segment.ms": duration({
    label: "segment.ms",
    help: "A record that arrives when the open segment is older begins a new segment.",
    min: 1,
    default: 604_800_000,
  }),
  "segment.bytes": bytes({
    label: "segment.bytes",
    help: "A record that does not fit into the open segment begins a new one.",
    min: 1_048_576,
    max: 2_147_483_647,
    default: 1_073_741_824,
  }),
  "unclean.leader.election.enable": flag({
    label: "unclean.leader.election.enable",
    help: "Lets a replica lead that is not in sync: available again, at the price of lost records.",
    default: false,
  }),
};
