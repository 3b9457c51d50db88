// Where the defaults of the fields of Apache Pulsar come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Apache Pulsar, by the source of its default. */
export const pulsarFieldSources: readonly FieldSource[] = [
  {
    source: "https://github.com/apache/pulsar, conf/broker.conf",
    cluster: [
      "managedLedgerDefaultEnsembleSize",
      "managedLedgerDefaultWriteQuorum",
      "managedLedgerDefaultAckQuorum",
      "metadataStoreSessionTimeoutMillis",
      "brokerDeduplicationEnabled",
      "dispatcherMaxRoundRobinBatchSize",
      "activeConsumerFailoverDelayTimeMillis",
      "subscriptionKeySharedUseConsistentHashing",
      "maxUnackedMessagesPerConsumer",
      "maxUnackedMessagesPerSubscription",
      "backlogQuotaCheckIntervalMs",
    ],
    kinds: {
      topic: [
        "messageTTL",
        "retentionTime",
        "retentionSize",
        "backlogQuotaLimitSize",
        "backlogQuotaLimitTime",
        "backlogQuotaPolicy",
      ],
    },
  },
  {
    source:
      "https://github.com/apache/pulsar, conf/broker.conf (messageExpiryCheckIntervalInMinutes)",
    cluster: ["messageExpiryCheckIntervalMs"],
  },
  {
    source: "https://github.com/apache/pulsar, ProducerConfigurationData",
    publish: [
      "batchingEnabled",
      "batchingMaxPublishDelay",
      "batchingMaxMessages",
      "batchingMaxBytes",
      "batcherBuilder",
      "messageRoutingMode",
      "sendTimeout",
      "maxPendingMessages",
    ],
  },
  {
    source: "https://github.com/apache/pulsar, ConsumerConfigurationData",
    consume: [
      "subscriptionType",
      "subscriptionInitialPosition",
      "receiverQueueSize",
      "maxTotalReceiverQueueSizeAcrossPartitions",
      "acknowledgmentGroupTime",
      "negativeAckRedeliveryDelay",
      "ackTimeout",
      "maxRedeliverCount",
      "deadLetterTopic",
    ],
  },
  {
    source: "https://github.com/apache/pulsar, MultiplierRedeliveryBackoff",
    consume: ["backoff.minDelayMs", "backoff.maxDelayMs", "backoff.multiplier"],
  },
  {
    source: "https://pulsar.apache.org/docs/concepts-messaging/",
    publish: ["deliverAfter"],
    consume: ["enableBatchIndexAcknowledgment", "redeliveryBackoff"],
    kinds: { topic: ["persistence", "partitions"] },
  },
  {
    source: ownChoice,
    cluster: ["nodes", "bookies", "topicLoadMs", "bookieWriteMs"],
    publish: ["network.latency.ms"],
    consume: [
      "subscriptionName",
      "acknowledgment",
      "on.failure",
      "reconsumeLaterDelay",
      "network.latency.ms",
    ],
  },
];
