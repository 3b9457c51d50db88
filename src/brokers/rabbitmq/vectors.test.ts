// RabbitMQ against what was observed on a real 4.0.5 cluster (shared vectors) where they are at hand. Statements
// that no vector makes are in rabbitmqRules.test.ts.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { DeathLists, EXPIRED, NO_DEATHS, REJECTED } from "../mechanisms/deaths.ts";
import { simulated } from "../simulated.ts";

const { rabbitmq } = simulated;

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Vector = Readonly<Record<"id" | "system", string> & Record<"given" | "expect", any>>;

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter((one) => one.system === "rabbitmq")
  : [];

const id = (number: number) => `rabbitmq-${String(number).padStart(3, "0")}`;

/** Vectors that this version does not model, with the reason. */
const notYet: Readonly<Record<string, string>> = {
  ...because("headers exchanges are not modelled", 22, 23, 26, 27, 28, 29),
  ...because("CC and BCC headers are not modelled", 37),
  ...because("a document cannot name an exchange that does not exist", 40),
  ...because("message priorities are not modelled", 76, 77),
  ...because("streams are not modelled", 89, 90, 93),
  ...because("global prefetch is not offered", 95),
  ...because("frozen nodes are not modelled: a node is up or dead", 101, 103),
  ...because("version 4.3 is not modelled", 52, 53, 108),
};

function because(reason: string, ...numbers: number[]): Record<string, string> {
  return Object.fromEntries(numbers.map((number) => [id(number), reason]));
}

/** One run per vector; the keys are the ids. */
const checks: Record<string, (vector: Vector) => void> = {};
const modelled = (numbers: readonly number[], check: (vector: Vector) => void) => {
  for (const number of numbers) checks[id(number)] = check;
};

const manual = (prefetch: number, more: Parameters = {}): Parameters => ({
  prefetch_count: prefetch,
  latency: 0.01,
  ...more,
});

/** A queue "q" with a publisher straight to it and a dead-letter queue "dlq". */
function oneQueue(queue: Parameters, consumers: readonly Parameters[] = [], more: Parameters = {}) {
  const sketch: Sketch = {
    channels: [
      { id: "q", kind: "queue", parameters: { "x-dead-letter-exchange": "dlq", ...queue } },
      { id: "dlq", kind: "queue" },
    ],
    publishers: [{ to: "q", parameters: { latency: 0.01, delivery_mode: "2", ...more } }],
    subscriptions: consumers.map((parameters) => ({ from: "q", parameters })),
  };
  return sketch;
}

/** The order in which a queue's messages come out now, read by a new consumer without limit. */
function drainOrder(sketch: Sketch, from: string): Sketch {
  const reader = { from, parameters: { latency: 0.01, ack: "automatic" } as Parameters };
  return { ...sketch, subscriptions: [...(sketch.subscriptions ?? []), reader] };
}

/** Lets the last subscription read what is ready and returns the labels. */
function readAll(run: FakeRun, subscription: number): string[] {
  run.join(subscription, 0);
  run.runUntil(run.nowMs() + 100);
  return run.labels("deliver", { subscription });
}

const texts = (list: readonly unknown[]) => list.map(String);

// ---- Routing ---------------------------------------------------------------------------------

/** Publishes one message with a key and returns which of the bound queues got it. */
function receivers(type: string, bindings: readonly string[], key: string): string[] {
  const run = new FakeRun(rabbitmq, {
    channels: [
      { id: "x", kind: "exchange", parameters: { type } },
      ...bindings.map((_, at) => ({ id: `q${at}`, kind: "queue" })),
    ],
    bindings: bindings.map((pattern, at) => ({
      from: "x",
      to: `q${at}`,
      parameters: { routing_key: pattern },
    })),
    // An empty template stands for the event's name, so the key travels as the message's key.
    publishers: [{ to: "x", parameters: { routing_key: "{key}" } }],
  });
  run.publish(0, 0, "m", { key });
  run.drain();
  return bindings.filter((_, at) => run.books(`q${at}`).routed === 1);
}

modelled([1, 2, 3, 5, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19, 20], ({ given, expect: wanted }) => {
  const found = receivers(given.exchange, given.bindings, given.key);
  expect(found.toSorted()).toEqual(wanted.matched_bindings.toSorted());
});

modelled([31], ({ given, expect: wanted }) => {
  const keys: string[] = given.keys;
  const of = (queue: string) =>
    keys.filter((key) =>
      given.bindings.some(
        ([to, pattern]: [string, string]) =>
          to === queue && receivers("direct", [pattern], key).length === 1,
      ),
    );
  expect(of("q1")).toEqual(wanted.q1);
  expect(of("q2")).toEqual(wanted.q2);
});

modelled([32], ({ expect: wanted }) => {
  const run = new FakeRun(rabbitmq, {
    channels: [
      { id: "x", kind: "exchange" },
      { id: "q", kind: "queue" },
    ],
    bindings: ["z.*", "z.#"].map((routing_key) => ({
      from: "x",
      to: "q",
      parameters: { routing_key },
    })),
    publishers: [{ to: "x", parameters: { routing_key: "z.1" } }],
  });
  run.publish(0, 0, "m");
  run.drain();
  expect(run.books("q").routed).toBe(wanted.copies_in_q);
});

modelled([33], ({ expect: wanted }) => {
  const fanout = { kind: "exchange", parameters: { type: "fanout" } };
  const run = new FakeRun(rabbitmq, {
    channels: [...["f", "f1", "f2"].map((x) => ({ id: x, ...fanout })), { id: "q", kind: "queue" }],
    bindings: [
      { from: "f", to: "f1" },
      { from: "f", to: "f2" },
      { from: "f1", to: "q" },
      { from: "f2", to: "q" },
    ],
    publishers: [{ to: "f" }],
  });
  run.publish(0, 0, "m");
  run.drain();
  expect(run.books("q").routed).toBe(wanted.copies_in_q);
});

modelled([34], ({ given, expect: wanted }) => {
  const run = new FakeRun(rabbitmq, {
    channels: [{ id: given.queue, kind: "queue" }],
    publishers: [{ to: given.queue }],
  });
  run.publish(0, 0, "m");
  run.drain();
  expect(wanted.delivered_to.map((queue: string) => run.books(queue).waiting)).toEqual([1]);
});

modelled([36], ({ given, expect: wanted }) => {
  const run = new FakeRun(rabbitmq, {
    channels: [
      { id: "d", kind: "exchange", parameters: { type: "direct", "alternate-exchange": "ae" } },
      { id: "ae", kind: "exchange", parameters: { type: "fanout" } },
      { id: "aeq", kind: "queue" },
    ],
    bindings: [{ from: "ae", to: "aeq" }],
    publishers: [{ to: "d", parameters: { mandatory: true, routing_key: given.key } }],
  });
  run.publish(0, 0, "m");
  run.drain();
  expect(wanted.delivered_to.map((queue: string) => run.books(queue).waiting)).toEqual([1]);
  expect(run.outcomes.get("m") === "refused: unroutable").toBe(wanted.returned);
});

modelled([38], () => {
  // Return and ack are one answer here: the application learns that the message was unroutable.
  const run = new FakeRun(rabbitmq, {
    channels: [{ id: "x", kind: "exchange" }],
    publishers: [{ to: "x", parameters: { mandatory: true } }],
  });
  run.publish(0, 0, "m");
  run.drain();
  expect(run.outcomes.get("m")).toBe("refused: unroutable");
});

// ---- Redelivery position ---------------------------------------------------------------------

modelled([41, 42], ({ given, expect: wanted }) => {
  const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": given.queue }, [manual(3)]));
  run.publishAll(0, 0, given.messages);
  run.runUntil(10);
  expect(run.heldLabels(0)).toEqual(texts(given.held));
  run.settle(2, "failed");
  run.runUntil(11);
  const again = run.find("deliver").at(-1)!;
  expect([again.label, again.attempt > 1]).toEqual([
    String(wanted.next_delivery),
    wanted.redelivered,
  ]);
  run.settle(1);
  run.runUntil(12);
  expect(run.labels("deliver").at(-1)).toBe(String(wanted.then_after_ack_1));
});

modelled([44, 45], ({ given, expect: wanted }) => {
  // Without a consumer in between: three consumers take one each, requeue in turn, and are gone before it comes back.
  const base = oneQueue({ "x-queue-type": given.queue }, [manual(1)]);
  const run = new FakeRun(rabbitmq, drainOrder(base, "q"), { joins: "none" });
  run.publishAll(0, 0, given.messages);
  run.runUntil(1);
  given.get.forEach((_: number, worker: number) => run.join(0, worker));
  run.runUntil(2);
  expect(run.heldLabels(0)).toEqual(texts(given.get));
  given.requeue_order.forEach((label: number, at: number) => {
    const { worker } = run.held(0).find((one) => one.label === String(label))!;
    run.at(3 + at, () => run.leave(0, worker, "close"));
  });
  // Nobody has room: the others hold theirs.
  run.runUntil(10);
  expect(readAll(run, 1)).toEqual(texts(wanted.queue_order));
});

modelled([46], ({ given, expect: wanted }) => {
  for (const type of given.queue) {
    const base = oneQueue({ "x-queue-type": type }, [manual(3)]);
    const run = new FakeRun(rabbitmq, drainOrder(base, "q"), { joins: "none" });
    run.join(0, 0);
    run.publishAll(0, 0, given.messages);
    run.runUntil(5);
    expect(run.heldLabels(0)).toEqual(texts(given.get));
    run.leave(0, 0, "close");
    run.runUntil(6);
    expect(readAll(run, 1)).toEqual(texts(wanted.queue_order));
  }
});

// ---- Delivery limit --------------------------------------------------------------------------

modelled([47, 48, 49], ({ given, expect: wanted }) => {
  const limit = given["x-delivery-limit"];
  const queue = { "x-queue-type": given.queue };
  const stated = limit === "default" ? queue : { ...queue, "x-delivery-limit": limit };
  const plans = [{ serviceMs: 1, verdict: () => "failed" as const }];
  const run = new FakeRun(rabbitmq, oneQueue(stated, [manual(1)]), { plans });
  run.publish(0, 0, "m");
  run.runUntil(1000);
  expect(run.labels("deliver")).toHaveLength(wanted.deliveries);
  // x-delivery-count: absent at first, then the number of attempts before.
  const counts = run.find("deliver").map((one) => (one.attempt === 1 ? null : one.attempt - 1));
  expect(counts).toEqual(wanted["x-delivery-count_seen"]);
  expect(run.find("rejected").map((one) => one.reason)).toEqual([wanted.dead_letter_reason]);
  expect(run.books("dlq").waiting).toBe(1);
});

modelled([50], ({ given, expect: wanted }) => {
  const queue = {
    "x-queue-type": given.queue,
    "x-delivery-limit": given["x-delivery-limit"],
  };
  const run = new FakeRun(rabbitmq, oneQueue(queue, [manual(1)]));
  run.publish(0, 0, "m");
  for (let time = 5; time < 100; time += 10) {
    run.at(time, () => run.leave(0, 0, "close"));
    run.at(time + 5, () => run.join(0, 0));
  }
  run.runUntil(200);
  expect(run.labels("deliver")).toHaveLength(wanted.deliveries);
  expect(run.find("rejected").map((one) => one.reason)).toEqual([wanted.dead_letter_reason]);
});

// ---- Time to live ----------------------------------------------------------------------------

modelled([56, 65], ({ given, expect: wanted }) => {
  const base = oneQueue({ "x-queue-type": given.queue });
  const run = new FakeRun(rabbitmq, {
    ...base,
    publishers: given.messages.map((message: { expiration: number }) => ({
      to: "q",
      parameters: { expiration: message.expiration, latency: 0.01 },
    })),
  });
  given.messages.forEach((message: { body: string }, at: number) =>
    run.publish(0, at, message.body),
  );
  run.runUntil(700);
  expect(run.labels("deadLettered")).toEqual(wanted.dlq_at_700ms);
  run.runUntil(3100);
  expect(run.labels("deadLettered")).toEqual(wanted.dlq_at_3100ms);
  expect(run.labels("routed", { account: 1 })).toEqual(wanted.dlq_at_3100ms);
});

modelled([57], ({ given, expect: wanted }) => {
  const queue = { "x-queue-type": given.queue, "x-message-ttl": given["x-message-ttl"] };
  const more = { expiration: given.message_expiration };
  const run = new FakeRun(rabbitmq, oneQueue(queue, [], more));
  run.publish(0, 0, "m");
  run.runUntil(6000);
  const [death] = run.find("deadLettered");
  expect(Math.abs(death!.ms - wanted.dead_lettered_at_ms)).toBeLessThan(wanted.tolerance_ms);
});

modelled([58, 67], ({ given, expect: wanted }) => {
  const queue = { "x-queue-type": given.queue, "x-message-ttl": given["x-message-ttl"] };
  const run = new FakeRun(rabbitmq, oneQueue(queue));
  run.publish(0, 0, "m");
  run.runUntil(1);
  expect(run.books("dlq").waiting).toBe(wanted.dlq);
});

modelled([64], ({ given, expect: wanted }) => {
  const queue = { "x-queue-type": given.queue, "x-message-ttl": given["x-message-ttl"] };
  const run = new FakeRun(rabbitmq, oneQueue(queue, [manual(1)]));
  run.publish(0, 0, "m");
  run.runUntil(900);
  expect(run.books("dlq").routed === 1).toBe(wanted.dead_lettered_by_900ms);
  run.settle("m", "failed");
  run.runUntil(901);
  expect(run.find("deadLettered").map((one) => one.reason)).toEqual(["expired"]);
  expect(run.labels("deliver")).toHaveLength(1);
});

// ---- Maximum length --------------------------------------------------------------------------

const answers = (run: FakeRun, labels: readonly unknown[]) =>
  labels.map((label) => (run.outcomes.get(String(label)) === "confirmed" ? "ack" : "nack"));

modelled([60, 69, 72, 74], ({ given, expect: wanted }) => {
  const queue = {
    "x-queue-type": given.queue,
    "x-max-length": given["x-max-length"],
    "x-overflow": given["x-overflow"],
  };
  const run = new FakeRun(rabbitmq, drainOrder(oneQueue(queue), "q"), { joins: "none" });
  run.publishAll(0, 0, given.publish);
  run.runUntil(10);
  expect(answers(run, given.publish)).toEqual(wanted.confirms);
  expect(run.labels("routed", { account: 1 })).toEqual(texts(wanted.dlq));
  if (wanted.reason !== undefined)
    for (const death of run.find("deadLettered")) expect(death.reason).toBe(wanted.reason);
  expect(readAll(run, 0)).toEqual(texts(wanted.queue));
});

modelled([73], ({ given, expect: wanted }) => {
  const queue = {
    "x-queue-type": given.queue,
    "x-max-length": given["x-max-length"],
    "x-overflow": given["x-overflow"],
  };
  const run = new FakeRun(rabbitmq, oneQueue(queue));
  run.publishAll(0, 0, given.publish);
  run.runUntil(10);
  expect(run.books("q").waiting).toBeGreaterThanOrEqual(wanted.queue_length_at_least);
  expect(answers(run, given.publish).at(-1)).toBe(wanted.last_confirm);
});

modelled([61, 70], ({ given, expect: wanted }) => {
  const queue = { "x-queue-type": given.queue, "x-max-length": given["x-max-length"] };
  const base = oneQueue(queue, [manual(given.prefetch)]);
  const run = new FakeRun(rabbitmq, drainOrder(base, "q"), { joins: "none" });
  run.join(0, 0);
  run.publishAll(0, 0, given.publish);
  run.runUntil(10);
  expect(run.heldLabels(0)).toEqual(texts(wanted.held));
  expect(run.labels("routed", { account: 1 })).toEqual(texts(wanted.dlq));
  expect(readAll(run, 1)).toEqual(texts(wanted.ready));
});

modelled([75], ({ expect: wanted }) => {
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
});

// ---- Consumers -------------------------------------------------------------------------------

modelled([62], ({ given, expect: wanted }) => {
  const queue = { "x-queue-type": given.queue, "x-single-active-consumer": true };
  const run = new FakeRun(rabbitmq, oneQueue(queue, [manual(10), manual(10)]));
  run.publishAll(0, 0, given.publish);
  run.runUntil(10);
  expect(run.heldLabels(0)).toEqual(texts(wanted.A));
  expect(run.heldLabels(1)).toEqual(wanted.B_before);
  run.settle(1);
  run.runUntil(11);
  run.leave(0, 0, "crash");
  run.runUntil(20);
  const after = run
    .find("deliver", { subscription: 1 })
    .map((one) => `${one.label}${one.attempt > 1 ? " redelivered" : ""}`);
  expect(after).toEqual(wanted.B_after);
});

modelled([78], ({ given, expect: wanted }) => {
  const consumers = Array.from({ length: given.consumers }, () => manual(given.prefetch));
  const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": given.queue }, consumers));
  run.publishAll(0, 0, given.publish);
  run.runUntil(10);
  const held = [0, 1, 2].map((subscription) => run.heldLabels(subscription));
  expect(held).toEqual([texts(wanted.c1), texts(wanted.c2), texts(wanted.c3)]);
});

modelled([79], ({ given, expect: wanted }) => {
  const sketch = oneQueue({ "x-queue-type": given.queue }, [manual(0), manual(0)]);
  const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
  for (let label = 1; label <= given.backlog; label++) run.publish(0, 0, label);
  run.at(5, () => run.join(0, 0));
  run.at(6, () => run.join(1, 0));
  run.runUntil(10);
  expect([run.held(0).length, run.held(1).length]).toEqual([wanted.first, wanted.second]);
  run.leave(0, 0, "close");
  run.runUntil(20);
  expect(run.held(1)).toHaveLength(wanted.after_first_closes_second);
});

modelled([80], ({ given, expect: wanted }) => {
  const { low, high } = given.consumers;
  const consumers = [low, high].map((one) =>
    manual(one.prefetch, { "x-priority": one["x-priority"] }),
  );
  const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": given.queue }, consumers));
  run.publishAll(0, 0, given.publish);
  run.runUntil(10);
  expect(run.heldLabels(1)).toEqual(texts(wanted.high));
  expect(run.heldLabels(0)).toEqual(texts(wanted.low));
  expect(run.books("q").waiting).toBe(wanted.ready.length);
});

modelled([82], ({ given, expect: wanted }) => {
  const base = oneQueue({ "x-queue-type": given.queue }, [manual(given.prefetch)]);
  const run = new FakeRun(rabbitmq, drainOrder(base, "q"), { joins: "none" });
  for (let label = 1; label <= given.backlog; label++) run.publish(0, 0, label);
  run.at(5, () => run.join(0, 0));
  run.at(10, () => run.leave(0, 0, "crash"));
  run.runUntil(20);
  readAll(run, 1);
  const seen = run
    .find("deliver", { subscription: 1 })
    .map((one) => `${one.label}${one.attempt > 1 ? " redelivered" : ""}`);
  expect(seen).toEqual(wanted.queue);
  expect(run.books("q").dropped).toBe(wanted.lost);
});

modelled([97, 98], ({ given, expect: wanted }) => {
  const isDefault = given.consumer_timeout === "default";
  const cluster = isDefault
    ? {}
    : {
        consumer_timeout: given.consumer_timeout_ms,
        channel_tick_interval: given.check_interval_ms,
      };
  const [from, to] = isDefault
    ? wanted.fires_between_min.map((minutes: number) => minutes * 60_000)
    : wanted.between_ms;
  const queue = { "x-queue-type": given.queue ?? "classic" };
  const run = new FakeRun(rabbitmq, { ...oneQueue(queue, [manual(1)]), parameters: cluster });
  run.publish(0, 0, "m");
  run.runUntil(to + 1);
  const [back] = run.find("returned");
  expect(back!.reason).toBe("consumer-timeout");
  expect(back!.ms).toBeGreaterThanOrEqual(from);
  expect(back!.ms).toBeLessThanOrEqual(to);
  expect(run.find("deliver").map((one) => one.attempt)).toEqual([1, 2]);
});

// ---- Dead letters ----------------------------------------------------------------------------

modelled([83], ({ expect: wanted }) => {
  const queue = { "x-message-ttl": 200, "x-dead-letter-exchange": "q" };
  const run = new FakeRun(rabbitmq, oneQueue(queue));
  run.publish(0, 0, "m");
  run.runUntil(700);
  expect(run.books("q").waiting).toBe(wanted.after_700ms_in_queue);
  expect(run.find("dropped").map((one) => one.reason)).toEqual(["dead-letter-cycle"]);
});

modelled([84], ({ expect: wanted }) => {
  const queue = { "x-dead-letter-exchange": "q" };
  const consumer = manual(1, { on_failure: "reject" });
  const run = new FakeRun(rabbitmq, oneQueue(queue, [consumer]));
  run.publish(0, 0, "m");
  for (const time of [10, 20]) run.at(time, () => run.settle("m", "failed"));
  run.runUntil(30);
  expect(run.held(0)).toHaveLength(wanted.message_still_in_queue ? 1 : 0);
  expect(run.find("rejected")).toHaveLength(wanted["x-death_count"]);
});

modelled([85], ({ expect: wanted }) => {
  const queues = ["wait", "work"];
  const deaths = new DeathLists(new Arena(), "deaths");
  let list = NO_DEATHS;
  for (let loop = 0; loop < 2; loop++) {
    list = deaths.add(list, queues.indexOf("work"), REJECTED);
    list = deaths.add(list, queues.indexOf("wait"), EXPIRED);
    expect(deaths.isCycle(list, queues.indexOf("work"))).toBe(false);
  }
  const seen = deaths.entries(list).map((one) => [queues[one.queue], one.reason, one.count]);
  expect(seen).toEqual(wanted["x-death"]);
});

// ---- Nodes -----------------------------------------------------------------------------------

modelled([100], ({ expect: wanted }) => {
  const sketch = oneQueue({}, [], { mandatory: true });
  const run = new FakeRun(rabbitmq, sketch);
  run.at(0, () => run.broker.crashNode(0));
  run.publish(1, 0, "m");
  run.runUntil(10);
  expect(answers(run, ["m"])).toEqual([wanted.confirm]);
  expect(run.outcomes.get("m")).toBe("refused: queue-node-down");
  expect(run.labels("unroutable")).toHaveLength(wanted.returned ? 1 : 0);
});

modelled([102], ({ expect: wanted }) => {
  const plans = [{ serviceMs: 0.1 }];
  const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "quorum" }, [manual(50)]), {
    plans,
  });
  for (let label = 0; label < 1000; label++) run.publish(label, 0, label);
  run.at(300.5, () => run.broker.crashNode(0));
  run.runUntil(3000);
  const confirms = run.find("confirmed").map((one) => one.ms);
  const gaps = confirms.slice(1).map((ms, at) => ms - confirms[at]!);
  expect(confirms).toHaveLength(1000);
  expect(Math.max(...gaps)).toBeLessThan(wanted.gap_ms_less_than);
  expect(Math.max(...gaps)).toBeGreaterThan(400);
  expect(1000 - run.books("q").acknowledged).toBe(wanted.confirmed_lost);
  expect(run.labels("deliver").length - 1000).toBe(wanted.duplicates);
});

modelled([104], ({ expect: wanted }) => {
  const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "quorum" }, [manual(10)]));
  run.at(0, () => run.broker.crashNode(1));
  run.at(0, () => run.broker.crashNode(2));
  run.publish(1, 0, "m");
  run.at(15_000, () => run.broker.restartNode(1));
  run.runUntil(14_999);
  expect(run.outcomes.get("m") ?? null).toBe(wanted.confirm_during);
  expect(run.labels("deliver")).toEqual(wanted.consumer_during);
  expect(run.broker.blocked(0)).toBe("quorum lost: 1 of 3 nodes up");
  run.runUntil(16_000);
  expect(answers(run, ["m"])).toEqual([wanted.confirm_after_resume]);
  expect(run.labels("deliver")).toEqual(["m"]);
});

modelled([105], ({ expect: wanted }) => {
  const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "quorum" }, [manual(2)]));
  run.publishAll(0, 0, [1, 2]);
  run.at(5, () => run.broker.crashNode(0));
  run.runUntil(5000);
  expect(run.labels("returned")).toHaveLength(wanted.redelivered);
  run.settle(1);
  run.settle(2);
  run.runUntil(5001);
  expect(run.books("q").acknowledged).toBe(2);
});

describe.skipIf(vectors.length === 0)("what was observed on RabbitMQ (shared vectors)", () => {
  for (const vector of vectors) {
    const reason = notYet[vector.id];
    if (reason !== undefined) it.skip(`${vector.id}: ${reason}`, () => undefined);
    else it(vector.id, () => checks[vector.id]!(vector));
  }

  it("has a check or a reason for every vector, and nothing else", () => {
    const known = [...Object.keys(checks), ...Object.keys(notYet)].toSorted();
    expect(known).toEqual(vectors.map((vector) => vector.id).toSorted());
  });
});

it.skipIf(vectors.length > 0)(
  "has no shared vectors at hand: they are not part of this project",
  () => {
    expect(vectors).toEqual([]);
  },
);
