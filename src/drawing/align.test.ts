// Aligning and spreading, on drawings of a few cards.

import { describe, expect, test } from "vitest";
import { emptyScenario } from "../model/scenario.suite.ts";
import type { Layout, Scenario } from "../model/scenario.ts";
import { aligned, spread } from "./align.ts";

const drawn = (layout: Layout): Scenario => ({
  ...emptyScenario(),
  nodes: Object.keys(layout).map((id) => ({ id, kind: "service" as const })),
  layout,
});

describe("aligning", () => {
  const scenario = drawn({ a: { x: 0, y: 0 }, b: { x: 104, y: 200 }, c: { x: 400, y: 96 } });
  const all = ["a", "b", "c"];

  test("puts cards to an edge of the box around them", () => {
    expect(aligned(scenario, all, "left")).toEqual({
      a: { x: 0, y: 0 },
      b: { x: 0, y: 200 },
      c: { x: 0, y: 96 },
    });
    expect(aligned(scenario, all, "bottom")["a"]).toEqual({ x: 0, y: 200 });
  });

  test("centres them on the box around them, on the grid", () => {
    const places = aligned(scenario, all, "centre");
    expect(Object.values(places).map(({ x }) => x)).toEqual([200, 200, 200]);
  });

  test("moves nobody when there is nothing to align with", () => {
    expect(aligned(scenario, ["a"], "left")).toEqual({});
    expect(spread(scenario, ["a", "b"], "across")).toEqual({});
  });

  test("leaves what is not selected alone", () => {
    expect(Object.keys(aligned(scenario, ["a", "c"], "top"))).toEqual(["a", "c"]);
  });
});

describe("spreading", () => {
  test("makes the gaps equal; the outermost stay, whatever their order in the document", () => {
    const scenario = drawn({ c: { x: 800, y: 8 }, a: { x: 0, y: 0 }, b: { x: 216, y: 16 } });
    const places = spread(scenario, ["a", "b", "c"], "across");
    expect(places).toEqual({ a: { x: 0, y: 0 }, b: { x: 400, y: 16 }, c: { x: 800, y: 8 } });
  });
});
