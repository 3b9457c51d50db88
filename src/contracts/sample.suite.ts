// A scenario with everything that is awkward to export: two technologies, routing, dead letters, calls, odd names,
// schemas with references, and contracts that share a name or are never sent.

import type { Scenario } from "../model/scenario.ts";

/** The awkward scenario. */
export const awkward: Scenario = {
  format: "spillway",
  version: 1,
  id: "awkward",
  title: "Awkward: “all”",
  contact: {
    name: "Team “Øl & more”",
    url: "https://team.example.com/a%20b?c=d#e",
    email: "a.b+c@example.com",
    "x-room": { $ref: "#/4" },
  },
  licence: { name: "Apache-2.0", url: "not an address" },
  seed: 1,
  load: { duration: 10_000 },
  nodes: [
    { id: "shop", kind: "producer", name: "Shop" },
    { id: "k", kind: "broker", technology: "kafka", name: "Log: main #1", security: "scramSha512" },
    { id: "r", kind: "broker", technology: "rabbitmq", description: "yes: *no* & ~null" },
    { id: "kitchen", kind: "service" },
    {
      id: "billing",
      kind: "service",
      security: "httpBearer",
      parameters: { attempts: 3, backoff: 250 },
    },
    { id: "idle", kind: "service", name: "Nobody's service", security: "X509" },
    { id: "ledger", kind: "store" },
  ],
  channels: [
    { id: "orders", broker: "k", kind: "topic" },
    { id: "per-region", broker: "k", kind: "topic", name: "orders.{region}" },
    { id: "odd-braces", broker: "k", kind: "topic", name: "a{b c}?d#e" },
    { id: "events", broker: "r", kind: "exchange", name: "events/öffentlich" },
    {
      id: "placed-queue",
      broker: "r",
      kind: "queue",
      parameters: { "x-dead-letter-exchange": "dead" },
    },
    { id: "dead", broker: "r", kind: "exchange", parameters: { type: "fanout" } },
    { id: "graveyard", broker: "r", kind: "queue" },
  ],
  connections: [
    { id: "shop-orders", kind: "publish", from: "shop", to: "orders", contract: "order-placed" },
    { id: "orders-kitchen", kind: "consume", from: "orders", to: "kitchen" },
    {
      id: "kitchen-events",
      kind: "publish",
      from: "kitchen",
      to: "events",
      contract: "order-placed",
    },
    {
      id: "kitchen-cancels",
      kind: "publish",
      from: "kitchen",
      to: "events",
      contract: "order-cancelled",
      on: "failure",
      after: ["order-placed"],
    },
    {
      id: "bind-placed",
      kind: "bind",
      from: "events",
      to: "placed-queue",
      parameters: { routing_key: "order.placed" },
    },
    { id: "bind-dead", kind: "bind", from: "dead", to: "graveyard" },
    { id: "placed-billing", kind: "consume", from: "placed-queue", to: "billing" },
    { id: "kitchen-billing", kind: "call", from: "kitchen", to: "billing", contract: "charge" },
    { id: "billing-ledger", kind: "write", from: "billing", to: "ledger" },
  ],
  contracts: [
    {
      id: "order-placed",
      name: "OrderPlaced",
      contractVersion: "1.2.0",
      description: "A customer has ordered: 3 × 🍜",
      schema: {
        $schema: "http://json-schema.org/draft-07/schema#",
        $id: "https://example.com/order-placed.json",
        type: "object",
        properties: {
          items: { type: "array", items: { $ref: "#/definitions/Item" } },
          note: { $ref: "#note" },
          parent: { $ref: "#" },
          elsewhere: { $ref: "https://example.com/schema.json" },
          $ref: { type: "string", default: { $ref: "data, not a reference" } },
        },
        definitions: { Item: { type: "object" }, Note: { $anchor: "note", type: "string" } },
      },
    },
    {
      id: "order-cancelled",
      name: "Order cancelled",
      contractVersion: "1.0.0",
      schema: { type: ["object", "null"], oneOf: [{ required: ["id"] }, true], if: { minimum: 3 } },
    },
    {
      id: "charge",
      name: "Charge",
      contractVersion: "2024-01",
      schema: { $ref: "#/$defs/Charge", $defs: { Charge: { type: "object", title: "Charge!" } } },
    },
    { id: "unused", name: "Unused", contractVersion: "0", schema: {} },
    { id: "unused-too", name: "Charge.reply", contractVersion: "0", schema: {} },
  ],
  timeline: [],
  objectives: [],
  layout: {},
};

/** A scenario with so many topics, each with a producer and a service of its own. */
export function manyChannels(count: number): Scenario {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return {
    ...awkward,
    id: "many",
    title: "Many channels",
    nodes: [
      { id: "k", kind: "broker", technology: "kafka" },
      ...numbers.flatMap((number) => [
        { id: `from-${number}`, kind: "producer" } as const,
        { id: `to-${number}`, kind: "service" } as const,
      ]),
    ],
    channels: numbers.map((number) => ({ id: `topic-${number}`, broker: "k", kind: "topic" })),
    connections: numbers.flatMap((number) => [
      {
        id: `publish-${number}`,
        kind: "publish",
        from: `from-${number}`,
        to: `topic-${number}`,
        contract: `event-${number}`,
      },
      { id: `consume-${number}`, kind: "consume", from: `topic-${number}`, to: `to-${number}` },
    ]),
    contracts: numbers.map((number) => ({
      id: `event-${number}`,
      name: `Event${number}`,
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { id: { type: "string" }, at: { type: "string", format: "date-time" } },
      },
      examples: [{ payload: { id: "1" } }],
    })),
  };
}
