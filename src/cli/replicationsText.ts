// What many replications say together, for a person at a terminal: a table per kind of place, means with half of their
// 95 % intervals.

import { formatDurationMs, formatNumber } from "../base/units.ts";
import { nameOf } from "../model/elements.ts";
import type { FigureName, ReplicatedFigure, ReplicationsReport } from "../model/replications.ts";
import type { Scenario } from "../model/scenario.ts";
import { table } from "./table.ts";

const tables = {
  flows: "Flows",
  calls: "Calls",
  nodes: "Nodes",
  channels: "Channels",
  subscriptions: "Subscriptions",
} as const satisfies Readonly<Record<FigureName["table"], string>>;

const columns = {
  throughput: "rate",
  failed: "failed",
  refused: "refused",
  dropped: "dropped",
  deadLettered: "dead letters",
  redelivered: "redelivered",
  utilisation: "busy",
  meanInSystem: "inside",
  "latency.mean": "mean",
  "latency.p50": "p50",
  "latency.p95": "p95",
  "latency.p99": "p99",
} as const;

/** The whole report, ending with a line break. */
export function describeReplications(report: ReplicationsReport, scenario: Scenario): string {
  const { title, scenario: id, replications, events, wallSeconds, objectives } = report;
  const parts = [
    [
      title === "" ? id : title,
      `${report.sentence} ${events.toLocaleString("en-US")} events in ${formatDurationMs(wallSeconds * 1000)}.`,
    ],
    ...Object.entries(tables).map(([name, heading]) =>
      rowsOf(
        report.figures.filter((figure) => figure.table === name),
        heading,
        scenario,
      ),
    ),
    objectives.length === 0
      ? []
      : [
          "Objectives",
          ...objectives.map((one) => `  ${one.title}: met in ${one.met} of ${replications}`),
        ],
    [
      ...(report.holds ? [] : ["THE BOOKS OF A REPLICATION DO NOT BALANCE."]),
      `Means over the replications, ± half of their 95 % intervals. Seed ${report.seed}.`,
    ],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function rowsOf(
  figures: readonly ReplicatedFigure[],
  heading: string,
  scenario: Scenario,
): readonly string[] {
  const ids = [...new Set(figures.map(({ id }) => id))];
  const measures = Object.entries(columns).filter(([measure]) =>
    figures.some((figure) => figure.measure === measure && figure.max > 0),
  );
  if (ids.length === 0 || measures.length === 0) return [];
  const rows = ids.map((id) => [
    flowName(scenario, id),
    ...measures.map(([measure]) =>
      figureText(figures.find((figure) => figure.id === id && figure.measure === measure)),
    ),
  ]);
  return [heading, ...table(["", ...measures.map(([, title]) => title)], rows)];
}

/** Flows are called by their connection and their end. */
function flowName(scenario: Scenario, id: string): string {
  return id
    .split("→")
    .map((part) => nameOf(scenario, part))
    .join(" → ");
}

function figureText(figure: ReplicatedFigure | undefined): string {
  if (figure === undefined) return "–";
  const { measure, mean, halfWidth } = figure;
  if (mean === 0) return "";
  const text = (value: number): string =>
    measure.startsWith("latency.")
      ? formatDurationMs(value)
      : measure === "utilisation"
        ? `${formatNumber(value * 100)} %`
        : `${formatNumber(value)}${measure === "throughput" ? "/s" : ""}`;
  return `${text(mean)} ± ${text(halfWidth)}`;
}
