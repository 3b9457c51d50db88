// Functions against the shared vectors, where they are at hand. A vector is checked by the shape of what it gives and
// expects, not by its id; one of an unknown shape fails. Kinesis and its shards are run as Kafka and its partitions.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { Connection } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import {
  burst,
  exactly,
  failing,
  type FunctionRunLog,
  notBefore,
  runSketch,
} from "./functionRuns.suite.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Given = Readonly<Record<string, any>>;
interface Vector {
  readonly id: string;
  readonly system: string;
  readonly given: Given;
  readonly expect: Given;
}

const file = new URL("../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter(({ system }) =>
      ["lambda", "azure-functions"].includes(system),
    )
  : [];

const exact: Parameters = { early_duplicates: 0, disorder: 0 };
const hour = 3_600_000;

/** When the code began with a message [s], to the nearest second after the function came up. */
const startsOf = (run: FunctionRunLog, fromS = 0) =>
  run.find("started").map(({ t }) => Math.round(t - fromS));

const failureTo = (to: string): Connection => ({
  id: "on-failure",
  kind: "publish",
  from: "f",
  to,
  contract: "e",
  on: "failure",
});

/** A batch of a queue, at one item of which the code throws. */
function failingItem({ given, expect: wanted }: Vector): void {
  const isFifo = String(given["source"]).includes("fifo");
  const count: number = given["batch"] ?? 10;
  const item: number = given["failed_item"];
  const run = runSketch({
    ...burst(count),
    function: exactly(100),
    channel: { ...exact, VisibilityTimeout: 30_000, FifoQueue: isFifo },
    mapping: {
      BatchSize: count,
      ReportBatchItemFailures: given["partial_batch_response"] === true,
    },
    timeline: [...notBefore(1000), ...failing(950 + item * 100, 1050 + item * 100)],
    duration: 29_000,
  });
  const returned = new Set(run.find("returned").map(({ message }) => message));
  if (wanted["redelivered"] !== undefined) expect(returned.size).toBe(wanted["redelivered"]);
  if (wanted["deleted"] !== undefined)
    expect(run.find("acknowledged")).toHaveLength(wanted["deleted"]);
}

/** An asynchronous event at which the code always throws at once. */
function asynchronous({ expect: wanted }: Vector): void {
  const run = runSketch({
    ...burst(1),
    technology: "sns",
    kind: "topic",
    function: { ...exactly(0), errorRate: 1 },
    channels: [{ id: "failures", kind: "topic", broker: "b" }],
    connections: [failureTo("failures")],
    duration: 600_000,
  });
  expect(startsOf(run, run.find("started")[0]?.t)).toEqual(wanted["attempts_at_s"]);
  const told = run.find("published", { channel: "failures" }).map(({ t }) => Math.round(t));
  expect(told).toEqual([wanted["destination_at_s"] ?? wanted["attempts_at_s"].at(-1)]);
}

/** How long a message is hidden that the code never gets through with. */
function visibility({ given, expect: wanted }: Vector): void {
  const run = runSketch({
    ...burst(1),
    function: { ...exactly(1), errorRate: 1, Timeout: given["function_timeout"] * 1000 },
    channel: { ...exact, VisibilityTimeout: given["visibility"] * 1000 },
    mapping: { MaximumBatchingWindowInSeconds: (given["batch_window"] ?? 0) * 1000 },
    duration: 20 * 60_000,
  });
  const [first, second] = run.find("delivered").map(({ t }) => t);
  expect(Math.round(second! - first!)).toBe(wanted["effective_visibility"]);
}

/** A message at which the code always throws, in a queue with a dead-letter queue. */
function poison({ given, expect: wanted }: Vector): void {
  const run = runSketch({
    ...burst(1),
    function: { ...exactly(1), errorRate: 1, Timeout: (given["function_timeout"] ?? 30) * 1000 },
    channel: {
      ...exact,
      VisibilityTimeout: given["visibility"] * 1000,
      deadLetterTargetArn: "dead",
      maxReceiveCount: given["maxReceiveCount"],
    },
    channels: [{ id: "dead", kind: "queue", broker: "b" }],
    duration: 2 * hour,
  });
  const receives = wanted["receives_at"] ?? wanted["receives_at_s"];
  if (receives !== undefined) expect(startsOf(run)).toEqual(receives);
  const buried = wanted["dlq_at"] ?? wanted["dlq_at_s"];
  if (buried !== undefined)
    expect(run.find("dead-lettered").map(({ t }) => Math.round(t))).toEqual([buried]);
}

/** The growth of a mapping while there is always more to do. */
function growth({ expect: wanted }: Vector): void {
  const wantedAt: Readonly<Record<string, number>> = wanted["concurrency_at_min"];
  const run = runSketch({
    producer: { rate: 1, arrivals: "constant", batch: { distribution: "constant", value: 10_000 } },
    sourcesStopAt: 3500,
    function: { ...exactly(10_000), Timeout: 20_000, AccountConcurrency: 5000 },
    channel: { ...exact, VisibilityTimeout: 120_000 },
    mapping: { BatchSize: 1 },
    duration: 5.2 * 60_000,
  });
  const all = run.find("started").map(({ t }) => t);
  const starts = all.map((t) => t - all[0]!);
  for (const [minute, concurrency] of Object.entries(wantedAt)) {
    const at = Number(minute) * 60;
    // Each works for 10 s, so all of these run at the same time.
    const running = starts.filter((t) => t > at - 9 && t <= at + 0.9).length;
    expect(Math.abs(running - concurrency)).toBeLessThanOrEqual(0.04 * concurrency + 1);
  }
}

/** A record that no attempt gets through with, in a stream of one partition. */
function poisonedStream({ given, expect: wanted }: Vector): void {
  const hasDestination = given["OnFailure"] !== undefined;
  const retries: unknown = given["MaximumRetryAttempts"];
  const run = runSketch({
    ...burst(8),
    technology: "kafka",
    kind: "topic",
    // Everything fails for two minutes; records expire after one.
    function: { ...exactly(10) },
    channel: { partitions: 1, "retention.ms": 60_000 },
    mapping: {
      BisectBatchOnFunctionError: given["BisectBatchOnFunctionError"] === true,
      MaximumRetryAttempts: typeof retries === "number" ? retries : null,
    },
    channels: [{ id: "failures", kind: "topic", broker: "b" }],
    connections: hasDestination ? [failureTo("failures")] : [],
    timeline: failing(0, 120_000),
    duration: 180_000,
  });
  const told = run.find("published", { channel: "failures" });
  const firstGivenUp = [...run.find("dropped"), ...run.find("rejected")][0]?.t ?? Infinity;
  if (String(wanted["shard"]).startsWith("blocked"))
    expect(firstGivenUp).toBeGreaterThanOrEqual(59);
  if (wanted["shard"] === "continues") expect(firstGivenUp).toBeLessThan(30);
  if (wanted["dlq"] === null) expect(told).toEqual([]);
  if (wanted["destination_gets"] === "metadata")
    expect(told.length).toBe(run.platform.toDestination);
  expect(run.platform.givenUp).toBe(8);
}

/** A dead-letter queue of the function says nothing about messages of a queue. */
function unusedDestination({ expect: wanted }: Vector): void {
  const run = runSketch({
    ...burst(1),
    function: { ...exactly(1), errorRate: 1 },
    channel: exact,
    channels: [{ id: "failures", kind: "queue", broker: "b" }],
    connections: [failureTo("failures")],
    duration: hour,
  });
  expect(run.platform.toDestination > 0).toBe(wanted["used_for_sqs_failures"]);
}

/** Groups of a FIFO queue are worked on one batch at a time. */
function groups({ given, expect: wanted }: Vector): void {
  const run = runSketch({
    ...burst(60, given["active_groups"]),
    function: exactly(100),
    channel: { FifoQueue: true },
    mapping: { BatchSize: 1 },
  });
  expect(run.platform.concurrencyMax).toBe(wanted["max_concurrency"]);
}

/** The order of one group, of which a message in the middle fails, reported by the code. */
function azureBatch({ given, expect: wanted }: Vector): void {
  const policy: Given | null = given["retry"] ?? given["retry_policy"] ?? null;
  const count: number = given["batch"] ?? 10;
  const item: number = given["item_40"] === undefined ? 1 : 40;
  const isAlways = given["always_fails"] === true;
  const isInstant = given["run_s"] === 0;
  const runWith = (timeline: readonly TimelineEntry[]) =>
    runSketch({
      ...burst(count),
      technology: "event-hubs",
      kind: "hub",
      function: {
        platform: "azure",
        plan: "premium",
        ...exactly(isInstant ? 0 : 100),
        errorRate: isAlways ? 1 : 0,
      },
      channel: { partitionCount: 1 },
      mapping: {
        maxEventBatchSize: count,
        retry: policy?.["strategy"] ?? "none",
        maxRetryCount: policy?.["maxRetryCount"] ?? 3,
        delayInterval: (policy?.["delay_s"] ?? 10) * 1000,
      },
      timeline: isAlways ? [] : [...notBefore(60_000), ...timeline],
      duration: 300_000,
    });
  // When the processor has claimed its partition a first run tells.
  const begun = Math.round((runWith([]).find("started")[0]?.t ?? 0) * 1000) - 50;
  const run = runWith(failing(begun + item * 100, begun + item * 100 + 100));
  if (wanted["redelivered"] !== undefined) {
    expect(run.report.subscriptions[0]?.redelivered).toBe(wanted["redelivered"]);
    expect(new Set(run.find("started").map(({ message }) => message)).size).toBe(item);
  }
  const times = [...new Set(startsOf(run, run.find("started")[0]?.t))];
  if (wanted["executions_at_s"] !== undefined) expect(times).toEqual(wanted["executions_at_s"]);
  if (wanted["checkpoint_advances"] === true || wanted["then"] === "checkpoint advances") {
    expect(run.report.subscriptions[0]?.backlog).toBe(0);
    expect(run.report.subscriptions[0]?.inFlight).toBe(0);
  }
}

/** By what a vector gives: every key of it must be known to the check. */
const checks: readonly (readonly [keys: string, check: (vector: Vector) => void])[] = [
  ["source batch failed_item partial_batch_response", failingItem],
  ["source function defaults", asynchronous],
  ["source batch_window function_timeout visibility", visibility],
  ["source function_timeout visibility maxReceiveCount always_fails function", poison],
  ["source backlog mode", growth],
  ["source defaults poison_record", poisonedStream],
  ["source BisectBatchOnFunctionError MaximumRetryAttempts OnFailure", poisonedStream],
  ["source dlq_configured_on", unusedDestination],
  ["source active_groups", groups],
  ["trigger batch item_40 retry_policy", azureBatch],
  ["trigger retry run_s always_fails", azureBatch],
];

function checkOf({ id, given }: Vector): (vector: Vector) => void {
  const keys = Object.keys(given);
  const found = checks.find(([known]) => keys.every((key) => known.split(" ").includes(key)));
  if (found === undefined) throw new Error(`${id} gives ${keys.join(", ")}: of no known shape.`);
  return found[1];
}

describe("the shared vectors of Lambda and Azure Functions", () => {
  it.skipIf(vectors.length > 0)("are not at hand", () => {
    expect(vectors).toEqual([]);
  });
  it.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    checkOf(vector)(vector);
  });
});
