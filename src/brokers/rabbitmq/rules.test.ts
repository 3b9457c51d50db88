// Statements about RabbitMQ that simulators like to get wrong, what the broker says about itself, and random clusters
// under load and failures in which nothing may be lost without a reason.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import { type RandomStream, RandomStreams } from "../../kernel/random.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { dottedName } from "./routing.ts";
import { simulated } from "../simulated.ts";

const { rabbitmq } = simulated;

const quick: Parameters = { latency: 0.01 };
const persistent: Parameters = { latency: 0.01, delivery_mode: "2" };

/** A queue "q", published to directly, with one subscription per entry of `consumers`. */
function oneQueue(queue: Parameters, consumers: readonly Parameters[], publish = persistent) {
  const sketch: Sketch = {
    channels: [{ id: "q", kind: "queue", parameters: queue }],
    publishers: [{ to: "q", parameters: publish }],
    subscriptions: consumers.map((one) => ({ from: "q", parameters: { ...quick, ...one } })),
  };
  return sketch;
}

const boundExchange = (publish: Parameters = {}, key = "#"): Sketch => ({
  channels: [
    { id: "x", kind: "exchange" },
    { id: "q", kind: "queue" },
  ],
  bindings: [{ from: "x", to: "q", parameters: { routing_key: key } }],
  publishers: [{ to: "x", parameters: { ...quick, ...publish } }],
});

describe("publishing to RabbitMQ", () => {
  it("confirms a message for which there is no queue, and loses it", () => {
    const run = new FakeRun(rabbitmq, boundExchange({}, "nothing"));
    run.publish(0, 0, "m");
    run.drain();
    expect(run.outcomes.get("m")).toBe("confirmed");
    expect(run.labels("unroutable")).toEqual(["m"]);
    expect(run.liveMessages()).toBe(0);
  });

  it("takes the event's name in lower case with dots as routing key", () => {
    expect(dottedName("OrderPlaced")).toBe("order.placed");
    expect(dottedName("HTTPRequest2Received")).toBe("http.request2.received");
    expect(dottedName("order_placed v2")).toBe("order.placed.v2");
    const run = new FakeRun(rabbitmq, boundExchange({}, "order.*"));
    run.publish(0, 0, "m");
    run.drain();
    expect(run.books("q").routed).toBe(1);
  });

  it("puts the message's key into the routing key", () => {
    const run = new FakeRun(rabbitmq, boundExchange({ routing_key: "eu.{key}" }, "eu.order-1"));
    run.publish(0, 0, "one", { key: "order-1" });
    run.publish(0, 0, "two", { key: "order-2" });
    run.publish(0, 0, "none");
    run.drain();
    expect(run.labels("routed")).toEqual(["one"]);
  });

  it("answers after the way there and back, or at once without confirms", () => {
    const confirmed = new FakeRun(rabbitmq, boundExchange({ latency: 3 }));
    confirmed.publish(10, 0, "m");
    confirmed.drain();
    expect(confirmed.find("routed").map((one) => one.ms)).toEqual([13]);
    expect(confirmed.find("confirmed").map((one) => one.ms)).toEqual([16]);
    const unconfirmed = new FakeRun(rabbitmq, boundExchange({ latency: 3, confirms: false }));
    unconfirmed.publish(10, 0, "m");
    unconfirmed.drain();
    expect(unconfirmed.find("confirmed").map((one) => one.ms)).toEqual([10]);
  });

  it("loses silently without confirms what a full queue refuses", () => {
    const queue = { "x-max-length": 1, "x-overflow": "reject-publish" };
    const run = new FakeRun(rabbitmq, oneQueue(queue, [], { ...quick, confirms: false }));
    run.publishAll(0, 0, [1, 2]);
    run.drain();
    expect([...run.outcomes.values()]).toEqual(["confirmed", "confirmed"]);
    expect(run.labels("lost")).toEqual(["2"]);
    expect(run.books("q").waiting).toBe(1);
  });

  it("keeps publishers waiting for a quorum queue, not refusing them", () => {
    const queue = { "x-queue-type": "quorum" };
    const run = new FakeRun(rabbitmq, oneQueue(queue, [], { ...quick, confirms: false }));
    for (const node of [1, 2]) run.at(0, () => run.broker.crashNode(node));
    run.publish(1, 0, "m");
    run.at(50, () => run.broker.restartNode(2));
    run.runUntil(49);
    expect(run.books("q").routed).toBe(0);
    run.drain();
    expect(run.books("q").waiting).toBe(1);
    expect(run.labels("lost")).toEqual([]);
  });

  it("cannot publish when no node is up", () => {
    const run = new FakeRun(rabbitmq, { ...oneQueue({}, []), parameters: { nodes: 1 } });
    run.at(0, () => run.broker.crashNode(0));
    run.publish(1, 0, "m");
    run.drain();
    expect(run.outcomes.get("m")).toBe("refused: no-node-up");
  });
});

describe("delivery by RabbitMQ", () => {
  it("gives each message to one of the competing consumers, and to every bound queue", () => {
    const run = new FakeRun(rabbitmq, {
      ...boundExchange(),
      channels: [...boundExchange().channels, { id: "r", kind: "queue" }],
      bindings: [
        { from: "x", to: "q" },
        { from: "x", to: "r" },
      ],
      subscriptions: [{ from: "q", workers: 3, parameters: { ...quick, prefetch_count: 1 } }],
    });
    run.publishAll(0, 0, [1, 2, 3]);
    run.runUntil(10);
    expect(run.held(0).map((one) => one.worker)).toEqual([0, 1, 2]);
    expect(run.books("r").waiting).toBe(3);
  });

  it("is limited by prefetch over round trip plus work, not by the link alone", () => {
    const rate = (prefetch: number) => {
      const consumer = { prefetch_count: prefetch, latency: 1 };
      const plans = [{ serviceMs: 1 }];
      const run = new FakeRun(rabbitmq, oneQueue({}, [consumer]), { plans });
      for (let label = 0; label < 2000; label++) run.publish(0, 0, label);
      run.runUntil(1000);
      return run.books("q").acknowledged;
    };
    expect(Math.abs(rate(1) - 333)).toBeLessThan(3);
    expect(rate(30)).toBeGreaterThan(990);
  });

  it("stops unlimited prefetch at 2,000 for quorum queues only", () => {
    for (const [type, most] of [["classic", 3000] as const, ["quorum", 2000] as const]) {
      const sketch = oneQueue({ "x-queue-type": type }, [{ prefetch_count: 0 }]);
      const run = new FakeRun(rabbitmq, sketch);
      for (let label = 0; label < 3000; label++) run.publish(0, 0, label);
      run.runUntil(10);
      expect(run.books("q").inFlight).toBe(most);
    }
  });

  it("delivers a requeued message again at once: no delay, no limit on classic queues", () => {
    const plans = [{ serviceMs: 0.1, verdict: () => "failed" as const }];
    const run = new FakeRun(rabbitmq, oneQueue({}, [{ prefetch_count: 1 }]), { plans });
    run.publish(0, 0, "m");
    run.runUntil(100);
    expect(run.labels("deliver").length).toBeGreaterThan(700);
    expect(run.books("q").inFlight + run.books("q").waiting).toBe(1);
  });

  it("sends a requeued message to the back of a quorum queue without delivery limit", () => {
    const queue = { "x-queue-type": "quorum", "x-delivery-limit": -1 };
    const sketch = oneQueue(queue, [{ prefetch_count: 3 }, { ack: "automatic" }]);
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    run.join(0, 0);
    run.publishAll(0, 0, [1, 2, 3, 4, 5, 6]);
    run.at(5, () => run.settle(2, "failed"));
    run.at(6, () => run.settle(1));
    run.runUntil(10);
    expect(run.heldLabels(0)).toEqual(["3", "4", "5"]);
    run.leave(0, 0, "close");
    run.runUntil(11);
    run.join(1, 0);
    run.runUntil(20);
    expect(run.labels("deliver", { subscription: 1 })).toEqual(["3", "4", "5", "6", "2"]);
  });

  it.each([
    ["classic", ["2", "3", "4", "5", "6"]],
    ["quorum", ["3", "2", "4", "5", "6"]],
  ])("leaves a %s queue in its own order after nack and close", (type, order) => {
    const sketch = oneQueue({ "x-queue-type": type }, [
      { prefetch_count: 3 },
      { ack: "automatic" },
    ]);
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    run.join(0, 0);
    run.publishAll(0, 0, [1, 2, 3, 4, 5, 6]);
    run.at(5, () => run.settle(2, "failed"));
    run.at(6, () => run.settle(1));
    run.at(10, () => run.leave(0, 0, "close"));
    run.runUntil(11);
    run.join(1, 0);
    run.runUntil(20);
    expect(run.labels("deliver", { subscription: 1 })).toEqual(order);
  });

  it("loses with automatic acknowledgement all that was sent to a consumer that crashes", () => {
    const run = new FakeRun(rabbitmq, oneQueue({}, [{ ack: "automatic", prefetch_count: 1 }]));
    run.publishAll(0, 0, [1, 2, 3, 4, 5]);
    run.runUntil(5);
    expect(run.held(0)).toHaveLength(5);
    run.leave(0, 0, "crash");
    run.drain();
    expect(run.books("q").dropped).toBe(5);
    expect(run.liveMessages()).toBe(0);
  });

  it("counts an acknowledgement that was on the wire when the consumer died", () => {
    const run = new FakeRun(rabbitmq, oneQueue({}, [{ prefetch_count: 10, latency: 5 }]));
    run.publishAll(0, 0, [1, 2]);
    run.at(10, () => run.settle(1));
    run.at(11, () => run.leave(0, 0, "crash"));
    run.runUntil(20);
    expect(run.labels("acknowledged")).toEqual(["1"]);
    expect(run.labels("returned")).toEqual(["2"]);
    expect(run.find("returned")[0]!.ms).toBe(16);
  });
});

describe("limits of RabbitMQ's queues", () => {
  it("does not restart the clock of a message that comes back", () => {
    const sketch = oneQueue({ "x-message-ttl": 600 }, [{ prefetch_count: 1 }]);
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    run.publish(0, 0, "m");
    run.at(300, () => run.join(0, 0));
    run.at(400, () => run.leave(0, 0, "close"));
    run.drain();
    expect(run.find("expired").map((one) => Math.round(one.ms))).toEqual([600]);
  });

  it("counts ready messages only, and lets requeued ones push out the oldest", () => {
    const sketch = oneQueue({ "x-max-length": 2 }, [{ prefetch_count: 2 }]);
    const run = new FakeRun(rabbitmq, sketch);
    run.publishAll(0, 0, [1, 2, 3, 4, 5]);
    run.runUntil(5);
    expect(run.labels("dropped")).toEqual(["3"]);
    run.leave(0, 0, "crash");
    run.runUntil(10);
    expect(run.labels("dropped")).toEqual(["3", "1", "2"]);
  });

  it("drops dead letters silently when there is no exchange, or nobody bound to it", () => {
    for (const [target, reason] of [
      ["nowhere", "dead-letter-exchange-missing"],
      ["x", "dead-letter-unroutable"],
    ] as const) {
      const base = oneQueue({ "x-message-ttl": 10, "x-dead-letter-exchange": target }, []);
      const channels = [...base.channels, { id: "x", kind: "exchange" }];
      const run = new FakeRun(rabbitmq, { ...base, channels });
      run.publish(0, 0, "m");
      run.drain();
      expect(run.find("dropped").map((one) => one.reason)).toEqual([reason]);
    }
  });

  it("retries through a wait queue, one delay per round", () => {
    const plans = [
      { serviceMs: 1, verdict: (_: string, attempt: number) => (attempt > 0 ? "failed" : "done") },
    ] as const;
    const run = new FakeRun(
      rabbitmq,
      {
        channels: [
          { id: "work", kind: "queue", parameters: { "x-dead-letter-exchange": "wait" } },
          {
            id: "wait",
            kind: "queue",
            parameters: { "x-message-ttl": 100, "x-dead-letter-exchange": "work" },
          },
        ],
        publishers: [{ to: "work", parameters: quick }],
        subscriptions: [{ from: "work", parameters: { ...quick, on_failure: "reject" } }],
      },
      { plans },
    );
    run.publish(0, 0, "m");
    run.runUntil(350);
    const times = run.find("deliver").map((one) => Math.round(one.ms));
    expect(times).toEqual([0, 101, 202, 303]);
    expect(run.find("deadLettered").every((one) => one.reason === "expired")).toBe(true);
  });

  it("uses the dead-letter routing key, and the message's own without one", () => {
    for (const key of ["", "failed"]) {
      const queue = {
        "x-message-ttl": 1,
        "x-dead-letter-exchange": "dlx",
        "x-dead-letter-routing-key": key,
      };
      const run = new FakeRun(rabbitmq, {
        channels: [
          { id: "x", kind: "exchange" },
          { id: "q", kind: "queue", parameters: queue },
          { id: "dlx", kind: "exchange", parameters: { type: "direct" } },
          { id: "own", kind: "queue" },
          { id: "failed", kind: "queue" },
        ],
        bindings: [
          { from: "x", to: "q" },
          { from: "dlx", to: "own", parameters: { routing_key: "order.placed" } },
          { from: "dlx", to: "failed", parameters: { routing_key: "failed" } },
        ],
        publishers: [{ to: "x", parameters: quick }],
      });
      run.publish(0, 0, "m");
      run.drain();
      expect(run.books(key === "" ? "own" : "failed").waiting).toBe(1);
    }
  });
});

describe("nodes of RabbitMQ", () => {
  it("takes a classic queue away with its node and brings persistent messages back", () => {
    const base = oneQueue({}, [{ prefetch_count: 1 }]);
    const publishers = [
      { to: "q", parameters: persistent },
      { to: "q", parameters: quick },
    ];
    const run = new FakeRun(rabbitmq, { ...base, publishers });
    run.publish(0, 0, "kept 1");
    run.publish(0, 1, "lost");
    run.publish(0, 0, "kept 2");
    run.at(10, () => run.broker.crashNode(0));
    run.runUntil(20);
    expect(run.find("dropped").map((one) => [one.label, one.reason])).toEqual([
      ["lost", "transient-lost"],
    ]);
    expect(run.broker.blocked(0)).toBe("queue's node 0 is down");
    expect(run.broker.nodes()[0]).toEqual({ up: false, leads: 0 });
    // The worker is still busy with what the broker has taken back; its answer counts for nothing.
    run.settle("kept 1");
    run.at(30, () => run.broker.restartNode(0));
    run.runUntil(40);
    expect(run.heldLabels(0)).toEqual(["kept 1"]);
    run.settle("kept 1");
    run.runUntil(41);
    run.settle("kept 2");
    run.drain();
    expect(run.books("q").acknowledged).toBe(2);
    expect(run.liveDeliveries()).toBe(0);
  });

  it("moves the leader of a quorum queue after the election time", () => {
    const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "quorum" }, [{}]));
    run.at(10, () => run.broker.crashNode(0));
    run.publish(20, 0, "m");
    run.runUntil(500);
    expect(run.broker.blocked(0)).toBe("the queue has no leader: an election is going on");
    run.runUntil(511);
    expect(run.find("note")[0]!.ms).toBe(510);
    expect(run.broker.nodes().map((node) => node.leads)).toEqual([0, 1, 0]);
    expect(run.heldLabels(0)).toEqual(["m"]);
  });
});

describe("what RabbitMQ says about itself", () => {
  it("gives the reason for a standstill", () => {
    const run = new FakeRun(rabbitmq, oneQueue({}, [{ prefetch_count: 2 }]));
    run.publishAll(0, 0, [1, 2, 3]);
    run.runUntil(5);
    expect(run.broker.blocked(0)).toBe("prefetch reached: 2 of 2 unacknowledged");
    expect(run.broker.waiting(0)).toBe(1);
    expect(run.broker.depths(0)).toEqual([1]);
    expect(run.broker.oldestNs(0)).toBe(0);
    run.leave(0, 0, "crash");
    run.runUntil(6);
    expect(run.broker.blocked(0)).toBe("no consumer is connected");
    expect(run.broker.waiting(0)).toBe(3);
  });

  it("follows live changes of prefetch, length and time to live", () => {
    const run = new FakeRun(rabbitmq, oneQueue({}, [{ prefetch_count: 1 }]));
    run.publishAll(0, 0, [1, 2, 3, 4, 5]);
    run.runUntil(5);
    run.set("subscription-0", "prefetch_count", 3);
    run.runUntil(6);
    expect(run.heldLabels(0)).toEqual(["1", "2", "3"]);
    run.set("q", "x-max-length", 1);
    expect(run.labels("dropped")).toEqual(["4"]);
    run.set("q", "x-max-length", null);
    run.set("q", "x-message-ttl", 50);
    run.publish(10, 0, 6);
    run.runUntil(100);
    // Number 5 is older than the limit and stays; 6 has expired behind it.
    expect(run.labels("expired")).toEqual([]);
    run.set("subscription-0", "prefetch_count", 10);
    run.runUntil(110);
    expect(run.heldLabels(0)).toEqual(["1", "2", "3", "5"]);
    expect(run.labels("expired")).toEqual(["6"]);
  });

  it("finds what the real broker refuses and what surprises", () => {
    const codes = (sketch: Sketch) =>
      rabbitmq.check(describeBroker(rabbitmq, sketch)).map((finding) => finding.code.slice(9));
    expect(codes({ channels: [{ id: "x", kind: "exchange" }] })).toEqual(["unbound-exchange"]);
    expect(codes({ channels: [{ id: "q", kind: "queue" }] })).toEqual([
      "queue-without-consumer",
      "queue-without-source",
    ]);
    expect(codes(oneQueue({}, [{}]))).toEqual(["endless-requeue", "unlimited-prefetch"]);
    const healthy = [{ prefetch_count: 100, on_failure: "reject" }];
    expect(codes(oneQueue({}, healthy))).toEqual([]);
    expect(codes(oneQueue({ "x-dead-letter-exchange": "nowhere" }, healthy))).toEqual([
      "dead-letter-exchange-missing",
    ]);
    expect(codes(oneQueue({ "x-dead-letter-routing-key": "k" }, healthy))).toEqual([
      "dead-letter-key-without-exchange",
    ]);
    const overflow = { "x-queue-type": "quorum", "x-overflow": "reject-publish-dlx" };
    expect(codes(oneQueue(overflow, healthy))).toEqual([
      "overflow-classic-only",
      "overflow-without-length",
    ]);
    const pair = { "x-queue-type": "quorum", "x-quorum-initial-group-size": 2 };
    expect(codes(oneQueue(pair, healthy))).toEqual(["even-group"]);
    const alternate = { "alternate-exchange": "nowhere" };
    expect(codes({ channels: [{ id: "x", kind: "exchange", parameters: alternate }] })).toEqual([
      "alternate-exchange-missing",
    ]);
  });

  it("describes channels and operations for AsyncAPI, never queue and exchange at once", () => {
    const config = describeBroker(rabbitmq, {
      ...boundExchange(),
      subscriptions: [{ from: "q" }],
    });
    const [exchange, queue] = config.channels.map((one) => rabbitmq.asyncapi.channel(config, one));
    expect(exchange).toMatchObject({ is: "routingKey", exchange: { name: "x", type: "topic" } });
    expect(exchange).not.toHaveProperty("queue");
    expect(queue).toMatchObject({ is: "queue", queue: { name: "q", durable: true } });
    expect(queue).not.toHaveProperty("exchange");
    expect(rabbitmq.asyncapi.publish(config, config.publishers[0]!)).toEqual({
      deliveryMode: 1,
      mandatory: false,
      bindingVersion: "0.3.0",
    });
    expect(rabbitmq.asyncapi.consume(config, config.subscriptions[0]!)).toEqual({
      ack: true,
      bindingVersion: "0.3.0",
    });
  });
});

describe("random RabbitMQ clusters", () => {
  for (let seed = 1; seed <= 60; seed++)
    it(`keep their books and lose nothing without a reason, seed ${seed}`, () => {
      const first = swarm(seed);
      expect(swarm(seed).arena.hash()).toBe(first.arena.hash());
      expect(first.liveDeliveries()).toBe(0);
      const waiting = first.accounts.reduce((sum, books) => sum + books.waiting, 0);
      // A message is alive as long as copies of it wait, and then only.
      expect(first.liveMessages()).toBeLessThanOrEqual(waiting);
      if (waiting > 0) expect(first.liveMessages()).toBeGreaterThan(0);
      first.accounts.forEach((books, queue) => {
        expect(books.inFlight).toBe(0);
        expect(first.broker.depths(books.channel)).toEqual([books.waiting]);
        if (queue < CONSUMED) expect(books.waiting).toBe(0);
      });
      expect(first.outcomes.size).toBe(PUBLISHED);
    });
});

const CONSUMED = 3;
const PUBLISHED = 150;

/** Three consumed queues, one dead-letter queue, random settings, load and failures; then everything is repaired,
 *  every verdict is "done", and the rest drains. */
function swarm(seed: number): FakeRun {
  const random = new RandomStreams(new Arena(), seed).stream("swarm");
  let calm = false;
  const plan = {
    serviceMs: 1 + random.below(8),
    verdict: () =>
      calm || random.chance(0.7) ? "done" : random.chance(0.8) ? "failed" : "set-aside",
  } as const;
  const run = new FakeRun(rabbitmq, randomSketch(random), { plans: [plan], seed });
  for (let label = 0; label < PUBLISHED; label++)
    run.publish(random.below(600), random.below(4), label, { key: `k${random.below(3)}` });
  const up = new Set<string>(["0 0", "0 1", "1 0", "1 1", "2 0", "2 1"]);
  for (let time = 50; time < 700; time += 10 + random.below(60)) {
    const [subscription, worker] = [random.below(CONSUMED), random.below(2)];
    const node = random.below(3);
    const act = random.below(4);
    const name = `${subscription} ${worker}`;
    run.at(time, () => {
      if (act === 0) run.broker.crashNode(node);
      if (act === 1) run.broker.restartNode(node);
      if (act === 2 && up.delete(name)) run.leave(subscription, worker, "crash");
      else if (act === 3 && !up.has(name)) {
        up.add(name);
        run.join(subscription, worker);
      }
    });
  }
  run.at(800, () => {
    calm = true;
    for (const node of [0, 1, 2]) run.broker.restartNode(node);
    for (let subscription = 0; subscription < CONSUMED; subscription++)
      if (!up.has(`${subscription} 0`)) run.join(subscription, 0);
  });
  run.runUntil(20_000);
  return run;
}

function randomSketch(random: RandomStream): Sketch {
  const pick = <T>(...values: T[]): T => values[random.below(values.length)]!;
  const queue = (): Parameters => {
    const type = pick("classic", "quorum");
    return {
      "x-queue-type": type,
      "x-message-ttl": pick(null, null, 0, 20, 200),
      "x-max-length": pick(null, null, 0, 2, 10),
      "x-overflow":
        type === "quorum"
          ? pick("drop-head", "reject-publish")
          : pick("drop-head", "reject-publish", "reject-publish-dlx"),
      "x-dead-letter-exchange": pick("", "dlq", "q0", "q1", "x", "nowhere"),
      "x-delivery-limit": pick(-1, 0, 3, 20),
      "x-single-active-consumer": random.chance(0.2),
    };
  };
  const publish = (): Parameters => ({
    confirms: random.chance(0.6),
    mandatory: random.chance(0.3),
    delivery_mode: pick("1", "2"),
    expiration: pick(null, null, 0, 50),
    latency: pick(0.01, 1, 5),
    routing_key: pick("", "{key}", "k1"),
  });
  const consume = (): Parameters => ({
    prefetch_count: pick(0, 1, 2, 10),
    ack: pick("manual", "manual", "automatic"),
    on_failure: pick("requeue", "reject"),
    latency: pick(0.01, 1, 5),
  });
  return {
    parameters: { consumer_timeout: pick(60, null), channel_tick_interval: 1000, election: 30 },
    channels: [
      ...["q0", "q1", "q2"].map((id) => ({ id, kind: "queue", parameters: queue() })),
      { id: "dlq", kind: "queue" },
      { id: "x", kind: "exchange" },
    ],
    bindings: [
      { from: "x", to: "q0", parameters: { routing_key: pick("#", "k1", "*") } },
      { from: "x", to: "q1", parameters: { routing_key: pick("#", "k1", "order.#") } },
      { from: "x", to: "q2", parameters: { routing_key: pick("k0", "k2", "*.placed") } },
    ],
    publishers: ["x", "x", "q0", "q2"].map((to) => ({ to, parameters: publish() })),
    subscriptions: ["q0", "q1", "q2"].map((from) => ({ from, workers: 2, parameters: consume() })),
  };
}

it("carries a dead letter through a thousand queues at one instant", () => {
  const last = 1000;
  const run = new FakeRun(rabbitmq, {
    channels: Array.from({ length: last + 1 }, (_, at) => ({
      id: `q${at}`,
      kind: "queue",
      parameters: at === last ? {} : { "x-message-ttl": 0, "x-dead-letter-exchange": `q${at + 1}` },
    })),
    publishers: [{ to: "q0", parameters: persistent }],
  });
  run.publish(0, 0, "m");
  run.runUntil(10);
  expect(run.books(`q${last}`)).toMatchObject({ routed: 1, waiting: 1 });
});
