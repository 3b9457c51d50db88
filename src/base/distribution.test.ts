// What a distribution in a document may be, and that anything else is a sentence and never an exception.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distributions, durationMsMax, parseDistribution } from "./distribution.ts";

describe("reading a distribution", () => {
  it("accepts each kind with its parameters", () => {
    for (const value of [
      { distribution: "constant", value: 0 },
      { distribution: "uniform", min: 1, max: 1 },
      { distribution: "exponential", mean: 20 },
      { distribution: "erlang", mean: 20, shape: 3 },
      { distribution: "lognormal", mean: 20, sd: 0 },
      { distribution: "hyperexponential", mean: 20, cv2: 1 },
    ])
      expect(parseDistribution(value)).toEqual(value);
    expect(Object.keys(distributions)).toHaveLength(6);
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
  ])("refuses %j", (value, sentence) => {
    expect(parseDistribution(value)).toContain(sentence);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(["string", "object"]).toContain(typeof parseDistribution(value));
      }),
    );
  });
});
