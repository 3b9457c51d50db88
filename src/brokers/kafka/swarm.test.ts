// Random clusters, settings, loads and faults from one seed each: whatever is combined, the books balance (the fake
// sees to that at every verb), every publication is answered once, and everything drains when the faults end.

import { expect, test } from "vitest";
import type { FieldValue } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import { type RandomStream, RandomStreams } from "../../kernel/random.ts";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import type { Verdict } from "../technology.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

const SEEDS = Array.from({ length: 60 }, (_, i) => 100 + i);
const FAULTS_END_MS = 40_000;
const MIB = 1_048_576;

function pick<Value>(random: RandomStream, values: readonly Value[]): Value {
  return values[random.below(values.length)]!;
}

function drawSketch(random: RandomStream): Sketch {
  // A batch that takes longer than the interval would be read again for ever; that has its own test.
  const poll = (): Readonly<Record<string, FieldValue>> =>
    random.chance(0.3)
      ? {
          "max.poll.records": pick(random, [1, 3]),
          "max.poll.interval.ms": 900,
          "heartbeat.interval.ms": 300,
        }
      : { "max.poll.records": pick(random, [1, 3, 50]) };
  const consume = (): Readonly<Record<string, FieldValue>> => ({
    ...poll(),
    // A share group has an id of its own.
    ...(random.chance(0.2)
      ? {
          "group.type": "share",
          "group.id": "queue",
          "share.record.lock.duration.ms": pick(random, [200, 5000]),
          "share.partition.max.record.locks": pick(random, [1, 100]),
          "acknowledge.on.failure": pick(random, ["release", "reject"]),
        }
      : { "group.id": pick(random, ["", "", "shared"]) }),
    commit: pick(random, [
      "after-processing",
      "auto",
      "before-processing",
      "auto-handed-off",
      "transaction",
    ]),
    "isolation.level": pick(random, ["read_uncommitted", "read_committed"]),
    "auto.commit.interval.ms": pick(random, [100, 5000]),
    "on.failure": pick(random, ["skip", "block"]),
    "failure.backoff.ms": pick(random, [1, 700]),
    "auto.offset.reset": pick(random, ["earliest", "latest"]),
    "partition.assignment.strategy": pick(random, [
      "range",
      "roundrobin",
      "sticky",
      "cooperative-sticky",
    ]),
    "group.protocol": pick(random, ["classic", "classic", "consumer"]),
    "group.remote.assignor": pick(random, ["uniform", "range"]),
    "session.timeout.ms": pick(random, [5000, 20_000]),
    "group.instance.id": random.chance(0.3),
    "network.latency.ms": pick(random, [0, 1, 40]),
  });
  const workers = [1 + random.below(3), 1 + random.below(3)];
  return {
    parameters: {
      nodes: pick(random, [1, 3, 4]),
      "process.roles": pick(random, ["broker", "broker", "broker,controller"]),
      "controller.quorum.voters": pick(random, [1, 3]),
      "replica.fetch.latency.ms": pick(random, [0, 1, 300]),
      "replica.lag.time.max.ms": pick(random, [3000, 30_000]),
      "log.retention.check.interval.ms": pick(random, [2000, 60_000]),
      "group.initial.rebalance.delay.ms": pick(random, [0, 3000]),
      "log.cleaner.backoff.ms": pick(random, [1000, 15_000]),
    },
    channels: ["a", "b"].map((id) => ({
      id,
      kind: "topic",
      parameters: {
        partitions: pick(random, [1, 3, 5]),
        "replication.factor": pick(random, [1, 2, 3]),
        "min.insync.replicas": pick(random, [1, 1, 2]),
        "retention.ms": pick(random, [9000, null]),
        "retention.bytes": pick(random, [3 * MIB, null]),
        "segment.ms": pick(random, [3000, 604_800_000]),
        "segment.bytes": MIB,
        "cleanup.policy": pick(random, ["delete", "delete", "compact", "compact,delete"]),
        "min.cleanable.dirty.ratio": pick(random, [0, 0.5]),
        "min.compaction.lag.ms": pick(random, [0, 0, 4000]),
        "max.compaction.lag.ms": pick(random, [5000, null]),
        "delete.retention.ms": pick(random, [0, 6000]),
        "unclean.leader.election.enable": random.chance(0.5),
      },
    })),
    publishers: ["a", "a", "b"].map((to, i) => ({
      to,
      // Some publish what they do with what they consume.
      node: pick(random, [`service-${i % 2}`, `producer-${i}`]),
      parameters: {
        acks: pick(random, ["all", "all", "1", "0"]),
        "enable.idempotence": random.chance(0.7),
        "transactional.id": random.chance(0.5),
        "commit.interval.ms": pick(random, [100, 3000, 15_000]),
        "commit.records": pick(random, [null, 3]),
        "transaction.timeout.ms": pick(random, [20_000, 60_000]),
        "null.value": random.chance(0.3),
        "linger.ms": pick(random, [0, 5, 200]),
        "batch.size": pick(random, [0, 1000, 16_384]),
        "max.in.flight.requests.per.connection": pick(random, [1, 5]),
        "delivery.timeout.ms": pick(random, [300, 5000, 120_000]),
        "network.latency.ms": pick(random, [0, 1, 60]),
        "metadata.max.age.ms": pick(random, [7000, 300_000]),
      },
    })),
    subscriptions: ["a", "a", "b", "b"].map((from, i) => ({
      from,
      node: `service-${i % 2}`,
      workers: workers[i % 2]!,
      parameters: consume(),
    })),
  };
}

/** The process of a service is gone for a while with its first worker, and with it what it publishes. */
function crashPublishers(
  run: FakeRun,
  shape: Pick<Sketch, "publishers">,
  { node, ms, backMs }: { readonly node: string; readonly ms: number; readonly backMs: number },
): void {
  (shape.publishers ?? []).forEach((publisher, i) => {
    if (publisher.node !== node) return;
    run.at(ms, () => run.broker.publisherCrashed?.(i));
    run.at(backMs, () => run.broker.publisherRestarts?.(i));
  });
}

/** Every worker of a service goes down and comes back, on all its connections. */
function planWorkers(run: FakeRun, shape: Sketch, random: RandomStream): void {
  const subscriptions = shape.subscriptions ?? [];
  for (const node of ["service-0", "service-1"]) {
    const own = subscriptions.flatMap((one, i) => (one.node === node ? [i] : []));
    for (let worker = 0; worker < 3; worker++) {
      const seats = own.filter((i) => worker < (subscriptions[i]?.workers ?? 1));
      let ms = random.below(15_000);
      while (ms < FAULTS_END_MS && seats.length > 0) {
        const how = random.chance(0.7) ? "crash" : "close";
        const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(12_000));
        run.at(ms, () => seats.forEach((i) => run.leave(i, worker, how)));
        const isWhole = how === "crash" && worker === 0;
        crashPublishers(run, isWhole ? shape : {}, { node, ms, backMs });
        run.at(backMs, () => seats.forEach((i) => run.join(i, worker)));
        ms = backMs + 1 + random.below(15_000);
      }
    }
  }
}

/** Nodes go down, are cut off or slow whenever they like, also all at once. */
function planNodes(run: FakeRun, nodes: number, random: RandomStream): void {
  const { broker } = run;
  const faults = [
    [(node: number) => broker.crashNode(node), (node: number) => broker.restartNode(node)],
    [
      (node: number) => broker.isolateNode?.(node, true),
      (node: number) => broker.isolateNode?.(node, false),
    ],
    [
      (node: number) => broker.slowNode?.(node, pick(random, [2, 500, 2000])),
      (node: number) => broker.slowNode?.(node, 1),
    ],
  ] as const;
  for (let node = 0; node < nodes; node++)
    for (const [begin, end] of faults) {
      let ms = random.below(40_000);
      while (ms < FAULTS_END_MS) {
        const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(20_000));
        run.at(ms, () => begin(node));
        run.at(backMs, () => end(node));
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
  const run = new FakeRun(kafka, shape, { plans, seed });
  for (let i = 0; i < 300; i++) {
    const key = random.chance(0.6) ? { key: `key-${random.below(20)}` } : {};
    const sizeBytes = random.chance(0.1) ? 300_000 : 1 + random.below(900);
    run.publish(random.below(FAULTS_END_MS), random.below(3), `m${i}`, { ...key, sizeBytes });
  }
  planWorkers(run, shape, random);
  planNodes(run, Number(shape.parameters?.["nodes"]), random);
  for (let ms = 0; ms < FAULTS_END_MS; ms += 1000)
    run.at(ms, () => {
      for (let i = 0; i < 4; i++) {
        expect(run.broker.waiting(i)).toBeGreaterThanOrEqual(0);
        expect(run.broker.oldestNs(i)).toBeGreaterThanOrEqual(-1);
        run.broker.blocked(i);
      }
      for (const depth of run.broker.depths(0)) expect(depth).toBeGreaterThanOrEqual(0);
    });
  run.runUntil(FAULTS_END_MS + 400_000);
  expect(run.outcomes.size).toBe(300);
  for (const { waiting, inFlight } of run.accounts)
    expect({ waiting, inFlight }, run.broker.blocked(0) + run.broker.blocked(2)).toEqual({
      waiting: 0,
      inFlight: 0,
    });
  expect(run.liveDeliveries()).toBe(0);
  expect(run.liveMessages()).toBe(0);
});
