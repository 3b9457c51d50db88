// How uPlot is told to draw: colours from the style sheet, axes in the page's own type, shaded faults, shared cursor.

import type uPlot from "uplot";
import { formatNumber } from "../../base/units.ts";
import type { Series } from "../../model/result.ts";
import type { FaultPeriod } from "../run/faultPeriods.ts";
import type { Drawn } from "./descriptor.ts";

/** Colours as the canvas wants them. */
export interface ChartColours {
  readonly lines: readonly string[];
  readonly ink: string;
  readonly grid: string;
  readonly fault: string;
}

/** Reads the colours that hold for an element. */
export function readColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    lines: [1, 2, 3, 4, 5, 6].map((i) => colour(`--line-${i}`)),
    ink: colour("--ink-3"),
    grid: colour("--line"),
    fault: colour("--state-down"),
  };
}

interface OptionsInput {
  readonly descriptor: Drawn;
  readonly lines: Series["lines"];
  readonly colours: ChartColours;
  readonly width: number;
  readonly height: number;
  readonly faults: () => readonly FaultPeriod[];
  /** Moments at which an objective began to be missed [s]. */
  readonly marks: () => readonly number[];
  readonly durationS: () => number;
  readonly onCursor: (plot: uPlot) => void;
}

const font = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
/** The time axis begins this long, so that the first seconds do not fly by [s]. */
const firstSpanS = 10;

/** Silences longer than this interrupt a line [px of the canvas]. */
const silencePx = 12;

const silences: uPlot.Series.GapsRefiner = (...[, , , , gaps]) =>
  gaps.filter(([from, to]) => to - from > silencePx);

/** The options of one chart. */
export function uplotOptions(input: OptionsInput): uPlot.Options {
  const { descriptor, colours, lines } = input;
  const axis = { stroke: colours.ink, font, ticks: { show: false }, gap: 4 };
  const grid = { stroke: colours.grid, width: 1 };
  return {
    width: Math.max(40, input.width),
    height: Math.max(40, input.height),
    padding: [6, 14, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false },
      points: { size: 6 },
      y: false,
    },
    scales: {
      x: { time: false, range: (_, __, max) => [0, spanOf(max, input.durationS())] },
      y: {
        range: (_, min, max) => [
          descriptor.yMax === undefined ? 0 : lowEnd(min, descriptor.yMax),
          descriptor.yMax ?? Math.max(1e-9, Number.isFinite(max) ? max : 1) * 1.12,
        ],
      },
    },
    axes: [
      { ...axis, size: 18, grid: { show: false }, values: (_, ticks) => ticks.map(timeText) },
      {
        ...axis,
        grid,
        size: 50,
        space: 28,
        values: (_, ticks) => ticks.map((tick) => (tick === 0 ? "0" : descriptor.format(tick))),
      },
    ],
    series: [
      {},
      ...lines.map((line, i) => ({
        label: line.label,
        stroke: colours.lines[i % colours.lines.length] ?? colours.ink,
        width: 1.5,
        points: { show: false },
        // A bucket without an observation is bridged; a longer silence is shown as one.
        gaps: silences,
      })),
    ],
    hooks: {
      drawClear: [(plot) => shadeFaults(plot, input.faults(), colours.fault)],
      draw: [(plot) => drawMarks(plot, input.marks(), colours.fault)],
      setCursor: [input.onCursor],
    },
  };
}

/** Where a scale with a fixed upper end begins: at least its last tenth is shown, in whole tenths. */
function lowEnd(min: number, yMax: number): number {
  const tenth = yMax / 10;
  return Math.max(0, Math.min(9, Math.floor((Number.isFinite(min) ? min : yMax) / tenth)) * tenth);
}

function spanOf(nowS: number, durationS: number): number {
  const wish = Math.max(firstSpanS, Number.isFinite(nowS) ? nowS * 1.04 : 0);
  return durationS > 0 ? Math.min(durationS, wish) : wish;
}

function timeText(seconds: number): string {
  return seconds >= 120 ? `${formatNumber(seconds / 60)} min` : `${formatNumber(seconds)} s`;
}

/** Small triangles that stand on the time axis. */
function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: readonly number[], colour: string): void {
  const size = 5 * window.devicePixelRatio;
  const foot = bbox.top + bbox.height;
  ctx.save();
  ctx.fillStyle = colour;
  for (const timeS of marks) {
    const x = valToPos(timeS, "x", true);
    if (x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x - size, foot);
    ctx.lineTo(x, foot - 1.6 * size);
    ctx.lineTo(x + size, foot);
    ctx.fill();
  }
  ctx.restore();
}

function shadeFaults(plot: uPlot, faults: readonly FaultPeriod[], colour: string): void {
  const { ctx, bbox } = plot;
  const nowS = plot.data[0].at(-1) ?? 0;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour;
  for (const { fromS, toS } of faults) {
    if (fromS > nowS + 1) continue;
    const left = plot.valToPos(fromS, "x", true);
    const right = plot.valToPos(toS, "x", true);
    ctx.globalAlpha = 0.1;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.globalAlpha = 0.7;
    ctx.fillRect(left, bbox.top, 1, bbox.height);
  }
  ctx.restore();
}
