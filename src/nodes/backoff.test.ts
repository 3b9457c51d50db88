// The worked numbers of exponential back-off: base 0.1 s, ceiling 20 s.

import { expect, test } from "vitest";
import { Arena } from "../kernel/arena.ts";
import { RandomStreams } from "../kernel/random.ts";
import { type Backoff, backoffNs } from "./backoff.ts";

const stream = new RandomStreams(new Arena(), 1).stream("jitter");
const rule = (jitter: Backoff["jitter"]): Omit<Backoff, "backoff"> => ({
  backoffMax: 20_000,
  jitter,
});
const attempts = Array.from({ length: 10 }, (_, i) => i + 1);

test("without jitter the wait doubles up to the ceiling", () => {
  const waitsS = attempts.map((attempt) => backoffNs(rule("none"), 100, attempt, stream) / 1e9);
  expect(waitsS).toEqual([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20, 20]);
});

test("full jitter halves the mean wait of five attempts, equal jitter takes a quarter off", () => {
  const meanS = (jitter: Backoff["jitter"]): number => {
    let sum = 0;
    for (let round = 0; round < 20_000; round++)
      for (let attempt = 1; attempt <= 4; attempt++)
        sum += backoffNs(rule(jitter), 100, attempt, stream) / 1e9;
    return sum / 20_000;
  };
  expect(meanS("none")).toBeCloseTo(1.5, 6);
  expect(Math.abs(meanS("full") - 0.75)).toBeLessThan(0.01);
  expect(Math.abs(meanS("equal") - 1.125)).toBeLessThan(0.01);
});

test("jitter keeps its bounds", () => {
  for (const attempt of attempts)
    for (let round = 0; round < 200; round++) {
      const raw = backoffNs(rule("none"), 100, attempt, stream);
      expect(backoffNs(rule("full"), 100, attempt, stream)).toBeLessThanOrEqual(raw);
      expect(backoffNs(rule("equal"), 100, attempt, stream)).toBeGreaterThanOrEqual(
        Math.floor(raw / 2),
      );
    }
});

test("a thousandth attempt still waits the ceiling", () => {
  expect(backoffNs(rule("none"), 100, 1000, stream)).toBe(20e9);
});
