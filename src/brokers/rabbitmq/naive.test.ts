// The statements that the collected facts list under "never simplify", each as a test that bears its name.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { simulatedRabbitmq as rabbitmq } from "./simulated.ts";

const latency = 0.01;

interface Given {
  readonly queue?: Parameters;
  readonly consumers?: readonly Parameters[];
  readonly workers?: number;
  readonly publish?: Parameters;
  readonly cluster?: Parameters;
  readonly plan?: WorkerPlan;
}

/** A queue "q" with its dead letters in "dlq"; workers hold what they get unless there is a plan. */
function start({ queue, consumers = [], workers = 1, publish, cluster, plan = {} }: Given) {
  return new FakeRun(
    rabbitmq,
    {
      parameters: { nodes: 3, ...cluster },
      channels: [
        { id: "q", kind: "queue", parameters: { "x-dead-letter-exchange": "dlq", ...queue } },
        { id: "dlq", kind: "queue" },
      ],
      publishers: [{ to: "q", parameters: { latency, delivery_mode: "2", ...publish } }],
      subscriptions: consumers.map((parameters) => ({
        from: "q",
        workers,
        parameters: { latency, prefetch_count: 1, ...parameters },
      })),
    },
    { plans: [plan] },
  );
}

const failing: WorkerPlan = { serviceMs: 1, verdict: () => "failed" };

describe("what a naive simulator gets wrong about RabbitMQ", () => {
  test("consumers do not pull: a busy one is sent messages up to its prefetch", () => {
    const run = start({ consumers: [{ prefetch_count: 3 }] });
    run.publishAll(0, 0, [1, 2, 3, 4]);
    run.runUntil(100);
    expect(run.heldLabels(0)).toEqual(["1", "2", "3"]);
  });

  test("a queue does not fan out: each message goes to one of its consumers", () => {
    const run = start({ consumers: [{}, {}], workers: 2, plan: { serviceMs: 1 } });
    run.publishAll(0, 0, [1, 2, 3, 4, 5, 6, 7, 8]);
    run.runUntil(1000);
    expect(run.labels("deliver").toSorted()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
  });

  test("unlimited prefetch is not harmless: the first consumer has the whole backlog, the others idle", () => {
    const run = start({ consumers: [{ prefetch_count: 0 }], workers: 2 });
    run.leave(0, 1, "close");
    run.publishAll(0, 0, [1, 2, 3, 4, 5, 6]);
    run.at(50, () => run.join(0, 1));
    run.runUntil(100);
    expect([run.held(0, 0).length, run.held(0, 1).length]).toEqual([6, 0]);
  });

  test("unroutable is no error: it is confirmed and gone", () => {
    const run = new FakeRun(rabbitmq, {
      channels: [{ id: "x", kind: "exchange" }],
      publishers: [{ to: "x", parameters: { latency } }],
    });
    run.publish(0, 0, "m");
    run.runUntil(100);
    expect(run.outcomes.get("m")).toBe("confirmed");
    expect([run.labels("unroutable"), run.liveMessages()]).toEqual([["m"], 0]);
  });

  test("a nack is no delay: the message is there again at once", () => {
    const run = start({ consumers: [{}] });
    run.publish(0, 0, "m");
    run.at(100, () => run.settle("m", "failed"));
    run.runUntil(200);
    const [, again] = run.find("deliver");
    expect(again?.ms).toBeCloseTo(100, 0);
  });

  test("TTL is no timer per message: what is short waits behind what is long", () => {
    const run = new FakeRun(rabbitmq, {
      channels: [{ id: "q", kind: "queue" }],
      publishers: [500, 100].map((expiration) => ({
        to: "q",
        parameters: { latency, expiration },
      })),
    });
    run.publish(0, 0, "long");
    run.publish(1, 1, "short");
    run.runUntil(400);
    expect(run.labels("expired")).toEqual([]);
    run.runUntil(600);
    expect(run.labels("expired")).toEqual(["long", "short"]);
  });

  test("dead-lettering is not reliable: an exchange that is not there loses the message", () => {
    const queue = { "x-dead-letter-exchange": "nowhere" };
    const run = start({ queue, consumers: [{ on_failure: "reject" }], plan: failing });
    run.publish(0, 0, "m");
    run.runUntil(100);
    expect([run.books("dlq").routed, run.liveMessages()]).toEqual([0, 0]);
  });

  test("a classic queue is not replicated: it is gone with its node while two others are up", () => {
    const published = (type: string) => {
      const run = start({ queue: { "x-queue-type": type } });
      run.at(0, () => run.broker.crashNode(0));
      run.publish(10_000, 0, "m");
      run.runUntil(20_000);
      return run.outcomes.get("m") === "confirmed";
    };
    expect([published("classic"), published("quorum")]).toEqual([false, true]);
  });

  test("a classic queue has no delivery limit: what always fails comes again for ever", () => {
    const deliveries = (type: string) => {
      const run = start({ queue: { "x-queue-type": type }, consumers: [{}], plan: failing });
      run.publish(0, 0, "m");
      run.runUntil(500);
      return run.find("deliver").length;
    };
    expect(deliveries("quorum")).toBe(21);
    expect(deliveries("classic")).toBeGreaterThan(200);
  });

  test("the maximum length does not count what is unacknowledged", () => {
    const run = start({ queue: { "x-max-length": 2 }, consumers: [{ prefetch_count: 2 }] });
    run.publishAll(0, 0, [1, 2]);
    run.publishAll(10, 0, [3, 4]);
    run.runUntil(100);
    expect(run.books("q")).toMatchObject({ inFlight: 2, waiting: 2, deadLettered: 0, dropped: 0 });
  });

  test("a confirm does not mean that somebody has consumed it", () => {
    const run = start({});
    run.publish(0, 0, "m");
    run.runUntil(100);
    expect([run.outcomes.get("m"), run.books("q").waiting]).toEqual(["confirmed", 1]);
  });

  test("alarms are not local: one node short of disk blocks the publishers of all", () => {
    const run = new FakeRun(rabbitmq, {
      parameters: { disk: 51e6 },
      channels: ["first", "second"].map((id) => ({ id, kind: "queue" })),
      publishers: ["first", "second"].map((to) => ({ to, parameters: { latency } })),
    });
    run.publish(0, 0, "large", { sizeBytes: 2e6 });
    run.publish(5000, 1, "elsewhere");
    run.runUntil(20_000);
    expect([run.outcomes.get("large"), run.outcomes.get("elsewhere")]).toEqual([
      "confirmed",
      undefined,
    ]);
  });

  test("4.3 is not 4.0: a nack counts as a failed delivery in one and not in the other", () => {
    const deadLetters = (version: string) => {
      const queue = { "x-queue-type": "quorum", "x-delivery-limit": 2 };
      const run = start({ queue, consumers: [{}], cluster: { version }, plan: failing });
      run.publish(0, 0, "m");
      run.runUntil(100);
      return run.books("dlq").routed;
    };
    expect([deadLetters("4.0"), deadLetters("4.3")]).toEqual([1, 0]);
  });

  test("two matching bindings are no two copies", () => {
    const run = new FakeRun(rabbitmq, {
      channels: [
        { id: "x", kind: "exchange" },
        { id: "q", kind: "queue" },
      ],
      bindings: ["#", "a.*"].map((routing_key) => ({
        from: "x",
        to: "q",
        parameters: { routing_key },
      })),
      publishers: [{ to: "x", parameters: { latency, routing_key: "a.b" } }],
    });
    run.publish(0, 0, "m");
    run.runUntil(100);
    expect(run.books("q").routed).toBe(1);
  });
});
