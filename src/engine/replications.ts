// Many runs of one scenario with different seeds: which seeds, when to stop, and what they say together. Nothing here
// depends on who computes what when: results count in the order of their numbers.

import { estimateMean, halfWidth } from "../kernel/confidence.ts";
import { hashText } from "../kernel/random.ts";
import {
  type FigureName,
  type FigureValue,
  type ReplicatedFigure,
  type Replication,
  type ReplicationPlan,
  replicationsMin,
  type ReplicationsReport,
  replicationsVersion,
} from "../model/replications.ts";
import type { LatencyFigures, Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";

/** Seed of a replication (from 1): the scenario's own, then a hash of it and the number. */
export function seedOf(seed: number, number: number): number {
  return number === 1 ? seed : hashText(`replication ${number}`, seed);
}

/** The scenario of a replication. */
export function replicationOf(scenario: Scenario, number: number): Scenario {
  return { ...scenario, seed: seedOf(scenario.seed, number) };
}

/** What a report of one replication says. */
export function outcomeOf(report: Report, number: number): Replication {
  return {
    number,
    figures: figuresOf(report),
    holds: report.conservation.holds,
    met: report.objectives.flatMap(({ id, met }) => (met ? [id] : [])),
    events: report.events,
  };
}

/** All figures of a report that mean something over many runs, in the order of the report. */
function figuresOf(report: Report): readonly FigureValue[] {
  const { nodes, channels, subscriptions, calls, flows } = report;
  const rows = <Row extends { readonly id: string }>(
    table: FigureName["table"],
    list: readonly Row[],
    read: (row: Row) => Readonly<Record<string, number | null>>,
  ): readonly FigureValue[] =>
    list.flatMap((row) =>
      Object.entries(read(row)).map(([measure, value]) => ({ table, id: row.id, measure, value })),
    );
  return [
    ...rows("flows", flows, (row) => ({ throughput: row.throughput, ...latencies(row.latency) })),
    ...rows("calls", calls, (row) => ({ failed: sum(row.failed), ...latencies(row.latency) })),
    ...rows("nodes", nodes, (row) => ({
      throughput: row.throughput,
      failed: sum(row.failed),
      utilisation: row.utilisation,
      meanInSystem: row.meanInSystem,
      ...latencies(row.latency),
    })),
    ...rows("channels", channels, (row) => ({
      throughput: row.throughput,
      meanInSystem: row.meanInSystem,
      deadLettered: row.deadLettered,
      dropped: sum(row.dropped) + row.expired,
      refused: sum(row.refused),
      ...latencies(row.latency),
    })),
    ...rows("subscriptions", subscriptions, (row) => ({
      throughput: row.throughput,
      meanInSystem: row.meanInSystem,
      redelivered: row.redelivered,
      ...latencies(row.latency),
    })),
  ];
}

function latencies({
  mean,
  p50,
  p95,
  p99,
}: LatencyFigures): Readonly<Record<string, number | null>> {
  return { "latency.mean": mean, "latency.p50": p50, "latency.p95": p95, "latency.p99": p99 };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Hands out replications, takes their results in any order, and knows when to stop. What it says depends on the numbers
 *  of the replications alone: of those that were computed ahead, the ones behind the stop are forgotten. */
export class ReplicationSeries {
  readonly scenario: Scenario;
  readonly plan: ReplicationPlan;
  /** Results that wait for an earlier one. */
  readonly #ahead = new Map<number, Replication>();
  readonly #taken: Replication[] = [];
  #handedOut = 0;
  #isStopped = false;

  constructor(scenario: Scenario, plan: ReplicationPlan) {
    this.scenario = scenario;
    this.plan = plan;
  }

  /** Number of the next replication to compute; undefined when no more are wanted. */
  next(): number | undefined {
    if (this.isDone() || this.#handedOut >= this.most()) return undefined;
    return ++this.#handedOut;
  }

  /** Takes a result. */
  accept(replication: Replication): void {
    this.#ahead.set(replication.number, replication);
    for (;;) {
      const next = this.#ahead.get(this.#taken.length + 1);
      if (next === undefined || this.isDone()) return;
      this.#ahead.delete(next.number);
      this.#taken.push(next);
    }
  }

  /** Stops with what there is. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Whether enough results are there, or it was stopped. */
  isDone(): boolean {
    const { count, precision } = this.plan;
    const taken = this.#taken.length;
    if (this.#isStopped || taken >= this.most()) return true;
    if (precision === undefined || taken < Math.max(count, replicationsMin)) return false;
    const worst = this.#worst();
    return worst !== undefined && worst.share <= precision;
  }

  /** Results that count so far. */
  done(): number {
    return this.#taken.length;
  }

  /** Most replications that there can be. */
  most(): number {
    const { count, precision, max } = this.plan;
    return precision === undefined ? count : Math.max(count, max);
  }

  /** What the replications say so far; undefined below two. Wall time is measured by the shell [s]. */
  report(wallSeconds: number): ReplicationsReport | undefined {
    const taken = this.#taken;
    if (taken.length < 2) return undefined;
    const { scenario, plan } = this;
    const worst = this.#worst();
    return {
      replicationsVersion,
      scenario: scenario.id,
      title: scenario.title,
      seed: scenario.seed,
      replications: taken.length,
      events: taken.reduce((total, { events }) => total + events, 0),
      wallSeconds,
      precision: {
        asked: plan.precision ?? null,
        reached: worst === undefined || worst.share === Infinity ? null : worst.share,
        of: worst?.name ?? null,
      },
      figures: this.#figures(() => true),
      objectives: scenario.objectives.map(({ id, title, of, measure }) => ({
        id,
        title: title ?? `${measure} of ${of}`,
        met: taken.filter(({ met }) => met.includes(id)).length,
      })),
      holds: taken.every(({ holds }) => holds),
      sentence: this.#sentence(worst?.share),
    };
  }

  #sentence(reached: number | undefined): string {
    const { plan } = this;
    const share = (ratio: number): string => `${Number((ratio * 100).toPrecision(3))} %`;
    const begin = `${this.#taken.length} replications`;
    if (plan.precision === undefined)
      return this.#isStopped ? `${begin}, then stopped.` : `${begin}, as asked for.`;
    const why = this.#isStopped ? "then stopped" : "more were not allowed";
    if (reached === undefined || reached === Infinity)
      return `${begin}, ${why}: nothing was observed often enough to tell how sure it is.`;
    if (reached <= plan.precision)
      return `${begin} were enough for a precision of ${share(plan.precision)}.`;
    return `${begin}, ${why}: the least sure figure is known to ${share(reached)}, not to ${share(plan.precision)}.`;
  }

  /** The watched figure that is least sure. Watched are the mean latencies of all flows; where there are none, those of
   *  the nodes. Figures that were not observed in every replication count as not sure at all. */
  #worst(): { readonly share: number; readonly name: FigureName } | undefined {
    const isMean = ({ measure }: FigureName): boolean => measure === "latency.mean";
    const flows = this.#figures((name) => name.table === "flows" && isMean(name));
    const watched =
      flows.length > 0 ? flows : this.#figures((name) => name.table === "nodes" && isMean(name));
    let worst: { readonly share: number; readonly name: FigureName } | undefined;
    for (const { table, id, measure, mean, halfWidth: half, count } of watched) {
      const share = count < this.#taken.length ? Infinity : mean === 0 ? 0 : half / mean;
      if (worst === undefined || share > worst.share)
        worst = { share, name: { table, id, measure } };
    }
    return worst;
  }

  /** Figures over all results so far that were observed at least twice. */
  #figures(isWanted: (name: FigureName) => boolean): readonly ReplicatedFigure[] {
    const [first] = this.#taken;
    return (first?.figures ?? []).flatMap(({ table, id, measure }, i) => {
      if (!isWanted({ table, id, measure })) return [];
      const values = Float64Array.from(
        this.#taken.flatMap(({ figures }) => figures[i]?.value ?? []),
      );
      if (values.length < 2) return [];
      const estimate = estimateMean(values);
      return [
        {
          table,
          id,
          measure,
          mean: estimate.mean,
          halfWidth: halfWidth(estimate, 0.95),
          min: Math.min(...values),
          max: Math.max(...values),
          count: values.length,
        },
      ];
    });
  }
}
