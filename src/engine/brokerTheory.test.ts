// Theory as oracle, through brokers: with latencies of microseconds a queue before workers is the station of the
// textbook. Formulas as in theory.test.ts; tandem: J. R. Jackson, Networks of Waiting Lines, 1957.

import { expect, test } from "vitest";
import type { Distribution } from "../base/distribution.ts";
import { estimateMean, halfWidth } from "../kernel/confidence.ts";
import type { Report } from "../model/report.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import { erlangC, reportOf, sketch, source, worker } from "./sketch.suite.ts";

const replications = 12;
/** Arrivals in each: many hundred relaxation times, so that the empty start does not matter. */
const customers = 15_000;

/** The mean must agree within its 99 % confidence interval, and a thousandth for the microseconds on wires and for
 *  acknowledgements, of which theory does not know. */
function expectAgreement(
  reports: readonly Report[],
  measure: (report: Report) => number,
  theory: number,
): void {
  const estimate = estimateMean(Float64Array.from(reports, measure));
  const half = halfWidth(estimate, 0.99);
  expect(half / theory, "the interval is narrow enough to tell").toBeLessThan(0.04);
  const about = `${estimate.mean} ± ${half} against ${theory}`;
  expect(Math.abs(estimate.mean - theory), about).toBeLessThan(half + 0.001 * theory);
}

function replicate(scenario: (seed: number) => Scenario): readonly Report[] {
  return Array.from({ length: replications }, (_, i) => reportOf(scenario(100 + i)));
}

const exponential: Distribution = { distribution: "exponential", mean: 100 };
const rabbit: Node = { id: "broker", kind: "broker", technology: "rabbitmq" };
const kafka: Node = { id: "broker", kind: "broker", technology: "kafka" };
const queue = (id: string) => ({ id, broker: "broker", kind: "queue" });

function publish(from: string, to: string): Connection {
  const parameters = { latency: 0.01 };
  return { id: `${from}-${to}`, kind: "publish", from, to, contract: "event", parameters };
}

function consume(from: string, to: string, prefetch_count: number): Connection {
  const parameters = { prefetch_count, latency: 0.01 };
  return { id: `${from}-${to}`, kind: "consume", from, to, parameters };
}

/** Producer → queue → workers. */
function station(rate: number, concurrency: number, prefetch: number): readonly Report[] {
  return replicate((seed) =>
    sketch({
      seed,
      duration: (customers / rate) * 1000,
      nodes: [
        source("source", rate),
        rabbit,
        worker("server", { concurrency, serviceTime: exponential }),
      ],
      channels: [queue("queue")],
      connections: [publish("source", "queue"), consume("queue", "server", prefetch)],
    }),
  );
}

const fromEntryTo =
  (end: string) =>
  (report: Report): number =>
    report.flows.find((flow) => flow.end === end)!.latency.mean!;

const utilisation = (report: Report): number =>
  report.nodes.find(({ id }) => id === "server")!.utilisation;

for (const prefetch of [1, 2])
  test(`RabbitMQ, one worker, prefetch ${prefetch}: M/M/1`, () => {
    const reports = station(5, 1, prefetch);
    expectAgreement(reports, fromEntryTo("server"), 200);
    expectAgreement(reports, (report) => report.channels[0]!.latency.mean!, 200);
    expectAgreement(reports, (report) => report.channels[0]!.meanInSystem, 1);
    expectAgreement(reports, utilisation, 0.5);
  });

test("RabbitMQ, four workers, prefetch 1: M/M/4", () => {
  const reports = station(28, 4, 1);
  const waitMs = (erlangC(4, 2.8) / (40 - 28)) * 1000;
  expectAgreement(reports, fromEntryTo("server"), waitMs + 100);
  expectAgreement(reports, utilisation, 0.7);
});

test("Kafka, one partition, constant work: M/D/1", () => {
  const reports = replicate((seed) =>
    sketch({
      seed,
      duration: (customers / 6) * 1000,
      nodes: [
        source("source", 6),
        { ...kafka, parameters: { nodes: 1, "group.initial.rebalance.delay.ms": 0 } },
        worker("server", { serviceTime: { distribution: "constant", value: 100 } }),
      ],
      channels: [
        {
          id: "topic",
          broker: "broker",
          kind: "topic",
          parameters: { partitions: 1, "replication.factor": 1, "min.insync.replicas": 1 },
        },
      ],
      connections: [
        {
          ...publish("source", "topic"),
          parameters: { "network.latency.ms": 0.01, "linger.ms": 0 },
        },
        { ...consume("topic", "server", 1), parameters: { "network.latency.ms": 0.01 } },
      ],
    }),
  );
  expectAgreement(reports, fromEntryTo("server"), 100 + (0.6 / (2 * (1 - 0.6))) * 100);
  expectAgreement(reports, utilisation, 0.6);
});

test("a tandem of two queues is a network of independent M/M/1 stations", () => {
  const reports = replicate((seed) =>
    sketch({
      seed,
      duration: (customers / 5) * 1000,
      nodes: [
        source("source", 5),
        rabbit,
        worker("first", { serviceTime: exponential }),
        worker("server", { serviceTime: { distribution: "exponential", mean: 80 } }),
      ],
      channels: [queue("one"), queue("two")],
      connections: [
        publish("source", "one"),
        consume("one", "first", 2),
        publish("first", "two"),
        consume("two", "server", 2),
      ],
    }),
  );
  const first = 1000 / (10 - 5);
  const second = 1000 / (12.5 - 5);
  expectAgreement(reports, fromEntryTo("first"), first);
  expectAgreement(reports, fromEntryTo("server"), first + second);
  expectAgreement(reports, utilisation, 0.4);
});
