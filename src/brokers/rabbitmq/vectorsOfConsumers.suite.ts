// The shared vectors of RabbitMQ about consumers: turns, prefetch, priorities, crashes, timeouts.

import { expect } from "vitest";
import { describeBroker } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import {
  has,
  manual,
  marked,
  oneQueue,
  queueIn,
  readAll,
  type Shape,
  texts,
  versionOf,
  withReader,
} from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;

const singleActive: Shape = {
  fits: ({ given, expect: wanted }) =>
    given["x-single-active-consumer"] === true && has(wanted, "B_after"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const run = new FakeRun(rabbitmq, oneQueue(queueIn(vector), [manual(10), manual(10)]));
    run.publishAll(0, 0, given.publish);
    run.runUntil(10);
    expect(run.heldLabels(0)).toEqual(texts(wanted.A));
    expect(run.heldLabels(1)).toEqual(wanted.B_before);
    run.settle(1);
    run.runUntil(11);
    run.leave(0, 0, "crash");
    run.runUntil(20);
    expect(marked(run, 1)).toEqual(wanted.B_after);
  },
};

const inTurn: Shape = {
  fits: ({ given, expect: wanted }) =>
    typeof given.consumers === "number" && has(given, "prefetch", "publish") && has(wanted, "c1"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const consumers = Array.from({ length: given.consumers }, () => manual(given.prefetch));
    const run = new FakeRun(rabbitmq, oneQueue(queueIn(vector), consumers));
    run.publishAll(0, 0, given.publish);
    run.runUntil(10);
    consumers.forEach((_, at) => expect(run.heldLabels(at)).toEqual(texts(wanted[`c${at + 1}`])));
  },
};

const backlogToTheFirst: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "backlog", "first_consumer_prefetch") && has(wanted, "first", "second"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const asked = given.first_consumer_prefetch;
    const prefetch = asked === "unlimited" ? 0 : Number(asked);
    const sketch = oneQueue(queueIn(vector), [manual(prefetch), manual(0)]);
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    for (let label = 1; label <= given.backlog; label++) run.publish(0, 0, label);
    run.at(5, () => run.join(0, 0));
    run.at(6, () => run.join(1, 0));
    run.runUntil(10);
    expect([run.held(0).length, run.held(1).length]).toEqual([wanted.first, wanted.second]);
    run.leave(0, 0, "close");
    run.runUntil(20);
    expect(run.held(1)).toHaveLength(wanted.after_first_closes_second);
  },
};

const consumerPriorities: Shape = {
  fits: ({ given, expect: wanted }) =>
    typeof given.consumers === "object" && has(given, "publish") && has(wanted, "ready"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const names = Object.keys(given.consumers);
    const consumers = names.map((name) => {
      const { prefetch, "x-priority": priority } = given.consumers[name];
      return manual(prefetch, { "x-priority": priority ?? 0 });
    });
    const run = new FakeRun(rabbitmq, oneQueue(queueIn(vector), consumers));
    run.publishAll(0, 0, given.publish);
    run.runUntil(10);
    names.forEach((name, at) => expect(run.heldLabels(at), name).toEqual(texts(wanted[name])));
    expect(run.books("q").waiting).toBe(wanted.ready.length);
  },
};

const crash: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "autoAck", "backlog") &&
    /crash/u.test(String(given.consumer)) &&
    has(wanted, "lost"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const consumer = given.autoAck
      ? { ack: "automatic", latency: 0.01 }
      : manual(given.prefetch ?? 0);
    const sketch = withReader(oneQueue(queueIn(vector), [consumer]));
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    for (let label = 1; label <= given.backlog; label++) run.publish(0, 0, label);
    run.at(5, () => run.join(0, 0));
    run.at(10, () => run.leave(0, 0, "crash"));
    run.runUntil(20);
    readAll(run, 1);
    if (has(wanted, "queue")) expect(marked(run, 1)).toEqual(wanted.queue);
    expect(run.books("q").dropped).toBe(wanted.lost);
  },
};

const timeout: Shape = {
  fits: ({ given, expect: wanted }) =>
    (has(given, "consumer_timeout_ms") || has(given, "consumer_timeout")) &&
    (has(wanted, "between_ms") || has(wanted, "fires_between_min")),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const stated = {
      ...(has(given, "consumer_timeout_ms") && { consumer_timeout: given.consumer_timeout_ms }),
      ...(has(given, "check_interval_ms") && { channel_tick_interval: given.check_interval_ms }),
    };
    const [from, to] = has(wanted, "between_ms")
      ? wanted.between_ms
      : wanted.fires_between_min.map((minutes: number) => minutes * 60_000);
    const run = new FakeRun(rabbitmq, {
      ...oneQueue(queueIn(vector), [manual(1)]),
      parameters: { ...versionOf(vector), ...stated },
    });
    run.publish(0, 0, "m");
    run.runUntil(to + 1);
    const [back] = run.find("returned");
    expect(back!.reason).toBe("consumer-timeout");
    expect(back!.ms).toBeGreaterThanOrEqual(from);
    expect(back!.ms).toBeLessThanOrEqual(to);
    expect(run.find("deliver").map((one) => one.attempt)).toEqual([1, 2]);
  },
};

const streamFrom: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "stream", "attach") && has(wanted, "offsets"),
  check: ({ given, expect: wanted }) => {
    const reader = manual(100, { "x-stream-offset": String(given.attach) });
    const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "stream" }, [reader]), {
      joins: "none",
    });
    for (let label = 0; label < given.stream; label++) run.publish(0, 0, label);
    run.at(5, () => run.join(0, 0));
    run.runUntil(10);
    expect(run.find("deliver").map(({ offset }) => offset)).toEqual(wanted.offsets);
  },
};

const streamNack: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "stream", "prefetch") && /nack/u.test(String(given.action)) && has(wanted, "next"),
  check: ({ given, expect: wanted }) => {
    const reader = manual(given.prefetch, { "x-stream-offset": "first" });
    const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "stream" }, [reader]));
    for (let label = 0; label < given.stream; label++) run.publish(0, 0, label);
    run.at(5, () => run.settle(0, "failed"));
    run.runUntil(10);
    const last = run.find("deliver").at(-1)!;
    expect(last.offset).toBe(wanted.next);
    expect(run.find("deliver").some(({ attempt }) => attempt > 1)).toBe(wanted.redelivered);
  },
};

const refusedConsumer: Shape = {
  fits: ({ given, expect: wanted }) =>
    (has(given, "quorum") || has(given, "stream")) &&
    (wanted.error === 540 || wanted.error === 406),
  check: ({ given, expect: wanted }) => {
    const type = has(given, "quorum") ? "quorum" : "stream";
    const consumer =
      type === "quorum"
        ? manual(10, { global: true })
        : manual(wanted.error === 406 ? 0 : 10, {
            ack: wanted.error === 406 ? "manual" : "automatic",
          });
    const sketch = oneQueue({ "x-queue-type": type }, [consumer]);
    const messages = rabbitmq.check(describeBroker(rabbitmq, sketch)).map(({ message }) => message);
    expect(messages.join(" ")).toContain(`(${wanted.error} `);
  },
};

/** Shapes of vectors about consumers. */
export const consumerShapes: readonly Shape[] = [
  singleActive,
  inTurn,
  backlogToTheFirst,
  consumerPriorities,
  crash,
  timeout,
  streamFrom,
  streamNack,
  refusedConsumer,
];
