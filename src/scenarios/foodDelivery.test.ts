// Food delivery shows what it promises: with events an outage is a wait, with calls it is a loss.

import { describe, expect, test } from "vitest";
import type { CallReport } from "../model/report.ts";
import { foodDelivery } from "./foodDelivery.ts";
import { reportOf } from "./runBoth.suite.ts";

describe("the payment outage of 30 s in food delivery", async () => {
  const report = await reportOf(foodDelivery);
  const entry = (to: string): CallReport =>
    report.calls.find((call) => call.from === "customers" && call.to === to)!;
  const writes = (store: string): number => report.nodes.find(({ id }) => id === store)!.entities;
  const failed = (call: CallReport): number =>
    Object.values(call.failed).reduce((sum, count) => sum + count, 0);

  test("both sides get the same orders", () => {
    expect(entry("orders").calls).toBe(entry("orders-sync").calls);
    expect(entry("orders").calls).toBeGreaterThan(1900);
  });

  test("event-driven: every order is accepted, none is lost, and the stores converge", () => {
    const { calls, succeeded } = entry("orders");
    expect(succeeded).toBe(calls);
    expect(writes("orders-db")).toBe(calls);
    expect(writes("payments-db")).toBe(calls);
    expect(writes("rides-db")).toBe(calls);
    for (const channel of report.channels) expect(channel.lagMessages).toBe(0);
  });

  test("event-driven: the price is waiting, up to about the length of the outage", () => {
    const flow = report.flows.find(({ id }) => id === "customers-calls-orders→payment")!;
    expect(flow.latency.max!).toBeGreaterThan(29_000);
    expect(flow.latency.max!).toBeLessThan(45_000);
  });

  test("event-driven: nothing waits for long without the outage", async () => {
    const quiet = await reportOf({ ...foodDelivery, timeline: [] });
    const flow = quiet.flows.find(({ id }) => id === "customers-calls-orders→payment")!;
    expect(flow.latency.p99!).toBeLessThan(1000);
  });

  test("synchronous: the orders of the outage fail, about 20 per second for 30 s", () => {
    const lost = failed(entry("orders-sync"));
    expect(lost).toBeGreaterThan(540);
    expect(lost).toBeLessThan(680);
    expect(entry("orders-sync").pending).toBe(0);
  });

  test("without the outage neither side loses anything", async () => {
    const quiet = await reportOf({ ...foodDelivery, timeline: [] });
    for (const call of quiet.calls.filter(({ from }) => from === "customers"))
      expect(failed(call)).toBe(0);
  });
});
