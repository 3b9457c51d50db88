// The intervals themselves: they hold what they promise, controls narrow them without moving them, and they are narrow
// enough to tell one theory from another.

import { expect, test } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { RandomStreams } from "../../kernel/random.ts";
import { controlledMean } from "./controlled.suite.ts";
import { Trials } from "./agreement.suite.ts";
import type { QueueingCase } from "./cases.suite.ts";
import { poissonStation } from "./waiting.suite.ts";

const stream = new RandomStreams(new Arena(), 1).stream("intervals");

/** Values of mean 5 of which most follows from two controls, and a control that never varies. */
function draw(count: number): { values: number[]; controls: number[][] } {
  const controls = Array.from({ length: count }, () => [stream.normal(), stream.normal(), 0]);
  const values = controls.map(([a, b]) => 5 + 3 * a! - 2 * b! + 0.5 * stream.normal());
  return { values, controls };
}

test("intervals with controls hold the mean as often as they promise, and are much narrower", () => {
  const rounds = 2000;
  let held = 0;
  let width = 0;
  let plainWidth = 0;
  for (let round = 0; round < rounds; round++) {
    const { values, controls } = draw(20);
    const { mean, half } = controlledMean(values, controls, 0.95);
    const plain = controlledMean(
      values,
      values.map(() => []),
      0.95,
    );
    if (Math.abs(mean - 5) <= half) held++;
    width += half;
    plainWidth += plain.half;
  }
  // Three standard errors of the share.
  expect(Math.abs(held / rounds - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / rounds));
  expect(width).toBeLessThan(plainWidth / 5);
});

test("controls do not move the mean, not even where values and controls are skewed and bent", () => {
  const rounds = 4000;
  let sum = 0;
  let squares = 0;
  for (let round = 0; round < rounds; round++) {
    const controls = Array.from({ length: 20 }, () => [stream.exponential() - 1]);
    const { mean } = controlledMean(
      controls.map(([control]) => (control! + 1) ** 2),
      controls,
      0.95,
    );
    sum += mean;
    squares += mean * mean;
  }
  const error = Math.sqrt((squares / rounds - (sum / rounds) ** 2) / rounds);
  expect(Math.abs(sum / rounds - 2)).toBeLessThan(3 * error);
  expect(error).toBeLessThan(0.02);
});

test("a wrong theory is recognised: M/D/1 does not pass for M/M/1, nor 0.82 for 0.8", () => {
  const about = (lambda: number, expected: QueueingCase["expected"]): QueueingCase => ({
    id: "wrong",
    name: "wrong",
    group: "M/M/1",
    kind: "exact",
    parameters: { lambda, mu: 1, servers: 1 },
    expected,
  });
  for (const [lambda, wait] of [
    [0.8, 2],
    [0.82, 4],
  ] as const) {
    const one = about(lambda, { Wq: wait });
    const expression = poissonStation(one);
    if (typeof expression === "string") throw new Error(expression);
    const trials = new Trials(one, expression);
    trials.add(30);
    const { mean, half } = trials.interval("Wq");
    expect(Math.abs(mean - wait), `${mean} ± ${half}`).toBeGreaterThan(2 * half);
  }
});
