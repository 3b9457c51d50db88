// Documents that parse and yet strain the engine: each must run, or end with a sentence, and its books must balance.

import { describe, expect, test } from "vitest";
import type { Distribution } from "../base/distribution.ts";
import type { FieldValue } from "../base/fields.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import type { Report } from "../model/report.ts";
import { createRun } from "./run.ts";
import { finish, open, reportOf, sketch, source, worker } from "./sketch.suite.ts";

type Values = Readonly<Record<string, FieldValue>>;

interface Extremes {
  readonly producer?: Values;
  readonly broker?: Values;
  readonly channel?: Values;
  readonly publish?: Values;
  readonly consume?: Values;
  readonly service?: Values;
  readonly duration?: number;
  readonly sourcesStopAt?: number;
  readonly timeline?: readonly TimelineEntry[];
}

/** Producer → queue or topic → service, with what a case is about. */
function line(technology: "kafka" | "rabbitmq", about: Extremes): Scenario {
  const kind = technology === "kafka" ? "topic" : "queue";
  const { duration = 5000, sourcesStopAt, timeline = [] } = about;
  return sketch({
    duration,
    ...(sourcesStopAt === undefined ? {} : { sourcesStopAt }),
    nodes: [
      source("source", 100, about.producer),
      { id: "broker", kind: "broker", technology, parameters: about.broker ?? {} },
      worker("server", about.service),
    ],
    channels: [{ id: "channel", broker: "broker", kind, parameters: about.channel ?? {} }],
    connections: [
      {
        id: "put",
        kind: "publish",
        from: "source",
        to: "channel",
        contract: "event",
        parameters: about.publish ?? {},
      },
      {
        id: "take",
        kind: "consume",
        from: "channel",
        to: "server",
        parameters: about.consume ?? {},
      },
    ],
    timeline,
  });
}

function calling(client: Values, call: Values, server: Values): Scenario {
  return sketch({
    duration: 5000,
    nodes: [source("source", 100, client), worker("server", server)],
    connections: [
      { id: "call", kind: "call", from: "source", to: "server", contract: "r", parameters: call },
    ],
  });
}

const at = (ms: number): Distribution => ({ distribution: "constant", value: ms });
const longest = 8.9e9;

/** Everything that is true of any report. */
function expectPlausible(report: Report): void {
  expect(report.conservation.violations).toEqual([]);
  for (const { id, utilisation, backlog, inFlight } of report.nodes) {
    expect(utilisation, `utilisation of ${id}`).toBeGreaterThanOrEqual(0);
    expect(utilisation, `utilisation of ${id}`).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.min(backlog, inFlight), `messages inside ${id}`).toBeGreaterThanOrEqual(0);
  }
  for (const one of [...report.nodes, ...report.channels, ...report.flows, ...report.calls]) {
    const { count, mean, p50, p95, p99, max } = one.latency;
    if (count === 0) continue;
    const ascending = [0, p50!, p95!, p99!, max!];
    expect(ascending, `latency of ${one.id}`).toEqual(ascending.toSorted((a, b) => a - b));
    expect(mean!).toBeLessThanOrEqual(max!);
  }
  // Where nothing was observed or nothing is known stands null; what is no number would become that in JSON.
  expect(brokenNumbersIn(report)).toEqual([]);
}

/** Places of numbers that are not finite. */
function brokenNumbersIn(value: unknown, place = "report"): readonly string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${place} is ${value}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => brokenNumbersIn(one, `${place}.${key}`));
}

const cases: Readonly<Record<string, Scenario>> = {
  "a rate of a million and no service time": line("rabbitmq", {
    producer: { rate: 1e6 },
    service: { serviceTime: at(0) },
  }),
  "a million a second into Kafka": line("kafka", { producer: { rate: 1e6 }, duration: 1000 }),
  "a rate of next to nothing": line("rabbitmq", { producer: { rate: 1e-300 } }),
  "the same, evenly spaced": line("kafka", {
    producer: { rate: 1e-300, arrivals: "constant" },
  }),
  "a million keys by Zipf's law": line("kafka", {
    producer: { keys: 1e6, keyChoice: "zipf", zipfExponent: 4 },
  }),
  "no request may wait": calling({}, {}, { mailbox: 0 }),
  "a hundred attempts without back-off that all fail": line("rabbitmq", {
    service: { attempts: 100, backoff: 0, errorRate: 1, serviceTime: at(0) },
    consume: { on_failure: "requeue" },
  }),
  "calls that give up after a microsecond, a hundred times": calling(
    { rate: 1e4 },
    { attempts: 100, backoff: 0, timeout: 0.001 },
    { serviceTime: at(longest) },
  ),
  "nothing lives longer than no time": line("rabbitmq", { channel: { "x-message-ttl": 0 } }),
  "messages that expire at once": line("rabbitmq", { publish: { expiration: 0 } }),
  "a queue for no message": line("rabbitmq", { channel: { "x-max-length": 0 } }),
  "no limit of prefetch": line("rabbitmq", {
    producer: { rate: 2000 },
    consume: { prefetch_count: 0 },
  }),
  "a requeue storm": line("rabbitmq", {
    service: { errorRate: 1, serviceTime: at(0) },
    channel: { "x-queue-type": "quorum", "x-delivery-limit": -1 },
    consume: { on_failure: "requeue" },
  }),
  "a consumer timeout below the service time": line("rabbitmq", {
    broker: { consumer_timeout: 1, channel_tick_interval: 1000 },
  }),
  "a thousand partitions and a poll of everything": line("kafka", {
    channel: { partitions: 1000 },
    consume: { "max.poll.records": 1e6 },
  }),
  "a session that ends before its heartbeat arrives": line("kafka", {
    consume: { "session.timeout.ms": 10, "heartbeat.interval.ms": 1, "max.poll.interval.ms": 10 },
    timeline: [{ at: 1000, act: "crash", target: "server", duration: 500 }],
  }),
  "no latency anywhere": line("kafka", {
    publish: { "network.latency.ms": 0, "linger.ms": 0 },
    consume: { "network.latency.ms": 0 },
    service: { serviceTime: at(0) },
  }),
  "a delivery timeout of a millisecond": line("kafka", {
    publish: { "delivery.timeout.ms": 1, "linger.ms": 0 },
  }),
  "retries without a pause while no broker is up": line("kafka", {
    publish: { "retry.backoff.ms": 0, "retry.backoff.max.ms": 0 },
    timeline: [0, 1, 2].map((member) => ({ at: 1000, act: "crash", target: "broker", member })),
  }),
  "nothing is retained": line("kafka", {
    channel: { "retention.ms": 0, "retention.bytes": 0, "segment.ms": 1 },
    broker: { "log.retention.check.interval.ms": 1 },
  }),
  "the largest payload": line("kafka", { publish: { size: 2 ** 30 } }),
  "batches of nothing": line("kafka", { publish: { "batch.size": 0 } }),
  "producers that stop before they begin": line("kafka", { sourcesStopAt: 0 }),
  "the shortest run": line("rabbitmq", { duration: 1 }),
  "the longest run": line("kafka", { duration: longest, producer: { rate: 0 } }),
  "crashes of no length": line("rabbitmq", {
    timeline: [
      { at: 1000, act: "crash", target: "server", duration: 0 },
      { at: 1000, act: "crash", target: "broker", member: 0, duration: 0 },
    ],
  }),
  "everything is down from the start": line("kafka", {
    timeline: [
      { at: 0, act: "crash", target: "server" },
      ...[0, 1, 2].map((member) => ({ at: 0, act: "crash", target: "broker", member }) as const),
    ],
  }),
};

describe("runs with extreme parameters stay in balance", () => {
  for (const [name, scenario] of Object.entries(cases))
    test(name, () => {
      const run = open(scenario);
      for (let slice = 0; slice < 10 && run.ended() === null; slice++) {
        run.advance({ untilNs: Infinity, maxEvents: 4000 });
        expect(run.conservation().violations).toEqual([]);
      }
      expectPlausible(run.report(0));
    });

  const distributions: readonly Distribution[] = [
    { distribution: "lognormal", mean: 1e-6, sd: longest },
    { distribution: "lognormal", mean: longest, sd: 0 },
    { distribution: "hyperexponential", mean: longest, cv2: 1000 },
    { distribution: "hyperexponential", mean: 1e-6, cv2: 1 },
    { distribution: "erlang", mean: 1e-6, shape: 1000 },
    { distribution: "exponential", mean: longest },
    { distribution: "uniform", min: 0, max: 0 },
    { distribution: "gamma", mean: longest, shape: 0.05 },
    { distribution: "weibull", mean: longest, shape: 0.2 },
    { distribution: "weibull", mean: 1e-6, shape: 100 },
    { distribution: "pareto", mean: longest, shape: 1.05 },
    { distribution: "pareto", mean: 1, shape: 100 },
    { distribution: "triangular", min: 0, mode: 0, max: 0 },
    {
      distribution: "empirical",
      values: [
        { value: longest, weight: 1e-6 },
        { value: 0, weight: 1e9 },
      ],
    },
  ];
  for (const distribution of distributions)
    test(`service time and latency are ${JSON.stringify(distribution)}`, () => {
      const service = { serviceTime: distribution };
      expectPlausible(reportOf(line("rabbitmq", { service })));
      expectPlausible(reportOf(calling({}, { latency: distribution, timeout: 1e6 }, service)));
    });
});

test("an id like the engine's own names is an id like any other", () => {
  for (const id of ["account-0", "message", "call", "nodes", "ledger", "clock", "timeline"]) {
    const scenario = line("kafka", {});
    const nodes = scenario.nodes.map((node) => (node.id === "server" ? { ...node, id } : node));
    const connections = scenario.connections.map((link) =>
      link.to === "server" ? { ...link, to: id } : link,
    );
    expectPlausible(reportOf({ ...scenario, nodes, connections }));
  }
});

test("thousands of publications without confirmation are made one after the other", () => {
  const events = Array.from({ length: 9000 }, (_, i): Connection => {
    const parameters = { confirms: false };
    return { id: `e${i}`, kind: "publish", from: "server", to: "out", contract: "e", parameters };
  });
  const scenario = line("rabbitmq", { producer: { rate: 2, arrivals: "constant" } });
  const out = { id: "out", broker: "broker", kind: "queue" };
  const { publications } = reportOf({
    ...scenario,
    load: { duration: 1500, sourcesStopAt: 600 },
    channels: [...scenario.channels, out],
    connections: [...scenario.connections, ...events],
    contracts: [...scenario.contracts, { id: "e", name: "E", contractVersion: "1", schema: {} }],
  }).conservation;
  expect(publications).toMatchObject({ published: 9001, confirmed: 9001, pending: 0 });
});

test("workers that are one too many count as workers until they are through", () => {
  const scenario = calling({ rate: 1000 }, {}, { concurrency: 50, serviceTime: at(5000) });
  const shrink = { act: "set", target: "server", parameter: "concurrency", value: 1 } as const;
  expectPlausible(reportOf({ ...scenario, timeline: [{ at: 1000, ...shrink }] }));
});

describe("an act on a node that the cluster does not have", () => {
  const run = open(line("kafka", {}));
  for (const member of [3, 99, -1, 1.5, Number.NaN, Infinity])
    test(`is refused: ${member}`, () => {
      const onBroker = run.act({ act: "crash", target: "broker", member });
      expect(onBroker).toMatchObject({ ok: false, failure: expect.stringContaining("3 nodes") });
      const onService = run.act({ act: "restart", target: "server", member });
      expect(onService).toMatchObject({ ok: false, failure: expect.stringContaining("cluster") });
    });
});

test("an act after weeks of simulated time repeats itself to the nanosecond", () => {
  const scenario = line("rabbitmq", { duration: longest, producer: { rate: 0 } });
  const run = open(scenario);
  const timeline: TimelineEntry[] = [];
  for (let day = 92; day < 102; day++)
    for (let i = 0; i < 50; i++) {
      run.advance({ untilNs: day * 8.64e13 + i * 1_234_567, maxEvents: Infinity });
      const act = run.act({ act: "set", target: "source", parameter: "rate", value: 0 });
      if (act.ok) timeline.push(act.value);
    }
  const until = { untilNs: run.timeNs(), maxEvents: Infinity };
  const again = open({ ...scenario, timeline });
  again.advance(until);
  expect(timeline).toHaveLength(500);
  expect(again.stateHash()).toBe(run.stateHash());
});

describe("documents as large as they may be", () => {
  const services = Array.from({ length: 800 }, (_, i): Node => worker(`s${i}`));
  const broker: Node = { id: "broker", kind: "broker", technology: "rabbitmq" };
  const queue = { id: "queue", broker: "broker", kind: "queue" };

  test("five million partitions are refused before there is memory for any", () => {
    const channels = Array.from({ length: 5000 }, (_, i) => {
      return { id: `t${i}`, broker: "broker", kind: "topic", parameters: { partitions: 1000 } };
    });
    const kafka: Node = { id: "broker", kind: "broker", technology: "kafka" };
    const run = createRun(sketch({ nodes: [kafka], channels, connections: [] }));
    const codes = run.ok ? [] : run.failure.map(({ code }) => code);
    expect(codes).toContain("document/too-many-partitions");
  });

  test("eight hundred services that each know two thousand contracts", () => {
    const contracts = Array.from({ length: 2000 }, (_, i) => `c${i}`);
    const connections = services.map(({ id }, i): Connection => {
      const link = { id: `p${i}`, from: id, to: "queue", contract: contracts[i]! };
      return { ...link, kind: "publish", after: [contracts[i + 1]!] };
    });
    const nodes = [source("source", 1), broker, ...services];
    const run = open(sketch({ nodes, channels: [queue], connections, contracts }));
    expect(run.ended()).toBeNull();
  });

  test("three hundred producers that reach three hundred services: a note says what is left out", () => {
    const sources = Array.from({ length: 300 }, (_, i) => source(`p${i}`, 1));
    const chain = services.slice(0, 300);
    const call = (id: string, from: string, to: string): Connection => {
      return { id, kind: "call", from, to, contract: "r" };
    };
    const connections = [
      ...sources.map(({ id }, i) => call(`in${i}`, id, "s0")),
      ...chain.slice(1).map(({ id }, i) => call(`on${i}`, `s${i}`, id)),
    ];
    const run = finish(sketch({ duration: 1, nodes: [...sources, ...chain], connections }));
    const { notes, flows } = run.report(0);
    expect(flows).toHaveLength(10_000);
    expect(notes[0]!.sentence).toContain("more paths from producers to services than 10,000");
  });
});
