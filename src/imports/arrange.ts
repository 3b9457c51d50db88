// Placing what was imported: those who send stand left of the brokers, those who receive right of them. Deterministic,
// and good enough for some fifty applications; people move cards afterwards.

import { cardSizeOf } from "../drawing/cardSize.ts";
import type { Layout, Node, Position, Scenario } from "../model/scenario.ts";

/** Space between cards [px]. */
const gap = { across: 160, within: 48, down: 40 } as const;

/** A column that is higher than this [px] is continued in another one beside it. */
const columnHeightMax = 1600;

/** Where the nodes of a scenario stand. */
export function arrange(scenario: Scenario): Layout {
  const flow = flowOf(scenario);
  const columns: Node[][] = [[], [], [], []];
  for (const node of scenario.nodes) columns[columnFor(node, flow)]?.push(node);
  const layout: Record<string, Position> = {};
  let left = 0;
  for (const column of columns) {
    if (column.length === 0) continue;
    left = placeColumn({ scenario, flow, layout }, column, left) + gap.across;
  }
  return layout;
}

/** Who is connected with whom, and who sends or receives at all. */
interface Flow {
  readonly neighbours: ReadonlyMap<string, readonly string[]>;
  readonly senders: ReadonlySet<string>;
  readonly receivers: ReadonlySet<string>;
}

function flowOf(scenario: Scenario): Flow {
  const brokerOf = new Map(scenario.channels.map(({ id, broker }) => [id, broker]));
  const neighbours = new Map<string, string[]>();
  const senders = new Set<string>();
  const receivers = new Set<string>();
  for (const { from, to, kind } of scenario.connections) {
    if (kind === "bind") continue;
    const [source, target] = [brokerOf.get(from) ?? from, brokerOf.get(to) ?? to];
    neighbours.set(source, [...(neighbours.get(source) ?? []), target]);
    neighbours.set(target, [...(neighbours.get(target) ?? []), source]);
    if (kind !== "consume") senders.add(source);
    if (kind !== "publish") receivers.add(target);
  }
  return { neighbours, senders, receivers };
}

/** 0: only sends; 1: broker; 2: does both; 3: only receives. */
function columnFor({ id, kind }: Node, { senders, receivers }: Flow): 0 | 1 | 2 | 3 {
  if (kind === "broker") return 1;
  if (senders.has(id) && receivers.has(id)) return 2;
  return senders.has(id) || !receivers.has(id) ? 0 : 3;
}

interface Placing {
  readonly scenario: Scenario;
  readonly flow: Flow;
  readonly layout: Record<string, Position>;
}

/** Places a column from `left` on, around the height 0, and returns its right side [px]. */
function placeColumn(placing: Placing, column: readonly Node[], left: number): number {
  const { scenario, layout } = placing;
  const ordered = inOrder(placing, column);
  const stacks: Node[][] = [[]];
  let height = 0;
  for (const node of ordered) {
    const own = cardSizeOf(scenario, node).height + gap.down;
    if (height > 0 && height + own > columnHeightMax) {
      stacks.push([]);
      height = 0;
    }
    stacks.at(-1)?.push(node);
    height += own;
  }
  let x = left;
  let right = left;
  for (const stack of stacks) {
    const sizes = stack.map((node) => cardSizeOf(scenario, node));
    const total = sizes.reduce((sum, size) => sum + size.height + gap.down, -gap.down);
    let y = -total / 2;
    for (const [index, node] of stack.entries()) {
      layout[node.id] = { x: onGrid(x), y: onGrid(y) };
      y += (sizes[index]?.height ?? 0) + gap.down;
    }
    right = x + Math.max(...sizes.map(({ width }) => width));
    x = right + gap.within;
  }
  return right;
}

/** Cards stand near those of the columns before that they are connected with; else in the order of the document. */
function inOrder({ flow, layout }: Placing, column: readonly Node[]): readonly Node[] {
  const wish = (node: Node): number => {
    const heights = (flow.neighbours.get(node.id) ?? []).flatMap((id) => layout[id]?.y ?? []);
    return heights.length === 0 ? 0 : heights.reduce((sum, y) => sum + y, 0) / heights.length;
  };
  const wishes = new Map(column.map((node) => [node, wish(node)]));
  return column.toSorted((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
}

function onGrid(px: number): number {
  return Math.round(px / 8) * 8;
}
