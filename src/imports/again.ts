// Texts that were imported once and edited since: what changed in them happens to the drawing as well, and everything
// that was drawn, placed or set since the import stays. A merge of three: the import before, the drawing, the import now.

import { withoutElements } from "../model/edit.ts";
import { isEqual, isObject } from "../model/equal.ts";
import type { Scenario } from "../model/scenario.ts";

interface Member {
  readonly id: string;
}

/** The drawing with what has changed between two imports of its texts. Where both have changed the same, the text wins. */
export function withReread(drawing: Scenario, before: Scenario, now: Scenario): Scenario {
  const remains = new Set(membersOf(now).map(({ id }) => id));
  const gone = membersOf(before).filter(({ id }) => !remains.has(id));
  const kept = withoutElements(
    drawing,
    gone.map(({ id }) => id),
  );
  return {
    ...kept,
    nodes: mergedList(before.nodes, { drawn: drawing.nodes, kept: kept.nodes }, now.nodes),
    channels: mergedList(
      before.channels,
      { drawn: drawing.channels, kept: kept.channels },
      now.channels,
    ),
    connections: mergedList(
      before.connections,
      { drawn: drawing.connections, kept: kept.connections },
      now.connections,
    ),
    contracts: mergedList(
      before.contracts,
      { drawn: drawing.contracts, kept: kept.contracts },
      now.contracts,
    ),
    layout: { ...now.layout, ...kept.layout },
    ...(now.sources !== undefined && { sources: now.sources }),
  };
}

function membersOf({ nodes, channels, connections, contracts }: Scenario): readonly Member[] {
  return [...nodes, ...channels, ...connections, ...contracts];
}

function mergedList<Value extends Member>(
  before: readonly Value[],
  { drawn, kept }: { readonly drawn: readonly Value[]; readonly kept: readonly Value[] },
  now: readonly Value[],
): readonly Value[] {
  const next = byId(now);
  const old = byId(before);
  const mine = byId(kept);
  // Somebody has deleted it from the drawing: the text does not bring it back.
  const isDeleted = ({ id }: Member): boolean => old.has(id) && !drawn.some((one) => one.id === id);
  const changed = kept.map((one) => {
    const theirs = next.get(one.id);
    if (theirs === undefined) return one;
    // What is merged key by key has the keys of its kind.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return merged(old.get(one.id), one, theirs) as Value;
  });
  return [...changed, ...now.filter((one) => !mine.has(one.id) && !isDeleted(one))];
}

function byId<Value extends Member>(list: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(list.map((one) => [one.id, one]));
}

/** What has changed in the text comes from there; objects are merged key by key, lists are taken whole. */
function merged(before: unknown, mine: unknown, now: unknown): unknown {
  if (isEqual(before, now)) return mine;
  if (!isObject(mine) || !isObject(now)) return now;
  const base = isObject(before) ? before : {};
  const result: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(mine), ...Object.keys(now)])) {
    const value = merged(base[key], mine[key], now[key]);
    if (value !== undefined) result[key] = value;
  }
  return result;
}
