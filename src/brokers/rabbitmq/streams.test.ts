// Streams of RabbitMQ, and prefetch that several consumers share: what no shared vector states.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { manual, oneQueue } from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;
const stream = { "x-queue-type": "stream" };
const reader = (prefetch: number, offset: string) =>
  manual(prefetch, { "x-stream-offset": offset });

describe("a stream", () => {
  it("gives every service every message, and keeps all of them", () => {
    const run = new FakeRun(rabbitmq, oneQueue(stream, [reader(10, "first"), reader(10, "next")]), {
      plans: [{ serviceMs: 1 }],
    });
    run.publishAll(0, 0, [1, 2, 3]);
    run.runUntil(50);
    expect(run.labels("deliver", { subscription: 0 })).toEqual(["1", "2", "3"]);
    expect(run.labels("deliver", { subscription: 1 })).toEqual(["1", "2", "3"]);
    expect(run.books("q", 0).acknowledged).toBe(3);
    expect(run.broker.depths(0)).toEqual([3]);
    expect(run.liveMessages()).toBe(3);
  });

  it("can be read again from the start by who comes later, or from an offset that is not there yet", () => {
    const run = new FakeRun(rabbitmq, oneQueue(stream, [reader(10, "first"), reader(10, "4")]), {
      joins: "none",
    });
    run.publishAll(0, 0, [0, 1, 2]);
    run.at(5, () => run.join(1, 0));
    run.publishAll(10, 0, [3, 4, 5]);
    run.at(20, () => run.join(0, 0));
    run.runUntil(30);
    expect(run.labels("deliver", { subscription: 1 })).toEqual(["4", "5"]);
    expect(run.labels("deliver", { subscription: 0 })).toEqual(["0", "1", "2", "3", "4", "5"]);
  });

  it("sends once more what a worker held that is gone, and never what failed", () => {
    const run = new FakeRun(rabbitmq, oneQueue(stream, [reader(2, "first")]));
    run.publishAll(0, 0, [0, 1, 2]);
    run.at(5, () => run.settle(0, "failed"));
    run.runUntil(10);
    expect(run.find("discarded").map(({ reason }) => reason)).toEqual(["failed-in-stream"]);
    expect(run.heldLabels(0)).toEqual(["1", "2"]);
    run.leave(0, 0, "crash");
    expect(run.broker.waiting(0)).toBe(2);
    run.join(0, 0);
    run.runUntil(20);
    expect(run.find("deliver").map(({ label, attempt }) => [label, attempt])).toEqual([
      ["0", 1],
      ["1", 1],
      ["2", 1],
      ["1", 2],
      ["2", 2],
    ]);
    expect(run.broker.blocked(0)).toBe("");
  });

  it("waits with its majority, and says why", () => {
    const run = new FakeRun(rabbitmq, oneQueue(stream, [reader(1, "first")]));
    run.publishAll(0, 0, [0, 1]);
    run.runUntil(5);
    expect(run.broker.blocked(0)).toBe("prefetch reached: the reader owes answers");
    for (const node of [1, 2]) run.broker.crashNode(node);
    run.publish(10, 0, 2);
    run.settle(0);
    run.runUntil(20);
    expect(run.broker.blocked(0)).toBe("quorum lost: 1 of 3 nodes up");
    expect(run.outcomes.get("2")).toBeUndefined();
    run.broker.restartNode(1);
    run.runUntil(30);
    expect(run.outcomes.get("2")).toBe("confirmed");
    expect(run.labels("deliver")).toEqual(["0", "1"]);
  });

  it("refuses a reader without prefetch, without answers, or with an offset that is none", () => {
    const codes = (consumer: object) =>
      rabbitmq
        .check(describeBroker(rabbitmq, oneQueue(stream, [{ ...consumer }])))
        .map(({ code }) => code.slice(9));
    expect(codes(manual(0))).toContain("stream-prefetch");
    expect(codes(manual(5, { ack: "automatic" }))).toContain("stream-automatic-ack");
    expect(codes(reader(5, "yesterday"))).toContain("stream-offset");
    for (const known of ["12", "90s", "2h", "timestamp 60"])
      expect(codes(reader(5, known))).not.toContain("stream-offset");
    expect(codes(reader(5, "12")).filter((code) => code.startsWith("stream"))).toEqual([]);
  });
});

describe("a stream that does not keep everything", () => {
  /** Segments of three messages of 100 bytes. */
  const short = { ...stream, "x-stream-max-segment-size-bytes": 300 };
  const texts = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
  const late = (queue: Parameters, offset = "first") =>
    new FakeRun(rabbitmq, oneQueue(queue, [reader(100, offset)]), { joins: "none" });

  it("lets whole segments go that are too much, when a new one begins", () => {
    const run = late({ ...short, "x-max-length-bytes": 600 });
    run.publishAll(0, 0, texts(0, 8));
    run.runUntil(5);
    expect(run.broker.depths(0)).toEqual([9]);
    run.publish(6, 0, "9");
    run.runUntil(10);
    expect(run.broker.depths(0)).toEqual([7]);
    run.join(0, 0);
    run.runUntil(20);
    expect(run.labels("deliver")).toEqual(texts(3, 9));
    expect(run.find("deliver")[0]?.offset).toBe(3);
  });

  it("lets segments go that are too old, and keeps the last one whatever its age", () => {
    const run = late({ ...short, "x-max-age": 1000 });
    run.publishAll(0, 0, texts(0, 5));
    run.runUntil(60_000);
    expect(run.broker.depths(0)).toEqual([6]);
    run.publish(60_001, 0, "6");
    run.runUntil(60_010);
    expect(run.broker.depths(0)).toEqual([1]);
  });

  it("overtakes a reader that is too slow, and says how much it has missed", () => {
    const queue = { ...short, "x-max-length-bytes": 300 };
    const run = new FakeRun(rabbitmq, oneQueue(queue, [reader(1, "first")]));
    run.publishAll(0, 0, texts(0, 9));
    run.runUntil(10);
    expect([run.heldLabels(0), run.labels("dropped")]).toEqual([["0"], texts(1, 5)]);
    expect(run.broker.waiting(0)).toBe(4);
    run.settle(0);
    run.runUntil(20);
    expect(run.heldLabels(0)).toEqual(["6"]);
    run.leave(0, 0, "crash");
    run.publishAll(30, 0, texts(10, 19));
    run.runUntil(40);
    expect(run.books("q", 0)).toMatchObject({ waiting: 5, inFlight: 0, acknowledged: 1 });
    expect(run.liveMessages()).toBe(5);
  });

  it("gives up what a dead reader held if it is gone by then", () => {
    const queue = { ...short, "x-max-length-bytes": 300 };
    const run = new FakeRun(rabbitmq, oneQueue(queue, [reader(2, "first")]));
    run.publishAll(0, 0, texts(0, 1));
    run.publishAll(10, 0, texts(2, 9));
    run.runUntil(20);
    run.leave(0, 0, "crash");
    expect(run.find("discarded").map(({ label }) => label)).toEqual(["0", "1"]);
    expect(run.find("discarded")[0]?.reason).toBe("overtaken-by-retention");
  });

  it("sends what was on the wire although it is gone meanwhile", () => {
    const queue = { ...short, "x-max-length-bytes": 300 };
    const consumer = { ...reader(2, "first"), latency: 100 };
    const run = new FakeRun(rabbitmq, oneQueue(queue, [consumer]));
    run.publishAll(0, 0, texts(0, 9));
    run.runUntil(150);
    expect(run.heldLabels(0)).toEqual(["0", "1"]);
  });
});

describe("a reader of a stream that begins at a time", () => {
  it("gets what came since a time of the run, or since so long ago", () => {
    const got = (offset: string) => {
      const run = new FakeRun(rabbitmq, oneQueue(stream, [reader(100, offset)]), { joins: "none" });
      for (let second = 0; second < 10; second++) run.publish(second * 1000, 0, second);
      run.at(9500, () => run.join(0, 0));
      run.runUntil(9600);
      return run.labels("deliver");
    };
    expect(got("timestamp 7")).toEqual(["7", "8", "9"]);
    expect(got("2s")).toEqual(["8", "9"]);
    expect(got("1h")).toHaveLength(10);
    expect(got("timestamp 20")).toEqual([]);
  });
});

it("holds one prefetch for all workers together when it is global", () => {
  const held = (global: boolean) => {
    const base = oneQueue({}, []);
    const subscriptions = [{ from: "q", workers: 3, parameters: manual(4, { global }) }];
    const run = new FakeRun(rabbitmq, { ...base, subscriptions });
    for (let label = 0; label < 20; label++) run.publish(0, 0, label);
    run.runUntil(5);
    const first = run.held(0).length;
    run.settle(0);
    run.runUntil(6);
    return [first, run.held(0).length];
  };
  expect(held(false)).toEqual([12, 12]);
  expect(held(true)).toEqual([4, 4]);
});
