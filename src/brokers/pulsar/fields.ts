// The settings of Apache Pulsar under the names its users know, with the defaults of version 3.0. Where a setting is
// Spillway's own, its help says so.

import { bytes, choice, count, duration, flag, number, text } from "../../base/fields.ts";

const shared = ["Shared", "Key_Shared"];

/** Settings of a cluster: brokers that keep nothing, and bookies that keep everything. */
export const clusterFields = {
  nodes: count({
    label: "Brokers",
    help: "Number of brokers; each topic or partition is served by one of them.",
    min: 1,
    max: 9,
    default: 3,
  }),
  bookies: count({
    label: "Bookies",
    help: "Number of BookKeeper nodes, which keep the entries; counted behind the brokers.",
    min: 1,
    max: 9,
    default: 3,
  }),
  managedLedgerDefaultEnsembleSize: count({
    label: "managedLedgerDefaultEnsembleSize (E)",
    help: "Bookies among which the entries of a ledger are spread; with fewer that live, nothing is written.",
    min: 1,
    max: 9,
    default: 2,
  }),
  managedLedgerDefaultWriteQuorum: count({
    label: "managedLedgerDefaultWriteQuorum (Qw)",
    help: "Bookies to which each entry is written.",
    min: 1,
    max: 9,
    default: 2,
  }),
  managedLedgerDefaultAckQuorum: count({
    label: "managedLedgerDefaultAckQuorum (Qa)",
    help: "Bookies that must have an entry before it counts as written.",
    min: 1,
    max: 9,
    default: 2,
  }),
  metadataStoreSessionTimeoutMillis: duration({
    label: "metadataStoreSessionTimeoutMillis",
    help: "A broker that is gone keeps its topics for this long; then others take them over.",
    min: 1,
    default: 30_000,
  }),
  topicLoadMs: duration({
    label: "Loading of a topic",
    help: "Time in which the new owner closes the old ledger and opens one of its own (Spillway's own).",
    default: 200,
  }),
  bookieWriteMs: duration({
    label: "Bookie write latency",
    help: "Time from a broker to a bookie's synced journal and back (Spillway's own).",
    default: 3,
  }),
  brokerDeduplicationEnabled: flag({
    label: "brokerDeduplicationEnabled",
    help: "A batch that comes again after a lost answer is recognised by its sequence id and not written twice.",
    default: false,
  }),
  dispatcherMaxRoundRobinBatchSize: count({
    label: "dispatcherMaxRoundRobinBatchSize",
    help: "Most entries that a consumer of a Shared subscription gets before the next one has its turn.",
    min: 1,
    max: 1000,
    default: 20,
  }),
  activeConsumerFailoverDelayTimeMillis: duration({
    label: "activeConsumerFailoverDelayTimeMillis",
    help: "Pause of a Failover subscription when another consumer becomes the active one.",
    default: 1000,
  }),
  subscriptionKeySharedUseConsistentHashing: flag({
    label: "subscriptionKeySharedUseConsistentHashing",
    help: "Key_Shared: 100 points per consumer on a ring of hashes; off: the largest range is split for each newcomer.",
    default: true,
  }),
  maxUnackedMessagesPerConsumer: count({
    label: "maxUnackedMessagesPerConsumer",
    help: "A Shared or Key_Shared consumer with this many unacknowledged messages gets no more; 0: no limit.",
    default: 50_000,
  }),
  maxUnackedMessagesPerSubscription: count({
    label: "maxUnackedMessagesPerSubscription",
    help: "A Shared or Key_Shared subscription with this many unacknowledged messages gets no more; 0: no limit.",
    default: 200_000,
  }),
  messageExpiryCheckIntervalMs: duration({
    label: "messageExpiryCheckIntervalInMinutes",
    help: "How often messages older than their time to live are looked for.",
    min: 1000,
    default: 300_000,
  }),
  backlogQuotaCheckIntervalMs: duration({
    label: "backlogQuotaCheckIntervalInSeconds",
    help: "How often backlogs are compared with their quotas.",
    min: 1000,
    default: 60_000,
  }),
};

/** Settings of a topic. */
export const topicFields = {
  persistence: choice({
    label: "Persistence",
    help: "A non-persistent topic keeps nothing: who cannot take a message at once never gets it.",
    options: [
      { value: "persistent", label: "persistent" },
      { value: "non-persistent", label: "non-persistent (at most once)" },
    ],
    default: "persistent",
  }),
  partitions: count({
    label: "Partitions",
    help: "0: not partitioned. Each partition is a topic with an owner of its own.",
    max: 1000,
    default: 0,
  }),
  messageTTL: duration({
    label: "messageTTL",
    help: "The broker acknowledges older messages that nobody has acknowledged: they are lost for slow subscriptions.",
    none: "never",
    min: 1000,
    default: null,
    live: true,
    onlyIf: { field: "persistence", is: ["persistent"] },
  }),
  retentionTime: duration({
    label: "retentionTimeInMinutes",
    help: "How long messages are kept after every subscription has acknowledged them, for subscriptions made later.",
    none: "for ever (−1)",
    default: 0,
    onlyIf: { field: "persistence", is: ["persistent"] },
  }),
  retentionSize: bytes({
    label: "retentionSizeInMB",
    help: "How much is kept after every subscription has acknowledged it; what exceeds time or size is deleted.",
    none: "unlimited (−1)",
    default: 0,
    onlyIf: { field: "persistence", is: ["persistent"] },
  }),
  backlogQuotaLimitSize: bytes({
    label: "Backlog quota: limit",
    help: "Largest backlog of the slowest subscription of a partition (backlogQuotaDefaultLimitGB).",
    none: "no limit (−1)",
    min: 1,
    default: null,
    onlyIf: { field: "persistence", is: ["persistent"] },
  }),
  backlogQuotaLimitTime: duration({
    label: "Backlog quota: limitTime",
    help: "Greatest age of the oldest message that a subscription has not acknowledged.",
    none: "no limit (−1)",
    min: 1,
    default: null,
    onlyIf: { field: "persistence", is: ["persistent"] },
  }),
  backlogQuotaPolicy: choice({
    label: "Backlog quota: policy",
    help: "What happens when a backlog exceeds its quota.",
    options: [
      { value: "producer_request_hold", label: "producer_request_hold: producers wait" },
      { value: "producer_exception", label: "producer_exception: producers fail" },
      {
        value: "consumer_backlog_eviction",
        label: "consumer_backlog_eviction: the oldest is dropped",
      },
    ],
    default: "producer_request_hold",
    onlyIf: { field: "persistence", is: ["persistent"] },
  }),
};

/** Settings of a producer. */
export const publishFields = {
  batchingEnabled: flag({
    label: "batchingEnabled",
    help: "Messages travel and are kept in batches; a batch comes back as a whole.",
    default: true,
  }),
  batchingMaxPublishDelay: duration({
    label: "batchingMaxPublishDelay",
    help: "How long a batch waits for more messages.",
    min: 0.001,
    default: 1,
    onlyIf: { field: "batchingEnabled", is: [true] },
  }),
  batchingMaxMessages: count({
    label: "batchingMaxMessages",
    help: "A batch with this many messages is sent at once.",
    min: 1,
    max: 100_000,
    default: 1000,
    onlyIf: { field: "batchingEnabled", is: [true] },
  }),
  batchingMaxBytes: bytes({
    label: "batchingMaxBytes",
    help: "A batch of this size is sent at once.",
    min: 1,
    max: 5_242_880,
    default: 131_072,
    onlyIf: { field: "batchingEnabled", is: [true] },
  }),
  batcherBuilder: choice({
    label: "batcherBuilder",
    help: "KEY_BASED: messages of different keys never share a batch, as Key_Shared needs it.",
    options: [
      { value: "DEFAULT", label: "DEFAULT" },
      { value: "KEY_BASED", label: "KEY_BASED" },
    ],
    default: "DEFAULT",
    onlyIf: { field: "batchingEnabled", is: [true] },
  }),
  messageRoutingMode: choice({
    label: "messageRoutingMode",
    help: "Where messages without key go; those with a key go where its hash says.",
    options: [
      { value: "RoundRobinPartition", label: "RoundRobinPartition" },
      { value: "SinglePartition", label: "SinglePartition" },
    ],
    default: "RoundRobinPartition",
  }),
  sendTimeout: duration({
    label: "sendTimeout",
    help: "A message without answer for this long has failed for the application.",
    none: "never (0)",
    min: 1,
    default: 30_000,
  }),
  maxPendingMessages: count({
    label: "maxPendingMessages",
    help: "More messages without answer per partition are refused at once (blockIfQueueFull is false); 0: no limit.",
    default: 0,
  }),
  deliverAfter: duration({
    label: "deliverAfter",
    help: "Shared and Key_Shared subscriptions deliver a message only after this delay; all others at once.",
    default: 0,
  }),
  "network.latency.ms": duration({
    label: "Network latency",
    help: "One way between producer and broker (Spillway's own).",
    default: 1,
  }),
};

/** Settings of a consumer. */
export const consumeFields = {
  subscriptionName: text({
    label: "subscriptionName",
    help: "Consumers with the same name share a subscription; empty means the service's own.",
    default: "",
  }),
  subscriptionType: choice({
    label: "subscriptionType",
    help: "How the consumers of a subscription share its messages.",
    options: [
      { value: "Exclusive", label: "Exclusive: one consumer" },
      { value: "Failover", label: "Failover: one active, others stand by" },
      { value: "Shared", label: "Shared: in turn, without order" },
      { value: "Key_Shared", label: "Key_Shared: by key" },
    ],
    default: "Exclusive",
  }),
  subscriptionInitialPosition: choice({
    label: "subscriptionInitialPosition",
    help: "Where a subscription begins that is made when its first consumer comes.",
    options: [
      { value: "Latest", label: "Latest: misses the past" },
      { value: "Earliest", label: "Earliest: what is still kept" },
    ],
    default: "Latest",
  }),
  receiverQueueSize: count({
    label: "receiverQueueSize",
    help: "Messages that wait at a consumer, per partition; 0: it asks for each one.",
    max: 1_000_000,
    default: 1000,
  }),
  maxTotalReceiverQueueSizeAcrossPartitions: count({
    label: "maxTotalReceiverQueueSizeAcrossPartitions",
    help: "The queues of one consumer for all partitions are together no larger.",
    min: 1,
    max: 1_000_000,
    default: 50_000,
  }),
  acknowledgment: choice({
    label: "Acknowledgement",
    help: "One by one, or everything up to a message (not with Shared and Key_Shared).",
    options: [
      { value: "individual", label: "individual" },
      { value: "cumulative", label: "cumulative" },
    ],
    default: "individual",
  }),
  acknowledgmentGroupTime: duration({
    label: "acknowledgmentGroupTime",
    help: "Acknowledgements are sent together after this time; those of a consumer that crashes before are lost.",
    default: 100,
  }),
  enableBatchIndexAcknowledgment: flag({
    label: "enableBatchIndexAcknowledgment",
    help: "Acknowledges single messages of a batch, so that they do not come back with it (the broker must allow it too).",
    default: false,
  }),
  "on.failure": choice({
    label: "On failure",
    help: "What a consumer does with a message that it could not process.",
    options: [
      { value: "nack", label: "negative acknowledgement" },
      { value: "reconsumeLater", label: "reconsumeLater (retry letter topic)" },
      { value: "acknowledge", label: "acknowledge it and go on" },
      { value: "nothing", label: "nothing: it stays unacknowledged" },
    ],
    default: "nack",
  }),
  negativeAckRedeliveryDelay: duration({
    label: "negativeAckRedeliveryDelay",
    help: "A message comes back this long after a negative acknowledgement, not at once.",
    default: 60_000,
    live: true,
    onlyIf: { field: "on.failure", is: ["nack"] },
  }),
  redeliveryBackoff: flag({
    label: "RedeliveryBackoff",
    help: "The delay after a negative acknowledgement, or in addition to ackTimeout, grows with each redelivery.",
    default: false,
  }),
  "backoff.minDelayMs": duration({
    label: "RedeliveryBackoff: minDelayMs",
    help: "Delay of the first redelivery.",
    min: 1,
    default: 1000,
    onlyIf: { field: "redeliveryBackoff", is: [true] },
  }),
  "backoff.maxDelayMs": duration({
    label: "RedeliveryBackoff: maxDelayMs",
    help: "Longest delay.",
    min: 1,
    default: 60_000,
    onlyIf: { field: "redeliveryBackoff", is: [true] },
  }),
  "backoff.multiplier": number({
    label: "RedeliveryBackoff: multiplier",
    help: "Factor from one redelivery to the next.",
    min: 1,
    max: 100,
    default: 2,
    onlyIf: { field: "redeliveryBackoff", is: [true] },
  }),
  reconsumeLaterDelay: duration({
    label: "reconsumeLater: delay",
    help: "Delay that the application states when it calls reconsumeLater (Spillway's own).",
    default: 3000,
    onlyIf: { field: "on.failure", is: ["reconsumeLater"] },
  }),
  ackTimeout: duration({
    label: "ackTimeout",
    help: "A message that a consumer has not dealt with after this time comes again; off: it stays there for ever.",
    none: "off (0)",
    min: 1000,
    default: null,
  }),
  maxRedeliverCount: count({
    label: "deadLetterPolicy.maxRedeliverCount",
    help: "After so many redeliveries (one delivery more) the client moves a message to the dead letter topic.",
    none: "no dead letter policy",
    min: 1,
    max: 1_000_000,
    default: null,
    onlyIf: { field: "subscriptionType", is: shared },
  }),
  deadLetterTopic: text({
    label: "deadLetterPolicy.deadLetterTopic",
    help: "A topic of this cluster, by id or name; empty: <topic>-<subscription>-DLQ, which keeps nothing without a subscription.",
    default: "",
    onlyIf: { field: "subscriptionType", is: shared },
  }),
  "network.latency.ms": duration({
    label: "Network latency",
    help: "One way between broker and consumer (Spillway's own).",
    default: 1,
  }),
};
