// A bank that stops answering, and a shop that needs it for one of two things:
//
//   customers ── pay, browse ──▶ shop ── after pay ──▶ bank (somebody else's; out for 20 s)
//
// While the bank is silent, each payment holds a worker of the shop until its timeout. The circuit breaker lets go of it.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

/** An outage of an external API, and the breaker that keeps it out of everything else. */
export const externalOutage: Scenario = {
  format: "spillway",
  version: 1,
  id: "external-outage",
  title: "An external API falls silent: circuit breaker",
  description:
    "A shop needs a bank for payments, not for browsing. After 20 s the bank stops answering for 20 s. Watch payments fail at once while browsing goes on. Then switch off the circuit breaker on the call of the bank: payments that wait in vain hold all workers, and browsing fails with them.",
  ...parties,
  seed: 5,
  load: { duration: 58_000, sourcesStopAt: 54_000 },
  nodes: [
    {
      id: "customers",
      kind: "producer",
      name: "Customers",
      parameters: { rate: 40, keys: 1000, keyName: "customer" },
    },
    {
      id: "shop",
      kind: "service",
      name: "Shop",
      parameters: {
        concurrency: 20,
        serviceTime: { distribution: "exponential", mean: 10 },
        mailbox: 50,
      },
    },
    {
      id: "bank",
      kind: "external",
      name: "Bank",
      parameters: {
        responseTime: { distribution: "lognormal", mean: 100, sd: 50 },
        outages: true,
        betweenOutages: { distribution: "constant", value: 20_000 },
        repair: { distribution: "constant", value: 20_000 },
        whileOut: "silent",
      },
    },
  ],
  channels: [],
  connections: [
    {
      id: "browse",
      kind: "call",
      from: "customers",
      to: "shop",
      contract: "browse-shop",
      parameters: { timeout: 3000 },
    },
    {
      id: "pay",
      kind: "call",
      from: "customers",
      to: "shop",
      contract: "pay-order",
      parameters: { timeout: 3000 },
    },
    {
      id: "charge",
      kind: "call",
      from: "shop",
      to: "bank",
      contract: "charge-card",
      after: ["pay-order"],
      parameters: {
        timeout: 2000,
        circuitBreaker: true,
        slidingWindowSize: 20,
        minimumNumberOfCalls: 10,
        waitDurationInOpenState: 5000,
        permittedNumberOfCallsInHalfOpenState: 2,
      },
    },
  ],
  contracts: [
    {
      id: "browse-shop",
      name: "BrowseShop",
      description: "A customer looks at the shop.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { page: { type: "integer", minimum: 1, examples: [1] } },
        required: ["page"],
        additionalProperties: false,
      },
    },
    {
      id: "pay-order",
      name: "PayOrder",
      description: "A customer pays for an order.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { orderId: { type: "string", examples: ["order-17"] } },
        required: ["orderId"],
        additionalProperties: false,
      },
    },
    {
      id: "charge-card",
      name: "ChargeCard",
      description: "The shop charges a card.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: { cents: { type: "integer", minimum: 1, examples: [1999] } },
        required: ["cents"],
        additionalProperties: false,
      },
    },
  ],
  timeline: [],
  objectives: [
    {
      id: "browsing-goes-on",
      title: "Browsing goes on",
      of: "browse",
      measure: "failed",
      is: "at most",
      value: 50,
    },
  ],
  layout: {
    customers: { x: 0, y: 0 },
    shop: { x: 304, y: 0 },
    bank: { x: 608, y: 0 },
  },
};
