// Stores with versions in a run: each anomaly has a smallest scenario that must show it and a twin that must not; lag and
// visibility agree with theory.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { StoreConsistency } from "../model/consistencyReport.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import { exp } from "../kernel/math.ts";
import { directCall, finish, sketch, source, worker } from "./sketch.suite.ts";

const instant = { distribution: "constant", value: 0 } as const;

function constant(value: number) {
  return { distribution: "constant", value } as const;
}

function store(id: string, parameters: Parameters = {}): Node {
  return { id, kind: "store", parameters: { versions: true, ...parameters } };
}

function write(from: string, to: string, parameters: Parameters): Connection {
  return { id: `${from}-writes-${to}`, kind: "write", from, to, parameters };
}

/** Buyers who all come at once for what there is one of. */
function rush(buyers: number, stock: number, parameters: Parameters): Scenario {
  return sketch({
    duration: 60_000,
    sourcesStopAt: 1500,
    nodes: [
      source("buyers", 1, {
        arrivals: "constant",
        keyChoice: "sequential",
        keys: 1,
        batch: constant(buyers),
      }),
      worker("shop", { concurrency: buyers, serviceTime: instant, attempts: 100, backoff: 1 }),
      store("stock", { initialValue: stock }),
    ],
    connections: [
      directCall("buyers", "shop"),
      write("shop", "stock", {
        change: "add",
        amount: -1,
        atLeast: 0,
        duration: constant(5),
        ...parameters,
      }),
    ],
  });
}

function shown(scenario: Scenario, id: string): StoreConsistency {
  const report = finish(scenario).report(0);
  expect(report.conservation.violations).toEqual([]);
  return report.consistency.stores.find((one) => one.id === id)!;
}

describe("writers that read first and write later", () => {
  test("sell the last one twice when nobody looks at versions", () => {
    const stock = shown(rush(2, 1, { check: "none" }), "stock");
    expect([stock.commits, stock.value, stock.oversold, stock.lostUpdates]).toEqual([2, 0, 1, 1]);
  });

  test("sell it once when the version is checked", () => {
    const stock = shown(rush(2, 1, { check: "version" }), "stock");
    expect([stock.commits, stock.conflicts, stock.refused]).toEqual([1, 1, 1]);
    expect([stock.value, stock.oversold, stock.lostUpdates]).toEqual([0, 0, 0]);
  });

  test("sell it once by one atomic update", () => {
    const stock = shown(rush(2, 1, { check: "atomic" }), "stock");
    expect([stock.commits, stock.conflicts, stock.refused, stock.oversold]).toEqual([1, 0, 1, 0]);
  });
});

/** Orders are committed in one store; events bring them into that of a second service. */
function followed(about: {
  readonly clients: Parameters;
  readonly view: Parameters;
  readonly writes?: { readonly orders?: Parameters; readonly view?: Parameters };
  readonly consume?: Parameters;
  readonly duration?: number;
  readonly stores?: Parameters;
  readonly timeline?: Scenario["timeline"];
}): Scenario {
  const duration = about.duration ?? 60_000;
  return sketch({
    duration,
    sourcesStopAt: duration - 20_000,
    nodes: [
      { id: "clients", kind: "producer", parameters: about.clients },
      worker("orders", { concurrency: 1000, serviceTime: instant }),
      store("orders-db", about.stores ?? {}),
      { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      worker("view", about.view),
      store("view-db", about.stores ?? {}),
    ],
    channels: [{ id: "queue", broker: "rabbit", kind: "queue" }],
    connections: [
      directCall("clients", "orders"),
      write("orders", "orders-db", { duration: instant, ...about.writes?.orders }),
      {
        id: "tell",
        kind: "publish",
        from: "orders",
        to: "queue",
        contract: "ordered",
        parameters: { latency: 0 },
      },
      {
        id: "hear",
        kind: "consume",
        from: "queue",
        to: "view",
        parameters: { latency: 0, ...about.consume },
      },
      write("view", "view-db", { duration: instant, ...about.writes?.view }),
    ],
    ...(about.timeline === undefined ? {} : { timeline: about.timeline }),
  });
}

describe("replicas", () => {
  test("fed through an M/M/1 channel become visible as the formula says", () => {
    const [lambda, mu] = [30, 50];
    const scenario = followed({
      clients: { rate: lambda, keyChoice: "uniform", keys: 1000 },
      view: { serviceTime: { distribution: "exponential", mean: 1000 / mu } },
      duration: 1_000_000,
    });
    const [replica] = finish(scenario).report(0).consistency.replicas;
    expect(replica).toMatchObject({ source: "orders-db", store: "view-db", missing: 0 });
    const { delay, visibility } = replica!;
    // As many independent observations as tell the mean as surely; the time in the system has its mean as deviation.
    const independent = ((1.96 * delay.mean!) / delay.meanCertainty.halfWidth!) ** 2;
    expect(independent).toBeGreaterThan(500);
    for (const { withinMs, share } of visibility) {
      const wanted = 1 - exp((-(mu - lambda) * withinMs) / 1000);
      const halfWidth = 2.58 * Math.sqrt((wanted * (1 - wanted)) / independent);
      // A bucket of the histogram is 0.8 % wide.
      expect(Math.abs(share! - wanted)).toBeLessThan(halfWidth + 0.004);
    }
  });

  test("have nothing left to apply once everything has come", () => {
    const [replica] = finish(
      followed({ clients: { rate: 20, keyChoice: "uniform", keys: 5 }, view: {} }),
    ).report(0).consistency.replicas;
    expect(replica).toMatchObject({ isAtRest: true, missing: 0, staleKeys: 0, divergedKeys: 0 });
    expect(replica!.delay.count).toBe(replica!.commits);
    expect(replica!.keys).toBe(5);
  });

  test("lack for good what was lost on the way", () => {
    const scenario = followed({
      clients: { rate: 20, keyChoice: "sequential", keys: 1e6 },
      view: { errorRate: 0.2, attempts: 1 },
      consume: { on_failure: "reject" },
    });
    const [replica] = finish(scenario).report(0).consistency.replicas;
    expect(replica!.isAtRest).toBe(true);
    expect(replica!.missing).toBeGreaterThan(20);
    expect(replica!.divergedKeys).toBe(replica!.missing);
    expect(replica!.applications + replica!.missing).toBe(replica!.commits);
    expect(replica!.maxAgeMs).toBeGreaterThan(50_000);
  });

  /** Two workers overtake each other with events of the same key. */
  const overtaking = (check: string): StoreConsistency =>
    shown(
      followed({
        clients: { rate: 50, keyChoice: "sequential", keys: 1 },
        view: { concurrency: 8 },
        writes: { view: { check } },
        consume: { prefetch_count: 1 },
      }),
      "view-db",
    );

  test("go back where workers overtake each other and nobody compares versions", () => {
    expect(overtaking("none").outOfOrder).toBeGreaterThan(50);
    expect(overtaking("version").outOfOrder).toBe(0);
  });

  /** Balances grow by deposits; a second store adds up the same changes. The consumer crashes now and then. */
  const deposits = (view: Parameters): StoreConsistency =>
    shown(
      followed({
        clients: { rate: 50, keyChoice: "uniform", keys: 20 },
        view: { concurrency: 4, ...view },
        writes: {
          orders: { change: "add", amount: 10, check: "atomic" },
          view: { change: "add change" },
        },
        consume: { prefetch_count: 10 },
        timeline: [5, 10, 15, 20].map((at) => ({
          at: at * 1000,
          act: "crash" as const,
          target: "view",
          duration: 500,
        })),
      }),
      "view-db",
    );

  test("that add up changes count one twice when it is delivered again", () => {
    const view = deposits({});
    expect(view.duplicateEffects).toBeGreaterThanOrEqual(0);
    expect(view.discrepancy).toBe(10 * view.duplicateEffects);
  });
});
