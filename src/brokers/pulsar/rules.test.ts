// Pulsar's own promises, among them what naive simulators get wrong: retention is not TTL is not a quota, a negative
// acknowledgement waits, ackTimeout is off, dead letters are the client's, a batch comes as a whole.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { simulatedPulsar } from "./simulated.ts";

interface Wishes {
  readonly cluster?: Parameters;
  readonly topic?: Parameters;
  readonly publish?: Parameters;
  readonly consume?: Parameters;
  readonly workers?: number;
  readonly plan?: WorkerPlan;
  readonly joins?: "none";
}

function sketch(wishes: Wishes): Sketch {
  const { cluster, topic, publish, consume, workers } = wishes;
  return {
    parameters: cluster ?? {},
    channels: [
      { id: "t", kind: "topic", parameters: topic ?? {} },
      { id: "dlq", kind: "topic" },
    ],
    publishers: [{ to: "t", parameters: { batchingEnabled: false, ...publish } }],
    subscriptions: [{ from: "t", workers: workers ?? 1, parameters: consume ?? {} }],
  };
}

function start(wishes: Wishes): FakeRun {
  return new FakeRun(simulatedPulsar, sketch(wishes), {
    plans: wishes.plan === undefined ? [] : [wishes.plan],
    joins: wishes.joins ?? "all",
  });
}

const shared = { subscriptionType: "Shared" };
const byKey = { subscriptionType: "Key_Shared" };
const quick: WorkerPlan = { serviceMs: 1 };
const failing: WorkerPlan = { serviceMs: 1, verdict: () => "failed" };
const seconds = (run: FakeRun) => run.find("deliver").map(({ ms }) => Math.round(ms / 1000));

function ownerOf(run: FakeRun): number {
  return run.broker.nodes().findIndex(({ leads }) => leads > 0);
}

describe("what is kept", () => {
  test("retention is not TTL: what nobody has acknowledged is kept however old it is", () => {
    const topic = { retentionTime: 60_000, retentionSize: 1_000_000 };
    const run = start({ topic, joins: "none" });
    run.join(0, 0);
    run.leave(0, 0, "close");
    run.publish(0, 0, "m");
    run.runUntil(86_400_000);
    expect(run.broker.waiting(0)).toBe(1);
    run.join(0, 0);
    run.runUntil(86_401_000);
    expect(run.heldLabels(0)).toEqual(["m"]);
  });

  test("retention keeps what is acknowledged for a subscription that comes later, no longer than it says", () => {
    const channels = [
      { id: "t", kind: "topic", parameters: { retentionTime: 60_000, retentionSize: null } },
    ];
    const parameters = { subscriptionInitialPosition: "Earliest" };
    const late: Sketch = {
      channels,
      publishers: [{ to: "t" }],
      subscriptions: [{ from: "t" }, { from: "t", parameters }, { from: "t", parameters }],
    };
    const run = new FakeRun(simulatedPulsar, late, { joins: "none", plans: [quick] });
    run.join(0, 0);
    run.publish(0, 0, "old");
    run.publish(50_000, 0, "young");
    run.runUntil(70_000);
    run.join(1, 0);
    run.runUntil(200_000);
    run.join(2, 0);
    run.runUntil(201_000);
    expect(run.labels("deliver", { subscription: 1 })).toEqual(["young"]);
    expect(run.labels("deliver", { subscription: 2 })).toEqual([]);
  });

  test("TTL is not retention: it acknowledges what is unread, and a slow subscription loses it", () => {
    const run = start({ topic: { messageTTL: 100_000 }, consume: { receiverQueueSize: 0 } });
    run.publish(0, 0, "in hand");
    run.publish(1, 0, "waiting");
    run.runUntil(299_999);
    expect(run.labels("expired")).toEqual([]);
    run.runUntil(300_001);
    expect(run.labels("expired")).toEqual(["waiting"]);
    run.settle("in hand");
    run.runUntil(301_000);
    expect(run.labels("acknowledged")).toEqual(["in hand"]);
  });

  test("a backlog quota is neither: it holds producers, here until they time out", () => {
    const run = start({
      cluster: { backlogQuotaCheckIntervalMs: 1000 },
      topic: { backlogQuotaLimitSize: 300 },
      consume: { receiverQueueSize: 0 },
    });
    for (let i = 0; i < 6; i++) run.publish(i < 4 ? i : 2000 + i, 0, i);
    run.runUntil(60_000);
    expect(run.outcomes.get("3")).toBe("confirmed");
    expect(run.outcomes.get("4")).toBe("refused: send-timeout");
    expect(run.find("expired")).toEqual([]);
    expect(run.find("dropped")).toEqual([]);
  });

  test("a held producer goes on as soon as the backlog is small enough", () => {
    const run = start({
      cluster: { backlogQuotaCheckIntervalMs: 1000 },
      topic: { backlogQuotaLimitSize: 300 },
    });
    for (let i = 0; i < 4; i++) run.publish(i, 0, i);
    run.publish(2000, 0, "later");
    run.at(5000, () => [0, 1, 2].forEach((label) => run.settle(label)));
    run.runUntil(20_000);
    expect(run.outcomes.get("later")).toBe("confirmed");
  });

  test("without a subscription a confirmed message is gone, and counted so", () => {
    const run = new FakeRun(simulatedPulsar, {
      channels: [{ id: "t", kind: "topic" }],
      publishers: [{ to: "t" }],
    });
    run.publish(0, 0, "m");
    run.runUntil(1000);
    expect(run.outcomes.get("m")).toBe("confirmed");
    expect(run.labels("unroutable")).toEqual(["m"]);
    expect(run.liveMessages()).toBe(0);
  });

  test("a new subscription does not see the past, unless it begins at Earliest", () => {
    for (const [position, seen] of [
      ["Latest", ["new"]],
      ["Earliest", ["old", "new"]],
    ] as const) {
      const run = new FakeRun(
        simulatedPulsar,
        {
          channels: [{ id: "t", kind: "topic" }],
          publishers: [{ to: "t" }],
          subscriptions: [
            { from: "t" },
            { from: "t", parameters: { subscriptionInitialPosition: position } },
          ],
        },
        { joins: "none" },
      );
      run.join(0, 0);
      run.publish(0, 0, "old");
      run.at(100, () => run.join(1, 0));
      run.publish(200, 0, "new");
      run.runUntil(1000);
      expect(run.labels("deliver", { subscription: 1 })).toEqual(seen);
    }
  });

  test("a non-persistent topic drops what no consumer can take at once, and what a consumer loses", () => {
    const consume = { receiverQueueSize: 1, ...shared };
    const run = start({ topic: { persistence: "non-persistent" }, consume });
    for (let i = 0; i < 3; i++) run.publish(i, 0, i);
    run.at(100, () => run.leave(0, 0, "crash"));
    run.runUntil(1000);
    expect(run.find("dropped").map(({ label, reason }) => `${label} ${reason}`)).toEqual([
      "2 no-receiver-ready",
      "0 not-persistent",
      "1 not-persistent",
    ]);
    expect([...run.outcomes.values()]).toEqual(["confirmed", "confirmed", "confirmed"]);
  });
});

describe("redelivery", () => {
  test("a negative acknowledgement is not immediate: the message comes again after 60 s", () => {
    const run = start({ consume: shared, plan: failing });
    run.publish(0, 0, "m");
    run.runUntil(185_000);
    expect(seconds(run)).toEqual([0, 60, 120, 180]);
  });

  test("ackTimeout is off: a consumer that hangs keeps its messages for ever", () => {
    const run = start({ consume: shared, workers: 2 });
    run.publish(0, 0, "m");
    run.runUntil(86_400_000);
    expect(run.find("deliver")).toHaveLength(1);
  });

  test("ackTimeout counts from when a worker begins with a message, not from its queue", () => {
    const consume = { ...shared, ackTimeout: 10_000 };
    const run = start({ consume, plan: { serviceMs: 6000 } });
    for (let i = 0; i < 5; i++) run.publish(0, 0, i);
    run.runUntil(60_000);
    expect(run.find("deliver", { attempt: 2 })).toEqual([]);
    expect(run.books("t").acknowledged).toBe(5);
  });

  test("dead letters are the client's affair: a dead letter topic without subscription keeps nothing", () => {
    const consume = { ...shared, maxRedeliverCount: 1, deadLetterTopic: "dlq" };
    const run = start({ consume, plan: failing });
    run.publish(0, 0, "m");
    run.runUntil(200_000);
    expect(seconds(run)).toEqual([0, 60]);
    expect(run.find("discarded").map(({ reason }) => reason)).toEqual([
      "dead-letter-topic-without-subscription",
    ]);
  });

  test("while the dead letter topic has no broker its client tries again, and nothing is lost", () => {
    const consume = { ...shared, maxRedeliverCount: 1, deadLetterTopic: "dlq" };
    const about = sketch({ consume });
    const run = new FakeRun(
      simulatedPulsar,
      { ...about, subscriptions: [...(about.subscriptions ?? []), { from: "dlq" }] },
      { plans: [failing, quick] },
    );
    run.publish(0, 0, "m");
    // The second topic belongs to the second broker.
    run.at(119_000, () => run.broker.crashNode(1));
    run.runUntil(130_000);
    expect(run.labels("rejected")).toEqual([]);
    run.runUntil(200_000);
    expect(run.labels("rejected")).toEqual(["m"]);
    expect(run.labels("acknowledged", { subscription: 1 })).toEqual(["m"]);
  });

  test("dead letters and counts are for Shared and Key_Shared: Exclusive tries for ever", () => {
    const consume = { maxRedeliverCount: 1, negativeAckRedeliveryDelay: 1000 };
    const run = start({ consume, plan: failing });
    run.publish(0, 0, "m");
    run.runUntil(10_500);
    expect(run.find("deliver").length).toBe(11);
  });

  test("reconsumeLater: 0, 3, 6, 9 s, then the dead letter topic at once", () => {
    const consume = { ...shared, maxRedeliverCount: 3, "on.failure": "reconsumeLater" };
    const run = start({ consume, plan: failing });
    run.publish(0, 0, "m");
    run.runUntil(60_000);
    expect(seconds(run)).toEqual([0, 3, 6, 9]);
    expect(Math.round(run.find("discarded")[0]!.ms / 1000)).toBe(9);
  });

  test("redelivery is not per message inside a batch: the acknowledged ones come too", () => {
    const publish = { batchingEnabled: true };
    const whole = start({ publish, consume: shared });
    const single = start({ publish, consume: { ...shared, enableBatchIndexAcknowledgment: true } });
    for (const run of [whole, single]) {
      run.publishAll(0, 0, [0, 1, 2, 3]);
      run.at(100, () => [0, 1, 2].forEach((label) => run.settle(label)));
      run.at(101, () => run.settle(3, "failed"));
      run.runUntil(61_000);
    }
    expect(whole.labels("deliver", { attempt: 2 })).toEqual(["0", "1", "2", "3"]);
    expect(single.labels("deliver", { attempt: 2 })).toEqual(["3"]);
  });

  test("acknowledgements are grouped: a consumer that crashes within 100 ms repeats what it had done", () => {
    const run = start({ consume: shared, workers: 2 });
    run.publish(0, 0, "m");
    run.runUntil(50);
    const worker = run.held(0)[0]!.worker;
    run.settle("m");
    run.runUntil(100);
    run.leave(0, worker, "crash");
    run.runUntil(200);
    expect(run.find("deliver", { attempt: 2 })).toHaveLength(1);
    const careful = start({ consume: { ...shared, acknowledgmentGroupTime: 0 }, workers: 2 });
    careful.publish(0, 0, "m");
    careful.runUntil(50);
    careful.settle("m");
    careful.runUntil(100);
    expect(careful.books("t").acknowledged).toBe(1);
  });

  test("a cumulative acknowledgement covers what was refused before it", () => {
    const run = start({ consume: { acknowledgment: "cumulative" } });
    run.publishAll(0, 0, ["bad", "good"]);
    run.runUntil(50);
    run.settle("bad", "failed");
    run.settle("good");
    run.runUntil(200_000);
    expect(run.find("deliver")).toHaveLength(2);
    expect(run.find("discarded").map(({ label, reason }) => [label, reason])).toEqual([
      ["bad", "covered-by-cumulative-acknowledgement"],
    ]);
  });
});

describe("sharing", () => {
  test("Key_Shared is not partitions: more consumers than partitions work, each key with one of them", () => {
    const run = start({ consume: byKey, workers: 6, plan: quick });
    for (let i = 0; i < 300; i++) run.publish(i * 10, 0, i, { key: `key-${i % 30}` });
    run.runUntil(60_000);
    const deliveries = run.find("deliver");
    const workersOf = (key: number) =>
      new Set(deliveries.filter((one) => Number(one.label) % 30 === key).map((one) => one.worker));
    expect(new Set(deliveries.map(({ worker }) => worker)).size).toBeGreaterThan(3);
    for (let key = 0; key < 30; key++) expect(workersOf(key).size).toBe(1);
  });

  test("Key_Shared: a new consumer gets nothing until all that was sent before is acknowledged", () => {
    const run = start({ consume: byKey, workers: 2, joins: "none" });
    run.join(0, 0);
    run.publish(0, 0, "stuck", { key: "a" });
    run.at(100, () => run.join(0, 1));
    for (let i = 0; i < 40; i++) run.publish(200 + i, 0, i, { key: `key-${i}` });
    run.runUntil(5000);
    const before = run.held(0, 1).length;
    run.settle("stuck");
    run.runUntil(6000);
    expect(before).toBe(0);
    expect(run.held(0, 1).length).toBeGreaterThan(5);
    expect(run.held(0).length).toBe(40);
  });

  test("Key_Shared: a slow consumer's keys wait, all others go on and no key is overtaken", () => {
    const consume = { ...byKey, receiverQueueSize: 1 };
    const run = start({ consume, workers: 3, plan: { serviceMs: 20 } });
    for (let i = 0; i < 200; i++) run.publish(i, 0, i, { key: `key-${i % 7}` });
    run.runUntil(60_000);
    expect(run.books("t").acknowledged).toBe(200);
    const last = new Map<number, number>();
    for (const { label } of run.find("deliver")) {
      const number = Number(label);
      expect(number).toBeGreaterThan(last.get(number % 7) ?? -1);
      last.set(number % 7, number);
    }
  });

  test("a batch with several keys goes to the consumer of its first key, unless batches are by key", () => {
    const spread = (batcherBuilder: string): number => {
      const publish = { batchingEnabled: true, batcherBuilder };
      const run = start({ publish, consume: byKey, workers: 4, plan: quick });
      for (let i = 0; i < 60; i++) run.publish(0, 0, i, { key: `key-${i}` });
      run.runUntil(5000);
      return new Set(run.find("deliver").map(({ worker }) => worker)).size;
    };
    expect(spread("DEFAULT")).toBe(1);
    expect(spread("KEY_BASED")).toBeGreaterThan(2);
  });

  test("Shared hands out up to 20 entries to one consumer before the next has its turn", () => {
    const run = start({ consume: shared, workers: 2, joins: "none" });
    run.join(0, 0);
    run.leave(0, 0, "close");
    for (let i = 0; i < 50; i++) run.publish(0, 0, i);
    run.at(100, () => {
      run.broker.crashNode(0);
      run.join(0, 0);
      run.join(0, 1);
    });
    run.runUntil(60_000);
    expect([run.held(0, 0).length, run.held(0, 1).length]).toEqual([30, 20]);
  });

  test("Failover: when the active consumer goes, the next gets what it had not acknowledged, a second later", () => {
    const run = start({ consume: { subscriptionType: "Failover" }, workers: 2 });
    run.publishAll(0, 0, [1, 2]);
    run.at(100, () => run.leave(0, 0, "crash"));
    run.runUntil(5000);
    expect(run.heldLabels(0, 1)).toEqual(["1", "2"]);
    expect(run.find("deliver", { worker: 1 }).map(({ ms }) => ms)).toEqual([1101, 1101]);
  });

  test("a slow consumer's receiver queue is full; others of the subscription take over", () => {
    const consume = { ...shared, receiverQueueSize: 2 };
    const run = start({ consume, workers: 2 });
    const working = (label: string) => {
      if (run.held(0, 1).some((one) => one.label === label)) run.settle(label);
    };
    for (let i = 0; i < 30; i++) run.publish(i * 10, 0, i);
    for (let ms = 5; ms < 2000; ms += 5)
      run.at(ms, () => run.heldLabels(0, 1).slice(0, 1).forEach(working));
    run.runUntil(3000);
    expect(run.held(0, 0)).toHaveLength(3);
    expect(run.books("t").acknowledged).toBe(27);
  });

  test("unacknowledged messages are limited, whatever the receiver queue", () => {
    const cluster = { maxUnackedMessagesPerConsumer: 5 };
    const run = start({ cluster, consume: shared });
    for (let i = 0; i < 9; i++) run.publish(i, 0, i);
    run.runUntil(1000);
    expect(run.held(0)).toHaveLength(5);
    expect(run.broker.blocked(0)).toContain("maxUnackedMessagesPerConsumer");
  });

  test("delayed delivery: Shared waits, Exclusive does not", () => {
    const publish = { deliverAfter: 5000 };
    for (const [consume, ms] of [
      [shared, 5001],
      [{}, 5],
    ] as const) {
      const run = start({ publish, consume });
      run.publish(0, 0, "m");
      run.runUntil(10_000);
      expect(run.find("deliver").map((one) => one.ms)).toEqual([ms]);
    }
  });
});

describe("nodes", () => {
  test("a broker crash loses no data: topics move without it when the session is over, and what was in flight comes twice", () => {
    const run = start({ publish: { sendTimeout: null }, consume: shared, plan: quick });
    for (let i = 0; i < 100; i++) run.publish(i * 100, 0, i);
    run.at(5000, () => run.broker.crashNode(ownerOf(run)));
    run.runUntil(100_000);
    expect(new Set(run.outcomes.values())).toEqual(new Set(["confirmed"]));
    expect(run.books("t").dropped).toBe(0);
    const gap = run.find("deliver").map(({ ms }) => ms);
    const longest = Math.max(...gap.slice(1).map((ms, i) => ms - gap[i]!));
    // Until the session ends after 30 s, and until the clients look again.
    expect(longest).toBeGreaterThan(30_000);
    expect(longest).toBeLessThan(52_000);
    expect(run.broker.nodes().map(({ up }) => up)).toEqual([false, true, true, true, true, true]);
  });

  test("an answer that was lost with the broker: written twice, unless it deduplicates", () => {
    for (const brokerDeduplicationEnabled of [false, true]) {
      const cluster = { brokerDeduplicationEnabled };
      const run = start({
        cluster,
        publish: { "network.latency.ms": 50, sendTimeout: null },
        plan: quick,
      });
      run.publish(0, 0, "m");
      // Written at 53 ms, answered at 103 ms.
      run.at(60, () => run.broker.crashNode(ownerOf(run)));
      run.runUntil(100_000);
      expect(run.outcomes.get("m")).toBe("confirmed");
      expect(run.find("stored")).toHaveLength(brokerDeduplicationEnabled ? 1 : 2);
    }
  });

  test("a bookie more than the ensemble: writes go on; one less: they stop until it is back", () => {
    for (const [bookies, outcome] of [
      [3, "confirmed"],
      [2, undefined],
    ] as const) {
      const run = start({ cluster: { bookies }, plan: quick });
      run.at(100, () => run.broker.crashNode(3));
      run.publish(200, 0, "m");
      run.runUntil(5000);
      expect(run.outcomes.get("m")).toBe(outcome);
      expect(run.broker.publisherBlocked?.(0)).toBe(
        bookies === 2 ? "too few bookies are left for an ensemble" : "",
      );
      run.broker.restartNode(3);
      run.runUntil(30_000);
      expect(run.broker.publisherBlocked?.(0)).toBe("");
      expect(run.outcomes.get("m")).toBe("confirmed");
    }
  });

  test("a slow bookie slows every write with Qa = Qw, none with a smaller ack quorum", () => {
    const confirmMs = (quorums: Parameters): number => {
      const run = start({ cluster: quorums, plan: quick });
      run.at(1, () => run.broker.slowNode?.(3, 100));
      run.publish(10, 0, "m");
      run.runUntil(5000);
      return run.find("confirmed")[0]!.ms;
    };
    const three = { managedLedgerDefaultEnsembleSize: 3, managedLedgerDefaultWriteQuorum: 3 };
    expect(confirmMs({ ...three, managedLedgerDefaultAckQuorum: 3 })).toBe(312);
    expect(confirmMs({ ...three, managedLedgerDefaultAckQuorum: 2 })).toBe(15);
  });

  test("a broker that was cut off for less than its session keeps its topics", () => {
    const run = start({ plan: quick });
    const owner = ownerOf(run);
    run.at(100, () => run.broker.isolateNode?.(owner, true));
    run.at(10_000, () => run.broker.isolateNode?.(owner, false));
    run.publish(200, 0, "m");
    run.runUntil(15_000);
    expect(run.outcomes.get("m")).toBe("confirmed");
    expect(ownerOf(run)).toBe(owner);
  });
});

describe("checks", () => {
  const codes = (wishes: Wishes): readonly string[] =>
    simulatedPulsar
      .check(describeBroker(simulatedPulsar, sketch(wishes)))
      .map(({ code }) => code.replace("pulsar/", ""));

  test("what Pulsar and BookKeeper refuse is an error of its own", () => {
    expect(codes({ cluster: { managedLedgerDefaultWriteQuorum: 3 } })).toContain(
      "write-quorum-too-large",
    );
    expect(codes({ cluster: { managedLedgerDefaultAckQuorum: 3 } })).toContain(
      "ack-quorum-too-large",
    );
    expect(codes({ cluster: { bookies: 1 } })).toContain("ensemble-too-large");
    expect(codes({ topic: { retentionTime: 1000 } })).toContain("retention-half-zero");
    expect(codes({ consume: { "on.failure": "reconsumeLater" } })).toContain(
      "reconsume-later-not-shared",
    );
    const deadLetters = { ...shared, maxRedeliverCount: 3 };
    expect(codes({ consume: { ...deadLetters, deadLetterTopic: "nowhere" } })).toContain(
      "dead-letter-topic-missing",
    );
  });

  test("what surprises is a warning", () => {
    expect(codes({ consume: byKey, publish: { batchingEnabled: true } })).toEqual([
      "batches-mix-keys",
    ]);
    expect(codes({ consume: { "on.failure": "nothing" } })).toEqual(["stays-for-ever"]);
    expect(codes({ consume: { subscriptionType: "Failover" }, workers: 3 })).toEqual([
      "standby-consumers",
    ]);
    expect(codes({ consume: { ...shared, maxRedeliverCount: 3, deadLetterTopic: "dlq" } })).toEqual(
      ["dead-letters-lost"],
    );
    expect(codes({ publish: { deliverAfter: 10 } })).toEqual(["delay-without-effect"]);
  });
});
