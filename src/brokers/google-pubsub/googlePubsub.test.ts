// Pub/Sub: what sets it apart from other brokers and from naive simulators. Its contract is in contract.test.ts.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { simulatedGooglePubsub as pubsub } from "./simulated.ts";

const DAY_MS = 86_400_000;
const near = { latency: 0.01 };
const direct = { ...near, max_latency: 0 };

/** A topic "t" with subscriptions; each has consumers of its own. */
function sketchOf(
  subscriptions: readonly {
    readonly parameters?: Parameters;
    readonly consumer?: Parameters;
    readonly workers?: number;
  }[],
  more: { readonly publisher?: Parameters; readonly topic?: Parameters } = {},
): Sketch {
  return {
    channels: [
      { id: "t", kind: "topic", ...(more.topic && { parameters: more.topic }) },
      ...subscriptions.map(({ parameters = {} }, at) => ({
        id: `s${at}`,
        kind: "subscription",
        parameters,
      })),
    ],
    bindings: subscriptions.map((_, at) => ({ from: "t", to: `s${at}` })),
    publishers: [{ to: "t", parameters: { ...direct, ...more.publisher } }],
    subscriptions: subscriptions.map(({ consumer, workers = 1 }, at) => ({
      from: `s${at}`,
      workers,
      parameters: { ...near, ...consumer },
    })),
  };
}

/** One subscription. */
function one(parameters: Parameters = {}, consumer: Parameters = {}, workers = 1): Sketch {
  return sketchOf([{ parameters, consumer, workers }]);
}

function open(sketch: Sketch, plan: WorkerPlan = {}): FakeRun {
  return new FakeRun(pubsub, sketch, { plans: [plan] });
}

/** Times of the deliveries of a subscription [ms], rounded to a second's hundredth. */
function times(run: FakeRun, label = "m"): number[] {
  return run.find("deliver", { label }).map(({ ms }) => Math.round(ms / 10) * 10);
}

const fails: WorkerPlan = { serviceMs: 0.01, verdict: () => "failed" };

describe("what a naive simulator gets wrong", () => {
  test("a consumer crash is no instant redelivery: the message comes back after the ack deadline", () => {
    const run = open(one({}, {}, 2));
    run.publish(0, 0, "m");
    run.at(5000, () => run.leave(0, run.held(0)[0]!.worker, "crash"));
    run.runUntil(9000);
    expect(times(run)).toEqual([0]);
    run.runUntil(60_000);
    expect(times(run)).toEqual([0, 10_000]);
  });

  test("a client that closes gives back what it holds at once", () => {
    const run = open(one({}, {}, 2));
    run.publish(0, 0, "m");
    run.at(5000, () => run.leave(0, run.held(0)[0]!.worker, "close"));
    run.runUntil(60_000);
    expect(times(run)).toEqual([0, 5000]);
  });

  test("each subscription has copies of its own, it is no retention that groups read", () => {
    const run = open(sketchOf([{}, { consumer: {}, workers: 2 }]), { serviceMs: 1 });
    run.publishAll(0, 0, [1, 2, 3, 4]);
    run.runUntil(1000);
    expect(run.labels("deliver", { subscription: 0 })).toHaveLength(4);
    expect(run.labels("deliver", { subscription: 1 })).toHaveLength(4);
    expect(run.liveMessages()).toBe(0);
  });

  test("fewer than five attempts cannot be configured", () => {
    const { max_delivery_attempts } = pubsub.channelKinds["subscription"]!.fields;
    expect(max_delivery_attempts).toMatchObject({ min: 5, max: 100, default: 5 });
  });

  test("there is no order per topic: without ordering a failed message comes back behind others", () => {
    const run = open(one({ retry_policy: "backoff" }, { max_messages: 1 }), {
      serviceMs: 10,
      verdict: (label, attempt) => (label === "1" && attempt === 1 ? "failed" : "done"),
    });
    for (const label of [1, 2, 3]) run.publish(0, 0, label, { key: "k" });
    run.runUntil(60_000);
    expect(run.labels("deliver")).toEqual(["1", "2", "3", "1"]);
  });

  test("there is no order either where the publisher sends no key", () => {
    const sketch = sketchOf(
      [{ parameters: { enable_message_ordering: true, retry_policy: "backoff" } }],
      { publisher: { ordering_key: false } },
    );
    const run = open(sketch, {
      serviceMs: 10,
      verdict: (label, attempt) => (label === "1" && attempt === 1 ? "failed" : "done"),
    });
    for (const label of [1, 2]) run.publish(0, 0, label, { key: "k" });
    run.runUntil(60_000);
    expect(run.labels("deliver")).toEqual(["1", "2", "1"]);
  });

  test("exactly-once does not work across publishers: what is published twice arrives twice", () => {
    const run = open(one({ enable_exactly_once_delivery: true }), { serviceMs: 1 });
    run.publish(0, 0, "a", { key: "same" });
    run.publish(0, 0, "a again", { key: "same" });
    run.runUntil(1000);
    expect(run.labels("acknowledged")).toEqual(["a", "a again"]);
  });

  test("a filter never sees the body: it looks at attributes only", () => {
    const findings = (filter: string) =>
      pubsub
        .check(describeBroker(pubsub, one({ filter })))
        .filter(({ code }) => code === "google-pubsub/filter");
    expect(findings('data.type = "order"')).toHaveLength(1);
    expect(findings('attributes.type = "order"')).toHaveLength(0);
  });

  test("a dead-letter topic stores nothing without a subscription: its messages are lost", () => {
    const sketch = one({ dead_letter_topic: "dead" });
    const run = open(
      { ...sketch, channels: [...sketch.channels, { id: "dead", kind: "topic" }] },
      fails,
    );
    run.publish(0, 0, "m");
    run.runUntil(10_000);
    expect(run.find("discarded").map(({ reason }) => reason)).toEqual([
      "dead-letter-topic-without-subscription",
    ]);
    expect(run.liveMessages()).toBe(0);
  });

  test("there is no backoff unless a retry policy is set", () => {
    const run = open(one(), { ...fails, serviceMs: 100 });
    run.publish(0, 0, "m");
    run.runUntil(1000);
    expect(times(run).slice(0, 5)).toEqual([0, 100, 200, 300, 400]);
  });
});

describe("leases", () => {
  test("the client library extends them, so that slow work is no redelivery", () => {
    const run = open(one(), { serviceMs: 1_800_000 });
    run.publish(0, 0, "m");
    run.runUntil(4_000_000);
    expect(times(run)).toEqual([0]);
    expect(run.books("s0").acknowledged).toBe(1);
  });

  test("beyond the maximum extension it is redelivered although the handler still runs", () => {
    const run = open(one({}, {}, 2), { serviceMs: 3_700_000 });
    run.publish(0, 0, "m");
    run.runUntil(7_000_000);
    expect(times(run)).toEqual([0, 3_600_000]);
  });

  test("a late acknowledgement counts while the message waits for its redelivery, but not with exactly-once", () => {
    const deliveries = (parameters: Parameters) => {
      const policy = { retry_policy: "backoff", ...parameters };
      const run = open(one(policy, { max_extension: 0 }), { serviceMs: 15_000 });
      run.publish(0, 0, "m");
      run.runUntil(300_000);
      return run.find("deliver").length;
    };
    expect(deliveries({})).toBe(1);
    expect(deliveries({ enable_exactly_once_delivery: true })).toBeGreaterThan(1);
  });

  test("a failure that is not answered keeps the message until the extension ends", () => {
    const run = open(one({}, { on_failure: "expire", max_extension: 60_000 }), fails);
    run.publish(0, 0, "m");
    run.runUntil(130_000);
    expect(times(run)).toEqual([0, 60_000, 120_000]);
  });

  test("flow control bounds what a client holds, by messages and by bytes", () => {
    const held = (consumer: Parameters) => {
      const run = open(one({}, consumer));
      for (let label = 0; label < 10; label++) run.publish(0, 0, label, { sizeBytes: 1000 });
      run.runUntil(1000);
      return run.held(0).length;
    };
    expect(held({ max_messages: 3 })).toBe(3);
    expect(held({ max_bytes: 4500 })).toBe(5);
  });

  test("duplicates occur without any failure, where they are configured and not with exactly-once", () => {
    const deliveries = (parameters: Parameters) => {
      const sketch = { ...one(parameters), parameters: { duplicates: 0.5 } };
      const run = open(sketch, { serviceMs: 1 });
      for (let label = 0; label < 50; label++) run.publish(0, 0, label);
      run.runUntil(10_000);
      return run.find("deliver").length;
    };
    expect(deliveries({})).toBeGreaterThan(60);
    expect(deliveries({ enable_exactly_once_delivery: true })).toBe(50);
  });
});

describe("ordering keys", () => {
  const ordered = { enable_message_ordering: true };

  test("redelivery of one message redelivers all later ones of its key, and no others", () => {
    const run = open(one(ordered));
    for (const label of ["1", "2", "3"]) run.publish(0, 0, label, { key: "k" });
    run.publish(0, 0, "other", { key: "l" });
    run.runUntil(10);
    expect(run.heldLabels(0)).toEqual(["1", "2", "3", "other"]);
    run.settle("2", "failed");
    run.runUntil(20);
    expect(run.labels("deliver").slice(4)).toEqual(["2", "3"]);
    expect(run.find("returned", { label: "3" })[0]?.reason).toBe("earlier-of-its-key-failed");
  });

  test("even one that is acknowledged comes again when an earlier one of its key does", () => {
    const run = open(one(ordered, { on_failure: "expire", max_extension: 20_000 }));
    for (const label of ["1", "2"]) run.publish(0, 0, label, { key: "k" });
    run.runUntil(10);
    run.settle("1", "failed");
    run.settle("2");
    run.runUntil(30_000);
    expect(run.labels("deliver")).toEqual(["1", "2", "1", "2"]);
  });

  test("a poison message blocks its key until it is dead-lettered", () => {
    const sketch = sketchOf([
      { parameters: { ...ordered, retry_policy: "backoff", dead_letter_topic: "dead" } },
    ]);
    const run = open(
      { ...sketch, channels: [...sketch.channels, { id: "dead", kind: "topic" }] },
      { serviceMs: 1, verdict: (label) => (label === "poison" ? "failed" : "done") },
    );
    for (const label of ["poison", "next"]) run.publish(0, 0, label, { key: "k" });
    run.publish(0, 0, "free", { key: "l" });
    run.runUntil(600_000);
    // Attempts at 0, 10, 30, 70 and 150 s.
    const at = (label: string) => run.find("acknowledged", { label })[0]?.ms ?? -1;
    expect(at("free")).toBeLessThan(1000);
    expect(Math.round(at("next") / 1000)).toBe(150);
  });

  test("messages of a key go to one client at a time", () => {
    const run = open(one(ordered, {}, 3));
    for (let label = 0; label < 9; label++)
      run.publish(label, 0, label, { key: `k${Math.floor(label / 3)}` });
    run.runUntil(100);
    for (const labels of [
      ["0", "1", "2"],
      ["3", "4", "5"],
      ["6", "7", "8"],
    ])
      expect(new Set(labels.map((label) => run.find("deliver", { label })[0]?.worker)).size).toBe(
        1,
      );
    expect(new Set(run.find("deliver").map(({ worker }) => worker)).size).toBe(3);
  });

  test("under push only one message of a key is out", () => {
    const run = open(one({ ...ordered, delivery_type: "push" }));
    for (const label of ["1", "2"]) run.publish(0, 0, label, { key: "k" });
    run.runUntil(10);
    expect(run.heldLabels(0)).toEqual(["1"]);
    run.settle("1");
    run.runUntil(20);
    expect(run.heldLabels(0)).toEqual(["2"]);
  });
});

describe("push", () => {
  const push = { delivery_type: "push" };

  test("the ack deadline is the timeout of a request, and no library extends it", () => {
    const run = open(one(push));
    run.publish(0, 0, "m");
    run.runUntil(10_500);
    expect(times(run)).toEqual([0, 10_100]);
    expect(run.find("returned")[0]?.reason).toBe("ack-deadline");
  });

  test("an endpoint that is down is asked again with growing pauses, and nothing is lost", () => {
    const run = new FakeRun(pubsub, one(push), { plans: [{ serviceMs: 1 }], joins: "none" });
    run.publish(0, 0, "m");
    run.runUntil(2000);
    expect(run.broker.blocked(0)).toBe("no client is connected");
    run.at(3000, () => run.join(0, 0));
    run.runUntil(10_000);
    // Asked at 0, 0.1, 0.3, 0.7, 1.5 and 3.1 s.
    expect(times(run)).toEqual([3100]);
  });

  test("a success status that Pub/Sub does not know is no acknowledgement", () => {
    const count = (success_status: number) => {
      const run = open(one(push, { success_status }), { serviceMs: 1 });
      run.publish(0, 0, "m");
      run.runUntil(1000);
      return run.find("acknowledged").length;
    };
    expect([102, 200, 201, 202, 204].map(count)).toEqual([1, 1, 1, 1, 1]);
    expect([203, 206, 302, 404].map(count)).toEqual([0, 0, 0, 0]);
  });

  test("the window starts small and grows with every success", () => {
    const run = open(one(push));
    for (let label = 0; label < 20; label++) run.publish(0, 0, label);
    run.runUntil(5);
    expect(run.held(0)).toHaveLength(3);
    for (const label of ["0", "1", "2"]) run.settle(label);
    run.runUntil(10);
    expect(run.held(0)).toHaveLength(6);
  });
});

describe("time", () => {
  test("what is published before a subscription is created does not reach it, unless it seeks a topic that keeps it", () => {
    const received = (topic: Parameters) => {
      const run = open(sketchOf([{ parameters: { created_after: 10_000 } }], { topic }), {
        serviceMs: 1,
      });
      run.publish(0, 0, "early");
      run.publish(20_000, 0, "late");
      run.at(30_000, () => run.broker.set("s0", "seek", 3_600_000));
      run.runUntil(60_000);
      return run.labels("acknowledged");
    };
    expect(received({})).toEqual(["late"]);
    expect(received({ message_retention_duration: DAY_MS })).toEqual(["late", "early", "late"]);
  });

  test("seeking back brings acknowledged messages again only where they are retained", () => {
    const received = (parameters: Parameters) => {
      const run = open(one(parameters), { serviceMs: 1 });
      run.publish(0, 0, "old");
      run.publish(50_000, 0, "new");
      run.at(60_000, () => run.broker.set("s0", "seek", 30_000));
      run.runUntil(120_000);
      return run.labels("acknowledged");
    };
    expect(received({})).toEqual(["old", "new"]);
    expect(received({ retain_acked_messages: true })).toEqual(["old", "new", "new"]);
  });

  test("seeking to now acknowledges the backlog", () => {
    const run = new FakeRun(pubsub, one(), { joins: "none" });
    run.publishAll(0, 0, [1, 2]);
    run.at(1000, () => run.broker.set("s0", "seek", 0));
    run.runUntil(2000);
    expect(run.broker.waiting(0)).toBe(0);
    expect(run.find("dropped").map(({ reason }) => reason)).toEqual(["seek", "seek"]);
  });

  test("backlog older than the retention is gone", () => {
    const run = new FakeRun(pubsub, one({ message_retention_duration: 600_000 }), {
      joins: "none",
    });
    run.publish(0, 0, "m");
    run.runUntil(599_000);
    expect(run.broker.waiting(0)).toBe(1);
    run.runUntil(601_000);
    expect(run.broker.waiting(0)).toBe(0);
    expect(run.find("expired")).toHaveLength(1);
  });

  test("a subscription that nobody uses is deleted, one with an open client is not", () => {
    const unused = new FakeRun(pubsub, one(), { joins: "none" });
    const used = open(one());
    for (const run of [unused, used]) run.runUntil(32 * DAY_MS);
    expect(unused.broker.blocked(0)).toMatch(/deleted/u);
    expect(used.broker.blocked(0)).toBe("");
  });
});

describe("publishing", () => {
  test("messages wait for their batch: by time, by number, by bytes", () => {
    const confirmedAt = (publisher: Parameters, count: number) => {
      const run = open(sketchOf([{}], { publisher: { max_latency: 50, ...publisher } }));
      run.publishAll(
        0,
        0,
        Array.from({ length: count }, (_, i) => i),
      );
      run.runUntil(1000);
      return run.find("confirmed").map(({ ms }) => Math.round(ms));
    };
    expect(confirmedAt({}, 2)).toEqual([50, 50]);
    expect(confirmedAt({ max_messages: 2 }, 2)).toEqual([0, 0]);
    expect(confirmedAt({ max_bytes: 150 }, 2)).toEqual([0, 0]);
  });

  test("a message of more than 10 MB is refused", () => {
    const run = open(one());
    run.publish(0, 0, "m", { sizeBytes: 10_000_001 });
    run.runUntil(10);
    expect(run.outcomes.get("m")).toBe("refused: message-too-large");
  });

  test("a topic without subscription confirms and loses", () => {
    const run = open({ ...sketchOf([]), subscriptions: [] });
    run.publish(0, 0, "m");
    run.runUntil(10);
    expect(run.outcomes.get("m")).toBe("confirmed");
    expect(run.labels("unroutable")).toEqual(["m"]);
  });

  test("while every zone is down requests are tried again, and refused when the time is up", () => {
    const run = open(sketchOf([{}], { publisher: { total_timeout: 5000 } }));
    for (const zone of [0, 1, 2]) run.at(0, () => run.broker.crashNode(zone));
    run.publish(1, 0, "lost");
    run.publish(4000, 0, "waits");
    for (const zone of [0, 1, 2]) run.at(6000, () => run.broker.restartNode(zone));
    run.runUntil(20_000);
    expect(run.outcomes.get("lost")).toBe("refused: unavailable");
    expect(run.outcomes.get("waits")).toBe("confirmed");
  });

  test("a zone that fails loses nothing and keeps the order of a key", () => {
    const run = open(one({ enable_message_ordering: true }), { serviceMs: 1 });
    for (let label = 0; label < 200; label++) run.publish(label * 100, 0, label, { key: "k" });
    run.at(1000, () => run.broker.crashNode(0));
    run.runUntil(120_000);
    const first = run.labels("routed").map(Number);
    expect(first).toEqual(first.toSorted((a, b) => a - b));
    expect(run.books("s0").acknowledged).toBe(200);
    expect(run.find("confirmed").some(({ label, ms }) => ms - Number(label) * 100 > 50)).toBe(true);
  });

  test("beyond the regional quota requests are refused for the moment", () => {
    const sketch = { ...one(), parameters: { regional_throughput: 1000 } };
    const run = open(sketch, { serviceMs: 1 });
    for (let label = 0; label < 20; label++) run.publish(0, 0, label, { sizeBytes: 500 });
    run.runUntil(500);
    expect(run.find("confirmed").length).toBeLessThan(10);
    run.runUntil(300_000);
    expect(run.find("confirmed")).toHaveLength(20);
  });
});

describe("what it finds wrong", () => {
  const codes = (sketch: Sketch) =>
    pubsub
      .check(describeBroker(pubsub, sketch))
      .map(({ code }) => code.replace("google-pubsub/", ""))
      .filter((code) => code !== "endless-redelivery");

  test.each([
    [
      "a filter that mixes AND and OR",
      one({ filter: "attributes:a AND attributes:b OR attributes:c" }),
      "filter",
    ],
    [
      "exactly-once with push",
      one({ delivery_type: "push", enable_exactly_once_delivery: true }),
      "exactly-once-push",
    ],
    [
      "a dead-letter topic that does not exist",
      one({ dead_letter_topic: "nowhere" }),
      "dead-letter-topic-missing",
    ],
    ["dead letters that come back", one({ dead_letter_topic: "t" }), "dead-letter-circle"],
    [
      "a backoff whose minimum is longer than its maximum",
      one({ retry_policy: "backoff", minimum_backoff: 60_000, maximum_backoff: 30_000 }),
      "backoff-order",
    ],
    [
      "an expiration shorter than the retention",
      one({ "expiration_policy.ttl": DAY_MS }),
      "expiration-order",
    ],
    [
      "attributes that are no texts",
      sketchOf([{}], { publisher: { attributes: '{"n":1}' } }),
      "attribute-no-text",
    ],
    [
      "a topic without subscription",
      { ...sketchOf([]), subscriptions: [] },
      "topic-without-subscription",
    ],
    [
      "ordering without keys",
      sketchOf([{ parameters: { enable_message_ordering: true } }], {
        publisher: { ordering_key: false },
      }),
      "ordering-without-keys",
    ],
  ])("%s", (_, sketch, code) => {
    expect(codes(sketch)).toEqual([code]);
  });

  test("nothing, where nothing is wrong", () => {
    expect(codes(one())).toEqual([]);
  });
});
