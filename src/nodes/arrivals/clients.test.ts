// Closed populations: exact moments, changes of their size, and the law that ties throughput to think time.

import { expect, test } from "vitest";
import { Bench, timesOf } from "./arrivals.suite.ts";

const think = { distribution: "constant", value: 100 } as const;
const closed = { arrivals: "closed", think } as const;

test("each client thinks, sends, waits, and thinks again", () => {
  const bench = new Bench({ ...closed, clients: 2 }, { answerNs: 50e6 });
  const times = bench.run(0.45e9).map(({ timeNs, client }) => [timeNs / 1e6, client]);
  expect(times).toEqual([
    [100, 0],
    [100, 1],
    [250, 0],
    [250, 1],
    [400, 0],
    [400, 1],
  ]);
});

test("an answer within the call that sends counts as well", () => {
  expect(timesOf({ ...closed, clients: 1 }, 0.35, { answerNs: 0 })).toEqual([0.1, 0.2, 0.3]);
});

test("clients begin one after the other when there is a ramp-up", () => {
  const options = { answerNs: 10e9 };
  expect(timesOf({ ...closed, clients: 4, rampUp: 2000 }, 5, options)).toEqual([
    0.1, 0.6, 1.1, 1.6,
  ]);
});

test("without clients nothing is sent, until some come", () => {
  const bench = new Bench({ ...closed, clients: 0 });
  expect(bench.run(1e9)).toHaveLength(0);
  bench.set("clients", 3);
  expect(bench.run(1.1e9)).toHaveLength(3);
});

test("of fewer clients the last ones leave, thinking or waiting, and come back once", () => {
  const bench = new Bench({ ...closed, clients: 3 }, { answerNs: 50e6 });
  bench.run(0.12e9);
  bench.set("clients", 1);
  expect(
    bench
      .run(0.3e9)
      .slice(3)
      .map(({ client }) => client),
  ).toEqual([0]);
  bench.set("clients", 2);
  bench.set("clients", 1);
  bench.set("clients", 2);
  bench.run(0.5e9);
  expect(bench.sent.slice(4).map(({ timeNs, client }) => [timeNs / 1e6, client])).toEqual([
    [400, 0],
    [400, 1],
  ]);
});

test("no client sends at the time the sources stop, or later", () => {
  const bench = new Bench({ ...closed, clients: 2 }, { answerNs: 0, stopNs: 0.3e9 });
  expect(bench.run(5e9)).toHaveLength(4);
});

test("throughput is clients over think time and answer time together", () => {
  const exponential = { distribution: "exponential", mean: 400 } as const;
  const about = { arrivals: "closed", clients: 50, think: exponential };
  const sent = timesOf(about, 2000, { answerNs: 100e6 }).length / 2000;
  expect(sent).toBeGreaterThan(99);
  expect(sent).toBeLessThan(101);
});
