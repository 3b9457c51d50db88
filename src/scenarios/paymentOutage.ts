// A shop whose payment service is down for 20 s, event-driven. Its synchronous twin is derived from it by a command:
//
//   customers ─▶ checkout ─▶ (orders) ─▶ [to-pay] ─▶ payment ─▶ (payments) ─▶ [to-mail] ─▶ mail
//                   └ orders db                         └ payments db
//
// Event-driven, orders are taken all the time and paid later; in the twin every order of these 20 s fails.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const text = { type: "string" } as const;

/** An outage of payment that no customer notices. */
export const paymentOutage: Scenario = {
  format: "spillway",
  version: 1,
  id: "payment-outage",
  title: "Payment outage: synchronous versus event-driven",
  description:
    "At 20 s payment fails for 20 s. Watch the queue in front of it grow and drain, while customers still get their answers. Then press Shift+T to see the same shop with calls instead of events: the orders of the outage fail. Take the crash off the timeline and compare again: without it neither side loses anything, and calls are done sooner.",
  ...parties,
  seed: 11,
  load: { duration: 90_000, sourcesStopAt: 70_000 },
  nodes: [
    {
      id: "customers",
      kind: "producer",
      name: "Customers",
      parameters: { rate: 15, keyName: "order", keys: 100_000 },
    },
    {
      id: "checkout",
      kind: "service",
      name: "Checkout",
      parameters: { concurrency: 2, serviceTime: { distribution: "exponential", mean: 20 } },
    },
    { id: "orders-db", kind: "store", name: "Orders DB" },
    { id: "rabbit", kind: "broker", technology: "rabbitmq", name: "RabbitMQ" },
    {
      id: "payment",
      kind: "service",
      name: "Payment",
      parameters: {
        concurrency: 3,
        serviceTime: { distribution: "lognormal", mean: 80, sd: 40 },
        idempotent: true,
      },
    },
    { id: "payments-db", kind: "store", name: "Payments DB" },
    {
      id: "mail",
      kind: "service",
      name: "Mail",
      parameters: { serviceTime: { distribution: "exponential", mean: 15 } },
    },
  ],
  channels: [
    { id: "orders", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
    { id: "to-pay", broker: "rabbit", kind: "queue", parameters: { "x-queue-type": "quorum" } },
    { id: "payments", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
    { id: "to-mail", broker: "rabbit", kind: "queue", parameters: { "x-queue-type": "quorum" } },
  ],
  connections: [
    { id: "order", kind: "call", from: "customers", to: "checkout", contract: "place-order" },
    { id: "keep-order", kind: "write", from: "checkout", to: "orders-db" },
    {
      id: "announce-order",
      kind: "publish",
      from: "checkout",
      to: "orders",
      contract: "order-placed",
    },
    { id: "orders-to-pay", kind: "bind", from: "orders", to: "to-pay" },
    {
      id: "take-payment",
      kind: "consume",
      from: "to-pay",
      to: "payment",
      parameters: { prefetch_count: 2 },
    },
    { id: "keep-payment", kind: "write", from: "payment", to: "payments-db" },
    {
      id: "announce-payment",
      kind: "publish",
      from: "payment",
      to: "payments",
      contract: "payment-taken",
    },
    { id: "payments-to-mail", kind: "bind", from: "payments", to: "to-mail" },
    {
      id: "send-mail",
      kind: "consume",
      from: "to-mail",
      to: "mail",
      parameters: { prefetch_count: 5 },
    },
  ],
  contracts: [
    {
      id: "place-order",
      name: "PlaceOrder",
      description: "A customer sends off the basket.",
      contractVersion: "1.0.0",
      schema: { type: "object", properties: { orderId: text }, required: ["orderId"] },
    },
    {
      id: "order-placed",
      name: "OrderPlaced",
      description: "An order has been taken and stored.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { orderId: text, total: { type: "number", minimum: 0 } },
        required: ["orderId", "total"],
      },
    },
    {
      id: "payment-taken",
      name: "PaymentTaken",
      description: "The card of the customer was charged.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { orderId: text, reference: text },
        required: ["orderId", "reference"],
      },
    },
  ],
  timeline: [{ at: 20_000, act: "crash", target: "payment", duration: 20_000 }],
  objectives: [
    {
      id: "every-order-taken",
      title: "Every order is taken",
      of: "order",
      measure: "failed",
      is: "at most",
      value: 0,
    },
    {
      id: "all-paid",
      title: "Every order is paid in the end",
      of: "to-pay",
      measure: "backlog",
      is: "at most",
      value: 0,
    },
  ],
  layout: {
    customers: { x: 0, y: 96 },
    checkout: { x: 288, y: 96 },
    "orders-db": { x: 288, y: 248 },
    rabbit: { x: 592, y: 40 },
    payment: { x: 1104, y: 40 },
    "payments-db": { x: 1408, y: 40 },
    mail: { x: 1104, y: 216 },
  },
};
