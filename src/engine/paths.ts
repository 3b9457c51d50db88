// Paths through the drawing: from where events enter to where they are handled, and what lies before a store.

import type { Connection, Scenario } from "../model/scenario.ts";

/** An end-to-end path: from the connection over which events enter to a service that handles what follows. */
export interface FlowPlan {
  readonly id: string;
  /** Row of the entering connection. */
  readonly entry: number;
  /** Row of the node at the end; the producer itself where it waits for the answer. */
  readonly end: number;
}

/** What can hold back updates of a store. */
export interface Upstream {
  /** Rows of the subscriptions, publications and calls on the way. */
  readonly subscriptions: readonly number[];
  readonly publications: readonly number[];
  readonly calls: readonly number[];
}

/** Every pair of an entering connection and a service that it reaches. */
export function flowsOf(scenario: Scenario): readonly FlowPlan[] {
  const producers = new Set(scenario.nodes.filter((n) => n.kind === "producer").map((n) => n.id));
  const rowOfNode = new Map(scenario.nodes.map((node, row) => [node.id, row]));
  return scenario.connections.flatMap((link, entry) => {
    if (!producers.has(link.from)) return [];
    const ends = servicesBehind(scenario, link);
    if (link.kind === "call") ends.add(link.from);
    return [...ends].map((end) => ({
      id: `${link.id}→${end}`,
      entry,
      end: rowOfNode.get(end) ?? -1,
    }));
  });
}

/** Ids of the services that a message over this connection can reach, directly or through others. */
function servicesBehind(scenario: Scenario, first: Connection): Set<string> {
  const services = new Set<string>();
  const seen = new Set<Connection>([first]);
  // A Set keeps the order of insertion, so walking over it while it grows is a breadth-first search.
  for (const link of seen) {
    const service = link.kind === "consume" || link.kind === "call" ? link.to : undefined;
    if (service !== undefined) services.add(service);
    for (const next of scenario.connections)
      if (next.from === link.to && next.kind !== "write") seen.add(next);
  }
  return services;
}

/** Everything between the producers and the services that write into a store. */
export function upstreamOf(scenario: Scenario, store: string): Upstream {
  const found = new Set<number>();
  const places = new Set<string>([store]);
  for (const place of places)
    scenario.connections.forEach((link, row) => {
      if (link.to !== place) return;
      found.add(row);
      places.add(link.from);
    });
  const rows = (kind: Connection["kind"]): readonly number[] =>
    [...found].filter((row) => scenario.connections[row]?.kind === kind).sort((a, b) => a - b);
  return { subscriptions: rows("consume"), publications: rows("publish"), calls: rows("call") };
}
