// A burst that throttles:
//
//   shops ─▶ [orders] ─▶ invoices (function, 5 at once)
//               │ received too often
//               ▼
//           [orders-dlq]
//
// The function may run five times at once. Whoever polls more than that gets 429, and every such receive counts.

import type { Scenario } from "../model/scenario.ts";
import { deadLetters, eventOf, functionNode, serverless } from "./functionParts.ts";

/** A queue before a function with little concurrency, held back by MaximumConcurrency. */
export const throttledBurst: Scenario = {
  ...serverless,
  id: "throttled-burst",
  title: "A burst against reserved concurrency",
  description:
    "1,500 orders come at once; the function may run five times at the same time. MaximumConcurrency lets Lambda poll no more than it may run. Take it off: invocations are throttled, throttled messages count as received, and orders end in the dead-letter queue although the code never saw them.",
  seed: 12,
  load: { duration: 600_000, sourcesStopAt: 15_000 },
  nodes: [
    {
      id: "shops",
      kind: "producer",
      name: "Shops",
      parameters: {
        rate: 0.1,
        arrivals: "constant",
        batch: { distribution: "constant", value: 1500 },
        keyName: "order",
        keys: 100_000,
      },
    },
    { id: "sqs", kind: "broker", technology: "sqs", name: "SQS" },
    functionNode("invoices", "Invoices", 500, {
      ReservedConcurrentExecutions: 5,
      Timeout: 10_000,
    }),
  ],
  channels: [
    {
      id: "orders",
      broker: "sqs",
      kind: "queue",
      parameters: {
        VisibilityTimeout: 60_000,
        deadLetterTargetArn: "orders-dlq",
        maxReceiveCount: 3,
      },
    },
    deadLetters("orders-dlq"),
  ],
  connections: [
    { id: "order", kind: "publish", from: "shops", to: "orders", contract: "order-placed" },
    {
      id: "trigger",
      kind: "consume",
      from: "orders",
      to: "invoices",
      parameters: { MaximumConcurrency: 5 },
    },
  ],
  contracts: [eventOf("order-placed", "OrderPlaced", "orderId")],
  layout: { shops: { x: 0, y: 40 }, sqs: { x: 280, y: 0 }, invoices: { x: 640, y: 40 } },
};
