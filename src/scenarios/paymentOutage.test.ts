// The outage costs time with events and orders with calls; without it neither.

import { describe, expect, test } from "vitest";
import { compareTwins, type TwinComparison } from "../model/twin/comparison.ts";
import { synchronousTwin } from "../model/twin/twin.ts";
import type { Scenario } from "../model/scenario.ts";
import { paymentOutage } from "./paymentOutage.ts";
import { reportOf } from "./runBoth.suite.ts";

async function compared(scenario: Scenario): Promise<TwinComparison> {
  const twin = synchronousTwin(scenario)!;
  return compareTwins(scenario, twin, {
    eventDriven: await reportOf(scenario),
    synchronous: await reportOf(twin.scenario),
  });
}

describe("the payment outage of 20 s", async () => {
  const outage = await compared(paymentOutage);
  const quiet = await compared({ ...paymentOutage, timeline: [] });
  const of = (comparison: TwinComparison, id: string) =>
    comparison.figures.find((one) => one.id === id)!;

  test("event-driven: every order is taken and paid in the end, some of them late", async () => {
    const report = await reportOf(paymentOutage);
    const stored = (id: string) => report.nodes.find((node) => node.id === id)!.entities;
    const orders = report.calls.find(({ id }) => id === "order")!;
    expect(orders.succeeded).toBe(orders.calls);
    expect(stored("orders-db")).toBe(orders.calls);
    expect(stored("payments-db")).toBe(orders.calls);
    expect(of(outage, "done.p99").eventDriven).toBeGreaterThan(15_000);
  });

  test("synchronous: the orders of the outage fail, about 15 a second", () => {
    expect(of(outage, "asked").synchronous).toBe(of(outage, "asked").eventDriven);
    expect(of(outage, "failed").synchronous).toBeGreaterThan(240);
    expect(of(outage, "failed").synchronous).toBeLessThan(360);
  });

  test("without the outage neither side fails, and calls are done as soon", () => {
    expect(of(quiet, "failed")).toMatchObject({ eventDriven: 0, synchronous: 0 });
    expect(of(quiet, "answer.p50").synchronous).toBeGreaterThan(
      of(quiet, "answer.p50").eventDriven!,
    );
    expect(of(quiet, "done.p99").eventDriven).toBeLessThan(1500);
  });
});
