// What a card measures on the canvas. Sizes follow from the document alone, so that commands can place cards,
// and the canvas needs no measuring pass.

import { technologyOf } from "../model/elements.ts";
import type { Channel, Node, Position, Scenario } from "../model/scenario.ts";

/** Width and height [px], on the grid. */
export interface CardSize {
  readonly width: number;
  readonly height: number;
}

/** Measures that the cards and their handles share [px]. */
export const cardMeasures = {
  plain: { width: 208, height: 88 },
  head: 56,
  row: 40,
  rowGap: 8,
  foot: 8,
  /** A broker whose channels stand in one column, or in two with bindings between them. */
  oneColumn: 248,
  twoColumns: 424,
  side: 8,
  columnGap: 56,
  empty: 40,
} as const;

// Asked for on every render of the canvas; documents never change in place.
const channelLists = new WeakMap<readonly Channel[], ReadonlyMap<string, readonly Channel[]>>();

/** The channels of a broker, in the order of the document; the same list for the same document. */
export function channelsOf(scenario: Scenario, broker: string): readonly Channel[] {
  let lists = channelLists.get(scenario.channels);
  if (lists === undefined) {
    lists = groupByBroker(scenario.channels);
    channelLists.set(scenario.channels, lists);
  }
  return lists.get(broker) ?? noChannels;
}

const noChannels: readonly Channel[] = [];

function groupByBroker(channels: readonly Channel[]): ReadonlyMap<string, readonly Channel[]> {
  const lists = new Map<string, Channel[]>();
  for (const channel of channels) {
    const list = lists.get(channel.broker);
    if (list === undefined) lists.set(channel.broker, [channel]);
    else list.push(channel);
  }
  return lists;
}

/** A channel's row within the card of its broker [px from the card's corner]. */
export interface RowPlace extends CardSize, Position {
  readonly channel: Channel;
}

// Every line asks for the row at its ends; documents never change in place.
const rowLists = new WeakMap<Scenario, Map<string, readonly RowPlace[]>>();

/** Where the channels of a broker stand on its card. Kinds that feed others by bindings stand left, the others right. */
export function rowsOf(scenario: Scenario, broker: string): readonly RowPlace[] {
  const lists = rowLists.get(scenario) ?? new Map<string, readonly RowPlace[]>();
  rowLists.set(scenario, lists);
  const rows = lists.get(broker) ?? placeRows(scenario, broker);
  lists.set(broker, rows);
  return rows;
}

function placeRows(scenario: Scenario, broker: string): readonly RowPlace[] {
  const channels = channelsOf(scenario, broker);
  const { head, row, rowGap, side, oneColumn, twoColumns, columnGap } = cardMeasures;
  const step = row + rowGap;
  if (!hasBindings(scenario, broker))
    return channels.map((channel, i) => ({
      channel,
      x: side,
      y: head + i * step,
      width: oneColumn - 2 * side,
      height: row,
    }));
  const kinds = technologyOf(scenario, broker)?.channelKinds ?? {};
  const width = (twoColumns - 2 * side - columnGap) / 2;
  const filled = { left: 0, right: 0 };
  return channels.map((channel) => {
    const column = (kinds[channel.kind]?.bindsTo.length ?? 0) > 0 ? "left" : "right";
    const x = column === "left" ? side : side + width + columnGap;
    return { channel, x, y: head + filled[column]++ * step, width, height: row };
  });
}

function hasBindings(scenario: Scenario, broker: string): boolean {
  const kinds = technologyOf(scenario, broker)?.channelKinds ?? {};
  return Object.values(kinds).some((kind) => kind.bindsTo.length > 0);
}

/** What the card of a node measures. */
export function cardSizeOf(scenario: Scenario, node: Node): CardSize {
  if (node.kind !== "broker") return cardMeasures.plain;
  const { head, rowGap, foot, oneColumn, twoColumns, empty } = cardMeasures;
  const bottom = Math.max(0, ...rowsOf(scenario, node.id).map((row) => row.y + row.height));
  return {
    width: hasBindings(scenario, node.id) ? twoColumns : oneColumn,
    height: bottom === 0 ? head + empty + foot : bottom + rowGap,
  };
}

const gap = { across: 96, down: 24 };

/** A free place for a new card: beside the node it follows, below it when it is of the same kind. */
export function freePlace(
  scenario: Scenario,
  size: CardSize,
  wish: { readonly middle: Position; readonly kind: string; readonly after?: Node | undefined },
): Position {
  const { middle, after } = wish;
  let { x, y } = { x: middle.x - size.width / 2, y: middle.y - size.height / 2 };
  if (after !== undefined) {
    const place = scenario.layout[after.id] ?? middle;
    const other = cardSizeOf(scenario, after);
    const isSame = after.kind === wish.kind;
    x = isSame ? place.x : place.x + other.width + gap.across;
    y = isSame ? place.y + other.height + gap.down : place.y + (other.height - size.height) / 2;
  }
  const boxes = scenario.nodes.map((node) => ({
    ...(scenario.layout[node.id] ?? { x: 0, y: 0 }),
    ...cardSizeOf(scenario, node),
  }));
  // Downwards past every card in the way; each round passes at least one of them.
  for (const _ of boxes) {
    const inWay = boxes.find(
      (box) =>
        x < box.x + box.width + gap.down &&
        box.x < x + size.width + gap.down &&
        y < box.y + box.height + gap.down &&
        box.y < y + size.height + gap.down,
    );
    if (inWay === undefined) break;
    y = inWay.y + inWay.height + gap.down;
  }
  return { x: Math.round(x / 8) * 8, y: Math.round(y / 8) * 8 };
}
