// Theory as oracle: where queueing theory has the answer, the mean of independent replications must agree with
// it within their own 99 % confidence interval. Formulas: Gross, Shortle, Thompson, Harris, Fundamentals of
// Queueing Theory (Pollaczek–Khinchine, Erlang C).

import { expect, test } from "vitest";
import type { Distribution } from "../base/distribution.ts";
import { estimateMean, halfWidth } from "../kernel/confidence.ts";
import type { NodeReport } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import { directCall, erlangC, reportOf, sketch, source, worker } from "./sketch.suite.ts";

const replications = 20;
/** Arrivals in each: many thousand relaxation times, so that the empty start does not matter. */
const customers = 20_000;

interface Station {
  readonly arrivalsPerS: number;
  readonly workers: number;
  readonly serviceTime: Distribution;
}

function station({ arrivalsPerS, workers, serviceTime }: Station, seed: number): Scenario {
  return sketch({
    seed,
    duration: (customers / arrivalsPerS) * 1000,
    nodes: [
      source("source", arrivalsPerS),
      worker("server", { concurrency: workers, serviceTime }),
    ],
    connections: [directCall("source", "server")],
  });
}

/** The server's figures in replications with different seeds. */
function replicate(about: Station): readonly NodeReport[] {
  return Array.from({ length: replications }, (_, i) =>
    reportOf(station(about, 100 + i)).nodes.find(({ id }) => id === "server")!,
  );
}

function expectAgreement(
  nodes: readonly NodeReport[],
  measure: (node: NodeReport) => number,
  theory: number,
): void {
  const estimate = estimateMean(Float64Array.from(nodes, measure));
  const half = halfWidth(estimate, 0.99);
  expect(half / theory, "the interval is narrow enough to tell").toBeLessThan(0.03);
  expect(
    Math.abs(estimate.mean - theory),
    `${estimate.mean} ± ${half} against ${theory}`,
  ).toBeLessThan(half);
}

test("M/M/1: mean time in system, number in system and utilisation", () => {
  const about: Station = {
    arrivalsPerS: 7,
    workers: 1,
    serviceTime: { distribution: "exponential", mean: 100 },
  };
  const nodes = replicate(about);
  expectAgreement(nodes, (node) => node.latency.mean!, 1000 / (10 - 7));
  expectAgreement(nodes, (node) => node.meanInSystem, 0.7 / 0.3);
  expectAgreement(nodes, (node) => node.utilisation, 0.7);
});

test("M/M/1: the time in system is exponential, so its 95th percentile is ln 20 means", () => {
  const about: Station = {
    arrivalsPerS: 5,
    workers: 1,
    serviceTime: { distribution: "exponential", mean: 100 },
  };
  expectAgreement(replicate(about), (node) => node.latency.p95!, 200 * Math.log(20));
});

test("M/M/4: mean time in system by Erlang C", () => {
  const about: Station = {
    arrivalsPerS: 30,
    workers: 4,
    serviceTime: { distribution: "exponential", mean: 100 },
  };
  const waitMs = (erlangC(4, 3) / (40 - 30)) * 1000;
  const nodes = replicate(about);
  expectAgreement(nodes, (node) => node.latency.mean!, waitMs + 100);
  expectAgreement(nodes, (node) => node.utilisation, 0.75);
});

test("M/D/1: mean time in system by Pollaczek and Khinchine", () => {
  const about: Station = {
    arrivalsPerS: 7,
    workers: 1,
    serviceTime: { distribution: "constant", value: 100 },
  };
  const waitMs = (0.7 / (2 * (1 - 0.7))) * 100;
  expectAgreement(replicate(about), (node) => node.latency.mean!, waitMs + 100);
});

test("a wrong theory is recognised: M/D/1 does not pass for M/M/1", () => {
  const about: Station = {
    arrivalsPerS: 7,
    workers: 1,
    serviceTime: { distribution: "constant", value: 100 },
  };
  const estimate = estimateMean(Float64Array.from(replicate(about), (node) => node.latency.mean!));
  expect(Math.abs(estimate.mean - 1000 / 3)).toBeGreaterThan(10 * halfWidth(estimate, 0.99));
});
