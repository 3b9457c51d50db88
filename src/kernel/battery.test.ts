// The generator as a whole under tests that look for structure: in bytes, in pairs, in runs, and between streams. Seeds
// are fixed, so a bound that holds once holds always; each is passed by chance with a probability above 0.999.

import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { type RandomStream, RandomStreams } from "./random.ts";
import {
  chiSquare,
  correlation,
  kolmogorovSmirnov,
  normalCdf,
  serialCorrelation,
} from "./statistics.suite.ts";

function streamOf(name: string, seed = 1): RandomStream {
  return new RandomStreams(new Arena(), seed).stream(name);
}

function draw(count: number, one: () => number): number[] {
  return Array.from({ length: count }, one);
}

function evenly(cells: number): number[] {
  return Array.from({ length: cells }, () => 1 / cells);
}

/** How often each number below `cells` occurs. */
function countsOf(values: readonly number[], cells: number): number[] {
  const counts = Array.from({ length: cells }, () => 0);
  for (const value of values) counts[value]!++;
  return counts;
}

describe("one stream", () => {
  it.each([0, 8, 16, 24])("has all bytes at bit %d equally often", (shift) => {
    const stream = streamOf("bytes");
    const bytes = draw(100_000, () => (stream.uint32() >>> shift) & 255);
    expect(Math.abs(chiSquare(countsOf(bytes, 256), evenly(256)))).toBeLessThan(3.5);
  });

  it.each([
    ["high", 28],
    ["low", 0],
  ])("has all triples of four %s bits equally often", (_, shift) => {
    const stream = streamOf("triples");
    const bits = (): number => (stream.uint32() >>> shift) & 15;
    const triples = draw(100_000, () => (bits() << 8) | (bits() << 4) | bits());
    expect(Math.abs(chiSquare(countsOf(triples, 4096), evenly(4096)))).toBeLessThan(3.5);
  });

  it("has gaps between small numbers that are geometric", () => {
    const stream = streamOf("gaps");
    const longest = 30;
    const gaps = draw(40_000, () => {
      let gap = 0;
      while (stream.uniform() >= 0.2) gap++;
      return Math.min(gap, longest);
    });
    const probabilities = Array.from({ length: longest }, (_, gap) => 0.2 * 0.8 ** gap);
    const rest = 0.8 ** longest;
    expect(Math.abs(chiSquare(countsOf(gaps, longest + 1), [...probabilities, rest]))).toBeLessThan(
      3.5,
    );
  });

  it("has all orders of four numbers equally often", () => {
    const stream = streamOf("orders");
    const orders = draw(50_000, () => {
      const four = draw(4, () => stream.uniform());
      const rank = (i: number, before: number): number =>
        four.slice(0, before).filter((other) => other < four[i]!).length;
      return rank(3, 3) * 6 + rank(2, 2) * 2 + rank(1, 1);
    });
    expect(Math.abs(chiSquare(countsOf(orders, 24), evenly(24)))).toBeLessThan(3.5);
  });

  it("is uncorrelated with itself up to a lag of a hundred", () => {
    const stream = streamOf("lags");
    const values = draw(20_000, () => stream.uniform());
    const correlations = Array.from({ length: 100 }, (_, i) => serialCorrelation(values, i + 1));
    expect(kolmogorovSmirnov(correlations, normalCdf)).toBeLessThan(1.95);
  });
});

describe("neighbouring streams", () => {
  /** Streams as a run names them, and the same stream of neighbouring seeds. */
  const families = [
    ["names", (i: number) => streamOf(`node-${i}/service`)],
    ["seeds", (i: number) => streamOf("node/service", i)],
    ["purposes", (i: number) => streamOf(`node/${"abcdefghij"[i % 10]}${Math.floor(i / 10)}`)],
  ] as const;

  it.each(families)("(%s) begin as differently as one stream goes on", (_, family) => {
    const firsts = Array.from({ length: 5000 }, (__, i) => family(i).uniform());
    expect(kolmogorovSmirnov(firsts, (x) => x)).toBeLessThan(1.95);
    for (const lag of [1, 2, 8, 10])
      expect(Math.abs(serialCorrelation(firsts, lag))).toBeLessThan(3.3);
  });

  it.each(families)("(%s) are independent in pairs", (_, family) => {
    const pairs = 150;
    const before = Array.from({ length: pairs + 1 }, (__, i) => {
      const stream = family(i);
      return draw(1000, () => stream.uniform());
    });
    const correlations: number[] = [];
    const cells: number[] = [];
    for (let i = 0; i < pairs; i++) {
      const [one, other] = [before[i]!, before[i + 1]!];
      correlations.push(correlation(one, other));
      one.forEach((value, j) => cells.push(8 * Math.floor(8 * value) + Math.floor(8 * other[j]!)));
    }
    // Correlations of independent streams scatter like normal numbers; no less, which would show a pattern, too.
    expect(kolmogorovSmirnov(correlations, normalCdf)).toBeLessThan(1.95);
    expect(Math.abs(chiSquare(countsOf(cells, 64), evenly(64)))).toBeLessThan(3.5);
  });

  it("do not follow each other at a distance", () => {
    const one = streamOf("node-1");
    const other = streamOf("node-2");
    const values = draw(5000, () => one.uniform());
    const others = draw(5000, () => other.uniform());
    for (const shift of [1, 2, 3, 10, 100]) {
      const ahead = correlation(values.slice(shift), others.slice(0, -shift));
      const behind = correlation(values.slice(0, -shift), others.slice(shift));
      expect(Math.max(Math.abs(ahead), Math.abs(behind))).toBeLessThan(3.6);
    }
  });
});

it("a generator with a pattern is found out", () => {
  // A linear congruential generator of few bits, and its low bits.
  let state = 1;
  const next = (): number => (state = (state * 1103515245 + 12345) % 2 ** 31);
  const low = draw(100_000, () => next() & 255);
  expect(Math.abs(chiSquare(countsOf(low, 256), evenly(256)))).toBeGreaterThan(3.5);
});
