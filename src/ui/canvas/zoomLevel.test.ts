// What is shown at which zoom, and when the overview is of use.

import { expect, test } from "vitest";
import { isInView } from "./Overview.tsx";
import { isOnlyName, zoomLevelOf } from "./zoomLevel.ts";

test("cards say less and larger the farther away they are", () => {
  const levels = [2, 1, 0.5, 0.35, 0.2].map((zoom) => zoomLevelOf(zoom));
  expect(levels).toEqual(["near", "normal", "small", "far", "distant"]);
  expect([0.5, 0.35, 0.2].map((zoom) => isOnlyName(zoom))).toEqual([false, true, true]);
});

test("a drawing is in view until a part of it leaves the pane", () => {
  const box = { x: 0, y: 0, width: 1000, height: 400 };
  const pane = { width: 600, height: 400 };
  expect(isInView(box, { x: 40, y: 40, zoom: 0.5 }, pane)).toBe(true);
  expect(isInView(box, { x: 40, y: 40, zoom: 1 }, pane)).toBe(false);
  expect(isInView(box, { x: -100, y: 40, zoom: 0.5 }, pane)).toBe(false);
});
