// The generators under a statistical battery: moments, Kolmogorov–Smirnov, serial correlation, independence.

import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { hashText, RandomStreams } from "./random.ts";
import type { RandomStream } from "./random.ts";
import {
  chiSquare,
  correlation,
  kolmogorovSmirnov,
  momentsOf,
  normalCdf,
  serialCorrelation,
} from "./statistics.suite.ts";

function streamOf(name: string, seed = 1): RandomStream {
  return new RandomStreams(new Arena(), seed).stream(name);
}

function draw(count: number, one: () => number): number[] {
  return Array.from({ length: count }, one);
}

describe("xoshiro128**", () => {
  it("is the published generator", () => {
    // Computed by hand from the definition for the state 1, 2, 3, 4.
    const arena = new Arena();
    const stream = new RandomStreams(arena, 0).stream("x");
    arena.restore({ ...arena.checkpoint(), ints: new Int32Array([1, 2, 3, 4]) });
    expect([stream.uint32(), stream.uint32(), stream.uint32()]).toEqual([11520, 0, 5927040]);
  });

  it("gives every bit with probability one half", () => {
    const stream = streamOf("bits");
    const ones = Array.from({ length: 32 }, () => 0);
    for (let i = 0; i < 20_000; i++) {
      const word = stream.uint32();
      for (let bit = 0; bit < 32; bit++) ones[bit]! += (word >>> bit) & 1;
    }
    for (const count of ones) expect(Math.abs(count - 10_000)).toBeLessThan(4 * 71);
  });

  it("continues after a restore as if nothing had happened", () => {
    const arena = new Arena();
    const stream = new RandomStreams(arena, 5).stream("x");
    draw(10, () => stream.normal());
    const checkpoint = arena.checkpoint();
    const first = draw(50, () => stream.exponential() + stream.normal() + stream.below(7));
    arena.restore(checkpoint);
    expect(draw(50, () => stream.exponential() + stream.normal() + stream.below(7))).toEqual(first);
  });
});

describe("streams", () => {
  it("are the same object for the same name", () => {
    const streams = new RandomStreams(new Arena(), 1);
    expect(streams.stream("a")).toBe(streams.stream("a"));
  });

  it("do not depend on which others exist, nor on the order", () => {
    const arena = new Arena();
    const streams = new RandomStreams(arena, 1);
    streams.stream("b").uint32();
    expect(streams.stream("a").uint32()).toBe(streamOf("a").uint32());
  });

  it("differ by name and by every bit of the seed, the high ones included", () => {
    const first = new Set<number>();
    for (let bit = 0; bit < 53; bit++) first.add(streamOf("a", 2 ** bit).uint32());
    for (const name of ["", "b", "aa", "a:", "á"]) first.add(streamOf(name).uint32());
    expect(first.size).toBe(58);
    expect(() => streamOf("a", 0.5)).toThrow("safe integer");
  });

  it("are uncorrelated for neighbouring names and seeds", () => {
    const base = streamOf("node:1");
    const values = draw(10_000, () => base.uniform());
    for (const other of [streamOf("node:2"), streamOf("node:1", 2), streamOf("node:1", 2 ** 40)]) {
      const others = draw(10_000, () => other.uniform());
      expect(Math.abs(correlation(values, others))).toBeLessThan(3.3);
    }
  });
});

describe("variates", () => {
  const n = 100_000;
  const cases = [
    { name: "uniform", cdf: (x: number) => x, mean: 1 / 2, variance: 1 / 12 },
    { name: "exponential", cdf: (x: number) => 1 - Math.exp(-x), mean: 1, variance: 1 },
    { name: "normal", cdf: normalCdf, mean: 0, variance: 1 },
  ] as const;

  it.each(cases)(
    "$name has its distribution and is uncorrelated",
    ({ name, cdf, mean, variance }) => {
      const stream = streamOf(name);
      const values = draw(n, () => stream[name]());
      const moments = momentsOf(values);
      expect(kolmogorovSmirnov(values, cdf)).toBeLessThan(1.95);
      expect(Math.abs(moments.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / n));
      expect(Math.abs(moments.variance / variance - 1)).toBeLessThan(0.03);
      for (const lag of [1, 2, 3, 7]) {
        expect(Math.abs(serialCorrelation(values, lag))).toBeLessThan(3.6);
      }
    },
  );

  it("exponential and normal have their tails beyond the last layer", () => {
    const stream = streamOf("tails");
    const many = 2_000_000;
    let exponentials = 0;
    let normals = 0;
    for (let i = 0; i < many; i++) {
      if (stream.exponential() > 9) exponentials++;
      if (Math.abs(stream.normal()) > 3.8) normals++;
    }
    // Expected 246.8 and 289.4; Poisson bounds of four standard deviations.
    expect(Math.abs(exponentials - many * Math.exp(-9))).toBeLessThan(63);
    expect(Math.abs(normals - many * 1.44696e-4)).toBeLessThan(68);
  });

  it("the tail of the normal has its mean", () => {
    const stream = streamOf("tail");
    const start = 3.654152885361009;
    let count = 0;
    let sum = 0;
    for (let i = 0; i < 6_000_000; i++) {
      const size = Math.abs(stream.normal());
      if (size < start) continue;
      count++;
      sum += size;
    }
    // Density over probability beyond the start of the tail: 3.897; its standard error is 0.006.
    expect(Math.abs(sum / count - 3.897039)).toBeLessThan(0.02);
  });

  it("below is even, also where 2^32 does not divide", () => {
    const stream = streamOf("below");
    const counts = Array.from({ length: 11 }, () => 0);
    for (let i = 0; i < 50_000; i++) counts[stream.below(11)]!++;
    expect(
      Math.abs(
        chiSquare(
          counts,
          Array.from({ length: 11 }, () => 1 / 11),
        ),
      ),
    ).toBeLessThan(4);
    // Without rejection the lower half would come twice as often.
    const large = 3 * 2 ** 30;
    const low = draw(20_000, () => stream.below(large)).filter((x) => x < large / 3).length;
    expect(Math.abs(low - 20_000 / 3)).toBeLessThan(4 * 67);
    expect(stream.below(1)).toBe(0);
    expect(() => stream.below(0)).toThrow("below 0");
  });

  it("chance is never for 0, always for 1, and right between", () => {
    const stream = streamOf("chance");
    const hits = (p: number) =>
      draw(20_000, () => Number(stream.chance(p))).reduce((a, b) => a + b);
    expect(hits(0)).toBe(0);
    expect(hits(1)).toBe(20_000);
    expect(Math.abs(hits(0.3) - 6000)).toBeLessThan(4 * 65);
  });

  it("never changes from one version to the next", () => {
    const stream = streamOf("frozen", 42);
    expect(stream.uint32()).toBe(3453315258);
    expect(stream.uniform()).toBe(0.5556426449147586);
    expect(stream.exponential()).toBe(0.47713250482164643);
    expect(stream.normal()).toBe(0.21256858109772347);
  });
});

describe("hashText", () => {
  it("spreads similar texts over all bits", () => {
    const hashes = Array.from({ length: 20_000 }, (_, i) => hashText(`node:${i}`));
    expect(new Set(hashes).size).toBe(20_000);
    expect(kolmogorovSmirnov(hashes, (hash) => hash / 2 ** 32)).toBeLessThan(1.95);
  });

  it("depends on the seed and tells empty units from none", () => {
    expect(hashText("a", 1)).not.toBe(hashText("a", 2));
    expect(hashText("")).not.toBe(hashText("\0"));
  });
});
