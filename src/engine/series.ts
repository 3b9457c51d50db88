// Columns for charts from the bounded histories of a run: one row of times, one column per line.

import type { CounterSeries } from "../kernel/counterSeries.ts";
import { nameOf } from "../model/elements.ts";
import type { ChartId, Series } from "../model/result.ts";
import { accountOf, accountsOfChannel } from "./progress.ts";
import { nodeKinds } from "../nodes/index.ts";
import type { World } from "./world.ts";

/** A line before it is brought to the buckets of its chart. */
interface Line {
  readonly id: string;
  readonly label: string;
  readonly widthNs: number;
  readonly values: Float64Array;
  /** What a bucket beyond the last one holds: 0 for rates and levels, NaN where nothing was observed. */
  readonly nothing: number;
}

/** Most lines in a chart of the whole run: beyond that nobody can tell them apart. */
const linesMax = 12;

/** A chart of the whole run, or of one node, channel or connection. */
export function seriesOf(world: World, timeNs: number, chart: ChartId, of?: string): Series {
  const lines = {
    throughput: throughputLines,
    backlog: backlogLines,
    latency: latencyLines,
    failures: failureLines,
  }[chart](world, timeNs, of);
  return alignLines(lines.slice(0, linesMax), timeNs);
}

/** Lines may have buckets of different width (they double as a run gets longer): the widest is shown,
 *  and narrower ones are averaged into it. Widths are equal up to powers of two. */
export function alignLines(lines: readonly Line[], timeNs: number): Series {
  if (lines.length === 0) return { timesS: new Float64Array(0), lines: [] };
  const widthNs = Math.max(...lines.map((line) => line.widthNs));
  const length = Math.ceil(timeNs / widthNs);
  return {
    timesS: Float64Array.from({ length }, (_, i) => (i * widthNs) / 1e9),
    lines: lines.map(({ id, label, widthNs: own, values, nothing }) => ({
      id,
      label,
      values: widen(values, Math.round(widthNs / own), length, nothing),
    })),
  };
}

function widen(
  values: Float64Array,
  factor: number,
  length: number,
  nothing: number,
): Float64Array {
  return Float64Array.from({ length }, (_, bucket) => {
    let sum = 0;
    let count = 0;
    for (let i = bucket * factor; i < (bucket + 1) * factor; i++) {
      const value = values[i] ?? nothing;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return count === 0 ? Number.NaN : sum / count;
  });
}

/** Counts per bucket as a rate [1/s]; the last bucket over the part that has passed. */
function ratesOf(series: CounterSeries, timeNs: number): Float64Array {
  const widthNs = series.widthNs();
  const rates = new Float64Array(Math.ceil(timeNs / widthNs));
  for (let i = 0; i < rates.length; i++) {
    const passed = Math.min(widthNs, timeNs - i * widthNs);
    rates[i] = passed <= 0 ? 0 : (series.at(i) * 1e9) / passed;
  }
  return rates;
}

function throughputLines(world: World, timeNs: number, of?: string): readonly Line[] {
  const { ids, components, scenario } = world.plan;
  return ids.flatMap((id, row) => {
    const { kind } = components[row]!;
    const isShown = of === undefined ? kind !== "broker" && kind !== "store" : of === id;
    if (!isShown) return [];
    const { handled } = world.recorder.nodes[row]!;
    const label = nameOf(scenario, id);
    return [
      {
        id,
        label,
        widthNs: handled.widthNs(),
        values: ratesOf(handled, timeNs),
        nothing: 0,
      },
    ];
  });
}

function backlogLines(world: World, timeNs: number, of?: string): readonly Line[] {
  const { scenario, rowOf } = world.plan;
  const shown = of === undefined ? undefined : accountsAround(world, of);
  const accounts = world.ledger.accounts.flatMap((account, number) => {
    if (shown !== undefined && !shown.includes(number)) return [];
    const chart = account.waiting.chart(timeNs);
    const owner = account.subscription < 0 ? scenario.channels[account.channel]! : undefined;
    const id = owner?.id ?? scenario.connections[account.subscription]!.id;
    const label = nameOf(scenario, id);
    return [{ id, label, widthNs: chart.widthNs, values: chart.means, nothing: 0 }];
  });
  const services = scenario.nodes.flatMap((node) => {
    if (!nodeKinds[node.kind].works || (of !== undefined && of !== node.id)) return [];
    const chart = world.recorder.nodes[rowOf.node.get(node.id)!]!.inside.chart(timeNs);
    const label = `inside ${node.name ?? node.id}`;
    return [
      { id: `${node.id}/inside`, label, widthNs: chart.widthNs, values: chart.means, nothing: 0 },
    ];
  });
  return [...accounts, ...services];
}

/** Accounts that concern a channel, a subscription, a broker or a consuming service. */
function accountsAround(world: World, id: string): readonly number[] {
  const { scenario } = world.plan;
  const channels = scenario.channels.flatMap((channel, row) =>
    channel.id === id || channel.broker === id ? [row] : [],
  );
  const subscriptions = scenario.connections.flatMap((link, row) =>
    (link.kind === "consume" || link.kind === "bridge") && (link.id === id || link.to === id)
      ? [row]
      : [],
  );
  return [
    ...channels.flatMap((channel) => accountsOfChannel(world, channel)),
    ...subscriptions.map((subscription) => accountOf(world, subscription)),
  ];
}

/** 50th, 95th and 99th percentile of the flows [ms]: of the slowest-ending flow of each entry, or of an element. */
function latencyLines(world: World, _timeNs: number, of?: string): readonly Line[] {
  const { flows, scenario } = world.plan;
  return flows.flatMap((flow, index) => {
    const end = scenario.nodes[flow.end]!;
    const entry = scenario.connections[flow.entry]!;
    if (of !== undefined && of !== end.id && of !== entry.id && of !== entry.from) return [];
    const { overTime, latency } = world.recorder.flows[index]!;
    if (latency.count() === 0) return [];
    const name = end.name ?? end.id;
    return [0.5, 0.95, 0.99].map((q) => ({
      id: `${flow.id}/p${q * 100}`,
      label: `${name} p${q * 100}`,
      nothing: Number.NaN,
      widthNs: overTime.widthNs(),
      values: Float64Array.from(
        { length: overTime.length() },
        (_, i) => overTime.quantileAt(i, q) / 1e6,
      ),
    }));
  });
}

function failureLines(world: World, timeNs: number, of?: string): readonly Line[] {
  const { ids, scenario } = world.plan;
  return ids.flatMap((id, row) => {
    if (of !== undefined && of !== id) return [];
    if (of === undefined && world.recorder.failed.data[row] === 0) return [];
    const { failed } = world.recorder.nodes[row]!;
    const label = nameOf(scenario, id);
    return [
      {
        id,
        label,
        widthNs: failed.widthNs(),
        values: ratesOf(failed, timeNs),
        nothing: 0,
      },
    ];
  });
}
