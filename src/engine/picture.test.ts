// What a run shows while it goes on: the numbers of a frame and the columns of the charts, on a system simple enough
// to know every one of them.

import { expect, test } from "vitest";
import {
  channelMetrics,
  connectionMetrics,
  type Frame,
  nodeMetrics,
  outcomes,
} from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import { open, sketch, source, worker } from "./sketch.suite.ts";

/** Ten orders a second, each worked on for 40 ms; from 5 s to the end nobody takes them. */
const scenario: Scenario = sketch({
  duration: 10_000,
  nodes: [
    source("shop", 10, { arrivals: "constant" }),
    { id: "rabbit", kind: "broker", technology: "rabbitmq" },
    worker("billing", { serviceTime: { distribution: "constant", value: 40 } }),
    { id: "ledger", kind: "store" },
  ],
  channels: [{ id: "orders", broker: "rabbit", kind: "queue" }],
  connections: [
    { id: "place", kind: "publish", from: "shop", to: "orders", contract: "order" },
    { id: "bill", kind: "consume", from: "orders", to: "billing" },
    { id: "book", kind: "write", from: "billing", to: "ledger" },
  ],
  timeline: [{ at: 5_050, act: "crash", target: "billing" }],
});

function row(
  cells: Float64Array,
  metrics: readonly string[],
  number: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    metrics.map((metric, i) => [metric, cells[number * metrics.length + i]!]),
  );
}

function frameAt(seconds: number): Frame {
  const run = open(scenario, { movesMax: 1000 });
  run.advance({ untilNs: seconds * 1e9, maxEvents: Infinity });
  return run.frame(1000);
}

test("a frame has the numbers of the instant, row by row in the order of the document", () => {
  const frame = frameAt(9.99);
  expect(row(frame.nodes, nodeMetrics, 0)).toMatchObject({ state: 0, handled: 99, failed: 0 });
  expect(row(frame.nodes, nodeMetrics, 1)).toMatchObject({ state: 0, busy: 3, capacity: 3 });
  expect(row(frame.nodes, nodeMetrics, 2)).toMatchObject({ state: 1, busy: 0, handled: 50 });
  expect(row(frame.nodes, nodeMetrics, 3)).toMatchObject({ handled: 50, entities: 50, behind: 49 });
  expect(row(frame.channels, channelMetrics, 0)).toMatchObject({
    published: 99,
    waiting: 49,
    inFlight: 0,
    acknowledged: 50,
  });
  expect(row(frame.connections, connectionMetrics, 1)).toMatchObject({ passed: 50, waiting: 49 });
  expect(row(frame.connections, connectionMetrics, 1)["lagMs"]).toBeCloseTo(4890, 6);
  expect(frame.blocked["bill"]).toBe("no consumer is connected");
  expect(frame.depths["orders"]).toEqual([49]);
  expect(frame.clusters["rabbit"]).toHaveLength(3);
});

test("a frame says why a broker takes nothing that is published", () => {
  const full = scenario.nodes.map((node) =>
    node.id === "rabbit" ? { ...node, parameters: { disk: 50e6 + 1000 } } : node,
  );
  const run = open({ ...scenario, nodes: full }, { movesMax: 0 });
  run.advance({ untilNs: 9.99e9, maxEvents: Infinity });
  expect(run.frame(0).blocked["place"]).toMatch(/^connection\.blocked: disk alarm on node 0/u);
});

test("movements are those of real messages, each told once", () => {
  const { moves } = frameAt(9.99);
  const seen = (connection: number): number =>
    moves.connection.filter((number) => number === connection).length;
  expect(moves.oneOf).toBe(1);
  expect([seen(0), seen(1), seen(2)]).toEqual([99, 50, 50]);
  expect([...moves.timeNs]).toEqual([...moves.timeNs].toSorted((a, b) => a - b));
  expect(outcomes[moves.outcome[moves.outcome.length - 1]!]).toBe("normal");
});

test("too many movements are thinned, and the frame says so", () => {
  const run = open(scenario, { movesMax: 1000 });
  run.advance({ untilNs: Infinity, maxEvents: Infinity });
  const { moves } = run.frame(50);
  expect(moves.connection.length).toBeLessThanOrEqual(50);
  expect(moves.oneOf).toBe(4);
  expect(run.frame(50).moves.connection).toHaveLength(0);
});

test("charts: rates, backlog, latency and failures over time", () => {
  const run = open(scenario);
  run.advance({ untilNs: Infinity, maxEvents: Infinity });
  const column = (chart: "throughput" | "backlog" | "latency", id: string) => {
    const series = run.series(chart);
    const line = series.lines.find((one) => one.id === id);
    const between = (fromS: number, toS: number): number[] =>
      [...line!.values].filter((_, i) => series.timesS[i]! >= fromS && series.timesS[i]! < toS);
    return { line: line!, between };
  };
  const mean = (values: readonly number[]): number =>
    values.reduce((a, b) => a + b) / values.length;
  expect(mean(column("throughput", "shop").between(1, 9))).toBeCloseTo(10, 6);
  expect(mean(column("throughput", "billing").between(1, 5))).toBeCloseTo(10, 6);
  expect(mean(column("throughput", "billing").between(6, 10))).toBe(0);
  expect(Math.max(...column("backlog", "orders").between(0, 4.9))).toBeLessThan(1);
  expect(column("backlog", "orders").line.values.at(-1)).toBeGreaterThan(45);
  const p50 = column("latency", "place→billing/p50");
  for (const latencyMs of p50.between(1, 4.9))
    expect(Math.abs(latencyMs / 46 - 1)).toBeLessThan(0.1);
  expect(p50.between(6, 10).every((value) => Number.isNaN(value))).toBe(true);
  expect(run.series("failures").lines).toEqual([]);
  expect(run.series("throughput", "billing").lines.map(({ id }) => id)).toEqual(["billing"]);
});
