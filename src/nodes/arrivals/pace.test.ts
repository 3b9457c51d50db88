// Rates that change: exact moments, the integral of the rate, and Poisson arrivals that stay Poisson when the time is
// stretched back.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Parameters, valuesOf } from "../../base/fields.ts";
import { kolmogorovSmirnov, serialCorrelation } from "../../kernel/statistics.suite.ts";
import { producerFields } from "../producerFields.ts";
import { Bench, timesOf } from "./arrivals.suite.ts";
import { createPace, type Pace } from "./pace.ts";

function paceOf(parameters: Parameters): Pace {
  return createPace(valuesOf(producerFields, parameters)) ?? expect.fail("its rate is steady");
}

const even = (parameters: Parameters, seconds: number): readonly number[] =>
  timesOf({ arrivals: "constant", ...parameters }, seconds);

describe("evenly spaced arrivals", () => {
  test("follow a ramp by its inverse: the n-th comes at the root of n", () => {
    // From 0/s to 20/s in 10 s: t² are expected up to t.
    const times = even({ shape: "ramp", rate: 20, rampTime: 10_000 }, 11);
    expect(times).toHaveLength(100 + 20);
    times.slice(0, 100).forEach((time, i) => expect(time).toBeCloseTo(Math.sqrt(i + 1), 9));
    expect(times.slice(100).map((time) => Math.round(time * 100))).toEqual(
      Array.from({ length: 20 }, (_, i) => 1005 + 5 * i),
    );
  });

  test("hold the first rate before a ramp, and may go down", () => {
    const about = { rate: 0, rampFrom: 10, rampStart: 1000, rampTime: 2000 };
    const times = even({ shape: "ramp", ...about }, 100);
    expect(times).toHaveLength(20);
    expect(times.slice(0, 10)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(times.at(-1)).toBeCloseTo(3, 4);
  });

  test("take a step where it is", () => {
    const times = even({ shape: "step", rate: 2, stepAt: 2250, stepRate: 4 }, 3);
    expect(times).toEqual([0.5, 1, 1.5, 2, 2.375, 2.625, 2.875]);
  });

  test("take a step at once when there is no time to wait", () => {
    expect(even({ shape: "step", rate: 2, stepAt: 0, stepRate: 4 }, 1)).toEqual([
      0.25, 0.5, 0.75, 1,
    ]);
    expect(even({ shape: "ramp", rate: 2, rampTime: 0 }, 1)).toEqual([0.5, 1]);
  });

  test("come more often in a spike, and as before after it", () => {
    const spike = { spikeAt: 1000, spikeTime: 500, spikeFactor: 4 };
    expect(even({ shape: "spike", rate: 2, ...spike }, 2.5)).toEqual([
      0.5, 1, 1.125, 1.25, 1.375, 1.5, 2, 2.5,
    ]);
  });

  test("follow a schedule of steps, with a pause, and again", () => {
    const schedule = [
      { at: 0, rate: 4 },
      { at: 1000, rate: 0 },
      { at: 2000, rate: 2 },
      { at: 3000, rate: 100 },
    ];
    const round = [0.25, 0.5, 0.75, 1, 2.5, 3];
    const about = { shape: "schedule", schedule, scheduleRepeats: true };
    expect(even(about, 9)).toEqual([
      ...round,
      ...round.map((t) => t + 3),
      ...round.map((t) => t + 6),
    ]);
    const once = even({ ...about, scheduleRepeats: false }, 3.02);
    expect(once).toEqual([...round, 3.01, 3.02]);
  });

  test("come before a pause that ends the round, not after it", () => {
    const schedule = [
      { at: 0, rate: 2 },
      { at: 1000, rate: 0 },
      { at: 3000, rate: 0 },
    ];
    const times = even({ shape: "schedule", schedule, scheduleRepeats: true }, 7);
    expect(times).toEqual([0.5, 1, 3.5, 4, 6.5, 7]);
  });

  test("follow a schedule of lines", () => {
    const schedule = [
      { at: 1000, rate: 0 },
      { at: 3000, rate: 4 },
      { at: 5000, rate: 0 },
    ];
    const times = even({ shape: "schedule", schedule, scheduleKind: "linear" }, 100);
    expect(times).toHaveLength(8);
    [2, 1 + Math.SQRT2, 1 + Math.sqrt(3), 3].forEach((time, i) =>
      expect(times[i]).toBeCloseTo(time, 8),
    );
    expect(times.at(-1)).toBeCloseTo(5, 4);
  });

  test("send nothing by a schedule of zeros, repeated or not", () => {
    const schedule = [
      { at: 0, rate: 0 },
      { at: 1000, rate: 0 },
    ];
    for (const scheduleRepeats of [true, false])
      expect(even({ shape: "schedule", schedule, scheduleRepeats }, 100)).toEqual([]);
  });

  test("come in each period of a wave as often, most of them around its peak", () => {
    const wave = { shape: "wave", rate: 10, waveSwing: 1, wavePeriod: 20_000, wavePeak: 5000 };
    const times = even(wave, 60);
    expect(times).toHaveLength(600);
    // The integral of 10 (1 + cos(2π (t − 5) / 20)) from 0 to 10 is 100 + 200 / π.
    expect(times.filter((time) => time <= 10)).toHaveLength(Math.floor(100 + 200 / Math.PI));
    times.slice(400).forEach((time, i) => expect(time - 40).toBeCloseTo(times[i]!, 7));
  });

  test("change their pace at once when the rate changes", () => {
    const bench = new Bench({ arrivals: "constant", shape: "spike", rate: 1, spikeAt: 5000 });
    bench.run(3.5e9);
    bench.set("rate", 2);
    expect(bench.run(5e9).map(({ timeNs }) => timeNs / 1e9)).toEqual([1, 2, 3, 3.75, 4.25, 4.75]);
    expect(bench.run(6e9)).toHaveLength(6 + 10);
    bench.set("rate", 0);
    expect(bench.run(60e9)).toHaveLength(16);
  });

  test("halt in bursts, whatever the shape", () => {
    const onOff = {
      bursts: "on-off",
      onTime: { distribution: "constant", value: 1000 },
      offTime: { distribution: "constant", value: 1000 },
    } as const;
    const times = even({ shape: "step", rate: 2, stepAt: 2500, stepRate: 4, ...onOff }, 5);
    expect(times).toEqual([0.5, 1, 2.5, 2.75, 3, 4.25, 4.5, 4.75, 5]);
  });
});

const shapes: Readonly<Record<string, Parameters>> = {
  ramp: { shape: "ramp", rate: 60, rampFrom: 2, rampStart: 10_000, rampTime: 300_000 },
  step: { shape: "step", rate: 10, stepAt: 200_000, stepRate: 40 },
  spike: { shape: "spike", rate: 10, spikeAt: 100_000, spikeTime: 50_000, spikeFactor: 8 },
  wave: { shape: "wave", rate: 20, waveSwing: 1, wavePeriod: 37_000, wavePeak: 11_000 },
  schedule: {
    shape: "schedule",
    scheduleKind: "linear",
    scheduleRepeats: true,
    schedule: [
      { at: 0, rate: 5 },
      { at: 20_000, rate: 50 },
      { at: 21_000, rate: 0 },
      { at: 30_000, rate: 5 },
    ],
  },
};

describe.each(Object.entries(shapes))("Poisson arrivals with a %s", (_, parameters) => {
  const rate = Number(parameters["rate"] ?? 10);
  const pace = paceOf(parameters);
  const times = timesOf(parameters, 500, { seed: 5 });

  test("are as many as the integral of the rate", () => {
    const expected = pace.expected(500e9, rate);
    expect(Math.abs(times.length - expected)).toBeLessThan(3.3 * Math.sqrt(expected));
    // The integral itself, by summing up its derivative as a difference.
    let sum = 0;
    for (let t = 0.5; t < 500; t++)
      sum += pace.expected((t + 0.5) * 1e9, rate) - pace.expected((t - 0.5) * 1e9, rate);
    expect(sum).toBeCloseTo(expected, 6);
  });

  test("are a Poisson process at rate one on the clock of their pace", () => {
    const readings = times.map((time) => pace.expected(time * 1e9, rate));
    const gaps = readings.map((reading, i) => reading - (readings[i - 1] ?? 0));
    expect(kolmogorovSmirnov(gaps, (gap) => 1 - Math.exp(-gap))).toBeLessThan(1.95);
    expect(Math.abs(serialCorrelation(gaps, 1))).toBeLessThan(3.3);
  });

  test("keep the unit gaps of a steady source with the same seed", () => {
    const steady = timesOf({ rate: 1 }, 200, { seed: 5 });
    steady.forEach((reading, i) =>
      expect(pace.expected(times[i]! * 1e9, rate)).toBeCloseTo(reading, 5),
    );
  });
});

describe("any pace", () => {
  const ms = fc.integer({ min: 0, max: 100_000 });
  const perS = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e6, noNaN: true }));
  const parameters = fc.record({
    shape: fc.constantFrom("ramp", "step", "spike", "wave", "schedule"),
    rampFrom: perS,
    rampStart: ms,
    rampTime: ms,
    stepAt: ms,
    stepRate: perS,
    spikeAt: ms,
    spikeTime: ms,
    spikeFactor: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 100, noNaN: true })),
    wavePeriod: fc.integer({ min: 1, max: 100_000 }),
    waveSwing: fc.constantFrom(0, 0.3, 0.99, 1),
    wavePeak: ms,
    scheduleKind: fc.constantFrom("steps", "linear"),
    scheduleRepeats: fc.boolean(),
    schedule: fc
      .array(fc.record({ at: ms, rate: perS }), { minLength: 1, maxLength: 6 })
      .map((rows) => rows.toSorted((one, other) => one.at - other.at)),
  });

  test("never takes anything back, and its inverse is one", () => {
    fc.assert(
      fc.property(parameters, perS, fc.array(ms, { minLength: 1 }), (about, rate, times) => {
        const pace = paceOf(about);
        let before = 0;
        for (const timeMs of times.toSorted((a, b) => a - b)) {
          const expected = pace.expected(timeMs * 1e6, rate);
          const slack = 1e-9 * (1 + expected);
          expect(expected).toBeGreaterThanOrEqual(before - slack);
          before = expected;
          const when = pace.when(expected, rate);
          // The last bit of the count is a long time where the rate is low or nothing.
          expect(pace.when(Math.max(0, expected - slack), rate)).toBeLessThanOrEqual(
            timeMs * 1e6 + 1,
          );
          expect(Math.abs(pace.expected(when, rate) - expected)).toBeLessThan(
            1e-6 * (1 + expected),
          );
        }
        expect(pace.when(Infinity, rate)).toBe(Infinity);
        expect(pace.when(0, rate)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
