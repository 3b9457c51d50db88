// A consumer that crashes between the effect and the acknowledgement: with and without an inbox.

import { expect, test } from "vitest";
import type { Scenario } from "../model/scenario.ts";
import { reportOf, sketch, source, worker } from "./sketch.suite.ts";

const constant = (value: number) => ({ distribution: "constant", value }) as const;

/** Ten payments, one a second. Each is booked 100 ms after it arrived and announced 500 ms later; the service crashes in
 *  between at the third. */
function payments(idempotent: boolean): Scenario {
  return sketch({
    duration: 30_000,
    sourcesStopAt: 10_001,
    nodes: [
      source("till", 1, { arrivals: "constant" }),
      { id: "broker", kind: "broker", technology: "rabbitmq" },
      worker("billing", { serviceTime: constant(100), idempotent }),
      { id: "book", kind: "store" },
    ],
    channels: [
      { id: "payments", broker: "broker", kind: "queue" },
      { id: "receipts", broker: "broker", kind: "queue" },
    ],
    connections: [
      { id: "pay", kind: "publish", from: "till", to: "payments", contract: "paid" },
      { id: "take", kind: "consume", from: "payments", to: "billing" },
      {
        id: "enter",
        kind: "write",
        from: "billing",
        to: "book",
        parameters: { duration: constant(10) },
      },
      {
        id: "announce",
        kind: "publish",
        from: "billing",
        to: "receipts",
        contract: "receipt",
        parameters: { latency: 250 },
      },
    ],
    timeline: [{ act: "crash", at: 3300, target: "billing", duration: 1000 }],
  });
}

const writesOf = (scenario: Scenario) =>
  reportOf(scenario).nodes.find(({ id }) => id === "book")?.writes;

test("the third payment is booked twice without an inbox and once with it", () => {
  expect(writesOf(payments(false))).toBe(11);
  expect(writesOf(payments(true))).toBe(10);
});

test("what is delivered again after the window is applied again", () => {
  const scenario = payments(true);
  const nodes = scenario.nodes.map((node) =>
    node.id === "billing"
      ? { ...node, parameters: { ...node.parameters, idempotencyWindow: 500 } }
      : node,
  );
  expect(writesOf({ ...scenario, nodes })).toBe(11);
});
