// Confidence intervals against published tables, and against the coverage that they promise.

import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { batchMeans, estimateMean, halfWidth, studentQuantile } from "./confidence.ts";
import { RandomStreams } from "./random.ts";

describe("Student's quantile", () => {
  // Two-sided tables: t at 0.975, 0.995 and 0.9995, to three decimals.
  it.each([
    [1, 12.706, 63.657, 636.619],
    [2, 4.303, 9.925, 31.599],
    [3, 3.182, 5.841, 12.924],
    [5, 2.571, 4.032, 6.869],
    [10, 2.228, 3.169, 4.587],
    [20, 2.086, 2.845, 3.85],
    [30, 2.042, 2.75, 3.646],
    [60, 2.0, 2.66, 3.46],
    [120, 1.98, 2.617, 3.373],
    [1e6, 1.96, 2.576, 3.291],
  ])("agrees with the table at %d degrees of freedom", (freedom, t95, t99, t999) => {
    expect(studentQuantile(0.975, freedom)).toBeCloseTo(t95, 2.99);
    expect(studentQuantile(0.995, freedom)).toBeCloseTo(t99, 2.99);
    expect(studentQuantile(0.9995, freedom)).toBeCloseTo(t999, 2.99);
  });

  it("is exact where a closed form exists", () => {
    for (const p of [0.5001, 0.6, 0.9, 0.99, 0.999, 0.9999999]) {
      const one = Math.tan(Math.PI * (p - 0.5));
      const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
      expect(studentQuantile(p, 1) / one).toBeCloseTo(1, 9);
      expect(studentQuantile(p, 2) / two).toBeCloseTo(1, 9);
    }
  });

  it("comes near the normal one for many degrees of freedom", () => {
    const z = 1.959963984540054;
    const n = 1e5;
    expect(studentQuantile(0.975, n)).toBeCloseTo(z + (z ** 3 + z) / (4 * n), 9);
  });

  it("is antisymmetric, 0 in the middle, and refuses nonsense", () => {
    expect(studentQuantile(0.25, 7)).toBe(-studentQuantile(0.75, 7));
    expect(studentQuantile(0.5, 7)).toBe(0);
    for (const [p, freedom] of [
      [0, 3],
      [1, 3],
      [NaN, 3],
      [0.9, 0],
    ] as const) {
      expect(() => studentQuantile(p, freedom)).toThrow("No Student quantile");
    }
  });
});

describe("batch means", () => {
  it("gives the textbook figures", () => {
    const estimate = batchMeans([100, 1, 3, 2, 4, 6, 8], 3);
    // The first value is left out; batch means 2, 3, 7.
    expect(estimate.mean).toBe(4);
    expect(estimate.standardError).toBeCloseTo(Math.sqrt(7 / 3), 12);
    expect(estimate.degreesOfFreedom).toBe(2);
    expect(estimate.lagOne).toBeCloseTo((-1 * -2 + 3 * -1) / 14, 12);
    expect(halfWidth(estimate, 0.95)).toBeCloseTo(4.302653 * Math.sqrt(7 / 3), 5);
  });

  it("covers the mean of a correlated sequence about as often as it says", () => {
    const stream = new RandomStreams(new Arena(), 1).stream("x");
    let covered = 0;
    for (let run = 0; run < 400; run++) {
      let x = stream.normal();
      const values = Array.from({ length: 1000 }, () => (x = 0.5 * x + stream.normal()));
      const estimate = batchMeans(values, 10);
      if (Math.abs(estimate.mean) < halfWidth(estimate, 0.9)) covered++;
    }
    expect(Math.abs(covered / 400 - 0.9)).toBeLessThan(0.05);
  });

  it("refuses too little and levels outside 0 to 1", () => {
    expect(() => batchMeans([1, 2], 3)).toThrow("do not make");
    expect(() => batchMeans([1, 2], 1)).toThrow("do not make");
    expect(() => estimateMean(new Float64Array(1))).toThrow("how sure");
    expect(() => halfWidth(batchMeans([1, 2], 2), 1)).toThrow("not possible");
  });
});
