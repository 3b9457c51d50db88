// The same purchase as a choreographed saga:
//
//   shoppers ─▶ (order events) ◀─▶ stock, payments, parcels, orders
//
// Nobody knows the whole: each service reacts to the events of the others, forwards and back, one event per step. Each
// announces before it notes the order as dealt with, so that a crash between the two repeats the event instead of losing it.

import type { Node, Scenario } from "../model/scenario.ts";
import type { Handler, HandlerStep } from "../model/handler.ts";
import { parties } from "./parties.ts";
import {
  byOrder,
  consume,
  contractOf,
  exponential,
  publish,
  shoppers,
  stores,
  write,
} from "./sagaParts.ts";

/** A service of the saga. */
function participant(id: string, name: string, handlers: readonly Handler[]): Node {
  return {
    id,
    kind: "service",
    name,
    handlers,
    parameters: { concurrency: 2, serviceTime: exponential(20), attempts: 5, ...byOrder },
  };
}

/** After an event: work, tell what was done, and write it with the note that it was dealt with. */
function reaction(
  service: string,
  on: string,
  { tells, refusal }: { readonly tells?: string; readonly refusal?: string },
): Handler {
  const tell = (event: string): HandlerStep => ({ do: "publish", over: `${service}-${event}` });
  const refuses = refusal === undefined ? {} : { refusalRate: 0.1 };
  return {
    on: [on],
    steps: [
      { do: "work", ...refuses },
      ...(tells === undefined ? [] : [tell(tells)]),
      { do: "write", over: `${service}-writes` },
    ],
    ...(refusal === undefined ? {} : { whenRefused: [tell(refusal)] }),
    timeout: 5000,
  };
}

const topic = "order-events";

const told: readonly (readonly [string, string])[] = [
  ["stock", "stock-reserved"],
  ["stock", "order-cancelled"],
  ["payments", "payment-taken"],
  ["payments", "payment-declined"],
  ["payments", "payment-refunded"],
  ["parcels", "order-shipped"],
  ["parcels", "parcel-declined"],
];

/** A purchase in which every service reacts to the others. */
export const sagaChoreography: Scenario = {
  format: "spillway",
  version: 1,
  id: "saga-choreography",
  title: "Saga by choreography: everybody reacts to events",
  description:
    "Stock, payments and parcels react to each other’s events; nobody conducts. When parcels refuse an order, that event makes payments refund it, and the refund makes stock release it: five events for what an orchestrator needs ten messages. Services crash, and still no order ends half done: events are delivered again, and each has its effect once per order. Compare the writes of the stores; switch “Idempotent” of the services off to see effects twice.",
  ...parties,
  seed: 12,
  load: { duration: 90_000, sourcesStopAt: 60_000 },
  nodes: [
    shoppers,
    { id: "kafka", kind: "broker", technology: "kafka", name: "Kafka" },
    participant("stock", "Stock", [
      reaction("stock", "order-placed", { tells: "stock-reserved" }),
      reaction("stock", "payment-declined", { tells: "order-cancelled" }),
      reaction("stock", "payment-refunded", { tells: "order-cancelled" }),
    ]),
    participant("payments", "Payments", [
      reaction("payments", "stock-reserved", {
        tells: "payment-taken",
        refusal: "payment-declined",
      }),
      reaction("payments", "parcel-declined", { tells: "payment-refunded" }),
    ]),
    participant("parcels", "Parcels", [
      reaction("parcels", "payment-taken", { tells: "order-shipped", refusal: "parcel-declined" }),
    ]),
    participant("orders", "Orders", [
      reaction("orders", "order-shipped", {}),
      reaction("orders", "order-cancelled", {}),
    ]),
    ...stores,
  ],
  channels: [{ id: topic, broker: "kafka", kind: "topic", parameters: { partitions: 6 } }],
  connections: [
    publish("shoppers", "order-placed", topic),
    ...["stock", "payments", "parcels", "orders"].map((id) => consume(topic, id)),
    ...told.map(([from, contract]) => publish(from, contract, topic)),
    ...["stock", "payments", "parcels", "orders"].map((id) => write(id)),
  ],
  contracts: [
    contractOf("OrderPlaced", "A shopper has placed an order."),
    contractOf("StockReserved", "The goods of an order are set aside."),
    contractOf("PaymentTaken", "The money for an order is there."),
    contractOf("PaymentDeclined", "The money for an order could not be taken."),
    contractOf("PaymentRefunded", "The money was given back."),
    contractOf("OrderShipped", "The parcel of an order is on its way."),
    contractOf("ParcelDeclined", "Nobody delivers there."),
    contractOf("OrderCancelled", "The order was refused, and nothing of it is left."),
  ],
  timeline: [
    { at: 12_000, act: "crash", target: "stock", duration: 1500 },
    { at: 25_000, act: "crash", target: "payments", duration: 2000 },
    { at: 38_000, act: "crash", target: "parcels", duration: 1000 },
  ],
  objectives: [{ id: "nothing-waits", of: topic, measure: "backlog", is: "at most", value: 0 }],
  layout: {
    shoppers: { x: 0, y: 240 },
    kafka: { x: 304, y: 240 },
    stock: { x: 640, y: 0 },
    payments: { x: 640, y: 160 },
    parcels: { x: 640, y: 320 },
    orders: { x: 640, y: 480 },
    "stock-db": { x: 960, y: 0 },
    "payments-db": { x: 960, y: 160 },
    "parcels-db": { x: 960, y: 320 },
    "orders-db": { x: 960, y: 480 },
  },
};
