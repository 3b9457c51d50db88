// Amazon SQS: standard and FIFO queues that consumers poll. What the drawing shows of it; the running service is in
// runtime.ts, all else about it in manual.ts.

import { clusterFields, consumeFields, publishFields, queueFields } from "./fields.ts";
import { queueTrigger } from "./trigger.ts";
import type { Technology } from "../technology.ts";

/** Amazon SQS as of November 2025. */
export const sqs: Technology = {
  id: "sqs",
  label: "Amazon SQS",
  version: "2025-11",
  words: { message: "message", subscription: "queue", node: "availability zone" },
  summary: "Queues that hide a message while somebody works on it, until it is deleted.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields: {},
  nodeFields: ["zones"],
  channelKinds: {
    queue: {
      label: "Queue",
      help: "Keeps messages until a consumer deletes them. Consumers poll; a message that is not deleted in time comes back.",
      fields: queueFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
      functions: queueTrigger,
    },
  },
  quickConnect: { publish: "queue", consume: "queue" },
};
