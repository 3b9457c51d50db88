// How far one press of a key goes.
import { expect, test } from "vitest";
import { stretchNs } from "./stretch.ts";

test("is a round part of the run, near a sixtieth", () => {
  const seconds = [0.5, 10, 60, 90, 150, 600, 3600].map((length) => stretchNs(length * 1e9) / 1e9);
  expect(seconds).toEqual([0.005, 0.1, 1, 1, 2, 10, 50]);
});
