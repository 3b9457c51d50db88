// Every measure that is offered for an objective is found in a report.

import { describe, expect, it } from "vitest";
import { measureIn, measuresOf } from "./measures.ts";
import type { Certainty, LatencyFigures, Report } from "./report.ts";
import { smallScenario } from "./scenario.suite.ts";

const certainty: Certainty = { halfWidth: 1, batches: 32, verdict: "told", sentence: "Told." };
const latency: LatencyFigures = {
  count: 4,
  mean: 10,
  p50: 8,
  p95: 20,
  p99: 30,
  max: 40,
  meanCertainty: certainty,
  p50Interval: [7, 9],
  p95Interval: [15, 25],
  p99Interval: null,
};

const figures = {
  published: 1,
  delivered: 2,
  acknowledged: 3,
  redelivered: 4,
  deadLettered: 5,
  expired: 6,
  dropped: { "max-length": 2, ttl: 5 },
  refused: {},
  backlog: 8,
  inFlight: 9,
  lagMessages: 10,
  lagSeconds: 11,
  throughput: 12,
  utilisation: 0.5,
  meanInSystem: 13,
  utilisationCertainty: certainty,
  meanInSystemCertainty: certainty,
  latency,
};

const copies = {
  routed: 1,
  acknowledged: 1,
  waiting: 0,
  inFlight: 0,
  deadLettered: 0,
  expired: 0,
  dropped: 0,
};

const flow = { entry: "place", end: "payment", completed: 4, throughput: 1, latency };

const report: Omit<Report, "objectives"> = {
  reportVersion: 1,
  theory: [],
  consistency: { stores: [], replicas: [], subscriptions: [], waitingReads: [], anomalies: [] },
  versions: [],
  outboxes: [],
  warmUpSeconds: 0,
  measuredSeconds: 60,
  notes: [],
  scenario: "test",
  title: "Test",
  seed: 1,
  simulatedSeconds: 60,
  wallSeconds: 0,
  events: 99,
  stateHash: "",
  ended: { reason: "finished", sentence: "" },
  nodes: ["clients", "broker", "payment", "bank", "ledger"].map((id) => ({
    ...figures,
    id,
    name: id,
    kind: "service",
    handled: 1,
    failed: { error: 3 },
    declined: {},
    writes: 0,
    entities: 0,
    counts: {},
  })),
  channels: [{ ...figures, id: "orders", name: "orders", broker: "broker", kind: "topic" }],
  bridges: [],
  subscriptions: [{ ...figures, id: "take", channel: "orders", consumer: "payment" }],
  calls: [
    {
      id: "charge",
      from: "payment",
      to: "bank",
      calls: 5,
      attempts: 6,
      succeeded: 4,
      failed: { timeout: 1 },
      pending: 0,
      hedges: 0,
      hedgesWon: 0,
      degraded: {},
      latency,
    },
  ],
  flows: [
    { ...flow, id: "a" },
    { ...flow, id: "b", end: "bank", latency: { ...latency, p99: 70 } },
    { ...flow, id: "c", end: "ledger", latency: { ...latency, count: 0, p99: null } },
  ],
  conservation: {
    holds: true,
    publications: { published: 7, confirmed: 6, refused: 1, pending: 0, unroutable: 0, lost: 0 },
    copies,
    calls: { called: 5, succeeded: 4, failed: 1, pending: 0 },
    violations: [],
  },
};

describe("the measures of a report", () => {
  it("are all found where they are promised", () => {
    const scenario = smallScenario();
    for (const of of ["run", "payment", "orders", "take", "charge"]) {
      expect(measuresOf(scenario, of).length).toBeGreaterThan(10);
      for (const measure of measuresOf(scenario, of))
        // That one is worked out by the engine (engine/objectiveMeasures.ts).
        if (measure !== "recoverySeconds")
          expect(measureIn(report, of, measure), `${of} ${measure}`).not.toBeNull();
    }
    for (const of of ["place", "book", "order-placed", "nobody"])
      expect(measuresOf(scenario, of)).toEqual([]);
  });

  it("add up counts by reason", () => {
    expect(measureIn(report, "orders", "dropped")).toBe(7);
    expect(measureIn(report, "charge", "failed")).toBe(1);
    expect(measureIn(report, "take", "refused")).toBe(0);
  });

  it("name the worst flow that ends at a node, or of all", () => {
    expect(measureIn(report, "payment", "flow.p99")).toBe(30);
    expect(measureIn(report, "run", "flow.p99")).toBe(70);
    expect(measureIn(report, "run", "flow.count")).toBe(8);
    expect(measureIn(report, "ledger", "flow.p99")).toBeNull();
    expect(measureIn(report, "clients", "flow.p99")).toBeNull();
  });

  it("are null where nothing is", () => {
    expect(measureIn(report, "nobody", "backlog")).toBeNull();
    expect(measureIn(report, "orders", "happiness")).toBeNull();
    expect(measureIn(report, "run", "publications.confirmed")).toBe(6);
  });
});
