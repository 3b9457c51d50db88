// What the terminal says of stores with versions and outboxes: what they have shown, replicas, and the anomalies.

import { formatDurationMs, formatNumber } from "../base/units.ts";
import type { AnomalyReport } from "../model/consistencyReport.ts";
import type { Report } from "../model/report.ts";
import { table } from "./table.ts";

/** Most anomalies that a terminal shows; the JSON report has more. */
const anomaliesMax = 20;

/** A row per store with versions. */
export function storeRows({ consistency, nodes }: Report): readonly string[] {
  const head = ["", "keys", "versions", "value", "expected", "oversold", "refused", "conflicts"];
  const rest = ["lost updates", "duplicate effects", "went back", "reads", "stale"];
  const last = ["own writes unseen", "reads going back", "out of bounds"];
  const rows = consistency.stores.map((one) => [
    nodes.find(({ id }) => id === one.id)?.name ?? one.id,
    ...[one.keys, one.commits, one.value, one.expected, one.oversold, one.refused].map(count),
    ...[one.conflicts, one.lostUpdates, one.duplicateEffects, one.outOfOrder].map(count),
    ...[one.reads, one.staleReads, one.readYourWrites, one.monotonicReads].map(count),
    count(one.invariantBroken),
  ]);
  return table([...head, ...rest, ...last], rows);
}

/** A row per replica. */
export function replicaRows({ consistency, nodes }: Report): readonly string[] {
  const name = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  const head = ["", "applied", "stale keys", "missing", "oldest", "mean age", "longest", "too old"];
  const rows = consistency.replicas.map((one) => [
    `${name(one.source)} → ${name(one.store)}`,
    count(one.applications),
    count(one.staleKeys),
    count(one.missing),
    one.missing === 0 ? "" : formatDurationMs(one.ageMs),
    formatDurationMs(one.meanAgeMs),
    formatDurationMs(one.maxAgeMs),
    one.shareTooOld === 0 ? "" : `${formatNumber(one.shareTooOld * 100)} %`,
    one.delay.p50 === null ? "–" : formatDurationMs(one.delay.p50),
    one.delay.p99 === null ? "–" : formatDurationMs(one.delay.p99),
    one.isAtRest ? count(one.divergedKeys) : "",
  ]);
  return table([...head, "visible p50", "p99", "diverged"], rows);
}

/** A row per subscription to the events of a store. */
export function subscriptionRows({ consistency, nodes }: Report): readonly string[] {
  const name = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  const head = ["", "added", "caught up after", "handled", "passed over", "failed calls"];
  const rows = consistency.subscriptions.map((one) => [
    `${name(one.store)} → ${name(one.service)}`,
    one.addedAt === null ? "not yet" : formatDurationMs(one.addedAt * 1000),
    one.caughtUpAfter === null ? "not yet" : formatDurationMs(one.caughtUpAfter * 1000),
    ...[one.done, one.passedOver, one.failed, one.waiting].map(count),
  ]);
  return table([...head, "left"], rows);
}

/** A row per connection whose reads wait for own writes. */
export function waitingReadRows({ consistency, nodes }: Report): readonly string[] {
  const name = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  const rows = consistency.waitingReads.map((one) => [
    `${name(one.service)} reads ${name(one.store)}`,
    count(one.waited),
    formatDurationMs(one.meanWaitMs),
    count(one.timedOut),
    count(one.waiting),
  ]);
  return table(["", "waited", "mean wait", "in vain", "waiting"], rows);
}

/** A row per service that publishes through an outbox. */
export function outboxRows({ outboxes, nodes }: Report): readonly string[] {
  const rows = outboxes.map((one) => [
    nodes.find(({ id }) => id === one.id)?.name ?? one.id,
    ...[one.inserted, one.repeated, one.skipped, one.waiting].map(count),
  ]);
  return table(["", "inserted", "published again", "passed over", "waiting"], rows);
}

/** The first anomalies in words. */
export function anomalyRows(anomalies: readonly AnomalyReport[]): readonly string[] {
  const rows = anomalies
    .slice(0, anomaliesMax)
    .map(({ t, sentence }) => `  ${formatDurationMs(t * 1000)}: ${sentence}`);
  const hidden = anomalies.length - rows.length;
  return hidden <= 0 ? rows : [...rows, `  … and ${count(hidden)} more; --json has them.`];
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
