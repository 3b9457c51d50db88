// Pulsar against the shared vectors, where they are at hand. What a vector gives decides what is run with it: a vector of
// a shape that nobody knows fails.

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Parameters, valuesOf } from "../../base/fields.ts";
import { nsPerMs } from "../../base/units.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { ackTimeoutNs, nackDelayNs } from "./backoff.ts";
import { checkPulsar } from "./check.ts";
import { consumeFields } from "./fields.ts";
import { consumerInRange, type HashSlice, mergeWithout, murmur3, splitFor } from "./keyShared.ts";
import { simulatedPulsar } from "./simulated.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Shape = any;
type Vector = Readonly<Record<"id" | "system", string> & Record<"given" | "expect", Shape>>;

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter((one) => one.system === "pulsar")
  : [];

const MIB = 1_048_576;

/** A topic "t" with a producer without batches, and subscriptions. */
function sketch(wishes: {
  readonly topic?: Parameters;
  readonly publish?: Parameters;
  readonly cluster?: Parameters;
  readonly consumers?: readonly { readonly workers?: number; readonly parameters?: Parameters }[];
}): Sketch {
  return {
    parameters: wishes.cluster ?? {},
    channels: [
      { id: "t", kind: "topic", parameters: wishes.topic ?? {} },
      { id: "dlq", kind: "topic" },
    ],
    publishers: [{ to: "t", parameters: { batchingEnabled: false, ...wishes.publish } }],
    subscriptions: [
      ...(wishes.consumers ?? []).map((one) => ({ from: "t", ...one })),
      { from: "dlq", node: "undertaker" },
    ],
  };
}

function publish(run: FakeRun, count: number, everyMs = 10): void {
  for (let i = 0; i < count; i++) run.publish(10 + i * everyMs, 0, i);
}

function delivered(run: FakeRun, subscription: number, worker?: number): number {
  const one = worker === undefined ? { subscription } : { subscription, worker };
  return run.find("deliver", one).length;
}

/** Consumers as the vector lists them: names or a number. */
function countOf(consumers: Shape): number {
  return Array.isArray(consumers) ? consumers.length : Number(consumers);
}

function checkSharing(given: Shape, wanted: Shape): void {
  const names: readonly string[] = given.consumers ?? given.consumers_in_order;
  const parameters = { subscriptionType: given.subscription, ackTimeout: null };
  const run = new FakeRun(
    simulatedPulsar,
    sketch({ consumers: [{ workers: names.length, parameters }] }),
    { plans: [{ serviceMs: 1 }] },
  );
  publish(run, given.messages);
  run.runUntil(10_000);
  for (const [i, name] of names.entries()) expect(delivered(run, 0, i), name).toBe(wanted[name]);
}

function checkStandby(given: Shape, wanted: Shape): void {
  const { partitions } = given;
  const consumers = countOf(given.consumers);
  const run = new FakeRun(
    simulatedPulsar,
    sketch({
      topic: { partitions },
      consumers: [{ workers: consumers, parameters: { subscriptionType: given.subscription } }],
    }),
    { plans: [{ serviceMs: 1 }] },
  );
  publish(run, 20 * partitions);
  run.runUntil(60_000);
  const deliveries = run.find("deliver", { subscription: 0 });
  const workersOf = (partition: number) =>
    new Set(deliveries.filter((one) => one.partition === partition).map(({ worker }) => worker));
  const active = Array.from({ length: partitions }, (_, partition) => workersOf(partition).size);
  expect(active).toEqual(Array<number>(partitions).fill(wanted.active_per_partition));
  const working = new Set(deliveries.map(({ worker }) => worker)).size;
  expect((consumers - working) / partitions).toBe(wanted.standby_per_partition);
}

function checkSecondConsumer(given: Shape, wanted: Shape): void {
  const parameters = { subscriptionType: given.subscription };
  const about = sketch({ consumers: [{ workers: 2, parameters }] });
  const run = new FakeRun(simulatedPulsar, about, { plans: [{ serviceMs: 1 }] });
  publish(run, 6);
  run.runUntil(1000);
  expect([delivered(run, 0, 0), delivered(run, 0, 1)]).toEqual(
    wanted.second === "error" ? [6, 0] : [3, 3],
  );
  const codes = checkPulsar(describeBroker(simulatedPulsar, about)).map(({ code }) => code);
  expect(codes.includes("pulsar/second-consumer-refused")).toBe(wanted.second === "error");
}

function checkSubscriptions(given: Shape, wanted: Shape): void {
  const names: readonly string[] = given.subscriptions;
  const consumers = names.map((subscriptionName) => ({ parameters: { subscriptionName } }));
  const run = new FakeRun(simulatedPulsar, sketch({ consumers }), { plans: [{ serviceMs: 1 }] });
  publish(run, given.messages);
  run.runUntil(1000);
  for (const [i, name] of names.entries()) expect(delivered(run, i)).toBe(wanted[name]);
}

/** Ranges after consumers have joined and left; a key's place in them. */
function checkRanges(given: Shape, wanted: Shape): void {
  const joined: readonly string[] = given.consumers_joined ?? given.consumers ?? [];
  const left: readonly string[] = [given.then_leaves ?? given.leaves ?? given.left ?? []].flat();
  let slices: readonly HashSlice[] = [];
  joined.forEach((_, i) => (slices = splitFor(slices, i)));
  for (const name of left) slices = mergeWithout(slices, joined.indexOf(name));
  let start = 0;
  const ranges: Record<string, readonly number[]> = {};
  for (const { end, consumer } of slices) {
    ranges[joined[consumer] ?? ""] = [start, end];
    start = end;
  }
  for (const name of Object.keys(wanted))
    if (joined.includes(name)) expect(ranges[name], name).toEqual(wanted[name]);
  expect(start).toBe(65_536);
}

/** The hash of a key, and whose it is where ranges are given. */
function checkHash(given: Shape, wanted: Shape): void {
  const hash = murmur3(given.key);
  const joined: readonly string[] = given.consumers_joined ?? given.consumers ?? ["C1", "C2", "C3"];
  let slices: readonly HashSlice[] = [];
  joined.forEach((_, i) => (slices = splitFor(slices, i)));
  for (const [name, value] of Object.entries(wanted)) {
    if (name === "consumer") expect(joined[consumerInRange(slices, hash)]).toBe(value);
    else if (/mod|slot/iu.test(name)) expect(hash % 65_536).toBe(value);
    else expect([hash, hash % 65_536], name).toContain(value);
  }
}

function backoffOf(given: Shape): Parameters {
  const { min, max, multiplier } = given;
  return {
    redeliveryBackoff: true,
    "backoff.minDelayMs": min,
    "backoff.maxDelayMs": max,
    "backoff.multiplier": multiplier,
  };
}

function checkDelays(given: Shape, wanted: Shape): void {
  const stated: Parameters = {
    ...backoffOf(given.nack_backoff_ms ?? given.backoff_ms),
    ...(given.ack_timeout_s !== undefined && { ackTimeout: given.ack_timeout_s * 1000 }),
  };
  const values = valuesOf(consumeFields, stated);
  const delays: readonly number[] = wanted.delays_s;
  const found = delays.map((_, i) =>
    given.ack_timeout_s === undefined
      ? nackDelayNs(values, 0, i + 1) / nsPerMs / 1000
      : ackTimeoutNs(values, i + 1) / nsPerMs / 1000,
  );
  expect(found).toEqual(delays);
  // The same delays, waited for in a run: consumers that refuse, or that never answer.
  const parameters = { subscriptionType: "Shared", receiverQueueSize: 0, ...stated };
  const isRefusing = given.ack_timeout_s === undefined;
  const plans: WorkerPlan[] = isRefusing ? [{ serviceMs: 0, verdict: () => "failed" }] : [];
  const workers = isRefusing ? 1 : delays.length + 1;
  const run = new FakeRun(simulatedPulsar, sketch({ consumers: [{ workers, parameters }] }), {
    plans,
  });
  publish(run, 1);
  run.runUntil(1000 * delays.reduce((sum, delay) => sum + delay, 1));
  const times = run.find("deliver").map(({ ms }) => ms);
  const between = times.slice(1).map((ms, i) => Math.round((ms - times[i]!) / 100) / 10);
  expect(between.slice(0, delays.length)).toEqual(delays);
}

/** A consumer that never answers: whether another one gets the message. */
function checkHang(given: Shape, wanted: Shape): void {
  const ackTimeout = given.ack_timeout === "default" ? null : given.ack_timeout * 1000;
  const parameters = { subscriptionType: "Shared", ackTimeout };
  const run = new FakeRun(simulatedPulsar, sketch({ consumers: [{ workers: 2, parameters }] }));
  publish(run, 1);
  run.runUntil(86_400_000);
  expect(delivered(run, 0) > 1).toBe(wanted.redelivered);
}

function checkDeadLetters(given: Shape, wanted: Shape): void {
  const { maxRedeliverCount } = given;
  const isLater = given.reconsume_later_s !== undefined;
  const parameters: Parameters = {
    subscriptionType: "Shared",
    maxRedeliverCount,
    deadLetterTopic: "dlq",
    ...(isLater
      ? { "on.failure": "reconsumeLater", reconsumeLaterDelay: given.reconsume_later_s * 1000 }
      : { negativeAckRedeliveryDelay: (given.nack_delay_s ?? 60) * 1000 }),
  };
  const run = new FakeRun(simulatedPulsar, sketch({ consumers: [{ parameters }] }), {
    plans: [{ serviceMs: 0, verdict: () => "failed" }, {}],
  });
  publish(run, 1);
  run.runUntil(1_000_000);
  const times = run.find("deliver", { subscription: 0 }).map(({ ms }) => ms);
  expect(times).toHaveLength(maxRedeliverCount + 1);
  if (wanted.deliveries_at_s !== undefined)
    expect(times.map((ms) => Math.round((ms - times[0]!) / 1000))).toEqual(wanted.deliveries_at_s);
  if (wanted.deliveries !== undefined) expect(times).toHaveLength(wanted.deliveries);
  expect(run.labels("rejected")).toEqual(["0"]);
  expect(run.heldLabels(1)).toEqual(["0"]);
}

function checkBatch(given: Shape, wanted: Shape): void {
  const run = new FakeRun(
    simulatedPulsar,
    sketch({
      publish: { batchingEnabled: true },
      consumers: [
        {
          parameters: {
            subscriptionType: "Shared",
            enableBatchIndexAcknowledgment: given.batch_index_ack,
          },
        },
      ],
    }),
  );
  run.publishAll(
    0,
    0,
    Array.from({ length: given.batch }, (_, i) => i),
  );
  run.runUntil(100);
  for (let i = 0; i < given.batch; i++) run.settle(i, i < given.acked ? "done" : "failed");
  run.runUntil(100_000);
  expect(run.find("deliver", { attempt: 2 })).toHaveLength(wanted.redelivered);
}

function checkCumulative(given: Shape, wanted: Shape): void {
  const parameters = {
    subscriptionType: given.subscription,
    acknowledgment: given.cumulative_ack ? "cumulative" : "individual",
  };
  const about = describeBroker(simulatedPulsar, sketch({ consumers: [{ parameters }] }));
  const codes = checkPulsar(about).map(({ code }) => code);
  expect(!codes.includes("pulsar/cumulative-on-shared")).toBe(wanted.allowed);
}

/** A subscription that is made after messages were published. */
function checkLateSubscription(given: Shape, wanted: Shape): void {
  const before = given.existing_messages ?? given.published;
  const isDefault = String(given.new_subscription ?? "").includes("default");
  const isLatest = isDefault || /latest/iu.test(String(given.new_subscription ?? ""));
  const parameters = { subscriptionInitialPosition: isLatest ? "Latest" : "Earliest" };
  const others = given.subscriptions === 0 || given.existing_messages === undefined ? 0 : 1;
  const consumers = [{ parameters }, ...Array.from({ length: others }, () => ({}))];
  const retention = given.retention === "default" ? {} : undefined;
  const topic: Parameters = retention ?? { retentionTime: null, retentionSize: null };
  const run = new FakeRun(simulatedPulsar, sketch({ topic, consumers }), { joins: "none" });
  for (let i = 0; i < others; i++) run.join(1 + i, 0);
  publish(run, before);
  run.runUntil(1000);
  run.join(0, 0);
  run.runUntil(2000);
  expect(delivered(run, 0)).toBe(wanted.received_of_existing ?? wanted.kept_for_later_subscription);
}

function checkRetention(given: Shape, wanted: Shape): void {
  const { time, size_MB: size } = given.retention;
  const topic = {
    retentionTime: time === -1 ? null : time * 60_000,
    retentionSize: size === -1 ? null : size * MIB,
  };
  const found = checkPulsar(describeBroker(simulatedPulsar, sketch({ topic, consumers: [{}] })));
  expect(!found.some(({ severity }) => severity === "error")).toBe(wanted.valid);
}

function checkTtl(given: Shape, wanted: Shape): void {
  const everyMs = 1000;
  const run = new FakeRun(
    simulatedPulsar,
    sketch({
      cluster: { messageExpiryCheckIntervalMs: everyMs },
      topic: { messageTTL: given.ttl_s * 1000 },
      consumers: [{}],
    }),
  );
  run.at(5, () => run.leave(0, 0, "crash"));
  publish(run, 1);
  // The message is 10 ms younger than the run.
  run.runUntil(given.unacked_age_s * 1000 + 10);
  const isGone = /acknowledged by the broker|lost|expired/u.test(JSON.stringify(wanted));
  expect(run.labels("expired")).toEqual(isGone ? ["0"] : []);
}

function checkQuota(given: Shape, wanted: Shape): void {
  const text = `${given.backlog_quota} ${given.policy ?? ""}`;
  const policy = ["producer_request_hold", "producer_exception", "consumer_backlog_eviction"].find(
    (one) => text.includes(one),
  );
  const run = new FakeRun(
    simulatedPulsar,
    sketch({
      cluster: { backlogQuotaCheckIntervalMs: 1000 },
      topic: { backlogQuotaLimitSize: 1000, backlogQuotaPolicy: policy ?? "producer_request_hold" },
      consumers: [{ parameters: { receiverQueueSize: 1 } }],
    }),
  );
  // 100 bytes each: ten fill the quota, and half of those that follow come after it was noticed.
  publish(run, 30, 100);
  run.runUntil(60_000);
  const outcomes = [...run.outcomes.values()];
  if (policy === "consumer_backlog_eviction") {
    expect(JSON.stringify(wanted)).toContain("oldest");
    const dropped = run.labels("dropped").map(Number);
    const held = run.heldLabels(0).map(Number);
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped).toEqual(dropped.map((_, i) => i + held.length));
    expect(new Set(outcomes)).toEqual(new Set(["confirmed"]));
  } else {
    const reason = policy === "producer_exception" ? "backlog-quota-exceeded" : "send-timeout";
    expect(new Set(outcomes)).toEqual(new Set(["confirmed", `refused: ${reason}`]));
    const refused = run.entries.length > 0 ? outcomes.filter((one) => one !== "confirmed") : [];
    expect(refused.length).toBeGreaterThan(5);
  }
}

/** A node crashes: nothing that was confirmed is lost; what was not acknowledged comes again. */
function checkCrash(given: Shape, wanted: Shape): void {
  const isBookie = String(given.event).includes("bookie");
  const cluster: Parameters = {
    ...(given.E !== undefined && { managedLedgerDefaultEnsembleSize: given.E }),
    ...(given.Qw !== undefined && { managedLedgerDefaultWriteQuorum: given.Qw }),
    ...(given.Qa !== undefined && { managedLedgerDefaultAckQuorum: given.Qa }),
    ...(given.bookies !== undefined && { bookies: given.bookies }),
  };
  const run = new FakeRun(simulatedPulsar, sketch({ cluster, consumers: [{}] }));
  publish(run, 5);
  const node = isBookie ? 3 : run.broker.nodes().findIndex(({ leads }) => leads > 0);
  run.at(1000, () => run.broker.crashNode(node));
  run.publish(2000, 0, "later");
  run.runUntil(20_000);
  if (wanted.writes !== undefined)
    expect(run.outcomes.has("later")).toBe(!/stop|blocked|fail/u.test(String(wanted.writes)));
  run.runUntil(120_000);
  for (let i = 0; i < 5; i++) expect(run.outcomes.get(`${i}`)).toBe("confirmed");
  const lost = run.books("t").dropped + run.books("t").expired;
  if (wanted.acknowledged_publishes_lost !== undefined)
    expect(lost).toBe(wanted.acknowledged_publishes_lost);
  if (wanted.unacked === "redelivered")
    expect(run.find("deliver", { attempt: 2 }).length).toBeGreaterThan(0);
}

/** A consumer crashes with messages that it has not acknowledged. */
function checkConsumerCrash(given: Shape, wanted: Shape): void {
  const parameters = { subscriptionType: given.subscription ?? "Shared" };
  const run = new FakeRun(simulatedPulsar, sketch({ consumers: [{ workers: 2, parameters }] }));
  publish(run, given.messages ?? given.unacked ?? 4);
  run.at(1000, () => run.leave(0, 0, "crash"));
  run.runUntil(5000);
  const again = run.find("deliver", { attempt: 2 });
  expect(again.length > 0).toBe(!/never|false|lost/u.test(JSON.stringify(wanted)));
  expect(again.every(({ worker }) => worker === 1)).toBe(true);
}

/** Which check a vector asks for, by the fields that are there. */
const shapes: readonly (readonly [
  name: string,
  applies: (given: Shape) => boolean,
  check: (given: Shape, wanted: Shape) => void,
])[] = [
  ["second consumer", (given) => given.second_consumer === true, checkSecondConsumer],
  [
    "standby",
    (given) => given.partitions !== undefined && given.consumers !== undefined,
    checkStandby,
  ],
  ["key", (given) => given.key !== undefined, checkHash],
  ["ranges", (given) => given.key_shared !== undefined, checkRanges],
  [
    "late subscription",
    (given) => given.existing_messages !== undefined || given.subscriptions === 0,
    checkLateSubscription,
  ],
  ["subscriptions", (given) => Array.isArray(given.subscriptions), checkSubscriptions],
  [
    "delays",
    (given) => given.nack_backoff_ms !== undefined || given.backoff_ms !== undefined,
    checkDelays,
  ],
  ["hang", (given) => given.ack_timeout !== undefined && given.consumer === "hangs", checkHang],
  ["dead letters", (given) => given.maxRedeliverCount !== undefined, checkDeadLetters],
  ["batch", (given) => given.batch !== undefined, checkBatch],
  ["cumulative", (given) => given.cumulative_ack !== undefined, checkCumulative],
  ["retention", (given) => typeof given.retention === "object", checkRetention],
  ["TTL", (given) => given.ttl_s !== undefined, checkTtl],
  ["quota", (given) => given.backlog_quota !== undefined, checkQuota],
  ["consumer crash", (given) => /consumer/u.test(String(given.event ?? "")), checkConsumerCrash],
  ["node crash", (given) => given.event !== undefined, checkCrash],
  [
    "sharing",
    (given) => given.consumers !== undefined || given.consumers_in_order !== undefined,
    checkSharing,
  ],
];

test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
  const found = shapes.find(([, applies]) => applies(vector.given));
  expect(
    found,
    `${id}: ${JSON.stringify(vector.given)} has a shape that is not known`,
  ).toBeDefined();
  found![2](vector.given, vector.expect);
});
