// What multiplies messages, events or memory ends a run with a sentence that says which limit, where, and what to do.
// The limits themselves are too far off for a test, so these runs have nearer ones.

import { afterEach, expect, test, vi } from "vitest";
import type { Connection, Scenario } from "../model/scenario.ts";
import type { Run } from "./run.ts";
import type * as Limits from "./limits.ts";
import { finish, open, sketch, source, worker } from "./sketch.suite.ts";

type Numbers = { -readonly [name in keyof typeof Limits.limits]: number };

const { near, real } = vi.hoisted(() => ({ near: {} as Numbers, real: {} as Numbers }));

vi.mock("./limits.ts", async (original) => {
  const limits = await original<typeof Limits>();
  Object.assign(real, limits.limits);
  return { ...limits, limits: Object.assign(near, limits.limits) };
});

afterEach(() => {
  Object.assign(near, real);
});

function expectLimit(run: Run, ...words: readonly string[]): void {
  expect(run.ended()?.reason).toBe("limit");
  for (const word of words) expect(run.ended()?.sentence).toContain(word);
  expect(run.conservation().violations).toEqual([]);
}

/** Nobody reads the queue. */
function filling(rate: number): Scenario {
  return sketch({
    nodes: [source("source", rate), { id: "rabbit", kind: "broker", technology: "rabbitmq" }],
    channels: [{ id: "full", broker: "rabbit", kind: "queue" }],
    connections: [{ id: "put", kind: "publish", from: "source", to: "full", contract: "e" }],
  });
}

test("too many messages: a queue that nobody reads", () => {
  near.messages = 2000;
  const run = finish(filling(1000));
  expectLimit(run, "20,000,000 messages are alive", "in full", "lower the rate");
  expect(run.alive().messages).toBe(2001);
});

test("too many events: the run ends after exactly so many, however it is sliced", () => {
  near.events = 150_000;
  const run = finish(filling(1000));
  expectLimit(run, "100,000,000,000 events", "come to ", "shorten the run");
  expect(run.events()).toBe(150_000);
  const sliced = open(filling(1000));
  while (sliced.ended() === null) sliced.advance({ untilNs: Infinity, maxEvents: 997 });
  expect(sliced.events()).toBe(150_000);
  expect(sliced.stateHash()).toBe(run.stateHash());
});

test("too much memory: a queue that nobody reads, and the same end in slices and after going back", () => {
  near.memory = 1_000_000;
  const run = finish(filling(2000));
  expectLimit(run, "beyond 2000 MB", "lower the rates");
  expect(run.memory().usedBytes).toBeGreaterThan(1_000_000);
  const other = open(filling(2000), { historyBytes: 1e8, historyEvents: 30_000 });
  while (other.ended() === null) other.advance({ untilNs: other.timeNs() + 3e8, maxEvents: 997 });
  expect(other.stateHash()).toBe(run.stateHash());
  const lastNs = other.timeNs();
  expect(other.seek(lastNs / 2)).toEqual({ ok: true, value: null });
  expect(other.ended()).toBeNull();
  other.advance({ untilNs: Infinity, maxEvents: Infinity });
  expect(other.stateHash()).toBe(run.stateHash());
});

test("too long a chain: a service that answers each event with the same event", () => {
  const run = finish(
    sketch({
      nodes: [
        source("source", 1),
        { id: "rabbit", kind: "broker", technology: "rabbitmq" },
        worker("echo", { serviceTime: { distribution: "constant", value: 1 } }),
      ],
      channels: [{ id: "round", broker: "rabbit", kind: "queue" }],
      connections: [
        { id: "put", kind: "publish", from: "source", to: "round", contract: "e" },
        { id: "take", kind: "consume", from: "round", to: "echo" },
        { id: "again", kind: "publish", from: "echo", to: "round", contract: "e" },
      ],
    }),
  );
  expectLimit(run, "chain of 1000 causes", "at again", "break the cycle");
});

test("too much at one instant: messages that fail and come back at once", () => {
  near.instant = 3000;
  const run = finish(
    sketch({
      nodes: [
        source("source", 10),
        { id: "rabbit", kind: "broker", technology: "rabbitmq" },
        worker("refuses", { serviceTime: { distribution: "constant", value: 0 }, errorRate: 1 }),
      ],
      channels: [{ id: "storm", broker: "rabbit", kind: "queue" }],
      connections: [
        { id: "put", kind: "publish", from: "source", to: "storm", contract: "e" },
        {
          id: "take",
          kind: "consume",
          from: "storm",
          to: "refuses",
          parameters: { on_failure: "requeue", latency: 0 },
        },
      ],
    }),
  );
  expectLimit(run, "5,000,000 events happened at one instant", "service time above 0");
});

test("too many copies: a fanout into a hundred queues that nobody reads", () => {
  near.copies = 2000;
  const queues = Array.from({ length: 100 }, (_, i) => `q${i}`);
  const run = finish(
    sketch({
      nodes: [source("source", 10), { id: "rabbit", kind: "broker", technology: "rabbitmq" }],
      channels: [
        { id: "all", broker: "rabbit", kind: "exchange", parameters: { type: "fanout" } },
        ...queues.map((id) => ({ id, broker: "rabbit", kind: "queue" })),
      ],
      connections: [
        { id: "put", kind: "publish", from: "source", to: "all", contract: "e" },
        ...queues.map((to): Connection => ({ id: `to-${to}`, kind: "bind", from: "all", to })),
      ],
    }),
  );
  expectLimit(run, "copies of messages", "add consumers");
});

test("too many requests: attempts that nobody waits for, before a service that takes forever", () => {
  near.requests = 2000;
  const run = finish(
    sketch({
      nodes: [
        source("source", 100),
        worker("server", { serviceTime: { distribution: "constant", value: 1e9 } }),
      ],
      connections: [
        {
          id: "ask",
          kind: "call",
          from: "source",
          to: "server",
          contract: "r",
          parameters: { timeout: 0.001, attempts: 100, backoff: 0 },
        },
      ],
    }),
  );
  expectLimit(run, "over ask", "lower the rate");
});
