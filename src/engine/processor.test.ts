// Stream processors: windows and joins by event time, what is late, and what a crash repeats.

import { expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import type { NodeReport, Report } from "../model/report.ts";
import { reportOf, sketch, source, worker } from "./sketch.suite.ts";

const at = (value: number) => ({ distribution: "constant", value }) as const;

interface Flow {
  readonly processor: Parameters;
  readonly producers?: readonly Node[];
  readonly extra?: readonly Connection[];
  readonly timeline?: readonly TimelineEntry[];
}

/** Producers → a topic each → processor → results → sink. */
function flow({ processor, producers, extra = [], timeline = [] }: Flow): Scenario {
  const sources = producers ?? [source("clients", 10, { arrivals: "constant", keys: 1 })];
  return sketch({
    duration: 60_000,
    sourcesStopAt: 30_005,
    nodes: [
      ...sources,
      { id: "kafka", kind: "broker", technology: "kafka" },
      { id: "windows", kind: "processor", parameters: { time: at(0.1), ...processor } },
      worker("sink", { serviceTime: at(1) }),
      worker("uplink", { serviceTime: at(1) }),
    ],
    channels: [...sources.map(({ id }) => `${id}-topic`), "results", "late"].map((id) => ({
      id,
      broker: "kafka",
      kind: "topic",
      parameters: { partitions: 1 },
    })),
    connections: [
      ...sources.flatMap(({ id }): readonly Connection[] => [
        { id: `${id}-out`, kind: "publish", from: id, to: `${id}-topic`, contract: id },
        { id: `${id}-in`, kind: "consume", from: `${id}-topic`, to: "windows" },
      ]),
      { id: "result", kind: "publish", from: "windows", to: "results", contract: "result" },
      { id: "sinks", kind: "consume", from: "results", to: "sink" },
      ...extra,
    ],
    timeline,
  });
}

const node = (report: Report, id: string): NodeReport => report.nodes.find((one) => one.id === id)!;
const counts = (report: Report) => node(report, "windows").counts;

test("a tumbling window gives one result for each key when the watermark reaches its end", () => {
  const keyed = source("clients", 10, { arrivals: "constant", keys: 2, keyChoice: "sequential" });
  const report = reportOf(flow({ processor: { windowSize: 10_000 }, producers: [keyed] }));
  // Three windows of two keys; the last event, at 30 s, closes the third and opens a fourth.
  expect(counts(report)["results"]).toBe(6);
  expect(counts(report)["open windows"]).toBe(1);
  expect(node(report, "sink").handled).toBe(6);
});

test("hopping windows overlap: each event is in as many as size by advance", () => {
  const report = reportOf(
    flow({ processor: { window: "hopping", windowSize: 10_000, advance: 5000 } }),
  );
  // Ends at 5, 10, … 30 s are reached by the last event, at 30 s; those at 35 and 40 s are not.
  expect(counts(report)["results"]).toBe(6);
  expect(counts(report)["open windows"]).toBe(2);
});

test("a session ends with a pause, and a threshold leaves small results out", () => {
  const pauses = source("clients", 10, { arrivals: "constant", keys: 1 });
  const timeline: readonly TimelineEntry[] = [
    { at: 5000, act: "set", target: "clients", parameter: "rate", value: 0 },
    { at: 15_000, act: "set", target: "clients", parameter: "rate", value: 10 },
  ];
  const processor = { window: "session", sessionGap: 4000 };
  const session = reportOf(flow({ processor, producers: [pauses], timeline }));
  expect(counts(session)["results"]).toBe(1);
  const high = { ...processor, atLeast: 1000 };
  const quiet = reportOf(flow({ processor: high, producers: [pauses], timeline }));
  expect(counts(quiet)).toMatchObject({ "below the threshold": 1 });
  expect(node(quiet, "sink").handled).toBe(0);
});

const left = source("riders", 5, { arrivals: "constant", keys: 1 });
const right = source("drivers", 5, { arrivals: "constant", keys: 1 });

test("a join gives every pair within its time, or uses each event once", () => {
  const processor = { operation: "join", joinWithin: 1000 };
  const all = reportOf(flow({ processor, producers: [left, right] }));
  const once = reportOf(
    flow({ processor: { ...processor, pairing: "once" }, producers: [left, right] }),
  );
  // 150 of each, 200 ms apart: up to eleven partners each, or one.
  const pairs = counts(all)["results"]!;
  expect(pairs).toBeGreaterThan(150 * 10);
  expect(pairs).toBeLessThanOrEqual(150 * 11);
  expect(counts(once)["results"]).toBeGreaterThanOrEqual(149);
  expect(counts(once)["results"]).toBeLessThanOrEqual(150);
});

test("events that nobody answers are unmatched", () => {
  const rare = source("drivers", 0.5, { arrivals: "constant", keys: 1 });
  const processor = { operation: "join", joinWithin: 500, pairing: "once" };
  const report = reportOf(flow({ processor, producers: [left, rare] }));
  const { results = 0, unmatched = 0 } = counts(report);
  expect(results).toBeLessThanOrEqual(15);
  expect(unmatched).toBeGreaterThan(100);
});

/** One in two events takes a way round that costs 3 s, so that it comes behind later ones. */
function disordered(processor: Parameters, extra: readonly Connection[] = []): Scenario {
  const clients = source("clients", 10, { arrivals: "constant", keys: 1 });
  const slow = source("slow", 10, { arrivals: "constant", keys: 1 });
  const base = flow({
    processor: { windowSize: 5000, idleAfter: 1, ...processor },
    producers: [clients, slow],
    extra,
  });
  const nodes = base.nodes.map((one) =>
    one.id === "uplink" ? worker("uplink", { serviceTime: at(3000), concurrency: 100 }) : one,
  );
  const connections = base.connections.flatMap((link): readonly Connection[] =>
    link.id === "slow-in"
      ? [
          { id: "up", kind: "consume", from: "slow-topic", to: "uplink" },
          { id: "up-out", kind: "publish", from: "uplink", to: "clients-topic", contract: "slow" },
        ]
      : [link],
  );
  const channels = base.channels.map((channel) =>
    channel.id === "slow-topic" ? { ...channel, parameters: { partitions: 100 } } : channel,
  );
  const keys = nodes.map((one) =>
    one.id === "slow" ? source("slow", 10, { arrivals: "constant", keys: 100 }) : one,
  );
  return { ...base, nodes: keys, connections, channels };
}

test("what comes behind the watermark is late: dropped, put aside, waited for or corrected", () => {
  const strict = counts(reportOf(disordered({})));
  expect(strict["late, dropped"]).toBeGreaterThan(50);
  const aside: readonly Connection[] = [
    {
      id: "late-out",
      kind: "publish",
      from: "windows",
      to: "late",
      contract: "late",
      on: "failure",
    },
  ];
  const kept = reportOf(disordered({}, aside));
  expect(counts(kept)["late, put aside"]).toBe(strict["late, dropped"]);
  expect(kept.channels.find(({ id }) => id === "late")!.published).toBe(strict["late, dropped"]);
  const waiting = counts(reportOf(disordered({ outOfOrderness: 15_000 })));
  expect(waiting["late, dropped"]).toBeUndefined();
  expect(waiting["corrections"]).toBeUndefined();
  const lenient = counts(reportOf(disordered({ lateness: 15_000 })));
  expect(lenient["late, dropped"]).toBeUndefined();
  expect(lenient["corrections"]).toBeGreaterThan(0);
  expect(lenient["results"]).toBeGreaterThan(strict["results"]! + 10);
});

function crashing(guarantee: string): Report {
  const timeline = [{ at: 12_345, act: "crash", target: "windows", duration: 2000 }] as const;
  const processor = { windowSize: 1000, guarantee, checkpointInterval: 5000 };
  return reportOf(flow({ processor, timeline }));
}

test("after a crash: results twice, exactly once, or windows lost", () => {
  const [none, least, exactly] = ["none", "at-least-once", "exactly-once"].map(crashing);
  const quiet = reportOf(flow({ processor: { windowSize: 1000, checkpointInterval: 5000 } }));
  const windows = node(quiet, "sink").handled;
  expect(windows).toBe(30);
  expect(counts(least!)["rolled back"]).toBeGreaterThan(20);
  // The three windows that ended since the checkpoint at 10 s give their results again.
  expect(node(least!, "sink").handled).toBe(windows + 3);
  expect(node(exactly!, "sink").handled).toBe(windows);
  // Without a checkpoint what was in the open window is gone; its result is that of what came after.
  expect(counts(none!)["rolled back"]).toBeUndefined();
  expect(node(none!, "sink").handled).toBeLessThanOrEqual(windows);
});

test("exactly once costs waiting: results come out with the checkpoint", () => {
  const latency = (guarantee: string): number => {
    const processor = { windowSize: 1000, guarantee, checkpointInterval: 5000 };
    const report = reportOf(flow({ processor }));
    return report.flows.find(({ end }) => end === "sink")!.latency.mean!;
  };
  expect(latency("exactly-once")).toBeGreaterThan(latency("at-least-once") + 1000);
});
