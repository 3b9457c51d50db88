// Headers exchanges, further routing keys, priorities and versions of RabbitMQ: what no shared vector states.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { manual, oneQueue, readAll, withReader } from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;

/** An exchange with a queue per entry of `bindings`, and one publisher. */
function bound(
  type: string,
  bindings: Readonly<Record<string, Parameters>>,
  publish: Parameters,
): Sketch {
  const names = Object.keys(bindings);
  return {
    channels: [
      { id: "x", kind: "exchange", parameters: { type } },
      ...names.map((id) => ({ id, kind: "queue" })),
    ],
    bindings: names.map((to) => ({ from: "x", to, parameters: bindings[to]! })),
    publishers: [{ to: "x", parameters: { latency: 0.01, ...publish } }],
  };
}

const got = (run: FakeRun, ...queues: readonly string[]) =>
  queues.filter((queue) => run.books(queue).routed > 0);

describe("headers and further keys", () => {
  it("puts key and event of each message into its headers", () => {
    const sketch = bound(
      "headers",
      { one: { arguments: '{"of":"order-1","type":"OrderPlaced"}' }, any: {} },
      { headers: '{"of":"{key}","type":"{event}"}' },
    );
    const run = new FakeRun(rabbitmq, sketch);
    run.publish(0, 0, "a", { key: "order-1" });
    run.publish(0, 0, "b", { key: "order-2" });
    run.drain();
    expect(run.labels("routed", { account: 0 })).toEqual(["a"]);
    expect(run.labels("routed", { account: 1 })).toEqual(["a", "b"]);
  });

  it("gives one copy to a queue that several keys lead to", () => {
    const sketch = bound(
      "direct",
      { q: { routing_key: "a" }, r: { routing_key: "b" } },
      { routing_key: "a", headers: '{"CC":["b","a"]}' },
    );
    const run = new FakeRun(rabbitmq, sketch);
    run.publish(0, 0, "m");
    run.drain();
    expect([run.books("q").routed, run.books("r").routed]).toEqual([1, 1]);
  });

  it("sends a copy to queues that CC names when a publisher goes through the default exchange", () => {
    const run = new FakeRun(rabbitmq, {
      channels: ["q", "r", "s"].map((id) => ({ id, kind: "queue" })),
      publishers: [{ to: "q", parameters: { headers: '{"CC":["s"]}' } }],
    });
    run.publish(0, 0, "m");
    run.drain();
    expect(got(run, "q", "r", "s")).toEqual(["q", "s"]);
  });

  it("keeps CC of a dead letter, unless a dead-letter routing key replaces all keys", () => {
    for (const [key, wanted] of [
      ["", ["one", "two"]],
      ["other", ["three"]],
    ] as const) {
      const queue = { "x-message-ttl": 1, "x-dead-letter-exchange": "dlx" };
      const run = new FakeRun(rabbitmq, {
        channels: [
          { id: "x", kind: "exchange", parameters: { type: "fanout" } },
          { id: "dlx", kind: "exchange", parameters: { type: "direct" } },
          { id: "q", kind: "queue", parameters: { ...queue, "x-dead-letter-routing-key": key } },
          ...["one", "two", "three"].map((id) => ({ id, kind: "queue" })),
        ],
        bindings: [
          { from: "x", to: "q" },
          { from: "dlx", to: "one", parameters: { routing_key: "a" } },
          { from: "dlx", to: "two", parameters: { routing_key: "b" } },
          { from: "dlx", to: "three", parameters: { routing_key: "other" } },
        ],
        publishers: [{ to: "x", parameters: { routing_key: "a", headers: '{"CC":["b"]}' } }],
      });
      run.publish(0, 0, "m");
      run.drain();
      expect(got(run, "one", "two", "three")).toEqual(wanted);
    }
  });

  it("names texts that are no headers and no arguments", () => {
    const sketch = bound("headers", { q: { arguments: '{"x-match":"some"}' } }, { headers: "[1]" });
    const codes = rabbitmq.check(describeBroker(rabbitmq, sketch)).map(({ code }) => code);
    expect(codes).toContain("rabbitmq/headers");
    expect(codes).toContain("rabbitmq/binding-arguments");
  });

  it("tells AsyncAPI of CC, BCC and priority, and reads them back", () => {
    const parameters = { headers: '{"CC":["b"],"BCC":["c"]}', priority: 7 };
    const config = describeBroker(rabbitmq, bound("topic", {}, parameters));
    const binding = rabbitmq.asyncapi.publish(config, config.publishers[0]!);
    expect(binding).toMatchObject({ cc: ["b"], bcc: ["c"], priority: 7 });
    const read = rabbitmq.asyncapi.parametersIn("publish", { ...binding });
    expect(read).toMatchObject(parameters);
  });
});

describe("priorities", () => {
  /** What comes out of a queue into which messages of these priorities went. */
  const order = (queue: Parameters, priorities: readonly (number | null)[], version = "4.0") => {
    const sketch = {
      ...withReader(oneQueue(queue)),
      parameters: { version },
      publishers: priorities.map((priority) => ({
        to: "q",
        parameters: { latency: 0.01, priority },
      })),
    };
    const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
    priorities.forEach((priority, at) => run.publish(0, at, `${priority}.${at}`));
    run.runUntil(1);
    return readAll(run, 0).map((label) => label.split(".")[0]);
  };

  it("does not matter in a classic queue without x-max-priority, nor in quorum queues before 4.0", () => {
    expect(order({}, [0, 9])).toEqual(["0", "9"]);
    expect(order({ "x-queue-type": "quorum" }, [0, 9], "3.13")).toEqual(["0", "9"]);
  });

  it("is strict from 0 to 31 in quorum queues of 4.3, where 4 is what nobody states", () => {
    const quorum = { "x-queue-type": "quorum" };
    expect(order(quorum, [3, null, 5, 31, 200, 4], "4.3")).toEqual([
      "31",
      "200",
      "5",
      "null",
      "4",
      "3",
    ]);
  });

  it("drops from the head of a full queue, which is the highest priority", () => {
    expect(order({ "x-max-priority": 5, "x-max-length": 2 }, [5, 1, 1])).toEqual(["1", "1"]);
  });

  it("lets only the head expire: a low one waits behind high ones that live on", () => {
    const base = oneQueue({ "x-max-priority": 5 });
    const run = new FakeRun(rabbitmq, {
      ...base,
      publishers: [
        { to: "q", parameters: { latency: 0.01, priority: 5 } },
        { to: "q", parameters: { latency: 0.01, priority: 1, expiration: 100 } },
      ],
    });
    run.publish(0, 0, "high");
    run.publish(0, 1, "low");
    run.runUntil(10_000);
    expect(run.books("q").waiting).toBe(2);
  });
});

describe("versions", () => {
  const failing = (version: string, on_failure: string, more: Parameters = {}) => {
    const queue = { "x-queue-type": "quorum", ...more };
    const sketch = {
      ...oneQueue(queue, [manual(1, { on_failure })]),
      parameters: { version },
    };
    const run = new FakeRun(rabbitmq, sketch, {
      plans: [{ serviceMs: 1, verdict: () => "failed" }],
    });
    run.publish(0, 0, "m");
    run.runUntil(2000);
    return run;
  };

  it("has no delivery limit before 4.0 unless one is stated", () => {
    expect(failing("3.13", "requeue").labels("deliver").length).toBeGreaterThan(100);
    expect(failing("3.13", "requeue", { "x-delivery-limit": 3 }).labels("deliver")).toHaveLength(4);
    expect(failing("4.0", "requeue").labels("deliver")).toHaveLength(21);
  });

  it("counts a nack as failed before 4.3 and not from then on, a reject always", () => {
    expect(failing("4.3", "requeue").labels("deliver").length).toBeGreaterThan(100);
    expect(failing("4.3", "reject-requeue").labels("deliver")).toHaveLength(21);
    expect(failing("4.0", "reject-requeue").labels("deliver")).toHaveLength(21);
  });

  it("keeps what was returned for the least delay, and says that it waits", () => {
    const retry = { "x-delayed-retry-type": "returned", "x-delayed-retry-min": 300 };
    const run = failing("4.3", "requeue", retry);
    const times = run.find("deliver").map(({ ms }) => Math.round(ms / 100) * 100);
    expect(times).toEqual([0, 300, 600, 900, 1200, 1500, 1800]);
    expect(run.broker.waiting(0)).toBe(1);
    expect(run.broker.oldestNs(0)).toBe(0);
    expect(run.broker.blocked(0)).toBe("1 wait for their next attempt (delayed retry)");
  });

  it("warns of what a version does not know", () => {
    const codes = (version: string, queue: Parameters, on_failure = "reject") => {
      const consumer = { prefetch_count: 1, on_failure };
      const sketch = {
        ...oneQueue({ "x-queue-type": "quorum", ...queue }, [consumer]),
        parameters: { version },
      };
      return rabbitmq.check(describeBroker(rabbitmq, sketch)).map(({ code }) => code.slice(9));
    };
    expect(codes("4.0", { "x-delayed-retry-type": "all" })).toContain("delayed-retry-since-4.3");
    expect(codes("3.13", {})).toContain("delivery-limit-since-4");
    expect(codes("4.3", {}, "requeue")).toContain("endless-requeue");
    expect(codes("4.3", {}, "reject-requeue")).not.toContain("endless-requeue");
  });
});
