// Nodes and zones of brokers that crash, are cut off or slow: from the timeline or by hand, shown, repeated, undone.

import { describe, expect, test } from "vitest";
import { conditionOf } from "../model/result.ts";
import type { LiveFault } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import type { Run } from "./run.ts";
import { finish, open, sketch, source, worker } from "./sketch.suite.ts";

/** Six nodes in three zones; a partition each, three copies. */
function cluster(timeline: readonly TimelineEntry[] = [], acks = "all"): Scenario {
  return sketch({
    duration: 60_000,
    nodes: [
      source("orders", 20),
      { id: "kafka", kind: "broker", technology: "kafka", parameters: { nodes: 6 } },
      worker("payment", { serviceTime: { distribution: "constant", value: 1 } }),
    ],
    channels: [
      {
        id: "placed",
        broker: "kafka",
        kind: "topic",
        parameters: { partitions: 6, "min.insync.replicas": 2 },
      },
    ],
    connections: [
      {
        id: "in",
        kind: "publish",
        from: "orders",
        to: "placed",
        contract: "order",
        parameters: { acks },
      },
      { id: "out", kind: "consume", from: "placed", to: "payment" },
    ],
    timeline,
  });
}

function conditions(run: Run): string {
  return run
    .frame(0)
    .clusters["kafka"]!.map((node) => conditionOf(node)[0])
    .join("");
}

function act(run: Run, fault: LiveFault): TimelineEntry {
  const done = run.act(fault);
  if (!done.ok) throw new Error(done.failure);
  return done.value;
}

describe("on the timeline", () => {
  test("a zone is all nodes whose number it is modulo the zones, and everything ends by itself", () => {
    const run = open(
      cluster([
        { at: 1000, act: "crash", target: "kafka", zone: 1, duration: 4000 },
        { at: 2000, act: "isolate", target: "kafka", zone: 2, duration: 4000 },
        { at: 3000, act: "slow", target: "kafka", member: 0, factor: 50, duration: 4000 },
      ]),
    );
    const seen = [500, 1500, 2500, 3500, 5500, 6500, 7500].map((ms) => {
      run.advance({ untilNs: ms * 1e6, maxEvents: Infinity });
      return conditions(run);
    });
    expect(seen).toEqual(["uuuuuu", "uduudu", "udiudi", "sdiudi", "suiuui", "suuuuu", "uuuuuu"]);
  });

  test("an isolation loses what was written without waiting for the replicas, and the report says why", () => {
    const timeline: readonly TimelineEntry[] = [
      { at: 10_000, act: "isolate", target: "kafka", member: 0, duration: 30_000 },
    ];
    const careless = finish(cluster(timeline, "1")).report(0);
    const careful = finish(cluster(timeline)).report(0);
    const lost = careless.channels[0]!.dropped;
    expect(Object.keys(lost)).toEqual(["lost-on-isolated-leader"]);
    expect(lost["lost-on-isolated-leader"]).toBeGreaterThan(20);
    expect(careful.channels[0]!.dropped).toEqual({});
    for (const { conservation } of [careless, careful]) expect(conservation.holds).toBe(true);
    const notes = careless.notes.map(({ sentence }) => sentence).join("\n");
    expect(notes).toContain("is cut off");
    expect(notes).toContain("written to the old leader while it was cut off");
  });
});

describe("by hand", () => {
  const faults: readonly LiveFault[] = [
    { act: "isolate", target: "kafka", member: 1 },
    { act: "slow", target: "kafka", zone: 0, factor: 200 },
    { act: "crash", target: "kafka", zone: 1 },
    { act: "reconnect", target: "kafka", member: 1 },
    { act: "restart", target: "kafka", zone: 1 },
    { act: "slow", target: "kafka", zone: 0, factor: 1 },
  ];

  test("what was done stands on the timeline and repeats itself to the same state", () => {
    const run = open(cluster([], "1"));
    const entries = faults.map((fault, i) => {
      run.advance({ untilNs: (5 + 7 * i) * 1e9, maxEvents: Infinity });
      return act(run, fault);
    });
    run.advance({ untilNs: Infinity, maxEvents: Infinity });
    expect(run.stateHash()).toBe(finish(cluster(entries, "1")).stateHash());
    expect(run.stateHash()).not.toBe(finish(cluster([], "1")).stateHash());
  });

  test("it goes back in time, and shows what was the matter then", () => {
    const run = open(cluster([], "1"), { historyBytes: 1e8, historyEvents: 500 });
    run.advance({ untilNs: 10e9, maxEvents: Infinity });
    act(run, { act: "isolate", target: "kafka", zone: 0 });
    run.advance({ untilNs: 30e9, maxEvents: Infinity });
    const then = run.stateHash();
    act(run, { act: "reconnect", target: "kafka", zone: 0 });
    run.advance({ untilNs: 50e9, maxEvents: Infinity });
    expect(conditions(run)).toBe("uuuuuu");
    run.seek(30e9);
    expect(conditions(run)).toBe("iuuiuu");
    expect(run.stateHash()).toBe(then);
    run.seek(9e9);
    expect(conditions(run)).toBe("uuuuuu");
  });

  test("what cannot be is refused with a remedy", () => {
    const run = open(cluster());
    const refusals = [
      { act: "isolate", target: "payment" } as const,
      { act: "pause", target: "kafka" } as const,
      { act: "isolate", target: "kafka", zone: 3 } as const,
      { act: "isolate", target: "kafka", member: 6 } as const,
      { act: "crash", target: "kafka", member: 0, zone: 0 } as const,
    ].map((fault) => {
      const done = run.act(fault);
      return done.ok ? "" : done.failure;
    });
    expect(refusals).toEqual([
      "payment cannot be cut off. Name a broker.",
      "kafka cannot stand still. Name a service.",
      'The nodes of kafka lie in 3 zones, counted from 0. Choose one of them as "zone".',
      'kafka has 6 nodes, counted from 0. Choose one of them as "member".',
      'A fault is of one node or of a zone. Leave "member" or "zone" out.',
    ]);
  });
});
