// Kafka against the contract of all technologies, and its own promises: what is lost with which acks, when a group
// stands still, what a failure does to a partition, and what its settings are checked for.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { describeTechnology } from "../technology.suite.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

describeTechnology(kafka, {
  sketch: {
    channels: [
      {
        id: "orders",
        kind: "topic",
        parameters: { partitions: 4, "replication.factor": 3, "min.insync.replicas": 2 },
      },
    ],
    publishers: [{ to: "orders" }, { to: "orders" }],
    subscriptions: [
      { from: "orders", node: "payment", workers: 3, parameters: { "max.poll.records": 5 } },
      {
        from: "orders",
        node: "search",
        workers: 2,
        parameters: {
          "session.timeout.ms": 10_000,
          "partition.assignment.strategy": "cooperative-sticky",
        },
      },
      { from: "orders", node: "mail", workers: 2, parameters: { "group.protocol": "consumer" } },
    ],
  },
  order: "partition",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 200_000,
  idleWakesPerHour: 12,
});

interface Wishes {
  readonly cluster?: Parameters;
  readonly topic?: Parameters;
  readonly publish?: Parameters;
  readonly consume?: Parameters;
  readonly workers?: number;
  readonly plan?: WorkerPlan;
}

function sketch(wishes: Wishes): Sketch {
  return {
    parameters: wishes.cluster ?? {},
    channels: [{ id: "t", kind: "topic", parameters: wishes.topic ?? {} }],
    publishers: [{ to: "t", parameters: wishes.publish ?? {} }],
    subscriptions: [
      {
        from: "t",
        node: "payment",
        workers: wishes.workers ?? 1,
        parameters: wishes.consume ?? {},
      },
    ],
  };
}

function start(wishes: Wishes): FakeRun {
  return new FakeRun(kafka, sketch(wishes), { plans: wishes.plan ? [wishes.plan] : [] });
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function leaderOf(run: FakeRun): number {
  return run.broker.nodes().findIndex(({ leads }) => leads > 0);
}

const quick = { serviceMs: 1 };

describe("publishing", () => {
  test("a record costs linger, network, the followers' fetch, and network again", () => {
    const run = start({});
    run.publish(0, 0, "a");
    run.runUntil(100);
    expect(run.find("stored")[0]?.ms).toBe(5 + 1 + 1);
    expect(run.find("confirmed")[0]?.ms).toBe(5 + 1 + 1 + 1);
  });

  test("a full batch does not wait for linger", () => {
    const run = start({ publish: { "linger.ms": 1000, "batch.size": 300 } });
    run.publishAll(0, 0, [1, 2, 3, 4]);
    run.runUntil(100);
    expect(run.labels("stored")).toEqual(["1", "2", "3"]);
    run.runUntil(2000);
    expect(run.labels("stored")).toEqual(["1", "2", "3", "4"]);
  });

  test("records without key stay with one partition until a batch's worth has gone there", () => {
    const run = start({ topic: { partitions: 6 }, publish: { "batch.size": 1000 } });
    for (const i of numbers(60)) run.publish(i * 10, 0, i);
    run.runUntil(2000);
    const partitions = run.find("stored").map(({ partition }) => partition);
    for (let i = 0; i < 60; i += 10)
      expect(new Set(partitions.slice(i, i + 10)).size, `records ${i} to ${i + 9}`).toBe(1);
    expect(new Set(partitions).size).toBeGreaterThan(1);
  });

  test("acks=0 confirms at once, and what is under way to a dead leader is lost", () => {
    const run = start({ publish: { acks: "0" } });
    run.at(0, () => run.broker.crashNode(leaderOf(run)));
    run.publish(1, 0, "gone");
    run.publish(20_000, 0, "stays");
    run.runUntil(30_000);
    expect(run.outcomes.get("gone")).toBe("confirmed");
    expect(run.find("lost").map(({ label, reason }) => [label, reason])).toEqual([
      ["gone", "leader-unavailable"],
    ]);
    expect(run.labels("stored")).toEqual(["stays"]);
  });

  test("acks=1 loses confirmed records with the leader, and says how many and where", () => {
    const run = start({ publish: { acks: "1" }, cluster: { "replica.fetch.latency.ms": 100 } });
    run.publishAll(0, 0, [1, 2, 3]);
    run.at(50, () => run.broker.crashNode(leaderOf(run)));
    run.runUntil(20_000);
    expect(run.labels("confirmed")).toEqual(["1", "2", "3"]);
    expect(run.books("t")).toMatchObject({ routed: 3, dropped: 3 });
    expect(run.labels("deliver")).toEqual([]);
    const notes = run.find("note").map(({ reason }) => reason);
    expect(notes).toContain("t: t, partition 0: 3 records were lost with the old leader");
  });

  test("acks=all: what the dead leader had alone is written again, and nothing is lost", () => {
    const run = start({ cluster: { "replica.fetch.latency.ms": 100 }, plan: quick });
    run.publishAll(0, 0, [1, 2, 3]);
    run.at(50, () => run.broker.crashNode(leaderOf(run)));
    run.runUntil(20_000);
    expect(run.labels("confirmed")).toEqual(["1", "2", "3"]);
    expect(run.books("t")).toMatchObject({ routed: 3, dropped: 0, acknowledged: 3 });
  });

  test("acks=all waits for a dead follower until it is fenced", () => {
    const run = start({});
    run.at(0, () => run.broker.crashNode((leaderOf(run) + 1) % 3));
    run.publish(10, 0, "a");
    run.runUntil(20_000);
    expect(run.find("confirmed")[0]?.ms).toBe(9000 + 1);
  });

  test("too few replicas in sync: waits, then fails for that reason", () => {
    const run = start({
      topic: { "min.insync.replicas": 2 },
      publish: { "delivery.timeout.ms": 20_000 },
    });
    const leader = leaderOf(run);
    run.broker.crashNode((leader + 1) % 3);
    run.broker.crashNode((leader + 2) % 3);
    run.publish(15_000, 0, "late");
    run.publish(30_000, 0, "saved");
    run.at(40_000, () => run.broker.restartNode((leader + 1) % 3));
    run.runUntil(60_000);
    expect(run.outcomes.get("late")).toBe("refused: not-enough-replicas");
    expect(run.find("refused")[0]?.ms).toBe(35_000);
    expect(run.outcomes.get("saved")).toBe("confirmed");
  });

  test("replicas drop out after the append: refused, although the record is in the log", () => {
    const run = start({
      topic: { "min.insync.replicas": 2 },
      publish: { "delivery.timeout.ms": 20_000 },
      plan: quick,
    });
    const leader = leaderOf(run);
    run.at(0, () => run.broker.crashNode((leader + 1) % 3));
    run.at(0, () => run.broker.crashNode((leader + 2) % 3));
    run.publish(10, 0, "both");
    run.runUntil(60_000);
    expect(run.outcomes.get("both")).toBe("refused: not-enough-replicas");
    expect(run.books("t")).toMatchObject({ routed: 1, acknowledged: 1 });
  });

  test("without idempotence a lost answer puts the record into the log twice", () => {
    const run = start({ publish: { "enable.idempotence": false, "network.latency.ms": 100 } });
    run.publish(0, 0, "a");
    run.at(150, () => run.broker.crashNode(leaderOf(run)));
    run.runUntil(30_000);
    expect(run.labels("stored")).toEqual(["a", "a"]);
    expect(run.labels("confirmed")).toEqual(["a"]);
  });

  test("without any leader publications wait and fail after delivery.timeout.ms", () => {
    const run = start({ topic: { "replication.factor": 1 } });
    run.at(0, () => run.broker.crashNode(leaderOf(run)));
    run.publish(10, 0, "a");
    run.runUntil(130_000);
    expect(run.outcomes.get("a")).toBe("refused: delivery-timeout");
    expect(run.find("refused")[0]?.ms).toBe(120_010);
  });
});

describe("nodes", () => {
  test("failover is not instant, and a restart within the old session does not speed it up", () => {
    const run = start({});
    const leader = leaderOf(run);
    run.at(10_500, () => run.broker.crashNode(leader));
    run.at(11_500, () => run.broker.restartNode(leader));
    run.runUntil(18_000);
    expect(run.broker.blocked(0)).toBe("");
    expect(run.broker.nodes()[leader]).toEqual({ up: true, leads: 0 });
    run.runUntil(30_000);
    const moved = run.find("note").find(({ reason }) => reason.includes("leader moved"));
    expect(moved?.ms).toBe(10_000 + 9000);
    expect(run.find("note").at(-1)?.reason).toContain("in sync again");
  });

  test("says that a partition has no leader", () => {
    const run = start({ topic: { "replication.factor": 1 }, consume: { "max.poll.records": 1 } });
    run.publishAll(0, 0, [1, 2]);
    run.at(100, () => run.broker.crashNode(leaderOf(run)));
    run.runUntil(200);
    expect(run.broker.blocked(0)).toContain("is down and not yet fenced");
    run.runUntil(20_000);
    expect(run.broker.blocked(0)).toBe("partition 0 has no leader");
  });

  test("an unclean leader loses what was readable; who holds such a record keeps it", () => {
    const run = start({
      topic: { "unclean.leader.election.enable": true },
      consume: { "max.poll.records": 1 },
    });
    run.at(0, () => run.broker.crashNode(1));
    run.at(0, () => run.broker.crashNode(2));
    run.publishAll(20_000, 0, ["held", "waiting"]);
    run.at(21_000, () => run.broker.crashNode(0));
    run.at(22_000, () => run.broker.restartNode(1));
    run.runUntil(40_000);
    expect(run.labels("dropped")).toEqual(["waiting"]);
    expect(run.heldLabels(0)).toEqual(["held"]);
    run.settle("held");
    run.publish(41_000, 0, "new");
    run.runUntil(50_000);
    expect(run.find("stored", { label: "new" })[0]?.offset).toBe(0);
    expect(run.heldLabels(0)).toEqual(["new"]);
    expect(run.books("t")).toMatchObject({ acknowledged: 1, dropped: 1, inFlight: 1 });
  });
});

describe("groups", () => {
  test("reading does not delete: a second group gets everything too, retention counts for both", () => {
    const run = new FakeRun(
      kafka,
      {
        channels: [{ id: "t", kind: "topic" }],
        publishers: [{ to: "t" }],
        subscriptions: [
          { from: "t", node: "a" },
          { from: "t", node: "b" },
        ],
      },
      { plans: [quick, {}] },
    );
    run.publishAll(0, 0, numbers(10));
    run.runUntil(1000);
    expect(run.books("t", 0).acknowledged).toBe(10);
    expect(run.broker.depths(0)).toEqual([10]);
    expect(run.heldLabels(1).length).toBe(10);
  });

  test("two services with the same group.id compete", () => {
    const parameters = { "group.id": "shared" };
    const run = new FakeRun(
      kafka,
      {
        channels: [{ id: "t", kind: "topic", parameters: { partitions: 2 } }],
        publishers: [{ to: "t" }],
        subscriptions: [
          { from: "t", node: "a", parameters },
          { from: "t", node: "b", parameters },
        ],
      },
      { plans: [quick] },
    );
    for (const i of numbers(40)) run.publish(i, 0, i, { key: `k${i}` });
    run.runUntil(1000);
    expect(run.accounts.length).toBe(1);
    expect(run.books("t")).toMatchObject({ subscription: -1, routed: 40, acknowledged: 40 });
    expect(new Set(run.find("deliver").map(({ subscription }) => subscription)).size).toBe(2);
  });

  test("one service on two topics is one group with one member per worker", () => {
    const run = new FakeRun(
      kafka,
      {
        channels: [
          { id: "a", kind: "topic" },
          { id: "b", kind: "topic" },
        ],
        publishers: [{ to: "a" }, { to: "b" }],
        subscriptions: [
          { from: "a", node: "s", workers: 2 },
          { from: "b", node: "s", workers: 2 },
        ],
      },
      { plans: [quick] },
    );
    run.publish(0, 0, "x");
    run.publish(0, 1, "y");
    run.runUntil(1000);
    // Range gives both single partitions to the first member.
    expect(run.find("deliver").map(({ worker }) => worker)).toEqual([0, 0]);
    expect(run.broker.blocked(0)).toBe("");
  });

  test("more members than partitions are idle, and it is said", () => {
    const run = start({ topic: { partitions: 2 }, workers: 3, plan: quick });
    for (const i of numbers(20)) run.publish(i, 0, i, { key: `k${i}` });
    run.runUntil(1000);
    expect(new Set(run.find("deliver").map(({ worker }) => worker)).size).toBe(2);
    expect(run.broker.blocked(0)).toBe("idle: 2 partitions for 3 consumers");
  });

  test("a crashed worker's partitions stand still until its session times out", () => {
    const run = start({ topic: { partitions: 2 }, workers: 2, plan: quick });
    run.at(4000, () => run.leave(0, 1, "crash"));
    for (const i of numbers(50)) run.publish(5000 + i, 0, i, { key: `k${i}` });
    run.runUntil(40_000);
    expect(run.broker.blocked(0)).toBe(
      "partition 1 belongs to payment-2, which is gone; its session times out at 48.0 s",
    );
    run.runUntil(60_000);
    expect(run.books("t").acknowledged).toBe(50);
    const late = run.find("deliver", { partition: 1 });
    expect(Math.min(...late.map(({ ms }) => ms))).toBeGreaterThan(48_000);
  });

  test("a restarted dynamic worker halts the whole group until its former self times out", () => {
    const run = start({ topic: { partitions: 2 }, workers: 2, plan: quick });
    run.at(4000, () => run.leave(0, 1, "crash"));
    run.at(5000, () => run.join(0, 1));
    for (const i of numbers(50)) run.publish(9000 + i, 0, i, { key: `k${i}` });
    run.runUntil(40_000);
    expect(run.labels("deliver")).toEqual([]);
    expect(run.broker.blocked(0)).toBe(
      "rebalancing: waiting for member payment-2 until its session times out at 48.0 s",
    );
    run.runUntil(50_000);
    expect(run.books("t").acknowledged).toBe(50);
  });

  test("with static membership the same worker goes on at once, and nobody else notices", () => {
    const run = start({
      topic: { partitions: 2 },
      workers: 2,
      consume: { "group.instance.id": true },
      plan: { serviceMs: 500 },
    });
    for (const i of numbers(20)) run.publish(0, 0, i, { key: `k${i}` });
    run.at(2000, () => run.leave(0, 1, "crash"));
    run.at(3000, () => run.join(0, 1));
    run.runUntil(3100);
    const again = run.find("deliver", { attempt: 2 });
    expect(again.length).toBeGreaterThan(0);
    expect(again.every(({ worker, ms }) => worker === 1 && ms < 3010)).toBe(true);
    run.runUntil(30_000);
    expect(run.books("t").acknowledged).toBe(20);
    expect(run.find("note")).toEqual([]);
  });

  test("a worker that closes leaves at once; survivors finish their batch before they rejoin", () => {
    const run = start({
      topic: { partitions: 2 },
      workers: 2,
      consume: { "max.poll.records": 4 },
      plan: { serviceMs: 1000 },
    });
    for (const i of numbers(40)) run.publish(0, 0, i, { key: `k${i}` });
    run.at(1500, () => run.leave(0, 1, "close"));
    run.runUntil(3500);
    expect(run.broker.blocked(0)).toBe(
      "rebalancing: waiting for member payment-1 to rejoin after its current batch",
    );
    run.runUntil(100_000);
    expect(run.books("t").acknowledged).toBe(40);
    const rebalanced = run.find("note").find(({ reason }) => reason.includes("rebalanced, 1"));
    expect(rebalanced?.ms).toBeLessThan(9000);
    // What the closing worker had done was committed, so only the rest of its batch came again.
    expect(run.find("returned").length).toBe(3);
  });

  test("who misses a rebalance is expelled, hears of it, and joins again", () => {
    const run = start({
      topic: { partitions: 2 },
      workers: 2,
      consume: { "max.poll.interval.ms": 2000, "heartbeat.interval.ms": 3000 },
      plan: quick,
    });
    run.at(100, () => run.leave(0, 1, "close"));
    run.at(10_000, () => run.join(0, 1));
    run.runUntil(12_500);
    const notes = run.find("note").map(({ reason }) => reason);
    expect(notes).toContain("broker: group payment: payment-1 left: missed the rebalance");
    run.runUntil(60_000);
    for (const i of numbers(20)) run.publish(60_000, 0, i, { key: `k${i}` });
    run.runUntil(120_000);
    expect(run.books("t").acknowledged).toBe(20);
  });

  test("a copy that was processed but not committed is delivered again, as a further attempt", () => {
    const run = start({ consume: { "session.timeout.ms": 10_000 }, plan: { serviceMs: 100 } });
    run.publishAll(0, 0, numbers(10));
    run.at(555, () => run.leave(0, 0, "crash"));
    run.at(600, () => expect(run.books("t").inFlight).toBe(10));
    run.at(5000, () => run.join(0, 0));
    run.runUntil(30_000);
    expect(run.find("returned").length).toBe(10);
    expect(run.labels("deliver", { attempt: 2 })).toEqual(numbers(10).map(String));
    expect(run.books("t").acknowledged).toBe(10);
  });
});

describe("failures", () => {
  const verdict = (label: string, attempt: number) =>
    label === "bad" && attempt < 4 ? ("failed" as const) : ("done" as const);

  test("skip: the group goes past the record, which counts as dropped", () => {
    const run = start({ plan: { serviceMs: 1, verdict } });
    run.publishAll(0, 0, ["a", "bad", "b"]);
    run.runUntil(1000);
    expect(run.labels("acknowledged")).toEqual(["a", "b"]);
    expect(run.find("discarded").map(({ label, reason }) => [label, reason])).toEqual([
      ["bad", "skipped-after-failure"],
    ]);
  });

  test("block: its partition stands still, the others go on", () => {
    const run = start({
      topic: { partitions: 2 },
      consume: { "on.failure": "block" },
      plan: { serviceMs: 1, verdict },
    });
    // order-1 and foobar hash to different partitions of two.
    for (const label of ["a", "bad", "b"]) run.publish(0, 0, label, { key: "order-1" });
    for (const label of ["x", "y"]) run.publish(100, 0, label, { key: "user-3" });
    run.runUntil(500);
    const blocked = run.find("deliver", { label: "bad" })[0]?.partition;
    expect(run.find("deliver", { label: "x" })[0]?.partition).not.toBe(blocked);
    expect(run.labels("acknowledged")).toEqual(["a", "x", "y"]);
    expect(run.broker.blocked(0)).toBe(`partition ${blocked} blocked by offset 1: failing record`);
    run.runUntil(5000);
    expect(run.find("deliver", { label: "bad" }).map(({ attempt }) => attempt)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(run.labels("acknowledged")).toEqual(["a", "x", "y", "bad", "b"]);
  });

  test("set aside: counts as dead-lettered, for Kafka itself has no dead-letter queue", () => {
    const run = start({ plan: { serviceMs: 1, verdict: () => "set-aside" } });
    run.publish(0, 0, "a");
    run.runUntil(1000);
    expect(run.books("t")).toMatchObject({ deadLettered: 1, acknowledged: 0 });
  });
});

describe("retention", () => {
  const MIB = 1_048_576;

  test("deletes what a slow group has not read, and counts each record", () => {
    const run = start({
      topic: { "segment.bytes": 10 * MIB, "retention.bytes": 20 * MIB },
      consume: {
        "auto.offset.reset": "earliest",
        "max.poll.records": 1,
        "max.poll.interval.ms": 1e6,
      },
    });
    for (const i of numbers(50)) run.publish(i, 0, i, { sizeBytes: MIB });
    run.runUntil(310_000);
    // One is with the worker, the other 29 of the 30 deleted ones were waiting.
    expect(run.books("t")).toMatchObject({ routed: 50, waiting: 20, inFlight: 1, dropped: 29 });
    run.settle(0);
    run.runUntil(311_000);
    expect(run.heldLabels(0)).toEqual(["30"]);
  });

  test("none: the consumer stops, and it is said", () => {
    const run = start({
      topic: { "segment.bytes": 10 * MIB, "retention.bytes": 20 * MIB },
      consume: { "auto.offset.reset": "none", "max.poll.records": 1, "max.poll.interval.ms": 1e6 },
    });
    for (const i of numbers(50)) run.publish(i, 0, i, { sizeBytes: MIB });
    run.at(310_000, () => run.settle(0));
    run.runUntil(320_000);
    expect(run.heldLabels(0)).toEqual([]);
    expect(run.broker.blocked(0)).toContain("auto.offset.reset is none");
  });

  test("a trickle keeps its segment open, and with it records far older than retention.ms", () => {
    const run = start({ topic: { "retention.ms": 3_600_000 }, plan: quick });
    for (let minute = 0; minute < 300; minute += 10) run.publish(minute * 60_000, 0, minute);
    run.runUntil(300 * 60_000);
    expect(run.broker.depths(0)).toEqual([0]);
    run.runUntil(300 * 60_000 + 1000);
    expect(run.books("t").acknowledged).toBe(30);
  });
});

describe("settings", () => {
  test("max.poll.records, min.insync.replicas and retention.ms may change during the run", () => {
    const run = start({ consume: { "max.poll.records": 1 } });
    run.publishAll(0, 0, [1, 2, 3, 4]);
    run.at(50, () => run.set("subscription-0", "max.poll.records", 3));
    run.at(60, () => run.settle(1));
    run.runUntil(100);
    expect(run.heldLabels(0)).toEqual(["2", "3", "4"]);
    run.set("t", "min.insync.replicas", 4);
    run.publish(200, 0, "refused");
    run.at(1000, () => run.set("t", "min.insync.replicas", 1));
    run.runUntil(900);
    expect(run.outcomes.get("refused")).toBeUndefined();
    run.runUntil(3000);
    expect(run.outcomes.get("refused")).toBe("confirmed");
  });

  test.each<[string, Wishes]>([
    ["kafka/replication-factor-too-large", { cluster: { nodes: 2 } }],
    ["kafka/min-insync-too-large", { topic: { "min.insync.replicas": 4 } }],
    ["kafka/one-node-stops-writes", { topic: { "min.insync.replicas": 3 } }],
    ["kafka/broker-session-too-short", { cluster: { "broker.session.timeout.ms": 2000 } }],
    ["kafka/too-many-in-flight", { publish: { "max.in.flight.requests.per.connection": 6 } }],
    ["kafka/delivery-timeout-too-short", { publish: { "delivery.timeout.ms": 1 } }],
    ["kafka/acks-may-lose", { publish: { acks: "1" } }],
    ["kafka/session-too-short", { consume: { "session.timeout.ms": 3000 } }],
    ["kafka/poll-interval-too-short", { consume: { "max.poll.interval.ms": 3000 } }],
    ["kafka/idle-consumers", { workers: 2 }],
  ])("finds %s", (code, wishes) => {
    const findings = kafka.check(describeBroker(kafka, sketch(wishes)));
    expect(findings.map((finding) => finding.code)).toEqual([code]);
  });

  test("finds consumers whose settings differ between topics", () => {
    const config = describeBroker(kafka, {
      channels: [
        { id: "a", kind: "topic" },
        { id: "b", kind: "topic" },
      ],
      subscriptions: [
        { from: "a", node: "s" },
        { from: "b", node: "s", parameters: { "max.poll.records": 1 } },
      ],
    });
    expect(kafka.check(config).map(({ code }) => code)).toEqual(["kafka/consumer-settings-differ"]);
  });

  test("finds nothing in the defaults", () => {
    expect(kafka.check(describeBroker(kafka, sketch({})))).toEqual([]);
  });

  test("writes AsyncAPI bindings of version 0.5.0", () => {
    const config = describeBroker(kafka, sketch({ topic: { partitions: 6 } }));
    expect(kafka.asyncapi.channel(config, config.channels[0]!)).toEqual({
      topic: "t",
      partitions: 6,
      replicas: 3,
      topicConfiguration: {
        "cleanup.policy": ["delete"],
        "retention.ms": 604_800_000,
        "retention.bytes": -1,
        "min.insync.replicas": 1,
      },
      bindingVersion: "0.5.0",
    });
    expect(kafka.asyncapi.consume(config, config.subscriptions[0]!)).toEqual({
      groupId: { type: "string", enum: ["payment"] },
      bindingVersion: "0.5.0",
    });
  });
});
