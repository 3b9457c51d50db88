// The words on the card of a collapsed group while a run goes on: the figures of all its parts, summed up.

import { groupOf, membersOf } from "../../model/grouping.ts";
import { countText, type NodeFace, rateText, type Reading } from "./cardTexts.ts";
import { channelNumber, nodeNumber } from "./liveRows.ts";

/** What goes in and out over the border of a group, what waits inside, what failed there, and whether all of it is up;
 *  undefined for what is no group. */
export function groupFace(reading: Reading, id: string): NodeFace | undefined {
  const { scenario, frame, rows } = reading;
  const group = groupOf(scenario, id);
  if (group === undefined) return undefined;
  const inside = new Set(membersOf(scenario, group));
  for (const channel of scenario.channels) if (inside.has(channel.broker)) inside.add(channel.id);
  const nodes = [...inside].flatMap((one) => rows.nodes.get(one) ?? []);
  const channels = [...inside].flatMap((one) => rows.channels.get(one) ?? []);
  const states = nodes.map((row) => nodeNumber(frame, row, "state"));
  const waiting =
    sum(nodes.map((row) => nodeNumber(frame, row, "queued"))) +
    sum(channels.map((row) => channelNumber(frame, row, "waiting")));
  const failed = sum(nodes.map((row) => nodeNumber(frame, row, "failed")));
  const { come, go } = overBorder(reading, inside);
  const down = states.filter((state) => state !== 0).length;
  return {
    busy: 0,
    warning: "",
    state: down === 0 ? "up" : states.every((state) => state === 1) ? "down" : "partly",
    primary: `${rateText(come)} in · ${rateText(go)} out`,
    secondary: [
      down > 0 ? `${down} of ${nodes.length} down` : "",
      `${countText(waiting)} waiting`,
      failed > 0 ? `${countText(failed)} failed` : "",
    ]
      .filter((text) => text !== "")
      .join(" · "),
  };
}

/** Messages, requests and writes over the border of a group [1/s]. */
function overBorder(
  { scenario, rates }: Reading,
  inside: ReadonlySet<string>,
): { readonly come: number; readonly go: number } {
  let [come, go] = [0, 0];
  for (const [row, { from, to }] of scenario.connections.entries()) {
    if (inside.has(from) === inside.has(to)) continue;
    const rate = rates.connectionRate(row, "passed");
    if (inside.has(to)) come += rate;
    else go += rate;
  }
  return { come, go };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
