// Consume, process, produce in Kafka's transactions, in a whole run: what a crash leaves for readers of the result.

import { expect, test } from "vitest";
import type { Scenario } from "../model/scenario.ts";
import { reportOf, sketch, source, worker } from "./sketch.suite.ts";

const constant = (value: number) => ({ distribution: "constant", value }) as const;

/** Ten orders a second for ten seconds. A service makes an invoice of each and crashes once, before its transaction of two
 *  seconds is committed. */
function invoices(isTransactional: boolean): Scenario {
  const commit = isTransactional ? "transaction" : "auto";
  return sketch({
    duration: 120_000,
    sourcesStopAt: 10_001,
    nodes: [
      source("shop", 10, { arrivals: "constant" }),
      { id: "kafka", kind: "broker", technology: "kafka" },
      worker("billing", { serviceTime: constant(5), concurrency: 1 }),
      worker("archive", { serviceTime: constant(1), concurrency: 1 }),
    ],
    channels: [
      { id: "orders", broker: "kafka", kind: "topic" },
      { id: "invoices", broker: "kafka", kind: "topic" },
    ],
    connections: [
      { id: "order", kind: "publish", from: "shop", to: "orders", contract: "ordered" },
      {
        id: "take",
        kind: "consume",
        from: "orders",
        to: "billing",
        parameters: { commit, "group.instance.id": true },
      },
      {
        id: "invoice",
        kind: "publish",
        from: "billing",
        to: "invoices",
        contract: "invoiced",
        parameters: { "transactional.id": isTransactional, "commit.interval.ms": 2000 },
      },
      {
        id: "file",
        kind: "consume",
        from: "invoices",
        to: "archive",
        parameters: { "isolation.level": "read_committed" },
      },
    ],
    timeline: [{ act: "crash", at: 5307, target: "billing", duration: 1000 }],
  });
}

test("with transactions each order has one invoice, whenever the service crashes", () => {
  const report = reportOf(invoices(true));
  const archive = report.subscriptions.find(({ id }) => id === "file")!;
  expect(archive.acknowledged).toBe(100);
  // What was made of orders that were not committed, and made again.
  expect(archive.dropped["transaction-aborted"]).toBeGreaterThan(5);
  expect(report.subscriptions.find(({ id }) => id === "take")!.acknowledged).toBe(100);
});

test("without them the invoices since the last commit are made twice", () => {
  const report = reportOf(invoices(false));
  const archive = report.subscriptions.find(({ id }) => id === "file")!;
  expect(archive.acknowledged).toBeGreaterThan(100);
  expect(archive.dropped["transaction-aborted"]).toBeUndefined();
});
