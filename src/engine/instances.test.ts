// Services of several instances: who gets a request, what a crash of one does, what finds it out and restarts it; and
// pauses and slowness of services.

import { describe, expect, test } from "vitest";
import type { Distribution } from "../base/distribution.ts";
import type { Parameters } from "../base/fields.ts";
import type { CallReport, NodeReport, Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { directCall, finish, open, reportOf, sketch, source, worker } from "./sketch.suite.ts";

const instant: Distribution = { distribution: "constant", value: 0 };
const ms = (value: number): Distribution => ({ distribution: "constant", value });

interface Case {
  readonly server: Parameters;
  readonly rate?: number;
  readonly timeline?: readonly TimelineEntry[];
  readonly duration?: number;
}

/** A client that calls a service at a constant rate, 10 per second unless said otherwise. */
function called({ server, rate = 10, timeline = [], duration = 120_000 }: Case): Scenario {
  return sketch({
    duration,
    nodes: [
      source("client", rate, { arrivals: "constant" }),
      worker("server", { serviceTime: ms(1), ...server }),
    ],
    connections: [directCall("client", "server")],
    timeline,
  });
}

function figures(report: Report): { readonly call: CallReport; readonly server: NodeReport } {
  return { call: report.calls[0]!, server: report.nodes.find(({ id }) => id === "server")! };
}

const crash = (at: number, duration?: number): TimelineEntry => ({
  at,
  act: "crash",
  target: "server",
  member: 0,
  ...(duration === undefined ? {} : { duration }),
});

/** When the last and the first of the failed requests were [s]. */
function failuresOf(scenario: Scenario): readonly number[] {
  const times: number[] = [];
  finish(scenario, {
    onEvent: ({ t, event, reason }) => {
      if (event === "answered" && reason === "unavailable") times.push(t);
    },
  });
  return times;
}

describe("a dead instance", () => {
  test("goes on getting its share of the requests while nothing checks", () => {
    const { call, server } = figures(
      reportOf(called({ server: { instances: 3 }, timeline: [crash(20_000)] })),
    );
    // A third of what came in 100 s.
    expect(call.failed["unavailable"]).toBeGreaterThan(330);
    expect(call.failed["unavailable"]).toBeLessThan(336);
    expect(server.counts).toEqual({
      "instances crashed": 1,
      "instances restarted": 0,
      "requests to a dead instance": call.failed["unavailable"],
    });
  });

  test("looks idle to who prefers the one with least in progress, which makes it worse", () => {
    const busy = { instances: 3, concurrency: 4, serviceTime: ms(300), balancing: "least" };
    const { call } = figures(
      reportOf(called({ server: busy, rate: 40, timeline: [crash(20_000)] })),
    );
    // In turns it would be a third of what came in 100 s.
    expect(call.failed["unavailable"]).toBeGreaterThan(0.6 * 4000);
  });

  test("is taken out of rotation after period times threshold, and comes back", () => {
    const server = { instances: 3, healthChecks: "readiness", checkPeriod: 10_000 };
    const failures = failuresOf(called({ server, timeline: [crash(20_000, 50_000)] }));
    expect(Math.max(...failures)).toBeGreaterThan(39);
    expect(Math.max(...failures)).toBeLessThanOrEqual(40);
    const { call } = figures(reportOf(called({ server, timeline: [crash(20_000, 50_000)] })));
    expect(call.succeeded + failures.length).toBe(call.calls);
  });

  test("starts again by the policy: at once, then after waits that double", () => {
    const server = { instances: 1, restartPolicy: "always", crashesAfter: 1 };
    const starts: number[] = [];
    const scenario = called({ server, rate: 100 });
    finish(scenario, {
      onEvent: ({ t, event }) => {
        if (event === "started") starts.push(t);
      },
    });
    const gaps = starts.slice(1).map((start, i) => Math.round((start - starts[i]!) * 10) / 10);
    // Each takes the next request as soon as it is up, and dies of it.
    expect(gaps.slice(0, 4)).toEqual([0, 10, 20, 40]);
  });

  test("is restarted by a liveness check", () => {
    const server = { instances: 2, healthChecks: "liveness", bootTime: ms(5000) };
    const failures = failuresOf(called({ server, timeline: [crash(20_500)] }));
    // Checks fail at 30, 40 and 50 s; it is up at 55 s.
    expect(Math.max(...failures)).toBeGreaterThan(54.5);
    expect(Math.max(...failures)).toBeLessThanOrEqual(55.1);
  });
});

describe("checks that ask for what a service depends on", () => {
  const withDatabase = (checks: string): Report =>
    reportOf(
      sketch({
        duration: 120_000,
        nodes: [
          source("client", 10, { arrivals: "constant" }),
          worker("server", {
            serviceTime: instant,
            instances: 3,
            healthChecks: "both",
            checks,
            checkPeriod: 1000,
            bootTime: ms(20_000),
          }),
          worker("database", { serviceTime: instant }),
        ],
        connections: [
          { ...directCall("client", "server"), parameters: { timeout: 1000 } },
          directCall("server", "database"),
        ],
        timeline: [{ at: 20_500, act: "crash", target: "database", duration: 5000 }],
      }),
    );

  test("restart the whole fleet while a shared database is down for a moment", () => {
    const [own, all] = [withDatabase("itself"), withDatabase("dependencies")].map(figures);
    expect(own!.server.counts["instances restarted"]).toBe(0);
    expect(all!.server.counts["instances restarted"]).toBe(3);
    const failed = (one: typeof own): number => one!.call.calls - one!.call.succeeded;
    // Five seconds of the database, or these and twenty of every instance.
    expect(failed(own)).toBeLessThan(60);
    expect(failed(all)).toBeGreaterThan(200);
  });
});

describe("the load balancer", () => {
  /** One of two instances is ten times as slow: 99th percentile of the calls [ms]. */
  function p99(balancing: string): number {
    const server = { instances: 2, concurrency: 1, serviceTime: ms(30), balancing };
    const slow = { at: 0, act: "slow", target: "server", member: 0, factor: 5 } as const;
    return figures(reportOf(called({ server, rate: 20, timeline: [slow] }))).call.latency.p99!;
  }

  test("that counts what is in progress spares a slow instance, one that takes turns does not", () => {
    const [turns, least, two] = [p99("round robin"), p99("least"), p99("two")];
    expect(least).toBeLessThan(turns / 4);
    expect(two).toBeLessThan(turns / 4);
  });
});

test("autoscaling counts instances, each with its workers", () => {
  const server = {
    instances: 2,
    concurrency: 4,
    serviceTime: ms(100),
    autoscaling: "utilisation",
    maxReplicas: 20,
  };
  const run = open(called({ server, rate: 200 }));
  run.advance({ untilNs: 60e9, maxEvents: Infinity });
  // 200/s of 100 ms are 20 workers, at 80 % of 25: 7 instances of 4.
  expect(run.frame(0).clusters["server"]).toHaveLength(7);
});

describe("a pause", () => {
  const pause = { at: 1050, act: "pause", target: "server", duration: 5000 } as const;

  test("holds up work that has begun by its length, and whatever comes", () => {
    const { call } = figures(
      reportOf(
        called({ server: { serviceTime: ms(100) }, rate: 1, timeline: [pause], duration: 3500 }),
      ),
    );
    expect(call).toMatchObject({ calls: 3, succeeded: 0 });
    const all = figures(
      reportOf(
        called({ server: { serviceTime: ms(100) }, rate: 1, timeline: [pause], duration: 10_500 }),
      ),
    );
    expect(all.call.latency.max).toBeCloseTo(5100, 6);
    expect(all.call.succeeded).toBe(10);
  });

  test("is the same for workers that share cores", () => {
    const server = { serviceTime: ms(100), cores: 1, concurrency: 2 };
    const all = figures(reportOf(called({ server, rate: 1, timeline: [pause], duration: 10_500 })));
    expect(all.call.latency.max).toBeGreaterThan(5100);
    expect(all.call.succeeded).toBe(10);
  });
});

test("a slow service takes so many times as long", () => {
  const slow = { at: 30_000, act: "slow", target: "server", factor: 7, duration: 10_000 } as const;
  const { call } = figures(reportOf(called({ server: { serviceTime: ms(10) }, timeline: [slow] })));
  expect(call.latency.max).toBe(70);
  expect(call.latency.p50).toBeCloseTo(10, 0);
});
