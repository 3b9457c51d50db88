// What is modelled of Service Bus and what is not, what reaches its channels, and what it finds wrong. The facts were looked
// up in Microsoft's documentation, because no sheet of the technology was at hand: LockDuration 1 min (at most 5),
// MaxDeliveryCount 10, duplicate detection window 10 min (20 s to 7 d), 4 hops of forwarding, 256 KB (Premium 1 MB),
// renewal of locks for 5 min by the SDK, 3 retries from 0.8 s.

import { serviceBusCounterparts } from "./counterparts.ts";
import { serviceBusFieldSources } from "./fieldSources.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";
import { checkServiceBus } from "./check.ts";
import { deadLetterTarget, reachOfServiceBus } from "./reach.ts";
import { queueUnlikeQueue } from "./unlikeQueue.ts";

/** AsyncAPI has no binding for Service Bus; its protocol is AMQP 1.0, whose bindings are empty. */
const asyncapi: TechnologyBindings = {
  protocol: "amqp1",
  host: "example.servicebus.windows.net:5671",
  key: "amqp1",
  channel: () => undefined,
  publish: () => undefined,
  consume: () => undefined,
  parametersIn: () => ({}),
};

const learn = "https://learn.microsoft.com/en-us/azure/service-bus-messaging";

/** The manual of Service Bus. */
export const serviceBusManual: TechnologyManual = {
  guarantees: {
    order:
      "In order of enqueueing as far as nothing comes back; in order per session when sessions are required, one receiver at a time.",
    delivery:
      "At least once with PeekLock, at most once with ReceiveAndDelete. A message for which no rule matches is gone, and the sender does not learn of it.",
    retention: "Until completed, or until its time to live ends.",
  },
  modelled: [
    "Queues, topics, subscriptions; TrueFilter, CorrelationFilter and SqlFilter over application properties and sys.Label; one copy per subscription.",
    "PeekLock with lock duration, renewal by the SDK, abandon, dead-letter, lost locks; ReceiveAndDelete with its losses.",
    "MaxDeliveryCount n allows n deliveries; then the message goes to the dead-letter queue.",
    "Sessions: locked by one receiver, in order, released when idle, lost with the receiver after a lock duration.",
    "Duplicate detection by MessageId within a window; scheduled messages; time to live with or without dead-lettering.",
    "ForwardTo over at most four hops; prefetch.",
    "Availability zones: while one fails, sends to it fail until that is detected and the SDK tries again.",
  ],
  simplified: [
    "Uncertain, and Spillway's own: latencies, the share of sends that a failing zone takes, how long its detection takes.",
    "Renewal of locks is not simulated call by call: a lock ends one lock duration after the last renewal could be. Prefetched messages are renewed like those at work.",
    "A worker is one receiver with one message at work; a session's receiver waits SessionIdleTimeout and then takes the next session.",
    "A $DeadLetterQueue appears on the drawing as a channel of its own when a service reads it.",
    "Messages without a key share one session; the real service refuses messages without a SessionId.",
    "Forwarding takes no time, and its hops cost nothing. A duplicate is counted as unroutable.",
    "Receiving is not disturbed by a failing zone.",
  ],
  notModelled: [
    "Deferred messages, transactions, batches of sends, message browsing.",
    "Throttling by credits (Standard) or messaging units (Premium); entity size quotas; partitioned entities.",
    "Rule actions, functions and arithmetic in SQL expressions, system properties other than sys.Label.",
    "Geo-disaster recovery and geo-replication; AutoDeleteOnIdle; the transfer dead-letter queue.",
  ],
  sources: [
    `${learn}/message-transfers-locks-settlement`,
    `${learn}/service-bus-dead-letter-queues`,
    `${learn}/duplicate-detection`,
    `${learn}/message-sessions`,
    `${learn}/topic-filters`,
    `${learn}/service-bus-messaging-sql-filter`,
    `${learn}/message-expiration`,
    `${learn}/message-sequencing`,
    `${learn}/service-bus-auto-forwarding`,
    `${learn}/service-bus-prefetch`,
    `${learn}/service-bus-quotas`,
    "https://learn.microsoft.com/dotnet/api/azure.messaging.servicebus.servicebusprocessoroptions",
    "https://learn.microsoft.com/dotnet/api/azure.messaging.servicebus.servicebusretryoptions",
  ],
  counterparts: serviceBusCounterparts,
  fieldSources: serviceBusFieldSources,
  asyncapi,
  unlikeQueue: queueUnlikeQueue,
  check: checkServiceBus,
  reach: reachOfServiceBus,
  deadLetterTarget,
};
