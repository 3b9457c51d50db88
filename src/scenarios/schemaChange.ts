// A schema that changes while consumers still read the old one:
//
//   shop ─▶ (orders) ─▶ [billing]   ─▶ Billing     reads 1.0.0 until 60 s
//                    ─▶ [shipping]  ─▶ Shipping    reads 1.0.0
//                    ─▶ [analytics] ─▶ Analytics   reads 2.0.0 from 20 s on
//                          │ rejected after three attempts
//                          ▼
//                       (failed) ─▶ [set-aside] ─▶ Support ─▶ orders to repair
//
// Version 2 of OrderPlaced adds a currency. The registry takes it: BACKWARD asks only whether the new version reads old
// messages. It says nothing about those who still read with the old one, and 1.0.0 allows no further properties.

import type { Connection, Node, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const common = {
  orderId: { type: "string", examples: ["order-17"] },
  customerId: { type: "string" },
  total: { type: "number", minimum: 0 },
} as const;

function consumer(id: string, name: string): Node {
  return {
    id,
    kind: "service",
    name,
    parameters: {
      concurrency: 8,
      serviceTime: { distribution: "constant", value: 50 },
      attempts: 3,
      backoff: 200,
      jitter: "none",
    },
  };
}

function linesOf(consumerId: string): readonly Connection[] {
  return [
    { id: `orders-${consumerId}`, kind: "bind", from: "orders", to: `${consumerId}-queue` },
    {
      id: `${consumerId}-takes`,
      kind: "consume",
      from: `${consumerId}-queue`,
      to: consumerId,
      reads: { "order-placed": "1.0.0" },
      parameters: { prefetch_count: 1, on_failure: "reject" },
    },
  ];
}

const consumers = ["billing", "shipping", "analytics"];

/** A rollout of version 2 that the registry takes and that breaks two consumers all the same. */
export const schemaChange: Scenario = {
  format: "spillway",
  version: 1,
  id: "schema-change",
  title: "Change a schema: who can read version 2?",
  description:
    "At 30 s the shop begins to write version 2 of OrderPlaced, which adds a currency. The registry takes it, because BACKWARD promises only that new consumers read old messages. Analytics was rolled out before and goes on; Billing and Shipping still read version 1, which allows no further properties: they fail, try again, and give the orders up. Billing follows at 60 s, Shipping never does. Consumers first, producers last would have broken nobody: change the times on the timeline and compare what Billing fails.",
  ...parties,
  seed: 11,
  load: { duration: 120_000, sourcesStopAt: 90_050 },
  nodes: [
    {
      id: "shop",
      kind: "producer",
      name: "Shop",
      parameters: { arrivals: "constant", rate: 10, keyName: "order", keys: 100_000 },
    },
    { id: "rabbit", kind: "broker", technology: "rabbitmq", name: "RabbitMQ" },
    consumer("billing", "Billing"),
    consumer("shipping", "Shipping"),
    consumer("analytics", "Analytics"),
    { id: "support", kind: "service", name: "Support", parameters: { concurrency: 2 } },
    { id: "repairs", kind: "store", name: "Orders to repair" },
  ],
  channels: [
    { id: "orders", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
    ...consumers.map((id) => ({
      id: `${id}-queue`,
      broker: "rabbit",
      kind: "queue",
      name: id,
      parameters: { "x-dead-letter-exchange": "failed" },
    })),
    { id: "failed", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
    { id: "set-aside", broker: "rabbit", kind: "queue" },
  ],
  connections: [
    {
      id: "place",
      kind: "publish",
      from: "shop",
      to: "orders",
      contract: "order-placed",
      contractVersion: "1.0.0",
      parameters: { delivery_mode: "2" },
    },
    ...consumers.flatMap(linesOf),
    { id: "failed-set-aside", kind: "bind", from: "failed", to: "set-aside" },
    {
      id: "support-takes",
      kind: "consume",
      from: "set-aside",
      to: "support",
      parameters: { prefetch_count: 10, on_failure: "reject" },
    },
    { id: "repair", kind: "write", from: "support", to: "repairs" },
  ],
  contracts: [
    {
      id: "order-placed",
      name: "OrderPlaced",
      description: "A customer has ordered.",
      contractVersion: "2.0.0",
      compatibility: "BACKWARD",
      schema: {
        type: "object",
        properties: { ...common, currency: { type: "string", default: "EUR" } },
        required: ["orderId", "total", "currency"],
        additionalProperties: false,
      },
      earlier: [
        {
          contractVersion: "1.0.0",
          schema: {
            type: "object",
            properties: common,
            required: ["orderId", "total"],
            additionalProperties: false,
          },
        },
      ],
    },
  ],
  timeline: [rollOut(20_000, "analytics"), rollOut(30_000, "shop"), rollOut(60_000, "billing")],
  objectives: [
    {
      id: "analytics-reads",
      title: "Analytics reads every order",
      of: "analytics",
      measure: "failed",
      is: "at most",
      value: 0,
    },
    {
      id: "nothing-dropped",
      title: "No order is lost",
      of: "run",
      measure: "copies.dropped",
      is: "at most",
      value: 0,
    },
  ],
  layout: {
    shop: { x: 0, y: 160 },
    rabbit: { x: 304, y: 40 },
    billing: { x: 832, y: 0 },
    shipping: { x: 832, y: 144 },
    analytics: { x: 832, y: 288 },
    support: { x: 832, y: 432 },
    repairs: { x: 1136, y: 432 },
  },
};

function rollOut(at: number, target: string): Scenario["timeline"][number] {
  const contractVersion = "2.0.0";
  return { at, act: "roll out", target, contract: "order-placed", contractVersion };
}
