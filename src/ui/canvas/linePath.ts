// The way of a line from one box to another: it leaves and enters on the sides that face each other.
// Pure geometry; React Flow only tells where the two handles are.

import { getBezierPath, Position as Side } from "@xyflow/react";

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
  if (to.x >= from.x + from.width - overlapPx) return [Side.Right, Side.Left];
  if (to.x + to.width <= from.x + overlapPx) return [Side.Left, Side.Right];
  if (from.isRow || to.isRow) return [Side.Right, Side.Right];
  return to.y > from.y ? [Side.Bottom, Side.Top] : [Side.Top, Side.Bottom];
}

function endOf(box: Box, side: Side, gapPx: number): End {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  switch (side) {
    case Side.Left:
      return { side, x: box.x - gapPx, y: middle.y };
    case Side.Right:
      return { side, x: box.x + box.width + gapPx, y: middle.y };
    case Side.Top:
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

/** The path of a line between two boxes. */
export function linePath(from: Box, to: Box): LinePath {
  const [leaves, enters] = sidesOf(from, to);
  const start = endOf(from, leaves, 0);
  // Room for the tip of the arrow.
  const end = endOf(to, enters, 2);
  const [d, labelX, labelY] = getBezierPath({
    sourceX: start.x,
    sourceY: start.y,
    sourcePosition: start.side,
    targetX: end.x,
    targetY: end.y,
    targetPosition: end.side,
    curvature: 0.32,
  });
  return { d, labelX, labelY };
}
