// Serverless functions in a run: each statement of the sheets on what a naive simulator gets wrong, and the limits of
// concurrency. Sources: ../shared/brokers/lambda.md and azure-functions.md, section 8 and tables.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../base/fields.ts";
import { functionScenario } from "../model/functions.suite.ts";
import type { Connection, Scenario } from "../model/scenario.ts";
import {
  burst,
  exactly,
  failing,
  notBefore,
  runFunction,
  runSketch,
} from "./functionRuns.suite.ts";
import { open } from "./sketch.suite.ts";

const exact: Parameters = { early_duplicates: 0, disorder: 0 };

const onFailure = (to: string): Connection => ({
  id: "on-failure",
  kind: "publish",
  from: "f",
  to,
  contract: "e",
  on: "failure",
});

/** Clients that call the function directly. */
function called(parameters: Parameters, rate: number): Scenario {
  const scenario = functionScenario({ function: parameters });
  return {
    ...scenario,
    nodes: [
      { id: "p", kind: "producer", parameters: { rate, arrivals: "constant" } },
      { id: "f", kind: "function", parameters },
    ],
    channels: [],
    connections: [
      {
        id: "call",
        kind: "call",
        from: "p",
        to: "f",
        contract: "e",
        parameters: { timeout: 60_000 },
      },
    ],
  };
}

describe("Lambda and a queue", () => {
  it("brings back only what the code reports, if it reports", () => {
    const batch = (ReportBatchItemFailures: boolean) =>
      runSketch({
        ...burst(10),
        function: exactly(100),
        channel: { ...exact, VisibilityTimeout: 30_000 },
        mapping: { ReportBatchItemFailures },
        timeline: [...notBefore(1000), ...failing(1650, 1750)],
      });
    const [whole, partial] = [batch(false), batch(true)];
    expect(whole.report.nodes[2]!.redelivered).toBe(10);
    // Six were done before the seventh failed, and are done once more.
    expect(whole.report.nodes[2]!.handled).toBe(16);
    expect(partial.report.nodes[2]!.redelivered).toBe(1);
    expect(partial.report.nodes[2]!.handled).toBe(10);
  });

  it("counts receives that were throttled: messages reach the dead-letter queue although the code never ran", () => {
    const run = runSketch({
      ...burst(1),
      function: { ...exactly(1), ReservedConcurrentExecutions: 0 },
      channel: {
        ...exact,
        VisibilityTimeout: 30_000,
        deadLetterTargetArn: "dead",
        maxReceiveCount: 3,
      },
      channels: [{ id: "dead", kind: "queue", broker: "b" }],
      duration: 300_000,
    });
    expect(run.find("started")).toEqual([]);
    expect(run.platform.throttled).toBe(3);
    expect(run.find("dead-lettered")).toHaveLength(1);
  });

  it("stops what takes longer than the timeout, and the whole batch comes back", () => {
    const run = runSketch({
      ...burst(3),
      function: { ...exactly(1500), Timeout: 2000 },
      channel: { ...exact, VisibilityTimeout: 30_000 },
      timeline: notBefore(1000),
      duration: 20_000,
    });
    expect(run.platform).toMatchObject({ invocations: 1, timedOut: 1, failedInvocations: 1 });
    expect(run.find("started")).toHaveLength(2);
    expect(run.find("failed").map(({ reason }) => reason)).toEqual(["timeout"]);
    expect(run.report.subscriptions[0]!.acknowledged).toBe(0);
  });

  it("gathers a batch for as long as the window says", () => {
    const run = runSketch({
      producer: { rate: 10, arrivals: "constant" },
      function: exactly(1),
      channel: exact,
      mapping: { BatchSize: 1000, MaximumBatchingWindowInSeconds: 10_000, MaximumConcurrency: 2 },
      duration: 61_000,
      sourcesStopAt: 40_000,
    });
    expect(run.report.nodes[2]!.handled).toBe(399);
    expect(run.platform.invocations).toBeLessThanOrEqual(12);
  });

  it("never runs more batches than MaximumConcurrency, without throttling", () => {
    const run = runSketch({
      ...burst(200),
      function: exactly(500),
      channel: exact,
      mapping: { MaximumConcurrency: 2 },
    });
    expect(run.platform.concurrencyMax).toBe(2);
    expect(run.platform.throttled).toBe(0);
    expect(run.report.nodes[2]!.handled).toBe(200);
  });
});

describe("Lambda and a stream", () => {
  const stream = {
    technology: "kafka",
    kind: "topic",
    channel: { partitions: 1 },
  } as const;

  it("does not skip a bad record by default: the partition stands still", () => {
    const run = runSketch({
      ...burst(5),
      ...stream,
      function: exactly(10),
      timeline: failing(0, 30_000),
      duration: 29_000,
    });
    expect(run.platform.failedInvocations).toBeGreaterThan(3);
    expect(run.report.subscriptions[0]!.acknowledged).toBe(0);
    expect(run.platform.givenUp).toBe(0);
  });

  it("halves batches until the bad record is alone, and tells the destination of it once", () => {
    const run = runSketch({
      ...burst(8),
      ...stream,
      function: exactly(1000),
      channels: [{ id: "failures", kind: "topic", broker: "b" }],
      mapping: { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 },
      connections: [onFailure("failures")],
      // Whatever is done in the first seconds fails, and so does no other record.
      timeline: failing(0, 20_000),
      duration: 60_000,
    });
    expect(run.platform.givenUp).toBe(run.platform.toDestination);
    expect(run.platform.givenUp).toBeGreaterThan(0);
    expect(run.report.subscriptions[0]!.deadLettered).toBe(run.platform.givenUp);
  });

  it("keeps the order of a key, also with several batches of a partition at once", () => {
    const run = runSketch({
      ...burst(60, 6),
      ...stream,
      function: exactly(50),
      mapping: { BatchSize: 2, ParallelizationFactor: 3 },
    });
    expect(run.platform.concurrencyMax).toBe(3);
    const order = new Map<string, number[]>();
    for (const { key, message } of run.find("handled"))
      order.set(key!, [...(order.get(key!) ?? []), message]);
    for (const messages of order.values())
      expect(messages).toEqual(messages.toSorted((a, b) => a - b));
    expect(order.size).toBe(6);
  });
});

describe("asynchronous events", () => {
  const sns = { technology: "sns", kind: "topic" } as const;

  it("are tried three times by Lambda itself: SNS hears nothing of errors", () => {
    const run = runSketch({
      ...burst(1),
      ...sns,
      function: { ...exactly(10), errorRate: 1 },
      duration: 600_000,
    });
    expect(run.report.subscriptions[0]).toMatchObject({ delivered: 1, acknowledged: 1 });
    expect(run.find("started")).toHaveLength(3);
    expect(run.platform.givenUp).toBe(1);
  });

  it("wait and are tried again when they are throttled", () => {
    const run = runSketch({
      ...burst(20),
      ...sns,
      function: { ...exactly(1000), ReservedConcurrentExecutions: 2, Timeout: 3000 },
      duration: 3_600_000,
    });
    expect(run.platform.throttled).toBeGreaterThan(0);
    expect(run.platform.concurrencyMax).toBe(2);
    expect(run.report.nodes[2]!.handled).toBe(20);
  });

  it("go straight to the destination where nothing is reserved at all", () => {
    const run = runSketch({
      ...burst(4),
      ...sns,
      function: { ...exactly(10), ReservedConcurrentExecutions: 0 },
      channels: [{ id: "failures", kind: "topic", broker: "b" }],
      connections: [onFailure("failures")],
    });
    expect(run.platform).toMatchObject({ invocations: 0, givenUp: 4, toDestination: 4 });
  });

  it("that are too old are given up", () => {
    const run = runSketch({
      ...burst(1),
      ...sns,
      function: { ...exactly(10), errorRate: 1, MaximumEventAgeInSeconds: 60_000 },
      duration: 600_000,
    });
    // The second attempt is due at the very end of its time.
    expect(run.find("started")).toHaveLength(1);
    expect(run.report.nodes[2]!.failed).toMatchObject({ "event-too-old": 1 });
  });
});

describe("concurrency", () => {
  it("throttles calls beyond what is reserved", () => {
    const run = runFunction(called({ ...exactly(1000), ReservedConcurrentExecutions: 5 }, 10));
    expect(run.platform.concurrencyMax).toBe(5);
    expect(run.report.calls[0]!.failed).toMatchObject({ throttled: run.platform.throttled });
    expect(run.platform.throttled).toBeGreaterThan(200);
  });

  it("grows by no more than the scaling rate", () => {
    const run = runFunction(
      called(
        { ...exactly(60_000), Timeout: 90_000, AccountConcurrency: 5000, ScalingRate: 100 },
        100,
      ),
    );
    // 100 at first, then 10 in each second.
    expect(run.platform.concurrencyMax).toBeGreaterThan(680);
    expect(run.platform.concurrencyMax).toBeLessThanOrEqual(700);
  });

  it("pays cold starts only for environments that are not warm", () => {
    const coldStart = { distribution: "constant", value: 500 } as const;
    const steady = runFunction(called({ ...exactly(100), coldStart }, 1));
    expect(steady.platform.coldStarts).toBe(1);
    const rare = runFunction(called({ ...exactly(100), coldStart, keepWarm: 300 }, 1));
    expect(rare.platform.coldStarts).toBe(rare.platform.invocations);
    expect(rare.report.nodes[1]!.latency.p50!).toBeGreaterThan(599);
    const ready = runFunction(
      called({ ...exactly(100), coldStart, keepWarm: 300, ProvisionedConcurrentExecutions: 1 }, 1),
    );
    expect(ready.platform.coldStarts).toBe(0);
  });

  it("is released by a crash, and everything is answered or left to its source", () => {
    const scenario = called(exactly(1000), 10);
    const run = runFunction({
      ...scenario,
      timeline: [{ at: 10_500, act: "crash", target: "f", duration: 5000 }],
    });
    expect(run.report.calls[0]!.failed["unavailable"]).toBeGreaterThan(50);
    expect(run.report.calls[0]!.succeeded).toBeGreaterThan(400);
  });
});

describe("Azure Functions", () => {
  const hub = { technology: "event-hubs", kind: "hub", channel: { partitionCount: 4 } } as const;
  const azure = { platform: "azure", plan: "premium" } as const;

  it("loses events of a hub after an exception without a retry policy", () => {
    const run = runSketch({
      ...burst(40, 4),
      ...hub,
      function: { ...azure, ...exactly(10), errorRate: 1 },
      duration: 200_000,
    });
    expect(run.report.subscriptions[0]).toMatchObject({ redelivered: 0, backlog: 0, inFlight: 0 });
    expect(run.report.channels[0]!.dropped).toMatchObject({ "skipped-after-failure": 40 });
  });

  it("executes the whole batch again under a retry policy, what was done before too", () => {
    const run = runSketch({
      ...burst(4),
      technology: "event-hubs",
      kind: "hub",
      channel: { partitionCount: 1 },
      function: { ...azure, ...exactly(10), errorRate: 1 },
      mapping: { retry: "fixedDelay", maxRetryCount: 2, delayInterval: 5000 },
      duration: 200_000,
    });
    expect(run.platform.failedInvocations).toBe(run.platform.invocations);
    expect(run.platform.invocations % 3).toBe(0);
  });

  it("goes down to nothing on the Consumption plan, and the first message waits for a cold start", () => {
    const run = runSketch({
      ...burst(1),
      technology: "service-bus",
      kind: "queue",
      function: {
        platform: "azure",
        ...exactly(10),
        coldStart: { distribution: "constant", value: 4000 },
      },
    });
    const [first] = run.find("started");
    // The scale controller looks every ten seconds.
    expect(first!.t).toBeGreaterThan(13.9);
    expect(first!.t).toBeLessThan(14.5);
    expect(run.report.nodes[2]!.handled).toBe(1);
  });

  it("works on as many messages of a queue as instances and their calls allow", () => {
    const run = runSketch({
      ...burst(400),
      technology: "service-bus",
      kind: "queue",
      function: { platform: "azure", ...exactly(1000), functionAppScaleLimit: 3 },
      mapping: { maxConcurrentCalls: 4 },
      duration: 120_000,
    });
    expect(run.platform.concurrencyMax).toBe(12);
    expect(run.report.nodes[2]!.handled).toBe(400);
  });

  it("leaves retries to Event Grid, which pushes and hears of errors", () => {
    const run = runSketch({
      ...burst(1),
      technology: "event-grid",
      kind: "subscription",
      entry: "topic",
      function: { ...azure, ...exactly(10), errorRate: 1 },
      duration: 120_000,
    });
    expect(run.report.subscriptions[0]!.redelivered).toBeGreaterThan(0);
  });

  it("lets requests wait for an instance, and refuses what is too much", () => {
    const run = runFunction(
      called(
        {
          platform: "azure",
          ...exactly(10_000),
          functionAppScaleLimit: 1,
          maxConcurrentRequests: 10,
          maxOutstandingRequests: 20,
          coldStart: { distribution: "constant", value: 1000 },
        },
        10,
      ),
    );
    expect(run.platform.concurrencyMax).toBe(10);
    expect(run.report.calls[0]!.failed["throttled"]).toBe(run.platform.throttled);
    expect(run.report.calls[0]!.succeeded).toBeGreaterThan(40);
  });
});

it("goes on from any instant as if it had never stopped", () => {
  const scenario = functionScenario({
    producer: { rate: 20 },
    function: { errorRate: 0.1, ReservedConcurrentExecutions: 3 },
    channel: { VisibilityTimeout: 20_000 },
    mapping: { BatchSize: 5, MaximumBatchingWindowInSeconds: 300 },
    timeline: [{ at: 20_000, act: "crash", target: "f", duration: 3000 }],
  });
  const [straight, halted] = [open(scenario), open(scenario)];
  straight.advance({ untilNs: 50e9, maxEvents: Infinity });
  halted.advance({ untilNs: 40e9, maxEvents: Infinity });
  halted.seek(12_345_678_901);
  halted.advance({ untilNs: 50e9, maxEvents: Infinity });
  expect(halted.report(0).stateHash).toBe(straight.report(0).stateHash);
});
