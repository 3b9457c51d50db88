// Each distribution against its own moments and, where it is known, its distribution function.

import { describe, expect, it } from "vitest";
import type { Distribution } from "../base/distribution.ts";
import { AliasTable } from "./alias.ts";
import { Arena } from "./arena.ts";
import { createSampler } from "./distributions.ts";
import { momentsOf } from "./moments.ts";
import { RandomStreams } from "./random.ts";
import type { RandomStream } from "./random.ts";
import {
  chiSquare,
  kolmogorovSmirnov,
  momentsOf as sampleMomentsOf,
  normalCdf,
  serialCorrelation,
} from "./statistics.suite.ts";
import { ZipfSampler } from "./zipf.ts";

function streamOf(name: string): RandomStream {
  return new RandomStreams(new Arena(), 3).stream(name);
}

function erlangCdf(mean: number, shape: number): (x: number) => number {
  return (x) => {
    const rate = (shape / mean) * x;
    let term = Math.exp(-rate);
    let sum = 0;
    for (let k = 0; k < shape; k++) {
      sum += term;
      term *= rate / (k + 1);
    }
    return 1 - sum;
  };
}

function lognormalCdf(mean: number, sd: number): (x: number) => number {
  const variance = Math.log(1 + (sd / mean) ** 2);
  return (x) => normalCdf((Math.log(x) - Math.log(mean) + variance / 2) / Math.sqrt(variance));
}

function hyperexponentialCdf(mean: number, cv2: number): (x: number) => number {
  const p = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2;
  return (x) =>
    p * (1 - Math.exp((-2 * p * x) / mean)) + (1 - p) * (1 - Math.exp((-2 * (1 - p) * x) / mean));
}

/** The scale follows from a mean that is integrated, so without the function under test. */
function weibullCdf(mean: number, shape: number): (x: number) => number {
  let unitMean = 0;
  const step = 1e-4;
  for (let u = step / 2; u < 1; u += step) unitMean += (-Math.log(u)) ** (1 / shape) * step;
  return (x) => 1 - Math.exp(-(((x * unitMean) / mean) ** shape));
}

/** Regularised incomplete gamma function, by its power series. */
function gammaCdf(mean: number, shape: number): (x: number) => number {
  // Relative to the series where practically everything lies below, so without the function under test.
  const series = (t: number): number => {
    let term = 1;
    let sum = 1;
    for (let k = 1; k < 400; k++) sum += term *= t / (shape + k);
    return Math.exp(shape * Math.log(t) - t) * sum;
  };
  const total = series(60 + 4 * shape);
  return (x) => Math.min(1, series((shape / mean) * x) / total);
}

function paretoCdf(mean: number, shape: number): (x: number) => number {
  const min = (mean * (shape - 1)) / shape;
  return (x) => 1 - (min / x) ** shape;
}

function triangularCdf(min: number, mode: number, max: number): (x: number) => number {
  return (x) =>
    x < mode
      ? (x - min) ** 2 / ((max - min) * (mode - min))
      : 1 - (max - x) ** 2 / ((max - min) * (max - mode));
}

const cases: [Distribution, (x: number) => number][] = [
  [{ distribution: "uniform", min: 3, max: 8 }, (x) => (x - 3) / 5],
  [{ distribution: "exponential", mean: 40 }, (x) => 1 - Math.exp(-x / 40)],
  [{ distribution: "erlang", mean: 10, shape: 1 }, (x) => 1 - Math.exp(-x / 10)],
  [{ distribution: "erlang", mean: 10, shape: 4 }, erlangCdf(10, 4)],
  [{ distribution: "erlang", mean: 2, shape: 9 }, erlangCdf(2, 9)],
  [{ distribution: "erlang", mean: 2, shape: 100 }, erlangCdf(2, 100)],
  [{ distribution: "gamma", mean: 5, shape: 3 }, erlangCdf(5, 3)],
  [{ distribution: "gamma", mean: 5, shape: 2.5 }, gammaCdf(5, 2.5)],
  [{ distribution: "gamma", mean: 5, shape: 1 }, (x) => 1 - Math.exp(-x / 5)],
  [{ distribution: "gamma", mean: 5, shape: 0.4 }, gammaCdf(5, 0.4)],
  [{ distribution: "lognormal", mean: 20, sd: 30 }, lognormalCdf(20, 30)],
  [{ distribution: "lognormal", mean: 1e6, sd: 1 }, lognormalCdf(1e6, 1)],
  [{ distribution: "hyperexponential", mean: 5, cv2: 4 }, hyperexponentialCdf(5, 4)],
  [{ distribution: "hyperexponential", mean: 5, cv2: 1 }, hyperexponentialCdf(5, 1)],
  [{ distribution: "weibull", mean: 5, shape: 1 }, (x) => 1 - Math.exp(-x / 5)],
  [{ distribution: "weibull", mean: 5, shape: 0.7 }, weibullCdf(5, 0.7)],
  [{ distribution: "weibull", mean: 5, shape: 4 }, weibullCdf(5, 4)],
  [{ distribution: "pareto", mean: 6, shape: 1.5 }, paretoCdf(6, 1.5)],
  [{ distribution: "pareto", mean: 6, shape: 5 }, paretoCdf(6, 5)],
  [{ distribution: "triangular", min: 1, mode: 2, max: 7 }, triangularCdf(1, 2, 7)],
  [{ distribution: "triangular", min: 1, mode: 7, max: 7 }, triangularCdf(1, 7, 7)],
];

describe("samplers", () => {
  it.each(cases)("%o has its cdf and moments, and its draws are unrelated", (distribution, cdf) => {
    const n = 30_000;
    const sampler = createSampler(distribution, streamOf(JSON.stringify(distribution)));
    const values = Array.from({ length: n }, () => sampler.sample());
    expect(kolmogorovSmirnov(values, cdf)).toBeLessThan(1.95);
    // Of ranks, because sums of values with a heavy tail settle slowly or never.
    const ranks = values.map(cdf);
    for (const lag of [1, 2, 5, 17])
      expect(Math.abs(serialCorrelation(ranks, lag))).toBeLessThan(3.6);
    const { mean, variance: expected } = momentsOf(distribution);
    if (expected === Infinity) return;
    const moments = sampleMomentsOf(values);
    expect(Math.abs(moments.mean - mean)).toBeLessThan(4 * Math.sqrt(expected / n));
    // The variance of heavy tails settles slowly; the cdf above is the sharper test.
    expect(Math.abs(moments.variance / expected - 1)).toBeLessThan(0.15);
  });

  it("tell a distribution from a similar one with the same mean", () => {
    const sampler = createSampler({ distribution: "gamma", mean: 5, shape: 3.2 }, streamOf("near"));
    const values = Array.from({ length: 30_000 }, () => sampler.sample());
    expect(kolmogorovSmirnov(values, erlangCdf(5, 3))).toBeGreaterThan(1.95);
  });

  it("empirical values come as often as their weights say", () => {
    const values = [10, 20, 30, 20, 0].map((value, i) => ({
      value,
      weight: [3, 1, 0.5, 1, 2.5][i]!,
    }));
    const sampler = createSampler({ distribution: "empirical", values }, streamOf("empirical"));
    const counts = new Map([0, 10, 20, 30].map((value) => [value, 0]));
    for (let i = 0; i < 80_000; i++) {
      const value = sampler.sample();
      counts.set(value, counts.get(value)! + 1);
    }
    const probabilities = [2.5, 3, 2, 0.5].map((weight) => weight / 8);
    expect(Math.abs(chiSquare([...counts.values()], probabilities))).toBeLessThan(4);
    const { mean, variance } = momentsOf({ distribution: "empirical", values });
    expect(mean).toBeCloseTo((30 + 20 + 15 + 20) / 8, 12);
    expect(variance).toBeCloseTo((300 + 400 + 450 + 400) / 8 - mean ** 2, 9);
  });

  it("a constant needs no random number", () => {
    const arena = new Arena();
    const stream = new RandomStreams(arena, 1).stream("x");
    const before = arena.hash();
    const constant: Distribution = { distribution: "constant", value: 7 };
    expect(createSampler(constant, stream).sample()).toBe(7);
    expect(arena.hash()).toBe(before);
    expect(momentsOf(constant)).toEqual({ mean: 7, cv2: 0, variance: 0 });
  });

  it("spread of 0 gives the mean, a mean of 0 gives 0", () => {
    const stream = streamOf("zero");
    const exact = createSampler({ distribution: "lognormal", mean: 8, sd: 0 }, stream).sample();
    expect(exact).toBeCloseTo(8, 12);
    expect(createSampler({ distribution: "lognormal", mean: 0, sd: 1 }, stream).sample()).toBe(0);
    expect(createSampler({ distribution: "exponential", mean: 0 }, stream).sample()).toBe(0);
  });

  it("stay in the range of their distribution at its ends", () => {
    const stream = streamOf("ends");
    const triangle: Distribution = { distribution: "triangular", min: 3, mode: 3, max: 3 };
    expect(createSampler(triangle, stream).sample()).toBe(3);
    for (const shape of [0.05, 0.2, 1.05, 100]) {
      for (const distribution of ["gamma", "weibull", "pareto"] as const) {
        if (distribution === "pareto" && shape <= 1) continue;
        const sampler = createSampler({ distribution, mean: 1e6, shape }, stream);
        for (let i = 0; i < 2000; i++) {
          const value = sampler.sample();
          expect(value >= 0 && value < Infinity).toBe(true);
        }
      }
    }
  });

  it("stay synchronised when only a rate changes", () => {
    const slow = createSampler({ distribution: "erlang", mean: 6, shape: 20 }, streamOf("same"));
    const fast = createSampler({ distribution: "erlang", mean: 3, shape: 20 }, streamOf("same"));
    for (let i = 0; i < 100; i++) expect(slow.sample()).toBeCloseTo(2 * fast.sample(), 12);
  });

  it.each<Distribution>([
    { distribution: "constant", value: -1 },
    { distribution: "uniform", min: 2, max: 1 },
    { distribution: "exponential", mean: NaN },
    { distribution: "erlang", mean: 1, shape: 1.5 },
    { distribution: "lognormal", mean: 1, sd: -1 },
    { distribution: "hyperexponential", mean: 1, cv2: 0.5 },
    { distribution: "gamma", mean: 1, shape: 0 },
    { distribution: "weibull", mean: -1, shape: 1 },
    { distribution: "pareto", mean: 1, shape: 1 },
    { distribution: "triangular", min: 1, mode: 3, max: 2 },
    { distribution: "empirical", values: [] },
    { distribution: "empirical", values: [{ value: 1, weight: 0 }] },
  ])("refuses %o", (distribution) => {
    expect(() => createSampler(distribution, streamOf("x"))).toThrow("No such distribution");
  });
});

describe("alias table", () => {
  it("gives indices their weights", () => {
    const weights = [1, 0, 5, 0.1, 2, 2, 9];
    const sum = weights.reduce((a, b) => a + b);
    const table = new AliasTable(weights);
    const stream = streamOf("alias");
    const counts = Array.from({ length: weights.length }, () => 0);
    for (let i = 0; i < 100_000; i++) counts[table.sample(stream)]!++;
    expect(counts[1]).toBe(0);
    const possible = [0, 2, 3, 4, 5, 6];
    const observed = possible.map((i) => counts[i]!);
    const probabilities = possible.map((i) => weights[i]! / sum);
    expect(Math.abs(chiSquare(observed, probabilities))).toBeLessThan(4);
  });

  it("takes a single weight and refuses none, negative ones and a sum of 0", () => {
    expect(new AliasTable([3]).sample(streamOf("one"))).toBe(0);
    for (const weights of [[], [0, 0], [1, -1], [NaN], [Infinity]]) {
      expect(() => new AliasTable(weights)).toThrow("weight");
    }
  });
});

describe("Zipf", () => {
  // The first two by table, the others by rejection.
  it.each([
    [100, 1],
    [5000, 0.8],
    [100_000, 0.5],
    [100_000, 1],
    [1_000_000, 1.0001],
    [1_000_000, 2.5],
    [70_000, 0],
  ])("over %d ranks with exponent %d gives ranks their probability", (n, exponent) => {
    const stream = streamOf(`${n} ${exponent}`);
    const sampler = new ZipfSampler(n, exponent, stream);
    // Single ranks first, then ever wider groups up to the last rank.
    const ends = [0, 1, 2, 3, 4, 9, 29, 99, Math.floor(n / 7), n - 1].filter((end) => end < n);
    const groups = [...new Set(ends)].sort((a, b) => a - b);
    const weights = Array.from({ length: groups.length }, () => 0);
    for (let rank = 0, group = 0; rank < n; rank++) {
      if (rank > groups[group]!) group++;
      weights[group]! += (rank + 1) ** -exponent;
    }
    const sum = weights.reduce((a, b) => a + b);
    const counts = Array.from({ length: groups.length }, () => 0);
    // So many that accepting every candidate, or too many by shortcut, would show.
    const draws = 300_000;
    for (let i = 0; i < draws; i++) {
      const rank = sampler.sample();
      counts[groups.findIndex((end) => rank <= end)]!++;
    }
    // Groups too rare for chi-square are joined with what comes before.
    while (draws * weights.at(-1)! < 5 * sum) {
      const [weight, count] = [weights.pop()!, counts.pop()!];
      weights[weights.length - 1]! += weight;
      counts[counts.length - 1]! += count;
    }
    expect(
      Math.abs(
        chiSquare(
          counts,
          weights.map((w) => w / sum),
        ),
      ),
    ).toBeLessThan(4);
  });

  it("knows a single rank and refuses nonsense", () => {
    expect(new ZipfSampler(1, 1, streamOf("one")).sample()).toBe(0);
    expect(() => new ZipfSampler(0, 1, streamOf("x"))).toThrow("0 ranks");
    expect(() => new ZipfSampler(5, -1, streamOf("x"))).toThrow("exponent -1");
  });
});
