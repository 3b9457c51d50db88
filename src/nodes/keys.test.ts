// Keys: which the next event has.

import { expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import { chiSquare } from "../kernel/statistics.suite.ts";
import { Bench } from "./arrivals/arrivals.suite.ts";

function keysOf(parameters: Parameters, count: number): readonly number[] {
  const bench = new Bench({ arrivals: "constant", rate: 1000, ...parameters });
  return bench.run(count * 1e6).map(({ key }) => key);
}

function countsOf(keys: readonly number[], size: number): number[] {
  const counts = Array.from({ length: size }, () => 0);
  for (const key of keys) counts[key]!++;
  return counts;
}

test("go round in turn, or there are none", () => {
  expect(keysOf({ keyChoice: "sequential", keys: 3 }, 7)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  expect(keysOf({ keyChoice: "none", keys: 3 }, 2)).toEqual([-1, -1]);
});

test("are equally likely, or by Zipf's law", () => {
  const uniform = countsOf(keysOf({ keyChoice: "uniform", keys: 20 }, 20_000), 20);
  expect(
    Math.abs(
      chiSquare(
        uniform,
        Array.from(uniform, () => 1 / 20),
      ),
    ),
  ).toBeLessThan(3.3);
  const zipf = countsOf(keysOf({ keyChoice: "zipf", zipfExponent: 1, keys: 3 }, 20_000), 3);
  expect(Math.abs(chiSquare(zipf, [6 / 11, 3 / 11, 2 / 11]))).toBeLessThan(3.3);
});

test("of a hot set get their share, each as likely, and the others the rest", () => {
  const about = { keyChoice: "hot", keys: 10, hotKeys: 2, hotShare: 0.8 };
  const shares = [0.4, 0.4, ...Array.from({ length: 8 }, () => 0.2 / 8)];
  expect(Math.abs(chiSquare(countsOf(keysOf(about, 20_000), 10), shares))).toBeLessThan(3.3);
});

test("are all equally likely when all are hot", () => {
  const counts = countsOf(keysOf({ keyChoice: "hot", keys: 5, hotKeys: 5 }, 20_000), 5);
  expect(
    Math.abs(
      chiSquare(
        counts,
        Array.from(counts, () => 1 / 5),
      ),
    ),
  ).toBeLessThan(3.3);
  expect(
    keysOf({ keyChoice: "hot", keys: 4, hotKeys: 9, hotShare: 0 }, 100).every((key) => key < 4),
  ).toBe(true);
});
