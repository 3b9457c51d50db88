// A small scenario for tests of links and files: unicode, extensions, a timeline, and a field of each kind of element.

import type { Scenario } from "../model/scenario.ts";

/** A producer, a broker with one topic, and a service with a store. */
export const sample: Scenario = {
  format: "spillway",
  version: 1,
  id: "sample",
  title: "Bestellungen – 注文 🍜",
  description: 'Quotes " and backslashes \\ and\nlines.',
  seed: 42,
  load: { duration: 30_000, sourcesStopAt: 20_000 },
  nodes: [
    { id: "shop", kind: "producer", name: "Shop", parameters: { rate: 20 } },
    { id: "kafka", kind: "broker", technology: "kafka" },
    {
      id: "kitchen",
      kind: "service",
      parameters: { serviceTime: { distribution: "exponential", mean: 15 } },
      "x-team": { name: "Küche", tags: ["a", 1, null, true] },
    },
    { id: "tickets", kind: "store" },
  ],
  channels: [{ id: "orders", broker: "kafka", kind: "topic", name: "orders" }],
  connections: [
    { id: "shop-orders", kind: "publish", from: "shop", to: "orders", contract: "order-placed" },
    { id: "orders-kitchen", kind: "consume", from: "orders", to: "kitchen" },
    { id: "kitchen-tickets", kind: "write", from: "kitchen", to: "tickets" },
  ],
  contracts: [
    {
      id: "order-placed",
      name: "OrderPlaced",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { id: { type: "string" }, total: { type: "number", minimum: 0 } },
        required: ["id"],
      },
    },
  ],
  timeline: [
    { at: 5000.125, act: "crash", target: "kitchen", duration: 2000 },
    { at: 9000, act: "set", target: "shop", parameter: "rate", value: 40 },
  ],
  objectives: [{ id: "fast", of: "kitchen", measure: "latency.p99", is: "at most", value: 500 }],
  layout: {
    shop: { x: 0, y: 80 },
    kafka: { x: 240, y: 80 },
    kitchen: { x: 480, y: 80 },
    tickets: { x: 720, y: 80 },
  },
  "x-owner": "team-ordering",
};
