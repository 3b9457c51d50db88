// Push with retries, alone: a broker of one channel that pushes to every subscription.

import { describe, expect, test } from "vitest";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { Push } from "./push.ts";
import { NO_CONCURRENCY_LIMIT, type PushRoute } from "./pushRoute.ts";
import { evenPhase, type RetryPolicy } from "./retry.ts";
import type { Broker, SimulatedTechnology } from "../technology.ts";

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
const seconds = (s: number) => s * 1000;

function every(s: number, retries: number, ageS = Infinity): RetryPolicy {
  const phases = [evenPhase(retries, s * NS_PER_S)];
  return { phases, ageNsMax: ageS * NS_PER_S, jitterFrom: 1, jitterTo: 1 };
}

type Options = Partial<Omit<PushRoute, "account" | "subscription">>;

interface Pushed {
  readonly run: FakeRun;
  readonly push: Push;
  readonly dead: string[];
}

/** A run with one subscription of so many workers. */
function pushing(options: Options & { workers?: number; plan?: WorkerPlan }): Pushed {
  const { workers = 1, plan = {}, ...stated } = options;
  const policy = every(20, 3);
  const dead: string[] = [];
  let push: Push | undefined;
  const technology: SimulatedTechnology = {
    ...nothingElse,
    open: (config, context) => {
      const onError = stated.onError ?? policy;
      const route: PushRoute = {
        latencyNs: NS_PER_MS,
        timeoutNs: Infinity,
        concurrency: NO_CONCURRENCY_LIMIT,
        ratePerS: Infinity,
        isOrdered: false,
        hasDeadLetters: false,
        duplicates: 0,
        ...stated,
        onError,
        onUnavailable: stated.onUnavailable ?? onError,
        subscription: 0,
        account: context.openAccount(0, 0),
      };
      const owner = {
        deadLetter: (_route: number, message: number, reason: string) =>
          void dead.push(`${message}: ${reason}`),
      };
      push = new Push(context, { name: config.id, routes: [route], owner });
      return brokerOf(push, context);
    },
  };
  const sketch = {
    channels: [{ id: "topic", kind: "topic" }],
    publishers: [{ to: "topic" }],
    subscriptions: [{ from: "topic", workers }],
  };
  const run = new FakeRun(technology, sketch, { plans: [plan] });
  return { run, push: push!, dead };
}

function brokerOf(push: Push, context: Parameters<SimulatedTechnology["open"]>[1]): Broker {
  return {
    start: () => {},
    publish: (publisher, message) => {
      push.offer(0, message);
      context.confirmed(publisher, message);
    },
    settle: (delivery, verdict) => push.settle(delivery, verdict),
    join: (subscription, worker) => push.join(subscription, worker),
    leave: (subscription, worker) => push.leave(subscription, worker),
    wake: (code, a, b) => void push.wake(code, a, b),
    crashNode: () => {},
    restartNode: () => {},
    isolateNode: () => {},
    slowNode: () => {},
    set: () => {},
    waiting: () => push.waiting(0),
    oldestNs: () => push.oldestNs(0),
    blocked: () => push.blocked(0),
    depths: () => [push.waiting(0)],
    nodes: () => [],
  };
}

const nothingElse: Omit<SimulatedTechnology, "open"> = {
  id: "push",
  label: "Push",
  version: "1",
  words: { message: "message", subscription: "subscription", node: "node" },
  summary: "",
  clusterFields: {},
  publishFields: {},
  consumeFields: {},
  bindFields: {},
  channelKinds: {
    topic: { label: "", help: "", fields: {}, publishable: true, consumable: true, bindsTo: [] },
  },
  quickConnect: { publish: "topic", consume: "topic" },
  guarantees: { order: "", delivery: "", retention: "" },
  modelled: [],
  simplified: [],
  notModelled: [],
  fieldSources: [],
  sources: [],
  asyncapi: {
    protocol: "http",
    host: "",
    key: "http",
    channel: () => undefined,
    publish: () => undefined,
    consume: () => undefined,
    parametersIn: () => ({}),
  },
  check: () => [],
};

const times = (run: FakeRun, verb: string) => run.find(verb).map(({ ms }) => Math.round(ms));

describe("push with retries", () => {
  test("an answer acknowledges after two trips, and nothing is left", () => {
    const { run } = pushing({ plan: { serviceMs: 10 } });
    run.publish(0, 0, "m");
    run.drain();
    expect(run.find("acknowledged")[0]?.ms).toBe(12);
    expect(run.liveMessages() + run.liveDeliveries()).toBe(0);
  });

  test("failures are tried again by the schedule, then dropped", () => {
    const { run } = pushing({ plan: { serviceMs: 0, verdict: () => "failed" } });
    run.publish(0, 0, "m");
    run.drain();
    expect(times(run, "deliver")).toEqual([1, 20_003, 40_005, 60_007]);
    expect(run.find("deliver").map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(run.find("discarded").map(({ reason }) => reason)).toEqual(["failed"]);
    expect(run.liveMessages() + run.liveDeliveries()).toBe(0);
  });

  test("with dead letters what is given up goes to the owner", () => {
    const { run, dead } = pushing({
      hasDeadLetters: true,
      onError: every(1, 0),
      plan: { serviceMs: 0, verdict: () => "failed" },
    });
    run.publish(0, 0, "m");
    run.drain();
    expect(dead).toEqual(["0: failed"]);
    expect(run.books("topic").deadLettered).toBe(1);
  });

  test("nobody up: the connection is refused, which is no delivery", () => {
    const { run } = pushing({ plan: { serviceMs: 0 } });
    run.leave(0, 0, "crash");
    run.publish(0, 0, "m");
    run.at(seconds(30), () => run.join(0, 0));
    run.runUntil(seconds(10));
    expect(run.broker.blocked(0)).toContain("does not answer");
    run.drain();
    expect(times(run, "deliver")).toEqual([40_003]);
    expect(run.find("deliver")[0]?.attempt).toBe(1);
  });

  test("an attempt that takes too long fails while the worker goes on, so that work is done twice", () => {
    const { run } = pushing({ workers: 2, timeoutNs: 15 * NS_PER_S, plan: { serviceMs: 18_000 } });
    run.publish(0, 0, "slow");
    run.runUntil(seconds(17));
    expect(times(run, "returned")).toEqual([15_000]);
    expect(run.heldLabels(0)).toEqual(["slow"]);
    run.drain();
    expect(run.find("deliver")).toHaveLength(4);
    expect(run.find("acknowledged")).toHaveLength(0);
    expect(run.find("dropped").length + run.find("discarded").length).toBe(1);
    expect(run.liveDeliveries()).toBe(0);
  });

  test("what waits at a busy endpoint times out without having been handed over", () => {
    const { run } = pushing({ timeoutNs: 5 * NS_PER_S, plan: { serviceMs: 4000 } });
    run.publishAll(0, 0, ["a", "b"]);
    run.drain();
    expect(run.find("deliver").map(({ label, ms }) => [label, Math.round(ms)])).toEqual([
      ["a", 1],
      ["b", 4001],
      ["b", 25_001],
    ]);
    expect(run.labels("acknowledged")).toEqual(["a", "b"]);
  });

  test("the age ends it, at the age and not later", () => {
    const { run } = pushing({
      onError: every(20, 100, 50),
      hasDeadLetters: true,
      plan: { serviceMs: 0, verdict: () => "failed" },
    });
    run.publish(0, 0, "m");
    run.drain();
    expect(times(run, "deliver")).toEqual([1, 20_003, 40_005]);
    expect(run.find("deadLettered").map(({ ms, reason }) => [ms, reason])).toEqual([
      [50_000, "age"],
    ]);
  });

  test("an endpoint that is gone is tried once", () => {
    const { run, push, dead } = pushing({ hasDeadLetters: true });
    push.setGone(0, true);
    run.publish(0, 0, "m");
    run.drain();
    expect(run.nowMs()).toBe(1);
    expect(dead).toEqual(["0: endpoint-gone"]);
  });

  test("attempts per second are spaced out and the rest waits", () => {
    const { run, push } = pushing({ ratePerS: 2, plan: { serviceMs: 0 } });
    run.publishAll(0, 0, ["a", "b", "c"]);
    run.runUntil(100);
    expect(run.broker.waiting(0)).toBe(2);
    expect(run.broker.blocked(0)).toBe("throttled to 2 per second");
    run.runUntil(600);
    push.setRate(0, Infinity);
    run.drain();
    expect(times(run, "deliver")).toEqual([1, 501, 601]);
  });

  test("no more attempts are under way than allowed", () => {
    const { run } = pushing({ workers: 5, concurrency: 2, plan: { serviceMs: 100 } });
    run.publishAll(0, 0, ["a", "b", "c"]);
    run.drain();
    expect(times(run, "deliver")).toEqual([1, 1, 103]);
  });

  test("ordered: a failing message holds back its key only", () => {
    const { run } = pushing({
      workers: 3,
      isOrdered: true,
      onError: every(1, 1),
      plan: { serviceMs: 0, verdict: (label) => (label === "a1" ? "failed" : "done") },
    });
    for (const [label, key] of [
      ["a1", "a"],
      ["a2", "a"],
      ["b1", "b"],
    ] as const)
      run.publish(0, 0, label, { key });
    run.drain();
    expect(run.labels("deliver")).toEqual(["a1", "b1", "a1", "a2"]);
    expect(run.find("deliver", { label: "a2" })[0]?.ms).toBe(1005);
  });

  test("a crash breaks the connection at once; an answer that has left still counts", () => {
    const { run } = pushing({ workers: 1, onError: every(1, 3) });
    run.publish(0, 0, "m");
    run.at(10, () => run.leave(0, 0, "crash"));
    run.at(20, () => run.join(0, 0));
    run.at(1500, () => {
      run.settle("m");
      run.leave(0, 0, "crash");
    });
    run.drain();
    expect(run.find("returned").map(({ ms, reason }) => [ms, reason])).toEqual([
      [10, "connection-lost"],
    ]);
    expect(times(run, "deliver")).toEqual([1, 1011]);
    expect(run.find("acknowledged")[0]?.ms).toBe(1501);
    expect(run.liveDeliveries() + run.liveMessages()).toBe(0);
  });

  test("at least once: now and then a message comes again although it was answered", () => {
    const { run } = pushing({ duplicates: 0.3, plan: { serviceMs: 1 } });
    for (let i = 0; i < 200; i++) run.publish(i * 10, 0, i);
    run.drain();
    const again = run.find("deliver").filter(({ attempt }) => attempt > 1).length;
    expect(again).toBeGreaterThan(40);
    expect(run.find("acknowledged")).toHaveLength(200);
  });

  test("refusals and errors are counted apart where their policies differ", () => {
    const { run } = pushing({
      onError: every(60, 1),
      onUnavailable: every(1, 5),
      plan: { serviceMs: 0, verdict: () => "failed" },
    });
    run.leave(0, 0, "crash");
    run.publish(0, 0, "m");
    run.at(2500, () => run.join(0, 0));
    run.drain();
    expect(times(run, "deliver")).toEqual([3004, 63_006]);
  });
});
