// Rebalancing as pauses of a run: eager groups stop all, cooperative ones and those of the consumer protocol only what
// moves. The figure is for how long partitions had nobody who reads them.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

const eager = { "partition.assignment.strategy": "sticky" };
const cooperative = { "partition.assignment.strategy": "cooperative-sticky" };
const server = { "group.protocol": "consumer" };

const PARTITIONS = 6;

/** A group of workers, and a record every tenth of a second. */
function start(consume: Parameters, workers: number): FakeRun {
  const run = new FakeRun(
    kafka,
    {
      channels: [{ id: "t", kind: "topic", parameters: { partitions: PARTITIONS } }],
      publishers: [{ to: "t" }],
      subscriptions: [{ from: "t", node: "payment", workers, parameters: consume }],
    },
    { plans: [{ serviceMs: 1 }] },
  );
  for (let i = 0; i < 1000; i++) run.publish(i * 100, 0, i, { key: `k${i % 60}` });
  return run;
}

function unreadMs(run: FakeRun): number {
  return run.broker.unreadNs!(0) / 1e6;
}

/** Whoever has read each partition within a stretch of time [ms]. */
function readers(run: FakeRun, fromMs: number, toMs: number): readonly (readonly number[])[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => [
    ...new Set(
      run
        .find("deliver", { partition })
        .filter(({ ms }) => ms >= fromMs && ms < toMs)
        .map(({ worker }) => worker),
    ),
  ]);
}

/** The longest time without a delivery from a partition [ms]. */
function longestGapMs(run: FakeRun, partition: number): number {
  const times = run.find("deliver", { partition }).map(({ ms }) => ms);
  return Math.max(...times.slice(1).map((ms, i) => ms - times[i]!));
}

/** A worker closes at 10 s, after which the group settles, and comes back at 40 s. */
function comeAndGo(consume: Parameters): FakeRun {
  const run = start(consume, 3);
  run.at(10_000, () => run.leave(0, 2, "close"));
  run.at(40_000, () => run.join(0, 2));
  run.runUntil(100_000);
  return run;
}

describe("a member joins", () => {
  test("cooperative: in the first round only what moves is given up, in the second the new member gets it", () => {
    const run = start(cooperative, 3);
    run.at(10_000, () => run.leave(0, 2, "close"));
    run.runUntil(39_000);
    const before = readers(run, 30_000, 39_000);
    expect(before.map((workers) => workers.length)).toEqual(Array(PARTITIONS).fill(1));
    run.at(40_000, () => run.join(0, 2));
    run.runUntil(100_000);
    const after = readers(run, 50_000, 100_000);
    const moved = after.flatMap((workers, p) => (workers[0] === before[p]![0] ? [] : [p]));
    expect(moved).toHaveLength(2);
    expect(moved.map((p) => after[p]![0])).toEqual([2, 2]);
    const rounds = run
      .find("note")
      .filter(({ reason, ms }) => ms >= 40_000 && /rebalanced/.test(reason));
    expect(rounds).toHaveLength(2);
    for (let p = 0; p < PARTITIONS; p++)
      if (!moved.includes(p)) expect(readers(run, 39_000, 50_000)[p]).toEqual(before[p]);
  });

  test("while one member is busy, an eager group stands still; otherwise only what moves is without reader, for a heartbeat", () => {
    const [all, rounds, heartbeats] = [eager, cooperative, server].map((consume) => {
      const run = new FakeRun(
        kafka,
        {
          channels: [{ id: "t", kind: "topic", parameters: { partitions: PARTITIONS } }],
          publishers: [{ to: "t" }],
          subscriptions: [{ from: "t", node: "payment", workers: 4, parameters: consume }],
        },
        { plans: [{ serviceMs: 1000 }] },
      );
      run.at(1000, () => run.leave(0, 3, "close"));
      // A poll that keeps its reader busy for twenty seconds.
      for (let i = 0; i < 20; i++) run.publish(20_000, 0, i, { key: "a" });
      run.at(21_000, () => run.join(0, 3));
      run.runUntil(20_500);
      const beforeMs = unreadMs(run);
      run.runUntil(100_000);
      expect(run.books("t").acknowledged).toBe(20);
      return unreadMs(run) - beforeMs;
    }) as [number, number, number];
    // Four partitions or more, from the next heartbeat to the end of the poll.
    expect(all).toBeGreaterThan(4 * 15_000);
    // At most two partitions move, each within one interval of heartbeats and a round trip.
    for (const [pausedMs, intervalMs] of [
      [rounds, 3000],
      [heartbeats, 5000],
    ] as const) {
      expect(pausedMs).toBeGreaterThan(0);
      expect(pausedMs).toBeLessThan(2 * (intervalMs + 10));
    }
  });

  test("the consumer protocol has no barrier: a member that is busy for long keeps nobody else waiting", () => {
    const late = (consume: Parameters): number => {
      const run = new FakeRun(
        kafka,
        {
          channels: [{ id: "t", kind: "topic", parameters: { partitions: 3 } }],
          publishers: [{ to: "t" }],
          subscriptions: [{ from: "t", node: "payment", workers: 3, parameters: consume }],
        },
        { plans: [{ serviceMs: 2000 }] },
      );
      // One key keeps its owner busy, with polls of a minute; the other partitions have nothing to do.
      for (let i = 0; i < 30; i++) run.publish(20_000, 0, i, { key: "a" });
      run.at(30_000, () => {
        const at = run.find("deliver")[0]!.worker;
        run.leave(0, (at + 1) % 3, "close");
      });
      run.publish(32_000, 0, "other", { key: "b" });
      run.publish(32_000, 0, "third", { key: "order-2" });
      run.runUntil(200_000);
      const got = run.find("deliver").filter(({ label }) => label === "other" || label === "third");
      expect(got).toHaveLength(2);
      return Math.max(...got.map(({ ms }) => ms));
    };
    expect(late(eager)).toBeGreaterThan(80_000);
    expect(late(server)).toBeLessThan(45_000);
  });
});

describe("a member is gone", () => {
  test("closing, its partitions are shared out while others go on", () => {
    for (const consume of [cooperative, server]) {
      const run = start(consume, 3);
      run.runUntil(9000);
      const before = readers(run, 0, 9000);
      run.at(10_000, () => run.leave(0, 2, "close"));
      run.runUntil(30_000);
      const after = readers(run, 20_000, 30_000);
      after.forEach((workers, p) => {
        expect(workers).toHaveLength(1);
        if (before[p]![0] === 2) expect(workers[0]).not.toBe(2);
        else expect(workers).toEqual(before[p]);
      });
    }
  });

  test("crashing, its partitions wait for the end of its session, and only these", () => {
    for (const consume of [cooperative, server]) {
      const run = start(consume, 3);
      run.runUntil(9000);
      const orphans = readers(run, 0, 9000).flatMap((workers, p) => (workers[0] === 2 ? [p] : []));
      run.at(10_000, () => run.leave(0, 2, "crash"));
      run.runUntil(100_000);
      for (let p = 0; p < PARTITIONS; p++) {
        const gapMs = longestGapMs(run, p);
        if (orphans.includes(p)) expect(gapMs).toBeGreaterThan(40_000);
        else expect(gapMs).toBeLessThan(5000);
      }
      // Each of the two was unread for the session and the heartbeat with which another member got it.
      expect(unreadMs(run)).toBeGreaterThan(2 * 40_000);
      expect(unreadMs(run)).toBeLessThan(2 * 52_000);
    }
  });

  test("with static membership it takes its own partitions again, and the group does not notice", () => {
    for (const consume of [cooperative, server]) {
      const run = start({ ...consume, "group.instance.id": true }, 3);
      run.runUntil(9000);
      const before = readers(run, 0, 9000);
      run.at(10_000, () => run.leave(0, 2, "crash"));
      run.at(15_000, () => run.join(0, 2));
      run.runUntil(60_000);
      expect(readers(run, 20_000, 60_000)).toEqual(before);
      const notes = run.find("note").map(({ reason }) => reason);
      expect(notes.filter((note) => /rebalanc|assignment/.test(note))).toEqual([]);
      expect(unreadMs(run)).toBeCloseTo(2 * 5002, -1);
    }
  });
});

test("everything published is dealt with once where nobody crashes", () => {
  for (const consume of [cooperative, server, { ...server, "group.remote.assignor": "range" }]) {
    const run = comeAndGo(consume);
    run.runUntil(120_000);
    expect(run.books("t").acknowledged).toBe(1000);
    expect(run.find("deliver", { attempt: 2 })).toEqual([]);
  }
});
