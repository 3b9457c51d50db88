// Measures with a parameter of their own: latency from one place to another, the share of versions that a replica has
// within a time, and how long it takes after faults until nothing waits that did not wait before.

import { measureIn, type Measured } from "../model/measures.ts";
import type { Objective } from "../model/scenario.ts";
import { timelineSpans } from "../model/timelineSpans.ts";
import type { LevelSeries } from "../kernel/levelSeries.ts";
import { accountOf, accountsOfChannel } from "./progress.ts";
import type { World } from "./world.ts";

/** A measure of the flows that begin at `from` (a producer, or what it publishes or calls over) and end at `of`. */
export function quantileOfFlow(
  world: World,
  { of, from, measure }: Objective,
  measured: Measured,
): number | null {
  const { connections } = world.plan.scenario;
  const begins = new Set(
    connections.filter((link) => link.id === from || link.from === from).map(({ id }) => id),
  );
  const flows = measured.flows?.filter(({ entry }) => begins.has(entry));
  return measureIn({ flows: flows ?? [] }, of, measure);
}

/** Share of the versions that the worst replica in a store had within a time after their commit; null before the first
 *  that is old enough. */
export function shareVisible(
  { consistency, plan }: World,
  { of, within = 0 }: Objective,
  timeNs: number,
): number | null {
  const number = plan.rowOf.node.get(of) ?? -1;
  const shares = (consistency?.entities[number]?.replicas ?? []).flatMap((replica) => {
    const came = replica.delay.histogram();
    const late = replica.lackingSinceNs().filter((since) => timeNs - since > within * 1e6).length;
    const total = came.count() + late;
    return total === 0 ? [] : [came.countUpTo(within * 1e6) / total];
  });
  return shares.length === 0 ? null : Math.min(...shares);
}

/** Levels may be this much above what they were before a fault, or by one message, and count as recovered. */
const tolerance = 1.1;

/** The longest time from the end of a fault until not more waited than before it [s], of what has ended by a time [ns];
 *  what has not recovered counts until then. Null before the end of the first fault. */
export function recoverySeconds(world: World, of: string, timeNs: number): number | null {
  const { load } = world.plan.scenario;
  const spans = timelineSpans({ timeline: world.timeline.entries(), load });
  const faults = spans.filter(
    ({ ends, toMs }) => ends !== "at once" && ends !== "never" && toMs * 1e6 <= timeNs,
  );
  if (faults.length === 0) return null;
  const { widthNs, values } = waitingOver(world, of, timeNs);
  const bucketOf = (ms: number): number =>
    Math.max(0, Math.min(values.length - 1, Math.floor((ms * 1e6) / widthNs)));
  const times = faults.map(({ fromMs, toMs }) => {
    // As long before the fault as it lasted, so that a single burst is no yardstick.
    const before = values.slice(bucketOf(2 * fromMs - toMs), Math.max(1, bucketOf(fromMs)));
    const usual = before.reduce((sum, one) => sum + one, 0) / Math.max(1, before.length);
    const normal = Math.max(usual * tolerance, usual + 1);
    const end = bucketOf(toMs);
    const back = values.findIndex((level, i) => i >= end && level <= normal);
    const backNs = back < 0 ? timeNs : Math.max(toMs * 1e6, back * widthNs);
    return (backNs - toMs * 1e6) / 1e9;
  });
  return Math.max(...times);
}

/** What waits at an element, or in all channels and services together, over time. */
function waitingOver(
  world: World,
  of: string,
  timeNs: number,
): { readonly widthNs: number; readonly values: readonly number[] } {
  const charts = levelsOf(world, of).map((level) => level.chart(timeNs));
  const widthNs = Math.max(1, ...charts.map((chart) => chart.widthNs));
  const length = Math.floor(timeNs / widthNs) + 1;
  const values = Array.from({ length }, (_, bucket) =>
    charts.reduce((sum, { means, widthNs: own }) => {
      const many = Math.round(widthNs / own);
      const part = means.slice(bucket * many, (bucket + 1) * many);
      return sum + part.reduce((all, one) => all + one, 0) / Math.max(1, part.length);
    }, 0),
  );
  return { widthNs, values };
}

function levelsOf(world: World, of: string): readonly LevelSeries[] {
  const { plan, ledger, recorder, consistency } = world;
  const { channels } = plan.scenario;
  if (of === "run")
    return [
      ...ledger.accounts.map(({ waiting }) => waiting),
      ...recorder.nodes.map(({ inside }) => inside),
    ];
  const held = channels.flatMap(({ id, broker }, row) =>
    id === of || broker === of
      ? accountsOfChannel(world, row).map((account) => ledger.accounts[account]!.waiting)
      : [],
  );
  if (held.length > 0) return held;
  const node = plan.rowOf.node.get(of) ?? -1;
  const consumed = plan.scenario.connections.flatMap((link, row) => {
    const account = link.kind === "consume" && link.to === of ? accountOf(world, row) : -1;
    return ledger.accounts[account]?.waiting ?? [];
  });
  const replicas = consistency?.entities[node]?.replicas.map(({ staleKeys }) => staleKeys) ?? [];
  const inside = recorder.nodes[node]?.inside;
  return [...consumed, ...replicas, ...(inside === undefined ? [] : [inside])];
}
