// One more subscriber: analytics reads the orders that billing and shipping read, and nobody has to know.
//
//   shop ─▶ [orders] ─▶ billing ─▶ bills
//                    ─▶ shipping ─▶ parcels
//                    ─▶ analytics ─▶ figures        added, slow, and down for a while

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

function reading(from: string, to: string) {
  return {
    id: `${to}-reads`,
    kind: "consume",
    from,
    to,
    parameters: { "group.instance.id": true },
  } as const;
}

function service(id: string, name: string, mean: number) {
  return {
    id,
    kind: "service",
    name,
    parameters: {
      concurrency: 4,
      serviceTime: { distribution: "exponential", mean },
      idempotent: true,
    },
  } as const;
}

/** A third group on a topic: the other two run on as if it were not there. */
export const analyticsSubscriber: Scenario = {
  format: "spillway",
  version: 1,
  id: "analytics-subscriber",
  title: "One more subscriber: analytics",
  description:
    "Analytics reads the same orders as Billing and Shipping, in a consumer group of its own. It is slow, and down from 30 s to 50 s: look at its lag, and at the figures of the other two. Delete the line to Analytics and run again: nothing about Billing and Shipping has changed, not in the last digit.",
  ...parties,
  seed: 5,
  load: { duration: 120_000, sourcesStopAt: 90_000 },
  nodes: [
    {
      id: "shop",
      kind: "producer",
      name: "Shop",
      parameters: { rate: 30, keyName: "order", keys: 100_000 },
    },
    { id: "kafka", kind: "broker", technology: "kafka", name: "Kafka" },
    service("billing", "Billing", 30),
    { id: "bills", kind: "store", name: "Bills" },
    service("shipping", "Shipping", 50),
    { id: "parcels", kind: "store", name: "Parcels" },
    service("analytics", "Analytics", 90),
    { id: "figures", kind: "store", name: "Figures" },
  ],
  channels: [
    {
      id: "orders",
      broker: "kafka",
      kind: "topic",
      parameters: { partitions: 4, "min.insync.replicas": 2 },
    },
  ],
  connections: [
    { id: "place", kind: "publish", from: "shop", to: "orders", contract: "order-placed" },
    reading("orders", "billing"),
    { id: "bill", kind: "write", from: "billing", to: "bills" },
    reading("orders", "shipping"),
    { id: "pack", kind: "write", from: "shipping", to: "parcels" },
    reading("orders", "analytics"),
    { id: "count", kind: "write", from: "analytics", to: "figures" },
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
  timeline: [{ at: 30_000, act: "crash", target: "analytics", duration: 20_000 }],
  objectives: [
    {
      id: "analytics-catches-up",
      title: "Analytics has read everything in the end",
      of: "analytics-reads",
      measure: "lagMessages",
      is: "at most",
      value: 0,
    },
  ],
  layout: {
    shop: { x: 0, y: 160 },
    kafka: { x: 304, y: 120 },
    billing: { x: 640, y: 40 },
    bills: { x: 944, y: 40 },
    shipping: { x: 640, y: 176 },
    parcels: { x: 944, y: 176 },
    analytics: { x: 640, y: 312 },
    figures: { x: 944, y: 312 },
  },
};
