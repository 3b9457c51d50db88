// The instant of a run as the consistency view shows it. Reading changes nothing; what is handed out are copies.

import type {
  ConsistencyQuery,
  ConsistencyView,
  LedgerKey,
  LedgerLine,
  ReplicaColumns,
} from "../model/consistencyView.ts";
import { viewMax } from "../model/consistencyView.ts";
import { nameOf } from "../model/elements.ts";
import type { Series } from "../model/result.ts";
import type { Entities } from "../nodes/stores/entities.ts";
import type { Replica } from "../nodes/stores/replica.ts";
import type { Consistency } from "./consistency.ts";
import { anomaliesOf } from "./consistencyReport.ts";
import { alignLines } from "./series.ts";
import type { World } from "./world.ts";

/** The keys of a store and its replicas at a time [ns]; undefined where no store keeps versions. */
export function consistencyViewOf(
  world: World,
  timeNs: number,
  query: ConsistencyQuery,
): ConsistencyView | undefined {
  const { consistency } = world;
  if (consistency === undefined) return undefined;
  const { ids } = world.plan;
  const numbers = [...new Set(consistency.replicas.map(({ source }) => source))];
  const number = numbers.find((one) => ids[one] === query.source) ?? numbers[0] ?? -1;
  const source = consistency.entities[number];
  const rows = rowsShown(query, source?.size() ?? 0);
  const replicas = consistency.replicas.filter((one) => one.source === number);
  const kept = anomaliesOf(world, consistency);
  return {
    timeNs,
    sources: numbers.map((one) => ids[one]!),
    source: ids[number] ?? "",
    keys: source?.size() ?? 0,
    firstKey: rows[0] ?? 0,
    names: rows.map((row) => world.plan.keyText(source!.keyAt(row))),
    versions: Int32Array.from(rows, (row) => source!.version(row)),
    replicas: replicas.map((one) => columnsOf(world, one, rows, timeNs)),
    fresh: freshOf(world, replicas, source?.size() ?? 0, timeNs),
    ledger: ledgerOf(world, consistency),
    anomaliesFound: consistency.entities.reduce(
      (sum, one) => sum + (one === undefined ? 0 : consistency.anomalies.of(one.number)),
      0,
    ),
    anomaliesKept: kept.length,
    anomalies: kept.slice(Math.max(0, query.anomaliesKnown)),
  };
}

function rowsShown({ firstKey, keysMax }: ConsistencyQuery, size: number): readonly number[] {
  const first = Math.max(0, Math.min(Math.floor(firstKey) || 0, size - 1));
  const length = Math.max(0, Math.min(keysMax, viewMax.keys, size - first));
  return Array.from({ length }, (_, i) => first + i);
}

function columnsOf(
  world: World,
  replica: Replica,
  rows: readonly number[],
  timeNs: number,
): ReplicaColumns {
  return {
    store: world.plan.ids[replica.store]!,
    staleKeys: replica.staleKeys.level(),
    missing: replica.lacking(),
    ageMs: replica.age(timeNs).nowNs / 1e6,
    sinceNs: Float64Array.from(rows, (row) => replica.missingSinceNs(row)),
    versions: Int32Array.from(rows, (row) => replica.version(row)),
  };
}

function freshOf(world: World, replicas: readonly Replica[], keys: number, timeNs: number): Series {
  const { ids, scenario } = world.plan;
  const lines = replicas.map((replica) => {
    const { widthNs, means } = replica.staleKeys.chart(timeNs);
    const id = ids[replica.store]!;
    const values = means.map((stale) => (keys === 0 ? 100 : 100 * (1 - stale / keys)));
    return { id, label: nameOf(scenario, id), widthNs, values, nothing: 100 };
  });
  return alignLines(lines, timeNs);
}

function ledgerOf(world: World, { entities, replicas }: Consistency): readonly LedgerLine[] {
  const own = entities.flatMap((one) =>
    one === undefined ? [] : [lineOf(world, { store: one, source: one, keys: () => true })],
  );
  const followed = replicas.flatMap(({ store, source }) => {
    const at = entities[store]!;
    return [
      lineOf(world, { store: at, source: entities[source]!, keys: (key) => at.known(key) >= 0 }),
    ];
  });
  // A replica by other keys (a sum per customer of orders) holds nothing that could be compared key by key.
  return [...own, ...followed.filter(({ keys }) => keys > 0)];
}

interface Compared {
  readonly store: Entities;
  readonly source: Entities;
  /** Which keys of the source are compared. */
  readonly keys: (key: number) => boolean;
}

function lineOf(world: World, { store, source, keys }: Compared): LedgerLine {
  const { ids, keyText } = world.plan;
  const line = { expected: 0, actual: 0, keys: 0, differing: 0 };
  const different: { readonly row: number; readonly by: number }[] = [];
  for (let row = 0; row < source.size(); row++) {
    if (!keys(source.keyAt(row))) continue;
    const { expected, actual } = pairOf(store, source, row);
    line.keys++;
    line.expected += expected;
    line.actual += actual;
    if (expected === actual) continue;
    line.differing++;
    different.push({ row, by: Math.abs(expected - actual) });
  }
  const worst = different
    .sort((a, b) => b.by - a.by || a.row - b.row)
    .slice(0, viewMax.ledger)
    .map(({ row }): LedgerKey => ({
      key: keyText(source.keyAt(row)),
      ...pairOf(store, source, row),
    }));
  return { store: ids[store.number]!, source: ids[source.number]!, ...line, worst };
}

function pairOf(
  store: Entities,
  source: Entities,
  row: number,
): { readonly expected: number; readonly actual: number } {
  if (store === source) return { expected: store.expected(row), actual: store.value(row) };
  return { expected: source.value(row), actual: store.value(store.known(source.keyAt(row))) };
}
