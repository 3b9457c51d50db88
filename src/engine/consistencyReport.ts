// The part of the report about stores with versions: what each has committed and shown, how far replicas are behind their
// sources, and the anomalies.

import { valuesOf } from "../base/fields.ts";
import { readFields } from "../nodes/connections.ts";
import { anomaly, anomalyKinds } from "../nodes/stores/anomalies.ts";
import { counted, type Entities } from "../nodes/stores/entities.ts";
import type { Replica } from "../nodes/stores/replica.ts";
import { nameOf } from "../model/elements.ts";
import type {
  AnomalyReport,
  ConsistencyReport,
  ReplicaReport,
  StoreConsistency,
  SubscriptionProgress,
  Visibility,
  WaitingReadReport,
} from "../model/consistencyReport.ts";
import { latencyFigures } from "./certainty.ts";
import type { Consistency } from "./consistency.ts";
import { behind, readerOf } from "./progress.ts";
import type { World } from "./world.ts";

/** Delays at which the report says how many versions are visible [ms]. */
const delaysMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

/** Keys that are named of those that have diverged. */
const keysNamed = 5;

/** What a run without versions has to say. */
const nothing: ConsistencyReport = {
  stores: [],
  replicas: [],
  subscriptions: [],
  waitingReads: [],
  anomalies: [],
};

/** The consistency of a run at a time [ns]. */
export function consistencyReport(world: World, timeNs: number): ConsistencyReport {
  const { consistency } = world;
  if (consistency === undefined) return nothing;
  const replicas = consistency.replicas.map((one) => replicaReport(world, one, timeNs));
  return {
    stores: consistency.entities.flatMap((entities) =>
      entities === undefined ? [] : [storeReport(world, entities, replicas)],
    ),
    replicas,
    subscriptions: subscriptionsOf(world),
    waitingReads: waitingReadsOf(world),
    anomalies: anomaliesOf(world, consistency),
  };
}

function storeReport(
  world: World,
  entities: Entities,
  replicas: readonly ReplicaReport[],
): StoreConsistency {
  const id = world.plan.ids[entities.number]!;
  const own = replicas.filter(({ store }) => store === id);
  const worst = (of: (replica: ReplicaReport) => number): number =>
    Math.max(0, ...own.map((replica) => of(replica)));
  const count = (kind: number): number => world.consistency!.anomalies.count(entities.number, kind);
  const rows = Array.from({ length: entities.size() }, (_, row) => row);
  const sum = (of: (row: number) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  return {
    id,
    keys: entities.size(),
    commits: entities.counted(counted.commits),
    conflicts: entities.counted(counted.conflicts),
    refused: entities.counted(counted.refused),
    reads: entities.counted(counted.reads),
    staleReads: entities.counted(counted.staleReads),
    readLags: entities.readLags(),
    value: sum((row) => entities.value(row)),
    expected: sum((row) => entities.expected(row)),
    discrepancy: sum((row) => Math.abs(entities.expected(row) - entities.value(row))),
    oversold: oversoldOf(world, entities),
    lostUpdates: count(anomaly.lostUpdate),
    duplicateEffects: count(anomaly.duplicateEffect),
    outOfOrder: count(anomaly.outOfOrder),
    readYourWrites: count(anomaly.readYourWrites),
    monotonicReads: count(anomaly.monotonicReads),
    invariantBroken: count(anomaly.invariant),
    staleKeys: worst((replica) => replica.staleKeys),
    missing: worst((replica) => replica.missing),
    ageMs: worst((replica) => replica.ageMs),
    meanAgeMs: worst((replica) => replica.meanAgeMs),
    maxAgeMs: worst((replica) => replica.maxAgeMs),
    shareTooOld: worst((replica) => replica.shareTooOld),
    divergedKeys: worst((replica) => replica.divergedKeys),
  };
}

/** How much was sold that was not there: how far the values would be below the lowest limit of the writes. */
function oversoldOf(world: World, entities: Entities): number {
  const limits = world.consistency!.writes.flatMap((plan) =>
    plan?.entities === entities && plan.values.change === "add" && plan.values.atLeast !== null
      ? [plan.values.atLeast]
      : [],
  );
  if (limits.length === 0) return 0;
  const lowest = Math.min(...limits);
  let total = 0;
  for (let row = 0; row < entities.size(); row++)
    total += Math.max(0, lowest - entities.expected(row));
  return total;
}

function replicaReport(world: World, replica: Replica, timeNs: number): ReplicaReport {
  const { ids } = world.plan;
  const source = world.consistency!.entities[replica.source]!;
  const age = replica.age(timeNs);
  // Nothing is on its way: what is missing now stays missing.
  const isAtRest = behind(world, replica.store, timeNs).updates === 0 && !isPublishing(world);
  const diverged = isAtRest ? divergedRows(world.consistency!, replica) : [];
  return {
    id: `${ids[replica.source]}→${ids[replica.store]}`,
    store: ids[replica.store]!,
    source: ids[replica.source]!,
    keys: source.size(),
    commits: source.counted(counted.commits),
    ...replica.counts(),
    staleKeys: replica.staleKeys.level(),
    missing: replica.lacking(),
    ageMs: age.nowNs / 1e6,
    meanAgeMs: age.meanNs / 1e6,
    maxAgeMs: age.maxNs / 1e6,
    shareTooOld: age.shareAbove,
    isAtRest,
    divergedKeys: diverged.length,
    diverged: diverged.slice(0, keysNamed).map((row) => world.plan.keyText(source.keyAt(row))),
    visibility: visibilityOf(replica, timeNs),
    delay: latencyFigures(replica.delay),
  };
}

/** Every subscription to events of a store. */
function subscriptionsOf(world: World): readonly SubscriptionProgress[] {
  return world.plan.scenario.connections.flatMap((link, row) => {
    const reader = readerOf(world, row);
    if (link.kind !== "call" || reader === undefined) return [];
    const { addedNs, caughtUpNs, ...counts } = reader.state();
    return [
      {
        id: link.id,
        store: link.from,
        service: link.to,
        addedAt: addedNs < 0 ? null : addedNs / 1e9,
        caughtUpAfter: caughtUpNs < 0 ? null : caughtUpNs / 1e9,
        ...counts,
      },
    ];
  });
}

/** Every connection whose reads wait. */
function waitingReadsOf(world: World): readonly WaitingReadReport[] {
  const { waits, entities } = world.consistency!;
  return world.plan.scenario.connections.flatMap((link, row) => {
    if (link.kind !== "read" || !valuesOf(readFields, link.parameters ?? {}).waits) return [];
    if (waits === undefined || entities[world.plan.connections[row]!.to] === undefined) return [];
    return [{ id: link.id, service: link.from, store: link.to, ...waits.figures(row) }];
  });
}

/** Whether anything still waits in an outbox. */
function isPublishing({ components }: World): boolean {
  return components.some(({ kind, run }) => kind === "service" && (run.outbox()?.waiting ?? 0) > 0);
}

/** Entities that a replica lacks, or of which it holds another value. */
function divergedRows({ entities }: Consistency, replica: Replica): readonly number[] {
  const [source, view] = [entities[replica.source]!, entities[replica.store]!];
  const rows: number[] = [];
  for (let row = 0; row < source.size(); row++) {
    const own = view.known(source.keyAt(row));
    const isOther = own >= 0 && replica.version(row) > 0 && view.value(own) !== source.value(row);
    if (replica.isStale(row) || isOther) rows.push(row);
  }
  return rows;
}

/** t-visibility: the share of versions that the replica had (or newer ones) within a time after their commit. What it
 *  lacks counts as soon as it is older than that. */
function visibilityOf(replica: Replica, timeNs: number): readonly Visibility[] {
  const came = replica.delay.histogram();
  const lacking = replica.lackingSinceNs();
  return delaysMs.map((ms) => {
    const withinNs = ms * 1e6;
    const visible = came.countUpTo(withinNs);
    // Times rise, so those that have been missing for so long come first.
    const late = lacking.findIndex((sinceNs) => timeNs - sinceNs <= withinNs);
    const total = came.count() + (late < 0 ? lacking.length : late);
    return { withinMs: ms, share: total === 0 ? null : visible / total };
  });
}

/** The anomalies that were kept, in order of time. */
export function anomaliesOf(world: World, { anomalies }: Consistency): readonly AnomalyReport[] {
  const { ids, scenario, keyText } = world.plan;
  return anomalies.list().map((found) => {
    const kind = anomalyKinds[found.kind]!;
    const store = ids[found.store]!;
    const key = keyText(found.key);
    const sentence = sentences[kind]({ ...found, key, store: nameOf(scenario, store) });
    const { message, version, other, timeNs } = found;
    return { t: timeNs / 1e9, kind, store, key, message, version, other, sentence };
  });
}

interface InWords {
  readonly store: string;
  readonly key: string;
  readonly version: number;
  readonly other: number;
}

const sentences: Readonly<Record<(typeof anomalyKinds)[number], (found: InWords) => string>> = {
  "lost update": ({ store, key, version, other }) =>
    `Version ${version} of ${key} in ${store} overwrote version ${other} without having seen it.`,
  "duplicate effect": ({ store, key }) => `A message changed ${key} in ${store} once more.`,
  "out-of-order apply": ({ store, key, version, other }) =>
    `${store} went back from version ${other} of ${key} to version ${version}.`,
  "read-your-writes": ({ store, key, version, other }) =>
    `A read of ${key} in ${store} returned version ${version}, although its own chain had written version ${other}.`,
  "monotonic reads": ({ store, key, version, other }) =>
    `A read of ${key} in ${store} returned version ${version}, although its own chain had read version ${other}.`,
  "invariant broken": ({ store, key, version, other }) =>
    `The value of ${key} in ${store} went from ${other} to ${version}, out of its bounds.`,
};
