// Particles on a straight line, drawn into a list of rectangles.
import { describe, expect, it } from "vitest";
import { linePath } from "../../drawing/linePath.ts";
import { outcomes } from "../../model/result.ts";
import { emptyFrame, smallScenario } from "../../store/fakeSimulation.suite.ts";
import { createEdgePaths, type EdgePath, placeAlong } from "./edgePaths.ts";
import { createParticles, particlesMax, travelMsAt } from "./particles.ts";

const line: EdgePath = {
  d: "M0 0H100",
  points: Float32Array.of(0, 0, 50, 0, 100, 0),
  lengthPx: 100,
};
const spread = { fromNs: 0, startMs: 0, overMs: 0, travelMs: 1000 };

function moved(count: number, outcome = 0, oneOf = 1) {
  const list = Array.from({ length: count }, () => 0);
  return {
    ...emptyFrame(smallScenario()),
    timeNs: 1e9,
    moves: {
      oneOf,
      connection: Int32Array.from(list),
      timeNs: Float64Array.from(list, (_, i) => (i * 1e9) / Math.max(1, count)),
      outcome: Uint8Array.from(list, () => outcome),
      contract: Int32Array.from(list),
      message: Float64Array.from(list),
    },
  };
}

function drawn(particles: ReturnType<typeof createParticles>, nowMs: number) {
  const places: { readonly x: number; readonly colour: string }[] = [];
  const context = {
    fillStyle: "",
    fillRect: () => undefined,
    beginPath: () => undefined,
    moveTo: () => undefined,
    fill: () => undefined,
    arc: (x: number) => {
      places.push({ x, colour: context.fillStyle });
    },
  };
  const colours = [...outcomes];
  particles.draw({ context, nowMs, sizePx: 4, colours, pathOf: () => line });
  return places;
}

describe("particles", () => {
  it("travel from start to end in their time, and are gone", () => {
    const particles = createParticles();
    particles.add(moved(1), spread);
    expect(drawn(particles, 250)).toEqual([{ x: 25, colour: "normal" }]);
    expect(drawn(particles, 750)[0]?.x).toBe(75);
    expect(drawn(particles, 1000)).toEqual([]);
    expect(particles.count()).toBe(0);
  });

  it("go back over the line when they are answers", () => {
    const particles = createParticles();
    particles.add(moved(1, outcomes.indexOf("response")), spread);
    expect(drawn(particles, 250)).toEqual([{ x: 75, colour: "response" }]);
  });

  it("set out when the engine moved them", () => {
    const particles = createParticles();
    particles.add(moved(2), { ...spread, overMs: 200 });
    expect(drawn(particles, 100).map(({ x }) => x)).toEqual([10, 0]);
  });

  it("are never more than the limit, and say what one stands for", () => {
    const particles = createParticles();
    particles.add(moved(particlesMax + 10, 0, 12), spread);
    expect(particles.count()).toBe(particlesMax);
    expect(particles.legend()).toMatchObject({ oneOf: 12 });
    expect(particles.legend().seen[0]).toBe(true);
    particles.clear();
    expect(particles.count()).toBe(0);
    expect(particles.legend().seen).not.toContain(true);
  });

  it("hurry at high speeds", () => {
    expect(travelMsAt(0.1)).toBe(700);
    expect(travelMsAt(10)).toBeLessThan(700);
    expect(travelMsAt(Infinity)).toBe(320);
  });
});

describe("lines", () => {
  it("give the place at a share of the way", () => {
    const at = new Float32Array(2);
    placeAlong(Float32Array.of(0, 0, 10, 20), 0.5, at);
    expect([...at]).toEqual([5, 10]);
    placeAlong(Float32Array.of(0, 0, 10, 20), 7, at);
    expect([...at]).toEqual([10, 20]);
  });

  it("have points at equal distances, in the directions of the curve", () => {
    const { d } = linePath(
      { x: -100, y: -20, width: 100, height: 40, isRow: false },
      { x: 1e3, y: -999.5, width: 100, height: 40, isRow: false },
    );
    document.body.innerHTML = `<svg><path data-connection-id="out" d="${d}"/></svg>`;
    const paths = createEdgePaths(document.body);
    paths.refresh();
    const { points, lengthPx } = paths.of("out") ?? { points: new Float32Array(), lengthPx: 0 };
    expect([...points.slice(0, 2), ...points.slice(-2)]).toEqual([0, 0, 998, -979.5]);
    const steps = Array.from({ length: 63 }, (_, i) =>
      Math.hypot(
        (points[i * 2 + 2] ?? 0) - (points[i * 2] ?? 0),
        (points[i * 2 + 3] ?? 0) - (points[i * 2 + 1] ?? 0),
      ),
    );
    for (const step of steps) expect(step / (lengthPx / 63)).toBeCloseTo(1, 2);
    expect(points[1]).toBe(0);
    expect(Math.abs(points[3] ?? 9)).toBeLessThan(1);
  });

  it("are measured when they change, and forgotten when they are gone", () => {
    const d = (x: number): string => `M0,0 C${x / 2},0 ${x / 2},8 ${x},8`;
    document.body.innerHTML = `<svg><g data-connection-id="out"><path d="${d(100)}"/></g></svg>`;
    const paths = createEdgePaths(document.body);
    paths.refresh();
    const before = paths.of("out");
    paths.refresh();
    expect(paths.of("out")).toBe(before);
    expect(before?.points.slice(-2)).toEqual(Float32Array.of(100, 8));
    document.querySelector("path")?.setAttribute("d", d(50));
    paths.refresh();
    expect(paths.of("out")?.points.at(-2)).toBe(50);
    document.body.innerHTML = "";
    paths.refresh();
    expect(paths.of("out")).toBeUndefined();
  });
});
