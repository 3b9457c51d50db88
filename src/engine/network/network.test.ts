// Faults of the network, per pair, direction and technology; to look at one: -t 'rabbitmq, the consumer'.

import { describe, expect, test } from "vitest";
import type { Connection } from "../../model/scenario.ts";
import type { TimelineEntry } from "../../model/timeline.ts";
import { directCall, finish, open, sketch, source, worker } from "../sketch.suite.ts";
import {
  type CutDrawing,
  cutDrawing,
  drawnTechnologies,
  partition,
} from "./networkSketch.suite.ts";

const directions = ["both", "out", "in"] as const;

/** What became of 120 orders, when nothing is left anywhere. */
function outcomeOf(about: Omit<CutDrawing, "rate">) {
  const run = finish(cutDrawing({ ...about, rate: 2 }));
  const { conservation, nodes } = run.report(0);
  const payment = nodes.find(({ id }) => id === "payment")!;
  expect(conservation.violations).toEqual([]);
  expect(run.ended()?.reason).toBe("finished");
  expect(run.alive()).toMatchObject({ deliveries: 0, requests: 0 });
  expect(conservation.publications.pending).toBe(0);
  expect(conservation.copies.waiting + conservation.copies.inFlight).toBe(0);
  return { ...conservation, handled: payment.handled, redelivered: payment.redelivered };
}

/** What a consumer behind a partition of 200 s means: who notices gives what it holds to others once the network is whole;
 *  what is not kept for absent consumers is gone. */
const consumers: Readonly<
  Record<string, { readonly redelivers: boolean; readonly loses: boolean }>
> = {
  kafka: { redelivers: true, loses: false },
  rabbitmq: { redelivers: true, loses: false },
  "google-pubsub": { redelivers: true, loses: false },
  "event-grid": { redelivers: true, loses: false },
  sqs: { redelivers: true, loses: false },
  // A session that ends with its connection.
  mqtt: { redelivers: false, loses: true },
  // Nobody notices, so that what is pending is acknowledged late.
  "redis-streams": { redelivers: false, loses: false },
  // Core subjects: gone with the connection.
  nats: { redelivers: false, loses: true },
  pulsar: { redelivers: true, loses: false },
  eventbridge: { redelivers: true, loses: false },
  // Three quick retries and three minutes of slower ones are over by then.
  sns: { redelivers: false, loses: true },
  "event-hubs": { redelivers: true, loses: false },
  "service-bus": { redelivers: true, loses: false },
};

describe.each(drawnTechnologies.map((technology) => ({ technology })))(
  "$technology",
  ({ technology }) => {
    test.each(directions)(
      "short partition between producer and broker, %s: only later",
      (direction) => {
        const timeline = [partition("orders", direction, 1500)];
        const { publications, copies } = outcomeOf({ technology, timeline });
        expect(publications.refused).toBe(0);
        expect(publications.confirmed).toBe(publications.published);
        expect(copies.acknowledged).toBe(copies.routed);
      },
    );

    test.each(directions)("long partition between producer and broker, %s", (direction) => {
      const timeline = [partition("orders", direction, 150_000)];
      const { publications, copies } = outcomeOf({ technology, timeline });
      // Where the way there is cut nothing arrives that was given up; where the way back is, all of it has arrived.
      if (direction === "in") expect(copies.routed).toBe(publications.published);
      else expect(copies.routed).toBeGreaterThanOrEqual(publications.confirmed);
      expect(copies.acknowledged).toBe(copies.routed);
      expect(publications.confirmed + publications.refused).toBe(publications.published);
    });

    test.each(directions)(
      "short partition between consumer and broker, %s: only later",
      (direction) => {
        const timeline = [partition("payment", direction, 1500)];
        const { copies, handled } = outcomeOf({ technology, timeline });
        expect(copies.acknowledged).toBe(copies.routed);
        expect(handled).toBe(copies.routed);
      },
    );

    test.each(directions)("long partition between consumer and broker, %s", (direction) => {
      const timeline = [partition("payment", direction, 200_000)];
      const { copies, handled, redelivered } = outcomeOf({ technology, timeline });
      const { redelivers, loses } = consumers[technology]!;
      expect(copies.dropped > 0).toBe(loses);
      if (!loses) expect(copies.acknowledged).toBe(copies.routed);
      if (redelivers && direction !== "in") expect(redelivered).toBeGreaterThan(0);
      // What a worker was through with before it was cut off from telling so is done twice.
      if (!loses) expect(handled).toBeGreaterThanOrEqual(copies.routed);
    });
  },
);

test("a consumer that is cut off works on, and what it was handed is handled again by others", () => {
  const timeline = [partition("payment", "out", 150_000)];
  const { handled, copies } = outcomeOf({
    technology: "rabbitmq",
    timeline,
    consume: { prefetch_count: 10 },
  });
  // Two workers with ten each.
  expect(handled - copies.routed).toBe(20);
});

test("a lost confirmation makes the producer send again, which an idempotent one does without a duplicate", () => {
  const timeline = [partition("orders", "in", 100_000)];
  const sent = (publish: Connection["parameters"]) =>
    outcomeOf({ technology: "kafka", timeline, ...(publish === undefined ? {} : { publish }) });
  const careful = sent({ "enable.idempotence": true, acks: "all" });
  const careless = sent({ "enable.idempotence": false, acks: "1" });
  expect(careless.copies.routed).toBeGreaterThan(careful.copies.routed + 40);
  expect(careful.handled).toBe(careful.publications.published);
  expect(careful.publications.refused).toBe(0);
});

/** Requests from Shop to Stock, one each second. */
function calling(timeline: readonly TimelineEntry[], parameters: Connection["parameters"] = {}) {
  const call = directCall("shop", "stock");
  return sketch({
    duration: 60_000,
    sourcesStopAt: 50_000,
    nodes: [
      source("shop", 1, { arrivals: "constant" }),
      worker("stock", { serviceTime: { distribution: "constant", value: 0 } }),
    ],
    connections: [{ ...call, parameters: { ...call.parameters, ...parameters } }],
    timeline,
  });
}

describe("calls", () => {
  const fault = { at: 0, act: "network", target: "shop", to: ["stock"] } as const;

  test("take as much longer as the network says, in the direction of which it says so", () => {
    const latency = { distribution: "constant", value: 40 } as const;
    for (const [direction, ms] of [
      ["out", 40],
      ["in", 40],
      ["both", 80],
    ] as const) {
      const [line] = finish(calling([{ ...fault, direction, latency }])).report(0).calls;
      expect(line?.latency.mean).toBeCloseTo(ms, 9);
    }
  });

  test("take 200 ms longer for a lost packet, 600 ms for two in a row", () => {
    const { calls } = finish(calling([{ ...fault, direction: "out", loss: 0.5 }])).report(0);
    expect(calls[0]?.succeeded).toBe(49);
    expect(calls[0]?.latency.max).toBeGreaterThanOrEqual(600);
    const steps = [600, 1400, 3000, 6200, 12_600];
    expect(steps.some((step) => Math.abs(step - (calls[0]?.latency.max ?? -1)) < 30)).toBe(true);
  });

  test("time out behind a partition, and a request that was given up never arrives", () => {
    const cut = [
      { ...fault, at: 10_500, partition: true, direction: "out", duration: 20_000 },
    ] as const;
    const report = finish(calling(cut, { timeout: 1000 })).report(0);
    expect(report.calls[0]?.failed).toEqual({ timeout: 19 });
    expect(report.nodes.find(({ id }) => id === "stock")?.handled).toBe(30);
    // The answers are cut off instead: the work is done, but the callers do not hear of it.
    const back = cut.map((entry) => ({ ...entry, direction: "in" }) as const);
    const deaf = finish(calling(back, { timeout: 1000 })).report(0);
    expect(deaf.calls[0]?.failed).toEqual({ timeout: 19 });
    expect(deaf.nodes.find(({ id }) => id === "stock")?.handled).toBe(49);
  });

  test("are asked twice where the network duplicates", () => {
    const report = finish(calling([{ ...fault, duplication: 1 }])).report(0);
    expect(report.nodes.find(({ id }) => id === "stock")?.handled).toBe(98);
    expect(report.calls[0]?.succeeded).toBe(49);
  });
});

describe("an ordered connection", () => {
  test("lets through as many bytes as its bandwidth says", () => {
    // 5 events of 1,000 bytes a second over a line of 4,000 bytes a second: after 50 s 50 events are behind.
    const slow = { at: 0, act: "network", target: "orders", bandwidth: 4000 } as const;
    const scenario = cutDrawing({
      technology: "kafka",
      rate: 5,
      timeline: [slow],
      publish: { size: 1000 },
    });
    const run = open({
      ...scenario,
      nodes: scenario.nodes.map((node) =>
        node.kind === "producer" ? source("orders", 5, { arrivals: "constant" }) : node,
      ),
    });
    run.advance({ untilNs: 50e9, maxEvents: Infinity });
    const { publications } = run.conservation();
    expect(publications.pending).toBeGreaterThanOrEqual(49);
    expect(publications.pending).toBeLessThanOrEqual(52);
  });

  test("keeps order although packets come late", () => {
    const late = {
      at: 0,
      act: "network",
      target: "orders",
      reordering: 0.3,
      reorderDelay: 400,
    } as const;
    const order: number[] = [];
    const run = open(cutDrawing({ technology: "rabbitmq", timeline: [late] }), {
      onEvent: ({ event, message }) => {
        if (event === "stored") order.push(message);
      },
    });
    run.advance({ untilNs: 60e9, maxEvents: Infinity });
    expect(order.length).toBeGreaterThan(1000);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});

describe("a store", () => {
  function writing(direction: "out" | "in") {
    return finish(
      sketch({
        duration: 60_000,
        sourcesStopAt: 30_000,
        nodes: [
          source("shop", 1, { arrivals: "constant" }),
          worker("stock", { attempts: 3, concurrency: 20 }),
          { id: "database", kind: "store" },
        ],
        connections: [
          directCall("shop", "stock"),
          { id: "w", kind: "write", from: "stock", to: "database" },
        ],
        timeline: [
          {
            at: 10_500,
            act: "network",
            target: "stock",
            to: ["database"],
            direction,
            partition: true,
            duration: 10_000,
          },
        ],
      }),
    ).report(0);
  }

  test("that is not reached makes the attempt fail, and one whose answer is lost is written again", () => {
    const written = (direction: "out" | "in") =>
      writing(direction).nodes.find(({ id }) => id === "database")!.writes;
    expect(writing("out").conservation.violations).toEqual([]);
    expect(written("out")).toBe(29);
    expect(written("in")).toBeGreaterThan(33);
  });
});

test("without a fault of the network nothing is different, and after its end nothing is left of it", () => {
  const drawing = (timeline: readonly TimelineEntry[]) =>
    cutDrawing({ technology: "sqs", timeline, rate: 5 });
  const run = open(drawing([]));
  run.advance({ untilNs: 20e9, maxEvents: Infinity });
  const done = run.act({ act: "network", target: "payment", loss: 0.1 });
  run.advance({ untilNs: 30e9, maxEvents: Infinity });
  const healed = run.act({ act: "heal", target: "payment" });
  run.advance({ untilNs: Infinity, maxEvents: Infinity });
  if (!done.ok || !healed.ok) throw new Error("both can be done.");
  expect(run.stateHash()).toBe(finish(drawing([done.value, healed.value])).stateHash());
  expect(run.stateHash()).not.toBe(finish(drawing([])).stateHash());
});
