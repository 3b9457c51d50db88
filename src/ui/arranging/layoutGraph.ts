// A drawing as the graph that ELK lays out, and the places that come back. Cards are boxes, their rows are ports in fixed
// places, so that lines do not cross where rows need not.

import type { ElkExtendedEdge, ElkNode, ElkPort } from "elkjs/lib/elk-api.js";
import { onGrid } from "../../drawing/align.ts";
import { cardSizeOf, rowsOf } from "../../drawing/cardSize.ts";
import { channelOf } from "../../model/elements.ts";
import type { Layout, Node, Position, Scenario } from "../../model/scenario.ts";

/** Which way the flow runs over the canvas. */
export type FlowDirection = "right" | "down";

const space = { layers: "112", cards: "40" } as const;

/** Whether a port takes lines in or gives them out. */
type PortSide = "in" | "out";

function portId(side: PortSide, id: string): string {
  return `${side}:${id}`;
}

/** The graph of some nodes of a drawing and of the connections between them. */
export function layoutGraph(
  scenario: Scenario,
  ids: readonly string[],
  direction: FlowDirection,
): ElkNode {
  const wanted = new Set(ids);
  const cardAt = (end: string): string => channelOf(scenario, end)?.broker ?? end;
  const edges: ElkExtendedEdge[] = scenario.connections.flatMap(({ id, from, to }) => {
    const [source, target] = [cardAt(from), cardAt(to)];
    const isInside = wanted.has(source) && wanted.has(target) && source !== target;
    return isInside ? [{ id, sources: [portId("out", from)], targets: [portId("in", to)] }] : [];
  });
  return {
    id: "",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": direction === "right" ? "RIGHT" : "DOWN",
      "elk.spacing.nodeNode": space.cards,
      "elk.layered.spacing.nodeNodeBetweenLayers": space.layers,
      "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
      "elk.layered.cycleBreaking.strategy": "DEPTH_FIRST",
      // The order of the document decides where nothing else does: the same drawing is always arranged alike.
      "elk.layered.considerModelOrder.strategy": "PREFER_NODES",
      "elk.randomSeed": "1",
    },
    children: scenario.nodes
      .filter(({ id }) => wanted.has(id))
      .map((node) => boxOf(scenario, node, direction)),
    edges,
  };
}

function boxOf(scenario: Scenario, node: Node, direction: FlowDirection): ElkNode {
  const { width, height } = cardSizeOf(scenario, node);
  const rows = rowsOf(scenario, node.id);
  const isAcross = direction === "right";
  const ends = [{ id: node.id, y: height / 2 }].concat(
    rows.map((row) => ({ id: row.channel.id, y: row.y + row.height / 2 })),
  );
  const ports = ends.flatMap(({ id, y }): readonly ElkPort[] => [
    { id: portId("in", id), x: 0, y, width: 0, height: 0 },
    { id: portId("out", id), x: width, y, width: 0, height: 0 },
  ]);
  // Lines reach rows from the sides only: downwards, ports in fixed places would make every line bend twice.
  const constraint = isAcross ? "FIXED_POS" : "FREE";
  return {
    id: node.id,
    width,
    height,
    ports,
    layoutOptions: { "elk.portConstraints": constraint },
  };
}

/** The places that ELK has found, on the grid, around the same middle as before. */
export function placesOf(arranged: ElkNode, before: Layout): Readonly<Record<string, Position>> {
  const boxes = (arranged.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => ({
    id,
    x: onGrid(x),
    y: onGrid(y),
    width,
    height,
  }));
  const old = boxes.map((box) => ({ ...box, ...(before[box.id] ?? { x: 0, y: 0 }) }));
  const [from, to] = [middleOf(boxes), middleOf(old)];
  const [right, down] = [onGrid(to.x - from.x), onGrid(to.y - from.y)];
  return Object.fromEntries(boxes.map(({ id, x, y }) => [id, { x: x + right, y: y + down }]));
}

function middleOf(
  boxes: readonly (Position & { readonly width: number; readonly height: number })[],
): Position {
  if (boxes.length === 0) return { x: 0, y: 0 };
  const left = Math.min(...boxes.map(({ x }) => x));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const top = Math.min(...boxes.map(({ y }) => y));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}
