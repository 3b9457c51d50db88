// Service Bus: the contract of all technologies, and its own peculiarities.

import { describe, expect, it, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { describeTechnology } from "../technology.suite.ts";
import { simulatedServiceBus } from "./simulated.ts";
import { compileSqlFilter } from "./sqlFilter.ts";

describeTechnology(simulatedServiceBus, {
  sketch: {
    channels: [
      { id: "topic", kind: "topic" },
      { id: "a", kind: "subscription", parameters: { MaxDeliveryCount: 1000 } },
      { id: "b", kind: "subscription", parameters: { MaxDeliveryCount: 1000 } },
    ],
    publishers: [{ to: "topic" }],
    bindings: [
      { from: "topic", to: "a" },
      { from: "topic", to: "b" },
    ],
    subscriptions: [
      { from: "a", workers: 2, parameters: { PrefetchCount: 3 } },
      { from: "b", workers: 2 },
    ],
  },
  order: "none",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 900_000,
  idleWakesPerHour: 3,
});

describe("with sessions", () => {
  describeTechnology(simulatedServiceBus, {
    sketch: {
      channels: [
        { id: "q", kind: "queue", parameters: { RequiresSession: true, MaxDeliveryCount: 1000 } },
      ],
      publishers: [{ to: "q" }],
      subscriptions: [
        { from: "q", workers: 3, parameters: { PrefetchCount: 2, SessionIdleTimeout: 500 } },
      ],
    },
    order: "none",
    losesConfirmed: "never",
    nodes: 3,
    drainsWithinMs: 1_200_000,
    idleWakesPerHour: 3,
  });
});

const wire = { latency: 1 };

/** A queue "q" with a dead-letter queue, latencies of a millisecond. */
function open(
  about: {
    queue?: Parameters;
    publish?: Parameters;
    consume?: Parameters;
    workers?: number;
    plans?: readonly WorkerPlan[];
  } = {},
) {
  const sketch: Sketch = {
    channels: [
      { id: "q", kind: "queue", parameters: { dead_letter_queue: "dead", ...about.queue } },
      { id: "dead", kind: "dead-letter" },
    ],
    publishers: [{ to: "q", parameters: { ...wire, ...about.publish } }],
    subscriptions: [
      { from: "q", workers: about.workers ?? 1, parameters: { ...wire, ...about.consume } },
    ],
  };
  const plans = about.plans === undefined ? {} : { plans: about.plans };
  return new FakeRun(simulatedServiceBus, sketch, plans);
}

const failing = { serviceMs: 1, verdict: () => "failed" as const };

describe("peek-lock", () => {
  it("an abandoned message comes back at once, MaxDeliveryCount times in all", () => {
    const run = open({ queue: { MaxDeliveryCount: 3 }, plans: [failing] });
    run.publish(0, 0, "m");
    run.runUntil(1000);
    expect(run.find("deliver").map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(run.find("rejected").map(({ reason }) => reason)).toEqual(["MaxDeliveryCountExceeded"]);
    expect(run.books("dead").waiting).toBe(1);
  });

  it("a receiver may dead-letter a message itself, or leave it to its lock", () => {
    const dead = open({ consume: { on_failure: "dead-letter" }, plans: [failing] });
    dead.publish(0, 0, "m");
    dead.runUntil(1000);
    expect(dead.find("rejected").map(({ reason }) => reason)).toEqual(["DeadLetteredByReceiver"]);
    const left = open({ consume: { on_failure: "lock" }, plans: [failing] });
    left.publish(0, 0, "m");
    left.runUntil(130_000);
    expect(left.find("deliver").map(({ ms }) => Math.floor(ms / 60_000))).toEqual([0, 1, 2]);
  });

  it("work that outlasts the lock without renewal is delivered twice, and its completion fails", () => {
    const run = open({
      workers: 2,
      consume: { MaxAutoLockRenewalDuration: 0 },
      plans: [{ serviceMs: 90_000 }],
    });
    run.publish(0, 0, "m");
    run.runUntil(100_000);
    expect(run.find("deliver").map(({ ms }) => Math.round(ms / 1000))).toEqual([0, 60]);
    expect(run.labels("acknowledged")).toEqual([]);
  });

  it("the SDK renews the lock for MaxAutoLockRenewalDuration", () => {
    const run = open({ workers: 2, plans: [{ serviceMs: 240_000 }] });
    run.publish(0, 0, "m");
    run.runUntil(500_000);
    expect(run.labels("deliver")).toHaveLength(1);
    expect(run.labels("acknowledged")).toEqual(["m"]);
  });

  it("the lock of a receiver that crashes ends after LockDuration", () => {
    const run = open({ workers: 2 });
    run.publish(1000, 0, "m");
    run.at(5000, () => run.leave(0, run.held(0)[0]!.worker, "crash"));
    run.runUntil(100_000);
    expect(run.find("deliver").map(({ ms }) => Math.round(ms / 1000))).toEqual([1, 65]);
  });
});

it("ReceiveAndDelete loses what a crashed receiver had", () => {
  const run = open({ consume: { ReceiveMode: "ReceiveAndDelete", PrefetchCount: 4 } });
  run.publishAll(100, 0, ["a", "b", "c"]);
  run.at(200, () => run.leave(0, 0, "crash"));
  run.runUntil(1000);
  expect(run.books("q").dropped).toBe(3);
});

it("prefetched messages lie with one worker while another is idle", () => {
  const run = open({ consume: { PrefetchCount: 10 }, plans: [{ serviceMs: 1000 }] });
  run.publishAll(100, 0, ["a", "b", "c"]);
  run.runUntil(150);
  expect(run.heldLabels(0)).toEqual(["a", "b", "c"]);
});

describe("sessions", () => {
  it("one receiver at a time gets the messages of a session, in order", () => {
    const run = open({ queue: { RequiresSession: true }, workers: 3 });
    for (const label of ["a1", "a2", "b1"]) run.publish(100, 0, label, { key: label[0]! });
    run.runUntil(200);
    expect(run.heldLabels(0)).toEqual(["a1", "b1"]);
    const worker = run.held(0)[0]!.worker;
    run.settle("a1");
    run.runUntil(300);
    expect(run.heldLabels(0, worker)).toEqual(["a2"]);
  });

  it("a receiver keeps an empty session for SessionIdleTimeout before it takes the next one", () => {
    const run = open({
      queue: { RequiresSession: true },
      consume: { SessionIdleTimeout: 10_000 },
      plans: [{ serviceMs: 1 }],
    });
    run.publish(100, 0, "a", { key: "a" });
    run.publish(100, 0, "b", { key: "b" });
    run.runUntil(60_000);
    expect(run.find("deliver").map(({ ms }) => Math.round(ms / 1000))).toEqual([0, 10]);
  });

  it("the session of a crashed receiver is free after LockDuration", () => {
    const run = open({ queue: { RequiresSession: true }, workers: 2 });
    run.publish(100, 0, "a1", { key: "a" });
    run.publish(100, 0, "a2", { key: "a" });
    run.at(1000, () => run.leave(0, run.held(0)[0]!.worker, "crash"));
    run.runUntil(100_000);
    expect(run.find("deliver").map(({ label, ms }) => [label, Math.round(ms / 1000)])).toEqual([
      ["a1", 0],
      ["a1", 61],
    ]);
  });
});

describe("time", () => {
  it("expired messages are deleted, or dead-lettered when that is asked for", () => {
    const expired = (DeadLetteringOnMessageExpiration: boolean) => {
      const run = open({
        queue: { DefaultMessageTimeToLive: 5000, DeadLetteringOnMessageExpiration },
        publish: { TimeToLive: 60_000 },
        workers: 0,
      });
      run.publish(0, 0, "m");
      run.runUntil(6000);
      return [run.books("q").expired, run.books("dead").waiting];
    };
    expect(expired(false)).toEqual([1, 0]);
    expect(expired(true)).toEqual([0, 1]);
  });

  it("a scheduled message is enqueued at its time, and lives from then on", () => {
    const run = open({
      publish: { ScheduledEnqueueTime: 10_000, TimeToLive: 5000 },
      plans: [{ serviceMs: 1 }],
    });
    run.publish(0, 0, "m");
    run.runUntil(20_000);
    expect(run.find("deliver").map(({ ms }) => Math.round(ms / 1000))).toEqual([10]);
  });
});

it("duplicate detection drops a MessageId within its window", () => {
  const run = open({
    queue: { RequiresDuplicateDetection: true, DuplicateDetectionHistoryTimeWindow: 20_000 },
    publish: { MessageId: "{key}" },
    plans: [{ serviceMs: 1 }],
  });
  for (const [label, ms] of [["a", 0] as const, ["b", 10_000] as const, ["c", 21_000] as const])
    run.publish(ms, 0, label, { key: "k" });
  run.runUntil(60_000);
  expect(run.labels("deliver")).toEqual(["a", "c"]);
  expect(run.outcomes.get("b")).toBe("confirmed");
});

it("a send whose answer is lost makes a duplicate only without duplicate detection", () => {
  const copies = (RequiresDuplicateDetection: boolean) => {
    const publish = { answer_loss: 0.3, TryTimeout: 1000, MaxRetries: 20 };
    const run = open({ queue: { RequiresDuplicateDetection }, publish, plans: [{ serviceMs: 1 }] });
    for (let at = 0; at < 100; at++) run.publish(at * 100, 0, at);
    run.runUntil(900_000);
    return run.books("q").acknowledged;
  };
  expect(copies(false)).toBeGreaterThan(110);
  expect(copies(true)).toBe(100);
});

describe("topics", () => {
  const rules: readonly Parameters[] = [
    {},
    { filter: "CorrelationFilter", correlation: '{"sys.Label":"OrderPlaced","region":"eu"}' },
    { filter: "SqlFilter", sqlExpression: "amount > 10 AND NOT region = 'us'" },
    { filter: "SqlFilter", sqlExpression: "missing <> 'x'" },
  ];

  it("copy a message once into each subscription whose rules match", () => {
    const run = new FakeRun(simulatedServiceBus, {
      channels: [
        { id: "t", kind: "topic" },
        ...rules.map((_, at) => ({ id: `s${at}`, kind: "subscription" })),
      ],
      publishers: [
        { to: "t", parameters: { ApplicationProperties: '{"region":"{key}","amount":12}' } },
      ],
      bindings: [
        ...rules.map((parameters, at) => ({ from: "t", to: `s${at}`, parameters })),
        { from: "t", to: "s1", parameters: { filter: "SqlFilter", sqlExpression: "1 = 1" } },
      ],
    });
    run.publish(0, 0, "eu", { key: "eu" });
    run.publish(0, 0, "us", { key: "us" });
    run.runUntil(100);
    expect(rules.map((_, at) => run.books(`s${at}`).routed)).toEqual([2, 2, 1, 0]);
  });

  it("lose a message for which no rule matches, and confirm it", () => {
    const run = new FakeRun(simulatedServiceBus, {
      channels: [{ id: "t", kind: "topic" }],
      publishers: [{ to: "t" }],
    });
    run.publish(0, 0, "m");
    run.runUntil(100);
    expect([run.outcomes.get("m"), run.labels("unroutable")]).toEqual(["confirmed", ["m"]]);
  });

  it("are reached by forwarding, over four hops at most", () => {
    const hops = ["q0", "q1", "q2", "q3", "q4", "q5"];
    const chain = (length: number) => {
      const run = new FakeRun(simulatedServiceBus, {
        channels: hops.map((id, at) => ({
          id,
          kind: "queue",
          parameters: at < length ? { ForwardTo: `q${at + 1}` } : {},
        })),
        publishers: [{ to: "q0" }],
      });
      run.publish(0, 0, "m");
      run.runUntil(100);
      return hops.filter((id) => run.books(id).waiting === 1);
    };
    expect(chain(4)).toEqual(["q4"]);
    expect(chain(5)).toEqual([]);
  });
});

test.each([
  ["type = 'order' AND amount >= 10", true],
  ["type <> 'order' OR amount IN (1, 12)", true],
  ["type LIKE 'or%' AND type NOT LIKE '_x%'", true],
  ["missing IS NULL AND EXISTS(type) AND NOT EXISTS(missing)", true],
  ["missing = 1 OR NOT missing = 1", false],
  ["amount = '12'", false],
  ["(urgent = TRUE)", true],
  ["user.type = 'order' AND [amount] < -1", false],
])("the SQL expression %s: %s", (text, wanted) => {
  const filter = compileSqlFilter(text);
  const facts = { type: "order", amount: 12, urgent: true };
  expect(filter.ok && filter.value(facts)).toBe(wanted);
});

test.each([
  "type =",
  "type = 'a",
  "AND",
  "(a = 1",
  "a = 1 b",
  "a IN ()",
  "a NOT = 1",
  "(".repeat(500),
])("%j is no SQL expression", (text) => expect(compileSqlFilter(text).ok).toBe(false));

it("what Service Bus refuses is found", () => {
  const sketch: Sketch = {
    parameters: { tier: "Basic" },
    channels: [
      { id: "t", kind: "topic" },
      { id: "q", kind: "queue", parameters: { RequiresSession: true, ForwardTo: "nobody" } },
      { id: "r", kind: "queue", parameters: { dead_letter_queue: "q" } },
    ],
    subscriptions: [{ from: "q" }],
  };
  const found = simulatedServiceBus.check(describeBroker(simulatedServiceBus, sketch));
  const errors = found.filter(({ severity }) => severity === "error").map(({ code }) => code);
  expect(errors.map((code) => code.replace("service-bus/", ""))).toEqual([
    "basic-tier",
    "basic-tier",
    "basic-tier",
    "forward-missing",
    "forward-session",
    "receive-forwarded",
    "dead-letter-missing",
  ]);
});
