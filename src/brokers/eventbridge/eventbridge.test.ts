// EventBridge: the contract of all technologies, and what people get wrong about it.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { describeTechnology } from "../technology.suite.ts";
import { eventbridgeDeployment } from "./deploy.ts";
import { simulatedEventbridge } from "./simulated.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describeTechnology(simulatedEventbridge, {
  sketch: {
    channels: [
      { id: "bus", kind: "bus" },
      { id: "all", kind: "rule" },
      { id: "some", kind: "rule", parameters: { EventPattern: '{"detail-type":["OrderPlaced"]}' } },
    ],
    bindings: [
      { from: "bus", to: "all" },
      { from: "bus", to: "some" },
    ],
    publishers: [{ to: "bus" }, { to: "bus" }],
    subscriptions: [
      { from: "all", workers: 3 },
      { from: "some", workers: 2, parameters: { Target: "service" } },
    ],
  },
  order: "none",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 2 * HOUR,
  idleWakesPerHour: 0,
});

interface About {
  readonly cluster?: Parameters;
  readonly rule?: Parameters;
  readonly publisher?: Parameters;
  readonly targets?: readonly Parameters[];
  readonly workers?: number;
}

/** A bus, a rule for everything and its targets, with a queue for dead letters. */
function sketch(about: About): Sketch {
  const { workers = 1, targets = [{}] } = about;
  return {
    parameters: about.cluster ?? {},
    channels: [
      { id: "bus", kind: "bus" },
      { id: "rule", kind: "rule", parameters: about.rule ?? {} },
      { id: "dead", kind: "dlq" },
    ],
    bindings: [{ from: "bus", to: "rule" }],
    publishers: [{ to: "bus", parameters: about.publisher ?? {} }],
    subscriptions: targets.map((parameters) => ({ from: "rule", workers, parameters })),
  };
}

function open(about: About, plan: WorkerPlan = { serviceMs: 1 }): FakeRun {
  return new FakeRun(simulatedEventbridge, sketch(about), { plans: [plan] });
}

const failing: WorkerPlan = { serviceMs: 1, verdict: () => "failed" };
const codes = (about: Sketch) =>
  simulatedEventbridge
    .check(describeBroker(simulatedEventbridge, about))
    .map(({ code, severity }) => `${severity} ${code}`);

describe("what a naive simulator gets wrong about EventBridge", () => {
  test("never ordering: a burst comes in another order than it was sent", () => {
    const run = open({ workers: 50 });
    const labels = Array.from({ length: 50 }, (_, i) => `e${String(i).padStart(2, "0")}`);
    run.publishAll(0, 0, labels);
    run.drain();
    const arrived = run.labels("deliver");
    expect(arrived.toSorted()).toEqual(labels);
    expect(arrived).not.toEqual(labels);
  });

  test("never a stored backlog on Classic: what no rule takes is gone, silently and confirmed", () => {
    const run = open({ rule: { State: "DISABLED" } });
    run.publish(0, 0, "early");
    run.at(HOUR, () => run.set("rule", "State", "ENABLED"));
    run.publish(2 * HOUR, 0, "late");
    run.drain();
    expect(run.outcomes.get("early")).toBe("confirmed");
    expect(run.labels("unroutable")).toEqual(["early"]);
    expect(run.labels("deliver")).toEqual(["late"]);
  });

  test("never one retry policy for the rule: each target has its own, and its own dead letters", () => {
    const run = open(
      {
        targets: [
          { MaximumRetryAttempts: 0, DeadLetterConfig: "dead" },
          { MaximumRetryAttempts: 3 },
        ],
      },
      failing,
    );
    run.publish(0, 0, "e");
    run.drain();
    expect(run.find("deliver", { subscription: 0 })).toHaveLength(1);
    expect(run.find("deliver", { subscription: 1 })).toHaveLength(4);
    expect(run.labels("stored", { channel: 2 })).toEqual(["e"]);
    expect(run.find("discarded", { subscription: 1 })).toHaveLength(1);
  });

  test("never EventBridge retrying a Lambda code error: Lambda tries after one and two minutes", () => {
    const run = open({ targets: [{ Target: "lambda", DeadLetterConfig: "dead" }] }, failing);
    run.publish(0, 0, "e");
    run.drain();
    const ms = run.find("deliver").map((entry) => entry.ms);
    expect(ms.map((one) => Math.round((one - ms[0]!) / 1000))).toEqual([0, 60, 180]);
    expect(run.find("stored", { channel: 2 })).toHaveLength(0);
    expect(run.find("discarded")).toHaveLength(1);
  });

  test("Lambda's own dead letters go where the function says", () => {
    const run = open(
      {
        targets: [
          { Target: "lambda", "lambda.MaximumRetryAttempts": 1, "lambda.DeadLetterConfig": "dead" },
        ],
      },
      failing,
    );
    run.publish(0, 0, "e");
    run.drain();
    expect(run.find("deliver")).toHaveLength(2);
    expect(run.labels("stored", { channel: 2 })).toEqual(["e"]);
  });

  test("never matching array elements independently inside one object", () => {
    const pattern = '{"detail":{"lines":{"sku":["a"],"qty":[{"numeric":[">",5]}]}}}';
    const detail = '{"lines":[{"sku":"a","qty":1},{"sku":"b","qty":9}]}';
    const run = open({ rule: { EventPattern: pattern }, publisher: { Detail: detail } });
    run.publish(0, 0, "e");
    run.drain();
    expect(run.labels("unroutable")).toEqual(["e"]);
  });

  test("never anything-but or exists by intuition: a missing field fits neither", () => {
    for (const test of ['{"anything-but":"x"}', '{"exists":true}']) {
      const run = open({ rule: { EventPattern: `{"detail":{"tier":[${test}]}}` } });
      run.publish(0, 0, "e");
      run.drain();
      expect(run.labels("unroutable")).toEqual(["e"]);
    }
  });

  test("never both products alike: an outage of six minutes ends differently", () => {
    const outcome = (version: string) => {
      const run = open(
        { cluster: { version }, targets: [{ DeadLetterConfig: "dead" }] },
        { serviceMs: 1, verdict: () => (run.nowMs() < 6 * MINUTE ? "failed" : "done") },
      );
      run.publish(0, 0, "e");
      run.drain();
      return run.find("acknowledged").length > 0 ? "delivered" : "dead letter";
    };
    expect([outcome("classic"), outcome("custom-2026")]).toEqual(["delivered", "dead letter"]);
  });
});

describe("EventBridge's own ways", () => {
  test("an outage of 30 hours: what is older than 24 hours is given up, the rest comes late", () => {
    const run = open(
      { targets: [{ DeadLetterConfig: "dead" }] },
      { serviceMs: 1, verdict: () => (run.nowMs() < 30 * HOUR ? "failed" : "done") },
    );
    run.publish(0, 0, "first");
    run.publish(20 * HOUR, 0, "later");
    run.runUntil(60 * HOUR);
    expect(run.labels("stored", { channel: 2 })).toEqual(["first"]);
    expect(run.find("stored", { channel: 2 })[0]?.ms).toBeLessThanOrEqual(24 * HOUR + 1000);
    expect(run.labels("acknowledged")).toEqual(["later"]);
  });

  test("the first limit wins: an age of a minute ends 185 retries", () => {
    const run = open({ targets: [{ MaximumEventAgeInSeconds: MINUTE }] }, failing);
    run.publish(0, 0, "e");
    run.drain();
    expect(run.nowMs()).toBeLessThan(MINUTE + 1000);
    expect(run.find("dropped").map(({ reason }) => reason)).toEqual(["age"]);
  });

  test("a target that is gone is called once; with a queue the event is there, without it is lost", () => {
    const run = open({
      targets: [{ endpoint: "gone", DeadLetterConfig: "dead" }, { endpoint: "gone" }],
    });
    run.publish(0, 0, "e");
    run.drain();
    expect(run.find("stored", { channel: 2 })[0]?.ms).toBeLessThan(1000);
    expect(run.find("dropped").map(({ reason }) => reason)).toEqual(["endpoint-gone"]);
  });

  test("an API destination that needs more than five seconds is called again while it still works", () => {
    const run = open({ workers: 2 }, { serviceMs: 6000 });
    run.publish(0, 0, "e");
    run.runUntil(10_000);
    expect(run.find("returned").map(({ reason }) => reason)).toEqual(["timeout"]);
    expect(run.find("deliver")).toHaveLength(2);
  });

  test("calls beyond the rate of an API destination wait, and a change holds at once", () => {
    const run = open({ workers: 9, targets: [{ InvocationRateLimitPerSecond: 1 }] });
    run.publishAll(0, 0, ["a", "b", "c", "d"]);
    run.runUntil(1500);
    expect(run.find("deliver")).toHaveLength(2);
    expect(run.broker.blocked(0)).toBe("throttled to 1 per second");
    run.set("subscription-0", "InvocationRateLimitPerSecond", 1000);
    run.runUntil(1600);
    expect(run.find("deliver")).toHaveLength(4);
  });

  test("PutEvents beyond the quota is throttled, and the SDK gives up after its attempts", () => {
    const run = open({ cluster: { put_events_quota: 1 }, publisher: { max_attempts: 2 } });
    run.publishAll(0, 0, ["a", "b", "c", "d", "e"]);
    run.drain();
    const outcomes = [...run.outcomes.values()];
    expect(outcomes).toContain("confirmed");
    expect(outcomes).toContain("refused: throttled");
  });

  test("the key and the event's name decide through placeholders", () => {
    const run = open({
      rule: { EventPattern: '{"detail-type":["OrderPlaced"],"detail":{"id":[{"prefix":"eu-"}]}}' },
      publisher: { Detail: '{"id":"{key}"}' },
    });
    run.publish(0, 0, "yes", { key: "eu-1" });
    run.publish(1, 0, "no", { key: "us-1" });
    run.drain();
    expect(run.labels("deliver")).toEqual(["yes"]);
  });

  test("at least once: some events come again although the target answered", () => {
    const run = open({ cluster: { duplicates: 0.2 } });
    for (let i = 0; i < 100; i++) run.publish(i * 100, 0, i);
    run.drain();
    expect(run.find("deliver").length).toBeGreaterThan(105);
    expect(run.find("acknowledged")).toHaveLength(100);
  });

  test("a dead letter is read again after its visibility timeout until it is deleted", () => {
    const about = sketch({ targets: [{ MaximumRetryAttempts: 0, DeadLetterConfig: "dead" }] });
    const run = new FakeRun(
      simulatedEventbridge,
      { ...about, subscriptions: [...(about.subscriptions ?? []), { from: "dead" }] },
      {
        plans: [
          failing,
          { serviceMs: 10, verdict: (_, attempt) => (attempt < 3 ? "failed" : "done") },
        ],
      },
    );
    run.publish(0, 0, "e");
    run.drain();
    const ms = run.find("deliver", { subscription: 1 }).map((entry) => entry.ms);
    expect(ms.map((one) => Math.round((one - ms[0]!) / 1000))).toEqual([0, 30, 60]);
    expect(run.labels("acknowledged")).toEqual(["e"]);
  });

  test("dead letters that nobody reads are gone after the retention", () => {
    const run = open({ targets: [{ endpoint: "gone", DeadLetterConfig: "dead" }] });
    run.publish(0, 0, "e");
    run.drain();
    expect(run.find("expired").map(({ ms }) => Math.round(ms / HOUR))).toEqual([96]);
    expect(run.liveMessages()).toBe(0);
  });
});

describe("what EventBridge refuses", () => {
  test("a pattern that its matcher refuses", () => {
    expect(codes(sketch({ rule: { EventPattern: '{"source":"a"}' } }))).toEqual([
      "error eventbridge/pattern",
    ]);
  });

  test("more than five targets, and more than one on a Custom Event Bus", () => {
    expect(codes(sketch({ targets: [{}, {}, {}, {}, {}] }))).toEqual([]);
    expect(codes(sketch({ targets: [{}, {}, {}, {}, {}, {}] }))).toEqual([
      "warning eventbridge/targets",
    ]);
    expect(codes(sketch({ cluster: { version: "custom-2026" }, targets: [{}, {}] }))).toEqual([
      "error eventbridge/targets",
    ]);
  });

  test("FIFO on a classic bus, missing queues, details that are no JSON, buses without rules", () => {
    expect(codes(sketch({ rule: { Type: "FIFO" } }))).toEqual(["error eventbridge/fifo"]);
    expect(codes(sketch({ targets: [{ DeadLetterConfig: "nowhere" }] }))).toEqual([
      "error eventbridge/dead-letter-missing",
    ]);
    expect(codes(sketch({ publisher: { Detail: "[1]" } }))).toEqual(["error eventbridge/detail"]);
    expect(codes({ channels: [{ id: "bus", kind: "bus" }] })).toEqual([
      "warning eventbridge/no-rule",
    ]);
    expect(codes({ channels: [{ id: "rule", kind: "rule" }] })).toEqual([
      "warning eventbridge/no-bus",
    ]);
  });
});

describe("EventBridge in other tools", () => {
  test("reaches only the rules whose patterns can match, and their queues", () => {
    const about = sketch({
      rule: { EventPattern: '{"source":["other"]}' },
      targets: [{ DeadLetterConfig: "dead" }],
    });
    const reach = simulatedEventbridge.reach?.(describeBroker(simulatedEventbridge, about));
    expect(reach?.get("bus")).toEqual(new Set(["publisher-0"]));
    expect(reach?.get("rule")).toEqual(new Set());
    const open_ = describeBroker(
      simulatedEventbridge,
      sketch({ targets: [{ DeadLetterConfig: "dead" }] }),
    );
    expect(simulatedEventbridge.reach?.(open_).get("dead")).toEqual(new Set(["publisher-0"]));
  });

  test("its CloudFormation template has the bus, the rule with its pattern, and the queue of the target", () => {
    const config = describeBroker(
      simulatedEventbridge,
      sketch({ targets: [{ MaximumRetryAttempts: 7, DeadLetterConfig: "dead" }] }),
    );
    const [setUp] = eventbridgeDeployment.setUps;
    const made = setUp?.files({ config, host: "events" }, "");
    expect(made?.files).toMatchObject([
      {
        json: {
          Resources: {
            BusBus: { Type: "AWS::Events::EventBus" },
            RuleRule: {
              Properties: {
                EventPattern: { source: [{ prefix: "" }] },
                Targets: [{ RetryPolicy: { MaximumRetryAttempts: 7 }, DeadLetterConfig: {} }],
              },
            },
            QueueDead: { Type: "AWS::SQS::Queue" },
          },
        },
      },
    ]);
    const part = eventbridgeDeployment.compose({ config, host: "events" }, (wish) => wish);
    expect(Object.keys(part.services)).toEqual(["events"]);
    expect(part.files.map(({ name }) => name)).toEqual(["template.json", "set-up.sh"]);
  });

  test("what its extension states comes back as parameters", () => {
    const config = describeBroker(
      simulatedEventbridge,
      sketch({ targets: [{ MaximumRetryAttempts: 7, MaximumEventAgeInSeconds: 90_000 }] }),
    );
    const { asyncapi } = simulatedEventbridge;
    const said = asyncapi.consume(config, config.subscriptions[0]!);
    expect(asyncapi.parametersIn("consume", { ...said })).toMatchObject({
      Target: "api-destination",
      MaximumRetryAttempts: 7,
      MaximumEventAgeInSeconds: 90_000,
    });
    const rule = asyncapi.channel(config, config.channels[1]!);
    expect(asyncapi.parametersIn("channel", { ...rule })).toEqual({
      EventPattern: '{"source":[{"prefix":""}]}',
      State: "ENABLED",
    });
  });
});
