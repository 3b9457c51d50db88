import { kafka } from "./kafka.ts";
import { describeTechnology } from "./technology.suite.ts";

describeTechnology(kafka, {
  sketch: {
    channels: [
      {
        id: "orders",
        kind: "topic",
        parameters: { partitions: 4, "replication.factor": 3, "min.insync.replicas": 2 },
      },
    ],
    publishers: [{ to: "orders" }, { to: "orders" }],
    subscriptions: [
      { from: "orders", node: "payment", workers: 3, parameters: { "max.poll.records": 5 } },
      { from: "orders", node: "search", workers: 2, parameters: { "session.timeout.ms": 10_000 } },
    ],
  },
  order: "partition",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 200_000,
  idleWakesPerHour: 12,
});
