// MQTT against what was observed on Mosquitto 2.0.21 (shared vectors) where they are at hand. Vectors are told apart by
// what is given and expected, never by their ids.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { mqttTopics, topicFault } from "../mechanisms/routing/topicPattern.ts";
import { simulatedMqtt as mqtt } from "./simulated.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Vector = Readonly<Record<"id" | "system", string> & Record<"given" | "expect", any>>;

interface Shape {
  readonly fits: (vector: Vector) => boolean;
  readonly check: (vector: Vector) => void;
}

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter((one) => one.system === "mqtt")
  : [];

const has = (object: object, ...names: readonly string[]) =>
  names.every((name) => Object.hasOwn(object, name));

const quick: Parameters = { qos: "1", latency: 0.01 };
const lasting: Parameters = { ...quick, clean_session: false, session_expiry_interval: null };
const byHand: Parameters = { ...lasting, acknowledge: "after the work" };

/** A topic "t" with one publisher and a subscription per entry of `consumers`. */
function oneTopic(consumers: readonly Parameters[], publish: Parameters = quick): Sketch {
  return {
    channels: [{ id: "t", kind: "topic" }],
    publishers: [{ to: "t", parameters: publish }],
    subscriptions: consumers.map((parameters) => ({ from: "t", parameters })),
  };
}

const topics: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "filters", "topic") && has(wanted, "matched"),
  check: ({ given, expect: wanted }) => {
    const filters: string[] = given.filters;
    const consumers = filters.map((filter) => ({ ...quick, filter }));
    const run = new FakeRun(mqtt, oneTopic(consumers, { ...quick, topic: given.topic }));
    run.publish(0, 0, "m");
    run.runUntil(5);
    const got = run.find("deliver").map(({ subscription }) => filters[subscription]!);
    expect(got.toSorted()).toEqual(wanted.matched.toSorted());
  },
};

const validity: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "filters") && has(wanted, "valid"),
  check: ({ given, expect: wanted }) => {
    const isValid = (filter: string) => topicFault(mqttTopics, filter, "allowed") === undefined;
    expect(given.filters.map(isValid)).toEqual(wanted.valid);
  },
};

const qosPerHop: Shape = {
  fits: ({ given }) => has(given, "publish_qos", "subscription_qos"),
  check: ({ given, expect: wanted }) => {
    const publish = { latency: 0.01, qos: String(given.publish_qos) };
    const consume = { latency: 1, qos: String(given.subscription_qos) };
    const run = new FakeRun(
      mqtt,
      oneTopic([{ ...lasting, ...consume, acknowledge: "after the work" }], publish),
    );
    run.publish(10, 0, "m");
    run.runUntil(20);
    // QoS 2 takes three ways to the client; QoS 0 is forgotten when it is there, QoS 1 comes again after a reconnection.
    const takes = run.find("deliver")[0]!.ms - 10;
    run.leave(0, 0, "crash");
    run.join(0, 0);
    run.runUntil(40);
    const isForgotten = run.labels("deliver").length === 1;
    expect(takes > 2.5 ? 2 : isForgotten ? 0 : 1).toBe(wanted.delivered_qos);
  },
};

const retainedFirst: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "retained", "then") && has(wanted, "received"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(mqtt, oneTopic([quick], { ...quick, retain: true }), { joins: "none" });
    given.retained.forEach((label: string, at: number) => run.publish(at, 0, label));
    run.at(100, () => run.join(0, 0));
    run.publish(200, 0, String(/live (\w+)/u.exec(given.then)![1]));
    run.runUntil(300);
    const isRetained = (ms: number) => ms < 200;
    const got = run
      .find("deliver")
      .map(({ label, ms }) => [label, isRetained(ms) ? "retain" : "live"]);
    expect(got).toEqual(wanted.received);
  },
};

const retainedAgain: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "retained") &&
    (has(given, "subscribe_again") || has(given, "new_subscriber")) &&
    has(wanted, "received"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(mqtt, oneTopic([quick], { ...quick, retain: true }), { joins: "none" });
    run.publish(0, 0, given.retained);
    if (given.publish_empty_retained === true) run.publish(5, 0, "empty", { sizeBytes: 0 });
    if (given.subscribe_again === true) {
      run.at(10, () => run.join(0, 0));
      run.at(20, () => run.leave(0, 0, "close"));
    }
    run.at(30, () => run.join(0, 0));
    run.runUntil(40);
    const got = run.find("deliver").filter(({ ms }) => ms > 30);
    expect(got.map(({ label }) => label)).toEqual(wanted.received);
  },
};

const offline: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "offline", "publish") && has(wanted, "after_reconnect"),
  check: ({ given, expect: wanted }) => {
    const qos = /\d/u.exec(given.publish)![0];
    const isClean = given.clean_session === true;
    const session = isClean ? {} : { clean_session: false, session_expiry_interval: null };
    const label = Array.isArray(wanted.after_reconnect) ? (wanted.after_reconnect[0] ?? "m") : "m";
    const run = new FakeRun(mqtt, oneTopic([{ ...quick, ...session }], { ...quick, qos }));
    run.at(1, () => run.leave(0, 0, "close"));
    run.publish(10, 0, label);
    run.at(20, () => run.join(0, 0));
    run.runUntil(30);
    expect(run.labels("deliver")).toEqual(wanted.after_reconnect);
  },
};

const noTimer: Shape = {
  fits: ({ given, expect: wanted }) =>
    /never sends PUBACK/u.test(String(given.subscriber)) && has(wanted, "copies"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(mqtt, oneTopic([byHand], { ...quick, qos: String(given.qos) }));
    run.publish(0, 0, "m");
    run.runUntil(given.wait_s * 1000);
    expect(run.labels("deliver")).toHaveLength(wanted.copies);
  },
};

const again: Shape = {
  fits: ({ given, expect: wanted }) =>
    /reconnect/u.test(JSON.stringify(given)) && (has(wanted, "dup") || has(wanted, "redelivered")),
  check: ({ expect: wanted }) => {
    const run = new FakeRun(mqtt, oneTopic([byHand]));
    run.publish(0, 0, "m");
    run.at(10, () => run.leave(0, 0, "crash"));
    run.at(20, () => run.join(0, 0));
    run.runUntil(30);
    const isAgain = run.find("deliver").some(({ attempt }) => attempt > 1);
    expect(isAgain).toBe(Boolean(wanted.dup ?? wanted.redelivered));
  },
};

const inFlight: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "publishes") && has(wanted, "in_flight"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(mqtt, oneTopic([byHand], { ...quick, qos: String(given.qos) }));
    for (let label = 0; label < given.publishes; label++) run.publish(0, 0, label);
    run.runUntil(10);
    expect(run.held(0)).toHaveLength(wanted.in_flight);
  },
};

const fullSession: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "offline_publishes") && has(wanted, "delivered"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(mqtt, oneTopic([lasting], { ...quick, qos: String(given.qos) }));
    run.at(1, () => run.leave(0, 0, "close"));
    for (let label = 0; label < given.offline_publishes; label++) run.publish(10, 0, label);
    run.at(20, () => run.join(0, 0));
    run.runUntil(1000);
    const got = run.labels("deliver");
    expect(got).toHaveLength(wanted.delivered);
    if (wanted.which === "oldest") expect(got.at(-1)).toBe(String(wanted.delivered - 1));
  },
};

const will: Shape = {
  fits: ({ given, expect: wanted }) => given.will === true && has(wanted, "will_published"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(mqtt, {
      channels: [
        { id: "t", kind: "topic" },
        { id: "gone", kind: "topic" },
      ],
      publishers: [{ to: "gone", node: "client", parameters: { ...quick, will: true } }],
      subscriptions: [
        { from: "t", node: "client", parameters: quick },
        { from: "gone", node: "watch", parameters: quick },
      ],
    });
    run.publish(0, 0, "will");
    run.at(10, () => run.leave(0, 0, given.end === "DISCONNECT" ? "close" : "crash"));
    run.runUntil(20);
    expect(run.labels("deliver").length > 0).toBe(wanted.will_published);
  },
};

const shared: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "shared_group_members") && has(wanted, "members_total"),
  check: ({ given, expect: wanted }) => {
    const members: number = given.shared_group_members;
    const consumers = Array.from({ length: members }, () => ({ ...quick, share: "g" }));
    const plain = Array.from({ length: given.plain_subscriber }, () => quick);
    const run = new FakeRun(mqtt, oneTopic([...consumers, ...plain]));
    for (let label = 0; label < given.messages; label++) run.publish(label, 0, label);
    run.runUntil(given.messages + 10);
    const got = [...consumers, ...plain].map(
      (_, at) => run.labels("deliver", { subscription: at }).length,
    );
    expect(got.slice(0, members).reduce((sum, one) => sum + one, 0)).toBe(wanted.members_total);
    expect(got[members]).toBe(wanted.plain);
    if (has(wanted, "each")) for (const one of got.slice(0, members)) expect(one).toBe(wanted.each);
  },
};

const expiry: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "message_expiry_s", "offline_s") && has(wanted, "delivered"),
  check: ({ given, expect: wanted }) => {
    const seconds: number[] = given.message_expiry_s;
    const run = new FakeRun(mqtt, {
      ...oneTopic([lasting]),
      publishers: seconds.map((one) => ({
        to: "t",
        parameters: { ...quick, message_expiry_interval: one * 1000 },
      })),
    });
    run.at(1, () => run.leave(0, 0, "close"));
    seconds.forEach((one, at) => run.publish(10, at, `${one} s one`));
    run.at(10 + given.offline_s * 1000, () => run.join(0, 0));
    run.runUntil(10_000);
    expect(run.labels("deliver")).toEqual(wanted.delivered);
    expect(run.labels("expired")).toHaveLength(seconds.length - wanted.delivered.length);
    const [got] = run.find("deliver");
    const left = seconds.at(-1)! - (got!.ms - 10) / 1000;
    expect(Math.abs(left - wanted.remaining_s_about)).toBeLessThan(1);
  },
};

const overlapping: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "overlapping_filters", "protocol") && has(wanted, "copies"),
  check: ({ given, expect: wanted }) => {
    const filters = ["#", "t/+", "t/a", "+/a", "t/#"].slice(0, given.overlapping_filters);
    const protocol = String(given.protocol).startsWith("3") ? "3.1.1" : "5.0";
    const run = new FakeRun(mqtt, {
      channels: [{ id: "t", kind: "topic" }],
      publishers: [{ to: "t", parameters: { ...quick, topic: "t/a" } }],
      subscriptions: filters.map((filter) => ({
        from: "t",
        node: "client",
        parameters: { ...quick, protocol, filter },
      })),
    });
    run.publish(0, 0, "m");
    run.runUntil(10);
    expect(run.labels("deliver")).toHaveLength(wanted.copies);
  },
};

const keepAlive: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "keep_alive_s") && has(wanted, "broker_closes_at_s"),
  check: ({ given, expect: wanted }) => {
    const consumer = { ...byHand, keep_alive: given.keep_alive_s * 1000, crash: "host" };
    const run = new FakeRun(mqtt, oneTopic([consumer]));
    run.publish(-0, 0, "m");
    run.at(1, () => run.leave(0, 0, "crash"));
    run.runUntil(wanted.broker_closes_at_s * 2000);
    // What it held is back with the broker when the connection is closed.
    expect(run.find("returned").map(({ ms }) => Math.round(ms / 1000))).toEqual([
      wanted.broker_closes_at_s,
    ]);
  },
};

const twice: Shape = {
  fits: ({ given, expect: wanted }) =>
    /same client|twice/u.test(JSON.stringify(given)) && has(wanted, "first_connection"),
  check: () => {
    const run = new FakeRun(mqtt, oneTopic([{ ...byHand, crash: "host" }]));
    run.publish(0, 0, "m");
    run.at(10, () => run.leave(0, 0, "crash"));
    run.at(20, () => run.join(0, 0));
    run.runUntil(30);
    expect(run.find("returned").map(({ reason }) => reason)).toEqual(["connection-lost"]);
  },
};

const shapes = [
  topics,
  validity,
  qosPerHop,
  retainedFirst,
  retainedAgain,
  offline,
  noTimer,
  again,
  inFlight,
  fullSession,
  will,
  shared,
  expiry,
  overlapping,
  keepAlive,
  twice,
];

describe.skipIf(vectors.length === 0)("what was observed on Mosquitto (shared vectors)", () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
    const shape = shapes.find(({ fits }) => fits(vector));
    if (shape === undefined) expect.fail(`${id} has a shape that no check knows.`);
    shape.check(vector);
  });
});

it.skipIf(vectors.length > 0)(
  "has no shared vectors at hand: they are not part of this project",
  () => {
    expect(vectors).toEqual([]);
  },
);
