// The last item in stock: many buy the same few things at once, each after reading how many are left.
//
//   customers ─▶ shop ─▶ stock
//
// Between reading and writing lies the time of a payment form. With the version checked, whoever was overtaken reads again;
// without, both write what they have made of the same number, and more is sold than there is.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

/** Products, and how many there are of each. */
const products = 20;
const stockOfEach = 10;

/** A rush for the last items, which sells each of them once. */
export const lastItem: Scenario = {
  format: "spillway",
  version: 1,
  id: "last-item",
  title: "The last item in stock",
  description:
    "Twenty products, ten of each, and more buyers than that. Every sale reads the stock, takes 40 ms, and writes what is left; it rests on the version that it has read. Look at the store: all 200 are sold, none twice. Then set Check of the write to None: the stock ends at the same zero, but more was sold than was there, and the report lists every lost update.",
  ...parties,
  seed: 7,
  load: { duration: 40_000, sourcesStopAt: 30_000 },
  nodes: [
    {
      id: "customers",
      kind: "producer",
      name: "Customers",
      parameters: { rate: 40, keyName: "product", keyChoice: "uniform", keys: products },
    },
    {
      id: "shop",
      kind: "service",
      name: "Shop",
      parameters: {
        concurrency: 50,
        serviceTime: { distribution: "exponential", mean: 10 },
        attempts: 20,
        backoff: 5,
      },
    },
    {
      id: "stock",
      kind: "store",
      name: "Stock",
      parameters: { versions: true, initialValue: stockOfEach, valueMin: 0 },
    },
  ],
  channels: [],
  connections: [
    {
      id: "buy",
      kind: "call",
      from: "customers",
      to: "shop",
      contract: "buy-product",
      parameters: { timeout: 5000 },
    },
    {
      id: "sell",
      kind: "write",
      from: "shop",
      to: "stock",
      parameters: {
        change: "add",
        amount: -1,
        atLeast: 0,
        check: "version",
        duration: { distribution: "exponential", mean: 40 },
      },
    },
  ],
  contracts: [
    {
      id: "buy-product",
      name: "BuyProduct",
      description: "A customer wants one piece of a product.",
      contractVersion: "1.0.0",
      schema: {
        type: "object",
        properties: {
          product: { type: "string", pattern: "^product-[0-9]+$", examples: ["product-3"] },
        },
        required: ["product"],
        additionalProperties: false,
      },
    },
  ],
  timeline: [],
  objectives: [
    {
      id: "nothing-oversold",
      title: "Nothing is sold that is not there",
      of: "stock",
      measure: "consistency.oversold",
      is: "at most",
      value: 0,
    },
    {
      id: "all-sold",
      title: "Everything is sold",
      of: "stock",
      measure: "consistency.value",
      is: "at most",
      value: 0,
    },
  ],
  layout: { customers: { x: 0, y: 0 }, shop: { x: 320, y: 0 }, stock: { x: 640, y: 0 } },
};
