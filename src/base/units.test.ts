// Quantities as people type and read them.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDurationMs,
  formatNumber,
  msToNs,
  nsPerMs,
  parseBytes,
  parseDurationMs,
  parseRatePerS,
  parseRatio,
  wholeOf,
} from "./units.ts";

describe("reading quantities", () => {
  it.each([
    ["250ms", 250],
    ["1.5 s", 1500],
    [" 2min ", 120_000],
    ["1h", 3_600_000],
    ["7d", 604_800_000],
    ["10us", 0.01],
    ["10µs", 0.01],
    ["20", 20],
    [".5s", 500],
    ["1e3", 1000],
  ])("%j is %d ms", (text, durationMs) => {
    expect(parseDurationMs(text)).toBeCloseTo(durationMs, 9);
  });

  it("answers undefined for everything else", () => {
    for (const text of ["", "soon", "1 fortnight", "1,5s", "--1s", "1s2", "toString", "1 toString"])
      expect(parseDurationMs(text)).toBeUndefined();
    expect(parseBytes("1 kb")).toBeUndefined();
    expect(parseRatePerS("5 per second")).toBeUndefined();
    expect(parseRatio("5 percent")).toBeUndefined();
  });

  it("knows bytes, rates and ratios", () => {
    expect(parseBytes("512")).toBe(512);
    expect(parseBytes("16 KiB")).toBe(16_384);
    expect(parseBytes("1MB")).toBe(1_000_000);
    expect(parseRatePerS("20")).toBe(20);
    expect(parseRatePerS("20/s")).toBe(20);
    expect(parseRatePerS("1200 /min")).toBeCloseTo(20, 9);
    expect(parseRatePerS("3600/h")).toBeCloseTo(1, 9);
    expect(parseRatio("5%")).toBe(0.05);
    expect(parseRatio("0.05")).toBe(0.05);
  });
});

describe("showing quantities", () => {
  it.each([
    [0, "0 ms"],
    [0.25, "250 µs"],
    [12, "12 ms"],
    [1500, "1.5 s"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [604_800_000, "7 d"],
    [Number.NaN, "–"],
  ])("%d ms is %j", (durationMs, text) => {
    expect(formatDurationMs(durationMs)).toBe(text);
  });

  it("shortens numbers and keeps even binary sizes", () => {
    expect(formatNumber(0.051_23)).toBe("0.0512");
    expect(formatNumber(1234.5)).toBe("1,235");
    expect(formatNumber(Number.POSITIVE_INFINITY)).toBe("–");
    expect(formatBytes(16_384)).toBe("16 KiB");
    expect(formatBytes(1_200_000)).toBe("1.2 MB");
    expect(formatBytes(100)).toBe("100 B");
  });
});

it("turns milliseconds into whole nanoseconds and back", () => {
  expect(msToNs(0.000_000_4)).toBe(0);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8_985_600_000 }), (durationMs) => {
      expect(msToNs(durationMs) / nsPerMs).toBe(durationMs);
    }),
  );
});

it("rounds to the nearest integer exactly like Math.round", () => {
  const edges = [0, 0.49999999999999994, 0.5, 1.5, 2 ** 51 + 0.5, 2 ** 52 - 0.5, 2 ** 52 + 1];
  for (const value of [...edges, 2 ** 53 - 1, 1e300])
    expect(wholeOf(value)).toBe(Math.round(value));
  const value = fc.oneof(
    fc.double({ min: 0, max: 2 ** 53, noNaN: true }),
    fc.tuple(fc.nat(2 ** 30), fc.nat(7)).map(([whole, eighths]) => whole + eighths / 8),
  );
  fc.assert(
    fc.property(value, (one) => {
      expect(wholeOf(one)).toBe(Math.round(one));
    }),
    { numRuns: 1000 },
  );
});
