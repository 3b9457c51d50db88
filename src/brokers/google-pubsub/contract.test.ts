// Pub/Sub passes the contract of all technologies, with a subscription of each sort.

import { describeTechnology } from "../technology.suite.ts";
import { simulatedGooglePubsub as pubsub } from "./simulated.ts";

describeTechnology(pubsub, {
  sketch: {
    channels: [
      { id: "t", kind: "topic" },
      { id: "plain", kind: "subscription" },
      { id: "ordered", kind: "subscription", parameters: { enable_message_ordering: true } },
      { id: "once", kind: "subscription", parameters: { enable_exactly_once_delivery: true } },
      { id: "push", kind: "subscription", parameters: { delivery_type: "push" } },
    ],
    bindings: ["plain", "ordered", "once", "push"].map((to) => ({ from: "t", to })),
    publishers: [{ to: "t" }, { to: "t", parameters: { ordering_key: false } }],
    subscriptions: ["plain", "ordered", "once", "push"].map((from) => ({ from, workers: 2 })),
  },
  order: "none",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 900_000,
  idleWakesPerHour: 12,
});
