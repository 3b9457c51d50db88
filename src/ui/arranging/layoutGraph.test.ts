// Automatic layout by the real ELK: what one expects of any arranged drawing.

import ELK from "elkjs";
import { describe, expect, test } from "vitest";
import { cardSizeOf } from "../../drawing/cardSize.ts";
import type { Scenario } from "../../model/scenario.ts";
import { foodDelivery } from "../../scenarios/foodDelivery.ts";
import { type FlowDirection, layoutGraph, placesOf } from "./layoutGraph.ts";

async function arranged(
  scenario: Scenario,
  direction: FlowDirection = "right",
  ids = scenario.nodes.map(({ id }) => id),
) {
  const found = await new ELK().layout(layoutGraph(scenario, ids, direction));
  return placesOf(found, scenario.layout);
}

describe("automatic layout", () => {
  test("cards stand on the grid and none covers another", async () => {
    for (const direction of ["right", "down"] as const) {
      const places = await arranged(foodDelivery, direction);
      const boxes = foodDelivery.nodes.map((node) => ({
        ...places[node.id]!,
        ...cardSizeOf(foodDelivery, node),
      }));
      expect(boxes.every(({ x, y }) => x % 8 === 0 && y % 8 === 0)).toBe(true);
      const overlaps = boxes.flatMap((a, i) =>
        boxes
          .slice(i + 1)
          .filter(
            (b) =>
              a.x < b.x + b.width &&
              b.x < a.x + a.width &&
              a.y < b.y + b.height &&
              b.y < a.y + a.height,
          ),
      );
      expect(overlaps).toEqual([]);
    }
  });

  test("what sends stands before what receives", async () => {
    const places = await arranged(foodDelivery);
    const customers = foodDelivery.nodes.find(({ kind }) => kind === "producer")!;
    const leftmost = Math.min(...Object.values(places).map(({ x }) => x));
    expect(places[customers.id]?.x).toBe(leftmost);
    const down = await arranged(foodDelivery, "down");
    expect(down[customers.id]?.y).toBe(Math.min(...Object.values(down).map(({ y }) => y)));
  });

  test("the same drawing is always arranged alike, and arranging twice changes nothing", async () => {
    const places = await arranged(foodDelivery);
    expect(await arranged(foodDelivery)).toEqual(places);
    const again = await arranged({ ...foodDelivery, layout: places });
    expect(again).toEqual(places);
  });

  test("only the chosen nodes move, around the place where they stood", async () => {
    const ids = foodDelivery.nodes.slice(0, 4).map(({ id }) => id);
    const places = await arranged(foodDelivery, "right", ids);
    expect(Object.keys(places).toSorted()).toEqual(ids.toSorted());
  });
});
