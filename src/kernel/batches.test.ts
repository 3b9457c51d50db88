// Batch means with doubling batches: against the definition, and by how often their intervals hold the truth.

import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { Batches, batchesMax, batchesMin, estimateFromBatches } from "./batches.ts";
import { halfWidth, quantileBand } from "./confidence.ts";
import { Histogram } from "./histogram.ts";
import { RandomStreams } from "./random.ts";

function append(batches: Batches, values: Iterable<number>): void {
  const list = Float64Array.from(values);
  batches.recordAll(list, 0, list.length);
}

function batchesOf(values: Iterable<number>): Batches {
  const batches = new Batches(new Arena(), "x");
  append(batches, values);
  return batches;
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

describe("batches", () => {
  it("are single values until there is no more room", () => {
    expect([...batchesOf(numbers(63)).means()]).toEqual(numbers(63));
    expect(batchesOf(numbers(63)).size()).toBe(1);
  });

  it("double their length, again and again, and leave out the last one that is not full", () => {
    for (const count of [64, 65, 100, 127, 128, 1000, 12345]) {
      const batches = batchesOf(numbers(count));
      const size = batches.size();
      const full = Math.floor(count / size);
      expect(full).toBeGreaterThanOrEqual(batchesMax / 2);
      expect(full).toBeLessThan(batchesMax);
      const means = Array.from({ length: full }, (_, b) => b * size + (size - 1) / 2);
      expect([...batches.means()]).toEqual(means);
    }
  });

  it("are state of the run: a restored arena goes on as before", () => {
    const arena = new Arena();
    const batches = new Batches(arena, "x");
    append(batches, numbers(500));
    const checkpoint = arena.checkpoint();
    append(batches, numbers(500));
    const after = arena.hash();
    arena.restore(checkpoint);
    append(batches, numbers(500));
    expect(arena.hash()).toBe(after);
    batches.reset();
    expect(batches.means()).toHaveLength(0);
    expect(batches.size()).toBe(1);
  });
});

describe("an estimate from batches", () => {
  it("needs at least ten of them", () => {
    expect(estimateFromBatches(new Float64Array(batchesMin - 1))).toEqual({ verdict: "few" });
    expect(estimateFromBatches(new Float64Array(batchesMin)).verdict).toBe("told");
  });

  it("joins batches that resemble their neighbours", () => {
    const steps = Float64Array.from({ length: 64 }, (_, i) => Math.floor(i / 4) % 2);
    const estimate = estimateFromBatches(steps);
    // Pairs still come in pairs; of fours every neighbour differs.
    expect(estimate).toMatchObject({ verdict: "told", degreesOfFreedom: 31, mean: 0.5 });
  });

  it("says so when they resemble each other however coarse they are", () => {
    expect(estimateFromBatches(Float64Array.from(numbers(64)))).toEqual({ verdict: "correlated" });
  });
});

describe("M/M/1 at ρ 0.8, 200 runs of 100,000 customers", () => {
  const covered = { mean: 0, p50: 0, p95: 0, p99: 0, told: 0 };
  const truth = { p50: 5 * Math.LN2, p95: 5 * Math.log(20), p99: 5 * Math.log(100) };
  const streams = new RandomStreams(new Arena(), 1);
  const gaps = streams.stream("gaps");
  const work = streams.stream("work");
  for (let run = 0; run < 200; run++) {
    const arena = new Arena();
    const batches = new Batches(arena, "batches");
    const histogram = new Histogram(arena, "histogram");
    let wait = 0;
    for (let i = 0; i < 100_000; i++) {
      const service = work.exponential();
      append(batches, [wait + service]);
      histogram.record(Math.round((wait + service) * 1e6));
      wait = Math.max(0, wait + service - gaps.exponential() / 0.8);
    }
    const estimate = estimateFromBatches(batches.means());
    if (estimate.verdict !== "told") continue;
    covered.told++;
    if (Math.abs(estimate.mean - 5) < halfWidth(estimate, 0.95)) covered.mean++;
    const independent = histogram.variance() / 1e12 / estimate.standardError ** 2;
    for (const [name, q] of [
      ["p50", 0.5],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const) {
      const band = quantileBand(q, independent, 0.95)!;
      const low = histogram.quantile(band.low) / 1e6;
      const high = histogram.quantile(band.high) / 1e6;
      if (low <= truth[name] && truth[name] <= high) covered[name]++;
    }
  }

  it("tells an interval nearly always", () => {
    expect(covered.told).toBeGreaterThanOrEqual(195);
  });

  it("95 % intervals hold the true mean about as often as they say", () => {
    expect(covered.mean / covered.told).toBeGreaterThanOrEqual(0.9);
    expect(covered.mean / covered.told).toBeLessThanOrEqual(0.99);
  });

  it.each(["p50", "p95", "p99"] as const)(
    "intervals of 95 per cent hold the true %s nearly as often or more often",
    (what) => {
      // Who is above a quantile is less correlated than the values are: the interval is rather too wide.
      expect(covered[what] / covered.told).toBeGreaterThanOrEqual(0.9);
    },
  );
});

describe("the band of a quantile", () => {
  it("is that of the binomial distribution", () => {
    // 1,000 independent observations: the median lies between those of rank 469 and 531.
    const band = quantileBand(0.5, 1000, 0.95)!;
    expect(band.low).toBeCloseTo(0.469, 3);
    expect(band.high).toBeCloseTo(0.531, 3);
  });

  it("is unknown where there are no observations beyond it", () => {
    expect(quantileBand(0.99, 100, 0.95)).toBeUndefined();
    expect(quantileBand(0.01, 100, 0.95)).toBeUndefined();
    expect(quantileBand(0.99, 1000, 0.95)).toBeDefined();
  });
});
