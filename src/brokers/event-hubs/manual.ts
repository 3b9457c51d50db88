// What is modelled of Azure Event Hubs and what is not, its bindings in AsyncAPI documents, and what it finds wrong.

import { eventHubsCounterparts } from "./counterparts.ts";
import { eventHubsFieldSources } from "./fieldSources.ts";
import { checkEventHubs } from "./check.ts";
import { hubUnlikeQueue } from "./unlikeQueue.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";

// AMQP 1.0 is the service's own protocol; its binding is empty.
const asyncapi: TechnologyBindings = {
  protocol: "amqps",
  protocolVersion: "1.0",
  host: "namespace.servicebus.windows.net:5671",
  key: "amqp1",
  channel: () => undefined,
  publish: () => undefined,
  consume: () => undefined,
  parametersIn: () => ({}),
};

/** The manual of Azure Event Hubs. */
export const eventHubsManual: TechnologyManual = {
  guarantees: {
    order: "Per partition; a key always goes to the same one.",
    delivery:
      "At least once: after a crash events come again that are behind the last checkpoint. Retention may delete what nobody has read.",
    retention: "By time only, whether or not anybody has read them.",
  },
  modelled: [
    "Throughput units of the namespace: events and bytes per second in (the service is busy, the SDK tries again) and out (readers wait).",
    "Auto-inflate, which only goes up; tiers and their limits.",
    "Partitions by the hash of the key; without key in turn.",
    "Event processors: ownerships that are renewed and expire, load balancing in cycles (greedy or balanced), stealing.",
    "Checkpoints after a number of events or a time; reading again from the last one after a crash or a steal.",
    "Retention by time; a group that is too slow goes on behind the gap without a word.",
    "Capture windows by time and size, per partition.",
    "Availability zones: requests to one that fails are tried again; nothing that was stored is lost.",
  ],
  simplified: [
    "At the start every group has a checkpoint at offset 0, and partitions are shared out evenly.",
    "Hashes of keys are murmur2; which partition a key has on the real service is not documented.",
    "Load balancing looks for partitions in their order, not at random.",
    "Throughput is counted per second of the clock. Senders send events one by one; SDK batches count as their events do.",
    "An event that an application could not process is skipped: the service knows no redelivery.",
    "A processor that closes gives its partitions back and writes no checkpoint.",
    "Retention deletes in pieces of a minute. Captured files are notes, not data that anybody reads.",
    "Premium and Dedicated have no limit of throughput here.",
    "Default intervals of load balancing (30 s, 120 s) are those of .NET [unsure for other languages].",
  ],
  notModelled: [
    "Readers without processor (up to five per partition and group, each gets all events), owner levels.",
    "More partitions for a hub that is in use, which Premium and Dedicated allow.",
    "The Kafka endpoint and its group offsets, schema registry, compaction, idempotent publishing.",
    "Geo-disaster recovery and geo-replication, processing units, partition-level limits.",
    "Publisher policies, AMQP credit, batches larger than the limit.",
  ],
  sources: [
    "https://learn.microsoft.com/azure/event-hubs/event-hubs-features",
    "https://learn.microsoft.com/azure/event-hubs/event-hubs-scalability",
    "https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview",
    "https://learn.microsoft.com/azure/event-hubs/compare-tiers",
    "https://learn.microsoft.com/azure/event-hubs/event-processor-balance-partition-load",
  ],
  counterparts: eventHubsCounterparts,
  fieldSources: eventHubsFieldSources,
  asyncapi,
  unlikeQueue: hubUnlikeQueue,
  check: checkEventHubs,
};
