// MQTT: the contract of all technologies, and statements that simulators like to get wrong.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { describeTechnology } from "../technology.suite.ts";
import { simulatedMqtt as mqtt } from "./simulated.ts";
import { mqttDeployment } from "./deploy.ts";

const lasting: Parameters = {
  qos: "1",
  clean_session: false,
  session_expiry_interval: null,
  latency: 0.01,
};
const byHand: Parameters = { ...lasting, acknowledge: "after the work" };
const quick: Parameters = { qos: "1", latency: 0.01 };

describeTechnology(mqtt, {
  sketch: {
    channels: [
      { id: "orders", kind: "topic" },
      { id: "alarms", kind: "topic" },
    ],
    publishers: [
      { to: "orders", parameters: { qos: "1" } },
      { to: "alarms", parameters: { qos: "2" } },
    ],
    subscriptions: [
      { from: "orders", workers: 2, parameters: { ...byHand, latency: 2 } },
      { from: "alarms", parameters: { ...byHand, qos: "2", latency: 1 } },
    ],
  },
  order: "account",
  losesConfirmed: "possible",
  nodes: 1,
  drainsWithinMs: 60_000,
  idleWakesPerHour: 0,
});

/** A topic "t" with one publisher and a subscription per entry of `consumers`. */
function oneTopic(consumers: readonly Parameters[], publish: Parameters = quick): Sketch {
  return {
    channels: [{ id: "t", kind: "topic" }],
    publishers: [{ to: "t", parameters: publish }],
    subscriptions: consumers.map((parameters) => ({ from: "t", parameters })),
  };
}

const count = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe("what a naive simulator gets wrong about MQTT", () => {
  it("QoS is per hop: what was published with 2 may be lost at a subscriber with 0", () => {
    const run = new FakeRun(mqtt, oneTopic([{ qos: "0", latency: 5 }], { qos: "2", latency: 1 }));
    run.publish(0, 0, "m");
    run.at(4, () => run.leave(0, 0, "crash"));
    run.runUntil(100);
    expect(run.outcomes.get("m")).toBe("confirmed");
    expect(run.find("dropped").map(({ reason }) => reason)).toEqual(["client-gone"]);
  });

  it("there is no timer: what is not acknowledged comes again after a reconnection only", () => {
    const run = new FakeRun(mqtt, oneTopic([byHand]));
    run.publish(0, 0, "m");
    run.runUntil(3_600_000);
    expect(run.labels("deliver")).toEqual(["m"]);
    run.leave(0, 0, "crash");
    run.join(0, 0);
    run.runUntil(3_600_100);
    expect(run.find("deliver").map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("a retained message is no queue: one per topic, and for those who subscribe later", () => {
    const sketch = oneTopic([quick, quick], { ...quick, retain: true, topic: "t/{key}" });
    const run = new FakeRun(
      mqtt,
      { ...sketch, subscriptions: [{ from: "t", parameters: { ...quick, filter: "t/#" } }] },
      { joins: "none" },
    );
    run.publish(0, 0, "a1", { key: "a" });
    run.publish(1, 0, "b1", { key: "b" });
    run.publish(2, 0, "a2", { key: "a" });
    run.runUntil(10);
    expect(run.liveMessages()).toBe(2);
    run.join(0, 0);
    run.runUntil(20);
    expect(run.labels("deliver").toSorted()).toEqual(["a2", "b1"]);
  });

  it("a session that lasts queues QoS 1, never QoS 0", () => {
    const sketch = {
      ...oneTopic([lasting]),
      publishers: [
        { to: "t", parameters: { ...quick, qos: "0" } },
        { to: "t", parameters: quick },
      ],
    };
    const run = new FakeRun(mqtt, sketch);
    run.at(1, () => run.leave(0, 0, "close"));
    run.publish(5, 0, "nought");
    run.publish(5, 1, "one");
    run.at(10, () => run.join(0, 0));
    run.runUntil(20);
    expect(run.labels("deliver")).toEqual(["one"]);
    expect(run.find("dropped").map(({ reason }) => reason)).toEqual(["offline-qos-0"]);
  });

  it("the library acknowledges before the work: a crash loses what it holds", () => {
    const run = new FakeRun(mqtt, oneTopic([lasting]));
    run.publishAll(0, 0, [1, 2, 3]);
    run.runUntil(10);
    run.leave(0, 0, "crash");
    run.join(0, 0);
    run.runUntil(20);
    expect(run.labels("deliver")).toEqual(["1", "2", "3"]);
    expect(run.find("discarded").map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => "acknowledged-on-receipt"),
    );
    expect(run.liveMessages()).toBe(0);
  });

  it("QoS 2 is exactly once to the client, not through the application", () => {
    const run = new FakeRun(mqtt, oneTopic([{ ...byHand, qos: "2" }], { qos: "2", latency: 0.01 }));
    run.publish(0, 0, "m");
    run.runUntil(10);
    run.leave(0, 0, "crash");
    run.join(0, 0);
    run.runUntil(20);
    expect(run.labels("deliver")).toEqual(["m", "m"]);
  });

  it("no queue is without limit: the newest is dropped, beyond those in flight", () => {
    const sketch = { ...oneTopic([byHand]), parameters: { max_queued_messages: 30 } };
    const run = new FakeRun(mqtt, sketch);
    run.publishAll(0, 0, count(0, 100));
    run.runUntil(10);
    expect(run.held(0)).toHaveLength(20);
    expect(run.broker.blocked(0)).toBe("20 of 20 in flight, not acknowledged");
    expect(run.labels("dropped")).toEqual(count(50, 100).map(String));
  });
});

describe("clients of an MQTT broker", () => {
  it("send again in order what was not acknowledged, before what waits", () => {
    const run = new FakeRun(mqtt, {
      ...oneTopic([byHand]),
      parameters: { max_inflight_messages: 3 },
    });
    run.publishAll(0, 0, [1, 2, 3, 4, 5]);
    run.runUntil(5);
    run.settle(2);
    run.runUntil(6);
    expect(run.heldLabels(0)).toEqual(["1", "3", "4"]);
    run.leave(0, 0, "crash");
    run.join(0, 0);
    run.runUntil(10);
    expect(run.heldLabels(0)).toEqual(["1", "3", "4"]);
  });

  it("have their window from the lower of max_inflight_messages and Receive Maximum", () => {
    for (const [maximum, protocol, most] of [
      [5, "5.0", 5],
      [100, "5.0", 20],
      [5, "3.1.1", 20],
    ] as const) {
      const run = new FakeRun(mqtt, oneTopic([{ ...byHand, protocol, receive_maximum: maximum }]));
      run.publishAll(0, 0, count(0, 40));
      run.runUntil(10);
      expect(run.held(0)).toHaveLength(most);
    }
  });

  it("are limited to the window over the round trip, not by the link alone", () => {
    const run = new FakeRun(mqtt, oneTopic([{ ...lasting, latency: 25 }]), {
      plans: [{ serviceMs: 0 }],
    });
    for (const label of count(0, 1000)) run.publish(0, 0, label);
    run.runUntil(1000);
    expect(Math.abs(run.books("t").acknowledged - 400)).toBeLessThanOrEqual(20);
  });

  it("lose their session when it expires, and all of it with a clean start", () => {
    for (const [more, reason] of [
      [{ session_expiry_interval: 1000 }, "session-expired"],
      [{ clean_session: true }, "clean-start"],
      [{ session_expiry_interval: 0 }, undefined],
    ] as const) {
      const run = new FakeRun(mqtt, oneTopic([{ ...lasting, ...more }]));
      run.at(1, () => run.leave(0, 0, "close"));
      run.publish(5, 0, "m");
      run.at(5000, () => run.join(0, 0));
      run.runUntil(6000);
      expect(run.labels("deliver")).toEqual([]);
      expect(run.find("dropped").map((one) => one.reason)).toEqual(
        [reason].filter((one) => one !== undefined),
      );
      expect(run.labels("unroutable")).toEqual(reason === undefined ? ["m"] : []);
    }
  });

  it("that withhold an answer keep a place in flight until they reconnect", () => {
    const consumer = { ...byHand, on_failure: "withhold" };
    const run = new FakeRun(mqtt, {
      ...oneTopic([consumer]),
      parameters: { max_inflight_messages: 1 },
    });
    run.publishAll(0, 0, ["bad", "good"]);
    run.runUntil(5);
    run.settle("bad", "failed");
    run.runUntil(1000);
    expect(run.labels("deliver")).toEqual(["bad"]);
    run.leave(0, 0, "close");
    run.join(0, 0);
    run.runUntil(1010);
    run.settle("bad");
    run.runUntil(1020);
    expect(run.labels("deliver")).toEqual(["bad", "bad", "good"]);
  });

  it("of a host that vanished take the connection over when they come back before Keep Alive has noticed", () => {
    const run = new FakeRun(mqtt, oneTopic([{ ...byHand, crash: "host" }]));
    run.publish(0, 0, "m");
    run.at(10, () => run.leave(0, 0, "crash"));
    run.runUntil(80_000);
    expect(run.labels("returned")).toEqual([]);
    run.join(0, 0);
    run.runUntil(80_001);
    expect(run.heldLabels(0)).toEqual(["m"]);
    run.settle("m");
    run.runUntil(100_000);
    expect(run.books("t").acknowledged).toBe(1);
  });

  it("do not hear themselves with No Local", () => {
    for (const no_local of [true, false]) {
      const run = new FakeRun(mqtt, {
        channels: [{ id: "t", kind: "topic" }],
        publishers: [{ to: "t", node: "me", parameters: quick }],
        subscriptions: [{ from: "t", node: "me", parameters: { ...quick, no_local } }],
      });
      run.publish(0, 0, "m");
      run.runUntil(5);
      expect(run.labels("deliver")).toEqual(no_local ? [] : ["m"]);
    }
  });
});

describe("an MQTT broker", () => {
  it("matches filters over all topics, whatever channel they hang on", () => {
    const run = new FakeRun(mqtt, {
      channels: [
        { id: "all", kind: "topic" },
        { id: "kitchen", kind: "topic", parameters: { topic: "home/kitchen" } },
      ],
      publishers: [
        { to: "kitchen", parameters: { ...quick, topic: "home/{key}/{event}" }, contract: "Warm" },
      ],
      subscriptions: ["home/+/Warm", "home/kitchen/#", "home/+"].map((filter) => ({
        from: "all",
        parameters: { ...quick, filter },
      })),
    });
    run.publish(0, 0, "m", { key: "kitchen" });
    run.runUntil(5);
    expect(run.find("deliver").map(({ subscription }) => subscription)).toEqual([0, 1]);
    const config = describeBroker(mqtt, {
      channels: [
        { id: "all", kind: "topic" },
        { id: "kitchen", kind: "topic" },
      ],
      publishers: [{ to: "kitchen", parameters: { topic: "home/{key}" } }],
      subscriptions: [{ from: "all", parameters: { filter: "home/kitchen/warm" } }],
    });
    expect([...mqtt.reach!(config).get("all")!]).toEqual(["publisher-0"]);
  });

  it("forgets sessions and retained messages in a crash, or keeps what was saved", () => {
    for (const [persistence, kept] of [
      [false, []],
      [true, ["early"]],
    ] as const) {
      const run = new FakeRun(mqtt, {
        ...oneTopic([lasting]),
        parameters: { persistence, autosave_interval: 10_000 },
      });
      run.at(1, () => run.leave(0, 0, "close"));
      run.publish(5000, 0, "early");
      run.publish(15_000, 0, "late");
      run.at(16_000, () => run.broker.crashNode(0));
      run.publish(17_000, 0, "down");
      run.at(18_000, () => run.broker.restartNode(0));
      run.at(20_000, () => run.join(0, 0));
      run.runUntil(30_000);
      expect(run.labels("deliver")).toEqual(kept);
      expect(run.outcomes.get("down")).toBe("refused: not-connected");
    }
  });

  it("gives each message of a shared subscription to one member in turn, gone ones with a session too", () => {
    const member = { ...lasting, share: "g" };
    const run = new FakeRun(mqtt, oneTopic([member, member]));
    run.publishAll(0, 0, [1, 2]);
    run.at(10, () => run.leave(1, 0, "close"));
    for (const label of [3, 4, 5, 6]) run.publish(20, 0, label);
    run.runUntil(30);
    expect(run.labels("deliver", { subscription: 0 })).toEqual(["1", "3", "5"]);
    expect(run.broker.waiting(1)).toBe(2);
    expect(run.broker.blocked(1)).toContain("not connected");
  });

  it("publishes the will of a client whose connection is lost, each time anew", () => {
    const run = new FakeRun(mqtt, {
      channels: [
        { id: "t", kind: "topic" },
        { id: "gone", kind: "topic" },
      ],
      publishers: [{ to: "gone", node: "sensor", parameters: { ...quick, will: true } }],
      subscriptions: [
        { from: "t", node: "sensor", parameters: quick },
        { from: "gone", node: "watch", parameters: quick },
      ],
    });
    run.publish(0, 0, "sensor is gone");
    run.at(10, () => run.leave(0, 0, "close"));
    run.at(20, () => run.join(0, 0));
    run.runUntil(25);
    expect(run.labels("deliver")).toEqual([]);
    for (const ms of [30, 50]) {
      run.at(ms, () => run.leave(0, 0, "crash"));
      run.at(ms + 10, () => run.join(0, 0));
    }
    run.runUntil(100);
    expect(run.labels("deliver", { subscription: 1 })).toEqual([
      "sensor is gone",
      "sensor is gone",
    ]);
  });

  it("loses its clients when it is cut off, and keeps what lasts", () => {
    const run = new FakeRun(mqtt, oneTopic([byHand]));
    run.publish(0, 0, "m");
    run.at(10, () => run.broker.isolateNode(0, true));
    run.runUntil(100);
    expect(run.broker.blocked(0)).toBe("the broker is cut off");
    run.broker.isolateNode(0, false);
    run.runUntil(1200);
    expect(run.find("deliver").map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("takes longer for everything when it is slow", () => {
    const run = new FakeRun(mqtt, oneTopic([{ ...quick, latency: 2 }], { ...quick, latency: 1 }));
    run.broker.slowNode(0, 10);
    run.publish(0, 0, "m");
    run.runUntil(100);
    expect(run.find("deliver").map(({ ms }) => ms)).toEqual([30]);
    expect(run.find("confirmed").map(({ ms }) => ms)).toEqual([20]);
  });

  it("finds what is refused and what surprises", () => {
    const codes = (publish: Parameters, consume: Parameters) =>
      mqtt
        .check(describeBroker(mqtt, oneTopic([consume], publish)))
        .map(({ code }) => code.slice(5));
    expect(codes({}, {})).toEqual([]);
    expect(codes({ topic: "a/+" }, {})).toEqual(["topic"]);
    expect(codes({ topic: "other" }, {})).toEqual(["no-subscriber"]);
    expect(codes({ will: true }, {})).toEqual(["will-without-client"]);
    expect(codes({ retain: true, topic: "a" }, { filter: "a/#/b" })).toEqual(["filter"]);
    expect(codes({}, { share: "a/b" })).toEqual(["share-name"]);
    expect(codes({}, { share: "a", no_local: true })).toEqual(["shared-no-local"]);
    const session = { clean_session: false, session_expiry_interval: null };
    expect(codes({}, session)).toEqual(["session-without-qos"]);
    expect(codes({}, { session_expiry_interval: 5, qos: "1" })).toEqual(["session-thrown-away"]);
    const one = describeBroker(mqtt, {
      channels: [{ id: "t", kind: "topic" }],
      subscriptions: [
        { from: "t", node: "me" },
        { from: "t", node: "me", parameters: { keep_alive: 5000 } },
      ],
    });
    expect(mqtt.check(one).map(({ code }) => code)).toEqual(["mqtt/one-client"]);
  });

  it("tells AsyncAPI of QoS, retain and expiry, and reads them back", () => {
    const parameters = { qos: "1", retain: true, message_expiry_interval: 5000 };
    const config = describeBroker(mqtt, oneTopic([{ qos: "2" }], parameters));
    const binding = mqtt.asyncapi.publish(config, config.publishers[0]!);
    expect(binding).toEqual({
      qos: 1,
      retain: true,
      messageExpiryInterval: 5,
      bindingVersion: "0.2.0",
    });
    expect(mqtt.asyncapi.parametersIn("publish", { ...binding })).toEqual(parameters);
    const consume = mqtt.asyncapi.consume(config, config.subscriptions[0]!);
    expect(mqtt.asyncapi.parametersIn("consume", { ...consume })).toEqual({ qos: "2" });
  });

  it("is set up by a configuration file of Mosquitto", () => {
    const config = describeBroker(mqtt, { ...oneTopic([]), parameters: { persistence: true } });
    const part = mqttDeployment.compose({ config, host: "home" }, (wish) => wish);
    expect(part.services).toMatchObject({ home: { ports: ["1883:1883"] } });
    const [file] = part.files;
    expect(file).toMatchObject({ name: "mosquitto.conf" });
    expect(JSON.stringify(file)).toContain("max_queued_messages 1000");
    expect(JSON.stringify(file)).toContain("autosave_interval 1800");
  });
});
