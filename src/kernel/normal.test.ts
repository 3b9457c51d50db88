// Normal quantiles against tables.

import { expect, it } from "vitest";
import { studentQuantile } from "./confidence.ts";
import { normalQuantile, normalTail } from "./normal.ts";

it.each([
  [0.75, 0.6744897501960817],
  [0.9, 1.2815515655446004],
  [0.95, 1.6448536269514722],
  [0.975, 1.959963984540054],
  [0.99, 2.3263478740408408],
  [0.995, 2.5758293035489004],
  [0.999, 3.090232306167813],
  [0.9999, 3.719016485455709],
  [0.999999, 4.753424308822899],
])("quantile at %d", (p, z) => {
  expect(normalQuantile(p) / z).toBeCloseTo(1, 10);
  expect(normalQuantile(1 - p) / -z).toBeCloseTo(1, 10);
});

it("far tails keep their digits", () => {
  expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 10);
  expect(normalQuantile(1e-100)).toBeCloseTo(-21.273453560965, 9);
});

it("series and continued fraction meet", () => {
  expect(normalTail(2.4999999999) / normalTail(2.5000000001)).toBeCloseTo(1, 8);
  expect(normalTail(0)).toBe(0.5);
  expect(normalTail(2.5)).toBeCloseTo(0.006209665325776132, 15);
});

it("is the limit of Student's quantile, and refuses nonsense", () => {
  expect(studentQuantile(0.975, 1e6)).toBeCloseTo(normalQuantile(0.975), 5);
  for (const p of [0, 1, NaN]) expect(() => normalQuantile(p)).toThrow("no normal quantile");
});
