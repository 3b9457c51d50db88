// Where lines begin and end on cards and rows, and what stands beside them.

import { channelOf, nodeOf } from "../model/elements.ts";
import type { Connection, Scenario } from "../model/scenario.ts";
import { cardMeasures, cardSizeOf, type RowPlace, rowsOf } from "./cardSize.ts";

/** What stands at an end of a line. */
export interface LineEnd {
  readonly width: number;
  readonly height: number;
  readonly isRow: boolean;
}

/** The ends of a row for lines: at the card's border where the row stands beside it. */
export function rowEnds(
  row: RowPlace,
  cardWidth: number,
): { readonly left: number; readonly right: number } {
  const { side } = cardMeasures;
  return {
    left: row.x <= side ? 0 : row.x,
    right: row.x + row.width >= cardWidth - side ? cardWidth : row.x + row.width,
  };
}

/** The card or row at an end of a line; nothing has no size. */
export function lineEndOf(scenario: Scenario, id: string): LineEnd {
  const channel = channelOf(scenario, id);
  const node = nodeOf(scenario, channel?.broker ?? id);
  if (node === undefined) return { width: 0, height: 0, isRow: false };
  const size = cardSizeOf(scenario, node);
  const row = rowsOf(scenario, node.id).find((place) => place.channel.id === id);
  if (row === undefined) return { ...size, isRow: false };
  const { left, right } = rowEnds(row, size.width);
  return { width: right - left, height: row.height, isRow: true };
}

/** The label of a line: its own name, the event that it carries, or the key of a binding. `contracts` are names by id. */
export function labelOf(connection: Connection, contracts: ReadonlyMap<string, string>): string {
  if (connection.name !== undefined) return connection.name;
  if (connection.kind === "publish" || connection.kind === "call")
    return contracts.get(connection.contract) ?? connection.contract;
  if (connection.kind === "bridge") return connection.as ?? "bridge";
  if (connection.kind !== "bind") return "";
  const key = connection.parameters?.["routing_key"];
  return typeof key === "string" ? key : "";
}
