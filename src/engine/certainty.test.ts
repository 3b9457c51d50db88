// Intervals and warm-up in a run: the truth lies in them as often as they say, and what is removed is removed exactly.

import { describe, expect, test } from "vitest";
import type { Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import { directCall, finish, open, reportOf, sketch, source, worker } from "./sketch.suite.ts";

const exponential = { distribution: "exponential", mean: 100 } as const;

function station(rate: number, about: { readonly seed?: number; readonly load: Scenario["load"] }) {
  const scenario = sketch({
    seed: about.seed ?? 1,
    nodes: [source("source", rate), worker("server", { serviceTime: exponential })],
    connections: [directCall("source", "server")],
  });
  return { ...scenario, load: about.load };
}

const server = (report: Report) => report.nodes.find(({ id }) => id === "server")!;

describe("M/M/1 at ρ 0.7, 60 seeds", () => {
  const nodes = Array.from({ length: 60 }, (_, i) =>
    server(reportOf(station(7, { seed: 500 + i, load: { duration: 3_000_000, warmUp: 60_000 } }))),
  );
  const truth = 1000 / 3;

  test.each([
    ["mean latency", truth, (node) => [node.latency.mean, node.latency.meanCertainty.halfWidth]],
    [
      "number in system",
      7 / 3,
      (node) => [node.meanInSystem, node.meanInSystemCertainty.halfWidth],
    ],
    ["utilisation", 0.7, (node) => [node.utilisation, node.utilisationCertainty.halfWidth]],
  ] as const satisfies readonly (readonly [
    string,
    number,
    (node: Report["nodes"][number]) => readonly [number | null, number | null],
  ])[])("the interval of the %s holds the truth about as often as it says", (_, value, read) => {
    const held = nodes.filter((node) => {
      const [mean, half] = read(node);
      return Math.abs((mean ?? NaN) - value) < (half ?? NaN);
    });
    expect(held.length).toBeGreaterThanOrEqual(53);
    expect(held.length).toBeLessThanOrEqual(60);
  });

  test("the interval of the 99th percentile holds the truth", () => {
    const p99 = truth * Math.log(100);
    const told = nodes.flatMap(({ latency }) => latency.p99Interval ?? []);
    const held = nodes.filter(({ latency }) => {
      const [low, high] = latency.p99Interval ?? [NaN, NaN];
      return low <= p99 && p99 <= high;
    });
    // Some runs have too few independent observations beyond it, and say so.
    expect(told.length / 2).toBeGreaterThanOrEqual(40);
    expect(held.length / (told.length / 2)).toBeGreaterThanOrEqual(0.88);
  });

  test("it is narrow, and says what it rests on", () => {
    for (const { latency } of nodes) {
      expect(latency.count).toBeGreaterThan(19_000);
      expect(latency.meanCertainty.halfWidth! / latency.mean!).toBeLessThan(0.2);
      expect(latency.meanCertainty.sentence).toMatch(
        /^95 % interval from \d+ batches of [\d,]+ observations\.$/,
      );
    }
  });
});

test("a handful of observations tells no interval, and constant ones tell that nothing scatters", () => {
  const few = server(reportOf(station(1, { load: { duration: 5000 } })));
  expect(few.latency.meanCertainty).toMatchObject({ halfWidth: null, batches: 0, verdict: "few" });
  expect(few.latency.p99Interval).toBeNull();
  const constant = sketch({
    duration: 100_000,
    nodes: [
      source("source", 5, { arrivals: "constant" }),
      worker("server", { serviceTime: { distribution: "constant", value: 100 } }),
    ],
    connections: [directCall("source", "server")],
  });
  const { latency } = server(reportOf(constant));
  expect(latency).toMatchObject({ mean: 100, p50Interval: [100, 100] });
  expect(latency.meanCertainty).toMatchObject({ halfWidth: 0, verdict: "told" });
});

test("an overloaded station never settles: batches stay correlated", () => {
  const { latency, meanInSystemCertainty } = server(
    reportOf(station(20, { load: { duration: 600_000 } })),
  );
  expect(latency.meanCertainty.verdict).toBe("correlated");
  expect(meanInSystemCertainty.verdict).toBe("correlated");
});

describe("warm-up", () => {
  // One arrival a second from 1 s on, of 600 ms work; the load doubles its work at 10 s.
  const scenario = (warmUp?: number): Scenario => ({
    ...sketch({
      nodes: [
        source("source", 1, { arrivals: "constant" }),
        worker("server", { serviceTime: { distribution: "constant", value: 300 } }),
      ],
      connections: [directCall("source", "server")],
      timeline: [
        {
          at: 10_500,
          act: "set",
          target: "server",
          parameter: "serviceTime",
          value: { distribution: "constant", value: 600 },
        },
      ],
    }),
    load: { duration: 20_500, ...(warmUp === undefined ? {} : { warmUp }) },
  });

  test("what came before is in no latency, no rate and no mean, and counters keep it", () => {
    const report = reportOf(scenario(10_500));
    expect(report).toMatchObject({ warmUpSeconds: 10.5, measuredSeconds: 10 });
    expect(server(report)).toMatchObject({
      handled: 19,
      throughput: 0.9,
      latency: { count: 9, mean: 600, p50: 600 },
    });
    // Nine times 600 ms and half a second of the tenth.
    expect(server(report).utilisation).toBeCloseTo(0.59, 12);
    expect(server(report).meanInSystem).toBeCloseTo(0.59, 12);
    expect(report.flows[0]).toMatchObject({ completed: 19, latency: { count: 9 } });
    expect(report.calls[0]).toMatchObject({ calls: 20, succeeded: 19, latency: { count: 9 } });
    expect(report.conservation).toMatchObject({ holds: true, calls: { called: 20 } });
  });

  test("without it nothing is left out", () => {
    const report = reportOf(scenario());
    expect(report).toMatchObject({ warmUpSeconds: 0, measuredSeconds: 20.5 });
    expect(server(report).latency.count).toBe(19);
    expect(server(report).latency.p50! / 300).toBeCloseTo(1, 2);
  });

  test("it changes nothing that happens, and slices change nothing", () => {
    const plain = finish(scenario());
    const warm = finish(scenario(10_500));
    expect(warm.events()).toBe(plain.events() + 1);
    const sliced = open(scenario(10_500));
    for (let timeNs = 0; sliced.ended() === null; timeNs += 7e8)
      sliced.advance({ untilNs: timeNs, maxEvents: 3 });
    expect(sliced.stateHash()).toBe(warm.stateHash());
    const { nodes, conservation } = warm.report(0);
    expect(nodes[1]!.handled).toBe(plain.report(0).nodes[1]!.handled);
    expect(conservation).toEqual(plain.report(0).conservation);
  });
});
