// Where the defaults of the fields of Azure Event Grid come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Azure Event Grid, by the source of its default. */
export const eventGridFieldSources: readonly FieldSource[] = [
  {
    source: "https://learn.microsoft.com/azure/event-grid/quotas-limits",
    kinds: { topic: ["ingress"] },
  },
  {
    source: "https://learn.microsoft.com/azure/event-grid/input-mappings (inputSchema)",
    kinds: { topic: ["inputSchema"] },
  },
  {
    source: "https://learn.microsoft.com/azure/event-grid/event-filtering",
    kinds: {
      subscription: [
        "subjectBeginsWith",
        "subjectEndsWith",
        "isSubjectCaseSensitive",
        "includedEventTypes",
        "advancedFilters",
        "enableAdvancedFilteringOnArrays",
      ],
    },
  },
  {
    source: "https://learn.microsoft.com/azure/event-grid/delivery-and-retry",
    consume: ["success_status"],
    kinds: {
      subscription: ["maxDeliveryAttempts", "eventTimeToLiveInMinutes", "deadLetterDestination"],
    },
  },
  {
    source: ownChoice,
    cluster: ["zones", "zone_detection"],
    publish: ["eventType", "subject", "data", "latency"],
    consume: ["failure_status", "latency"],
    kinds: { subscription: ["delayed_delivery"] },
  },
];
