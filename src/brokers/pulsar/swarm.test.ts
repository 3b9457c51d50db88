// Random clusters, settings, loads and faults from one seed each: whatever is combined, the books balance (the fake sees to
// that at every verb), every publication is answered once, and everything drains when the faults end.

import { expect, test } from "vitest";
import type { FieldValue } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import { type RandomStream, RandomStreams } from "../../kernel/random.ts";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import type { Verdict } from "../technology.ts";
import { simulatedPulsar } from "./simulated.ts";

const SEEDS = Array.from({ length: 30 }, (_, i) => 100 + i);
const FAULTS_END_MS = 40_000;
const topics = ["a", "b", "dlq"];

type Values = Readonly<Record<string, FieldValue>>;

function pick<Value>(random: RandomStream, values: readonly Value[]): Value {
  return values[random.below(values.length)]!;
}

function drawConsumer(random: RandomStream, type: string): Values {
  const isShared = type === "Shared" || type === "Key_Shared";
  return {
    subscriptionType: type,
    subscriptionInitialPosition: pick(random, ["Latest", "Earliest"]),
    receiverQueueSize: pick(random, [0, 1, 5, 1000]),
    acknowledgment: !isShared && random.chance(0.3) ? "cumulative" : "individual",
    acknowledgmentGroupTime: pick(random, [0, 100, 2000]),
    enableBatchIndexAcknowledgment: random.chance(0.3),
    "on.failure": pick(random, ["nack", "acknowledge", ...(isShared ? ["reconsumeLater"] : [])]),
    negativeAckRedeliveryDelay: pick(random, [0, 500, 5000]),
    reconsumeLaterDelay: pick(random, [1, 3000]),
    redeliveryBackoff: random.chance(0.3),
    "backoff.maxDelayMs": 4000,
    ackTimeout: pick(random, [null, null, 1000]),
    maxRedeliverCount: pick(random, [null, 1, 3]),
    deadLetterTopic: pick(random, ["", "dlq"]),
    "network.latency.ms": pick(random, [0, 1, 40]),
  };
}

function drawTopic(random: RandomStream): Values {
  const hasRetention = random.chance(0.3);
  return {
    persistence: random.chance(0.2) ? "non-persistent" : "persistent",
    partitions: pick(random, [0, 1, 3]),
    messageTTL: pick(random, [null, null, 6000]),
    retentionTime: hasRetention ? pick(random, [5000, null]) : 0,
    retentionSize: hasRetention ? pick(random, [5000, null]) : 0,
    backlogQuotaLimitSize: pick(random, [null, null, 3000]),
    backlogQuotaLimitTime: pick(random, [null, null, 6000]),
    backlogQuotaPolicy: pick(random, [
      "producer_request_hold",
      "producer_exception",
      "consumer_backlog_eviction",
    ]),
  };
}

function drawSketch(random: RandomStream): Sketch {
  const types = ["Exclusive", "Failover", "Shared", "Shared", "Key_Shared", "Key_Shared"];
  const kinds = [0, 1, 2].map(() => pick(random, types));
  return {
    parameters: {
      nodes: pick(random, [1, 2, 3]),
      bookies: pick(random, [2, 3, 4]),
      managedLedgerDefaultAckQuorum: pick(random, [1, 2]),
      metadataStoreSessionTimeoutMillis: pick(random, [2000, 10_000]),
      brokerDeduplicationEnabled: random.chance(0.5),
      subscriptionKeySharedUseConsistentHashing: random.chance(0.5),
      dispatcherMaxRoundRobinBatchSize: pick(random, [1, 20]),
      maxUnackedMessagesPerConsumer: pick(random, [0, 3, 50_000]),
      maxUnackedMessagesPerSubscription: pick(random, [0, 7, 200_000]),
      messageExpiryCheckIntervalMs: 2000,
      backlogQuotaCheckIntervalMs: 1000,
    },
    channels: topics.map((id) => ({ id, kind: "topic", parameters: drawTopic(random) })),
    publishers: ["a", "a", "b"].map((to) => ({
      to,
      parameters: {
        batchingEnabled: random.chance(0.6),
        batchingMaxPublishDelay: pick(random, [1, 300]),
        batchingMaxMessages: pick(random, [2, 1000]),
        batchingMaxBytes: pick(random, [1000, 131_072]),
        batcherBuilder: pick(random, ["DEFAULT", "KEY_BASED"]),
        messageRoutingMode: pick(random, ["RoundRobinPartition", "SinglePartition"]),
        sendTimeout: pick(random, [300, 5000, null]),
        maxPendingMessages: pick(random, [0, 5]),
        deliverAfter: pick(random, [0, 0, 2000]),
        "network.latency.ms": pick(random, [0, 1, 60]),
      },
    })),
    // The first two share a subscription.
    subscriptions: ["a", "a", "a", "b", "dlq"].map((from, i) => ({
      from,
      workers: 1 + random.below(3),
      parameters: {
        ...drawConsumer(random, from === "dlq" ? "Shared" : kinds[Math.max(0, i - 1)]!),
        ...(i < 2 && { subscriptionName: "both" }),
        ...(from === "dlq" && { deadLetterTopic: "" }),
      },
    })),
  };
}

function planWorkers(run: FakeRun, shape: Sketch, random: RandomStream): void {
  (shape.subscriptions ?? []).forEach(({ workers }, subscription) => {
    for (let worker = 0; worker < (workers ?? 1); worker++) {
      let ms = random.below(15_000);
      while (ms < FAULTS_END_MS) {
        const how = random.chance(0.7) ? "crash" : "close";
        const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(12_000));
        run.at(ms, () => run.leave(subscription, worker, how));
        run.at(backMs, () => run.join(subscription, worker));
        ms = backMs + 1 + random.below(15_000);
      }
    }
  });
}

/** Nodes crash, are cut off and slow down whenever they like, also all at once. */
function planNodes(run: FakeRun, nodes: number, random: RandomStream): void {
  const { broker } = run;
  for (let node = 0; node < nodes; node++) {
    let ms = random.below(20_000);
    while (ms < FAULTS_END_MS) {
      const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(15_000));
      const kind = random.below(3);
      run.at(ms, () => {
        if (kind === 0) broker.crashNode(node);
        else if (kind === 1) broker.isolateNode?.(node, true);
        else broker.slowNode?.(node, 20);
      });
      run.at(backMs, () => {
        if (kind === 0) broker.restartNode(node);
        else if (kind === 1) broker.isolateNode?.(node, false);
        else broker.slowNode?.(node, 1);
      });
      ms = backMs + 1 + random.below(15_000);
    }
  }
}

test.each(SEEDS)("seed %i", (seed) => {
  const random = new RandomStreams(new Arena(), seed).stream("swarm");
  const shape = drawSketch(random);
  const failures = new RandomStreams(new Arena(), seed).stream("failures");
  const verdict = (_: string, attempt: number): Verdict =>
    attempt < 4 && failures.chance(0.1) ? "failed" : failures.chance(0.05) ? "set-aside" : "done";
  const plans = [{ serviceMs: pick(random, [1, 30, 150]), verdict }];
  const run = new FakeRun(simulatedPulsar, shape, { plans, seed });
  for (let i = 0; i < 300; i++) {
    const key = random.chance(0.6) ? { key: `key-${random.below(20)}` } : {};
    const sizeBytes = 1 + random.below(900);
    run.publish(random.below(FAULTS_END_MS), random.below(3), `m${i}`, { ...key, sizeBytes });
  }
  planWorkers(run, shape, random);
  planNodes(run, run.broker.nodes().length, random);
  const checkReadings = (): void => {
    for (const account of run.accounts) {
      if (account.subscription < 0) continue;
      expect(run.broker.waiting(account.subscription)).toBe(account.waiting);
      expect(run.broker.oldestNs(account.subscription)).toBeGreaterThanOrEqual(-1);
      run.broker.blocked(account.subscription);
    }
    for (const depth of run.broker.depths(0)) expect(depth).toBeGreaterThanOrEqual(0);
  };
  for (let ms = 0; ms < FAULTS_END_MS; ms += 1000) run.at(ms, checkReadings);
  run.runUntil(FAULTS_END_MS + 400_000);
  checkReadings();
  expect(run.outcomes.size).toBe(300);
  for (const { waiting, inFlight, subscription } of run.accounts)
    expect({ waiting, inFlight }, run.broker.blocked(Math.max(0, subscription))).toEqual({
      waiting: 0,
      inFlight: 0,
    });
  expect(run.liveDeliveries()).toBe(0);
  expect(run.liveMessages()).toBe(0);
});
