// At-least-once delivery and an effect that must happen once: a payment service crashes between charging and the commit of
// its position, again and again, and remembers what it has dealt with.
//
//   shop ─▶ [orders] ─▶ payment ─▶ charges

import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { parties } from "./parties.ts";

/** A crash every 12 s that lasts a second; static members are back before anybody notices. */
const crashes = [12_000, 24_000, 36_000, 48_000].map((at): TimelineEntry => ({
  at: at + 3500,
  act: "crash",
  target: "payment",
  duration: 1000,
}));

/** Repeated deliveries, and an inbox that knows them. */
export const chargedOnce: Scenario = {
  format: "spillway",
  version: 1,
  id: "charged-once",
  title: "Delivered twice, charged once",
  description:
    "Payment crashes four times; its position in the log is committed every 5 s, so that what came since is delivered again. Look at Redelivered of its subscription, and compare the writes of Charges with its keys: they are equal, because payment keeps an inbox. Switch off idempotent of Payment: every repeated delivery is charged again.",
  ...parties,
  seed: 3,
  load: { duration: 80_000, sourcesStopAt: 60_000 },
  nodes: [
    {
      id: "shop",
      kind: "producer",
      name: "Shop",
      parameters: { rate: 20, keyName: "order", keys: 100_000 },
    },
    { id: "kafka", kind: "broker", technology: "kafka", name: "Kafka" },
    {
      id: "payment",
      kind: "service",
      name: "Payment",
      parameters: {
        concurrency: 2,
        serviceTime: { distribution: "exponential", mean: 30 },
        idempotent: true,
      },
    },
    { id: "charges", kind: "store", name: "Charges" },
  ],
  channels: [
    {
      id: "orders",
      broker: "kafka",
      kind: "topic",
      parameters: { partitions: 2, "min.insync.replicas": 2 },
    },
  ],
  connections: [
    { id: "place", kind: "publish", from: "shop", to: "orders", contract: "order-placed" },
    {
      id: "take",
      kind: "consume",
      from: "orders",
      to: "payment",
      parameters: { commit: "auto", "group.instance.id": true },
    },
    { id: "charge", kind: "write", from: "payment", to: "charges" },
  ],
  contracts: [
    {
      id: "order-placed",
      name: "OrderPlaced",
      description: "A customer has ordered.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { orderId: { type: "string" }, total: { type: "number", minimum: 0 } },
        required: ["orderId", "total"],
      },
    },
  ],
  timeline: crashes,
  objectives: [
    {
      id: "all-charged",
      title: "Every order is charged in the end",
      of: "take",
      measure: "lagMessages",
      is: "at most",
      value: 0,
    },
  ],
  layout: {
    shop: { x: 0, y: 96 },
    kafka: { x: 304, y: 80 },
    payment: { x: 640, y: 96 },
    charges: { x: 944, y: 96 },
  },
};
