// Stores that keep events: what loading costs, what the past looks like, and that a store of rows knows none.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import { checkScenario } from "../model/check.ts";
import type { Scenario } from "../model/scenario.ts";
import { directCall, finish, sketch, source, worker } from "./sketch.suite.ts";

const constant = (value: number) => ({ distribution: "constant", value }) as const;

/** One client that deposits once a second into one account, which its service writes alone. */
function deposits(about: { readonly seconds: number; readonly store?: Parameters }): Scenario {
  return sketch({
    duration: about.seconds * 1000 + 500,
    nodes: [
      source("clients", 1, { arrivals: "constant", keyChoice: "sequential", keys: 1 }),
      worker("bank", { serviceTime: constant(0) }),
      {
        id: "accounts",
        kind: "store",
        parameters: { versions: true, keeps: "events", initialValue: 100, ...about.store },
      },
    ],
    connections: [
      directCall("clients", "bank"),
      {
        id: "deposit",
        kind: "write",
        from: "bank",
        to: "accounts",
        parameters: { change: "add", amount: 10, check: "version", duration: constant(2) },
      },
    ],
  });
}

function entity(scenario: Scenario, untilNs = Infinity) {
  const run = finish(scenario);
  const key = "key-0";
  const found = run.entityHistories({ store: "accounts", key, untilNs });
  if (!found.ok) throw new Error(found.failure);
  return found.value[0]!;
}

describe("an event store", () => {
  test("keeps every change, and knows the state at any past time", () => {
    const scenario = deposits({ seconds: 30 });
    const now = entity(scenario);
    expect([now.version, now.value, now.eventCount]).toEqual([30, 400, 30]);
    expect(now.events[0]).toMatchObject({ version: 1, before: 100, value: 110 });
    const then = entity(scenario, 12.5e9);
    expect([then.version, then.value, then.events.length]).toEqual([12, 220, 12]);
    const atFirst = entity(scenario, 0.5e9);
    expect([atFirst.version, atFirst.value, atFirst.events]).toEqual([0, 100, []]);
  });

  test("is loaded from the last snapshot: 34 events for version 1,234", () => {
    const { version, eventsToLoad, loadMs } = entity(
      deposits({ seconds: 1234, store: { snapshotEvery: 100, snapshotTime: 3, eventTime: 0.5 } }),
    );
    expect([version, eventsToLoad, loadMs]).toEqual([1234, 34, 3 + 34 * 0.5]);
  });

  test("makes each write wait for the events before it, unless there are snapshots", () => {
    const took = (store: Parameters): number => {
      const report = finish(deposits({ seconds: 20, store: { eventTime: 1, ...store } })).report(0);
      return report.nodes.find(({ id }) => id === "bank")!.latency.mean!;
    };
    // Before the n-th of 20 writes there are n − 1 events: 0 to 19, 9.5 on average, and the write itself.
    expect(took({})).toBeCloseTo(2 + 9.5, 6);
    // 0 to 4 events, and a snapshot for all but the first five.
    expect(took({ snapshotEvery: 5, snapshotTime: 2 })).toBeCloseTo(2 + 2 + (2 * 15) / 20, 6);
    expect(took({ keeps: "rows" })).toBeCloseTo(2, 6);
  });

  test("tells what it stores and reads", () => {
    const report = finish(deposits({ seconds: 20, store: { snapshotEvery: 5 } })).report(0);
    expect(report.nodes.find(({ id }) => id === "accounts")!.counts).toEqual({
      "events stored": 20,
      "bytes of events": 20_000,
      "entities loaded": 20,
      "events read for that": 40,
      "snapshots taken": 4,
      "snapshots read": 15,
    });
  });

  test("says what to do where there is no past", () => {
    const run = finish(deposits({ seconds: 2, store: { keeps: "rows" } }));
    const at = { untilNs: Infinity };
    expect(run.entityHistories({ store: "accounts", key: "key-0", ...at })).toMatchObject({
      ok: false,
      failure: expect.stringContaining("let it keep events"),
    });
    const events = finish(deposits({ seconds: 2 }));
    expect(events.entityHistories({ store: "accounts", key: "x", ...at })).toMatchObject({
      ok: false,
      failure: expect.stringContaining("no entity “x” yet; the first one is"),
    });
    expect(events.entityHistories({ store: "bank", key: "x", ...at })).toMatchObject({ ok: false });
  });
});

describe("a projection", () => {
  /** Deposits into many accounts, and a service that builds a view of them from their events. */
  const projected = (about: {
    readonly rate: number;
    readonly until: number;
    readonly subscription: Parameters;
    readonly view?: Parameters;
    readonly change?: string;
    readonly timeline?: Scenario["timeline"];
  }): Scenario =>
    sketch({
      duration: 60_000,
      sourcesStopAt: about.until,
      nodes: [
        source("clients", about.rate, { arrivals: "constant", keys: 50, keyChoice: "uniform" }),
        worker("bank", { serviceTime: constant(0), concurrency: 10 }),
        {
          id: "accounts",
          kind: "store",
          parameters: { versions: true, keeps: "events", eventTime: 0 },
        },
        worker("projector", { serviceTime: constant(0), ...about.view }),
        { id: "balances", kind: "store", parameters: { versions: true } },
      ],
      connections: [
        directCall("clients", "bank"),
        {
          id: "deposit",
          kind: "write",
          from: "bank",
          to: "accounts",
          parameters: { change: "add", amount: 10, check: "atomic", duration: constant(1) },
        },
        {
          ...directCall("accounts", "projector"),
          parameters: { timeout: 1000, latency: constant(0), ...about.subscription },
        },
        {
          id: "project",
          kind: "write",
          from: "projector",
          to: "balances",
          parameters: { change: about.change ?? "add change", duration: constant(0) },
        },
      ],
      timeline: about.timeline ?? [],
    });
  const results = (scenario: Scenario) => {
    const { consistency, conservation } = finish(scenario).report(0);
    expect(conservation.violations).toEqual([]);
    const [replica] = consistency.replicas;
    const store = (id: string) => consistency.stores.find((one) => one.id === id)!;
    return {
      replica: replica!,
      subscription: consistency.subscriptions[0]!,
      balances: store("balances"),
      accounts: store("accounts"),
    };
  };

  test("that is added later is rebuilt from the log: N events at a rate take N / rate", () => {
    // 2,000 events are there, each takes 0.05 ms: at 20,000 a second that is 0.1 s.
    const subscription = { startsAt: 30_000, batch: 100_000, batchTime: 0 };
    const view = { serviceTime: constant(0.05) };
    const of = results(projected({ rate: 200, until: 10_001, subscription, view }));
    expect(of.subscription).toMatchObject({ addedAt: 30, done: 2000, waiting: 0, failed: 0 });
    expect(of.subscription.caughtUpAfter).toBeCloseTo(2000 / 20_000, 9);
    expect(of.balances.value).toBe(of.accounts.value);
    expect(of.replica).toMatchObject({ missing: 0, divergedKeys: 0, commits: 2000 });
  });

  test("that begins with what comes then never learns what was before", () => {
    const late = { startsAt: 5002, startsWith: "now" };
    const of = results(projected({ rate: 200, until: 10_001, subscription: late }));
    expect(of.subscription.done).toBe(1000);
    expect(of.balances.value).toBe(of.accounts.value - 10 * 1000);
    expect(of.replica).toMatchObject({ isAtRest: true, missing: 1000 });
  });

  test("reads in batches: the wait for each comes on top", () => {
    const subscription = { startsAt: 30_000, batch: 100, batchTime: 10 };
    const of = results(projected({ rate: 200, until: 10_001, subscription }));
    expect(of.subscription.caughtUpAfter).toBeCloseTo(20 * 0.01, 9);
  });

  test("goes on where it was when its service comes back: nothing is lost, and nothing counts twice", () => {
    const timeline = [{ at: 3000, act: "crash" as const, target: "projector", duration: 4000 }];
    const subscription = { pause: 100 };
    const of = results(projected({ rate: 200, until: 10_001, subscription, timeline }));
    expect(of.subscription).toMatchObject({ done: 2000, waiting: 0, passedOver: 0 });
    expect(of.subscription.failed).toBeGreaterThan(10);
    expect(of.balances).toMatchObject({ duplicateEffects: 0, value: of.accounts.value });
    expect(of.replica.maxAgeMs).toBeGreaterThan(3900);
  });

  test("that passes over what fails lacks it for good", () => {
    const subscription = { whenFailed: "pass over" };
    const view = { errorRate: 0.1 };
    const of = results(projected({ rate: 200, until: 10_001, subscription, view }));
    expect(of.subscription.passedOver).toBeGreaterThan(100);
    expect(of.replica.missing).toBe(of.subscription.passedOver);
    expect(of.subscription.done + of.subscription.passedOver).toBe(2000);
  });

  test("handles many at once, but those of one entity in their order", () => {
    const view = {
      serviceTime: { distribution: "exponential", mean: 20 } as const,
      concurrency: 8,
    };
    const took = (parallel: number) => {
      const subscription = { startsAt: 20_000, parallel, batchTime: 0 };
      const of = results(
        projected({ rate: 100, until: 10_001, subscription, view, change: "note" }),
      );
      expect(of.balances.outOfOrder).toBe(0);
      expect(of.replica.missing).toBe(0);
      return of.subscription.caughtUpAfter!;
    };
    const [one, eight] = [took(1), took(8)];
    expect(one).toBeGreaterThan(15);
    expect(eight).toBeLessThan(one / 3);
  });

  test("of a store of rows is refused, with a remedy", () => {
    const events = projected({ rate: 1, until: 1000, subscription: {} });
    const nodes = events.nodes.map((node) =>
      node.id === "accounts" ? { ...node, parameters: { versions: true } } : node,
    );
    const problems = checkScenario({ ...events, nodes });
    expect(problems.map(({ message }) => message).join()).toContain(
      "Let accounts keep versions and events",
    );
  });
});
