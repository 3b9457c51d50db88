// Poison messages and their redrive: a release cannot deal with one order in ten, and they end as dead letters. The release is
// mended, and the dead letters go back to where they came from.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

/** What a bad release put aside comes back when it is mended. */
export const redrive: Scenario = {
  format: "spillway",
  version: 1,
  id: "redrive",
  title: "Poison messages, dead letters and redrive",
  description:
    "At 10 s a release goes out that fails on one order in ten, at every attempt. SQS delivers each of them three times and then moves it to the dead-letter queue, so that the others are not held up. At 60 s the release is mended, and at 70 s the dead letters are redriven at five a second. Select the queue of failed orders to see how many lie there, or to redrive them by hand; take the redrive off the timeline and they stay. Redriven orders come late and out of order: their consumer has to be idempotent.",
  ...parties,
  seed: 17,
  load: { duration: 140_000, sourcesStopAt: 60_000 },
  nodes: [
    {
      id: "customers",
      kind: "producer",
      name: "Customers",
      parameters: { rate: 20, keyName: "order", keys: 1_000_000 },
    },
    { id: "sqs", kind: "broker", technology: "sqs", name: "SQS" },
    {
      id: "fulfilment",
      kind: "service",
      name: "Fulfilment",
      parameters: { concurrency: 4, serviceTime: { distribution: "exponential", mean: 50 } },
    },
    { id: "shipments", kind: "store", name: "Shipments" },
  ],
  channels: [
    {
      id: "orders",
      broker: "sqs",
      kind: "queue",
      parameters: {
        VisibilityTimeout: 2000,
        deadLetterTargetArn: "failed-orders",
        maxReceiveCount: 3,
      },
    },
    {
      id: "failed-orders",
      broker: "sqs",
      kind: "queue",
      parameters: { MessageRetentionPeriod: 14 * 86_400_000 },
    },
  ],
  connections: [
    { id: "place", kind: "publish", from: "customers", to: "orders", contract: "order-placed" },
    {
      id: "take",
      kind: "consume",
      from: "orders",
      to: "fulfilment",
      parameters: { WaitTimeSeconds: 20_000 },
    },
    { id: "ship", kind: "write", from: "fulfilment", to: "shipments" },
  ],
  contracts: [
    {
      id: "order-placed",
      name: "OrderPlaced",
      description: "A customer has placed an order.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { orderId: { type: "string", examples: ["order-17"] } },
        required: ["orderId"],
        additionalProperties: false,
      },
    },
  ],
  timeline: [
    { at: 10_000, act: "set", target: "fulfilment", parameter: "poison", value: 0.1 },
    { at: 60_000, act: "set", target: "fulfilment", parameter: "poison", value: 0 },
    { at: 70_000, act: "redrive", target: "failed-orders", rate: 5 },
  ],
  objectives: [],
  layout: {
    customers: { x: 0, y: 96 },
    sqs: { x: 304, y: 40 },
    fulfilment: { x: 832, y: 96 },
    shipments: { x: 1136, y: 96 },
  },
};
