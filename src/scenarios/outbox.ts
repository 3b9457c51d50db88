// A transactional outbox: an order and the event that tells of it are one transaction.
//
//   customers ─▶ orders ─▶ [orders] ─▶ shipping
//                  └ orders db           └ shipments
//
// At 20 s the broker is down for 10 s. Without the outbox, orders of that time are stored, but nobody is told of them, ever:
// a store and a broker cannot be written together.

import type { Contract, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

function contract(id: string, name: string, description: string): Contract {
  return {
    id,
    name,
    description,
    contractVersion: "1.0.0",
    schema: {
      type: "object",
      properties: {
        order: { type: "string", pattern: "^order-[0-9]+$", examples: ["order-17"] },
      },
      required: ["order"],
      additionalProperties: false,
    },
  };
}

/** Orders whose events survive an outage of the broker in an outbox. */
export const outbox: Scenario = {
  format: "spillway",
  version: 1,
  id: "outbox",
  title: "Outbox: no event is lost while the broker is down",
  description:
    "An order is stored, then an event tells shipping of it. At 20 s the broker is down for 10 s. The outbox keeps the events with the orders, and its relay publishes them when the broker is back: look at Shipments, which falls behind and then has every order. Then set Outbox of the service Orders to None: the orders of the outage stay in Orders DB and never reach Shipments, and the report names them as diverged.",
  ...parties,
  seed: 5,
  load: { duration: 70_000, sourcesStopAt: 50_000 },
  nodes: [
    {
      id: "customers",
      kind: "producer",
      name: "Customers",
      parameters: { rate: 20, keyName: "order", keyChoice: "sequential", keys: 100_000 },
    },
    {
      id: "orders",
      kind: "service",
      name: "Orders",
      parameters: {
        concurrency: 20,
        serviceTime: { distribution: "exponential", mean: 10 },
        outbox: "polling",
        outboxInterval: 200,
      },
    },
    { id: "orders-db", kind: "store", name: "Orders DB", parameters: { versions: true } },
    { id: "rabbit", kind: "broker", technology: "rabbitmq", name: "RabbitMQ" },
    {
      id: "shipping",
      kind: "service",
      name: "Shipping",
      parameters: { concurrency: 4, serviceTime: { distribution: "exponential", mean: 20 } },
    },
    { id: "shipments", kind: "store", name: "Shipments", parameters: { versions: true } },
  ],
  channels: [
    {
      id: "orders-queue",
      broker: "rabbit",
      kind: "queue",
      name: "orders",
      parameters: { "x-queue-type": "quorum" },
    },
  ],
  connections: [
    {
      id: "order",
      kind: "call",
      from: "customers",
      to: "orders",
      contract: "place-order",
      parameters: { timeout: 2000 },
    },
    { id: "store-order", kind: "write", from: "orders", to: "orders-db" },
    {
      id: "tell",
      kind: "publish",
      from: "orders",
      to: "orders-queue",
      contract: "order-placed",
      parameters: { delivery_mode: "2" },
    },
    {
      id: "hear",
      kind: "consume",
      from: "orders-queue",
      to: "shipping",
      parameters: { prefetch_count: 100, on_failure: "reject" },
    },
    { id: "ship", kind: "write", from: "shipping", to: "shipments" },
  ],
  contracts: [
    contract("place-order", "PlaceOrder", "A customer orders something."),
    contract("order-placed", "OrderPlaced", "An order was accepted and stored."),
  ],
  timeline: [0, 1, 2].map((member) => ({
    at: 20_000,
    act: "crash",
    target: "rabbit",
    member,
    duration: 10_000,
  })),
  objectives: [
    {
      id: "every-order-ships",
      title: "Shipping knows every order that was stored",
      of: "shipments",
      measure: "consistency.missing",
      is: "at most",
      value: 0,
    },
    {
      id: "no-order-fails",
      title: "No customer notices the outage",
      of: "order",
      measure: "failed",
      is: "at most",
      value: 0,
    },
  ],
  layout: {
    customers: { x: 0, y: 80 },
    orders: { x: 304, y: 80 },
    "orders-db": { x: 304, y: 272 },
    rabbit: { x: 624, y: 80 },
    shipping: { x: 976, y: 80 },
    shipments: { x: 976, y: 272 },
  },
};
