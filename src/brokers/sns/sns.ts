// Amazon SNS: topics, standard and FIFO, and subscriptions with filter policies that are pushed to. What the drawing shows.

import type { Technology } from "../technology.ts";
import { clusterFields, consumeFields, publishFields, queueFields, topicFields } from "./fields.ts";

/** Amazon SNS, as documented in 2026. */
export const sns: Technology = {
  id: "sns",
  label: "Amazon SNS",
  version: "2026",
  words: { message: "message", subscription: "subscription", node: "zone" },
  summary: "Topics push a copy to every subscription whose filter accepts it, and keep nothing.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields: {},
  channelKinds: {
    topic: {
      label: "Topic",
      help: "Hands each message to every subscription whose filter policy accepts it; without one it is gone.",
      fields: topicFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
      functions: { lambda: "event", subscription: () => ({ Protocol: "lambda" }) },
    },
    dlq: {
      label: "Dead-letter queue",
      help: "An SQS queue for what could not be delivered to a subscription.",
      fields: queueFields,
      publishable: false,
      consumable: true,
      bindsTo: [],
    },
  },
  nodeFields: ["zones"],
  quickConnect: { publish: "topic", consume: "topic" },
};
