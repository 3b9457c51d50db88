// The way of a line from one box to another: it leaves and enters on the sides that face each other.
// Pure geometry, the same on the canvas and in pictures of it.

/** A side of a box; React Flow's words. */
export type Side = "left" | "right" | "top" | "bottom";

/** A card or a channel's row [px on the canvas]. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Rows stand below each other in a card: lines reach them only from the left and right. */
  readonly isRow: boolean;
}

interface End {
  readonly x: number;
  readonly y: number;
  readonly side: Side;
}

/** How far boxes may overlap and still count as beside each other [px]. */
const overlapPx = 16;

/** The sides on which a line leaves and enters. */
export function sidesOf(from: Box, to: Box): readonly [Side, Side] {
  if (to.x >= from.x + from.width - overlapPx) return ["right", "left"];
  if (to.x + to.width <= from.x + overlapPx) return ["left", "right"];
  if (from.isRow || to.isRow) return ["right", "right"];
  return to.y > from.y ? ["bottom", "top"] : ["top", "bottom"];
}

function endOf(box: Box, side: Side, gapPx: number): End {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  switch (side) {
    case "left":
      return { side, x: box.x - gapPx, y: middle.y };
    case "right":
      return { side, x: box.x + box.width + gapPx, y: middle.y };
    case "top":
      return { side, x: middle.x, y: box.y - gapPx };
    default:
      return { side, x: middle.x, y: box.y + box.height + gapPx };
  }
}

/** Path and place of the label. */
export interface LinePath {
  readonly d: string;
  readonly labelX: number;
  readonly labelY: number;
}

/** How far a line bows out where its end lies behind its beginning, as React Flow draws it. */
const curvature = 0.32;

/** The path of a line between two boxes: one Bézier curve that leaves and enters at right angles. */
export function linePath(from: Box, to: Box): LinePath {
  const [leaves, enters] = sidesOf(from, to);
  const start = endOf(from, leaves, 0);
  // Room for the tip of the arrow.
  const end = endOf(to, enters, 2);
  const first = controlOf(start, end);
  const second = controlOf(end, start);
  // The middle of a cubic curve.
  const middle = (axis: "x" | "y") =>
    start[axis] * 0.125 + first[axis] * 0.375 + second[axis] * 0.375 + end[axis] * 0.125;
  return {
    d: `M${start.x},${start.y} C${first.x},${first.y} ${second.x},${second.y} ${end.x},${end.y}`,
    labelX: middle("x"),
    labelY: middle("y"),
  };
}

/** The four points of a line's curve, x and y in turn: what `linePath` has written as `d`. */
export function curveOf(d: string): readonly number[] {
  return d.split(/[^\d.e+-]+/).flatMap((part) => (part === "" ? [] : [Number(part)]));
}

/** The control point of an end: straight away from its side, half way to the other end, or bowed where that lies behind. */
function controlOf({ x, y, side }: End, other: End): { readonly x: number; readonly y: number } {
  switch (side) {
    case "left":
      return { x: x - reachOf(x - other.x), y };
    case "right":
      return { x: x + reachOf(other.x - x), y };
    case "top":
      return { x, y: y - reachOf(y - other.y) };
    default:
      return { x, y: y + reachOf(other.y - y) };
  }
}

function reachOf(distance: number): number {
  return distance >= 0 ? distance / 2 : curvature * 25 * Math.sqrt(-distance);
}
