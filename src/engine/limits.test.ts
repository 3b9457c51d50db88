// What multiplies messages in memory ends a run with a sentence. The limits themselves are too far off for a test, so
// these runs have nearer ones.

import { expect, test, vi } from "vitest";
import type { Connection } from "../model/scenario.ts";
import type * as Limits from "./limits.ts";
import { finish, sketch, source, worker } from "./sketch.suite.ts";

vi.mock("./limits.ts", async (original) => {
  const real = await original<typeof Limits>();
  return { ...real, limits: { ...real.limits, copies: 2000, requests: 2000 } };
});

test("too many copies: a fanout into a hundred queues that nobody reads", () => {
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
  expect(run.ended()).toMatchObject({
    reason: "limit",
    sentence: expect.stringContaining("copies"),
  });
  expect(run.conservation().holds).toBe(true);
});

test("too many requests: attempts that nobody waits for, before a service that takes forever", () => {
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
  expect(run.ended()).toMatchObject({
    reason: "limit",
    sentence: expect.stringContaining("over ask"),
  });
  expect(run.conservation().holds).toBe(true);
});
