// The synchronous twin: what becomes a call, what falls away, what cannot be turned; and that both sides draw the same.

import "../../brokers/simulated.ts";
import { describe, expect, test } from "vitest";
import { sketch, source, worker } from "../../engine/sketch.suite.ts";
import { foodDelivery } from "../../scenarios/foodDelivery.ts";
import { reportOf } from "../../scenarios/runBoth.suite.ts";
import { scenarios } from "../../scenarios/everyScenario.suite.ts";
import { lasting } from "../advice/adviceHolds.suite.ts";
import { checkScenario } from "../check.ts";
import { parseScenario } from "../parse.ts";
import type { Connection, Scenario } from "../scenario.ts";
import { randomScenario } from "../scenario.suite.ts";
import { compareTwins, type TwinComparison } from "./comparison.ts";
import { synchronousTwin, type Twin } from "./twin.ts";
import { twinRows } from "./twinTable.ts";

function twinOf(scenario: Scenario): Twin {
  const twin = synchronousTwin(scenario);
  if (twin === undefined) throw new Error("There is no twin.");
  return twin;
}

async function comparisonOf(scenario: Scenario): Promise<TwinComparison> {
  const twin = twinOf(scenario);
  return compareTwins(scenario, twin, {
    eventDriven: await reportOf(scenario),
    synchronous: await reportOf(twin.scenario),
  });
}

function figure(comparison: TwinComparison, id: string) {
  const { eventDriven, synchronous } = comparison.figures.find((one) => one.id === id)!;
  return { eventDriven, synchronous };
}

function calls({ scenario }: Twin): readonly string[] {
  return scenario.connections.flatMap(({ kind, from, to }) =>
    kind === "call" ? [`${from} → ${to}`] : [],
  );
}

/** Shop → [orders] → billing, shipping; billing → [paid] → shipping. */
function shop(more: readonly Connection[] = []): Scenario {
  return sketch({
    nodes: [
      source("shop", 10),
      { id: "broker", kind: "broker", technology: "kafka" },
      worker("billing", { serviceTime: lasting(20), concurrency: 2 }),
      worker("shipping", { serviceTime: lasting(10), concurrency: 2 }),
      { id: "bills", kind: "store" },
    ],
    channels: [
      { id: "orders", broker: "broker", kind: "topic" },
      { id: "paid", broker: "broker", kind: "topic" },
    ],
    connections: [
      { id: "place", kind: "publish", from: "shop", to: "orders", contract: "order-placed" },
      { id: "bill", kind: "consume", from: "orders", to: "billing" },
      { id: "write", kind: "write", from: "billing", to: "bills" },
      { id: "pay", kind: "publish", from: "billing", to: "paid", contract: "order-paid" },
      { id: "ship", kind: "consume", from: "paid", to: "shipping" },
      ...more,
    ],
    timeline: [
      { at: 10_000, act: "crash", target: "broker", member: 0, duration: 5000 },
      { at: 20_000, act: "crash", target: "shipping", duration: 10_000 },
    ],
  });
}

describe("the twin of food delivery", async () => {
  const twin = twinOf(foodDelivery);
  const comparison = await comparisonOf(foodDelivery);

  test("calls where it published, and leaves out what was synchronous already", () => {
    expect(calls(twin)).toEqual([
      "customers → orders",
      "orders → payment",
      "payment → matching",
      "matching → tracking",
      "tracking → notification",
    ]);
    expect(twin.scenario.nodes.map(({ id }) => id)).not.toContain("orders-sync");
    expect(twin.scenario.channels).toEqual([]);
    expect(twin.left).toEqual([]);
    expect(twin.scenario.timeline).toEqual([foodDelivery.timeline[0]]);
  });

  test("gets the same orders, and loses those of the outage that events keep", () => {
    expect(figure(comparison, "asked")).toEqual({ eventDriven: 2058, synchronous: 2058 });
    expect(figure(comparison, "failed").eventDriven).toBe(0);
    expect(figure(comparison, "failed").synchronous).toBeGreaterThan(540);
    expect(figure(comparison, "failed").synchronous).toBeLessThan(680);
    expect(figure(comparison, "lost")).toEqual({ eventDriven: 0, synchronous: 0 });
    expect(figure(comparison, "waiting")).toEqual({ eventDriven: 0, synchronous: 0 });
  });

  test("needs all five services for an answer, in one chain", () => {
    expect(figure(comparison, "needed")).toEqual({ eventDriven: 2, synchronous: 5 });
    expect(figure(comparison, "chain")).toEqual({ eventDriven: 1, synchronous: 5 });
    expect(comparison.sentence).toContain("Event-driven, none of 2,058 fails");
    expect(comparison.sentence).toContain(
      "an answer needs Orders, Payment, Driver matching, Ride tracking and Notification to be up",
    );
  });

  test("fails nothing without the outage, although its workers wait for each other", async () => {
    const quiet = await comparisonOf({ ...foodDelivery, timeline: [] });
    expect(figure(quiet, "failed")).toEqual({ eventDriven: 0, synchronous: 0 });
    expect(figure(quiet, "answer.p99").synchronous).toBeGreaterThan(
      figure(quiet, "answer.p99").eventDriven!,
    );
  });

  test("says in words who is better", () => {
    const rows = new Map(twinRows(comparison).map((row) => [row.id, row]));
    expect(rows.get("availability")).toMatchObject({ eventDriven: "100 %", better: "eventDriven" });
    expect(rows.get("done.p99")?.better).toBe("synchronous");
    expect(rows.get("asked")?.better).toBeUndefined();
  });
});

test("the same random numbers: producers and services draw what they drew", async () => {
  const quiet = { ...shop(), timeline: [] };
  const twin = twinOf(quiet);
  const [left, right] = [await reportOf(quiet), await reportOf(twin.scenario)];
  expect(right.calls.find(({ id }) => id === "place-calls-billing")?.calls).toBe(
    left.nodes.find(({ id }) => id === "shop")?.published,
  );
  // Of an exponential work in a service without a queue the means are those of the same draws.
  const exponential = {
    ...quiet,
    nodes: quiet.nodes.map((node) =>
      node.id === "shipping"
        ? {
            ...node,
            parameters: { serviceTime: { distribution: "exponential", mean: 10 }, concurrency: 50 },
          }
        : node,
    ),
  } as const satisfies Scenario;
  const work = async (scenario: Scenario): Promise<number> =>
    (await reportOf(scenario)).nodes.find(({ id }) => id === "shipping")!.latency.mean!;
  const [mean, meanOfTwin] = [await work(exponential), await work(twinOf(exponential).scenario)];
  expect(Math.abs(mean / meanOfTwin - 1)).toBeLessThan(0.02);
});

test("the broker falls away with its faults; the crash of a service stays", () => {
  const twin = twinOf(shop());
  expect(twin.scenario.timeline.map(({ target }) => target)).toEqual(["shipping"]);
  expect(twin.changes[0]).toBe("broker falls away, and with it 1 of the faults on the timeline.");
});

test("who waits gets the workers that keep its capacity", () => {
  const billing = twinOf(shop()).scenario.nodes.find(({ id }) => id === "billing");
  // 22 ms with its write become 34 with the call of 12.
  expect(billing?.parameters?.["concurrency"]).toBe(4);
});

test("each timeout is longer than those behind it together", () => {
  const timeouts = twinOf(foodDelivery).scenario.connections.flatMap((one) =>
    one.kind === "call" ? [one.parameters?.["timeout"] ?? 1000] : [],
  );
  expect(timeouts).toEqual([5000, 4000, 3000, 2000, 1000]);
});

test("an event for several services becomes a call of each, an event in a circle none", () => {
  const fanOut: Connection = { id: "also", kind: "consume", from: "orders", to: "shipping" };
  expect(calls(twinOf(shop([fanOut])))).toEqual([
    "shop → billing",
    "shop → shipping",
    "billing → shipping",
  ]);
  const back: readonly Connection[] = [
    { id: "again", kind: "publish", from: "shipping", to: "orders", contract: "order-placed" },
  ];
  const circle = twinOf(shop(back));
  expect(calls(circle)).toEqual(["shop → billing", "billing → shipping"]);
  expect(circle.left).toEqual([
    "shipping does not call billing for order-placed: calls would go round in a circle (shipping → billing → shipping), and nobody would ever answer.",
  ]);
});

test("what a call cannot do is listed: shares of events, queues that services share", () => {
  const some = shop().connections.map((one) =>
    one.id === "pay" ? { ...one, parameters: { probability: 0.25 } } : one,
  );
  expect(twinOf({ ...shop(), connections: some }).left[0]).toContain("25 %");
  const queue = sketch({
    nodes: [
      source("shop", 10),
      { id: "broker", kind: "broker", technology: "rabbitmq" },
      worker("first"),
      worker("second"),
    ],
    channels: [{ id: "jobs", broker: "broker", kind: "queue" }],
    connections: [
      { id: "place", kind: "publish", from: "shop", to: "jobs", contract: "job" },
      { id: "one", kind: "consume", from: "jobs", to: "first" },
      { id: "two", kind: "consume", from: "jobs", to: "second" },
    ],
  });
  expect(twinOf(queue).left).toEqual([
    "first and second share the messages of jobs; a call goes to each of them.",
  ]);
});

test("without events there is no twin", () => {
  expect(synchronousTwin(sketch({ nodes: [source("shop", 1)], connections: [] }))).toBeUndefined();
});

test("every twin of a ready-made or random document is a valid document", () => {
  const random = Array.from({ length: 60 }, (_, seed) => randomScenario(seed, 6));
  let twins = 0;
  for (const scenario of [...scenarios, ...random]) {
    const twin = synchronousTwin(scenario);
    if (twin === undefined) continue;
    twins++;
    expect(parseScenario(structuredClone(twin.scenario))).toEqual({
      ok: true,
      value: twin.scenario,
    });
    const errors = checkScenario(twin.scenario).filter(({ severity }) => severity === "error");
    const before = checkScenario(scenario).filter(({ severity }) => severity === "error");
    if (before.length === 0) expect(errors).toEqual([]);
  }
  expect(twins).toBeGreaterThan(20);
});
