// CQRS: orders are written in one store and read from another, which a projection feeds from its events.
//
//   customers ─▶ shop ─┬─▶ orders ─▶ order log (events) ─▶ projector ─▶ read model
//                      └─▶ queries ─────────────────────────────────────────┘
//
// Who has ordered looks at once whether the order is there. The reader hands over the version that its own order has made,
// and waits until the read model has come to it; where it does not wait, many do not see what they have just written.

import type { Contract, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const exponential = (mean: number) => ({ distribution: "exponential", mean }) as const;

function contract(id: string, name: string, description: string): Contract {
  return {
    id,
    name,
    description,
    contractVersion: "1.0.0",
    schema: {
      type: "object",
      properties: {
        cart: { type: "string", pattern: "^cart-[0-9]+$", examples: ["cart-4"] },
      },
      required: ["cart"],
      additionalProperties: false,
    },
  };
}

/** Orders are written here and read there, and everybody sees his own. */
export const readModel: Scenario = {
  format: "spillway",
  version: 1,
  id: "read-model",
  title: "CQRS read model: seeing one's own writes",
  description:
    "Each customer orders, and then looks at the cart in a read model that lags behind by some 30 ms. Queries waits until the read model has come to the version that this customer has written: look at Reads that wait for own writes in the report. At 30 s the projector is down for two seconds; who has waited for one second takes the older answer. Then switch off Wait for own writes of the line from Queries to the read model: answers are quicker, and a good part of the customers do not find their own order.",
  ...parties,
  seed: 9,
  load: { duration: 70_000, sourcesStopAt: 60_000 },
  nodes: [
    {
      id: "customers",
      kind: "producer",
      name: "Customers",
      parameters: { rate: 20, keyName: "cart", keyChoice: "uniform", keys: 200 },
    },
    {
      id: "shop",
      kind: "service",
      name: "Shop",
      parameters: { concurrency: 100, serviceTime: exponential(2) },
    },
    {
      id: "orders",
      kind: "service",
      name: "Orders",
      parameters: { concurrency: 10, serviceTime: exponential(5) },
    },
    {
      id: "order-log",
      kind: "store",
      name: "Order log",
      parameters: { versions: true, keeps: "events", snapshotEvery: 20 },
    },
    {
      id: "projector",
      kind: "service",
      name: "Projector",
      parameters: { concurrency: 4, serviceTime: exponential(15) },
    },
    { id: "carts", kind: "store", name: "Read model", parameters: { versions: true } },
    {
      id: "queries",
      kind: "service",
      name: "Queries",
      parameters: { concurrency: 100, serviceTime: exponential(2) },
    },
  ],
  channels: [],
  connections: [
    {
      id: "order",
      kind: "call",
      from: "customers",
      to: "shop",
      contract: "order-item",
      parameters: { timeout: 5000 },
    },
    { id: "place", kind: "call", from: "shop", to: "orders", contract: "add-to-cart" },
    {
      id: "look",
      kind: "call",
      from: "shop",
      to: "queries",
      contract: "show-cart",
      parameters: { timeout: 3000 },
    },
    {
      id: "append",
      kind: "write",
      from: "orders",
      to: "order-log",
      parameters: { change: "add", amount: 1, check: "atomic" },
    },
    {
      id: "follow",
      kind: "call",
      from: "order-log",
      to: "projector",
      contract: "item-added",
      parameters: { parallel: 4, pause: 200 },
    },
    {
      id: "project",
      kind: "write",
      from: "projector",
      to: "carts",
      parameters: { check: "version" },
    },
    {
      id: "read",
      kind: "read",
      from: "queries",
      to: "carts",
      parameters: { waits: true },
    },
  ],
  contracts: [
    contract("order-item", "OrderItem", "A customer wants something, and then to see the cart."),
    contract("add-to-cart", "AddToCart", "Something is put into a cart."),
    contract("item-added", "ItemAdded", "Something was put into a cart."),
    contract("show-cart", "ShowCart", "What is in a cart?"),
  ],
  timeline: [{ at: 30_000, act: "crash", target: "projector", duration: 2000 }],
  objectives: [
    {
      id: "own-writes",
      title: "Nearly everybody sees his own order",
      of: "carts",
      measure: "consistency.readYourWrites",
      is: "at most",
      value: 40,
    },
  ],
  layout: {
    customers: { x: 0, y: 112 },
    shop: { x: 304, y: 112 },
    orders: { x: 608, y: 0 },
    "order-log": { x: 912, y: 0 },
    projector: { x: 1216, y: 0 },
    queries: { x: 608, y: 224 },
    carts: { x: 1216, y: 224 },
  },
};
