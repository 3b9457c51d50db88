// Waiting at stores: for a lock, for a place, and for one's own writes.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import { directCall, erlangC, finish, sketch, source, worker } from "./sketch.suite.ts";

const constant = (value: number) => ({ distribution: "constant", value }) as const;

function store(id: string, parameters: Parameters = {}): Node {
  return { id, kind: "store", parameters: { versions: true, ...parameters } };
}

function shown(scenario: Scenario, id: string) {
  const report = finish(scenario).report(0);
  expect(report.conservation.violations).toEqual([]);
  return {
    ...report.consistency.stores.find((one) => one.id === id)!,
    counts: report.nodes.find((one) => one.id === id)!.counts,
    report,
  };
}

/** So many writers who come at once, read, think and write the same row. */
function writers(count: number, write: Parameters): Scenario {
  return sketch({
    duration: 60_000,
    sourcesStopAt: 1500,
    nodes: [
      source("clients", 1, {
        arrivals: "constant",
        keyChoice: "sequential",
        keys: 1,
        batch: constant(count),
      }),
      worker("shop", {
        concurrency: count,
        serviceTime: constant(0),
        attempts: 100,
        growth: "fixed",
        jitter: "none",
        backoff: 1,
      }),
      store("stock"),
    ],
    connections: [
      directCall("clients", "shop"),
      {
        id: "look",
        kind: "read",
        from: "shop",
        to: "stock",
        parameters: { duration: constant(2) },
      },
      {
        id: "change",
        kind: "write",
        from: "shop",
        to: "stock",
        parameters: { change: "add", amount: 1, duration: constant(5), ...write },
      },
    ],
  });
}

describe("a lock", () => {
  test("needs 10 attempts of 10 writers, where an optimistic check needs 55", () => {
    const optimistic = shown(writers(10, { check: "version" }), "stock");
    expect([optimistic.commits, optimistic.commits + optimistic.conflicts]).toEqual([10, 55]);
    const locked = shown(writers(10, { check: "lock" }), "stock");
    expect([locked.commits, locked.conflicts, locked.lostUpdates]).toEqual([10, 0, 0]);
    expect(locked.value).toBe(10);
    // Each holds it from its read to its write, 7 ms: the others wait for 7, 14, … 63 ms.
    expect(locked.counts).toMatchObject({
      "locks granted": 10,
      "after waiting": 9,
      "ms waited for locks": 7 * 45,
      deadlocks: 0,
    });
  });

  test("is not waited for longer than is said", () => {
    const locked = shown(writers(10, { check: "lock", lockTimeout: 20 }), "stock");
    // The first three have it after 0, 7 and 14 ms; the others try again.
    expect(locked.counts["lock waits given up"]).toBeGreaterThanOrEqual(7);
    expect(locked.value).toBe(10);
    expect(locked.lostUpdates).toBe(0);
  });

  test("is let go by a worker that dies or gives up", () => {
    const scenario = writers(3, { check: "lock", lockTimeout: 1e6 });
    const timeline = [{ at: 1003, act: "crash" as const, target: "shop", duration: 100 }];
    const locked = shown({ ...scenario, timeline }, "stock");
    expect(locked.commits).toBe(0);
    const again = { ...scenario, load: { duration: 60_000, sourcesStopAt: 2500 }, timeline };
    expect(shown(again, "stock").commits).toBe(3);
  });

  test("never keeps two who wait for each other: who closes the circle fails and tries again", () => {
    const step = (kind: "read" | "write", from: string, to: string): Connection => ({
      id: `${from}-${kind}-${to}`,
      kind,
      from,
      to,
      parameters:
        kind === "read"
          ? { duration: constant(5) }
          : { change: "add", check: "lock", duration: constant(5), lockTimeout: 1e6 },
    });
    const service = (id: string, first: string, second: string): Node => ({
      id,
      kind: "service",
      parameters: { attempts: 10, backoff: 50 },
      handlers: [
        {
          steps: [
            { do: "read", over: `${id}-read-${first}` },
            { do: "read", over: `${id}-read-${second}` },
            { do: "write", over: `${id}-write-${first}` },
            { do: "write", over: `${id}-write-${second}` },
          ],
        },
      ],
    });
    const clients = (id: string): Node =>
      source(id, 1, { arrivals: "constant", keyChoice: "sequential", keys: 1, keyName: "row" });
    const both = ["x", "y"].flatMap((from) =>
      ["left", "right"].flatMap((to) => [step("read", from, to), step("write", from, to)]),
    );
    const scenario = sketch({
      duration: 20_000,
      sourcesStopAt: 10_500,
      nodes: [
        clients("a"),
        worker("gate", { concurrency: 2, serviceTime: constant(0) }),
        service("x", "left", "right"),
        service("y", "right", "left"),
        store("left"),
        store("right"),
        { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      ],
      channels: [
        { id: "all", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
        { id: "qx", broker: "rabbit", kind: "queue" },
        { id: "qy", broker: "rabbit", kind: "queue" },
      ],
      connections: [
        directCall("a", "gate"),
        { id: "tell", kind: "publish", from: "gate", to: "all", contract: "told" },
        { id: "bx", kind: "bind", from: "all", to: "qx" },
        { id: "by", kind: "bind", from: "all", to: "qy" },
        { id: "hx", kind: "consume", from: "qx", to: "x" },
        { id: "hy", kind: "consume", from: "qy", to: "y" },
        ...both,
      ],
    });
    const left = shown(scenario, "left");
    const right = left.report.consistency.stores.find(({ id }) => id === "right")!;
    const counts = left.report.nodes.find(({ id }) => id === "right")!.counts;
    expect(left.counts["deadlocks"]! + counts["deadlocks"]!).toBe(10);
    expect([left.value, right.value]).toEqual([20, 20]);
  });
});

describe("the capacity of a store", () => {
  const asked = (capacity: number | null, rate: number) =>
    sketch({
      duration: 400_000,
      nodes: [
        source("clients", rate, { keys: 100 }),
        worker("shop", { concurrency: 1000, serviceTime: constant(0) }),
        store("db", { capacity, versions: false }),
      ],
      connections: [
        directCall("clients", "shop"),
        {
          id: "look",
          kind: "read",
          from: "shop",
          to: "db",
          parameters: { duration: { distribution: "exponential", mean: 20 } },
        },
      ],
    });

  test("makes operations wait as M/M/c says", () => {
    const [capacity, rate] = [3, 120];
    const report = finish(asked(capacity, rate)).report(0);
    const { utilisation, counts } = report.nodes.find(({ id }) => id === "db")!;
    const offered = rate * 0.02;
    expect(utilisation).toBeCloseTo(offered / capacity, 1);
    const waits = erlangC(capacity, offered);
    const meanMs = (waits * 20) / (capacity - offered);
    const operations = counts["operations"]!;
    expect(counts["waited for a place"]! / operations).toBeCloseTo(waits, 1);
    expect(counts["ms waited for a place"]! / operations / meanMs).toBeCloseTo(1, 0);
    const { latency } = report.nodes.find(({ id }) => id === "shop")!;
    expect(latency.mean! / (20 + meanMs)).toBeCloseTo(1, 1);
  });

  test("costs nothing where there is none", () => {
    const report = finish(asked(null, 50)).report(0);
    expect(report.nodes.find(({ id }) => id === "db")!.counts).toEqual({});
  });
});

describe("a reader that waits for its own writes", () => {
  /** A gateway has something written, and reads at once what a projection 100 ms behind has of it. */
  const reading = (read: Parameters, timeline: Scenario["timeline"] = []): Scenario =>
    sketch({
      duration: 60_000,
      sourcesStopAt: 30_000,
      nodes: [
        source("clients", 2, { arrivals: "constant", keyChoice: "sequential", keys: 10 }),
        worker("gateway", { serviceTime: constant(0), concurrency: 10 }),
        worker("orders", { serviceTime: constant(0) }),
        worker("queries", { serviceTime: constant(0), concurrency: 10 }),
        worker("projector", { serviceTime: constant(100) }),
        store("orders-db"),
        store("orders-view"),
        { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      ],
      channels: [{ id: "queue", broker: "rabbit", kind: "queue" }],
      connections: [
        directCall("clients", "gateway"),
        { ...directCall("gateway", "orders"), id: "order" },
        { ...directCall("gateway", "queries"), id: "query" },
        {
          id: "write",
          kind: "write",
          from: "orders",
          to: "orders-db",
          parameters: { change: "add", duration: constant(1) },
        },
        { id: "tell", kind: "publish", from: "orders", to: "queue", contract: "ordered" },
        { id: "hear", kind: "consume", from: "queue", to: "projector" },
        { id: "project", kind: "write", from: "projector", to: "orders-view" },
        {
          id: "look",
          kind: "read",
          from: "queries",
          to: "orders-view",
          parameters: { duration: constant(1), ...read },
        },
      ],
      timeline,
    });
  const outage = [{ at: 10_000, act: "crash" as const, target: "projector", duration: 5000 }];

  test("sees every one of them; without waiting none", () => {
    const without = shown(reading({}), "orders-view");
    expect(without.readYourWrites).toBe(without.reads);
    expect(without.reads).toBeGreaterThan(50);
    const waiting = shown(reading({ waits: true }), "orders-view");
    expect([waiting.readYourWrites, waiting.staleReads]).toEqual([0, 0]);
    expect(waiting.reads).toBe(without.reads);
    const [figures] = waiting.report.consistency.waitingReads;
    expect(figures).toMatchObject({ waited: waiting.reads, timedOut: 0, waiting: 0 });
    expect(figures!.meanWaitMs).toBeGreaterThan(95);
    expect(figures!.meanWaitMs).toBeLessThan(115);
  });

  test("takes the older answer, or none, after it has waited in vain", () => {
    const stale = shown(reading({ waits: true, waitAtMost: 500 }, outage), "orders-view");
    const [late] = stale.report.consistency.waitingReads;
    expect(late!.timedOut).toBeGreaterThan(5);
    expect(stale.readYourWrites).toBe(late!.timedOut);
    const failing = { waits: true, waitAtMost: 500, whenLate: "fail" };
    const none = shown(reading(failing, outage), "orders-view");
    expect(none.readYourWrites).toBe(0);
    const failed = none.report.nodes.find(({ id }) => id === "queries")!.failed;
    expect(failed["too-old"]).toBe(none.report.consistency.waitingReads[0]!.timedOut);
  });
});
