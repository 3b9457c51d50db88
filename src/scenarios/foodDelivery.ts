// Food delivery, twice: the same orders, one after the other over Kafka and as a chain of synchronous calls.
//
//   customers ─▶ orders ─▶ [orders] ─▶ payment ─▶ [payments] ─▶ matching ─▶ [drivers] ─▶ tracking ─▶ [rides]
//        │          └ orders db            └ payments db                        └ rides db   └──▶ notification
//        └─▶ orders (sync) ─▶ payment (sync), matching (sync), tracking (sync), notification (sync)
//
// At 30 s both payment services fail for 30 s. Event-driven, no order is lost and the backlog drains; in the
// twin, every order of these 30 s fails.

import type { Connection, Contract, Node, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

/** Orders per second, on both sides alike. */
const ordersPerS = 20;

function exponential(mean: number) {
  return { distribution: "exponential", mean } as const;
}

/** The five steps: workers, and mean service time [ms]. */
const steps = [
  { id: "orders", name: "Orders", workers: 2, serviceTime: 15 },
  { id: "payment", name: "Payment", workers: 3, serviceTime: 60 },
  { id: "matching", name: "Driver matching", workers: 3, serviceTime: 40 },
  { id: "tracking", name: "Ride tracking", workers: 2, serviceTime: 20 },
  { id: "notification", name: "Notification", workers: 2, serviceTime: 10 },
] as const;

const eventDriven: readonly Node[] = steps.map(({ id, name, workers, serviceTime }) => ({
  id,
  kind: "service",
  name,
  parameters: { concurrency: workers, serviceTime: exponential(serviceTime) },
}));

/** The twin does the same work; its first service waits for all others and so needs more workers. */
const synchronous: readonly Node[] = steps.map(({ id, name, workers, serviceTime }) => ({
  id: `${id}-sync`,
  kind: "service",
  name: `${name} (sync)`,
  parameters: {
    concurrency: id === "orders" ? 30 : workers,
    serviceTime: exponential(serviceTime),
  },
}));

const stores: readonly Node[] = [
  { id: "orders-db", kind: "store", name: "Orders DB" },
  { id: "payments-db", kind: "store", name: "Payments DB" },
  { id: "rides-db", kind: "store", name: "Rides DB" },
];

function publish(from: string, to: string, contract: string): Connection {
  return { id: `${from}-publishes`, kind: "publish", from, to, contract };
}

/** Static members that commit after every ten records: a short outage costs no rebalance and few repeats. */
function consume(from: string, to: string): Connection {
  return {
    id: `${from}-to-${to}`,
    kind: "consume",
    from,
    to,
    parameters: { "group.instance.id": true, "max.poll.records": 10 },
  };
}

function write(from: string, to: string): Connection {
  return { id: `${from}-writes`, kind: "write", from, to };
}

function call(from: string, to: string, contract: string): Connection {
  return {
    id: `${from}-calls-${to}`,
    kind: "call",
    from,
    to,
    contract,
    parameters: { timeout: 3000 },
  };
}

const connections: readonly Connection[] = [
  call("customers", "orders", "place-order"),
  write("orders", "orders-db"),
  publish("orders", "orders-topic", "order-placed"),
  consume("orders-topic", "payment"),
  write("payment", "payments-db"),
  publish("payment", "payments-topic", "payment-confirmed"),
  consume("payments-topic", "matching"),
  publish("matching", "drivers-topic", "driver-assigned"),
  consume("drivers-topic", "tracking"),
  write("tracking", "rides-db"),
  publish("tracking", "rides-topic", "ride-started"),
  consume("rides-topic", "notification"),
  call("customers", "orders-sync", "place-order"),
  call("orders-sync", "payment-sync", "charge-card"),
  call("orders-sync", "matching-sync", "find-driver"),
  call("orders-sync", "tracking-sync", "start-ride"),
  call("orders-sync", "notification-sync", "notify-customer"),
];

const text = { type: "string" } as const;
const orderId = { type: "string", pattern: "^order-[0-9]+$", examples: ["order-17"] } as const;
const amount = {
  type: "number",
  minimum: 0,
  description: "In the currency's main unit.",
} as const;

function contract(
  id: string,
  name: string,
  description: string,
  properties: Readonly<Record<string, object>>,
): Contract {
  return {
    id,
    name,
    description,
    contractVersion: "1.0.0",
    schema: {
      type: "object",
      properties: { orderId, ...properties },
      required: ["orderId", ...Object.keys(properties)],
      additionalProperties: false,
    },
  };
}

const contracts: readonly Contract[] = [
  contract("place-order", "PlaceOrder", "A customer orders a meal.", {
    restaurant: text,
    total: amount,
  }),
  contract("order-placed", "OrderPlaced", "An order was accepted and stored.", {
    restaurant: text,
    total: amount,
  }),
  contract("payment-confirmed", "PaymentConfirmed", "The card of the customer was charged.", {
    amount,
    reference: text,
  }),
  contract("driver-assigned", "DriverAssigned", "A driver has taken the order.", {
    driver: text,
    etaMinutes: { type: "integer", minimum: 0 },
  }),
  contract("ride-started", "RideStarted", "The meal is on its way.", { driver: text }),
  contract("charge-card", "ChargeCard", "Charges the customer's card.", { amount }),
  contract("find-driver", "FindDriver", "Finds a driver nearby.", { restaurant: text }),
  contract("start-ride", "StartRide", "Begins to follow a ride.", { driver: text }),
  contract("notify-customer", "NotifyCustomer", "Tells the customer what has happened.", {
    text,
  }),
];

function topic(id: string, name: string) {
  return {
    id,
    broker: "kafka",
    kind: "topic",
    name,
    parameters: { partitions: 6, "replication.factor": 3, "min.insync.replicas": 2 },
  };
}

/** Food delivery over events, and its synchronous twin. */
export const foodDelivery: Scenario = {
  format: "spillway",
  version: 1,
  id: "food-delivery",
  title: "Food delivery: events and their synchronous twin",
  description:
    "The same orders take two ways: over Kafka, and as a chain of synchronous calls. At 30 s both payment services fail for 30 s. Watch which orders survive; take the crashes off the timeline to see both sides agree.",
  ...parties,
  seed: 42,
  load: { duration: 120_000, sourcesStopAt: 100_000 },
  nodes: [
    {
      id: "customers",
      kind: "producer",
      name: "Customers",
      parameters: { rate: ordersPerS, keyName: "order", keys: 100_000 },
    },
    {
      id: "kafka",
      kind: "broker",
      technology: "kafka",
      name: "Kafka",
      parameters: {},
    },
    ...eventDriven,
    ...stores,
    ...synchronous,
  ],
  channels: [
    topic("orders-topic", "orders"),
    topic("payments-topic", "payments"),
    topic("drivers-topic", "drivers"),
    topic("rides-topic", "rides"),
  ],
  connections,
  contracts,
  timeline: [
    { at: 30_000, act: "crash", target: "payment", duration: 30_000 },
    { at: 30_000, act: "crash", target: "payment-sync", duration: 30_000 },
  ],
  objectives: [
    {
      id: "no-order-lost",
      title: "Event-driven: no accepted order fails",
      of: "customers-calls-orders",
      measure: "failed",
      is: "at most",
      value: 0,
    },
    {
      id: "payments-drain",
      title: "Event-driven: the backlog of payments drains",
      of: "orders-topic",
      measure: "backlog",
      is: "at most",
      value: 0,
    },
  ],
  layout: {
    customers: { x: 0, y: 384 },
    orders: { x: 304, y: 96 },
    "orders-db": { x: 304, y: 280 },
    kafka: { x: 624, y: 96 },
    payment: { x: 976, y: 0 },
    "payments-db": { x: 1296, y: 0 },
    matching: { x: 976, y: 136 },
    tracking: { x: 976, y: 272 },
    "rides-db": { x: 1296, y: 272 },
    notification: { x: 976, y: 408 },
    "orders-sync": { x: 304, y: 640 },
    "payment-sync": { x: 640, y: 544 },
    "matching-sync": { x: 976, y: 592 },
    "tracking-sync": { x: 976, y: 704 },
    "notification-sync": { x: 640, y: 768 },
  },
};
