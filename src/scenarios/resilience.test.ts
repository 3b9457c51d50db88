// What the scenarios about failures and overload show: each with its pattern and without.

import { describe, expect, test } from "vitest";
import type { CallReport, Report } from "../model/report.ts";
import { circuitBreaker } from "./circuitBreaker.ts";
import { cloudAutoscaling } from "./cloudAutoscaling.ts";
import { healthChecks } from "./healthChecks.ts";
import { hedgedCalls } from "./hedgedCalls.ts";
import { prioritiesInOverload } from "./priorities.ts";
import { retryStorm } from "./retryStorm.ts";
import { reportOf, runBoth, setting } from "./runBoth.suite.ts";

function callOf(report: Report, id: string): CallReport {
  return report.calls.find((one) => one.id === id)!;
}

const share = ({ succeeded, calls }: CallReport): number => succeeded / calls;

describe("retry storm", () => {
  test("a retry budget ends it; without one it outlasts its cause", async () => {
    const { on, off } = await runBoth(retryStorm, setting("customers-order", "retryBudget", null));
    const [calm, storm] = [on, off].map((report) => callOf(report, "customers-order"));
    expect(share(calm!)).toBeGreaterThan(0.6);
    expect(share(storm!)).toBeLessThan(0.3);
    expect(storm!.attempts / storm!.calls).toBeGreaterThan(3);
    expect(calm!.attempts / calm!.calls).toBeLessThan(1.2);
  });

  test("nothing fails without the slow seconds, budget or not", async () => {
    const { on, off } = await runBoth(
      { ...retryStorm, timeline: [] },
      setting("customers-order", "retryBudget", null),
    );
    for (const report of [on, off])
      expect(share(callOf(report, "customers-order"))).toBeGreaterThan(0.999);
  });
});

test("a circuit breaker keeps the shop open while payment stands still", async () => {
  const { on, off } = await runBoth(
    circuitBreaker,
    setting("shop-charge", "circuitBreaker", false),
  );
  expect(callOf(on, "visitors-browse").latency.p95!).toBeLessThan(200);
  expect(callOf(off, "visitors-browse").latency.p95!).toBeGreaterThan(3000);
  expect(callOf(on, "shop-charge").degraded["circuit-open"]).toBeGreaterThan(200);
});

test("hedging cuts the tail for a few percent more requests", async () => {
  const { on, off } = await runBoth(hedgedCalls, setting("visitors-query", "hedgeAfter", null));
  const [hedged, single] = [on, off].map((report) => callOf(report, "visitors-query"));
  expect(hedged!.latency.p99!).toBeLessThan(single!.latency.p99! / 2);
  expect(hedged!.attempts / hedged!.calls).toBeLessThan(1.1);
});

describe("health checks", () => {
  test("leave a dead instance out and restart it", async () => {
    const { on, off } = await runBoth(healthChecks, setting("shop", "healthChecks", "none"));
    expect(share(callOf(on, "visitors-order"))).toBeGreaterThan(0.93);
    expect(share(callOf(off, "visitors-order"))).toBeLessThan(0.75);
  });

  test("that ask for a shared database restart the whole fleet with it", async () => {
    const both = await runBoth(healthChecks, setting("shop", "checks", "dependencies"));
    const [own, all] = [both.on, both.off];
    const restarts = (report: Report): number | undefined =>
      report.nodes.find(({ id }) => id === "shop")!.counts["instances restarted"];
    expect(restarts(own)).toBe(1);
    expect(restarts(all)).toBe(4);
    expect(share(callOf(all, "visitors-order"))).toBeLessThan(
      share(callOf(own, "visitors-order")) - 0.05,
    );
  });
});

test("autoscaling serves a crowd that would be refused", async () => {
  const { on, off } = await runBoth(cloudAutoscaling, setting("shop", "autoscaling", "none"));
  expect(share(callOf(on, "visitors-browse"))).toBeGreaterThan(0.85);
  expect(share(callOf(off, "visitors-browse"))).toBeLessThan(0.5);
});

test("with priorities the most important are all served, without them they wait with all others", async () => {
  const { on, off } = await runBoth(prioritiesInOverload, setting("desk", "order", "fifo"));
  const ids = ["payers-pay", "buyers-order", "browsers-recommend"];
  const [pay, order, recommend] = ids.map((id) => share(callOf(on, id)));
  expect(pay!).toBeGreaterThan(0.99);
  expect(order!).toBeGreaterThan(0.5);
  expect(order!).toBeLessThan(0.8);
  expect(recommend!).toBeLessThan(0.05);
  expect(callOf(on, "payers-pay").latency.p99!).toBeLessThan(2000);
  expect(callOf(off, "payers-pay").latency.p99!).toBeGreaterThan(10_000);
});

test("each is the same in every run", async () => {
  const [one, other] = [await reportOf(hedgedCalls), await reportOf(hedgedCalls)];
  expect(one.stateHash).toBe(other.stateHash);
});
