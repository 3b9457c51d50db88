// Sine and cosine against those of the platform, which are good to the last bits.

import { expect, test } from "vitest";
import { cosOfTurns, sinOfTurns } from "./circle.ts";

test("agree with the platform's to 2^-51 everywhere on the circle", () => {
  for (let i = -20_000; i <= 20_000; i++) {
    const turns = i / 9973;
    const angle = 2 * Math.PI * (turns - Math.round(turns));
    expect(Math.abs(sinOfTurns(turns) - Math.sin(angle))).toBeLessThan(2 ** -51);
    expect(Math.abs(cosOfTurns(turns) - Math.cos(angle))).toBeLessThan(2 ** -51);
  }
});

test("opposite angles have opposite sines, to the last bit", () => {
  for (let i = 0; i <= 4000; i++) expect(sinOfTurns(-i / 1000) + sinOfTurns(i / 1000)).toBe(0);
});

test("are exact at the quarters, however many turns there were", () => {
  for (const turns of [0, 1, -3, 1e9]) {
    expect([0, 0.25, 0.5, 0.75].map((part) => sinOfTurns(turns + part) + 0)).toEqual([0, 1, 0, -1]);
    expect([0, 0.25, 0.5, 0.75].map((part) => cosOfTurns(turns + part) + 0)).toEqual([1, 0, -1, 0]);
  }
});
