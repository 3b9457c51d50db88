// What the comparison with the naive engine has found: each finding as small as it could be made.

import { describe, expect, test } from "vitest";
import type { MessageEvent } from "../model/events.ts";
import type { Scenario } from "../model/scenario.ts";
import { finish, sketch, source, worker } from "./sketch.suite.ts";

const constant = (value: number) => ({ distribution: "constant", value }) as const;

function logOf(scenario: Scenario): readonly MessageEvent[] {
  const log: MessageEvent[] = [];
  finish(scenario, { onEvent: (record) => log.push(record) });
  return log;
}

describe("a request that arrives after its time-out", () => {
  const late = sketch({
    nodes: [
      source("client", 1, { arrivals: "constant" }),
      worker("server", { serviceTime: constant(1) }),
    ],
    connections: [
      {
        id: "ask",
        kind: "call",
        from: "client",
        to: "server",
        contract: "request",
        parameters: { timeout: 4, latency: constant(10), attempts: 2, backoff: 0 },
      },
    ],
    duration: 1999,
  });

  test("is nobody's attempt, neither the present one of its call nor one of a later call", () => {
    const arrivals = logOf(late).filter(({ event }) => event === "arrived");
    expect(arrivals.map(({ attempt }) => attempt)).toEqual([0, 0]);
  });
});
