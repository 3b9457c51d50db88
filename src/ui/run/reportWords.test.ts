// The report in words, from a small report made by hand.
import { describe, expect, it } from "vitest";
import type { CallReport, LatencyFigures, NodeReport, Report } from "../../model/report.ts";
import { accounts, headlines, reasonsText, ways } from "./reportWords.ts";

const latency: LatencyFigures = {
  count: 1,
  mean: 1,
  p50: 1,
  p95: 2,
  p99: 391.4,
  max: 3,
  meanCertainty: { halfWidth: null, batches: 0, verdict: "few", sentence: "Too few." },
  p50Interval: null,
  p95Interval: null,
  p99Interval: null,
};
const producer = { id: "customers", kind: "producer" } as NodeReport;

function call(to: string, failed: Readonly<Record<string, number>>): CallReport {
  return {
    id: `calls-${to}`,
    from: "customers",
    to,
    calls: 2058,
    attempts: 2058,
    succeeded: 0,
    failed,
    pending: 0,
    hedges: 0,
    hedgesWon: 0,
    degraded: {},
    latency,
  };
}

const report = {
  nodes: [producer],
  calls: [call("orders", {}), call("orders-sync", { timeout: 600, refused: 44 })],
  conservation: {
    holds: true,
    publications: { published: 10, confirmed: 9, refused: 1, pending: 0, unroutable: 0, lost: 2 },
    copies: {
      routed: 9,
      acknowledged: 5,
      waiting: 0,
      inFlight: 0,
      deadLettered: 3,
      expired: 0,
      dropped: 1,
    },
    calls: { called: 20, succeeded: 12, failed: 8, pending: 0 },
    violations: [],
  },
} as unknown as Report;

describe("the report in words", () => {
  it("says what was lost, refused, failed and set aside, and that the rest drained", () => {
    const said = headlines(report).map(({ value, tone }) => `${value} ${tone}`);
    expect(said).toEqual([
      "3 bad",
      "1 bad",
      "644 of 4,116 bad",
      "3 bad",
      "drained good",
      "balance ✓ good",
    ]);
  });

  it("counts the requests of producers once, whatever they caused between services", () => {
    const labels = headlines(report).map(({ label }) => label);
    expect(labels).toContain("Requests failed");
    const inner = headlines({ ...report, nodes: [] });
    expect(inner).toContainEqual({ label: "Calls failed", value: "8 of 20", tone: "bad" });
  });

  it("has not drained as long as a message waits or a request has no answer", () => {
    const { conservation } = report;
    const calls = { ...conservation.calls, pending: 290 };
    const said = headlines({ ...report, conservation: { ...conservation, calls } });
    expect(said).toContainEqual({ label: "Still waiting", value: "290", tone: "plain" });
  });

  it("writes every account with all its terms", () => {
    expect(accounts(report)).toEqual([
      "10 published = 9 confirmed + 1 refused + 0 pending",
      "9 routed = 5 acknowledged + 0 waiting + 0 in flight + 3 dead-lettered + 0 expired + 1 dropped",
      "20 called = 12 succeeded + 8 failed + 0 pending",
    ]);
  });

  it("compares the ways of the same load", () => {
    expect(ways(report, (id) => id)).toMatchObject([
      { name: "customers → orders", asked: 2058, failed: 0, p99: "391 ms" },
      { name: "customers → orders-sync", asked: 2058, failed: 644 },
    ]);
  });

  it("names reasons", () => {
    expect(reasonsText({})).toBe("0");
    expect(reasonsText({ timeout: 12, other: 0 })).toBe("12 timeout");
    expect(reasonsText({ timeout: 8, refused: 4 })).toBe("12: 8 timeout, 4 refused");
  });
});
