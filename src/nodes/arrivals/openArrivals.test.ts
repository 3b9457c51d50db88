// Open arrivals: exact moments where nothing is left to chance, and the laws they claim where something is. Seeds are
// fixed; bounds hold with a probability of 0.999 or more for a right source.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { kolmogorovSmirnov, momentsOf, serialCorrelation } from "../../kernel/statistics.suite.ts";
import { Bench, timesOf } from "./arrivals.suite.ts";

function gapsOf(times: readonly number[]): readonly number[] {
  return times.map((time, i) => time - (times[i - 1] ?? 0));
}

/** Numbers of arrivals in successive windows [s], from 0. */
function countsIn(times: readonly number[], seconds: number, windows: number): readonly number[] {
  const counts = Array.from({ length: windows }, () => 0);
  for (const time of times) {
    const window = Math.floor(time / seconds);
    if (window < windows) counts[window]!++;
  }
  return counts;
}

const constant = (value: number) => ({ distribution: "constant", value }) as const;

describe("at a rate", () => {
  test("Poisson gaps are exponential and independent", () => {
    const gaps = gapsOf(timesOf({ rate: 20 }, 1000));
    expect(kolmogorovSmirnov(gaps, (t) => 1 - Math.exp(-20 * t))).toBeLessThan(1.95);
    expect(Math.abs(serialCorrelation(gaps, 1))).toBeLessThan(3.3);
    expect(Math.abs(gaps.length - 20_000)).toBeLessThan(3.3 * Math.sqrt(20_000));
  });

  test("constant arrivals come at n divided by the rate, to the nanosecond", () => {
    const times = new Bench({ arrivals: "constant", rate: 7 }).run(1e12);
    expect(times).toHaveLength(7000);
    times.forEach(({ timeNs }, i) => expect(timeNs).toBe(Math.round(((i + 1) * 1e9) / 7)));
  });

  test("a rate of nothing sends nothing, until it changes", () => {
    for (const arrivals of ["poisson", "constant"]) {
      const bench = new Bench({ arrivals, rate: 0 });
      expect(bench.run(10e9)).toHaveLength(0);
      bench.set("rate", 10);
      expect(bench.run(20e9).length).toBeGreaterThan(60);
      bench.set("rate", 0);
      const before = bench.sent.length;
      expect(bench.run(30e9)).toHaveLength(before);
    }
  });

  test("a change of rate keeps what has passed of the gap", () => {
    const bench = new Bench({ arrivals: "constant", rate: 10 });
    bench.run(0.15e9);
    bench.set("rate", 20);
    expect(bench.run(0.3e9).map(({ timeNs }) => timeNs / 1e6)).toEqual([100, 175, 225, 275]);
  });

  test("rates that change again and again starve nobody", () => {
    const bench = new Bench({ arrivals: "constant", rate: 1 });
    for (let i = 1; i <= 100; i++) {
      bench.run(i * 0.1e9);
      bench.set("rate", i % 2 === 0 ? 1 : 1.001);
    }
    expect(bench.sent).toHaveLength(10);
  });

  test("nothing comes at the moment it stops, or later", () => {
    const bench = new Bench({ arrivals: "constant", rate: 10 }, { stopNs: 1e9 });
    expect(bench.run(5e9).at(-1)).toMatchObject({ timeNs: 0.9e9 });
    bench.set("rate", 100);
    expect(bench.run(9e9)).toHaveLength(9);
  });
});

describe("by gaps", () => {
  const renewal = (gap: Parameters[string]): Parameters => ({ arrivals: "renewal", gap: gap! });

  test("of a constant length are exact", () => {
    expect(timesOf(renewal(constant(250)), 1)).toEqual([0.25, 0.5, 0.75, 1]);
  });

  test("of two exponential phases follow Erlang's law", () => {
    const gaps = gapsOf(timesOf(renewal({ distribution: "erlang", mean: 50, shape: 2 }), 1000));
    const cdf = (t: number): number => 1 - Math.exp(-40 * t) * (1 + 40 * t);
    expect(kolmogorovSmirnov(gaps, cdf)).toBeLessThan(1.95);
    expect(kolmogorovSmirnov(gaps, (t) => 1 - Math.exp(-20 * t))).toBeGreaterThan(10);
  });

  test("that are uniform are uniform and independent", () => {
    const gaps = gapsOf(timesOf(renewal({ distribution: "uniform", min: 0, max: 100 }), 1000));
    expect(kolmogorovSmirnov(gaps, (t) => Math.min(1, t * 10))).toBeLessThan(1.95);
    expect(Math.abs(serialCorrelation(gaps, 1))).toBeLessThan(3.3);
  });

  test("have the mean and variance of a hyperexponential law", () => {
    const law = { distribution: "hyperexponential", mean: 50, cv2: 4 } as const;
    const { mean, variance } = momentsOf(gapsOf(timesOf(renewal(law), 5000)));
    expect(mean).toBeCloseTo(0.05, 2);
    expect(variance / mean ** 2).toBeGreaterThan(3.7);
    expect(variance / mean ** 2).toBeLessThan(4.3);
  });
});

describe("in bursts", () => {
  test("constant arrivals go on after a pause where they had stopped, exactly", () => {
    const onOff = { bursts: "on-off", onTime: constant(1000), offTime: constant(1000) };
    const times = timesOf({ arrivals: "constant", rate: 10, ...onOff }, 4.5);
    const first = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    expect(times).toEqual([...first, ...first.map((time) => 2 + time), 4.1, 4.2, 4.3, 4.4, 4.5]);
    const slow = timesOf({ arrivals: "constant", rate: 0.4, ...onOff }, 12);
    expect(slow).toEqual([4.5, 9]);
  });

  test("Poisson arrivals with exponential times on and off have hyperexponential gaps", () => {
    const times = timesOf(
      {
        rate: 50,
        bursts: "on-off",
        onTime: { distribution: "exponential", mean: 500 },
        offTime: { distribution: "exponential", mean: 250 },
      },
      1000,
    );
    // The interrupted Poisson process is a renewal process (A. Kuczura 1973).
    const [rate, off, on] = [50, 2, 4];
    const root = Math.sqrt((rate + off + on) ** 2 - 4 * rate * on);
    const [fast, slow] = [(rate + off + on + root) / 2, (rate + off + on - root) / 2];
    const p = (rate - slow) / (fast - slow);
    const cdf = (t: number): number => 1 - p * Math.exp(-fast * t) - (1 - p) * Math.exp(-slow * t);
    const gaps = gapsOf(times);
    expect(kolmogorovSmirnov(gaps, cdf)).toBeLessThan(1.95);
    expect(Math.abs(serialCorrelation(gaps, 1))).toBeLessThan(3.3);
  });

  test("two states have the mean rate and the dispersion of a Markov-modulated Poisson process", () => {
    const states = [
      { factor: 1, mean: 1000 },
      { factor: 0.1, mean: 2000 },
    ];
    const counts = countsIn(timesOf({ rate: 20, bursts: "states", states }, 100_000), 50, 2000);
    const { mean, variance } = momentsOf(counts);
    const [one, other, leavesOne, leavesOther] = [20, 2, 1, 0.5];
    expect(mean / 50).toBeGreaterThan(0.97 * 8);
    expect(mean / 50).toBeLessThan(1.03 * 8);
    // Index of dispersion of counts in long windows (H. Heffes, D. Lucantoni 1986).
    const dispersion =
      1 +
      (2 * (one - other) ** 2 * leavesOne * leavesOther) /
        ((leavesOne + leavesOther) ** 2 * (one * leavesOther + other * leavesOne));
    expect(variance / mean / dispersion).toBeGreaterThan(0.86);
    expect(variance / mean / dispersion).toBeLessThan(1.12);
  });

  test("states of constant length come in turn, each with its factor", () => {
    const states = [
      { factor: 2, mean: 1000 },
      { factor: 0, mean: 500 },
      { factor: 0.5, mean: 2000 },
    ];
    const about = { bursts: "states", states, stateLength: "constant" };
    const times = timesOf({ arrivals: "constant", rate: 10, ...about }, 7);
    expect(
      countsIn(
        times.map((time) => time - 1e-9),
        0.5,
        14,
      ),
    ).toEqual([10, 10, 0, 2, 3, 2, 3, 10, 10, 0, 2, 3, 2, 3]);
  });

  test("what is due at the end of a burst still comes, and the next gap is whole", () => {
    // A third of a nanosecond is lost in rounding: not enough to wait for the next burst, or to count later.
    const slow = { arrivals: "constant", rate: 0.3, bursts: "states", stateLength: "constant" };
    const states = [
      { factor: 1, mean: 3333.333333 },
      { factor: 0.001, mean: 1e8 },
    ];
    const times = new Bench({ ...slow, states }).run(1e13).map(({ timeNs }) => timeNs);
    expect(times.slice(0, 2)).toEqual([3_333_333_333, 3_333_333_333 + 3_333_333_333_333]);
  });

  test("the lengths of bursts stay when those of pauses are drawn otherwise", () => {
    const burstsOf = (offTime: Parameters[string]): readonly number[] => {
      const onTime = { distribution: "exponential", mean: 1000 } as const;
      const about = {
        arrivals: "constant",
        rate: 100,
        bursts: "on-off",
        onTime,
        offTime: offTime!,
      };
      const times = timesOf(about, 1000);
      const ends = times.flatMap((time, i) => ((times[i + 1] ?? Infinity) - time > 4 ? [i] : []));
      return ends.map((end, i) => end - (ends[i - 1] ?? -1)).slice(0, 100);
    };
    const bursts = burstsOf(constant(5000));
    expect(bursts.length).toBe(100);
    burstsOf({ distribution: "uniform", min: 5000, max: 6000 }).forEach((burst, i) =>
      expect(burst).toBe(bursts[i]),
    );
  });

  test("a change of rate within a burst changes nothing but the pace", () => {
    const bench = new Bench({
      arrivals: "constant",
      rate: 10,
      bursts: "on-off",
      onTime: constant(1000),
      offTime: constant(1000),
    });
    bench.run(0.5e9);
    bench.set("rate", 100);
    bench.run(1.7e9);
    expect(bench.sent).toHaveLength(5 + 50);
    bench.set("rate", 10);
    expect(bench.run(3.05e9)).toHaveLength(5 + 50 + 10);
  });
});

describe("several at once", () => {
  test("a constant number, rounded up", () => {
    const times = timesOf({ arrivals: "constant", rate: 1, batch: constant(2.5) }, 2);
    expect(times).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test("at least one and at most 10,000", () => {
    expect(timesOf({ arrivals: "constant", rate: 1, batch: constant(0) }, 2)).toHaveLength(2);
    expect(timesOf({ arrivals: "constant", rate: 1, batch: constant(1e9) }, 1)).toHaveLength(
      10_000,
    );
  });

  test("exponential numbers, rounded up, are geometric", () => {
    const batch = { distribution: "exponential", mean: -1 / Math.log(3 / 4) } as const;
    const times = timesOf({ arrivals: "constant", rate: 1, batch }, 20_000);
    const sizes = countsIn(times, 1, 20_001).slice(1);
    expect(momentsOf(sizes).mean).toBeGreaterThan(3.92);
    expect(momentsOf(sizes).mean).toBeLessThan(4.08);
    const singles = sizes.filter((size) => size === 1).length / sizes.length;
    expect(singles).toBeGreaterThan(0.24);
    expect(singles).toBeLessThan(0.26);
  });
});

describe("any open source", () => {
  const distribution = fc.oneof(
    fc.record({
      distribution: fc.constant("exponential" as const),
      mean: fc.double({ min: 1, max: 3000, noNaN: true }),
    }),
    fc.record({
      distribution: fc.constant("constant" as const),
      value: fc.double({ min: 1, max: 3000, noNaN: true }),
    }),
  );
  const parameters = fc.record({
    arrivals: fc.constantFrom("poisson", "constant", "renewal"),
    rate: fc.double({ min: 0, max: 100, noNaN: true }),
    gap: distribution,
    bursts: fc.constantFrom("none", "on-off", "states"),
    onTime: distribution,
    offTime: distribution,
    batch: fc.constant({ distribution: "uniform", min: 0, max: 3 } as const),
  });

  test("never goes back in time, stops in time, and repeats itself however it is sliced", () => {
    fc.assert(
      fc.property(
        parameters,
        fc.integer({ min: 0, max: 1000 }),
        fc.array(fc.nat(8_000)),
        (about, seed, cuts) => {
          const options = { seed, stopNs: 5e9 };
          const whole = new Bench(about, options);
          const sliced = new Bench(about, options);
          const sent = whole.run(8e9);
          for (const cut of cuts.toSorted((a, b) => a - b)) sliced.run(cut * 1e6);
          expect(sliced.run(8e9)).toEqual(sent);
          expect(sliced.arena.hash()).toBe(whole.arena.hash());
          sent.forEach(({ timeNs }, i) => {
            expect(timeNs).toBeGreaterThanOrEqual(sent[i - 1]?.timeNs ?? 0);
            expect(timeNs).toBeLessThan(5e9);
            expect(Number.isInteger(timeNs)).toBe(true);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  test("keeps its gaps when batches, keys or the lengths of bursts change", () => {
    const times = timesOf({ rate: 5 }, 100);
    const batch = { distribution: "uniform", min: 1, max: 4 } as const;
    expect([...new Set(timesOf({ rate: 5, batch }, 100))]).toEqual(times);
    expect(timesOf({ rate: 5, keyChoice: "zipf" }, 100)).toEqual(times);
    const always = [
      { factor: 1, mean: 10 },
      { factor: 1, mean: 70 },
    ];
    const modulated = timesOf({ rate: 5, bursts: "states", states: always }, 100);
    modulated.forEach((time, i) => expect(time).toBeCloseTo(times[i]!, 6));
  });
});
