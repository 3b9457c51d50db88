// Where the defaults of the fields of Azure Service Bus come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Azure Service Bus, by the source of its default. */
export const serviceBusFieldSources: readonly FieldSource[] = [
  {
    source: "Azure.Messaging.ServiceBus, ServiceBusRetryOptions",
    publish: ["MaxRetries", "TryTimeout"],
  },
  {
    source:
      "Azure.Messaging.ServiceBus, ServiceBusProcessorOptions and ServiceBusSessionProcessorOptions",
    consume: ["ReceiveMode", "PrefetchCount", "MaxAutoLockRenewalDuration", "SessionIdleTimeout"],
  },
  {
    source: "https://learn.microsoft.com/azure/service-bus-messaging/topic-filters",
    bind: ["filter", "sqlExpression"],
  },
  {
    source: "https://learn.microsoft.com/azure/service-bus-messaging/message-expiration",
    publish: ["TimeToLive"],
    kinds: { queue: ["DefaultMessageTimeToLive"], subscription: ["DefaultMessageTimeToLive"] },
  },
  {
    source: "Azure.Messaging.ServiceBus.Administration, CreateQueueOptions",
    kinds: {
      queue: [
        "LockDuration",
        "MaxDeliveryCount",
        "DeadLetteringOnMessageExpiration",
        "RequiresSession",
        "ForwardTo",
        "RequiresDuplicateDetection",
        "DuplicateDetectionHistoryTimeWindow",
      ],
      "dead-letter": ["LockDuration"],
    },
  },
  {
    source: "Azure.Messaging.ServiceBus.Administration, CreateTopicOptions",
    kinds: { topic: ["RequiresDuplicateDetection", "DuplicateDetectionHistoryTimeWindow"] },
  },
  {
    source: "Azure.Messaging.ServiceBus.Administration, CreateSubscriptionOptions",
    kinds: {
      subscription: [
        "LockDuration",
        "MaxDeliveryCount",
        "DeadLetteringOnMessageExpiration",
        "RequiresSession",
        "ForwardTo",
      ],
    },
  },
  {
    source: ownChoice,
    cluster: ["tier", "zones", "detection"],
    publish: [
      "MessageId",
      "ApplicationProperties",
      "Subject",
      "ScheduledEnqueueTime",
      "answer_loss",
      "latency",
    ],
    consume: ["on_failure", "latency"],
    bind: ["correlation"],
    kinds: { queue: ["dead_letter_queue"], subscription: ["dead_letter_queue"] },
  },
];
