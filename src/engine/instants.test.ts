// Exact moments: when constant arrivals come, what goes first at one instant, and how old the oldest message is.

import { expect, test } from "vitest";
import type { MessageEvent } from "../model/events.ts";
import type { Scenario } from "../model/scenario.ts";
import { directCall, finish, reportOf, sketch, source, worker } from "./sketch.suite.ts";

const steady = { arrivals: "constant" } as const;
const quick = { serviceTime: { distribution: "constant", value: 1 } } as const;

test("the n-th constant arrival comes at n divided by the rate, without drift", () => {
  const log: MessageEvent[] = [];
  const scenario = sketch({
    duration: 100_000,
    nodes: [source("source", 3, steady), worker("server", quick)],
    connections: [directCall("source", "server")],
  });
  finish(scenario, { onEvent: (record) => log.push(record) });
  const times = log.filter(({ event }) => event === "requested").map(({ t }) => t * 1e9);
  expect(times).toHaveLength(299);
  times.forEach((timeNs, i) => expect(Math.round(timeNs)).toBe(Math.round(((i + 1) * 1e9) / 3)));
});

test("at one instant the timeline comes before everything else", () => {
  const scenario = sketch({
    duration: 1_950,
    nodes: [source("source", 10, steady), worker("server", quick)],
    connections: [directCall("source", "server")],
    timeline: [
      { at: 1000, act: "crash", target: "server" },
      { at: 1500, act: "restart", target: "server" },
    ],
  });
  // Those of 1.0, 1.1, 1.2, 1.3 and 1.4 s fail; that of 1.5 s finds the server back.
  const [call] = reportOf(scenario).calls;
  expect(call).toMatchObject({ calls: 19, succeeded: 14, failed: { unavailable: 5 } });
});

/** Ten orders a second from 0.1 s on for a service that is down from the start. */
function standstill(technology: "kafka" | "rabbitmq"): Scenario {
  return sketch({
    duration: 10_000,
    nodes: [
      source("shop", 10, steady),
      { id: "broker", kind: "broker", technology },
      worker("billing", quick),
      { id: "ledger", kind: "store" },
      { id: "archive", kind: "store" },
      worker("keeper", quick),
    ],
    channels: [
      { id: "orders", broker: "broker", kind: technology === "kafka" ? "topic" : "queue" },
    ],
    connections: [
      { id: "place", kind: "publish", from: "shop", to: "orders", contract: "order" },
      { id: "bill", kind: "consume", from: "orders", to: "billing" },
      { id: "book", kind: "write", from: "billing", to: "ledger" },
      { id: "keep", kind: "write", from: "keeper", to: "archive" },
    ],
    timeline: [{ at: 0, act: "crash", target: "billing" }],
  });
}

for (const technology of ["kafka", "rabbitmq"] as const)
  test(`${technology}: lag in time is the age of the oldest message, and the store behind it is as stale`, () => {
    const report = reportOf(standstill(technology));
    expect(report.subscriptions[0]!.lagSeconds).toBeCloseTo(9.9, 9);
    expect(report.channels[0]!.lagSeconds).toBeCloseTo(9.9, 9);
    expect(report.subscriptions[0]!.lagMessages).toBe(99);
    const store = (id: string) => report.nodes.find((node) => node.id === id)!;
    expect(store("ledger")).toMatchObject({ lagMessages: 99, writes: 0, entities: 0 });
    expect(store("ledger").lagSeconds).toBeCloseTo(9.9, 9);
    expect(store("archive")).toMatchObject({ lagMessages: 0, lagSeconds: 0 });
  });
