// Pulsar against the contract of all technologies.

import { describeTechnology } from "../technology.suite.ts";
import { simulatedPulsar } from "./simulated.ts";

describeTechnology(simulatedPulsar, {
  sketch: {
    channels: [{ id: "orders", kind: "topic", parameters: { partitions: 3 } }],
    publishers: [{ to: "orders" }, { to: "orders", parameters: { batchingEnabled: false } }],
    subscriptions: [
      { from: "orders", workers: 3, parameters: { subscriptionType: "Key_Shared" } },
      { from: "orders", workers: 2, parameters: { subscriptionType: "Failover" } },
    ],
  },
  order: "none",
  losesConfirmed: "never",
  nodes: 6,
  drainsWithinMs: 200_000,
  idleWakesPerHour: 12,
});
