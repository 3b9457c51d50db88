// Lining cards up: which places they get when they are aligned to an edge of their group or spread over it.

import type { Node, Position, Scenario } from "../model/scenario.ts";
import { type CardSize, cardSizeOf } from "./cardSize.ts";

/** An edge or middle to which cards can be aligned. */
export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom";

/** The directions in which cards can be spread. */
export type Spread = "across" | "down";

/** A card with its place [px]. */
interface Placed extends CardSize, Position {
  readonly id: string;
}

/** Places of nodes by id. */
type Places = Readonly<Record<string, Position>>;

/** Which axis an alignment is about, and at which share of a card's extent its line runs. */
const lines: Readonly<Record<Alignment, { readonly axis: "x" | "y"; readonly share: number }>> = {
  left: { axis: "x", share: 0 },
  centre: { axis: "x", share: 0.5 },
  right: { axis: "x", share: 1 },
  top: { axis: "y", share: 0 },
  middle: { axis: "y", share: 0.5 },
  bottom: { axis: "y", share: 1 },
};

/** Where nodes stand once they are aligned to the box around them. Fewer than two stay where they are. */
export function aligned(scenario: Scenario, ids: readonly string[], to: Alignment): Places {
  const cards = cardsOf(scenario, ids);
  if (cards.length < 2) return {};
  const { axis, share } = lines[to];
  const extent = axis === "x" ? "width" : "height";
  const low = Math.min(...cards.map((card) => card[axis]));
  const high = Math.max(...cards.map((card) => card[axis] + card[extent]));
  const line = low + (high - low) * share;
  return placesOf(cards, (card) => ({ ...card, [axis]: line - card[extent] * share }));
}

/** Where nodes stand once the gaps between them are equal; the outermost two stay. Fewer than three stay where they are. */
export function spread(scenario: Scenario, ids: readonly string[], over: Spread): Places {
  const [axis, extent] = over === "across" ? (["x", "width"] as const) : (["y", "height"] as const);
  const cards = cardsOf(scenario, ids).toSorted((a, b) => a[axis] - b[axis]);
  const [first, last] = [cards[0], cards.at(-1)];
  if (first === undefined || last === undefined || cards.length < 3) return {};
  const taken = cards.reduce((sum, card) => sum + card[extent], 0);
  const gap = (last[axis] + last[extent] - first[axis] - taken) / (cards.length - 1);
  let next = first[axis];
  const starts = new Map<string, number>();
  for (const card of cards) {
    starts.set(card.id, next);
    next += card[extent] + gap;
  }
  return placesOf(cards, (card) => ({ ...card, [axis]: starts.get(card.id) ?? card[axis] }));
}

/** The nodes among some elements, with their places and sizes. */
function cardsOf(scenario: Scenario, ids: readonly string[]): readonly Placed[] {
  const wanted = new Set(ids);
  return scenario.nodes.filter(({ id }) => wanted.has(id)).map((node) => cardOf(scenario, node));
}

function cardOf(scenario: Scenario, node: Node): Placed {
  const place = scenario.layout[node.id] ?? { x: 0, y: 0 };
  return { id: node.id, ...place, ...cardSizeOf(scenario, node) };
}

function placesOf(cards: readonly Placed[], placeOf: (card: Placed) => Position): Places {
  return Object.fromEntries(
    cards.map((card) => {
      const { x, y } = placeOf(card);
      return [card.id, { x: onGrid(x), y: onGrid(y) }];
    }),
  );
}

/** A coordinate on the grid of the canvas [px]. */
export function onGrid(px: number): number {
  return Math.round(px / 8) * 8;
}
