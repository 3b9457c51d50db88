// What a naive simulator gets wrong about Kafka: one test for each statement under "never simplify" in the fact sheet.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { positiveKeyHash } from "../mechanisms/routing/murmur2.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

interface About {
  readonly topic?: Parameters;
  readonly publish?: Parameters;
  readonly consume?: Parameters;
  readonly workers?: number;
  readonly plan?: WorkerPlan;
}

function sketchOf(about: About): Sketch {
  return {
    channels: [{ id: "t", kind: "topic", parameters: about.topic ?? {} }],
    publishers: [{ to: "t", parameters: about.publish ?? {} }],
    subscriptions: [
      { from: "t", node: "c", workers: about.workers ?? 1, parameters: about.consume ?? {} },
    ],
  };
}

function open(about: About): FakeRun {
  return new FakeRun(kafka, sketchOf(about), { plans: [about.plan ?? { serviceMs: 1 }] });
}

const labels = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("a naive simulator gets wrong:", () => {
  test("per-message ack for normal groups", () => {
    // Nine of ten are processed when the consumer dies, and all ten come again: one number is committed, per batch.
    const run = new FakeRun(kafka, sketchOf({ consume: { "max.poll.records": 10 } }));
    run.publishAll(0, 0, labels(10));
    run.runUntil(100);
    for (const label of labels(9)) run.settle(label);
    run.leave(0, 0, "crash");
    run.at(50_000, () => run.join(0, 0));
    run.runUntil(60_000);
    expect(run.find("deliver").filter(({ attempt }) => attempt === 2).length).toBe(10);
  });

  test("broker-side redelivery or DLQ", () => {
    // A record that is not settled stays with its consumer however long that takes, and failures are not set aside.
    const held = new FakeRun(kafka, sketchOf({}));
    held.publish(0, 0, "slow");
    held.runUntil(290_000);
    expect(held.find("deliver").length).toBe(1);
    const failed = open({ plan: { serviceMs: 1, verdict: () => "failed" } });
    failed.publish(0, 0, "poison");
    failed.runUntil(60_000);
    expect(failed.find("deliver").length).toBe(1);
    expect(failed.books("t")).toMatchObject({ deadLettered: 0, dropped: 1 });
  });

  test("more active members than partitions", () => {
    const run = open({ topic: { partitions: 2 }, workers: 5, plan: { serviceMs: 20 } });
    for (const i of labels(200)) run.publish(i, 0, i, { key: `k${i}` });
    run.runUntil(10_000);
    expect(new Set(run.find("deliver").map(({ worker }) => worker)).size).toBe(2);
  });

  test("round-robin for keyless records", () => {
    const run = open({ topic: { partitions: 3 }, publish: { "batch.size": 1000 } });
    for (const i of labels(300)) run.publish(10 * i, 0, i, { sizeBytes: 100 });
    run.runUntil(10_000);
    const partitions = run.find("stored").map(({ partition }) => partition);
    const changes = partitions.filter((partition, i) => i > 0 && partition !== partitions[i - 1]);
    // Some ten records go to one partition before the next one has its turn.
    expect(changes.length).toBeLessThan(40);
    expect(new Set(partitions).size).toBe(3);
  });

  test("acks=all without in-sync replicas", () => {
    const run = open({ topic: { "min.insync.replicas": 1 } });
    run.at(0, () => run.broker.crashNode(1));
    run.publish(1000, 0, "waits for the dead follower");
    run.runUntil(6000);
    expect(run.outcomes.size).toBe(0);
    run.runUntil(20_000);
    expect(run.outcomes.size).toBe(1);
  });

  test("order across partitions", () => {
    const run = open({ topic: { partitions: 2 }, workers: 2, plan: { serviceMs: 30 } });
    const keys = labels(20).map((i) => `key-${i}`);
    const [first, second] = [0, 1].map((p) => keys.find((key) => positiveKeyHash(key) % 2 === p)!);
    for (const i of labels(10)) run.publish(i, 0, i, { key: first! });
    run.publish(10, 0, 10, { key: second! });
    run.runUntil(5000);
    const order = run.labels("acknowledged").map(Number);
    expect(order.indexOf(10)).toBeLessThan(order.indexOf(9));
  });

  test("deleting after consumption", () => {
    // What everybody has read stays until retention, and counts towards the size of the log.
    const run = new FakeRun(
      kafka,
      {
        channels: [{ id: "t", kind: "topic" }],
        publishers: [{ to: "t" }],
        subscriptions: [{ from: "t" }],
      },
      { plans: [{ serviceMs: 1 }] },
    );
    run.publishAll(0, 0, labels(5));
    run.runUntil(600_000);
    run.publish(600_001, 0, "next");
    run.runUntil(601_000);
    expect(run.find("deliver", { label: "next" })[0]?.offset).toBe(5);
    const { retention } = kafka.guarantees;
    expect(retention).toContain("whether or not anybody has read them");
  });

  test("at-most-once claimed for auto-commit in a synchronous loop", () => {
    const run = open({ consume: { commit: "auto" }, plan: { serviceMs: 100 } });
    run.publishAll(0, 0, labels(20));
    run.at(1000, () => run.leave(0, 0, "crash"));
    run.at(50_000, () => run.join(0, 0));
    run.runUntil(100_000);
    expect(run.books("t")).toMatchObject({ acknowledged: 20, dropped: 0 });
    expect(run.find("deliver").some(({ attempt }) => attempt > 1)).toBe(true);
  });

  test("exactly-once across an external database", () => {
    // What a consumer has done outside stays done: it is handed the record again, and does it again.
    const done: string[] = [];
    const verdict = (label: string) => {
      done.push(label);
      return "done" as const;
    };
    const run = open({ plan: { serviceMs: 100, verdict } });
    run.publishAll(0, 0, labels(3));
    run.at(150, () => run.leave(0, 0, "crash"));
    run.at(60_000, () => run.join(0, 0));
    run.runUntil(100_000);
    expect(done.filter((label) => label === "0").length).toBe(2);
  });

  test("instant failover", () => {
    const run = open({});
    run.at(1000, () => run.broker.crashNode(0));
    run.publish(1001, 0, "a");
    run.runUntil(30_000);
    expect(run.find("confirmed")[0]?.ms).toBeGreaterThan(7000);
  });

  test("same partition for a key after adding partitions", () => {
    expect(positiveKeyHash("user-1") % 6).toBe(2);
    expect(positiveKeyHash("user-1") % 12).toBe(8);
    const places = [6, 12].map((partitions) => {
      const run = open({ topic: { partitions } });
      run.publish(0, 0, "a", { key: "user-1" });
      run.runUntil(1000);
      return run.find("stored")[0]?.partition;
    });
    expect(places).toEqual([2, 8]);
  });

  test('"exactly once" because idempotence is on', () => {
    // Idempotence knows only retries of the client, not an application that sends again, nor a consumer that dies.
    const run = open({ publish: { "enable.idempotence": true }, plan: { serviceMs: 100 } });
    run.publish(0, 0, "first sending");
    run.publish(10, 0, "second sending");
    run.at(50, () => run.leave(0, 0, "crash"));
    run.at(60_000, () => run.join(0, 0));
    run.runUntil(100_000);
    expect(run.find("stored").length).toBe(2);
    expect(run.find("deliver", { attempt: 2 }).length).toBeGreaterThan(0);
  });

  test("range being cooperative by default", () => {
    // A member that keeps all its partitions stands still nevertheless while the group rebalances.
    const run = open({ topic: { partitions: 2 }, workers: 2, plan: { serviceMs: 1 } });
    run.at(10_000, () => run.leave(0, 1, "crash"));
    run.at(20_000, () => run.join(0, 1));
    for (const i of labels(100)) run.publish(25_000 + i, 0, i, { key: `k${i}` });
    run.runUntil(45_000);
    expect(run.find("deliver")).toEqual([]);
  });

  test("a share group with Kafka 4.0 is refused", () => {
    const sketch = sketchOf({ consume: { "group.type": "share" } });
    const codes = (version: string) =>
      kafka
        .check(describeBroker(kafka, { ...sketch, parameters: { version } }))
        .map(({ code }) => code);
    expect(codes("4.0")).toContain("kafka/no-share-groups");
    expect(codes("4.2")).not.toContain("kafka/no-share-groups");
  });
});
