// Series over time keep their sums and integrals whenever the width of their buckets doubles.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { HistogramSeries } from "./histogramSeries.ts";
import { CounterSeries } from "./counterSeries.ts";
import { LevelSeries } from "./levelSeries.ts";

const fixed = { seed: 11 };
const small = { capacity: 6, widthNs: 10 };

const time = fc.oneof(fc.nat(100), fc.nat(5000));
const entries = fc.array(fc.tuple(time, fc.nat(1000)), { maxLength: 60 });

/** The bucket in which a series of this width puts a time. */
function bucketOf(timeNs: number, series: { widthNs(): number }): number {
  return Math.floor(timeNs / series.widthNs());
}

function sumsBy(
  list: readonly (readonly [number, number])[],
  series: { widthNs(): number; length(): number },
): number[] {
  const sums = Array.from({ length: series.length() }, () => 0);
  for (const [at, amount] of list) sums[bucketOf(at, series)]! += amount;
  return sums;
}

describe("counter series", () => {
  it("has in each bucket the sum of the amounts of that time, however often it doubled", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const series = new CounterSeries(new Arena(), "c", small);
        list.forEach(([at, amount]) => series.add(at, amount));
        expect([...series.values()]).toEqual(sumsBy(list, series));
        expect(series.length()).toBeLessThanOrEqual(6);
        expect([...series.values(2)]).toEqual([...series.values()].slice(2));
        expect(series.at(99)).toBe(0);
      }),
      fixed,
    );
  });

  it("doubles its width exactly when time passes the last bucket", () => {
    const series = new CounterSeries(new Arena(), "c", small);
    series.add(59, 1);
    expect([series.widthNs(), series.length()]).toEqual([10, 6]);
    series.add(60, 1);
    expect([series.widthNs(), series.length()]).toEqual([20, 4]);
    series.add(10_000_000_000, 1);
    expect(series.at(0)).toBe(2);
  });

  it("refuses times that do not exist and sizes that cannot merge", () => {
    const series = new CounterSeries(new Arena(), "c", small);
    for (const at of [-1, NaN, Infinity]) expect(() => series.add(at, 1)).toThrow("no time");
    expect(() => new CounterSeries(new Arena(), "c", { capacity: 5 })).toThrow("even");
    expect(() => new CounterSeries(new Arena(), "c", { widthNs: 0 })).toThrow("wide");
  });
});

/** Level per nanosecond: the level after the last change at or before each instant. */
function everyLevel(list: readonly (readonly [number, number])[], untilNs: number): number[] {
  const levels: number[] = [];
  let index = 0;
  let level = 0;
  for (let at = 0; at < untilNs; at++) {
    while (index < list.length && list[index]![0] <= at) level = list[index++]![1];
    levels.push(level);
  }
  return levels;
}

function checkChart(
  series: LevelSeries,
  list: readonly (readonly [number, number])[],
  untilNs: number,
): void {
  const levels = everyLevel(list, untilNs);
  const chart = series.chart(untilNs);
  const sum = (part: readonly number[]) => part.reduce((a, b) => a + b, 0);
  expect(series.integral(untilNs)).toBe(sum(levels));
  expect(chart.means.length).toBe(Math.floor(untilNs / chart.widthNs) + 1);
  chart.means.forEach((mean, bucket) => {
    const from = bucket * chart.widthNs;
    const part = levels.slice(from, from + chart.widthNs);
    expect(mean).toBeCloseTo(part.length === 0 ? 0 : sum(part) / part.length, 9);
    const changes = list.filter(([at]) => Math.floor(at / chart.widthNs) === bucket);
    const highest = Math.max(0, ...part, ...changes.map(([, level]) => level));
    expect(chart.maxima[bucket]).toBe(highest);
  });
}

const changes = entries.map((list) => [...list].sort((x, y) => x[0] - y[0]));

describe("level series", () => {
  it("has the means, maxima and integral of the level at every nanosecond", () => {
    fc.assert(
      fc.property(changes, fc.nat(800), (list, more) => {
        const series = new LevelSeries(new Arena(), "l", small);
        list.forEach(([at, level]) => series.set(at, level));
        const last = list.at(-1)?.[0] ?? 0;
        checkChart(series, list, last);
        checkChart(series, list, last + more);
        expect(series.level()).toBe(list.at(-1)?.[1] ?? 0);
        expect(series.max()).toBe(Math.max(0, ...list.map(([, level]) => level)));
        expect(series.length()).toBeLessThanOrEqual(6);
        const chart = series.chart(last);
        for (let i = 0; i < series.length(); i++) {
          expect(series.meanAt(i)).toBe(chart.means[i]);
          expect(series.maxAt(i)).toBe(chart.maxima[i]);
        }
      }),
      fixed,
    );
  });

  it("is not changed by looking at it", () => {
    const arena = new Arena();
    const series = new LevelSeries(arena, "l", small);
    series.set(5, 3);
    series.add(7, -1);
    const before = arena.hash();
    expect(series.chart(1_000_000).means.at(-1)).toBe(2);
    expect(series.integral(1_000_000)).toBe(6 + 2 * 999_993);
    expect(arena.hash()).toBe(before);
  });

  it("refuses to go back in time and below zero", () => {
    const series = new LevelSeries(new Arena(), "l", small);
    series.set(5, 3);
    expect(() => series.set(4, 1)).toThrow("before its last change");
    expect(() => series.set(Infinity, 1)).toThrow("no time");
    expect(() => series.chart(4)).toThrow("before its last change");
    expect(() => series.integral(4)).toThrow("before its last change");
    expect(() => series.add(6, -4)).toThrow("not possible");
  });
});

const durations = fc.array(
  fc.tuple(
    time,
    fc.double({ min: 0, max: 45, noNaN: true }).map((power) => Math.floor(2 ** power)),
  ),
  { maxLength: 80 },
);

describe("histogram series", () => {
  it("has in each bucket the count and the quantiles of that time, to 1/16 of the value", () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const series = new HistogramSeries(new Arena(), "h", small);
        list.forEach(([at, value]) => series.record(at, value));
        const quantiles = series.quantiles(q);
        const counts = series.counts();
        for (let bucket = 0; bucket < series.length(); bucket++) {
          const values = list
            .filter(([at]) => bucketOf(at, series) === bucket)
            .map(([, value]) => Math.min(Math.max(value, 1024), 2 ** 42 - 1))
            .sort((x, y) => x - y);
          expect(counts[bucket]).toBe(values.length);
          if (values.length === 0) expect(quantiles[bucket]).toBeNaN();
          else {
            const exact = values[Math.max(1, Math.ceil(q * values.length)) - 1]!;
            expect(Math.abs(quantiles[bucket]! - exact)).toBeLessThanOrEqual(exact / 16);
          }
        }
      }),
      fixed,
    );
  });

  it("pays one plane per octave", () => {
    const arena = new Arena();
    const series = new HistogramSeries(arena, "h");
    for (let i = 0; i < 1000; i++) series.record(i * 1e8, 1_000_000 + i * 1000);
    expect(series.widthNs()).toBe(4e8);
    expect(arena.byteLength()).toBeLessThan(40_000);
  });

  it("refuses what is not a duration", () => {
    // Refused at the latest when somebody looks.
    const recordAndLook = (timeNs: number, value: number): number => {
      const series = new HistogramSeries(new Arena(), "h");
      series.record(timeNs, value);
      return series.length();
    };
    expect(() => recordAndLook(0, -1)).toThrow("cannot count");
    expect(() => recordAndLook(0, NaN)).toThrow("cannot count");
    expect(() => recordAndLook(-1, 5)).toThrow("no time");
  });
});

describe("all series", () => {
  it("continue after a restore as if nothing had happened", () => {
    fc.assert(
      fc.property(changes, fc.nat(60), (list, cut) => {
        const arena = new Arena();
        const counter = new CounterSeries(arena, "c", small);
        const level = new LevelSeries(arena, "l", small);
        const histogram = new HistogramSeries(arena, "h", small);
        const run = (part: readonly (readonly [number, number])[]) => {
          for (const [at, amount] of part) {
            counter.add(at, amount);
            level.set(at, amount);
            histogram.record(at, amount * 1e5);
          }
        };
        run(list.slice(0, cut));
        const checkpoint = arena.checkpoint();
        run(list.slice(cut));
        const end = arena.hash();
        arena.restore(checkpoint);
        run(list.slice(cut));
        expect(arena.hash()).toBe(end);
      }),
      fixed,
    );
  });
});
