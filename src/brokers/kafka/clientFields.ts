// The settings of Apache Kafka's publishers and consumers under the names their users know, with the defaults of version
// 4.0. Where a setting is Spillway's own, its help says so.

import { bytes, choice, type Condition, count, duration, flag, text } from "../../base/fields.ts";

const transactional: Condition = { field: "transactional.id", is: [true] };
const classic: Condition = { field: "group.protocol", is: ["classic"] };
const byCoordinator: readonly Condition[] = [
  { field: "group.type", is: ["consumer"] },
  { field: "group.protocol", is: ["consumer"] },
];

/** Settings of a publisher's client. */
export const publishFields = {
  acks: choice({
    label: "acks",
    help: "Whose answer the publisher waits for before a record counts as written.",
    options: [
      { value: "all", label: "all in-sync replicas" },
      { value: "1", label: "1: the leader" },
      { value: "0", label: "0: nobody" },
    ],
    default: "all",
  }),
  "enable.idempotence": flag({
    label: "enable.idempotence",
    help: "A retried batch that had been written is recognised and not written again. Kafka turns it off with other acks.",
    default: true,
    onlyIf: { field: "acks", is: ["all"] },
  }),
  "transactional.id": flag({
    label: "transactional.id",
    help: "Writes in transactions under a lasting identity: readers with read_committed see all of one or nothing.",
    default: false,
    onlyIf: [
      { field: "acks", is: ["all"] },
      { field: "enable.idempotence", is: [true] },
    ],
  }),
  "commit.interval.ms": duration({
    label: "commit.interval.ms",
    help: "How long a transaction stays open before it is committed, as in Kafka Streams with exactly_once_v2.",
    min: 1,
    default: 100,
    onlyIf: transactional,
  }),
  "commit.records": count({
    label: "Records per transaction",
    help: "A transaction is committed after so many records at the latest (Spillway's own).",
    min: 1,
    none: "no limit",
    default: null,
    onlyIf: transactional,
  }),
  "transaction.timeout.ms": duration({
    label: "transaction.timeout.ms",
    help: "The coordinator aborts a transaction that is open for longer, and fences who wrote it.",
    min: 1,
    max: 900_000,
    default: 60_000,
    onlyIf: transactional,
  }),
  "null.value": flag({
    label: "Tombstones (null values)",
    help: "What is published has no value: it deletes its key from compacted topics (Spillway's own).",
    default: false,
  }),
  "linger.ms": duration({
    label: "linger.ms",
    help: "How long a batch waits for more records before it is sent.",
    default: 5,
  }),
  "batch.size": bytes({
    label: "batch.size",
    help: "A batch of this size is sent at once; also how much goes to one partition before keyless records switch.",
    default: 16_384,
    max: 2_147_483_647,
  }),
  "max.in.flight.requests.per.connection": count({
    label: "max.in.flight.requests.per.connection",
    help: "Batches under way to a partition without answer; the next ones wait and grow.",
    min: 1,
    max: 1000,
    default: 5,
  }),
  "delivery.timeout.ms": duration({
    label: "delivery.timeout.ms",
    help: "Retries end this long after the record was handed over, and the publication has failed.",
    min: 1,
    default: 120_000,
  }),
  "retry.backoff.ms": duration({
    label: "retry.backoff.ms",
    help: "Wait before the first retry; it doubles with each further one.",
    default: 100,
  }),
  "retry.backoff.max.ms": duration({
    label: "retry.backoff.max.ms",
    help: "Longest wait between retries.",
    default: 1000,
  }),
  "metadata.max.age.ms": duration({
    label: "metadata.max.age.ms",
    help: "How often the publisher asks for leaders; until then it may write to one that is cut off.",
    min: 1,
    default: 300_000,
    onlyIf: { field: "acks", is: ["0", "1"] },
  }),
  "partitioner.ignore.keys": flag({
    label: "partitioner.ignore.keys",
    help: "Spread records without regard to their keys; order per key is then lost.",
    default: false,
  }),
  "network.latency.ms": duration({
    label: "Network latency",
    help: "One way between publisher and node (Spillway's own).",
    default: 1,
  }),
};

/** Settings of a consumer. */
export const consumeFields = {
  "group.id": text({
    label: "group.id",
    help: "Consumers of the same group share the partitions; empty means the service's own group.",
    default: "",
  }),
  "group.type": choice({
    label: "group.type",
    help: "Consumer groups own partitions; share groups (4.2) take records one by one, like a queue.",
    options: [
      { value: "consumer", label: "consumer group" },
      { value: "share", label: "share group" },
    ],
    default: "consumer",
  }),
  "share.record.lock.duration.ms": duration({
    label: "share.record.lock.duration.ms",
    help: "A record that is not acknowledged in this time goes to another consumer.",
    min: 1,
    default: 30_000,
    onlyIf: { field: "group.type", is: ["share"] },
  }),
  "share.delivery.count.limit": count({
    label: "share.delivery.count.limit",
    help: "After so many deliveries a record is archived: nobody gets it any more.",
    min: 2,
    max: 10,
    default: 5,
    onlyIf: { field: "group.type", is: ["share"] },
  }),
  "share.partition.max.record.locks": count({
    label: "share.partition.max.record.locks",
    help: "Most records of a partition that are with consumers at once.",
    min: 1,
    max: 10_000,
    default: 2000,
    onlyIf: { field: "group.type", is: ["share"] },
  }),
  "acknowledge.on.failure": choice({
    label: "Acknowledge type on failure",
    help: "What a consumer of a share group does with a record that it cannot process.",
    options: [
      { value: "release", label: "RELEASE: another attempt" },
      { value: "reject", label: "REJECT: archive it" },
    ],
    default: "release",
    onlyIf: { field: "group.type", is: ["share"] },
  }),
  "max.poll.records": count({
    label: "max.poll.records",
    help: "Largest number of records that one poll hands to a consumer.",
    min: 1,
    max: 1_000_000,
    default: 500,
    live: true,
  }),
  commit: choice({
    label: "Commit",
    help: "When the consumer commits its position.",
    options: [
      { value: "after-processing", label: "after each poll's records (commitSync)" },
      { value: "auto", label: "automatically inside poll (enable.auto.commit)" },
      { value: "before-processing", label: "before processing (at most once)" },
      { value: "auto-handed-off", label: "automatically, while other threads process" },
      { value: "transaction", label: "in the transaction of what the service publishes" },
    ],
    default: "after-processing",
  }),
  "isolation.level": choice({
    label: "isolation.level",
    help: "With read_committed a consumer stops at the first open transaction and passes over aborted ones.",
    options: [
      { value: "read_uncommitted", label: "read_uncommitted" },
      { value: "read_committed", label: "read_committed" },
    ],
    default: "read_uncommitted",
    onlyIf: { field: "group.type", is: ["consumer"] },
  }),
  "auto.commit.interval.ms": duration({
    label: "auto.commit.interval.ms",
    help: "Shortest time between automatic commits.",
    default: 5000,
    onlyIf: { field: "commit", is: ["auto", "auto-handed-off"] },
  }),
  "on.failure": choice({
    label: "On failure",
    help: "What happens to a record whose processing has failed for good; Kafka has no dead-letter queue of its own.",
    options: [
      { value: "skip", label: "skip the record" },
      { value: "block", label: "seek back and retry; its partition stands still" },
      { value: "stop", label: "the consumer stops, as a Connect task with errors.tolerance=none" },
    ],
    default: "skip",
  }),
  "failure.backoff.ms": duration({
    label: "Back-off before retry",
    help: "Wait before a failed record is read again (Spillway's own).",
    min: 1,
    default: 1000,
    onlyIf: { field: "on.failure", is: ["block"] },
  }),
  "auto.offset.reset": choice({
    label: "auto.offset.reset",
    help: "Where to begin without a committed offset, or when retention has deleted the position.",
    options: [
      { value: "latest", label: "latest" },
      { value: "earliest", label: "earliest" },
      { value: "none", label: "none: the consumer fails" },
    ],
    default: "latest",
  }),
  "partition.assignment.strategy": choice({
    label: "partition.assignment.strategy",
    help: "How partitions are shared out. A change stops the whole group; with cooperative sticky, only what moves.",
    options: [
      { value: "range", label: "range" },
      { value: "roundrobin", label: "round robin" },
      { value: "sticky", label: "sticky (eager)" },
      { value: "cooperative-sticky", label: "cooperative sticky" },
    ],
    default: "range",
    onlyIf: classic,
  }),
  "group.protocol": choice({
    label: "group.protocol",
    help: "classic: all rejoin when one comes or goes; consumer (KIP-848): the coordinator moves partitions one by one.",
    options: [
      { value: "classic", label: "classic" },
      { value: "consumer", label: "consumer" },
    ],
    default: "classic",
    onlyIf: { field: "group.type", is: ["consumer"] },
  }),
  "group.remote.assignor": choice({
    label: "group.remote.assignor",
    help: "How the coordinator shares partitions out; uniform moves as few as possible.",
    options: [
      { value: "uniform", label: "uniform" },
      { value: "range", label: "range" },
    ],
    default: "uniform",
    onlyIf: byCoordinator,
  }),
  "consumer.session.timeout.ms": duration({
    label: "consumer.session.timeout.ms",
    help: "A consumer without heartbeats for this long is taken for dead; a setting of the group at the coordinator.",
    min: 45_000,
    max: 60_000,
    default: 45_000,
    onlyIf: byCoordinator,
  }),
  "consumer.heartbeat.interval.ms": duration({
    label: "consumer.heartbeat.interval.ms",
    help: "How often a consumer sends a heartbeat, and so learns of its partitions; a setting of the group.",
    min: 5000,
    max: 15_000,
    default: 5000,
    onlyIf: byCoordinator,
  }),
  "session.timeout.ms": duration({
    label: "session.timeout.ms",
    help: "A consumer without heartbeats for this long is taken for dead.",
    min: 1,
    default: 45_000,
    onlyIf: classic,
  }),
  "heartbeat.interval.ms": duration({
    label: "heartbeat.interval.ms",
    help: "How often a consumer sends a heartbeat, and so learns of a rebalance.",
    min: 1,
    default: 3000,
    onlyIf: classic,
  }),
  "max.poll.interval.ms": duration({
    label: "max.poll.interval.ms",
    help: "A consumer that takes longer between polls leaves the group, and its commit fails.",
    min: 1,
    default: 300_000,
  }),
  "group.instance.id": flag({
    label: "group.instance.id (static membership)",
    help: "Gives each worker a lasting identity: back within the session timeout, it keeps its partitions.",
    default: false,
  }),
  "network.latency.ms": duration({
    label: "Network latency",
    help: "One way between consumer and node (Spillway's own).",
    default: 1,
  }),
};
