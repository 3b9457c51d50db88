// Schedules of retries against figures that manuals print.

import { describe, expect, test } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { RandomStreams } from "../../kernel/random.ts";
import {
  attemptsOf,
  drawRetryDelayNs,
  evenPhase,
  type Growth,
  type RetryPolicy,
  retryDelayNs,
  totalDelayNs,
} from "./retry.ts";

const NS_PER_S = 1e9;

function delaysS(growth: Growth, firstS: number, lastS: number, retries: number): number[] {
  const phase = { retries, growth, firstNs: firstS * NS_PER_S, lastNs: lastS * NS_PER_S };
  const delays = Array.from(
    { length: retries + 1 },
    (_, i) => retryDelayNs([phase], i + 1) / NS_PER_S,
  );
  return delays.map((s) => Math.round(s * 100) / 100);
}

describe("retry schedules", () => {
  test("each way of growing goes from the first to the last delay, and then there is none", () => {
    expect(delaysS("linear", 1, 21, 5)).toEqual([1, 6, 11, 16, 21, Infinity]);
    expect(delaysS("arithmetic", 1, 21, 5)).toEqual([1, 3, 7, 13, 21, Infinity]);
    expect(delaysS("geometric", 1, 16, 5)).toEqual([1, 2, 4, 8, 16, Infinity]);
    expect(delaysS("doubling", 1, 20, 7)).toEqual([1, 2, 4, 8, 16, 20, 20, Infinity]);
  });

  test("phases follow each other", () => {
    const phases = [evenPhase(3, 0), evenPhase(2, NS_PER_S), evenPhase(Infinity, 20 * NS_PER_S)];
    const delays = [1, 2, 3, 4, 5, 6, 7_000_000].map((n) => retryDelayNs(phases, n) / NS_PER_S);
    expect(delays).toEqual([0, 0, 0, 1, 1, 20, 20]);
    expect(totalDelayNs(phases)).toBe(Infinity);
  });

  test("adds up delays and attempts", () => {
    const phases = [
      evenPhase(3, 0),
      { retries: 5, firstNs: 1, lastNs: 21, growth: "linear" as const },
    ];
    expect(totalDelayNs(phases)).toBe(55);
    expect(attemptsOf({ phases, ageNsMax: Infinity, jitterFrom: 1, jitterTo: 1 })).toBe(9);
  });

  test("jitter multiplies; without it nothing is drawn", () => {
    const random = new RandomStreams(new Arena(), 1).stream("jitter");
    const policy: RetryPolicy = {
      phases: [evenPhase(5, NS_PER_S)],
      ageNsMax: Infinity,
      jitterFrom: 0.5,
      jitterTo: 1,
    };
    const drawn = Array.from({ length: 100 }, () => drawRetryDelayNs(policy, 1, random) / NS_PER_S);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.5);
    expect(Math.min(...drawn)).toBeLessThan(0.55);
    expect(Math.max(...drawn)).toBeLessThan(1);
    const before = random.uint32();
    expect(drawRetryDelayNs({ ...policy, jitterFrom: 1, jitterTo: 1 }, 1, random)).toBe(NS_PER_S);
    expect(before).not.toBe(random.uint32());
  });
});
