// Patterns around calls in whole runs: second requests, deadlines, classes of errors, fallbacks.

import { describe, expect, test } from "vitest";
import type { Distribution } from "../base/distribution.ts";
import type { Parameters } from "../base/fields.ts";
import type { CallReport } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import { reportOf, sketch, source, worker } from "./sketch.suite.ts";

const instant: Distribution = { distribution: "constant", value: 0 };
const ms = (value: number): Distribution => ({ distribution: "constant", value });

/** A client that calls a server once per second for ten seconds. */
function calling(call: Parameters, server: Parameters): Scenario {
  return sketch({
    sourcesStopAt: 10_500,
    nodes: [source("client", 1, { arrivals: "constant" }), worker("server", server)],
    connections: [
      {
        id: "ask",
        kind: "call",
        from: "client",
        to: "server",
        contract: "request",
        parameters: { latency: instant, jitter: "none", ...call },
      },
    ],
  });
}

function callsOf(scenario: Scenario): CallReport {
  return reportOf(scenario).calls[0]!;
}

describe("a second request", () => {
  test("sets out only when the first has taken long", () => {
    const quick = callsOf(calling({ hedgeAfter: 50 }, { concurrency: 2, serviceTime: ms(40) }));
    expect(quick).toMatchObject({ calls: 10, attempts: 10, hedges: 0, hedgesWon: 0 });
    const slow = callsOf(calling({ hedgeAfter: 50 }, { concurrency: 2, serviceTime: ms(60) }));
    expect(slow).toMatchObject({
      calls: 10,
      attempts: 20,
      succeeded: 10,
      hedges: 10,
      hedgesWon: 0,
    });
  });

  test("takes the tail away, for a little more load", () => {
    const rarelySlow: Distribution = { distribution: "hyperexponential", mean: 20, cv2: 30 };
    const server = { concurrency: 100, serviceTime: rarelySlow };
    const load = (hedgeAfter: number | null): CallReport =>
      callsOf({
        ...calling({ hedgeAfter, timeout: 1e7 }, server),
        load: { duration: 60_000, sourcesStopAt: 5000 },
        nodes: [source("client", 100), worker("server", server)],
      });
    const [once, twice] = [load(null), load(100)];
    expect(twice.calls).toBe(once.calls);
    expect(twice.hedges).toBeGreaterThan(0);
    expect(twice.attempts).toBe(twice.calls + twice.hedges);
    expect(twice.attempts).toBeLessThan(1.1 * once.attempts);
    expect(twice.hedgesWon).toBeGreaterThan(twice.hedges / 2);
    expect(twice.latency.p99!).toBeLessThan(once.latency.p99! / 2);
  });

  test("may still answer when the first fails", () => {
    const server = { concurrency: 10, serviceTime: ms(60), errorRate: 0.5 };
    const report = callsOf({
      ...calling({ hedgeAfter: 10 }, server),
      nodes: [source("client", 10), worker("server", server)],
    });
    const failed = report.failed["error"] ?? 0;
    expect(report.succeeded + failed).toBe(report.calls);
    // Both of them fail in a quarter of the cases; one alone would in a half.
    expect(report.hedgesWon).toBeGreaterThan(10);
    expect(failed).toBeLessThan(report.calls / 3);
  });
});

describe("a deadline", () => {
  test("ends the attempt that is under way, and no further one sets out", () => {
    const report = callsOf(
      calling(
        { timeout: 400, attempts: 5, backoff: 100, growth: "fixed", deadline: 700 },
        { serviceTime: ms(900), concurrency: 10 },
      ),
    );
    // 0 to 400, wait, 500 to 700.
    expect(report).toMatchObject({ attempts: 20, failed: { deadline: 10 } });
    expect(report.latency.max).toBe(700);
  });

  test("is not waited for when the next attempt would come too late", () => {
    const report = callsOf(
      calling(
        { timeout: 400, attempts: 5, backoff: 300, growth: "fixed", deadline: 700 },
        { serviceTime: ms(900), concurrency: 10 },
      ),
    );
    expect(report).toMatchObject({ attempts: 10, failed: { deadline: 10 } });
    expect(report.latency.max).toBe(400);
  });
});

describe("permanent errors", () => {
  const server = { serviceTime: instant, errorRate: 1, permanentErrors: 1 };

  test("are tried again by who tries everything again", () => {
    const report = callsOf(calling({ attempts: 3, backoff: 1 }, server));
    expect(report).toMatchObject({ attempts: 30, failed: { "permanent-error": 10 } });
  });

  test("are not tried again by who tells them apart, neither by the service itself", () => {
    const wise = callsOf(
      calling({ attempts: 3, backoff: 1, retryOn: "transient" }, { ...server, attempts: 7 }),
    );
    expect(wise).toMatchObject({ attempts: 10, failed: { "permanent-error": 10 } });
    const transient = callsOf(
      calling({ attempts: 3, backoff: 1, retryOn: "transient" }, { ...server, permanentErrors: 0 }),
    );
    expect(transient).toMatchObject({ attempts: 30, failed: { error: 10 } });
  });
});

describe("poison messages", () => {
  const server = { serviceTime: instant, poison: 0.3 };

  test("fail at every attempt, and all others at none", () => {
    const once = callsOf(calling({}, server));
    const thrice = callsOf(calling({ attempts: 3, backoff: 1 }, server));
    const poisoned = once.failed["poison"]!;
    expect(poisoned).toBeGreaterThan(0);
    expect(once.succeeded).toBe(10 - poisoned);
    expect(thrice).toMatchObject({ failed: { poison: poisoned }, attempts: 10 + 2 * poisoned });
  });

  test("are mended when the share becomes 0", () => {
    const scenario = calling({}, { ...server, poison: 1 });
    const timeline = [
      { at: 5500, act: "set", target: "server", parameter: "poison", value: 0 },
    ] as const;
    expect(callsOf({ ...scenario, timeline })).toMatchObject({
      failed: { poison: 5 },
      succeeded: 5,
    });
  });
});

test("a fallback answers what has failed, and is counted by the failure that it hides", () => {
  const server = { serviceTime: instant, errorRate: 1 };
  const report = callsOf(calling({ attempts: 2, backoff: 1, fallback: "answer" }, server));
  expect(report).toMatchObject({
    attempts: 20,
    succeeded: 10,
    failed: {},
    degraded: { error: 10 },
  });
});
