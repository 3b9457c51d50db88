// What many replications say together as tables of texts, the same at the terminal and on the page: means with half of
// their 95 % intervals.

import { formatDurationMs, formatNumber } from "../base/units.ts";
import { nameOf } from "./elements.ts";
import type { FigureName, ReplicatedFigure, ReplicationsReport } from "./replications.ts";
import type { Scenario } from "./scenario.ts";

/** A figure as a text; `tip` says between which values the replications lie. */
export interface ReplicatedCell {
  readonly text: string;
  readonly tip: string;
}

/** The figures of one kind of place. */
export interface ReplicationTable {
  readonly id: FigureName["table"];
  readonly title: string;
  /** Titles of the cells, without that of the name. */
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    readonly cells: readonly ReplicatedCell[];
  }[];
}

const titles = {
  flows: "Flows",
  calls: "Calls",
  nodes: "Nodes",
  channels: "Channels",
  subscriptions: "Subscriptions",
} as const satisfies Readonly<Record<FigureName["table"], string>>;

const places = ["flows", "calls", "nodes", "channels", "subscriptions"] as const;

const columns = [
  ["throughput", "rate"],
  ["failed", "failed"],
  ["refused", "refused"],
  ["dropped", "dropped"],
  ["deadLettered", "dead letters"],
  ["redelivered", "redelivered"],
  ["utilisation", "busy"],
  ["meanInSystem", "inside"],
  ["latency.mean", "mean"],
  ["latency.p50", "p50"],
  ["latency.p95", "p95"],
  ["latency.p99", "p99"],
] as const;

/** All tables that have something to say. Columns that are 0 everywhere are left out. */
export function replicationTables(
  report: ReplicationsReport,
  scenario: Scenario,
): readonly ReplicationTable[] {
  return places.flatMap((id) => {
    const figures = report.figures.filter(({ table }) => table === id);
    const shown = columns.filter(([measure]) =>
      figures.some((figure) => figure.measure === measure && figure.max > 0),
    );
    if (shown.length === 0) return [];
    const rows = [...new Set(figures.map((figure) => figure.id))].map((row) => ({
      id: row,
      name: placeName(scenario, row),
      cells: shown.map(([measure]) =>
        cellOf(figures.find((figure) => figure.id === row && figure.measure === measure)),
      ),
    }));
    return [{ id, title: titles[id], columns: shown.map(([, title]) => title), rows }];
  });
}

/** Flows are called by their connection and their end. */
function placeName(scenario: Scenario, id: string): string {
  return id
    .split("→")
    .map((part) => nameOf(scenario, part))
    .join(" → ");
}

function cellOf(figure: ReplicatedFigure | undefined): ReplicatedCell {
  if (figure === undefined) return { text: "–", tip: "Not observed" };
  const { measure, mean, halfWidth, min, max, count } = figure;
  const text = (value: number): string => valueText(measure, value);
  return {
    text: mean === 0 ? "" : `${text(mean)} ± ${text(halfWidth)}`,
    tip: `${text(min)} to ${text(max)} in ${count} replications`,
  };
}

function valueText(measure: string, value: number): string {
  if (measure.startsWith("latency.")) return formatDurationMs(value);
  if (measure === "utilisation") return `${formatNumber(value * 100)} %`;
  return `${formatNumber(value)}${measure === "throughput" ? "/s" : ""}`;
}
