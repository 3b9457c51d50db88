// What of a large drawing is drawn: where a card has hundreds of rows, those rows and lines that are in view or near it.

import { useStore } from "@xyflow/react";
import type { Card, Line } from "./flowNodes.ts";

/** A part of the canvas [px of the document]. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface View {
  readonly transform: readonly [x: number, y: number, zoom: number];
  readonly width: number;
  readonly height: number;
}

/** What is in view, up to the next lines of a grid of about a quarter of the view: it changes seldom while one pans. */
export function areaAround({ transform: [x, y, zoom], width, height }: View): Area {
  const [left, right] = alongGrid(-x / zoom, width / zoom);
  const [top, bottom] = alongGrid(-y / zoom, height / zoom);
  return { left, top, right, bottom };
}

function alongGrid(from: number, length: number): readonly [number, number] {
  const cell = 2 ** Math.ceil(Math.log2(Math.max(64, length) / 4));
  return [Math.floor(from / cell) * cell, Math.ceil((from + length) / cell) * cell];
}

/** The area to draw; undefined where all is to be drawn. */
export function useViewArea(isLarge: boolean): Area | undefined {
  return useStore((view) => (isLarge ? areaAround(view) : undefined), isSameArea);
}

function isSameArea(one: Area | undefined, other: Area | undefined): boolean {
  return (
    one === other ||
    (one !== undefined &&
      other !== undefined &&
      one.left === other.left &&
      one.top === other.top &&
      one.right === other.right &&
      one.bottom === other.bottom)
  );
}

/** Whether a box, given by two corners in any order, touches the area. */
export function touches(area: Area, [x1, y1, x2, y2]: readonly number[]): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = [x1, y1, x2, y2];
  return (
    Math.min(a, c) <= area.right &&
    Math.max(a, c) >= area.left &&
    Math.min(b, d) <= area.bottom &&
    Math.max(b, d) >= area.top
  );
}

/** How far a curve leaves the box of its two handles at most: it may begin on another side of a card, and bow out. */
function reachPx(extentPx: number): number {
  return 480 + 8 * Math.sqrt(extentPx);
}

/** The lines that touch an area, and the selected ones. */
export function linesNear(lines: readonly Line[], cards: readonly Card[], area: Area): Line[] {
  const places = new Map(cards.map((card) => [card.id, card]));
  return lines.filter((line) => {
    if (line.selected === true) return true;
    const from = handleOf(places.get(line.source), "out", line.data?.connection.from);
    const to = handleOf(places.get(line.target), "in", line.data?.connection.to);
    if (from === undefined || to === undefined) return true;
    const across = reachPx(Math.abs(from.x - to.x));
    const down = reachPx(Math.abs(from.y - to.y));
    return touches(area, [
      Math.min(from.x, to.x) - across,
      Math.min(from.y, to.y) - down,
      Math.max(from.x, to.x) + across,
      Math.max(from.y, to.y) + down,
    ]);
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

// Cards keep their object while they stay the same.
const handles = new WeakMap<NonNullable<Card["handles"]>, ReadonlyMap<string, Point>>();

/** Where lines leave or enter a card, or the row of this channel on it. */
function handleOf(
  card: Card | undefined,
  side: "in" | "out",
  channel: string | undefined,
): Point | undefined {
  if (card?.handles === undefined) return undefined;
  let points = handles.get(card.handles);
  if (points === undefined) {
    points = new Map(card.handles.map((handle) => [handle.id ?? "", handle]));
    handles.set(card.handles, points);
  }
  const point = points.get(`${side}:${channel}`) ?? points.get(side);
  return point && { x: card.position.x + point.x, y: card.position.y + point.y };
}
