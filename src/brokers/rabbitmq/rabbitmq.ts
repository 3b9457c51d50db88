// RabbitMQ 4.0 to 4.2: exchanges, bindings, classic and quorum queues, push with prefetch. What the drawing shows of it;
// the running broker is in runtime.ts, all else about it in manual.ts.

import {
  bindFields,
  clusterFields,
  consumeFields,
  exchangeFields,
  publishFields,
  queueFields,
} from "./fields.ts";
import type { Technology } from "../technology.ts";

/** RabbitMQ, semantics of 4.0 to 4.2. */
export const rabbitmq: Technology = {
  id: "rabbitmq",
  label: "RabbitMQ",
  version: "4.0",
  words: { message: "message", subscription: "queue", node: "node" },
  summary: "Exchanges route copies into queues; queues push them to consumers that acknowledge.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields,
  channelKinds: {
    exchange: {
      label: "Exchange",
      help: "Takes messages and copies them into the queues whose bindings match; keeps nothing itself.",
      fields: exchangeFields,
      publishable: true,
      consumable: false,
      bindsTo: ["exchange", "queue"],
    },
    queue: {
      label: "Queue",
      help: "Keeps messages until a consumer acknowledges them. Publishing straight to it goes through the default exchange, with the queue's name as routing key.",
      fields: queueFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
      leavesByItself: (parameters) =>
        (parameters["x-message-ttl"] ?? null) !== null &&
        (parameters["x-dead-letter-exchange"] ?? "") !== "",
    },
  },
  quickConnect: { publish: "exchange", consume: "queue" },
};
