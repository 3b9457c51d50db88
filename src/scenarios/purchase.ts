// An e-commerce purchase: the checkout reserves stock, asks a bank, books the order and tells everybody.
//
//   shoppers ··▶ checkout ··▶ stock ─▶ stock db          reserve, and release when the card is declined
//                   │ └····▶ bank
//                   ├─▶ orders db
//                   └─▶ (orders) ─▶ shipping ─▶ parcels db, mail, analytics
//
// One card in eight is declined. Because the checkout takes its reservation back, nothing stays reserved for nobody.

import type { Connection, Contract, Node, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";
import { consume, contractOf, exponential, shoppers } from "./sagaParts.ts";

function call(to: string, contract: string): Connection {
  const parameters = { timeout: 1000, attempts: 3, jitter: "full" };
  return { id: `send-${contract}`, kind: "call", from: "checkout", to, contract, parameters };
}

function service(id: string, name: string, workers: number, serviceTime: number): Node {
  const parameters = { concurrency: workers, serviceTime: exponential(serviceTime) };
  return { id, kind: "service", name, parameters };
}

const checkout: Node = {
  id: "checkout",
  kind: "service",
  name: "Checkout",
  handlers: [
    {
      on: ["place-order"],
      steps: [
        { do: "work" },
        { do: "read", over: "prices" },
        { do: "call", over: "send-reserve-stock", undo: "send-release-stock" },
        { do: "call", over: "send-charge-card" },
        { do: "write", over: "book-order" },
        { do: "publish", over: "announce-order" },
      ],
      whenRefused: [{ do: "publish", over: "announce-refusal" }],
    },
  ],
  parameters: { concurrency: 20, serviceTime: exponential(10) },
};

const bank: Node = {
  id: "bank",
  kind: "service",
  name: "Bank",
  handlers: [
    {
      on: ["charge-card"],
      steps: [
        { do: "work", time: { distribution: "lognormal", mean: 150, sd: 80 }, refusalRate: 0.125 },
      ],
    },
  ],
  parameters: { concurrency: 20 },
};

const contracts: readonly Contract[] = [
  contractOf("PlaceOrder", "A shopper presses “buy”."),
  contractOf("ReserveStock", "Sets the goods of an order aside."),
  contractOf("ReleaseStock", "Takes the reservation back."),
  contractOf("ChargeCard", "Takes the money for an order."),
  contractOf("OrderPlaced", "An order is paid and booked."),
  contractOf("OrderRefused", "The card of a shopper was declined."),
];

/** A shop's checkout, from the click to the parcel. */
export const purchase: Scenario = {
  format: "spillway",
  version: 1,
  id: "purchase",
  title: "E-commerce purchase: nothing reserved for nobody",
  description:
    "The checkout reads prices, reserves stock, charges the card, books the order and tells shipping, mail and analytics. One card in eight is declined: then the reservation is taken back before the shopper is told. Compare the calls that reserve and release; remove “taken back by” from the checkout’s first call to see stock that stays reserved for nobody.",
  ...parties,
  seed: 5,
  load: { duration: 120_000, sourcesStopAt: 100_000 },
  nodes: [
    shoppers,
    checkout,
    service("stock", "Stock", 4, 15),
    bank,
    { id: "kafka", kind: "broker", technology: "kafka", name: "Kafka" },
    service("shipping", "Shipping", 2, 60),
    service("mail", "Mail", 1, 30),
    service("analytics", "Analytics", 1, 5),
    { id: "stock-db", kind: "store", name: "Stock DB" },
    { id: "orders-db", kind: "store", name: "Orders DB" },
    { id: "parcels-db", kind: "store", name: "Parcels DB" },
  ],
  channels: [{ id: "orders", broker: "kafka", kind: "topic", parameters: { partitions: 6 } }],
  connections: [
    {
      id: "buy",
      kind: "call",
      from: "shoppers",
      to: "checkout",
      contract: "place-order",
      parameters: { timeout: 5000 },
    },
    { id: "prices", kind: "read", from: "checkout", to: "stock-db" },
    call("stock", "reserve-stock"),
    call("stock", "release-stock"),
    call("bank", "charge-card"),
    { id: "book-order", kind: "write", from: "checkout", to: "orders-db" },
    {
      id: "announce-order",
      kind: "publish",
      from: "checkout",
      to: "orders",
      contract: "order-placed",
    },
    {
      id: "announce-refusal",
      kind: "publish",
      from: "checkout",
      to: "orders",
      contract: "order-refused",
    },
    { id: "stock-writes", kind: "write", from: "stock", to: "stock-db" },
    ...["shipping", "mail", "analytics"].map((id) => consume("orders", id)),
    {
      id: "parcels",
      kind: "write",
      from: "shipping",
      to: "parcels-db",
      after: ["order-placed"],
    },
  ],
  contracts,
  timeline: [],
  objectives: [
    { id: "fast", title: "Quick", of: "buy", measure: "latency.p95", is: "at most", value: 600 },
  ],
  layout: {
    shoppers: { x: 0, y: 160 },
    checkout: { x: 304, y: 160 },
    stock: { x: 640, y: 0 },
    bank: { x: 640, y: 160 },
    kafka: { x: 640, y: 320 },
    "stock-db": { x: 960, y: 0 },
    "orders-db": { x: 960, y: 120 },
    shipping: { x: 960, y: 260 },
    mail: { x: 960, y: 400 },
    analytics: { x: 960, y: 540 },
    "parcels-db": { x: 1264, y: 260 },
  },
};
