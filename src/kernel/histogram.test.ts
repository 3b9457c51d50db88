// The histogram against exact sorted values: its error stays within what it states.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { Histogram } from "./histogram.ts";

const fixed = { seed: 7 };

const value = fc.oneof(
  fc.nat(300),
  fc.nat(1_000_000_000),
  fc.double({ min: 0, max: 53, noNaN: true }).map((power) => Math.floor(2 ** power)),
);
const values = fc.array(value, { minLength: 1, maxLength: 200 });

function histogramOf(list: readonly number[], arena = new Arena(), name = "h"): Histogram {
  const histogram = new Histogram(arena, name);
  list.forEach((one) => histogram.record(one));
  return histogram;
}

describe("histogram", () => {
  it("quantiles are within 1/256 of the value of that rank, and exact below 256", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const sorted = [...list].sort((x, y) => x - y);
        const exact = sorted[Math.max(1, Math.ceil(q * list.length)) - 1]!;
        const error = Math.abs(histogramOf(list).quantile(q) - exact);
        expect(error).toBeLessThanOrEqual(exact < 256 ? 0 : exact / 256);
      }),
      { ...fixed, numRuns: 500 },
    );
  });

  it("quantiles are that good at every value, not only where few lie", () => {
    const list = Array.from({ length: 2000 }, (_, i) => 1_000_003 + 1009 * i);
    const histogram = histogramOf(list);
    list.forEach((exact, index) => {
      const error = Math.abs(histogram.quantile((index + 0.5) / 2000) - exact);
      expect(error).toBeLessThanOrEqual(exact / 256);
    });
  });

  it("count, sum, extremes and moments are those of the values", () => {
    fc.assert(
      fc.property(values, (list) => {
        const histogram = histogramOf(list);
        const n = list.length;
        const mean = list.reduce((sum, one) => sum + one, 0) / n;
        const squares = list.reduce((sum, one) => sum + (one - mean) ** 2, 0);
        expect(histogram.count()).toBe(n);
        expect(histogram.min()).toBe(Math.min(...list));
        expect(histogram.max()).toBe(Math.max(...list));
        expect(Math.abs(histogram.mean() - mean)).toBeLessThanOrEqual(1e-12 * mean);
        if (n < 2) expect(histogram.variance()).toBeNaN();
        else {
          const scale = Math.max(...list) ** 2 + 1;
          const expected = squares / (n - 1);
          expect(Math.abs(histogram.variance() - expected) / scale).toBeLessThan(1e-12);
        }
      }),
      fixed,
    );
  });

  it("keeps a small variance around a large mean", () => {
    const histogram = histogramOf([1e12, 1e12 + 1, 1e12 + 2]);
    expect(histogram.variance()).toBe(1);
  });

  it("merging equals recording everything into one", () => {
    fc.assert(
      fc.property(fc.array(value), values, (one, other) => {
        const merged = histogramOf(one);
        merged.merge(histogramOf(other));
        const both = histogramOf([...one, ...other]);
        expect(merged.count()).toBe(both.count());
        expect(Math.abs(merged.sum() - both.sum())).toBeLessThanOrEqual(1e-12 * both.sum());
        for (const q of [0, 0.3, 0.5, 0.99, 1]) expect(merged.quantile(q)).toBe(both.quantile(q));
        const scale = (both.max() + 1) ** 2;
        if (both.count() > 1) {
          expect(Math.abs(merged.variance() - both.variance()) / scale).toBeLessThan(1e-11);
        }
      }),
      fixed,
    );
  });

  it("is empty at the start and after a reset", () => {
    const arena = new Arena();
    const histogram = new Histogram(arena, "h");
    const start = arena.hash();
    for (const one of [1, 1e9, 5]) histogram.record(one);
    histogram.reset();
    expect(arena.hash()).toBe(start);
    expect(histogram.count()).toBe(0);
    for (const figure of ["mean", "min", "max", "variance"] as const) {
      expect(histogram[figure]()).toBeNaN();
    }
    expect(histogram.quantile(0.5)).toBeNaN();
  });

  it("continues after a restore as if nothing had happened", () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (before, after) => {
        const arena = new Arena();
        const histogram = histogramOf(before, arena);
        const checkpoint = arena.checkpoint();
        after.forEach((one) => histogram.record(one));
        const end = arena.hash();
        arena.restore(checkpoint);
        after.forEach((one) => histogram.record(one));
        expect(arena.hash()).toBe(end);
      }),
      fixed,
    );
  });

  it("pays only for the octaves it has seen", () => {
    const arena = new Arena();
    const histogram = new Histogram(arena, "h");
    for (let one = 1_000_000; one < 2_000_000; one += 1000) histogram.record(one);
    expect(arena.byteLength()).toBeLessThan(4096);
  });

  it("refuses what is not a size, and leaves no trace of it", () => {
    const arena = new Arena();
    const histogram = histogramOf([5, 1e6], arena);
    const before = arena.hash();
    for (const one of [-1, -0.5, NaN, Infinity, 2 ** 60]) {
      expect(() => histogram.record(one)).toThrow("cannot count");
    }
    expect(arena.hash()).toBe(before);
  });
});
