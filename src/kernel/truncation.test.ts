// MSER-5 on series of which is known where they settle.

import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { RandomStreams } from "./random.ts";
import { mser5 } from "./truncation.ts";

describe("MSER-5", () => {
  it("leaves nothing out of a series that is settled from the start", () => {
    expect(mser5(new Float64Array(100).fill(3))).toBe(0);
  });

  it("cuts a start that differs", () => {
    const values = Array.from({ length: 200 }, (_, i) => (i < 23 ? 100 : 5 + (i % 3)));
    expect(mser5(values)).toBe(25);
  });

  it("agrees with the definition, evaluated the slow way", () => {
    const stream = new RandomStreams(new Arena(), 7).stream("x");
    for (let round = 0; round < 50; round++) {
      const values = Array.from({ length: 103 }, (_, i) => stream.normal() + 20 * 0.9 ** i);
      const means = Array.from({ length: 20 }, (_, b) => average(values.slice(5 * b, 5 * b + 5)));
      const errors = means.slice(0, 16).map((_, first) => {
        const rest = means.slice(first);
        return rest.reduce((sum, x) => sum + (x - average(rest)) ** 2, 0) / rest.length ** 2;
      });
      const best = errors.indexOf(Math.min(...errors));
      expect(mser5(values)).toBe(best > 10 ? undefined : best * 5);
    }
  });

  it("cannot tell when the series still moves at its end, or is short", () => {
    expect(mser5(Array.from({ length: 100 }, (_, i) => i))).toBeUndefined();
    expect(mser5([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBeUndefined();
    expect(mser5([])).toBeUndefined();
  });

  it("removes most of the bias of an autoregressive series that starts far off", () => {
    const stream = new RandomStreams(new Arena(), 3).stream("x");
    let whole = 0;
    let truncated = 0;
    for (let run = 0; run < 100; run++) {
      let x = 50;
      const values = Array.from({ length: 500 }, () => (x = 0.95 * x + stream.normal()));
      whole += average(values) / 100;
      truncated += average(values.slice(mser5(values) ?? 0)) / 100;
    }
    expect(whole).toBeGreaterThan(1.5);
    expect(Math.abs(truncated)).toBeLessThan(whole / 4);
  });
});

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
