// Stores that keep events: what loading costs, what the past looks like, and that a store of rows knows none.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
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
