// Handlers that the document states: timers, timeouts, refusals, what is taken back, and cycles of events.

import { describe, expect, test } from "vitest";
import type { Connection, Node } from "../model/scenario.ts";
import type { Handler } from "../model/handler.ts";
import { directCall, finish, open, reportOf, sketch, source } from "./sketch.suite.ts";

const constant = (value: number) => ({ distribution: "constant", value }) as const;

function service(id: string, handlers: readonly Handler[], parameters = {}): Node {
  return { id, kind: "service", handlers, parameters };
}

const store: Node = { id: "db", kind: "store" };
const save: Connection = { id: "save", kind: "write", from: "a", to: "db" };

describe("a timer", () => {
  const every = constant(1000);
  const steps = [
    { do: "work", time: constant(100) },
    { do: "write", over: "save" },
  ] as const;

  test("begins by itself, also while nothing comes", () => {
    const scenario = sketch({
      duration: 10_500,
      nodes: [service("a", [{ every, steps }]), store],
      connections: [save],
    });
    const { nodes } = reportOf(scenario);
    expect(nodes[0]).toMatchObject({ handled: 10, failed: {} });
    expect(nodes[1]).toMatchObject({ writes: 10 });
  });

  test("misses what would pile up, and what falls into a crash", () => {
    const slow = [{ do: "work", time: constant(2500) }] as const;
    const busy = sketch({
      duration: 10_500,
      nodes: [service("a", [{ every, steps: slow }])],
      connections: [],
    });
    const [report] = reportOf(busy).nodes;
    expect(report!.failed["missed-tick"]).toBeGreaterThan(3);
    expect(report!.backlog).toBeLessThanOrEqual(1);
    const down = sketch({
      duration: 10_500,
      nodes: [service("a", [{ every, steps }]), store],
      connections: [save],
      timeline: [{ at: 2500, act: "crash", target: "a", duration: 3000 }],
    });
    expect(reportOf(down).nodes[0]).toMatchObject({ handled: 7, failed: { "missed-tick": 3 } });
  });

  test("is part of what a run goes back to", () => {
    const scenario = sketch({
      nodes: [service("a", [{ every: { distribution: "exponential", mean: 50 }, steps }]), store],
      connections: [save],
    });
    const run = open(scenario);
    run.advance({ untilNs: 20e9, maxEvents: Infinity });
    const hash = run.stateHash();
    run.advance({ untilNs: 40e9, maxEvents: Infinity });
    run.seek(20e9);
    expect(run.stateHash()).toBe(hash);
  });
});

describe("an attempt", () => {
  test("that takes longer than its handler allows fails, and is tried again", () => {
    const handler: Handler = { steps: [{ do: "work", time: constant(50) }], timeout: 20 };
    const scenario = sketch({
      duration: 3000,
      nodes: [
        source("clients", 1, { arrivals: "constant" }),
        service("a", [handler], { attempts: 2, backoff: 10, jitter: "none" }),
      ],
      connections: [directCall("clients", "a")],
    });
    const retries: number[] = [];
    const run = finish(scenario, {
      onEvent: ({ event, t }) => void (event === "retried" && retries.push(t)),
    });
    const [, a] = run.report(0).nodes;
    expect(a!.handled).toBe(0);
    expect(Object.keys(a!.failed)).toEqual(["timeout"]);
    expect(retries.length).toBeGreaterThanOrEqual(a!.failed["timeout"]!);
    expect(a!.latency.max).toBeCloseTo(50, 0);
  });
});

test("a contract that no handler names is handled without any step", () => {
  const scenario = sketch({
    duration: 3000,
    nodes: [
      source("clients", 1, { arrivals: "constant" }),
      service("a", [{ on: ["other"], steps: [{ do: "write", over: "save" }] }]),
      store,
    ],
    connections: [directCall("clients", "a"), save],
    contracts: ["request", "other"],
  });
  const { nodes } = reportOf(scenario);
  expect(nodes[1]!.handled).toBeGreaterThan(0);
  expect(nodes[2]!.writes).toBe(0);
});

describe("a cycle of events", () => {
  const loop = (fanOut: number) =>
    sketch({
      nodes: [
        source("clients", 1),
        { id: "broker", kind: "broker", technology: "rabbitmq" },
        service("a", [
          {
            steps: Array.from({ length: fanOut }, (_, i) => ({
              do: "publish" as const,
              over: `again-${i}`,
            })),
          },
        ]),
      ],
      channels: [
        { id: "in", broker: "broker", kind: "exchange", parameters: { type: "fanout" } },
        { id: "queue", broker: "broker", kind: "queue" },
      ],
      connections: [
        { id: "first", kind: "publish", from: "clients", to: "in", contract: "event" },
        { id: "bind", kind: "bind", from: "in", to: "queue" },
        { id: "take", kind: "consume", from: "queue", to: "a" },
        ...Array.from({ length: fanOut }, (_, i): Connection => ({
          id: `again-${i}`,
          kind: "publish",
          from: "a",
          to: "in",
          contract: "event",
        })),
      ],
    });

  test("without work and delay ends with the limit of causes, which is named", () => {
    const ended = reportOf(loop(1)).ended;
    expect(ended.reason).toBe("limit");
    expect(ended.sentence).toContain("A chain of 1000 causes was reached");
  });

  test("with fan-out does not hang: events go on one by one, and every slice comes back", () => {
    const run = open(loop(2));
    run.advance({ untilNs: Infinity, maxEvents: 100_000 });
    expect(run.events()).toBe(100_000);
    expect(run.conservation().violations).toEqual([]);
  });
});
