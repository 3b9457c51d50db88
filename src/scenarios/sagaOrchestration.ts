// A purchase as an orchestrated saga:
//
//   shoppers ─▶ (orders) ─▶ saga ··▶ stock, payments, parcels      commands and replies
//                            └─▶ (outcomes) ─▶ orders
//
// One service knows the whole: it sends a command for each step and waits for the reply, two messages per step. Where a
// step is refused it sends the commands that take back what was done.

import type { Connection, Node, Scenario } from "../model/scenario.ts";
import type { Handler } from "../model/handler.ts";
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

/** A command is repeated until it is answered: it may come twice, but has its effect once. */
function command(to: string, contract: string): Connection {
  return {
    id: `send-${contract}`,
    kind: "call",
    from: "saga",
    to,
    contract,
    parameters: { timeout: 500, attempts: 100, backoff: 200, growth: "fixed", jitter: "full" },
  };
}

/** A service that does and takes back one step. */
function participant(
  id: string,
  name: string,
  does: { readonly doing: string; readonly undoing?: string; readonly refusalRate?: number },
): Node {
  const { doing, undoing, refusalRate = 0 } = does;
  const save = { do: "write", over: `${id}-writes` } as const;
  const first =
    refusalRate === 0 ? ({ do: "work" } as const) : ({ do: "work", refusalRate } as const);
  const handlers: readonly Handler[] = [
    { on: [doing], steps: [first, save] },
    ...(undoing === undefined ? [] : [{ on: [undoing], steps: [{ do: "work" } as const, save] }]),
  ];
  return {
    id,
    kind: "service",
    name,
    handlers,
    parameters: { concurrency: 2, serviceTime: exponential(20), ...byOrder },
  };
}

/** The saga of the orchestrator. */
const saga: Node = {
  id: "saga",
  kind: "service",
  name: "Checkout saga",
  handlers: [
    {
      on: ["order-placed"],
      steps: [
        { do: "work" },
        { do: "call", over: "send-reserve-stock", undo: "send-release-stock" },
        { do: "call", over: "send-take-payment", undo: "send-refund-payment" },
        { do: "call", over: "send-book-parcel" },
        { do: "publish", over: "saga-order-confirmed" },
      ],
      whenRefused: [{ do: "publish", over: "saga-order-cancelled" }],
      whenFailed: [{ do: "publish", over: "saga-order-cancelled" }],
    },
  ],
  parameters: { concurrency: 6, serviceTime: exponential(5) },
};

/** A purchase that one service conducts. */
export const sagaOrchestration: Scenario = {
  format: "spillway",
  version: 1,
  id: "saga-orchestration",
  title: "Saga by orchestration: one service conducts",
  description:
    "The saga service sends a command for each step of a purchase and waits for the reply. Payments refuse one order in ten, parcels one in ten: then what was done is taken back, latest first, by commands of its own. Services crash, and still no order ends half done: commands are repeated, and each has its effect once per order. Compare the writes of the stores; remove “taken back by” from the saga’s steps to see stock that nobody releases, or switch “Idempotent” off to see it reserved twice.",
  ...parties,
  seed: 11,
  load: { duration: 90_000, sourcesStopAt: 60_000 },
  nodes: [
    shoppers,
    { id: "kafka", kind: "broker", technology: "kafka", name: "Kafka" },
    saga,
    participant("stock", "Stock", { doing: "reserve-stock", undoing: "release-stock" }),
    participant("payments", "Payments", {
      doing: "take-payment",
      undoing: "refund-payment",
      refusalRate: 0.1,
    }),
    participant("parcels", "Parcels", { doing: "book-parcel", refusalRate: 0.1 }),
    {
      id: "orders",
      kind: "service",
      name: "Orders",
      parameters: { serviceTime: exponential(5), ...byOrder },
    },
    ...stores,
  ],
  channels: [
    { id: "placed", broker: "kafka", kind: "topic", parameters: { partitions: 6 } },
    { id: "outcomes", broker: "kafka", kind: "topic" },
  ],
  connections: [
    publish("shoppers", "order-placed", "placed"),
    consume("placed", "saga"),
    command("stock", "reserve-stock"),
    command("payments", "take-payment"),
    command("parcels", "book-parcel"),
    command("payments", "refund-payment"),
    command("stock", "release-stock"),
    publish("saga", "order-confirmed", "outcomes"),
    publish("saga", "order-cancelled", "outcomes"),
    consume("outcomes", "orders"),
    ...["stock", "payments", "parcels", "orders"].map((id) => write(id)),
  ],
  contracts: [
    contractOf("OrderPlaced", "A shopper has placed an order."),
    contractOf("ReserveStock", "Sets the goods of an order aside."),
    contractOf("ReleaseStock", "Takes the reservation back."),
    contractOf("TakePayment", "Takes the money for an order."),
    contractOf("RefundPayment", "Gives the money back."),
    contractOf("BookParcel", "Books the parcel of an order."),
    contractOf("OrderConfirmed", "The order is on its way."),
    contractOf("OrderCancelled", "The order was refused, and nothing of it is left."),
  ],
  timeline: [
    { at: 12_000, act: "crash", target: "saga", duration: 1500 },
    { at: 25_000, act: "crash", target: "payments", duration: 2000 },
    { at: 38_000, act: "crash", target: "stock", duration: 1000 },
  ],
  objectives: [{ id: "nothing-waits", of: "placed", measure: "backlog", is: "at most", value: 0 }],
  layout: {
    shoppers: { x: 0, y: 200 },
    kafka: { x: 280, y: 160 },
    saga: { x: 608, y: 200 },
    stock: { x: 928, y: 0 },
    payments: { x: 928, y: 160 },
    parcels: { x: 928, y: 320 },
    orders: { x: 928, y: 480 },
    "stock-db": { x: 1232, y: 0 },
    "payments-db": { x: 1232, y: 160 },
    "parcels-db": { x: 1232, y: 320 },
    "orders-db": { x: 1232, y: 480 },
  },
};
