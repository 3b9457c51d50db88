// Log compaction: what stays of a topic, when, and what readers see of it.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

interface About {
  readonly topic?: Parameters;
  readonly joins?: "all" | "none";
  readonly readers?: boolean;
}

/** One topic; publisher 1 writes tombstones. */
function open(about: About): FakeRun {
  const topic = { "cleanup.policy": "compact", "segment.ms": 1000, ...about.topic };
  const consume = { "auto.offset.reset": "earliest" };
  return new FakeRun(
    kafka,
    {
      channels: [{ id: "t", kind: "topic", parameters: topic }],
      publishers: [{ to: "t" }, { to: "t", parameters: { "null.value": true } }],
      subscriptions: about.readers === false ? [] : [{ from: "t", parameters: consume }],
    },
    { plans: [{ serviceMs: 1 }], joins: about.joins ?? "none" },
  );
}

const labels = (run: FakeRun): string[] => run.find("deliver").map(({ label }) => label);

describe("compaction", () => {
  test("keeps the last record of each key, and leaves gaps between offsets", () => {
    const run = open({});
    for (let i = 0; i < 6; i++) run.publish(10 * i, 0, i, { key: `k${i % 2}` });
    run.publish(5000, 0, "open segment", { key: "k0" });
    run.at(40_000, () => run.join(0, 0));
    run.runUntil(50_000);
    expect(run.find("deliver").map(({ offset }) => offset)).toEqual([4, 5, 6]);
    expect(run.find("dropped", { reason: "compacted" }).length).toBe(4);
  });

  test("never touches the open segment", () => {
    const run = open({ topic: { "segment.ms": 604_800_000, "min.cleanable.dirty.ratio": 0 } });
    for (let i = 0; i < 6; i++) run.publish(10 * i, 0, i, { key: "same" });
    run.runUntil(600_000);
    expect(run.find("dropped")).toEqual([]);
    expect(run.broker.depths(0)).toEqual([6]);
  });

  test("max.compaction.lag.ms closes segments sooner, and compacts whatever the share", () => {
    const lag = { "max.compaction.lag.ms": 20_000, "segment.ms": 604_800_000 };
    const run = open({ topic: { ...lag, "min.cleanable.dirty.ratio": 1 } });
    for (let i = 0; i < 6; i++) run.publish(10 * i, 0, i, { key: "same" });
    run.publish(30_000, 0, "later", { key: "other" });
    run.runUntil(60_000);
    expect(run.broker.depths(0)).toEqual([2]);
  });

  test("a record younger than min.compaction.lag.ms stays", () => {
    const run = open({ topic: { "min.compaction.lag.ms": 50_000 } });
    for (let i = 0; i < 6; i++) run.publish(10 * i, 0, i, { key: "same" });
    run.publish(5000, 0, "open segment", { key: "other" });
    run.runUntil(49_000);
    expect(run.broker.depths(0)).toEqual([7]);
    run.runUntil(70_000);
    expect(run.broker.depths(0)).toEqual([2]);
  });

  test("waits until more than min.cleanable.dirty.ratio of the bytes is new", () => {
    const run = open({});
    // 10 keys, compacted once; then one segment of 5 records in 15: a third.
    for (let i = 0; i < 10; i++) run.publish(i, 0, i, { key: `k${i}` });
    for (let i = 0; i < 5; i++) run.publish(20_000 + i, 0, `again ${i}`, { key: `k${i}` });
    run.publish(40_000, 0, "open segment", { key: "other" });
    run.runUntil(100_000);
    expect(run.broker.depths(0)).toEqual([16]);
    for (let i = 5; i < 10; i++) run.publish(100_000 + i, 0, `again ${i}`, { key: `k${i}` });
    run.publish(120_000, 0, "open again", { key: "another" });
    run.runUntil(200_000);
    expect(run.broker.depths(0)).toEqual([12]);
  });

  test("tombstones stay for delete.retention.ms after they were first compacted, then they go too", () => {
    const run = open({ topic: { "delete.retention.ms": 60_000 }, readers: false });
    run.publish(0, 0, "value", { key: "k" });
    run.publish(10, 1, "tombstone", { key: "k" });
    run.publish(5000, 0, "open segment", { key: "other" });
    run.runUntil(70_000);
    // The tombstone and the other one.
    expect(run.broker.depths(0)).toEqual([2]);
    // The cleaner has to have a reason to come by again.
    run.publish(90_000, 0, "next", { key: "third" });
    run.publish(95_000, 0, "next segment", { key: "fourth" });
    run.runUntil(200_000);
    expect(run.broker.depths(0)).toEqual([3]);
  });

  test("a record without key is refused, and with it its batch", () => {
    const run = open({});
    run.publish(0, 0, "without");
    run.publish(1000, 0, "with", { key: "k" });
    run.runUntil(2000);
    expect(run.outcomes.get("without")).toBe("refused: invalid-record");
    expect(run.outcomes.get("with")).toBe("confirmed");
  });

  test("who reads in time sees every record, and time deletes none", () => {
    const run = open({ joins: "all", topic: { "retention.ms": 1000 } });
    for (let i = 0; i < 6; i++) run.publish(2000 * i, 0, i, { key: "same" });
    run.runUntil(600_000);
    expect(labels(run)).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect(run.find("dropped")).toEqual([]);
  });

  test("with compact,delete time deletes too", () => {
    const about = { "cleanup.policy": "compact,delete", "retention.ms": 100_000 };
    const run = open({ topic: about });
    run.publish(0, 0, "old", { key: "k" });
    run.publish(5000, 0, "newer", { key: "other" });
    run.runUntil(700_000);
    expect(run.broker.depths(0)).toEqual([0]);
  });

  test("does not go behind an open transaction, and what was aborted supersedes nothing", () => {
    const run = new FakeRun(
      kafka,
      {
        channels: [
          {
            id: "t",
            kind: "topic",
            parameters: { "cleanup.policy": "compact", "segment.ms": 1000 },
          },
        ],
        publishers: [
          { to: "t" },
          {
            to: "t",
            node: "other",
            parameters: { "transactional.id": true, "commit.interval.ms": 500_000 },
          },
        ],
        subscriptions: [
          {
            from: "t",
            parameters: { "auto.offset.reset": "earliest", "isolation.level": "read_committed" },
          },
        ],
      },
      { plans: [{ serviceMs: 1 }], joins: "none" },
    );
    run.publish(0, 0, "kept", { key: "k" });
    run.publish(100, 1, "void", { key: "k" });
    run.publish(3000, 0, "open segment", { key: "other" });
    run.at(1000, () => run.broker.publisherCrashed?.(1));
    run.runUntil(55_000);
    expect(run.find("dropped")).toEqual([]);
    run.publish(80_000, 0, "next", { key: "third" });
    run.at(120_000, () => run.join(0, 0));
    run.runUntil(130_000);
    expect(labels(run)).toEqual(["kept", "open segment", "next"]);
  });
});
