// The worked numbers of exponential back-off: base 0.1 s, ceiling 20 s.

import { expect, test } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { RandomStreams } from "../../kernel/random.ts";
import { type Backoff, backoffNs } from "./backoff.ts";

const stream = new RandomStreams(new Arena(), 1).stream("jitter");
const rule = (jitter: Backoff["jitter"]): Omit<Backoff, "backoff"> => ({
  backoffMax: 20_000,
  growth: "exponential",
  jitter,
});
const waitNs = (stated: Omit<Backoff, "backoff">, attempt: number, waitedNs = 0): number =>
  backoffNs(stated, { firstMs: 100, attempt, waitedNs }, stream);
const attempts = Array.from({ length: 10 }, (_, i) => i + 1);

test("without jitter the wait doubles up to the ceiling", () => {
  const waitsS = attempts.map((attempt) => waitNs(rule("none"), attempt) / 1e9);
  expect(waitsS).toEqual([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20, 20]);
});

test("full jitter halves the mean wait of five attempts, equal jitter takes a quarter off", () => {
  const meanS = (jitter: Backoff["jitter"]): number => {
    let sum = 0;
    for (let round = 0; round < 20_000; round++)
      for (let attempt = 1; attempt <= 4; attempt++) sum += waitNs(rule(jitter), attempt) / 1e9;
    return sum / 20_000;
  };
  expect(meanS("none")).toBeCloseTo(1.5, 6);
  expect(Math.abs(meanS("full") - 0.75)).toBeLessThan(0.01);
  expect(Math.abs(meanS("equal") - 1.125)).toBeLessThan(0.01);
});

test("jitter keeps its bounds", () => {
  for (const attempt of attempts)
    for (let round = 0; round < 200; round++) {
      const raw = waitNs(rule("none"), attempt);
      expect(waitNs(rule("full"), attempt)).toBeLessThanOrEqual(raw);
      expect(waitNs(rule("equal"), attempt)).toBeGreaterThanOrEqual(Math.floor(raw / 2));
    }
});

test("a thousandth attempt still waits the ceiling", () => {
  expect(waitNs(rule("none"), 1000)).toBe(20e9);
});

test("linear and fixed growth", () => {
  const waitsS = (growth: Backoff["growth"]): number[] =>
    attempts.slice(0, 4).map((attempt) => waitNs({ ...rule("none"), growth }, attempt) / 1e9);
  expect(waitsS("linear")).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(waitsS("fixed")).toEqual([0.1, 0.1, 0.1, 0.1]);
});

test("decorrelated jitter begins with the base and stays between it and three times the last wait", () => {
  let widest = 0;
  for (let round = 0; round < 500; round++) {
    let waitedNs = 0;
    for (const [i, most] of [0.1, 0.3, 0.9, 2.7].entries()) {
      waitedNs = waitNs(rule("decorrelated"), i + 1, waitedNs);
      expect(waitedNs).toBeGreaterThanOrEqual(0.1e9);
      expect(waitedNs).toBeLessThanOrEqual(most * 1e9);
      if (i === 3) widest = Math.max(widest, waitedNs);
    }
  }
  expect(widest).toBeGreaterThan(1e9);
  expect(waitNs(rule("decorrelated"), 9, 19e9)).toBeLessThanOrEqual(20e9);
});
