// Event notification beside event-carried state transfer: the same changes of products reach two consumers.
//
//   editors ─▶ catalogue ─▶ {changes} ─┬▶ [to search] ─▶ search ─(calls back)─▶ catalogue API ─(reads)─ products
//                  └ products          │                    └ search index
//                                      └▶ [to shop] ─▶ shop front
//                                                          └ shop copy
//
// Search is only told that something has changed and asks for the product; the shop front gets the product itself. At 20 s
// the API is down for 10 s: search stands still, the shop front notices nothing.

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
        product: { type: "string", pattern: "^product-[0-9]+$", examples: ["product-8"] },
      },
      required: ["product"],
      additionalProperties: false,
    },
  };
}

const versions = { versions: true } as const;

/** A notification and its call-back beside an event that carries the state. */
export const stateTransfer: Scenario = {
  format: "spillway",
  version: 1,
  id: "state-transfer",
  title: "Notification or state transfer: who calls back?",
  description:
    "Every change of a product reaches two consumers. Search is only notified and calls back for the product; the shop front gets all of it in the event. At 20 s the catalogue's API is down for 10 s. Compare both replicas in the report: search falls behind for as long, and its call-backs are all the load of the API; the shop front is as fresh as ever. Take away the crash from the timeline to see that a call-back also finds newer versions than the event told of.",
  ...parties,
  seed: 11,
  load: { duration: 60_000, sourcesStopAt: 45_000 },
  nodes: [
    {
      id: "editors",
      kind: "producer",
      name: "Editors",
      parameters: { rate: 40, keyName: "product", keyChoice: "zipf", keys: 100 },
    },
    {
      id: "catalogue",
      kind: "service",
      name: "Catalogue",
      parameters: { concurrency: 10, serviceTime: { distribution: "exponential", mean: 10 } },
    },
    { id: "products", kind: "store", name: "Products", parameters: versions },
    {
      id: "catalogue-api",
      kind: "service",
      name: "Catalogue API",
      parameters: { concurrency: 4, serviceTime: { distribution: "exponential", mean: 5 } },
    },
    { id: "rabbit", kind: "broker", technology: "rabbitmq", name: "RabbitMQ" },
    {
      id: "search",
      kind: "service",
      name: "Search",
      parameters: {
        serviceTime: { distribution: "exponential", mean: 5 },
        attempts: 100,
        backoff: 50,
        backoffMax: 200,
      },
    },
    { id: "search-index", kind: "store", name: "Search index", parameters: versions },
    {
      id: "shop-front",
      kind: "service",
      name: "Shop front",
      parameters: { serviceTime: { distribution: "exponential", mean: 5 } },
    },
    { id: "shop-copy", kind: "store", name: "Shop copy", parameters: versions },
  ],
  channels: [
    {
      id: "changes",
      broker: "rabbit",
      kind: "exchange",
      name: "changes",
      parameters: { type: "fanout" },
    },
    { id: "to-search", broker: "rabbit", kind: "queue", name: "to search" },
    { id: "to-shop", broker: "rabbit", kind: "queue", name: "to shop" },
  ],
  connections: [
    { id: "edit", kind: "call", from: "editors", to: "catalogue", contract: "edit-product" },
    {
      id: "save",
      kind: "write",
      from: "catalogue",
      to: "products",
      parameters: { change: "add", check: "atomic" },
    },
    {
      id: "tell",
      kind: "publish",
      from: "catalogue",
      to: "changes",
      contract: "product-changed",
      parameters: { size: 10_000 },
    },
    { id: "bind-search", kind: "bind", from: "changes", to: "to-search" },
    { id: "bind-shop", kind: "bind", from: "changes", to: "to-shop" },
    {
      id: "search-hears",
      kind: "consume",
      from: "to-search",
      to: "search",
      parameters: { prefetch_count: 100, on_failure: "reject" },
    },
    { id: "call-back", kind: "call", from: "search", to: "catalogue-api", contract: "get-product" },
    { id: "look-up", kind: "read", from: "catalogue-api", to: "products" },
    {
      id: "index",
      kind: "write",
      from: "search",
      to: "search-index",
      parameters: { check: "version" },
    },
    {
      id: "shop-hears",
      kind: "consume",
      from: "to-shop",
      to: "shop-front",
      parameters: { prefetch_count: 100, on_failure: "reject" },
    },
    {
      id: "copy",
      kind: "write",
      from: "shop-front",
      to: "shop-copy",
      parameters: { check: "version" },
    },
  ],
  contracts: [
    contract("edit-product", "EditProduct", "An editor changes a product."),
    contract("product-changed", "ProductChanged", "A product has a new version."),
    contract("get-product", "GetProduct", "Asks for a product as it is now."),
  ],
  timeline: [{ at: 20_000, act: "crash", target: "catalogue-api", duration: 10_000 }],
  objectives: [
    {
      id: "search-converges",
      title: "Search has every product in the end",
      of: "search-index",
      measure: "consistency.staleKeys",
      is: "at most",
      value: 0,
    },
    {
      id: "shop-fresh",
      title: "The shop front is never more than a second behind",
      of: "shop-copy",
      measure: "consistency.maxAgeMs",
      is: "at most",
      value: 1000,
    },
  ],
  layout: {
    editors: { x: 0, y: 160 },
    catalogue: { x: 304, y: 160 },
    products: { x: 304, y: 360 },
    rabbit: { x: 624, y: 120 },
    search: { x: 1040, y: 40 },
    "search-index": { x: 1360, y: 40 },
    "catalogue-api": { x: 720, y: 440 },
    "shop-front": { x: 1040, y: 280 },
    "shop-copy": { x: 1360, y: 280 },
  },
};
