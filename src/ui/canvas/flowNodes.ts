// From the document to what React Flow draws. An element that has not changed keeps its object: React Flow skips
// work only for identical references, so every reason to make a new one stands in `signature`.

import { type Edge, type Node as FlowNode, type NodeHandle, Position as Side } from "@xyflow/react";
import type { Problem } from "../../base/problem.ts";
import { nameOf, technologyOf } from "../../model/elements.ts";
import type { Connection, Node, Position, Scenario } from "../../model/scenario.ts";
import { hidingGroup } from "../../model/grouping.ts";
import { type AtRest, atRestOf } from "../../drawing/atRest.ts";
import { cardMeasures, cardSizeOf, rowsOf, type RowPlace } from "../../drawing/cardSize.ts";
import { labelOf, type LineEnd, lineEndOf, rowEnds } from "../../drawing/lineEnds.ts";

/** What the cards draw. Never numbers of a run: those are written by LiveLayer. */
export interface CardData extends Record<string, unknown> {
  readonly node: Node;
  readonly name: string;
  readonly atRest: AtRest;
  readonly rows: readonly CardRow[];
  /** Worst problem of the node or its channels. */
  readonly severity: Problem["severity"] | null;
  /** The selected channel, if it is one of this broker's. */
  readonly selectedChannel: string | null;
}

/** A channel's row on the card of its broker. */
export interface CardRow extends RowPlace {
  readonly name: string;
  readonly atRest: string;
  readonly kindLabel: string;
  readonly isDimmed: boolean;
}

/** A card on the canvas. */
export type Card = FlowNode<CardData, "plain" | "broker">;

/** A line on the canvas. */
export type Line = Edge<LineData, "line">;

/** What a line draws. */
export interface LineData extends Record<string, unknown> {
  readonly connection: Connection;
  readonly label: string;
  readonly isDimmed: boolean;
  /** The card or row at each end. */
  readonly from: LineEnd;
  readonly to: LineEnd;
  /** From the card's own handles to the rows at the ends: on a very long card React Flow does not know the rows'. */
  readonly shifts: { readonly from: Position; readonly to: Position };
}

/** What decides how the canvas looks. */
export interface FlowInput {
  readonly scenario: Scenario;
  readonly problems: readonly Problem[];
  readonly selection: readonly string[];
  /** Places of nodes that are being dragged. */
  readonly dragged: Readonly<Record<string, Position>>;
  /** Ids of what stands out; null or absent: nothing is dimmed. */
  readonly focus?: ReadonlySet<string> | null;
}

function isDimmed({ focus }: FlowInput, id: string): boolean {
  return focus !== null && focus !== undefined && !focus.has(id);
}

/** Diameter of the dots from which lines are drawn [px]. */
export const handlePx = 12;

/** Rows of a card beyond which it draws those near the view only. */
export const rowsDrawnAllMax = 100;

/** Makes a function that turns documents into cards and remembers the last ones. */
export function createFlowNodes(): (input: FlowInput) => Card[] {
  let known = new Map<string, { readonly signature: readonly unknown[]; readonly card: Card }>();
  return (input) => {
    const next: typeof known = new Map();
    const problems = withEvents(severities(input.problems), input.scenario);
    const shown = input.scenario.nodes.filter(
      ({ id }) => hidingGroup(input.scenario, id) === undefined,
    );
    const cards = shown.map((node) => {
      const signature = signatureOf(input, node, problems);
      const before = known.get(node.id);
      const card =
        before !== undefined && isSame(before.signature, signature)
          ? before.card
          : createCard(input, node, problems);
      next.set(node.id, { signature, card });
      return card;
    });
    known = next;
    return cards;
  };
}

type Severities = ReadonlyMap<string, Problem["severity"]>;

/** The worst problem per element. */
export function severities(problems: readonly Problem[]): Severities {
  const worst = new Map<string, Problem["severity"]>();
  for (const { element, severity } of problems)
    if (element !== undefined && worst.get(element) !== "error") worst.set(element, severity);
  return worst;
}

/** What is wrong with an event shows on the cards of those who send it. */
function withEvents(found: Severities, { connections }: Scenario): Severities {
  const worst = new Map(found);
  for (const one of connections) {
    const severity = "contract" in one ? found.get(one.contract) : undefined;
    if (severity !== undefined && worst.get(one.from) !== "error") worst.set(one.from, severity);
  }
  return worst;
}

function placeOf({ scenario, dragged }: FlowInput, id: string): Position {
  return dragged[id] ?? scenario.layout[id] ?? { x: 0, y: 0 };
}

function signatureOf(input: FlowInput, node: Node, problems: Severities): readonly unknown[] {
  const { x, y } = placeOf(input, node.id);
  const isSelected = input.selection.includes(node.id);
  const own = [node, x, y, isSelected, problems.get(node.id), isDimmed(input, node.id)];
  if (node.kind !== "broker") return own;
  const channels = rowsOf(input.scenario, node.id).flatMap(({ channel }) => [
    channel,
    problems.get(channel.id),
    input.selection.includes(channel.id),
    isDimmed(input, channel.id),
  ]);
  return [...own, ...channels];
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((part, i) => part === right[i]);
}

function createCard(input: FlowInput, node: Node, problems: Severities): Card {
  const { scenario, selection } = input;
  const size = cardSizeOf(scenario, node);
  const places = node.kind === "broker" ? rowsOf(scenario, node.id) : [];
  const kinds = technologyOf(scenario, node.id)?.channelKinds ?? {};
  const rows = places.map((place) => ({
    ...place,
    name: nameOf(scenario, place.channel.id),
    atRest: atRestOf(scenario, place.channel.id).primary,
    kindLabel: kinds[place.channel.kind]?.label ?? place.channel.kind,
    isDimmed: isDimmed(input, place.channel.id),
  }));
  const found = [node.id, ...rows.map((row) => row.channel.id)].map((id) => problems.get(id));
  const severity = found.includes("error") ? "error" : found.includes("warning") ? "warning" : null;
  const selectedChannel =
    rows.find((row) => selection.includes(row.channel.id))?.channel.id ?? null;
  const name = nameOf(scenario, node.id);
  const atRest = atRestOf(scenario, node.id);
  return {
    id: node.id,
    type: node.kind === "broker" ? "broker" : "plain",
    position: placeOf(input, node.id),
    ...size,
    // Known beforehand, so that React Flow need not measure and lines are right in the first picture.
    measured: size,
    handles: handlesOf(size, places, node.kind),
    selected: selection.includes(node.id),
    ...(isDimmed(input, node.id) ? { className: "dimmed" } : {}),
    ariaLabel: `${technologyOf(scenario, node.id)?.label ?? node.kind} ${name}, ${atRest.primary}`,
    data: { node, name, atRest, rows, severity, selectedChannel },
  };
}

/** Where lines may begin and end. A whole card, and a whole row, takes lines in; they end in the middle of its left side. */
function handlesOf(
  size: { readonly width: number; readonly height: number },
  rows: readonly RowPlace[],
  kind: Node["kind"],
): NodeHandle[] {
  const dot = { width: handlePx, height: handlePx };
  const middle = kind === "broker" ? cardMeasures.head / 2 : size.height / 2;
  const own: NodeHandle[] = [
    { id: "in", type: "target", position: Side.Left, x: 0, y: 0, ...size },
    {
      id: "out",
      type: "source",
      position: Side.Right,
      x: size.width - handlePx / 2,
      y: middle - handlePx / 2,
      ...dot,
    },
  ];
  const channels = rows.flatMap((row): NodeHandle[] => {
    const { left, right } = rowEnds(row, size.width);
    return [
      {
        id: `in:${row.channel.id}`,
        type: "target",
        position: Side.Left,
        x: left,
        y: row.y,
        width: row.x + row.width - left,
        height: row.height,
      },
      {
        id: `out:${row.channel.id}`,
        type: "source",
        position: Side.Right,
        x: right - handlePx / 2,
        y: row.y + row.height / 2 - handlePx / 2,
        ...dot,
      },
    ];
  });
  return [...own, ...channels];
}

interface RowShift {
  readonly out: Position;
  readonly in: Position;
}

const noShift: Position = { x: 0, y: 0 };

/** How far the ends of rows are from the handles of their card, by channel, on very long cards. */
function rowShifts(scenario: Scenario): ReadonlyMap<string, RowShift> {
  const shifts = new Map<string, RowShift>();
  for (const node of scenario.nodes) {
    const rows = node.kind === "broker" ? rowsOf(scenario, node.id) : [];
    if (rows.length <= rowsDrawnAllMax) continue;
    const size = cardSizeOf(scenario, node);
    for (const row of rows) {
      const { left, right } = rowEnds(row, size.width);
      const middle = row.y + row.height / 2;
      shifts.set(row.channel.id, {
        out: { x: right - size.width, y: middle - cardMeasures.head / 2 },
        in: { x: left, y: middle - size.height / 2 },
      });
    }
  }
  return shifts;
}

/** Makes a function that turns documents into lines and remembers the last ones. */
export function createFlowEdges(): (input: FlowInput) => Line[] {
  let known = new Map<string, { readonly signature: readonly unknown[]; readonly line: Line }>();
  return (input) => {
    const { scenario, selection, problems } = input;
    const next: typeof known = new Map();
    const worst = severities(problems);
    const shifts = rowShifts(scenario);
    const brokers = new Map(scenario.channels.map((channel) => [channel.id, channel.broker]));
    const contracts = new Map(scenario.contracts.map((contract) => [contract.id, contract.name]));
    const ways = new Set<string>();
    const lines = scenario.connections.flatMap((connection) => {
      const [start, end] = [connection.from, connection.to].map(
        (id) => hidingGroup(scenario, brokers.get(id) ?? id)?.id,
      );
      // What runs within a collapsed group is not seen.
      if (start !== undefined && start === end) return [];
      const ends = [start ?? brokers.get(connection.from), end ?? brokers.get(connection.to)];
      // Lines that lie on each other at the card of a collapsed group speak once.
      const way = `${connection.kind} ${ends[0] ?? connection.from} ${ends[1] ?? connection.to}`;
      const isRepeated = (start ?? end) !== undefined && ways.has(way);
      ways.add(way);
      const label = isRepeated ? "" : labelOf(connection, contracts);
      const isSelected = selection.includes(connection.id);
      const severity = worst.get(connection.id);
      const from = start === undefined ? shifts.get(connection.from)?.out : undefined;
      const to = end === undefined ? shifts.get(connection.to)?.in : undefined;
      const shifted = [from?.x, from?.y, to?.x, to?.y];
      const dimmed = isDimmed(input, connection.id);
      const signature = [connection, label, isSelected, severity, dimmed, ...ends, ...shifted];
      const before = known.get(connection.id);
      const line =
        before !== undefined && isSame(before.signature, signature)
          ? before.line
          : createLine(scenario, connection, {
              label,
              isSelected,
              isDimmed: dimmed,
              ends,
              groups: [start, end],
              severity,
              from,
              to,
            });
      next.set(connection.id, { signature, line });
      return [line];
    });
    known = next;
    return lines;
  };
}

const groupEnd: LineEnd = { ...cardMeasures.plain, isRow: false };

interface LineLook {
  readonly label: string;
  readonly isSelected: boolean;
  readonly isDimmed: boolean;
  readonly ends: readonly (string | undefined)[];
  /** Collapsed groups at the ends. */
  readonly groups: readonly (string | undefined)[];
  readonly severity: Problem["severity"] | undefined;
  /** Shifts to rows of very long cards. */
  readonly from: Position | undefined;
  readonly to: Position | undefined;
}

function createLine(scenario: Scenario, connection: Connection, look: LineLook): Line {
  const { label, isSelected, ends, groups, severity } = look;
  const { id, from, to, kind } = connection;
  const [start, end] = groups;
  const isOnCard = (row: string | undefined, group: string | undefined, shift?: Position) =>
    row === undefined || group !== undefined || shift !== undefined;
  return {
    id,
    type: "line",
    source: ends[0] ?? from,
    target: ends[1] ?? to,
    sourceHandle: isOnCard(ends[0], start, look.from) ? "out" : `out:${from}`,
    targetHandle: isOnCard(ends[1], end, look.to) ? "in" : `in:${to}`,
    selected: isSelected,
    // Bindings run within the card of their broker, so they lie above it.
    zIndex: kind === "bind" ? 2 : 0,
    ariaLabel: `${kind} ${label}`.trim(),
    className: `line-${kind}${severity === undefined ? "" : ` line-${severity}`}`,
    data: {
      connection,
      label,
      isDimmed: look.isDimmed,
      from: start === undefined ? lineEndOf(scenario, from) : groupEnd,
      to: end === undefined ? lineEndOf(scenario, to) : groupEnd,
      shifts: { from: look.from ?? noShift, to: look.to ?? noShift },
    },
  };
}

/** The document's element behind an end of a line: the channel of a channel's handle, else the node. */
export function elementAt(node: string, handle: string | null | undefined): string {
  const colon = handle?.indexOf(":") ?? -1;
  return handle === null || handle === undefined || colon < 0 ? node : handle.slice(colon + 1);
}
