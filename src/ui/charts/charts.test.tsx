// The choice of lines, the slots of the feed, and the panel before a run. Drawing itself is uPlot's business.
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, describe, expect, it } from "vitest";
import type { ChartId, Series } from "../../model/result.ts";
import { backlog } from "./backlog.ts";
import { ChartPanel } from "./ChartPanel.tsx";
import { charts } from "./index.ts";
import { latency } from "./latency.ts";
import { createSeriesFeed } from "./seriesFeed.ts";

const series: Series = { timesS: Float64Array.of(0, 1), lines: [] };
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function line(id: string, ...values: number[]): Series["lines"][number] {
  return { id, label: id, values: Float64Array.from(values) };
}

describe("the charts", () => {
  it("have different ids and titles, and say what nothing means", () => {
    expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length);
    expect(new Set(charts.map(({ title }) => title)).size).toBe(charts.length);
    for (const chart of charts) expect(chart.empty).toMatch(/\.$/u);
  });

  it("show the fullest places, in the order of the document", () => {
    const lines = [1, 9, 2, 8, 3, 7, 4, 6].map((peak, i) => line(`q${i}`, 0, peak));
    expect(backlog.choose(lines).map(({ id }) => id)).toEqual(["q1", "q3", "q4", "q5", "q6", "q7"]);
  });

  it("show all percentiles of two flows, and only the 99th of more", () => {
    const flows = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        ["p50", "p95", "p99"].map((p) => line(`f${i}/${p}`)),
      ).flat();
    expect(latency.choose(flows(2))).toHaveLength(6);
    expect(latency.choose(flows(3)).map(({ id }) => id)).toEqual(["f0/p99", "f1/p99", "f2/p99"]);
  });

  it("write values as short as possible, with their unit", () => {
    expect(latency.format(1234.5)).toBe("1.23 s");
    expect(backlog.format(1234.5)).toBe("1,235");
  });
});

describe("the feed of the charts", () => {
  it("fetches one chart per slot, each five times a second", async () => {
    const asked: ChartId[] = [];
    const feed = createSeriesFeed(async (chart) => {
      asked.push(chart);
      return series;
    });
    for (const { id } of charts) feed.add({ chart: id, of: undefined, onSeries: () => undefined });
    await settled();
    asked.length = 0;
    for (let nowMs = 1000; nowMs <= 2000; nowMs += 10) {
      feed.tick(nowMs);
      await settled();
    }
    expect(asked.length).toBeGreaterThan(18);
    expect(asked.length).toBeLessThan(23);
    expect(new Set(asked).size).toBe(4);
  });

  it("never has two questions for a chart under way, and forgets charts that are gone", async () => {
    let answer: (series: Series) => void = () => undefined;
    let asked = 0;
    let shown = 0;
    const feed = createSeriesFeed(() => {
      asked++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const remove = feed.add({ chart: "backlog", of: undefined, onSeries: () => shown++ });
    feed.tick(1000);
    feed.refresh();
    expect(asked).toBe(1);
    remove();
    answer(series);
    await settled();
    expect(shown).toBe(0);
  });
});

describe("the chart panel", () => {
  const host = document.createElement("div");
  const root = createRoot(host);
  afterEach(() => act(() => root.unmount()));

  it("says how to begin", async () => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    await act(async () => root.render(<ChartPanel />));
    const figures = [...host.querySelectorAll("figure")];
    expect(figures.map((figure) => figure.getAttribute("aria-label"))).toEqual([
      "Throughput",
      "Backlog",
      "End-to-end latency",
      "Failures",
    ]);
    expect(host.textContent).toContain("Press Space to run");
  });
});
