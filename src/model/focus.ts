// What belongs to an element of the drawing: everything from which messages and requests come to it, and everything to
// which they go from it. Views that leave out the rest ask here.

import { channelOf } from "./elements.ts";
import type { Scenario } from "./scenario.ts";

/** Which way one looks: to where things come from, to where they go, or both. */
export type Direction = "upstream" | "downstream";

/** Ids of nodes, channels and connections that belong to some elements in a direction, those elements included. A broker
 *  of which some channels belong to them counts, its other channels do not. */
export function belongingTo(
  scenario: Scenario,
  ids: readonly string[],
  direction: Direction,
): ReadonlySet<string> {
  const next = new Map<string, { readonly to: string; readonly over: string }[]>();
  for (const { id, from, to } of scenario.connections) {
    const [here, there] = direction === "downstream" ? [from, to] : [to, from];
    const known = next.get(here);
    if (known === undefined) next.set(here, [{ to: there, over: id }]);
    else known.push({ to: there, over: id });
  }
  const reached = new Set(startsOf(scenario, ids, direction));
  const over = new Set<string>();
  // A Set keeps the order of insertion, so walking over it while it grows is a breadth-first search.
  for (const here of reached)
    for (const step of next.get(here) ?? []) {
      reached.add(step.to);
      over.add(step.over);
    }
  return new Set([...ids, ...withBrokers(scenario, reached), ...over]);
}

/** Ids of what lies on ways between two elements, in either direction; empty where no way leads from one to the other. */
export function between(scenario: Scenario, one: string, other: string): ReadonlySet<string> {
  const ways = [
    [one, other],
    [other, one],
  ] as const;
  const found = ways.flatMap(([from, to]) => {
    const after = belongingTo(scenario, [from], "downstream");
    const before = belongingTo(scenario, [to], "upstream");
    const common = [...after].filter((id) => before.has(id));
    return after.has(to) ? common : [];
  });
  return new Set(found);
}

/** Where the search begins: a broker stands for its channels, a connection for its end in that direction. */
function startsOf(
  scenario: Scenario,
  ids: readonly string[],
  direction: Direction,
): readonly string[] {
  const wanted = new Set(ids);
  const ends = scenario.connections.flatMap(({ id, from, to }) =>
    wanted.has(id) ? [direction === "downstream" ? to : from] : [],
  );
  const channels = scenario.channels.flatMap(({ id, broker }) => (wanted.has(broker) ? [id] : []));
  const connections = new Set(scenario.connections.map(({ id }) => id));
  return [...ids.filter((id) => !connections.has(id)), ...ends, ...channels];
}

function withBrokers(scenario: Scenario, reached: ReadonlySet<string>): readonly string[] {
  return [...reached].flatMap((id) => {
    const broker = channelOf(scenario, id)?.broker;
    return broker === undefined ? [id] : [id, broker];
  });
}
