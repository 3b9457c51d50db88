// Azure Service Bus: queues, topics with subscriptions, sessions, peek-lock. What the drawing shows of it; the running
// service is in runtime.ts, all else about it in manual.ts.

import type { Technology } from "../technology.ts";
import {
  bindFields,
  clusterFields,
  consumeFields,
  deadLetterFields,
  publishFields,
  queueFields,
  subscriptionFields,
  topicFields,
} from "./fields.ts";
import { entityTrigger } from "./trigger.ts";

/** Azure Service Bus as of November 2025. */
export const serviceBus: Technology = {
  id: "service-bus",
  label: "Azure Service Bus",
  version: "2025-11",
  words: { message: "message", subscription: "receiver", node: "availability zone" },
  summary: "Queues and topics whose messages are locked while a receiver works on them.",
  clusterFields,
  nodeFields: ["zones"],
  publishFields,
  consumeFields,
  bindFields,
  channelKinds: {
    queue: {
      label: "Queue",
      help: "Keeps messages until a receiver completes them.",
      fields: queueFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
      functions: entityTrigger,
    },
    topic: {
      label: "Topic",
      help: "Copies messages into its subscriptions whose rules match; without any, messages are gone.",
      fields: topicFields,
      publishable: true,
      consumable: false,
      bindsTo: ["subscription"],
    },
    subscription: {
      label: "Subscription",
      help: "A queue of its own behind a topic; each line from the topic is a rule.",
      fields: subscriptionFields,
      publishable: false,
      consumable: true,
      bindsTo: [],
      functions: entityTrigger,
    },
    "dead-letter": {
      label: "Dead-letter queue",
      help: "The $DeadLetterQueue of queues and subscriptions that name it, so that a service can read it.",
      fields: deadLetterFields,
      publishable: false,
      consumable: true,
      bindsTo: [],
    },
  },
  quickConnect: { publish: "topic", consume: "subscription" },
};
