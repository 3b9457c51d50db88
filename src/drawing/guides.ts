// Guides while a card is moved: lines along which it stands with others. Cards move in steps of the grid, so a guide is
// shown where edges or middles are exactly in line, and nothing has to jump.

import type { Box } from "./linePath.ts";

type Area = Omit<Box, "isRow">;

/** A line along which boxes stand: vertical at an x, or horizontal at a y, from one end to the other [px]. */
export interface Guide {
  readonly runs: "down" | "across";
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** More boxes than these in line with what moves are not looked for. */
const guidesMax = 6;

/** The guides of what moves, the shortest first, at most one for each line. */
export function guidesOf(moving: Area, others: readonly Area[]): readonly Guide[] {
  const guides = new Map<string, Guide>();
  for (const other of others)
    for (const guide of [
      ...sharedLines(moving, other, "down"),
      ...sharedLines(moving, other, "across"),
    ]) {
      const key = `${guide.runs} ${guide.at}`;
      const known = guides.get(key);
      if (known === undefined || guide.to - guide.from < known.to - known.from)
        guides.set(key, guide);
    }
  return [...guides.values()]
    .toSorted((a, b) => a.to - a.from - (b.to - b.from))
    .slice(0, guidesMax);
}

function sharedLines(moving: Area, other: Area, runs: Guide["runs"]): readonly Guide[] {
  const [axis, extent, along, length] =
    runs === "down"
      ? (["x", "width", "y", "height"] as const)
      : (["y", "height", "x", "width"] as const);
  const linesOf = (box: Area) => [0, 0.5, 1].map((share) => box[axis] + box[extent] * share);
  const shared = linesOf(moving).filter((line) => linesOf(other).includes(line));
  const from = Math.min(moving[along], other[along]);
  const to = Math.max(moving[along] + moving[length], other[along] + other[length]);
  return shared.map((at) => ({ runs, at, from, to }));
}

/** The box around boxes; undefined around none. */
export function boxAround(boxes: readonly Area[]): Area | undefined {
  if (boxes.length === 0) return undefined;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
