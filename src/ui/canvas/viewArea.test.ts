// Which part of a large drawing is drawn.
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../model/scenario.ts";
import { blankScenario } from "../../store/documentStore.ts";
import { createFlowEdges, createFlowNodes } from "./flowNodes.ts";
import { areaAround, linesNear, touches } from "./viewArea.ts";

const many = Array.from({ length: 300 }, (_, i) => i);

/** A broker of 300 topics, one below the other, each with a service of its own beside it. */
const tall: Scenario = {
  ...blankScenario,
  nodes: [
    { kind: "broker", id: "bus", technology: "kafka" },
    ...many.map((i) => ({ kind: "service" as const, id: `s${i}` })),
  ],
  channels: many.map((i) => ({ id: `t${i}`, kind: "topic", broker: "bus" })),
  connections: many.map((i) => ({
    kind: "consume" as const,
    id: `c${i}`,
    from: `t${i}`,
    to: `s${i}`,
  })),
  layout: {
    bus: { x: 0, y: 0 },
    ...Object.fromEntries(many.map((i) => [`s${i}`, { x: 600, y: 56 + i * 48 }])),
  },
};

describe("the area that is drawn", () => {
  it("holds all that is in view, and changes seldom while one pans", () => {
    const areas = Array.from({ length: 400 }, (_, i) => {
      const view = { transform: [-i, 3 * i, 0.5] as const, width: 900, height: 600 };
      const area = areaAround(view);
      expect(area.left).toBeLessThanOrEqual(2 * i);
      expect(area.right).toBeGreaterThanOrEqual(2 * i + 1800);
      expect(area.top).toBeLessThanOrEqual(-6 * i);
      expect(area.bottom).toBeGreaterThanOrEqual(-6 * i + 1200);
      // Not much more than the view.
      expect(area.right - area.left).toBeLessThanOrEqual(2 * 1800 + 64);
      return JSON.stringify(area);
    });
    expect(new Set(areas).size).toBeLessThan(20);
  });

  it("is touched by boxes whose corners come in any order", () => {
    const area = { left: 0, top: 0, right: 100, bottom: 100 };
    expect(touches(area, [200, 50, -200, 60])).toBe(true);
    expect(touches(area, [101, 0, 200, 100])).toBe(false);
    expect(touches(area, [0, -20, 100, -1])).toBe(false);
  });

  it("has the lines that pass through it and the selected ones", () => {
    const input = { scenario: tall, problems: [], selection: ["c299"], dragged: {} };
    const lines = createFlowEdges()(input);
    const cards = createFlowNodes()(input);
    const near = linesNear(lines, cards, { left: 0, top: 4800, right: 1e3, bottom: 5400 });
    const ids = near.map(({ id }) => id);
    for (const id of ["c99", "c105", "c111", "c299"]) expect(ids).toContain(id);
    expect(ids).not.toContain("c0");
    expect(ids).not.toContain("c200");
    // Far to the side there is nothing but what is selected.
    const aside = linesNear(lines, cards, { left: 5e3, top: 0, right: 6e3, bottom: 1e4 });
    expect(aside.map(({ id }) => id)).toEqual(["c299"]);
  });

  it("needs no handles of rows, which are not all in the page", () => {
    const lines = createFlowEdges()({ scenario: tall, problems: [], selection: [], dragged: {} });
    const line = lines[299];
    expect([line?.sourceHandle, line?.targetHandle]).toEqual(["out", "in"]);
    // From the middle of the head to the middle of the last row.
    expect(line?.data?.shifts.from).toEqual({ x: 0, y: 56 / 2 + 299 * 48 + 20 });
  });

  it("has every line that leads across it from one end out of view to another", () => {
    const layout = { ...tall.layout, s0: { x: 600, y: 14_000 } };
    const input = { scenario: { ...tall, layout }, problems: [], selection: [], dragged: {} };
    const near = linesNear(createFlowEdges()(input), createFlowNodes()(input), {
      left: 0,
      top: 7000,
      right: 1e3,
      bottom: 7600,
    });
    expect(near.map(({ id }) => id)).toContain("c0");
  });
});
