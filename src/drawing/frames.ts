// Groups on the canvas: a frame around their cards, or one card in its corner. Places follow from the members, so a group is
// moved by moving them.

import { type Group, groupOf, membersOf } from "../model/grouping.ts";
import type { Position, Scenario } from "../model/scenario.ts";
import { cardMeasures, type CardSize, cardSizeOf } from "./cardSize.ts";

/** Room between a frame and the cards in it, and of its title [px], on the grid. */
export const frameMeasures = { side: 24, head: 32 } as const;

/** A place with a size [px]. */
export interface Box extends Position, CardSize {}

/** The box of a group: its frame, or its card in the same corner where it is collapsed; undefined without members. */
export function boxOfGroup(
  scenario: Scenario,
  group: Group,
  dragged: Readonly<Record<string, Position>> = {},
): Box | undefined {
  const members = new Set(membersOf(scenario, group));
  const boxes = scenario.nodes
    .filter(({ id }) => members.has(id))
    .map((node) => ({
      ...(dragged[node.id] ?? scenario.layout[node.id] ?? { x: 0, y: 0 }),
      ...cardSizeOf(scenario, node),
    }));
  if (boxes.length === 0) return undefined;
  const { side, head } = frameMeasures;
  const x = Math.min(...boxes.map((box) => box.x)) - side;
  const y = Math.min(...boxes.map((box) => box.y)) - side - head;
  if (group.collapsed === true) return { x, y, ...cardMeasures.plain };
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + side;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + side;
  return { x, y, width: right - x, height: bottom - y };
}

/** Where the members of a group stand after its box was moved to a place. */
function movedMembers(
  scenario: Scenario,
  group: Group,
  to: Position,
): Readonly<Record<string, Position>> {
  const box = boxOfGroup(scenario, group);
  if (box === undefined) return {};
  const [dx, dy] = [to.x - box.x, to.y - box.y];
  return Object.fromEntries(
    membersOf(scenario, group).map((id) => {
      const place = scenario.layout[id] ?? { x: 0, y: 0 };
      return [id, { x: place.x + dx, y: place.y + dy }];
    }),
  );
}

/** Places of everything that moves when boxes of groups and other things are put to places. */
export function placesOf(
  scenario: Scenario,
  places: Readonly<Record<string, Position>>,
): Readonly<Record<string, Position>> {
  const all: Record<string, Position> = {};
  for (const [id, to] of Object.entries(places)) {
    const group = groupOf(scenario, id);
    Object.assign(all, group === undefined ? { [id]: to } : movedMembers(scenario, group, to));
  }
  return all;
}

/** Where something stands on the canvas: a group by the corner of its box. */
export function placeOf(scenario: Scenario, id: string): Position {
  const group = groupOf(scenario, id);
  const box = group === undefined ? undefined : boxOfGroup(scenario, group);
  return box ?? scenario.layout[id] ?? { x: 0, y: 0 };
}
