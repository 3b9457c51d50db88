// Where the defaults of the fields of Apache Kafka come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Apache Kafka, by the source of its default. */
export const kafkaFieldSources: readonly FieldSource[] = [
  {
    source: "https://kafka.apache.org/40/documentation.html#brokerconfigs",
    cluster: [
      "broker.session.timeout.ms",
      "broker.heartbeat.interval.ms",
      "replica.lag.time.max.ms",
      "log.retention.check.interval.ms",
      "log.cleaner.backoff.ms",
      "transaction.abort.timed.out.transaction.cleanup.interval.ms",
      "offsets.retention.minutes",
      "group.initial.rebalance.delay.ms",
    ],
    kinds: { topic: ["partitions"] },
  },
  {
    source: "https://kafka.apache.org/40/documentation.html#topicconfigs",
    kinds: {
      topic: [
        "min.insync.replicas",
        "cleanup.policy",
        "retention.ms",
        "retention.bytes",
        "min.cleanable.dirty.ratio",
        "min.compaction.lag.ms",
        "max.compaction.lag.ms",
        "delete.retention.ms",
        "segment.ms",
        "segment.bytes",
        "unclean.leader.election.enable",
      ],
    },
  },
  {
    source: "https://kafka.apache.org/40/documentation.html#producerconfigs",
    publish: [
      "acks",
      "enable.idempotence",
      "transactional.id",
      "transaction.timeout.ms",
      "linger.ms",
      "batch.size",
      "max.in.flight.requests.per.connection",
      "delivery.timeout.ms",
      "retry.backoff.ms",
      "retry.backoff.max.ms",
      "metadata.max.age.ms",
      "partitioner.ignore.keys",
    ],
  },
  {
    source: "https://kafka.apache.org/40/documentation.html#streamsconfigs (with exactly_once_v2)",
    publish: ["commit.interval.ms"],
  },
  {
    source: "https://kafka.apache.org/40/documentation.html#consumerconfigs",
    consume: [
      "max.poll.records",
      "isolation.level",
      "auto.commit.interval.ms",
      "auto.offset.reset",
      "partition.assignment.strategy",
      "session.timeout.ms",
      "heartbeat.interval.ms",
      "max.poll.interval.ms",
      "group.instance.id",
      "group.protocol",
      "group.remote.assignor",
    ],
  },
  {
    source: "KIP-848; https://kafka.apache.org/40/documentation.html#groupconfigs",
    consume: ["consumer.session.timeout.ms", "consumer.heartbeat.interval.ms"],
  },
  {
    source: "KIP-932; https://kafka.apache.org/44/configuration/group-configs/",
    consume: [
      "group.type",
      "share.record.lock.duration.ms",
      "share.delivery.count.limit",
      "share.partition.max.record.locks",
    ],
  },
  {
    source: ownChoice,
    cluster: [
      "version",
      "nodes",
      "zones",
      "process.roles",
      "controller.quorum.voters",
      "replica.fetch.latency.ms",
    ],
    publish: ["commit.records", "null.value", "network.latency.ms"],
    consume: [
      "group.id",
      "acknowledge.on.failure",
      "commit",
      "on.failure",
      "failure.backoff.ms",
      "network.latency.ms",
    ],
    kinds: { topic: ["replication.factor"] },
  },
];
