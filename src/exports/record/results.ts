// The results of a run in a design record: how it ended, the books, and the figures of services and channels.

import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { nameOf } from "../../model/elements.ts";
import type { LatencyFigures, Report } from "../../model/report.ts";
import type { Scenario } from "../../model/scenario.ts";
import { plain, table } from "./markdown.ts";

/** The section on the results of a run. */
export function resultSection(scenario: Scenario, report: Report): readonly string[] {
  const { publications, copies, calls, holds } = report.conservation;
  const seconds = formatDurationMs(report.simulatedSeconds * 1000);
  const services = report.nodes.filter(({ kind }) => kind === "service");
  const books = [
    ["Published", publications.published],
    ["Refused", publications.refused],
    ["Lost or without a queue", publications.lost + publications.unroutable],
    ["Dead-lettered", copies.deadLettered],
    ["Expired or dropped", copies.expired + copies.dropped],
    ["Still waiting", copies.waiting + copies.inFlight],
    ["Calls", calls.called],
    ["Calls failed", calls.failed],
  ] as const;
  const parts = [
    table(
      ["Service", "Handled", "Failed", "Busy", "p50", "p99"],
      services.map(({ id, handled, failed, utilisation, latency }) => [
        plain(nameOf(scenario, id)),
        formatNumber(handled),
        formatNumber(sum(failed)),
        `${(utilisation * 100).toFixed(0)} %`,
        ...times(latency),
      ]),
    ),
    table(
      ["Channel", "Published", "Waiting at the end", "p50", "p99"],
      report.channels.map(({ id, published, backlog, latency }) => [
        plain(nameOf(scenario, id)),
        formatNumber(published),
        formatNumber(backlog),
        ...times(latency),
      ]),
    ),
    table(
      ["Books", "Number"],
      books.map(([name, value]) => [name, formatNumber(value)]),
    ),
  ];
  const balance = holds ? "The books balance." : "**The books do not balance.**";
  return [
    "## Results of the last run",
    "",
    `${seconds} simulated with seed ${report.seed}: ${plain(report.ended.sentence)} ${balance} Hash of the state: \`${report.stateHash}\`.`,
    ...parts.filter((lines) => lines.length > 0).flatMap((lines) => ["", ...lines]),
  ];
}

function times({ p50, p99 }: LatencyFigures): readonly string[] {
  return [p50, p99].map((value) =>
    value === null ? "" : formatDurationMs(Number(value.toPrecision(3))),
  );
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
