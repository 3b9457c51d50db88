// Questions about the whole drawing. So far one: do synchronous calls lead back to where they started?

import type { Scenario } from "./scenario.ts";

/** A cycle of synchronous calls as node ids, the first repeated at the end; undefined when there is none.
 *  With `extra`, the cycle that this additional call would close. */
export function callCycle(
  scenario: Scenario,
  extra?: { readonly from: string; readonly to: string },
): readonly string[] | undefined {
  const called = new Map<string, string[]>();
  for (const connection of scenario.connections) {
    if (connection.kind !== "call") continue;
    const known = called.get(connection.from);
    if (known === undefined) called.set(connection.from, [connection.to]);
    else known.push(connection.to);
  }
  if (extra !== undefined) {
    const back = pathBetween(called, extra.to, extra.from);
    return back === undefined ? undefined : [extra.from, ...back];
  }
  return cycleIn(called);
}

type Edges = ReadonlyMap<string, readonly string[]>;

/** A path from one node to another along the edges, both included. */
function pathBetween(edges: Edges, from: string, to: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  // A Map keeps the order of insertion, so walking over it while it grows is a breadth-first search.
  for (const node of cameFrom.keys()) {
    if (node === to) return trail(cameFrom, to);
    for (const next of edges.get(node) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, node);
  }
  return undefined;
}

function trail(cameFrom: ReadonlyMap<string, string | undefined>, end: string): readonly string[] {
  const path: string[] = [];
  for (let node: string | undefined = end; node !== undefined; node = cameFrom.get(node))
    path.unshift(node);
  return path;
}

/** Any cycle: what is left after taking away, again and again, the nodes that call nobody any more. */
function cycleIn(edges: Edges): readonly string[] | undefined {
  const callers = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const [from, targets] of edges) {
    open.set(from, targets.length);
    for (const to of targets) {
      const known = callers.get(to);
      if (known === undefined) callers.set(to, [from]);
      else known.push(from);
    }
  }
  const done = [...callers.keys()].filter((node) => !open.has(node));
  for (const node of done) {
    for (const caller of callers.get(node) ?? []) {
      const left = (open.get(caller) ?? 0) - 1;
      open.set(caller, left);
      if (left === 0) done.push(caller);
    }
  }
  const onCycle = [...open.keys()].find((node) => (open.get(node) ?? 0) > 0);
  return onCycle === undefined ? undefined : walkUntilRepeated(edges, open, onCycle);
}

/** Every node that is still open calls another open one, so a walk must come back to itself. */
function walkUntilRepeated(
  edges: Edges,
  open: ReadonlyMap<string, number>,
  start: string,
): readonly string[] {
  const steps = new Map<string, number>();
  const path: string[] = [];
  let node: string | undefined = start;
  while (node !== undefined && !steps.has(node)) {
    steps.set(node, path.length);
    path.push(node);
    node = edges.get(node)?.find((next) => (open.get(next) ?? 0) > 0);
  }
  return node === undefined ? path : [...path.slice(steps.get(node)), node];
}
