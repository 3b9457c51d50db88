// SQS: the contract of all technologies, and its own peculiarities, named after the statements of its fact sheet.

import { describe, expect, it, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { describeTechnology } from "../technology.suite.ts";
import { simulatedSqs } from "./simulated.ts";

const exact: Parameters = { early_duplicates: 0, disorder: 0 };
const wire = { latency: 1 };
const polls: Parameters = { ...wire, WaitTimeSeconds: 20_000 };

const standardSketch: Sketch = {
  channels: [{ id: "q", kind: "queue", parameters: exact }],
  publishers: [{ to: "q" }],
  subscriptions: [{ from: "q", workers: 3, parameters: { WaitTimeSeconds: 20_000 } }],
};

describeTechnology(simulatedSqs, {
  sketch: standardSketch,
  order: "none",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 120_000,
  idleWakesPerHour: 2,
});

describe("with FIFO queues, batches and short polls", () => {
  describeTechnology(simulatedSqs, {
    sketch: {
      channels: [
        {
          id: "q",
          kind: "queue",
          parameters: { FifoQueue: true, deadLetterTargetArn: "dead", maxReceiveCount: 1000 },
        },
        { id: "dead", kind: "queue", parameters: { FifoQueue: true } },
      ],
      publishers: [{ to: "q" }, { to: "q", parameters: { MessageGroupId: "{event}" } }],
      subscriptions: [
        { from: "q", workers: 3, parameters: { MaxNumberOfMessages: 10, heartbeat: 10_000 } },
        { from: "dead", parameters: { WaitTimeSeconds: 1000 } },
      ],
    },
    order: "none",
    losesConfirmed: "possible",
    nodes: 3,
    drainsWithinMs: 300_000,
    idleWakesPerHour: 2,
  });
});

/** A queue with a worker or more, latencies of a millisecond, no chance. */
function open(
  about: {
    queue?: Parameters;
    publish?: Parameters;
    consume?: Parameters;
    cluster?: Parameters;
    workers?: number;
    plans?: readonly WorkerPlan[];
    joins?: "all" | "none";
    seed?: number;
  } = {},
) {
  const isFifo = about.queue?.["FifoQueue"] === true;
  const sketch: Sketch = {
    ...(about.cluster !== undefined && { parameters: about.cluster }),
    channels: [
      { id: "q", kind: "queue", parameters: { ...exact, ...about.queue } },
      { id: "dead", kind: "queue", parameters: { ...exact, FifoQueue: isFifo } },
    ],
    publishers: [{ to: "q", parameters: { ...wire, ...about.publish } }],
    subscriptions: [
      { from: "q", workers: about.workers ?? 1, parameters: { ...polls, ...about.consume } },
      { from: "dead", workers: 1, parameters: polls },
    ],
  };
  return new FakeRun(simulatedSqs, sketch, {
    ...(about.plans !== undefined && { plans: about.plans }),
    ...(about.joins !== undefined && { joins: about.joins }),
    ...(about.seed !== undefined && { seed: about.seed }),
  });
}

const failing = { serviceMs: 1, verdict: () => "failed" as const };
const secondsOf = (run: FakeRun, verb: string) =>
  run.find(verb, { subscription: 0 }).map(({ ms }) => Math.floor(ms / 1000));

describe("never", () => {
  it("pushes: a message comes with a worker's next receive, not while it is at work", () => {
    const run = open({ plans: [{ serviceMs: 5000 }] });
    run.publishAll(0, 0, ["a", "b"]);
    run.runUntil(20_000);
    expect(run.find("deliver").map(({ ms }) => Math.round(ms))).toEqual([2, 5004]);
  });

  it("knows a nack: a failed message stays hidden until its visibility timeout", () => {
    const run = open({ plans: [failing] });
    run.publish(0, 0, "m");
    run.runUntil(65_000);
    expect(secondsOf(run, "deliver")).toEqual([0, 30, 60]);
  });

  it("fills the dead-letter queue without a receive", () => {
    const run = open({
      queue: { deadLetterTargetArn: "dead", maxReceiveCount: 1 },
      plans: [failing],
      joins: "none",
    });
    run.join(0, 0);
    run.publish(0, 0, "m");
    run.at(1000, () => run.leave(0, 0, "close"));
    run.runUntil(3_600_000);
    expect(run.labels("deadLettered")).toEqual([]);
    run.join(0, 0);
    run.runUntil(3_600_010);
    expect(run.labels("deadLettered")).toEqual(["m"]);
    expect(run.labels("deliver")).toEqual(["m"]);
  });

  it("deletes on receive", () => {
    const run = open();
    run.publish(0, 0, "m");
    run.at(1000, () => run.leave(0, 0, "crash"));
    run.at(2000, () => run.join(0, 0));
    run.runUntil(60_000);
    expect(run.labels("deliver")).toEqual(["m", "m"]);
    expect(run.find("deliver").map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("starts the retention anew with a receive", () => {
    const run = open({ queue: { MessageRetentionPeriod: 100_000 }, plans: [failing] });
    run.publish(0, 0, "m");
    run.runUntil(200_000);
    // Hidden at 100 s, it goes as soon as it is visible again.
    expect(run.find("expired").map(({ ms }) => Math.floor(ms / 1000))).toEqual([120]);
  });

  it("lets a FIFO group deliver later messages while one is in flight", () => {
    const run = open({ queue: { FifoQueue: true }, workers: 3 });
    for (const label of ["a1", "a2", "b1"]) run.publish(0, 0, label, { key: label[0]! });
    run.runUntil(1000);
    expect(run.heldLabels(0)).toEqual(["a1", "b1"]);
    run.settle("a1");
    run.runUntil(2000);
    expect(run.heldLabels(0)).toEqual(["b1", "a2"]);
  });

  it("deduplicates for ever, or per group by default", () => {
    const publish = { MessageDeduplicationId: "fixed" };
    const run = open({ queue: { FifoQueue: true }, publish, plans: [{ serviceMs: 1 }] });
    run.publish(0, 0, "first", { key: "a" });
    run.publish(1000, 0, "other group", { key: "b" });
    run.publish(301_500, 0, "later", { key: "a" });
    run.runUntil(400_000);
    expect(run.labels("deliver")).toEqual(["first", "later"]);
    expect(run.find("dropped").map(({ label, reason }) => [label, reason])).toEqual([
      ["other group", "duplicate-id"],
    ]);
    const scoped = open({
      queue: { FifoQueue: true, DeduplicationScope: "messageGroup" },
      publish,
      plans: [{ serviceMs: 1 }],
    });
    scoped.publish(0, 0, "a", { key: "a" });
    scoped.publish(0, 0, "b", { key: "b" });
    scoped.publish(0, 0, "a again", { key: "a" });
    scoped.runUntil(1000);
    expect(scoped.labels("deliver")).toEqual(["a", "b"]);
  });

  it("feeds two applications from one queue: each message goes to one of them", () => {
    const sketch: Sketch = {
      channels: [{ id: "q", kind: "queue", parameters: exact }],
      publishers: [{ to: "q" }],
      subscriptions: [
        { from: "q", parameters: polls },
        { from: "q", parameters: polls },
      ],
    };
    const run = new FakeRun(simulatedSqs, sketch, { plans: [{ serviceMs: 5 }] });
    for (let at = 0; at < 20; at++) run.publish(at * 100, 0, at);
    run.runUntil(10_000);
    expect(run.labels("deliver")).toHaveLength(20);
    const codes = simulatedSqs.check(describeBroker(simulatedSqs, sketch)).map(({ code }) => code);
    expect(codes).toContain("sqs/shared-queue");
  });
});

describe("visibility", () => {
  it("a slow worker of a standard queue still deletes when nobody has received the message again", () => {
    const run = open({ plans: [{ serviceMs: 45_000 }] });
    run.publish(0, 0, "m");
    run.runUntil(200_000);
    expect(run.labels("deliver")).toHaveLength(1);
    expect(run.labels("acknowledged")).toEqual(["m"]);
  });

  it("a slow worker of a FIFO queue cannot delete any more, and gets the message again", () => {
    const run = open({ queue: { FifoQueue: true }, plans: [{ serviceMs: 45_000 }] });
    run.publish(0, 0, "m");
    run.runUntil(80_000);
    expect(secondsOf(run, "deliver")).toEqual([0, 45]);
    expect(run.find("returned").map(({ reason }) => reason)).toEqual(["receipt-handle-expired"]);
  });

  it("a heartbeat keeps a single holder", () => {
    const run = open({
      workers: 2,
      consume: { heartbeat: 15_000 },
      plans: [{ serviceMs: 200_000 }],
    });
    run.publish(0, 0, "m");
    run.runUntil(400_000);
    expect(run.labels("deliver")).toHaveLength(1);
    expect(run.labels("acknowledged")).toEqual(["m"]);
  });

  it("no heartbeat extends beyond twelve hours", () => {
    const run = open({
      workers: 2,
      consume: { heartbeat: 600_000, VisibilityTimeout: 1_200_000 },
    });
    run.publish(0, 0, "m");
    run.runUntil(13 * 3_600_000);
    expect(run.find("deliver").map(({ ms }) => Math.round(ms / 3_600_000))).toEqual([0, 12]);
  });

  it("a batch shares one timeout: what waits behind a slow message is received twice", () => {
    const run = open({
      workers: 2,
      consume: { MaxNumberOfMessages: 10 },
      plans: [{ serviceMs: 20_000 }],
      joins: "none",
    });
    run.publishAll(0, 0, ["a", "b", "c"]);
    run.at(1000, () => run.join(0, 0));
    run.at(2000, () => run.join(0, 1));
    run.runUntil(40_000);
    expect(run.labels("deliver", { worker: 0 })).toEqual(["a", "b", "c"]);
    expect(run.labels("deliver", { worker: 1 })).toEqual(["b", "c"]);
  });

  it("a poison head blocks its FIFO group for maxReceiveCount times the timeout, then the next overtakes it", () => {
    const run = open({
      queue: { FifoQueue: true, deadLetterTargetArn: "dead", maxReceiveCount: 5 },
      plans: [{ serviceMs: 1, verdict: (label) => (label === "bad" ? "failed" : "done") }],
    });
    run.publish(0, 0, "bad", { key: "a" });
    run.publish(0, 0, "good", { key: "a" });
    run.runUntil(200_000);
    expect(run.find("deliver", { label: "good" }).map(({ ms }) => Math.floor(ms / 1000))).toEqual([
      150,
    ]);
    expect(run.books("dead").routed).toBe(1);
  });
});

describe("polling", () => {
  it("a long poll gets a message at once, a short poll with its next turn", () => {
    const long = open({ plans: [{ serviceMs: 1 }] });
    long.publish(10_000, 0, "m");
    long.runUntil(20_000);
    expect(long.find("deliver").map(({ ms }) => ms)).toEqual([10_002]);
    const short = open({
      consume: { WaitTimeSeconds: 0, poll_pause: 998, empty_receives: 0 },
      plans: [{ serviceMs: 1 }],
    });
    short.publish(10_100, 0, "m");
    short.runUntil(20_000);
    // The first receive came at 1 ms, and one follows each second.
    expect(short.find("deliver").map(({ ms }) => ms)).toEqual([11_002]);
  });

  it("short polls may miss messages that are there", () => {
    const run = open({
      consume: { WaitTimeSeconds: 0, poll_pause: 998, empty_receives: 0.5 },
      plans: [{ serviceMs: 1 }],
    });
    for (let at = 0; at < 100; at++) run.publish(at * 20_000, 0, at);
    run.runUntil(3_000_000);
    const waits = run.find("deliver").map(({ ms, label }) => ms - Number(label) * 20_000);
    expect(waits).toHaveLength(100);
    expect(waits.filter((ms) => ms > 1100).length).toBeGreaterThan(30);
  });

  it("an idle queue costs no events, however it is polled", () => {
    const run = open({ consume: { WaitTimeSeconds: 0 }, workers: 5 });
    let wakes = 0;
    const { broker } = run;
    const wake = broker.wake.bind(broker);
    broker.wake = (code, a, b) => {
      wakes++;
      wake(code, a, b);
    };
    run.runUntil(3_600_000);
    expect(wakes).toBeLessThanOrEqual(6);
  });

  it("a FIFO receive takes as many as it can of one group before it adds another", () => {
    const run = open({
      queue: { FifoQueue: true },
      consume: { MaxNumberOfMessages: 3 },
      joins: "none",
    });
    for (const label of ["a1", "b1", "a2", "b2", "a3"])
      run.publish(0, 0, label, { key: label[0]! });
    run.at(100, () => run.join(0, 0));
    run.runUntil(200);
    expect(run.heldLabels(0)).toEqual(["a1", "a2", "a3"]);
  });
});

describe("standard queues", () => {
  it("give later messages first now and then, and duplicates before their time", () => {
    const run = open({
      queue: { disorder: 0.2, early_duplicates: 0.05 },
      workers: 3,
      plans: [{ serviceMs: 50 }],
    });
    for (let at = 0; at < 600; at++) run.publish(at * 15, 0, at);
    run.runUntil(200_000);
    const first = run.find("deliver", { attempt: 1 }).map(({ label }) => Number(label));
    expect(first.some((label, at) => at > 0 && label < first[at - 1]!)).toBe(true);
    expect(run.find("deliver", { attempt: 2 }).length).toBeGreaterThan(0);
    expect(run.books("q").acknowledged).toBe(600);
  });

  it("a lost answer makes a duplicate, and none in a FIFO queue", () => {
    const publish = { answer_loss: 0.3, request_timeout: 1000, max_attempts: 10 };
    const plans = [{ serviceMs: 1 }];
    const copies = (FifoQueue: boolean) => {
      const run = open({ queue: { FifoQueue }, publish, plans });
      for (let at = 0; at < 100; at++) run.publish(at * 100, 0, at, { key: "k" });
      run.runUntil(300_000);
      expect([...run.outcomes.values()].every((outcome) => outcome === "confirmed")).toBe(true);
      return run.books("q").acknowledged;
    };
    expect(copies(false)).toBeGreaterThan(120);
    expect(copies(true)).toBe(100);
  });
});

describe("limits", () => {
  it("at the quota of messages in flight receives bring nothing more", () => {
    const run = open({ cluster: { standard_in_flight: 2 }, workers: 4 });
    run.publishAll(0, 0, ["a", "b", "c"]);
    run.runUntil(1000);
    expect(run.heldLabels(0)).toEqual(["a", "b"]);
    expect(run.broker.blocked(0)).toMatch(/quota/u);
    run.settle("a");
    run.runUntil(1010);
    expect(run.heldLabels(0)).toEqual(["b", "c"]);
  });

  it("a FIFO queue takes 300 sends a second, ten times as many in batches, or more at high throughput", () => {
    const confirmed = (queue: Parameters, publish: Parameters) => {
      const run = open({ queue: { FifoQueue: true, ...queue }, publish, workers: 0 });
      for (let at = 0; at < 3000; at++) run.publish(at / 3, 0, at, { key: `k${at % 50}` });
      run.runUntil(1005);
      return [...run.outcomes.values()].filter((outcome) => outcome === "confirmed").length;
    };
    const single = confirmed({}, {});
    expect(single).toBeGreaterThan(500);
    expect(single).toBeLessThan(650);
    expect(confirmed({}, { SendMessageBatch: 10 })).toBe(3000);
    const fast = { DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" };
    expect(confirmed(fast, {})).toBe(3000);
  });

  it("refuses a message that is too large, and one without an id", () => {
    const run = open({ queue: { MaximumMessageSize: 1024 } });
    run.publish(0, 0, "large", { sizeBytes: 1025 });
    run.runUntil(10);
    expect(run.outcomes.get("large")).toBe("refused: message-too-long");
    const without = open({ queue: { FifoQueue: true }, publish: { MessageDeduplicationId: "" } });
    without.publish(0, 0, "m", { key: "a" });
    without.runUntil(10);
    expect(without.outcomes.get("m")).toBe("refused: deduplication-id-missing");
  });
});

describe("dead letters", () => {
  it("go back with a new life when they are moved back", () => {
    let isBroken = true;
    const run = open({
      queue: { deadLetterTargetArn: "dead", maxReceiveCount: 2 },
      plans: [{ serviceMs: 1, verdict: () => (isBroken ? "failed" : "done") }],
      joins: "none",
    });
    run.join(0, 0);
    run.publish(0, 0, "m");
    run.at(100_000, () => {
      isBroken = false;
      run.set("dead", "StartMessageMoveTask", true);
    });
    run.runUntil(200_000);
    expect(run.find("deliver").map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
    expect(run.books("q").acknowledged).toBe(1);
    expect(run.books("dead").waiting).toBe(0);
  });

  it("a delay hides a new message, for one publisher or for all", () => {
    const run = open({ publish: { DelaySeconds: 10_000 }, plans: [{ serviceMs: 1 }] });
    run.publish(0, 0, "m");
    run.runUntil(20_000);
    expect(secondsOf(run, "deliver")).toEqual([10]);
  });
});

describe("zones", () => {
  it("losing one fails some calls until it is detected, and loses nothing", () => {
    const run = open({ publish: { max_attempts: 1 }, plans: [{ serviceMs: 1 }], workers: 5 });
    for (let at = 0; at < 300; at++) run.publish(at * 100, 0, at);
    run.at(5000, () => run.broker.crashNode(0));
    run.runUntil(400_000);
    const refused = [...run.outcomes].filter(([, outcome]) => outcome !== "confirmed");
    expect(refused.length).toBeGreaterThan(15);
    expect(refused.length).toBeLessThan(55);
    expect(refused.every(([label]) => Number(label) >= 50 && Number(label) <= 150)).toBe(true);
    expect(run.books("q").acknowledged).toBe(300 - refused.length);
    expect(run.broker.nodes()[0]).toEqual({ up: false, leads: 0 });
  });

  it("all of them: nothing goes on, and everything does afterwards", () => {
    const run = open({ plans: [{ serviceMs: 1 }] });
    for (const zone of [0, 1, 2]) run.at(1000, () => run.broker.isolateNode?.(zone, true));
    run.publish(500, 0, "before");
    run.publish(2000, 0, "during");
    for (const zone of [0, 1, 2]) run.at(60_000, () => run.broker.isolateNode?.(zone, false));
    run.publish(70_000, 0, "after");
    run.runUntil(120_000);
    expect(run.outcomes.get("during")).toBe("refused: service-unavailable");
    expect(run.labels("acknowledged")).toEqual(["before", "after"]);
  });
});

describe("findings", () => {
  const codes = (queue: Parameters, dead: Parameters = {}, more: Partial<Sketch> = {}) =>
    simulatedSqs
      .check(
        describeBroker(simulatedSqs, {
          channels: [
            { id: "q", kind: "queue", parameters: queue },
            { id: "dead", kind: "queue", parameters: dead },
          ],
          ...more,
        }),
      )
      .filter(({ severity }) => severity === "error")
      .map(({ code }) => code.replace("sqs/", ""));

  test.each([
    [{ deadLetterTargetArn: "dead", FifoQueue: true }, {}, ["dead-letter-queue-type"]],
    [{ deadLetterTargetArn: "dead" }, { FifoQueue: true }, ["dead-letter-queue-type"]],
    [{ deadLetterTargetArn: "nobody" }, {}, ["dead-letter-queue-missing"]],
    [{ deadLetterTargetArn: "q" }, {}, ["dead-letter-queue-itself"]],
    [
      { deadLetterTargetArn: "dead" },
      { RedriveAllowPolicy: "denyAll" },
      ["dead-letter-queue-denied"],
    ],
    [{ deadLetterTargetArn: "dead" }, {}, []],
    [{ FifoQueue: true, FifoThroughputLimit: "perMessageGroupId" }, {}, ["throughput-scope"]],
  ] as const)("%j with %j: %j", (queue, dead, wanted) => {
    expect(codes(queue, dead)).toEqual(wanted);
  });

  it("a FIFO queue's publishers need an id and no delay of their own; a list of seconds must be one", () => {
    const found = codes(
      { FifoQueue: true },
      {},
      {
        publishers: [
          {
            to: "q",
            parameters: { MessageDeduplicationId: "", DelaySeconds: 1000, MessageGroupId: "" },
          },
        ],
        subscriptions: [{ from: "q", parameters: { on_failure: "visibility", backoff: "1, two" } }],
      },
    );
    expect(found).toEqual([
      "delay-per-message",
      "deduplication-id-missing",
      "group-missing",
      "backoff",
    ]);
  });
});
