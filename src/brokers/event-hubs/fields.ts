// The settings of Azure Event Hubs under the names of its portal and SDKs. Where a setting is Spillway's own, its help
// says so.

import { bytes, choice, count, duration, flag, text } from "../../base/fields.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const byUnits = { field: "tier", is: ["Basic", "Standard"] };
const captured = { field: "captureEnabled", is: [true] };

/** Settings of a namespace. */
export const clusterFields = {
  tier: choice({
    label: "Pricing tier",
    help: "Decides the limits; only Basic and Standard buy throughput units.",
    options: [
      { value: "Basic", label: "Basic" },
      { value: "Standard", label: "Standard" },
      { value: "Premium", label: "Premium" },
      { value: "Dedicated", label: "Dedicated" },
    ],
    default: "Standard",
  }),
  throughputUnits: count({
    label: "Throughput units",
    help: "Of the whole namespace; each: in 1 MB/s or 1,000 events/s, out 2 MB/s or 4,096 events/s.",
    min: 1,
    max: 40,
    default: 1,
    live: true,
    onlyIf: byUnits,
  }),
  autoInflate: flag({
    label: "Auto-inflate",
    help: "Buys throughput units when senders are throttled, and never gives one back.",
    default: false,
    onlyIf: { field: "tier", is: ["Standard"] },
  }),
  maximumThroughputUnits: count({
    label: "Maximum throughput units",
    help: "As far as auto-inflate goes.",
    min: 1,
    max: 40,
    default: 10,
    onlyIf: [{ field: "autoInflate", is: [true] }],
  }),
  inflateMs: duration({
    label: "Time to inflate",
    help: "From the first throttled request to one throughput unit more (Spillway's own).",
    min: SECOND,
    default: 30 * SECOND,
    onlyIf: [{ field: "autoInflate", is: [true] }],
  }),
  zones: count({
    label: "Availability zones",
    help: "Events are kept in several of them: losing one loses nothing.",
    min: 1,
    max: 3,
    default: 3,
  }),
  detectionMs: duration({
    label: "Detection of a zone's failure",
    help: "How long requests still go to a zone that fails or is slow (Spillway's own).",
    default: 10 * SECOND,
  }),
};

/** Settings of an event hub. */
export const hubFields = {
  partitionCount: count({
    label: "Partition count",
    help: "Fixed at creation on Basic and Standard; the most processors of a group that work at the same time.",
    min: 1,
    max: 1024,
    default: 4,
  }),
  retention: duration({
    label: "Retention",
    help: "Events are deleted at this age, read or not; nobody can delete or acknowledge one.",
    min: HOUR,
    max: 90 * DAY,
    default: DAY,
  }),
  captureEnabled: flag({
    label: "Capture",
    help: "Writes files of each partition into storage, at the end of a window of time or size.",
    default: false,
  }),
  captureInterval: duration({
    label: "Capture: time window",
    help: "A file is written after this time.",
    min: MINUTE,
    max: 15 * MINUTE,
    default: 5 * MINUTE,
    onlyIf: captured,
  }),
  captureSize: bytes({
    label: "Capture: size window",
    help: "A file is written when it is this large.",
    min: 10_000_000,
    max: 524_288_000,
    default: 300_000_000,
    onlyIf: captured,
  }),
};

/** Settings of a producer client. */
export const publishFields = {
  partitionKey: choice({
    label: "Partition",
    help: "By the message's key, or in turn; an event without key goes in turn too.",
    options: [
      { value: "key", label: "by the message's key" },
      { value: "none", label: "none: in turn" },
    ],
    default: "key",
  }),
  maximumRetries: count({
    label: "MaximumRetries",
    help: "Attempts of the SDK after the first one, when the service is busy or cannot be reached.",
    max: 100,
    default: 3,
  }),
  delay: duration({
    label: "Delay",
    help: "Pause before the first retry; it doubles with each further one.",
    min: 1,
    default: 800,
  }),
  maximumDelay: duration({
    label: "MaximumDelay",
    help: "Longest pause.",
    min: 1,
    default: MINUTE,
  }),
  "network.latency.ms": duration({
    label: "Network latency",
    help: "One way between producer and service (Spillway's own).",
    default: 5,
  }),
};

/** Settings of an event processor. */
export const consumeFields = {
  consumerGroup: text({
    label: "Consumer group",
    help: "Processors of one group share the partitions; empty means a group of the service's own.",
    default: "",
  }),
  prefetchCount: count({
    label: "PrefetchCount",
    help: "Events per partition that a processor holds in advance.",
    min: 1,
    max: 100_000,
    default: 300,
  }),
  checkpointEvery: count({
    label: "Checkpoint every … events",
    help: "The application writes its position to storage after so many events of a partition; the service keeps none.",
    min: 1,
    max: 1_000_000,
    default: 100,
  }),
  checkpointInterval: duration({
    label: "Checkpoint at the latest after",
    help: "With fewer events it writes its position after this time.",
    none: "never",
    min: 1,
    default: 10 * SECOND,
  }),
  loadBalancingStrategy: choice({
    label: "LoadBalancingStrategy",
    help: "How many partitions a processor claims in one cycle.",
    options: [
      { value: "Greedy", label: "Greedy: all of its share" },
      { value: "Balanced", label: "Balanced: one" },
    ],
    default: "Greedy",
  }),
  loadBalancingUpdateInterval: duration({
    label: "LoadBalancingUpdateInterval",
    help: "How often a processor renews its ownerships and looks for partitions to claim.",
    min: SECOND,
    default: 30 * SECOND,
  }),
  partitionOwnershipExpirationInterval: duration({
    label: "PartitionOwnershipExpirationInterval",
    help: "An ownership that was not renewed for this long can be claimed: so long the partitions of a crashed processor idle.",
    min: SECOND,
    default: 120 * SECOND,
  }),
  "network.latency.ms": duration({
    label: "Network latency",
    help: "One way between service and processor (Spillway's own).",
    default: 5,
  }),
};
