// RabbitMQ against the contract of all technologies: quorum queues behind an exchange, confirmed, as one sets them up
// where nothing may be lost.

import { simulated } from "../simulated.ts";
import { describeTechnology } from "../technology.suite.ts";

const quorum = { "x-queue-type": "quorum", "x-delivery-limit": -1 };

describeTechnology(simulated.rabbitmq, {
  sketch: {
    channels: [
      { id: "orders", kind: "exchange", parameters: { type: "topic" } },
      { id: "payment", kind: "queue", parameters: quorum },
      { id: "notification", kind: "queue", parameters: quorum },
    ],
    bindings: [
      { from: "orders", to: "payment", parameters: { routing_key: "#" } },
      { from: "orders", to: "notification", parameters: { routing_key: "#" } },
    ],
    publishers: [
      { to: "orders", parameters: { mandatory: true } },
      { to: "orders", parameters: { routing_key: "order.{key}" } },
    ],
    subscriptions: [
      { from: "payment", workers: 3, parameters: { prefetch_count: 5 } },
      { from: "notification", workers: 2 },
    ],
  },
  order: "account",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 60_000,
  idleWakesPerHour: 60,
});
