// What a distribution in a document may be, and that anything else is a sentence and never an exception.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distributions, durationMsMax, meanOf, parseDistribution } from "./distribution.ts";

describe("reading a distribution", () => {
  it("accepts each kind with its parameters", () => {
    for (const value of [
      { distribution: "constant", value: 0 },
      { distribution: "uniform", min: 1, max: 1 },
      { distribution: "exponential", mean: 20 },
      { distribution: "erlang", mean: 20, shape: 3 },
      { distribution: "lognormal", mean: 20, sd: 0 },
      { distribution: "hyperexponential", mean: 20, cv2: 1 },
      { distribution: "gamma", mean: 20, shape: 0.5 },
      { distribution: "weibull", mean: 20, shape: 1.5 },
      { distribution: "pareto", mean: 20, shape: 1.5 },
      { distribution: "triangular", min: 1, mode: 1, max: 5 },
      { distribution: "empirical", values: [{ value: 10, weight: 3 }] },
    ])
      expect(parseDistribution(value)).toEqual(value);
    expect(Object.keys(distributions)).toHaveLength(11);
  });

  it.each([
    [null, "Write a distribution"],
    [[], "Write a distribution"],
    [20, "Write a distribution"],
    [{}, "Choose one of the distributions constant, uniform"],
    [{ distribution: "toString" }, "Choose one"],
    [{ distribution: "constant" }, '"value" of a distribution must be a number'],
    [{ distribution: "constant", value: -1 }, "from 0 to"],
    [{ distribution: "constant", value: durationMsMax * 2 }, "from 0 to"],
    [{ distribution: "constant", value: Number.NaN }, "must be a number"],
    [{ distribution: "constant", value: 1, mean: 1 }, 'has no "mean"; it takes value'],
    [{ distribution: "exponential", mean: 0 }, "from 0.000001 to"],
    [{ distribution: "erlang", mean: 1, shape: 1.5 }, "a whole number from 1 to 1000"],
    [{ distribution: "hyperexponential", mean: 1, cv2: 0.5 }, "from 1 to 1000"],
    [{ distribution: "uniform", min: 2, max: 1 }, 'swap "min" and "max"'],
    [{ distribution: "triangular", min: 2, mode: 1, max: 1 }, 'swap "min" and "max"'],
    [{ distribution: "triangular", min: 2, mode: 1, max: 3 }, 'choose a "mode" from'],
    [{ distribution: "triangular", min: 2, mode: 4, max: 3 }, 'choose a "mode" from'],
    [{ distribution: "pareto", mean: 2, shape: 1 }, '"shape" of a distribution must be a number'],
    [{ distribution: "empirical", values: [] }, "a list of 1 to 100 rows such as"],
    [{ distribution: "empirical", values: "10: 3" }, '{ "value": 10, "weight": 1 }'],
    [{ distribution: "empirical", values: [[10, 3]] }, "correct row 1"],
    [{ distribution: "empirical", values: [{ value: 1, weight: 1, x: 1 }] }, "correct row 1"],
    [
      {
        distribution: "empirical",
        values: [
          { value: 1, weight: 1 },
          { value: 1, weight: 0 },
        ],
      },
      '"weight" in row 2 must be a number from 0.000001',
    ],
  ])("refuses %j", (value, sentence) => {
    expect(parseDistribution(value)).toContain(sentence);
  });

  it("knows the mean of each", () => {
    const values = [
      { value: 10, weight: 3 },
      { value: 30, weight: 1 },
    ];
    expect(meanOf({ distribution: "constant", value: 3 })).toBe(3);
    expect(meanOf({ distribution: "uniform", min: 1, max: 5 })).toBe(3);
    expect(meanOf({ distribution: "triangular", min: 1, mode: 2, max: 6 })).toBe(3);
    expect(meanOf({ distribution: "empirical", values })).toBe(15);
    expect(meanOf({ distribution: "pareto", mean: 3, shape: 2 })).toBe(3);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(["string", "object"]).toContain(typeof parseDistribution(value));
      }),
    );
  });
});
