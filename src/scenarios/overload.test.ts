// What the scenarios about overload and dead letters show: each with its pattern and without.

import { expect, test } from "vitest";
import type { CallReport, Report } from "../model/report.ts";
import { bulkhead } from "./bulkhead.ts";
import { fairPriorities } from "./fairPriorities.ts";
import { loadShedding } from "./loadShedding.ts";
import { rateLimit } from "./rateLimit.ts";
import { redrive } from "./redrive.ts";
import { retryJitter } from "./retryJitter.ts";
import { reportOf, runBoth, setting } from "./runBoth.suite.ts";

function callOf(report: Report, id: string): CallReport {
  return report.calls.find((one) => one.id === id)!;
}

const share = ({ succeeded, calls }: CallReport): number => succeeded / calls;

test("CoDel keeps goodput in overload; without shedding it ends when all have waited too long", async () => {
  const { on, off } = await runBoth(loadShedding, setting("search", "shedding", "none"));
  const [kept, collapsed] = [on, off].map((report) => callOf(report, "visitors-query"));
  expect(share(kept!)).toBeGreaterThan(0.75);
  expect(kept!.latency.p95!).toBeLessThan(1500);
  expect(kept!.failed["shed"]).toBeGreaterThan(1000);
  // A queue of 500 is there after 25 s; from then on nobody waits long enough.
  expect(collapsed!.succeeded).toBeGreaterThan(2400);
  expect(collapsed!.succeeded).toBeLessThan(3200);
  const latest = await reportOf({ ...loadShedding, load: { duration: 60_000 } });
  expect(latest.conservation.violations).toEqual([]);
});

test("last in, first out keeps goodput as well", async () => {
  const lifo = setting(
    "search",
    "order",
    "lifo",
  )(setting("search", "shedding", "none")(loadShedding));
  expect(share(callOf(await reportOf(lifo), "visitors-query"))).toBeGreaterThan(0.75);
});

test("a bulkhead leaves workers to what does not need the slow dependency", async () => {
  const { on, off } = await runBoth(
    bulkhead,
    setting("shop-get-reviews", "maxConcurrentCalls", null),
  );
  expect(callOf(on, "visitors-catalogue").latency.p95!).toBeLessThan(100);
  expect(callOf(off, "visitors-catalogue").latency.p95!).toBeGreaterThan(1000);
  expect(callOf(on, "shop-get-reviews").degraded["bulkhead-full"]).toBeGreaterThan(100);
});

test("a rate limit keeps a greedy job from its neighbours", async () => {
  const { on, off } = await runBoth(rateLimit, setting("job-export", "rateLimiter", "none"));
  expect(callOf(on, "users-read").latency.p95!).toBeLessThan(2500);
  expect(callOf(off, "users-read").latency.p95!).toBeGreaterThan(10_000);
});

test("jitter spreads attempts that failed together", async () => {
  const { on, off } = await runBoth(retryJitter, setting("meters-report", "jitter", "none"));
  const [spread, together] = [on, off].map((report) => callOf(report, "meters-report"));
  expect(share(spread!)).toBeGreaterThan(0.95);
  expect(share(together!)).toBeLessThan(0.8);
  expect(spread!.attempts).toBeLessThan(together!.attempts);
});

test("what rises with waiting does not starve", async () => {
  const { on, off } = await runBoth(fairPriorities, setting("desk", "ageing", null));
  const [fair, strict] = [on, off].map((report) => callOf(report, "analysts-report"));
  expect(fair!.succeeded).toBeGreaterThan(strict!.succeeded);
  expect(fair!.latency.max!).toBeLessThan(strict!.latency.max! * 0.7);
});

test("a redrive brings back what a bad release put aside; without it the dead letters stay", async () => {
  const { on, off } = await runBoth(redrive, (scenario) => ({
    ...scenario,
    timeline: scenario.timeline.filter(({ act }) => act !== "redrive"),
  }));
  const [back, lost] = [on, off].map((report) => ({
    dead: report.channels.find(({ id }) => id === "failed-orders")!.backlog,
    shipped: report.nodes.find(({ id }) => id === "fulfilment")!.handled,
    placed: report.nodes.find(({ id }) => id === "customers")!.handled,
  }));
  expect(lost!.dead).toBeGreaterThan(60);
  expect(lost!.shipped + lost!.dead).toBe(lost!.placed);
  expect(back).toMatchObject({ dead: 0, shipped: back!.placed });
});
