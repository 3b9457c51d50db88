// Moments against values from textbooks and against sums that follow from other formulas.

import { describe, expect, it } from "vitest";
import type { Distribution } from "../base/distribution.ts";
import { momentsOf } from "./moments.ts";

const cases: readonly [Distribution, number, number][] = [
  [{ distribution: "constant", value: 7 }, 7, 0],
  [{ distribution: "constant", value: 0 }, 0, 0],
  [{ distribution: "uniform", min: 0, max: 6 }, 3, 1 / 3],
  [{ distribution: "exponential", mean: 4 }, 4, 1],
  [{ distribution: "erlang", mean: 4, shape: 5 }, 4, 0.2],
  [{ distribution: "gamma", mean: 4, shape: 0.5 }, 4, 2],
  [{ distribution: "hyperexponential", mean: 4, cv2: 9 }, 4, 9],
  [{ distribution: "lognormal", mean: 4, sd: 6 }, 4, 2.25],
  // Rayleigh, exponential, and the fourth factorial over the square of the second less 1.
  [{ distribution: "weibull", mean: 4, shape: 2 }, 4, 4 / Math.PI - 1],
  [{ distribution: "weibull", mean: 4, shape: 1 }, 4, 1],
  [{ distribution: "weibull", mean: 4, shape: 0.5 }, 4, 5],
  [{ distribution: "pareto", mean: 4, shape: 3 }, 4, 1 / 3],
  [{ distribution: "pareto", mean: 4, shape: 2 }, 4, Infinity],
  [{ distribution: "triangular", min: 0, mode: 0, max: 3 }, 1, 0.5],
  [{ distribution: "triangular", min: 1, mode: 2, max: 3 }, 2, 1 / 24],
  [
    {
      distribution: "empirical",
      values: [
        { value: 0, weight: 1 },
        { value: 4, weight: 3 },
      ],
    },
    3,
    1 / 3,
  ],
];

describe("moments", () => {
  it.each(cases)(
    "%o has mean %d and squared coefficient of variation %d",
    (distribution, mean, cv2) => {
      const moments = momentsOf(distribution);
      expect(moments.mean).toBeCloseTo(mean, 12);
      if (cv2 === Infinity) expect(moments.cv2).toBe(Infinity);
      else expect(moments.cv2).toBeCloseTo(cv2, 12);
    },
  );
});
