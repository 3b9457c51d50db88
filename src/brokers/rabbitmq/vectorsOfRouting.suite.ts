// The shared vectors of RabbitMQ about routing: who gets a copy, and what the publisher learns.

import { expect } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { has, type Shape, texts } from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;

/** A binding of a test: parameters of the binding, by the name of what it is. */
type Bound = Readonly<Record<string, Parameters>>;

/** Publishes one message and returns which of the bindings, each to a queue of its own, brought it. */
function receivers(
  type: string,
  bindings: Bound,
  { key = "", headers = {} }: { key?: string; headers?: object },
): string[] {
  const names = Object.keys(bindings);
  const run = new FakeRun(rabbitmq, {
    channels: [
      { id: "x", kind: "exchange", parameters: { type } },
      ...names.map((_, at) => ({ id: `q${at}`, kind: "queue" })),
    ],
    bindings: names.map((name, at) => ({ from: "x", to: `q${at}`, parameters: bindings[name]! })),
    // An empty routing key stands for the event's name, so the key travels as the message's key.
    publishers: [
      { to: "x", parameters: { routing_key: "{key}", headers: JSON.stringify(headers) } },
    ],
  });
  run.publish(0, 0, "m", { key });
  run.drain();
  return names.filter((_, at) => run.books(`q${at}`).routed === 1);
}

const byKey = (keys: readonly string[]): Bound =>
  Object.fromEntries(keys.map((key) => [key, { routing_key: key }]));

/** Copies that each queue gets of one message, for bindings given as [queue, key]. */
function copies(type: string, pairs: readonly (readonly [string, string])[], publish: Parameters) {
  const queues = [...new Set(pairs.map(([queue]) => queue))];
  const run = new FakeRun(rabbitmq, {
    channels: [
      { id: "x", kind: "exchange", parameters: { type } },
      ...queues.map((id) => ({ id, kind: "queue" })),
    ],
    bindings: pairs.map(([to, key]) => ({ from: "x", to, parameters: { routing_key: key } })),
    publishers: [{ to: "x", parameters: publish }],
  });
  run.publish(0, 0, "m");
  run.drain();
  return Object.fromEntries(queues.map((queue) => [queue, run.books(queue).routed]));
}

const patterns: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "exchange", "key") &&
    Array.isArray(given.bindings) &&
    has(wanted, "matched_bindings"),
  check: ({ given, expect: wanted }) => {
    const found = receivers(given.exchange, byKey(given.bindings), { key: given.key });
    expect(found.toSorted()).toEqual(texts(wanted.matched_bindings).toSorted());
  },
};

const headers: Shape = {
  fits: ({ given, expect: wanted }) =>
    given.exchange === "headers" && has(given, "headers") && has(wanted, "matched_bindings"),
  check: ({ given, expect: wanted }) => {
    const bindings = Object.fromEntries(
      Object.entries(given.bindings).map(([name, stated]) => [
        name,
        { arguments: JSON.stringify(stated) },
      ]),
    );
    const found = receivers("headers", bindings, { headers: given.headers });
    expect(found.toSorted()).toEqual(texts(wanted.matched_bindings).toSorted());
  },
};

const keysToQueues: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "keys", "bindings") && has(wanted, "unrouted"),
  check: ({ given, expect: wanted }) => {
    const keys: string[] = given.keys;
    const got = keys.map((key) => copies(given.exchange, given.bindings, { routing_key: key }));
    for (const [queue, expected] of Object.entries(wanted)) {
      const isHere = (at: number) =>
        queue === "unrouted"
          ? Object.values(got[at]!).every((count) => count === 0)
          : got[at]![queue] === 1;
      expect(
        keys.filter((_, at) => isHere(at)),
        queue,
      ).toEqual(expected);
    }
  },
};

const oneCopy: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "bindings", "key") && has(wanted, "copies_in_q"),
  check: ({ given, expect: wanted }) => {
    const got = copies(given.exchange, given.bindings, { routing_key: given.key });
    expect(got["q"]).toBe(wanted.copies_in_q);
  },
};

const twoWays: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "exchanges") && has(wanted, "copies_in_q"),
  check: ({ expect: wanted }) => {
    const fanout = { kind: "exchange", parameters: { type: "fanout" } };
    const run = new FakeRun(rabbitmq, {
      channels: [
        ...["f", "f1", "f2"].map((x) => ({ id: x, ...fanout })),
        { id: "q", kind: "queue" },
      ],
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
  },
};

const defaultExchange: Shape = {
  fits: ({ given, expect: wanted }) => given.exchange === "default" && has(wanted, "delivered_to"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(rabbitmq, {
      channels: [{ id: given.queue, kind: "queue" }],
      publishers: [{ to: given.queue }],
    });
    run.publish(0, 0, "m");
    run.drain();
    expect(wanted.delivered_to.map((queue: string) => run.books(queue).waiting)).toEqual([1]);
  },
};

const alternate: Shape = {
  fits: ({ given, expect: wanted }) => has(given, "ae_queue") && has(wanted, "delivered_to"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(rabbitmq, {
      channels: [
        { id: "d", kind: "exchange", parameters: { type: "direct", "alternate-exchange": "ae" } },
        { id: "ae", kind: "exchange", parameters: { type: "fanout" } },
        { id: given.ae_queue, kind: "queue" },
      ],
      bindings: [{ from: "ae", to: given.ae_queue }],
      publishers: [{ to: "d", parameters: { mandatory: given.mandatory, routing_key: given.key } }],
    });
    run.publish(0, 0, "m");
    run.drain();
    expect(wanted.delivered_to.map((queue: string) => run.books(queue).waiting)).toEqual([1]);
    expect(run.outcomes.get("m") === "refused: unroutable").toBe(wanted.returned);
  },
};

const furtherKeys: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "headers", "key", "bindings") && has(wanted, "delivered_to"),
  check: ({ given, expect: wanted }) => {
    const stated = { routing_key: given.key, headers: JSON.stringify(given.headers) };
    const got = copies(given.exchange, given.bindings, stated);
    expect(Object.keys(got).filter((queue) => got[queue] === 1)).toEqual(wanted.delivered_to);
    if (!has(wanted, "consumer_sees_BCC")) return;
    // What consumers see is what exchanges see: BCC is taken out before.
    const seen = receivers("headers", { it: { arguments: '{"BCC":null}' } }, given);
    expect(seen.length > 0).toBe(wanted.consumer_sees_BCC);
  },
};

const unroutable: Shape = {
  fits: ({ given, expect: wanted }) => given.publish === "unroutable" && has(wanted, "events"),
  check: ({ given, expect: wanted }) => {
    const run = new FakeRun(rabbitmq, {
      channels: [{ id: "x", kind: "exchange" }],
      publishers: [{ to: "x", parameters: { mandatory: given.mandatory ?? false } }],
    });
    run.publish(0, 0, "m");
    run.drain();
    // Return and ack are one answer here: the application learns that the message was unroutable.
    const isReturned = wanted.events.some((event: string) => event.startsWith("return"));
    expect(run.outcomes.get("m")).toBe(isReturned ? "refused: unroutable" : "confirmed");
    expect(run.labels("unroutable")).toEqual(isReturned ? [] : ["m"]);
  },
};

const missingExchange: Shape = {
  fits: ({ expect: wanted }) => wanted.error === 404,
  check: ({ expect: wanted }) => {
    const run = new FakeRun(rabbitmq, {
      channels: [{ id: "x", kind: "exchange", parameters: { declared: false } }],
      publishers: [{ to: "x" }],
    });
    run.publishAll(0, 0, ["m", "n"]);
    run.drain();
    for (const label of ["m", "n"])
      expect(run.outcomes.get(label)).toBe(`refused: ${wanted.error}: no exchange`);
  },
};

/** Shapes of vectors about routing. */
export const routingShapes: readonly Shape[] = [
  patterns,
  headers,
  keysToQueues,
  oneCopy,
  twoWays,
  defaultExchange,
  alternate,
  furtherKeys,
  unroutable,
  missingExchange,
];
