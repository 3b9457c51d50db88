// SQS against the shared vectors, where they are at hand. A vector is checked by the shape of what it gives and expects, not
// by its id; one of an unknown shape fails.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import type { Sketch } from "../brokerSketch.suite.ts";
import { describeBroker } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulatedSqs } from "./simulated.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Given = Readonly<Record<string, any>>;
interface Vector {
  readonly id: string;
  readonly system: string;
  readonly given: Given;
  readonly expect: Given;
}

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter((one) => one.system === "sqs")
  : [];

/** Time on the wire in these runs [ms]; times are compared to the second. */
const WIRE = 0.01;

const inSeconds = (ms: number) => Math.round(ms / 1000);
const wire = { latency: WIRE };
const polls: Parameters = { ...wire, WaitTimeSeconds: 20_000 };
const exact: Parameters = { early_duplicates: 0, disorder: 0 };

/** A queue "q" with a dead-letter queue "dead", and a service that polls it. */
function sketchOf(
  queue: Parameters,
  more: { consume?: Parameters; workers?: number } = {},
): Sketch {
  const isFifo = queue["FifoQueue"] === true;
  return {
    channels: [
      {
        id: "q",
        kind: "queue",
        parameters: { ...exact, ...queue, deadLetterTargetArn: "dead" },
      },
      { id: "dead", kind: "queue", parameters: { ...exact, FifoQueue: isFifo } },
    ],
    publishers: [{ to: "q", parameters: wire }],
    subscriptions: [
      { from: "q", workers: more.workers ?? 1, parameters: { ...polls, ...more.consume } },
    ],
  };
}

const visibilityOf = (given: Given): Parameters => ({
  ...(given["visibility"] !== undefined && { VisibilityTimeout: given["visibility"] * 1000 }),
  ...(given["maxReceiveCount"] !== undefined && { maxReceiveCount: given["maxReceiveCount"] }),
});

/** What happens to a message that every receive fails to delete. */
function poison({ given, expect: wanted }: Vector): void {
  const steps: readonly number[] | undefined = given["visibility_set_on_failure"];
  const isAtOnce = String(given["handler"] ?? "").includes("ChangeMessageVisibility(0)");
  const consume: Parameters =
    steps === undefined && !isAtOnce
      ? {}
      : { on_failure: "visibility", backoff: (steps ?? [0]).join(",") };
  const sketch = sketchOf(visibilityOf(given), { consume });
  const polledAt: readonly number[] | undefined = given["polls_at"];
  const plans = [{ serviceMs: WIRE, verdict: () => "failed" as const }];
  const joins = polledAt === undefined ? "all" : "none";
  const run = new FakeRun(simulatedSqs, sketch, { plans, joins });
  run.publish(0, 0, "m");
  for (const [at, seconds] of (polledAt ?? []).entries()) {
    // One receive and no further one: a worker that comes a moment later, and goes.
    run.at(seconds * 1000 + 1, () => run.join(0, at));
    run.at(seconds * 1000 + 50, () => run.leave(0, at, "close"));
  }
  run.runUntil(10 * 3_600_000);
  if (wanted["receives_at"] !== undefined)
    expect(run.find("deliver").map(({ ms }) => inSeconds(ms))).toEqual(wanted["receives_at"]);
  expect(run.find("deadLettered").map(({ ms }) => inSeconds(ms))).toEqual([wanted["dlq_at"]]);
}

/** Work that takes longer than the visibility timeout. */
function longWork({ given, expect: wanted }: Vector): void {
  const heartbeat = given["heartbeat_every_s"] ?? given["heartbeat"];
  const sketch = sketchOf(visibilityOf(given), {
    workers: given["consumers"] ?? 1,
    consume: heartbeat === undefined ? {} : { heartbeat: heartbeat * 1000 },
  });
  const run = new FakeRun(simulatedSqs, sketch);
  run.publish(0, 0, "m");
  // Each consumer does the work once and goes.
  for (let second = 0; second < 1000; second++) {
    run.runUntil(second * 1000 + 100);
    for (const delivery of run.held(0)) {
      const since = run.find("deliver", { worker: delivery.worker })[0]!.ms;
      if (run.nowMs() - since < given["work_s"] * 1000) continue;
      run.settle("m");
      run.leave(0, delivery.worker, "close");
    }
  }
  const times = run.find("deliver").map(({ ms }) => inSeconds(ms));
  if (wanted["deliveries_at"] !== undefined) expect(times).toEqual(wanted["deliveries_at"]);
  if (wanted["effects"] !== undefined) expect(times).toHaveLength(wanted["effects"]);
}

function changedVisibility({ given, expect: wanted }: Vector): void {
  const { at, to } = given["change_visibility"];
  const sketch = sketchOf(
    { VisibilityTimeout: given["visibility_queue"] * 1000 },
    { workers: 2, consume: { on_failure: "visibility", backoff: String(to) } },
  );
  const run = new FakeRun(simulatedSqs, sketch);
  run.publish(given["received_at"] * 1000, 0, "m");
  run.at((given["received_at"] + at) * 1000, () => run.settle("m", "failed"));
  run.runUntil(100_000);
  expect(inSeconds(run.find("deliver")[1]!.ms)).toBe(wanted["visible_at"]);
}

function delayed({ given, expect: wanted }: Vector): void {
  const run = new FakeRun(
    simulatedSqs,
    sketchOf({ DelaySeconds: given["DelaySeconds"] * 1000, FifoQueue: given["fifo"] === true }),
  );
  run.publish(given["sent_at"] * 1000, 0, "m");
  run.runUntil(1_000_000);
  expect(inSeconds(run.find("deliver")[0]!.ms)).toBe(wanted["first_receivable_at"]);
}

/** How long a dead letter lives. */
function deadLetterAge({ given, expect: wanted }: Vector): void {
  const isFifo = given["type"] === "fifo";
  const movedMs = given["moved_to_dlq_at_s"] * 1000;
  const retention = { MessageRetentionPeriod: given["retention_s"] * 1000, FifoQueue: isFifo };
  const dead = { MessageRetentionPeriod: given["dlq_retention_s"] * 1000, FifoQueue: isFifo };
  const base = sketchOf({ ...retention, maxReceiveCount: 1, VisibilityTimeout: 1000 });
  const channels = [base.channels[0]!, { id: "dead", kind: "queue", parameters: dead }];
  const run = new FakeRun(simulatedSqs, { ...base, channels }, { joins: "none" });
  run.publish(0, 0, "m");
  run.at(10, () => run.join(0, 0));
  run.at(20, () => run.leave(0, 0, "crash"));
  run.at(movedMs, () => run.join(0, 0));
  run.runUntil(movedMs + 31 * 86_400_000);
  expect(run.find("deadLettered").map(({ ms }) => inSeconds(ms))).toEqual([movedMs / 1000]);
  const [expired] = run.find("expired");
  expect(inSeconds(expired!.ms)).toBe(wanted["deleted_from_dlq_at_s"]);
}

function deduplicated({ given, expect: wanted }: Vector): void {
  const base = sketchOf({ FifoQueue: true });
  const publishers = [
    { to: "q", parameters: { ...wire, MessageDeduplicationId: given["dedup_id"] } },
  ];
  const plans = [{ serviceMs: (given["first_deleted_at"] ?? 0) * 1000 + WIRE }];
  const run = new FakeRun(simulatedSqs, { ...base, publishers }, { plans });
  const times: readonly number[] = given["sent_at"];
  for (const [at, seconds] of times.entries()) run.publish(seconds * 1000, 0, at);
  run.runUntil(1_000_000);
  expect(times.map((_, at) => run.labels("deliver").includes(String(at)))).toEqual(
    wanted["delivered"],
  );
  expect(times.map((_, at) => run.outcomes.get(String(at)))).toEqual(times.map(() => "confirmed"));
}

/** One receive from a queue with such contents; the letters of a label are its group. */
function receivedBatch({ given, expect: wanted }: Vector): void {
  const max: number = given["receive"].max;
  const isFifo = given["fifo"] === true;
  const inFlight: readonly string[] = given["in_flight"] ?? [];
  const queue: readonly string[] = given["queue"];
  const base = sketchOf({ FifoQueue: isFifo, VisibilityTimeout: 3_600_000 });
  const subscriptions = [
    { from: "q", workers: inFlight.length, parameters: polls },
    { from: "q", parameters: { ...polls, MaxNumberOfMessages: max } },
  ];
  const run = new FakeRun(simulatedSqs, { ...base, subscriptions }, { joins: "none" });
  const groupOf = (label: string) => ({ key: label.replace(/\d+$/u, "") });
  for (const [at, label] of inFlight.entries()) {
    run.publish(at, 0, label, groupOf(label));
    run.at(at, () => run.join(0, at));
  }
  const rest = queue.filter((label) => !inFlight.includes(label));
  for (const label of rest) run.publish(500, 0, label, groupOf(label));
  run.at(1000, () => run.join(1, 0));
  run.runUntil(2000);
  expect(run.labels("deliver", { subscription: 1 })).toEqual(wanted["returned"]);
}

function lateDelete({ given, expect: wanted }: Vector): void {
  const isFifo = given["fifo"] === true;
  const run = new FakeRun(simulatedSqs, sketchOf({ FifoQueue: isFifo }));
  run.publish(0, 0, "m");
  run.at(40_000, () => run.settle("m"));
  run.runUntil(41_000);
  const isDeleted = run.labels("acknowledged").length === 1;
  expect(isDeleted ? "succeeds" : "fails").toBe(wanted["delete"]);
}

/** A send that was obeyed while its answer was lost. */
function sentAgain({ given, expect: wanted }: Vector): void {
  const base = sketchOf({ FifoQueue: String(given["queue"]).toLowerCase() === "fifo" });
  // The first answer is lost, the second one comes: the seed is looked for.
  const publishers = [{ to: "q", parameters: { ...wire, answer_loss: 0.5 } }];
  for (let seed = 1; seed < 50; seed++) {
    const run = new FakeRun(simulatedSqs, { ...base, publishers }, { joins: "none", seed });
    run.publish(0, 0, "m", { key: "a" });
    run.runUntil(10);
    if (run.outcomes.size > 0) continue;
    run.runUntil(90_000);
    if (!run.outcomes.has("m")) continue;
    expect(run.outcomes.get("m")).toBe("confirmed");
    expect(run.books("q").waiting).toBe(wanted["copies"]);
    return;
  }
  expect.fail("no seed loses exactly the first answer");
}

function crash({ given, expect: wanted }: Vector): void {
  const isFifo = String(given["queue"]).toLowerCase() === "fifo";
  const run = new FakeRun(simulatedSqs, sketchOf({ FifoQueue: isFifo }, { workers: 2 }), {
    joins: "none",
  });
  run.join(0, 0);
  run.publish(1000, 0, "m", { key: "a" });
  run.at(5000, () => run.leave(0, 0, "crash"));
  run.at(6000, () => run.join(0, 1));
  run.runUntil(100_000);
  const [first, second] = run.find("deliver");
  expect(run.books("q").dropped + run.books("q").expired).toBe(wanted["lost"]);
  if (wanted["redelivered_after"] === "visibility timeout")
    expect(inSeconds(second!.ms - first!.ms)).toBe(30);
}

function validDeadLetters({ given, expect: wanted }: Vector): void {
  const typed = (type: string) => ({ FifoQueue: type === "fifo" });
  const config = describeBroker(simulatedSqs, {
    channels: [
      {
        id: "q",
        kind: "queue",
        parameters: { ...typed(given["source"]), deadLetterTargetArn: "dead" },
      },
      { id: "dead", kind: "queue", parameters: typed(given["dlq"]) },
    ],
  });
  const errors = simulatedSqs.check(config).filter(({ severity }) => severity === "error");
  expect(errors.length === 0).toBe(wanted["valid"]);
}

/** By shape: what is given, in the order in which the shapes are told apart. */
const shapes: readonly (readonly [(given: Given) => boolean, (vector: Vector) => void])[] = [
  [(given) => "source" in given && "dlq" in given, validDeadLetters],
  [(given) => "change_visibility" in given, changedVisibility],
  [(given) => "work_s" in given, longWork],
  [(given) => "DelaySeconds" in given, delayed],
  [(given) => "dlq_retention_s" in given, deadLetterAge],
  [(given) => "dedup_id" in given, deduplicated],
  [(given) => "receive" in given, receivedBatch],
  [(given) => "delete_after_visibility_expired" in given, lateDelete],
  [(given) => String(given["producer"] ?? "").includes("timed out"), sentAgain],
  [(given) => String(given["consumer"] ?? "").includes("crash"), crash],
  [(given) => "maxReceiveCount" in given, poison],
];

describe.skipIf(vectors.length === 0)("SQS: shared vectors", () => {
  it.each(vectors.map((vector) => [vector.id, JSON.stringify(vector.given), vector] as const))(
    "%s %s",
    (_id, _given, vector) => {
      const shape = shapes.find(([fits]) => fits(vector.given));
      expect(shape, "the shape of the vector is known").toBeDefined();
      shape![1](vector);
    },
  );
});
