// External APIs: what they refuse, what their outages do to callers, and that all of it is counted.

import { expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import type { Report } from "../model/report.ts";
import { directCall, reportOf, sketch, source } from "./sketch.suite.ts";

const at = (value: number) => ({ distribution: "constant", value }) as const;

function calling(
  rate: number,
  parameters: Parameters,
  timeline: readonly TimelineEntry[] = [],
  call: Parameters = {},
): Scenario {
  const direct = directCall("client", "bank");
  return sketch({
    duration: 10_000,
    nodes: [
      source("client", rate, { arrivals: "constant" }),
      { id: "bank", kind: "external", parameters: { responseTime: at(100), ...parameters } },
    ],
    connections: [{ ...direct, parameters: { ...direct.parameters, ...call } }],
    timeline,
  });
}

function failures(report: Report): Readonly<Record<string, number>> {
  return report.calls[0]!.failed;
}

test("answers after its response time, as many at a time as it has places", () => {
  const report = reportOf(calling(20, { concurrency: 2 }));
  const [, bank] = report.nodes;
  expect(bank).toMatchObject({ failed: {}, counts: {}, utilisation: expect.closeTo(1, 1) });
  expect(bank!.latency).toMatchObject({ mean: 100, max: 100 });
  expect(report.calls[0]).toMatchObject({ failed: {} });
});

test("refuses beyond its places at once", () => {
  const report = reportOf(calling(40, { concurrency: 2 }));
  const { overloaded = 0 } = failures(report);
  // Two of every four: each place is taken for four arrivals.
  expect(overloaded).toBe(report.nodes[1]!.counts["overloaded"]);
  expect(overloaded / report.calls[0]!.calls).toBeCloseTo(0.5, 1);
});

test("its rate limit refuses with a reason of its own", () => {
  const limit = { rateLimiter: "token bucket", limitForPeriod: 5, burst: 10 };
  const report = reportOf(calling(20, limit));
  // At most 10 + 5 · 10 s of 200 pass.
  expect(report.calls[0]!.succeeded).toBeLessThanOrEqual(60);
  expect(report.calls[0]!.succeeded).toBeGreaterThan(55);
  expect(failures(report)["rate-limited"]).toBe(report.nodes[1]!.counts["rate-limited"]);
});

const outage = { outages: true, betweenOutages: at(4000), repair: at(2000) };

test("an outage refuses what comes and what is inside, and ends", () => {
  const report = reportOf(calling(10, outage));
  // From 4 s to 6 s: the one inside, and those that arrive in between.
  expect(failures(report)).toEqual({ unavailable: expect.toSatisfy((n) => n >= 20 && n <= 22) });
  expect(report.nodes[1]!.counts["outages"]).toBe(2);
  expect(report.notes.map(({ t }) => t)).toEqual([4, 6, 10]);
});

test("an outage in silence costs callers their timeout", () => {
  const silent = { ...outage, whileOut: "silent" };
  const patient = reportOf(calling(10, silent));
  const hurried = reportOf(calling(10, silent, [], { timeout: 300 }));
  expect(Object.keys(failures(hurried)).toSorted()).toEqual(["timeout", "unavailable"]);
  expect(failures(hurried)["timeout"]).toBeGreaterThan(15);
  // Without a timeout they wait until it is back.
  expect(Object.keys(failures(patient))).toEqual(["unavailable"]);
  expect(patient.calls[0]!.latency.max).toBeGreaterThan(1900);
});

test("a crash by hand is an outage until somebody restarts it, and a restart ends an outage", () => {
  const crashed = reportOf(
    calling(10, {}, [{ at: 2000, act: "crash", target: "bank", duration: 3000 }]),
  );
  expect(failures(crashed)["unavailable"]).toBeGreaterThanOrEqual(29);
  const late = { ...outage, betweenOutages: at(6000) };
  const ended = reportOf(calling(10, late, [{ at: 6500, act: "restart", target: "bank" }]));
  expect(failures(ended)["unavailable"]).toBeLessThan(10);
});
