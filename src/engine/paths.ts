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

/** Pairs of an entering connection and a service that it reaches, at most `max` and one more. */
export function flowsOf(scenario: Scenario, max: number): readonly FlowPlan[] {
  const producers = new Set(scenario.nodes.filter((n) => n.kind === "producer").map((n) => n.id));
  const rowOfNode = new Map(scenario.nodes.map((node, row) => [node.id, row]));
  const leaving = rowsAt(scenario, "from");
  const flows: FlowPlan[] = [];
  for (const [entry, link] of scenario.connections.entries()) {
    if (!producers.has(link.from) || flows.length > max) continue;
    const ends = servicesBehind(scenario, leaving, link);
    if (link.kind === "call") ends.add(link.from);
    for (const end of ends)
      flows.push({ id: `${link.id}→${end}`, entry, end: rowOfNode.get(end) ?? -1 });
  }
  return flows.slice(0, max + 1);
}

/** Rows of connections by the element at one of their ends, in the order of the document. */
type RowsAt = ReadonlyMap<string, readonly number[]>;

function rowsAt(scenario: Scenario, end: "from" | "to"): RowsAt {
  const rows = new Map<string, number[]>();
  for (const [row, link] of scenario.connections.entries()) {
    // What leaves a bridge are its own publications.
    const place = link.kind === "bridge" && end === "to" ? link.id : link[end];
    const known = rows.get(place);
    if (known === undefined) rows.set(place, [row]);
    else known.push(row);
  }
  return rows;
}

/** Ids of the services that a message over this connection can reach, directly or through others. */
function servicesBehind(scenario: Scenario, leaving: RowsAt, first: Connection): Set<string> {
  const services = new Set<string>();
  const seen = new Set<Connection>([first]);
  // A Set keeps the order of insertion, so walking over it while it grows is a breadth-first search.
  for (const link of seen) {
    const service = link.kind === "consume" || link.kind === "call" ? link.to : undefined;
    if (service !== undefined) services.add(service);
    for (const row of leaving.get(link.kind === "bridge" ? link.id : link.to) ?? []) {
      const next = scenario.connections[row]!;
      if (next.kind !== "write" && next.kind !== "read") seen.add(next);
    }
  }
  return services;
}

/** Everything between the producers and the services that write into a store. */
export function upstreamOf(scenario: Scenario, store: string): Upstream {
  const arriving = rowsAt(scenario, "to");
  const found = new Set<number>();
  const places = new Set<string>([store]);
  for (const place of places)
    for (const row of arriving.get(place) ?? []) {
      found.add(row);
      places.add(scenario.connections[row]!.from);
    }
  const rows = (...kinds: readonly Connection["kind"][]): readonly number[] =>
    [...found]
      .filter((row) => kinds.includes(scenario.connections[row]!.kind))
      .sort((a, b) => a - b);
  return {
    subscriptions: rows("consume", "bridge"),
    publications: rows("publish"),
    calls: rows("call"),
  };
}
