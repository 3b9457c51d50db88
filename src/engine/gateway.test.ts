// API gateways: who gets in, where requests go, how answers are put together, and what the cache saves.

import { expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import type { Report } from "../model/report.ts";
import { directCall, reportOf, sketch, source } from "./sketch.suite.ts";

const at = (value: number) => ({ distribution: "constant", value }) as const;

function behind(id: string, timeMs: number, parameters: Parameters = {}): Node {
  return {
    id,
    kind: "service",
    parameters: { serviceTime: at(timeMs), concurrency: 100, ...parameters },
  };
}

function route(to: string, parameters: Parameters = {}): Connection {
  const direct = directCall("gate", to);
  return { ...direct, parameters: { ...direct.parameters, ...parameters } };
}

interface Door {
  readonly clients?: Parameters;
  readonly gate?: Parameters;
  readonly services: readonly Node[];
  readonly routes: readonly Connection[];
  readonly timeline?: readonly TimelineEntry[];
}

function door({ clients = {}, gate = {}, services, routes, timeline = [] }: Door): Scenario {
  return sketch({
    duration: 20_000,
    sourcesStopAt: 10_005,
    nodes: [
      source("clients", 100, {
        arrivals: "constant",
        keys: 10,
        keyChoice: "sequential",
        ...clients,
      }),
      { id: "gate", kind: "gateway", parameters: { hopTime: at(2), ...gate } },
      ...services,
    ],
    connections: [directCall("clients", "gate"), ...routes],
    timeline,
  });
}

const entry = (report: Report) => report.calls[0]!;
const counts = (report: Report) => report.nodes[1]!.counts;

test("adds its time, and alternatives are chosen by weight", () => {
  const services = [behind("old", 10), behind("new", 10)];
  const routes = [route("old", { weight: 9 }), route("new", { weight: 1 })];
  const report = reportOf(door({ services, routes }));
  expect(entry(report)).toMatchObject({ calls: 1000, succeeded: 1000 });
  expect(entry(report).latency).toMatchObject({ mean: 12, max: 12 });
  const [, old, canary] = report.calls;
  expect(old!.calls + canary!.calls).toBe(1000);
  expect(canary!.calls).toBeGreaterThan(60);
  expect(canary!.calls).toBeLessThan(140);
});

test("parts are called at the same time: as late as the last, as available as all required ones", () => {
  const services = [behind("a", 10, { errorRate: 0.1 }), behind("b", 50, { errorRate: 0.2 })];
  const routes = [route("a", { share: "required" }), route("b", { share: "required" })];
  const report = reportOf(door({ services, routes }));
  expect(entry(report).latency.max).toBe(52);
  // 0.9 · 0.8 = 0.72, within four standard deviations of a thousand.
  expect(entry(report).succeeded / 1000).toBeCloseTo(0.72, 1);
  expect(entry(report).failed).toEqual({ "call-error": 1000 - entry(report).succeeded });
});

test("an optional part that fails is left out, and counted", () => {
  const services = [behind("a", 10), behind("b", 50, { errorRate: 0.2 })];
  const routes = [route("a", { share: "required" }), route("b", { share: "optional" })];
  const report = reportOf(door({ services, routes }));
  expect(entry(report).succeeded).toBe(1000);
  expect(counts(report)["parts left out"]).toBe(report.calls[2]!.failed["error"]);
});

test("a token bucket for each key refuses only the key that asks too often", () => {
  // Ten keys with ten requests a second each, of which five pass, and ten more at first.
  const gate = { limitPerClient: true, clientRate: 5, clientBurst: 10 };
  const services = [behind("a", 10)];
  const report = reportOf(door({ gate, services, routes: [route("a")] }));
  expect(entry(report).succeeded).toBeGreaterThan(560);
  expect(entry(report).succeeded).toBeLessThanOrEqual(600);
  expect(entry(report).failed).toEqual({ "rate-limited": counts(report)["rate-limited"] });
  // With a thousand keys nobody asks too often.
  const many = reportOf(door({ gate, services, routes: [route("a")], clients: { keys: 1000 } }));
  expect(entry(many).succeeded).toBe(1000);
});

test("who fails to prove who it is gets no further", () => {
  const services = [behind("a", 10)];
  const report = reportOf(door({ gate: { unauthorized: 1 }, services, routes: [route("a")] }));
  expect(entry(report).failed).toEqual({ unauthorized: 1000 });
  expect(report.calls[1]!.calls).toBe(0);
});

test("a safe answer comes out of the cache until it expires, one per key", () => {
  const gate = { responseCache: true, cacheTtl: 2550 };
  const services = [behind("a", 10)];
  const safe = reportOf(door({ gate, services, routes: [route("a", { safe: true })] }));
  // Ten keys, each asked anew four times in 10 s: at 0, 2.6, 5.2 and 7.8 s after its first.
  expect(safe.calls[1]!.calls).toBe(40);
  expect(counts(safe)).toEqual({ "cache hits": 960, "cache misses": 40 });
  const unsafe = reportOf(door({ gate, services, routes: [route("a")] }));
  expect(unsafe.calls[1]!.calls).toBe(1000);
});

test("a full cache forgets the answer that was used least recently", () => {
  const gate = { responseCache: true, cacheSize: 9 };
  const services = [behind("a", 1)];
  const report = reportOf(door({ gate, services, routes: [route("a", { safe: true })] }));
  // Ten keys in turn and nine places: the next one is always the one that has just gone.
  expect(counts(report)).toEqual({ "cache misses": 1000 });
});

test("its timeout ends a request whatever is under way", () => {
  const services = [behind("a", 500)];
  const report = reportOf(door({ gate: { requestTimeout: 100 }, services, routes: [route("a")] }));
  expect(entry(report).failed).toEqual({ "gateway-timeout": 1000 });
  expect(entry(report).latency.max).toBe(100);
  expect(report.calls[1]!.succeeded).toBe(1000);
});

test("a crash fails what is in hand, and a restart begins with an empty cache", () => {
  const services = [behind("a", 100)];
  const timeline = [{ at: 5000, act: "crash", target: "gate", duration: 1000 }] as const;
  const gate = { responseCache: true };
  const routes = [route("a", { safe: true })];
  const report = reportOf(door({ gate, services, routes, timeline }));
  expect(entry(report).failed["unavailable"]).toBeGreaterThanOrEqual(100);
  // For each of ten keys twice; a few ask again before the first answer is there.
  expect(counts(report)["cache misses"]).toBeGreaterThanOrEqual(20);
  expect(counts(report)["cache misses"]).toBeLessThan(60);
});

test("requests without a route are refused as such", () => {
  const services = [behind("a", 10)];
  const other = { ...route("a"), contract: "other" };
  const report = reportOf(door({ services, routes: [other] }));
  expect(entry(report).failed).toEqual({ "no-route": 1000 });
});
