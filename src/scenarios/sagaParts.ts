// What the two sagas of the same purchase have in common: contracts, stores, and the places on the canvas. Stock is reserved
// (T1), money taken (T2), a parcel booked (T3); where a step is refused, what was done is taken back, latest first.

import type { Connection, Contract, Node } from "../model/scenario.ts";

/** Orders per second. */
export const ordersPerS = 10;

/** A constant or drawn time [ms]. */
export function exponential(mean: number) {
  return { distribution: "exponential", mean } as const;
}

/** A contract about one order. */
export function contractOf(name: string, description: string): Contract {
  return {
    id: name.replaceAll(/(?<=[a-z])([A-Z])/gu, "-$1").toLowerCase(),
    name,
    description,
    contractVersion: "1.0.0",
    key: "/orderId",
    schema: {
      type: "object",
      properties: {
        orderId: { type: "string", examples: ["order-17"] },
        total: { type: "number", minimum: 0 },
      },
      required: ["orderId"],
      additionalProperties: false,
    },
  };
}

/** The shoppers: every order has a key of its own. */
export const shoppers: Node = {
  id: "shoppers",
  kind: "producer",
  name: "Shoppers",
  parameters: { rate: ordersPerS, keyName: "order", keys: 100_000, keyChoice: "sequential" },
};

/** The stores of the services that take part. */
export const stores: readonly Node[] = [
  { id: "stock-db", kind: "store", name: "Stock DB" },
  { id: "payments-db", kind: "store", name: "Payments DB" },
  { id: "parcels-db", kind: "store", name: "Parcels DB" },
  { id: "orders-db", kind: "store", name: "Orders DB" },
];

/** What makes a service safe against repeats: the same order is dealt with once, whoever asks again. */
export const byOrder = { idempotent: true, idempotencyBy: "key" } as const;

/** A service writes into its store. */
export function write(from: string): Connection {
  return { id: `${from}-writes`, kind: "write", from, to: `${from}-db` };
}

/** A service takes all events of the topic, with a place of its own that a short crash does not cost it. */
export function consume(from: string, to: string): Connection {
  return {
    id: `${from}-to-${to}`,
    kind: "consume",
    from,
    to,
    parameters: { "group.instance.id": true, "max.poll.records": 10 },
  };
}

/** A service or producer publishes into a topic, and waits for all replicas. */
export function publish(from: string, contract: string, to: string): Connection {
  return { id: `${from}-${contract}`, kind: "publish", from, to, contract };
}
