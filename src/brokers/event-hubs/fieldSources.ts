// Where the defaults of the fields of Azure Event Hubs come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Azure Event Hubs, by the source of its default. */
export const eventHubsFieldSources: readonly FieldSource[] = [
  {
    source: "https://learn.microsoft.com/azure/event-hubs/event-hubs-auto-inflate",
    cluster: ["autoInflate"],
  },
  {
    source: "Azure.Messaging.EventHubs, EventHubsRetryOptions",
    publish: ["maximumRetries", "delay", "maximumDelay"],
  },
  {
    source: "Azure.Messaging.EventHubs, EventProcessorClientOptions",
    consume: [
      "prefetchCount",
      "loadBalancingStrategy",
      "loadBalancingUpdateInterval",
      "partitionOwnershipExpirationInterval",
    ],
  },
  {
    source: "https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview",
    kinds: { hub: ["captureEnabled", "captureInterval", "captureSize"] },
  },
  {
    source: ownChoice,
    cluster: [
      "tier",
      "throughputUnits",
      "maximumThroughputUnits",
      "inflateMs",
      "zones",
      "detectionMs",
    ],
    publish: ["partitionKey", "network.latency.ms"],
    consume: ["consumerGroup", "checkpointEvery", "checkpointInterval", "network.latency.ms"],
    kinds: { hub: ["partitionCount", "retention"] },
  },
];
