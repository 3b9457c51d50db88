// SNS: the contract of all technologies, and what people get wrong about it.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { describeTechnology } from "../technology.suite.ts";
import { snsDeployment } from "./deploy.ts";
import { consumeFields } from "./fields.ts";
import { compilePolicy } from "./filterPolicy.ts";
import { simulatedSns } from "./simulated.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describeTechnology(simulatedSns, {
  sketch: {
    channels: [{ id: "topic", kind: "topic" }],
    publishers: [{ to: "topic" }, { to: "topic" }],
    subscriptions: [
      { from: "topic", workers: 3, parameters: { Protocol: "sqs" } },
      { from: "topic", workers: 2, parameters: { Protocol: "sqs" } },
    ],
  },
  order: "none",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: HOUR,
  idleWakesPerHour: 0,
});

interface About {
  readonly cluster?: Parameters;
  readonly topic?: Parameters;
  readonly publisher?: Parameters;
  readonly subscriptions?: readonly Parameters[];
  readonly workers?: number;
  readonly queue?: Parameters;
}

function sketch(about: About): Sketch {
  const { workers = 1, subscriptions = [{}] } = about;
  return {
    parameters: about.cluster ?? {},
    channels: [
      { id: "topic", kind: "topic", parameters: about.topic ?? {} },
      { id: "dead", kind: "dlq", parameters: about.queue ?? {} },
    ],
    publishers: [{ to: "topic", parameters: about.publisher ?? {} }],
    subscriptions: subscriptions.map((parameters) => ({ from: "topic", workers, parameters })),
  };
}

function open(about: About, plan: WorkerPlan = { serviceMs: 1 }): FakeRun {
  return new FakeRun(simulatedSns, sketch(about), { plans: [plan] });
}

const failing: WorkerPlan = { serviceMs: 1, verdict: () => "failed" };
const codes = (about: About) =>
  simulatedSns.check(describeBroker(simulatedSns, sketch(about))).map(({ code }) => code);

describe("what a naive simulator gets wrong about SNS", () => {
  test("never the topic as a store: without a subscription a message is confirmed and gone", () => {
    const run = open({ subscriptions: [] });
    run.publish(0, 0, "m");
    run.drain();
    expect(run.outcomes.get("m")).toBe("confirmed");
    expect(run.labels("unroutable")).toEqual(["m"]);
    expect(run.liveMessages()).toBe(0);
  });

  test("never one dead-letter queue per topic: it belongs to a subscription", () => {
    const run = open({ subscriptions: [{ RedrivePolicy: "dead" }, {}] }, failing);
    run.publish(0, 0, "m");
    run.runUntil(10 * MINUTE);
    expect(run.labels("stored", { channel: 1 })).toEqual(["m"]);
    expect(run.find("discarded", { subscription: 1 })).toHaveLength(1);
  });

  test("never filtered is failed: no attempt, no dead letter", () => {
    const run = open({ subscriptions: [{ FilterPolicy: '{"a":["x"]}', RedrivePolicy: "dead" }] });
    run.publish(0, 0, "m");
    run.drain();
    expect(run.find("deliver")).toHaveLength(0);
    expect(run.find("stored", { channel: 1 })).toHaveLength(0);
  });

  test("never retrying permission errors: at once a dead letter", () => {
    const run = open({ subscriptions: [{ endpoint: "gone", RedrivePolicy: "dead" }] });
    run.publish(0, 0, "m");
    run.runUntil(1000);
    expect(run.labels("stored", { channel: 1 })).toEqual(["m"]);
  });

  test("never the same schedule for HTTP and SQS: two hours of outage lose one and not the other", () => {
    const outage: WorkerPlan = {
      serviceMs: 1,
      verdict: () => (run.nowMs() < 2 * HOUR ? "failed" : "done"),
    };
    const run = open({ subscriptions: [{ Protocol: "https" }, { Protocol: "sqs" }] }, outage);
    run.publish(0, 0, "m");
    run.drain();
    expect(run.find("discarded").map(({ subscription }) => subscription)).toEqual([0]);
    expect(run.find("acknowledged").map(({ subscription }) => subscription)).toEqual([1]);
  });

  test("never ordering on standard topics", () => {
    const run = open({ workers: 50 });
    const labels = Array.from({ length: 50 }, (_, i) => `m${i}`);
    run.publishAll(0, 0, labels);
    run.drain();
    expect(run.labels("deliver")).not.toEqual(labels);
  });

  test("never anything-but matching a missing attribute", () => {
    const run = open({ subscriptions: [{ FilterPolicy: '{"a":[{"anything-but":["x"]}]}' }] });
    run.publish(0, 0, "m");
    run.drain();
    expect(run.labels("unroutable")).toEqual(["m"]);
  });

  test("never filter changes instant: they take a quarter of an hour, and a run does not change them", () => {
    expect(consumeFields.FilterPolicy).not.toHaveProperty("live");
  });
});

describe("SNS's own ways", () => {
  test("the default HTTP policy: three retries some 20 s apart, then lost", () => {
    const run = open({}, failing);
    run.publish(0, 0, "m");
    run.drain();
    const seconds = run.find("deliver").map(({ ms }) => ms / 1000);
    expect(seconds).toHaveLength(4);
    seconds.slice(1).forEach((at, i) => {
      expect(at - seconds[i]!).toBeGreaterThan(17);
      expect(at - seconds[i]!).toBeLessThan(23);
    });
    expect(run.find("discarded")).toHaveLength(1);
  });

  test("attributes and bodies are looked at by their scope, bodies deeper than one level", () => {
    const publisher = { MessageAttributes: '{"a":"x"}', Message: '{"a":{"b":"{key}"}}' };
    const run = open({
      publisher,
      subscriptions: [
        { FilterPolicy: '{"a":["x"]}' },
        { FilterPolicy: '{"a":{"b":["k1"]}}', FilterPolicyScope: "MessageBody" },
      ],
    });
    run.publish(0, 0, "one", { key: "k1" });
    run.publish(1000, 0, "two", { key: "k2" });
    run.drain();
    expect(run.labels("deliver", { subscription: 0 })).toEqual(["one", "two"]);
    expect(run.labels("deliver", { subscription: 1 })).toEqual(["one"]);
  });

  test("FIFO: a failing message holds back its group and no other", () => {
    const run = open(
      { topic: { FifoTopic: true }, workers: 3, subscriptions: [{ Protocol: "sqs" }] },
      {
        serviceMs: 1,
        verdict: (label, attempt) => (label === "a1" && attempt < 5 ? "failed" : "done"),
      },
    );
    for (const label of ["a1", "a2", "b1"]) run.publish(0, 0, label, { key: label.charAt(0) });
    run.drain();
    const labels = run.labels("deliver");
    expect(labels.at(-1)).toBe("a2");
    expect(labels.indexOf("b1")).toBeLessThan(labels.indexOf("a2"));
  });

  test("FIFO: an id counts for the whole topic, and a repetition is confirmed", () => {
    const about = sketch({
      topic: { FifoTopic: true },
      publisher: { MessageDeduplicationId: "{key}" },
      subscriptions: [{ Protocol: "sqs" }],
    });
    const [first] = about.publishers ?? [];
    const run = new FakeRun(
      simulatedSns,
      { ...about, publishers: [first!, first!] },
      { plans: [{ serviceMs: 1 }] },
    );
    run.publish(0, 0, "once", { key: "k" });
    run.publish(1000, 1, "again", { key: "k" });
    run.publish(2000, 1, "other", { key: "l" });
    run.drain();
    expect(run.labels("deliver")).toEqual(["once", "other"]);
    expect(run.outcomes.get("again")).toBe("confirmed");
    expect(run.find("dropped").map(({ reason }) => reason)).toEqual(["duplicate-id"]);
  });

  test("maxReceivesPerSecond makes a backlog instead of load", () => {
    const run = open({ workers: 9, subscriptions: [{ maxReceivesPerSecond: 1 }] });
    run.publishAll(0, 0, ["a", "b", "c"]);
    run.runUntil(500);
    expect(run.broker.waiting(0)).toBe(2);
    run.set("subscription-0", "maxReceivesPerSecond", null);
    run.runUntil(600);
    expect(run.find("deliver")).toHaveLength(3);
  });

  test("an HTTP endpoint that takes longer than 15 s gets the message again while it works", () => {
    const run = open({ workers: 2 }, { serviceMs: 20_000 });
    run.publish(0, 0, "m");
    run.runUntil(MINUTE);
    expect(run.find("returned")[0]?.reason).toBe("timeout");
  });

  test("errors of a Lambda function are Lambda's own retries, not SNS's", () => {
    const run = open({ subscriptions: [{ Protocol: "lambda", RedrivePolicy: "dead" }] }, failing);
    run.publish(0, 0, "m");
    run.runUntil(HOUR);
    expect(run.find("deliver")).toHaveLength(3);
    expect(run.find("stored", { channel: 1 })).toHaveLength(0);
  });

  test("each FIFO topic has its own quota", () => {
    const run = open({
      cluster: { fifo_publish_quota: 1 },
      topic: { FifoTopic: true },
      publisher: { max_attempts: 1 },
      subscriptions: [{ Protocol: "sqs" }],
    });
    run.publishAll(0, 0, ["a", "b"]);
    run.drain();
    expect([...run.outcomes.values()].toSorted()).toEqual(["confirmed", "refused: throttled"]);
  });
});

describe("what SNS refuses", () => {
  test("subscriptions of FIFO topics other than SQS, and queues of the other kind", () => {
    const topic = { FifoTopic: true };
    expect(codes({ topic })).toEqual(["sns/fifo-protocol"]);
    expect(codes({ topic, subscriptions: [{ Protocol: "sqs", RedrivePolicy: "dead" }] })).toEqual([
      "sns/dead-letter-kind",
    ]);
    expect(
      codes({ queue: { FifoQueue: true }, subscriptions: [{ RedrivePolicy: "dead" }] }),
    ).toEqual(["sns/dead-letter-kind"]);
    expect(codes({ subscriptions: [{ RedrivePolicy: "nowhere" }] })).toEqual([
      "sns/dead-letter-missing",
    ]);
  });

  test("delivery policies that are longer than an hour or do not add up", () => {
    expect(codes({ subscriptions: [{ numRetries: 100, maxDelayTarget: HOUR }] })).toEqual([
      "sns/retry-time",
    ]);
    expect(codes({ subscriptions: [{ numNoDelayRetries: 4 }] })).toEqual(["sns/retry-phases"]);
    expect(codes({ subscriptions: [{ minDelayTarget: 30_000 }] })).toEqual(["sns/delay-targets"]);
  });

  test("filter policies with more than 5 keys or 150 combinations, nested ones on attributes", () => {
    const values = (n: number) => Array.from({ length: n }, (_, i) => `v${i}`);
    const six = Object.fromEntries(values(6).map((name) => [name, ["x"]]));
    expect(compilePolicy(six, "MessageAttributes").ok).toBe(false);
    expect(compilePolicy({ a: values(15), b: values(10) }, "MessageAttributes").ok).toBe(true);
    expect(compilePolicy({ a: values(16), b: values(10) }, "MessageAttributes").ok).toBe(false);
    const nested = { a: { b: { c: values(4) } }, d: { e: values(3) } };
    expect(compilePolicy(nested, "MessageBody").ok).toBe(true);
    expect(compilePolicy(nested, "MessageAttributes").ok).toBe(false);
    expect(codes({ subscriptions: [{ FilterPolicy: "{" }] })).toEqual(["sns/filter-policy"]);
    expect(codes({ publisher: { Message: "[]" } })).toEqual(["sns/facts"]);
    expect(codes({ subscriptions: [] })).toEqual(["sns/no-subscription"]);
  });
});

describe("SNS in other tools", () => {
  test("its CloudFormation template has the topic, the subscription with its policies, and the queue", () => {
    const subscriptions = [{ RedrivePolicy: "dead", FilterPolicy: '{"a":["x"]}' }];
    const config = describeBroker(simulatedSns, sketch({ subscriptions }));
    const made = snsDeployment.setUps[0]?.files({ config, host: "sns" }, "");
    expect(made?.files).toMatchObject([
      {
        json: {
          Resources: {
            TopicTopic: { Type: "AWS::SNS::Topic" },
            SubscriptionService0: {
              Properties: {
                FilterPolicy: { a: ["x"] },
                DeliveryPolicy: { healthyRetryPolicy: { numRetries: 3 } },
              },
            },
            QueueDead: { Type: "AWS::SQS::Queue" },
          },
        },
      },
    ]);
    expect(snsDeployment.compose({ config, host: "sns" }, (wish) => wish).files).toHaveLength(2);
  });

  test("what its binding states comes back as parameters", () => {
    const stated = {
      Protocol: "https",
      RedrivePolicy: "dead",
      FilterPolicy: '{"a":["x"]}',
      numRetries: 7,
    };
    const config = describeBroker(simulatedSns, sketch({ subscriptions: [stated] }));
    const said = simulatedSns.asyncapi.consume(config, config.subscriptions[0]!);
    expect(simulatedSns.asyncapi.parametersIn("consume", { ...said })).toMatchObject(stated);
    expect(simulatedSns.reach?.(config).get("dead")).toEqual(new Set(["publisher-0"]));
  });
});
