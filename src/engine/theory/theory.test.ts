// The recogniser: services that are queues of the textbook are recognised and agree with it, others are told apart, and
// the assumption that fails is named.

import { describe, expect, test } from "vitest";
import type { Distribution } from "../../base/distribution.ts";
import type { Parameters } from "../../base/fields.ts";
import type { TheoryReport } from "../../model/report.ts";
import type { Connection, Node, Scenario } from "../../model/scenario.ts";
import { directCall, reportOf, type Sketch, sketch, source, worker } from "../sketch.suite.ts";

const exponential = (mean: number): Distribution => ({ distribution: "exponential", mean });
const rabbit: Node = { id: "broker", kind: "broker", technology: "rabbitmq" };
const kafka: Node = {
  id: "broker",
  kind: "broker",
  technology: "kafka",
  parameters: { nodes: 1, "group.initial.rebalance.delay.ms": 0 },
};
const queue = (id: string) => ({ id, broker: "broker", kind: "queue" });

function publish(from: string, to: string, parameters: Parameters = { latency: 0.01 }): Connection {
  return { id: `${from}-${to}`, kind: "publish", from, to, contract: "event", parameters };
}

function consume(from: string, to: string, parameters: Parameters = {}): Connection {
  return {
    id: `${from}-${to}`,
    kind: "consume",
    from,
    to,
    parameters: { prefetch_count: 1, latency: 0.01, ...parameters },
  };
}

function theoryOf(scenario: Scenario, id = "server"): TheoryReport {
  return reportOf(scenario).theory.find((one) => one.id === id)!;
}

const codes = ({ assumptions }: TheoryReport): readonly string[] =>
  assumptions.map(({ code }) => code);

/** Producer → service by calls. */
function called(
  rate: number,
  service: Parameters,
  about: Partial<Sketch> & { source?: Parameters } = {},
) {
  return sketch({
    duration: 4_000_000,
    ...about,
    nodes: [
      source("source", rate, about.source),
      worker("server", { serviceTime: exponential(100), ...service }),
    ],
    connections: [directCall("source", "server")],
  });
}

describe("queues of the textbook", () => {
  test.each([
    ["M/M/1", 7, {}, 1000 / 3],
    ["M/M/4", 28, { concurrency: 4 }, 100 + 1000 * (0.428_648 / 12)],
    ["M/M/1/4", 9, { mailbox: 3 }, undefined],
    [
      "M/G/3/3",
      20,
      { concurrency: 3, mailbox: 0, serviceTime: { distribution: "erlang", mean: 100, shape: 3 } },
      100,
    ],
    ["M/D/1", 7, { serviceTime: { distribution: "constant", value: 100 } }, 100 + 70 / 0.6],
    [
      "M/G/1",
      5,
      { serviceTime: { distribution: "lognormal", mean: 100, sd: 150 } },
      100 + 50 * (3.25 / 1),
    ],
    ["M/G/1", 4, { errorRate: 0.2, attempts: 3, backoff: 100, jitter: "none" }, undefined],
    ["M/D/∞", 20, { concurrency: 60, serviceTime: { distribution: "constant", value: 100 } }, 100],
    [
      "M/D/2 (approximate)",
      12,
      { concurrency: 2, serviceTime: { distribution: "constant", value: 100 } },
      undefined,
    ],
  ] as const)("%s is recognised and agrees", (model, rate, parameters, timeMs) => {
    const theory = theoryOf(called(rate, parameters));
    expect(theory).toMatchObject({ model, stable: true, arrivalsPerS: rate, assumptions: [] });
    expect(theory.sentence).toBe(`server behaves like ${model}: theory and simulation agree.`);
    expect(theory.agrees).toBe(true);
    const mean = theory.figures.find(({ measure }) => measure === "latency.mean")!;
    if (timeMs !== undefined) expect(mean.theory / timeMs).toBeCloseTo(1, 2);
    expect(mean.halfWidth! / mean.theory).toBeLessThan(0.2);
  });

  test("a queue before a worker is M/M/1", () => {
    const theory = theoryOf(
      sketch({
        duration: 3_000_000,
        nodes: [source("source", 6), rabbit, worker("server", { serviceTime: exponential(100) })],
        channels: [queue("queue")],
        connections: [publish("source", "queue"), consume("queue", "server")],
      }),
    );
    expect(theory).toMatchObject({ model: "M/M/1", agrees: true, assumptions: [] });
    expect(theory.figures.map(({ measure }) => measure)).toEqual([
      "utilisation",
      "meanInSystem",
      "latency.mean",
      "latency.p95",
    ]);
    expect(theory.figures.every(({ simulated }) => simulated !== null)).toBe(true);
  });

  test("a network with a way back is one of Jackson's: each station on its own, at the rate of the traffic equations", () => {
    const scenario = sketch({
      duration: 3_000_000,
      nodes: [
        source("source", 4),
        rabbit,
        worker("first", { serviceTime: exponential(80) }),
        worker("second", { serviceTime: exponential(100) }),
      ],
      channels: [queue("one"), queue("two")],
      connections: [
        publish("source", "one"),
        consume("one", "first"),
        publish("first", "two", { latency: 0.01 }),
        consume("two", "second"),
        publish("second", "one", { latency: 0.01, probability: 0.25 }),
      ],
    });
    const [first, second] = ["first", "second"].map((id) => theoryOf(scenario, id));
    expect(first!.arrivalsPerS).toBeCloseTo(4 / 0.75, 9);
    expect(second!.arrivalsPerS).toBeCloseTo(4 / 0.75, 9);
    expect(first).toMatchObject({ model: "M/M/1", agrees: true, assumptions: [] });
    expect(second).toMatchObject({ model: "M/M/1", agrees: true, assumptions: [] });
  });
});

describe("what is no queue of the textbook", () => {
  test("more comes than can be done", () => {
    const theory = theoryOf(called(11, {}, { duration: 100_000 }));
    expect(theory).toMatchObject({ model: "M/M/1", stable: false, figures: [], agrees: null });
    expect(theory.sentence).toBe(
      "11 come to server per second and its workers can do 10: there is no steady state, what waits grows for as long as the load lasts.",
    );
  });

  test("evenly spaced arrivals disagree with M/M/1, and say why", () => {
    const theory = theoryOf(called(8, {}, { source: { arrivals: "constant" } }));
    expect(theory).toMatchObject({ model: "M/M/1", agrees: false });
    expect(codes(theory)).toEqual(["arrivals"]);
    expect(theory.sentence).toMatch(
      /^Theory \(M\/M\/1\) says [\d.]+ .*, simulated [\d.]+.* ± .*\. Arrivals are evenly spaced, not random\.$/u,
    );
  });

  test.each([
    [
      "arrivals",
      {},
      { source: { arrivals: "renewal", gap: { distribution: "erlang", mean: 200, shape: 2 } } },
    ],
    ["arrivals", {}, { source: { batch: { distribution: "constant", value: 3 } } }],
    ["cold-start", { coldStart: { distribution: "constant", value: 50 } }, {}],
    ["polling", { pollInterval: { distribution: "constant", value: 50 } }, {}],
    ["order", { order: "priority" }, {}],
    ["timeline", {}, { timeline: [{ at: 1000, act: "crash", target: "server", duration: 2000 }] }],
  ] as const)("%s", (code, service, about) => {
    expect(codes(theoryOf(called(2, service, { duration: 60_000, ...about })))).toContain(code);
  });

  test.each([
    ["bursts", { bursts: "on-off" }],
    ["clients", { arrivals: "closed", clients: 5 }],
  ])("a source of unknown rate (%s) has no formula", (_, parameters) => {
    const theory = theoryOf(called(2, {}, { duration: 60_000, source: parameters }));
    expect(theory).toMatchObject({ model: null, arrivalsPerS: null, figures: [], agrees: null });
    expect(codes(theory)).toEqual(["arrivals"]);
    expect(theory.sentence).toMatch(/^No formula describes server\. /u);
  });

  test("work of infinite variance has no formula", () => {
    const serviceTime = { distribution: "pareto", mean: 40, shape: 1.8 } as const;
    const theory = theoryOf(called(2, { serviceTime }, { duration: 60_000 }));
    expect(theory).toMatchObject({ model: null, figures: [], agrees: null });
    expect(codes(theory)).toEqual(["tail"]);
  });

  test("cores that are shared, answers that are waited for: no formula, with the reason", () => {
    const cores = theoryOf(called(2, { concurrency: 4, cores: 2 }, { duration: 60_000 }));
    expect(cores).toMatchObject({ model: null, figures: [] });
    const scenario = sketch({
      duration: 60_000,
      nodes: [source("source", 2), worker("front"), worker("server")],
      connections: [directCall("source", "front"), directCall("front", "server")],
    });
    expect(codes(theoryOf(scenario, "front"))).toEqual(["calls"]);
    expect(codes(theoryOf(scenario, "server"))).toEqual(["callers"]);
  });

  test("what comes from a service whose work is not exponential is no Poisson stream", () => {
    const scenario = sketch({
      duration: 100_000,
      nodes: [
        source("source", 4),
        rabbit,
        worker("first", { serviceTime: { distribution: "constant", value: 80 } }),
        worker("server", { serviceTime: exponential(100) }),
      ],
      channels: [queue("one"), queue("two")],
      connections: [
        publish("source", "one"),
        consume("one", "first"),
        publish("first", "two"),
        consume("two", "server"),
      ],
    });
    expect(theoryOf(scenario, "first")).toMatchObject({ model: "M/D/1", assumptions: [] });
    expect(codes(theoryOf(scenario))).toEqual(["upstream"]);
  });

  test("Kafka: batches, the wire, partitions and commits each have their sentence", () => {
    const scenario = sketch({
      duration: 600_000,
      nodes: [
        source("source", 30),
        kafka,
        worker("server", { concurrency: 4, serviceTime: exponential(100) }),
      ],
      channels: [
        {
          id: "topic",
          broker: "broker",
          kind: "topic",
          parameters: { partitions: 4, "replication.factor": 1, "min.insync.replicas": 1 },
        },
      ],
      connections: [
        publish("source", "topic", { "linger.ms": 20 }),
        { ...consume("topic", "server"), parameters: {} },
      ],
    });
    const theory = theoryOf(scenario);
    expect(theory).toMatchObject({ model: "M/M/4", agrees: false });
    expect(codes(theory)).toEqual(["batches", "wire", "partitions", "commits"]);
    expect(theory.sentence).toContain("Each of the 4 workers has partitions of its own");
  });

  test("RabbitMQ: messages handed over ahead of time", () => {
    const scenario = sketch({
      duration: 60_000,
      nodes: [
        source("source", 20),
        rabbit,
        worker("server", { concurrency: 4, serviceTime: exponential(100) }),
      ],
      channels: [queue("queue")],
      connections: [
        publish("source", "queue", { latency: 2 }),
        consume("queue", "server", { prefetch_count: 10 }),
      ],
    });
    expect(codes(theoryOf(scenario))).toEqual(["wire", "prefetch"]);
  });
});
