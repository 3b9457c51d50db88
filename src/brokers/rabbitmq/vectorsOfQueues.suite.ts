// The shared vectors of RabbitMQ about queues: redelivery, limits of deliveries, time and length, priorities, dead letters.

import { expect } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { DeathLists, EXPIRED, NO_DEATHS, REJECTED } from "../mechanisms/deaths.ts";
import { simulated } from "../simulated.ts";
import {
  answers,
  has,
  manual,
  oneQueue,
  queueIn,
  readAll,
  type Shape,
  texts,
  type Vector,
  versionOf,
  withReader,
} from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;

const nackOne: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "held", "messages") &&
    /^nack \d+ requeue$/u.test(String(given.action)) &&
    has(wanted, "next_delivery"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const label = String(given.action).split(" ")[1]!;
    const run = new FakeRun(rabbitmq, oneQueue(queueIn(vector), [manual(given.prefetch)]));
    run.publishAll(0, 0, given.messages);
    run.runUntil(10);
    expect(run.heldLabels(0)).toEqual(texts(given.held));
    run.settle(label, "failed");
    run.runUntil(11);
    const again = run.find("deliver").at(-1)!;
    expect(again.label).toBe(String(wanted.next_delivery));
    if (has(wanted, "redelivered")) expect(again.attempt > 1).toBe(wanted.redelivered);
    run.settle(1);
    run.runUntil(12);
    if (has(wanted, "then_after_ack_1"))
      expect(run.labels("deliver").at(-1)).toBe(String(wanted.then_after_ack_1));
  },
};

const requeueOrder: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "requeue_order") && has(wanted, "queue_order"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    // Consumers take one each, requeue in turn, and are gone before it comes back.
    const sketch = withReader(oneQueue(queueIn(vector), [manual(1)]));
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    run.publishAll(0, 0, given.messages);
    run.runUntil(1);
    given.get.forEach((_: number, worker: number) => run.join(0, worker));
    run.runUntil(2);
    expect(run.heldLabels(0)).toEqual(texts(given.get));
    given.requeue_order.forEach((label: number, at: number) => {
      const { worker } = run.held(0).find((one) => one.label === String(label))!;
      run.at(3 + at, () => run.leave(0, worker, "close"));
    });
    run.runUntil(10);
    expect(readAll(run, 1)).toEqual(texts(wanted.queue_order));
  },
};

const channelCloses: Shape = {
  fits: ({ given, expect: wanted }) =>
    given.action === "channel closes" && has(wanted, "queue_order"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    for (const type of [given.queue].flat()) {
      const queue = { ...queueIn(vector), "x-queue-type": type };
      const sketch = withReader(oneQueue(queue, [manual(given.get.length)]));
      const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
      run.join(0, 0);
      run.publishAll(0, 0, given.messages);
      run.runUntil(5);
      expect(run.heldLabels(0)).toEqual(texts(given.get));
      run.leave(0, 0, "close");
      run.runUntil(6);
      expect(readAll(run, 1)).toEqual(texts(wanted.queue_order));
    }
  },
};

/** Deliveries of a message that always fails; where the vector has no number, there is no end to them. */
function expectDeliveries(run: FakeRun, wanted: Vector["expect"]): void {
  const count = run.labels("deliver").length;
  if (typeof wanted.deliveries === "number") expect(count).toBe(wanted.deliveries);
  else if (has(wanted, "deliveries")) expect(count).toBeGreaterThan(100);
  if (has(wanted, "dead_letter_reason"))
    expect(run.find("rejected").map((one) => one.reason)).toEqual(
      [wanted.dead_letter_reason].filter((reason) => reason !== null),
    );
}

const failsAlways: Shape = {
  fits: ({ given }) =>
    has(given, "x-delivery-limit") && /(?:nack|reject) requeue=true/u.test(String(given.consumer)),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const on_failure = String(given.consumer).includes("reject") ? "reject-requeue" : "requeue";
    const run = new FakeRun(
      rabbitmq,
      { ...oneQueue(queueIn(vector), [manual(1, { on_failure })]), parameters: versionOf(vector) },
      { plans: [{ serviceMs: 1, verdict: () => "failed" }] },
    );
    run.publish(0, 0, "m");
    run.runUntil(60_000);
    expectDeliveries(run, wanted);
    const delivered = run.find("deliver");
    if (has(wanted, "x-delivery-count_seen")) {
      // Absent at first, then the number of attempts before.
      const counts = delivered.map((one) => (one.attempt === 1 ? null : one.attempt - 1));
      expect(counts).toEqual(wanted["x-delivery-count_seen"]);
    }
    if (has(wanted, "delays_ms")) {
      const gaps = delivered.slice(1).map((one, at) => one.ms - delivered[at]!.ms);
      const wantedGaps: number[] = wanted.delays_ms;
      wantedGaps.forEach((ms, at) => expect(Math.abs(gaps[at]! - ms)).toBeLessThan(10));
    }
  },
};

const closesAlways: Shape = {
  fits: ({ given }) =>
    has(given, "x-delivery-limit") && /closed without ack/u.test(String(given.consumer)),
  check: (vector) => {
    const run = new FakeRun(rabbitmq, {
      ...oneQueue(queueIn(vector), [manual(1)]),
      parameters: versionOf(vector),
    });
    run.publish(0, 0, "m");
    for (let time = 5; time < 1000; time += 10) {
      run.at(time, () => run.leave(0, 0, "close"));
      run.at(time + 5, () => run.join(0, 0));
    }
    run.runUntil(1100);
    expectDeliveries(run, vector.expect);
  },
};

const expirations: Shape = {
  fits: ({ given }) =>
    Array.isArray(given.messages) &&
    given.messages.every((one: unknown) => typeof one === "object"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const run = new FakeRun(rabbitmq, {
      ...oneQueue(queueIn(vector)),
      publishers: given.messages.map((message: { expiration: number }) => ({
        to: "q",
        parameters: { expiration: message.expiration, latency: 0.01 },
      })),
    });
    given.messages.forEach((message: { body: string }, at: number) =>
      run.publish(0, at, message.body),
    );
    for (const [name, labels] of Object.entries(wanted)) {
      const [, ms] = /^dlq_at_(\d+)ms$/u.exec(name) ?? [];
      expect(ms, name).toBeDefined();
      run.runUntil(Number(ms));
      expect(run.labels("routed", { account: 1 }), name).toEqual(labels);
    }
  },
};

const lowerOfBoth: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "x-message-ttl", "message_expiration") && has(wanted, "dead_lettered_at_ms"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const run = new FakeRun(
      rabbitmq,
      oneQueue(queueIn(vector), [], { expiration: given.message_expiration }),
    );
    run.publish(0, 0, "m");
    run.runUntil(60_000);
    const [death] = run.find("deadLettered");
    expect(Math.abs(death!.ms - wanted.dead_lettered_at_ms)).toBeLessThan(wanted.tolerance_ms);
  },
};

const noTimeToLive: Shape = {
  fits: ({ given, expect: wanted }) => given["x-message-ttl"] === 0 && has(wanted, "dlq"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const consumers = given.consumer === "none" ? [] : [manual(1)];
    const run = new FakeRun(rabbitmq, oneQueue(queueIn(vector), consumers));
    run.publish(0, 0, "m");
    run.runUntil(1);
    expect(run.books("dlq").waiting).toBe(wanted.dlq);
  },
};

/** A story about one message: [ms, what happens] in order. */
const story: Shape = {
  fits: ({ given }) => has(given, "x-message-ttl") && Array.isArray(given.events),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const run = new FakeRun(rabbitmq, oneQueue(queueIn(vector), [manual(1)]), { joins: "none" });
    const acts: Readonly<Record<string, (ms: number) => void>> = {
      publish: (ms) => run.publish(ms, 0, "m"),
      get: (ms) => run.at(ms + 0.1, () => run.join(0, 0)),
      requeue: (ms) => run.at(ms, () => run.leave(0, 0, "close")),
    };
    let endMs = 0;
    for (const [ms, what] of given.events) {
      acts[what]?.(ms);
      endMs = Math.max(endMs, ms);
    }
    run.runUntil(endMs);
    const by = Object.keys(wanted).find((name) => name.startsWith("dead_lettered_by"));
    if (by !== undefined) expect(run.books("dlq").routed === 1).toBe(wanted[by]);
    if (has(wanted, "after_requeue")) {
      run.leave(0, 0, "close");
      run.runUntil(endMs + 1);
      expect(run.find("deadLettered").map((one) => one.reason)).toEqual(["expired"]);
    }
    run.runUntil(endMs + 60_000);
    const at = wanted.dead_lettered_at_ms ?? wanted.dead_lettered_at_ms_about;
    if (at !== undefined)
      expect(Math.abs(run.find("deadLettered")[0]!.ms - at)).toBeLessThan(
        wanted.tolerance_ms ?? 50,
      );
  },
};

const fullQueue: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "x-max-length", "publish") &&
    (has(wanted, "confirms") || has(wanted, "last_confirm")),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const run = new FakeRun(rabbitmq, withReader(oneQueue(queueIn(vector))), { joins: "none" });
    run.publishAll(0, 0, given.publish);
    run.runUntil(10);
    const told = answers(run, given.publish);
    if (has(wanted, "confirms")) expect(told).toEqual(wanted.confirms);
    if (has(wanted, "last_confirm")) expect(told.at(-1)).toBe(wanted.last_confirm);
    if (has(wanted, "dlq")) expect(run.labels("routed", { account: 1 })).toEqual(texts(wanted.dlq));
    if (has(wanted, "reason"))
      for (const death of run.find("deadLettered")) expect(death.reason).toBe(wanted.reason);
    if (has(wanted, "queue_length_at_least"))
      expect(run.books("q").waiting).toBeGreaterThanOrEqual(wanted.queue_length_at_least);
    if (has(wanted, "queue")) expect(readAll(run, 0)).toEqual(texts(wanted.queue));
  },
};

const fullBesideHeld: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "x-max-length", "prefetch", "publish") && has(wanted, "held"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const sketch = withReader(oneQueue(queueIn(vector), [manual(given.prefetch)]));
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    run.join(0, 0);
    run.publishAll(0, 0, given.publish);
    run.runUntil(10);
    expect(run.heldLabels(0)).toEqual(texts(wanted.held));
    expect(run.labels("routed", { account: 1 })).toEqual(texts(wanted.dlq));
    expect(readAll(run, 1)).toEqual(texts(wanted.ready));
  },
};

const oneOfTwoFull: Shape = {
  fits: ({ given, expect: wanted }) =>
    Array.isArray(given.fanout) && has(wanted, "other_queue_has"),
  check: ({ expect: wanted }) => {
    const full = { "x-max-length": 1, "x-overflow": "reject-publish" };
    const run = new FakeRun(rabbitmq, {
      channels: [
        { id: "x", kind: "exchange", parameters: { type: "fanout" } },
        { id: "full", kind: "queue", parameters: full },
        { id: "other", kind: "queue" },
      ],
      bindings: [
        { from: "x", to: "full" },
        { from: "x", to: "other" },
      ],
      publishers: [{ to: "full" }, { to: "x" }],
    });
    run.publish(0, 0, "m1");
    run.publish(5, 1, "m2");
    run.drain();
    expect(answers(run, ["m2"])).toEqual([wanted.confirm]);
    expect(run.labels("routed", { account: 1 })).toEqual([wanted.other_queue_has]);
  },
};

const priorities: Shape = {
  fits: ({ given, expect: wanted }) =>
    Array.isArray(given.publish) && Array.isArray(given.publish[0]) && has(wanted, "order"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    const messages: [string, number | null][] = given.publish;
    const one = withReader(oneQueue(queueIn(vector)));
    const sketch = {
      ...one,
      parameters: versionOf(vector),
      publishers: messages.map(([, priority]) => ({
        to: "q",
        parameters: { latency: 0.01, priority } as Parameters,
      })),
    };
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    messages.forEach(([label], at) => run.publish(0, at, label));
    run.runUntil(1);
    expect(readAll(run, 0)).toEqual(wanted.order);
  },
};

const cycle: Shape = {
  fits: ({ given, expect: wanted }) =>
    /DLX back to itself/u.test(String(given.queue)) && has(wanted, "after_700ms_in_queue"),
  check: ({ given, expect: wanted }) => {
    const ttl = Number(/ttl (\d+)/u.exec(given.queue)![1]);
    const run = new FakeRun(
      rabbitmq,
      oneQueue({ "x-message-ttl": ttl, "x-dead-letter-exchange": "q" }),
    );
    run.publish(0, 0, "m");
    run.runUntil(700);
    expect(run.books("q").waiting).toBe(wanted.after_700ms_in_queue);
    expect(run.find("dropped").map((one) => one.reason)).toEqual(["dead-letter-cycle"]);
  },
};

const circleByRejection: Shape = {
  fits: ({ expect: wanted }) => has(wanted, "message_still_in_queue", "x-death_count"),
  check: ({ expect: wanted }) => {
    const consumer = manual(1, { on_failure: "reject" });
    const run = new FakeRun(rabbitmq, oneQueue({ "x-dead-letter-exchange": "q" }, [consumer]));
    run.publish(0, 0, "m");
    for (const time of [10, 20]) run.at(time, () => run.settle("m", "failed"));
    run.runUntil(30);
    expect(run.held(0)).toHaveLength(wanted.message_still_in_queue ? 1 : 0);
    expect(run.find("rejected")).toHaveLength(wanted["x-death_count"]);
  },
};

const retryLoop: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "wait_queue", "loops") && has(wanted, "x-death"),
  check: ({ given, expect: wanted }) => {
    const queues = ["wait", "work"];
    const deaths = new DeathLists(new Arena(), "deaths");
    let list = NO_DEATHS;
    for (let loop = 0; loop < given.loops; loop++) {
      list = deaths.add(list, queues.indexOf("work"), REJECTED);
      list = deaths.add(list, queues.indexOf("wait"), EXPIRED);
      expect(deaths.isCycle(list, queues.indexOf("work"))).toBe(false);
    }
    const seen = deaths.entries(list).map((one) => [queues[one.queue], one.reason, one.count]);
    expect(seen).toEqual(wanted["x-death"]);
  },
};

/** Shapes of vectors about queues. */
export const queueShapes: readonly Shape[] = [
  nackOne,
  requeueOrder,
  channelCloses,
  failsAlways,
  closesAlways,
  expirations,
  lowerOfBoth,
  noTimeToLive,
  story,
  fullQueue,
  fullBesideHeld,
  oneOfTwoFull,
  priorities,
  cycle,
  circleByRejection,
  retryLoop,
];
