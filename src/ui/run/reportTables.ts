// The tables of the report: which columns they have and what stands in them. Every number stands with its unit.

import { formatNumber } from "../../base/units.ts";
import { nameOf } from "../../model/elements.ts";
import type { Figures, Report } from "../../model/report.ts";
import type { Scenario } from "../../model/scenario.ts";
import { durationText, reasonsText, sumOf } from "./reportWords.ts";

/** A cell: a text, and whether it is bad news. */
export interface Cell {
  readonly text: string;
  readonly isBad?: boolean;
}

/** A table of the report. The first column names the row. */
export interface ReportTable {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly Cell[] }[];
}

const plain = (text: string): Cell => ({ text });
const number = (value: number): Cell => ({ text: Math.round(value).toLocaleString("en-US") });
const perS = (value: number): Cell => ({ text: `${formatNumber(value)}/s` });
const percent = (value: number): Cell => ({ text: `${formatNumber(value * 100)} %` });
const duration = (value: number | null): Cell => ({ text: durationText(value) });
const reasons = (counts: Readonly<Record<string, number>>): Cell => ({
  text: reasonsText(counts),
  isBad: sumOf(counts) > 0,
});

/** All tables of a report that have rows. */
export function reportTables(report: Report, scenario: Scenario): readonly ReportTable[] {
  const name = (id: string): string => nameOf(scenario, id);
  return [
    callTable(report, name),
    flowTable(report, name),
    nodeTable(report),
    channelTable(report),
    subscriptionTable(report, name),
  ].filter((table) => table.rows.length > 0);
}

/** Calls first: next to the flows they show what synchronous and event-driven ways made of the same load. */
function callTable(report: Report, name: (id: string) => string): ReportTable {
  return {
    id: "calls",
    title: "Calls (synchronous)",
    columns: ["Call", "Calls", "Succeeded", "Failed", "Pending", "p50", "p99"],
    rows: report.calls.map((call) => ({
      id: call.id,
      cells: [
        plain(`${name(call.from)} → ${name(call.to)}`),
        number(call.calls),
        number(call.succeeded),
        reasons(call.failed),
        number(call.pending),
        duration(call.latency.p50),
        duration(call.latency.p99),
      ],
    })),
  };
}

function flowTable(report: Report, name: (id: string) => string): ReportTable {
  return {
    id: "flows",
    title: "Flows (end to end)",
    columns: ["From → to", "Completed", "Per second", "p50", "p95", "p99", "Longest"],
    rows: report.flows.map((flow) => ({
      id: flow.id,
      cells: [
        plain(`${name(flow.entry)} … ${name(flow.end)}`),
        number(flow.completed),
        perS(flow.throughput),
        duration(flow.latency.p50),
        duration(flow.latency.p95),
        duration(flow.latency.p99),
        duration(flow.latency.max),
      ],
    })),
  };
}

function nodeTable(report: Report): ReportTable {
  return {
    id: "nodes",
    title: "Nodes",
    columns: ["Node", "Handled", "Failed", "Per second", "Busy", "p50", "p99"],
    rows: report.nodes
      .filter((node) => node.kind !== "broker")
      .map((node) => ({
        id: node.id,
        cells: [
          plain(node.name),
          number(node.kind === "store" ? node.writes : node.handled),
          reasons(node.failed),
          perS(node.throughput),
          node.kind === "service" ? percent(node.utilisation) : plain(""),
          duration(node.latency.p50),
          duration(node.latency.p99),
        ],
      })),
  };
}

const waitingColumns = ["Acknowledged", "Redelivered", "Dead letters", "Dropped", "Waiting", "p99"];

function waitingCells(figures: Figures): readonly Cell[] {
  return [
    number(figures.acknowledged),
    number(figures.redelivered),
    { ...number(figures.deadLettered), isBad: figures.deadLettered > 0 },
    reasons(
      figures.expired > 0 ? { ...figures.dropped, expired: figures.expired } : figures.dropped,
    ),
    number(figures.backlog + figures.inFlight),
    duration(figures.latency.p99),
  ];
}

function channelTable(report: Report): ReportTable {
  return {
    id: "channels",
    title: "Channels",
    columns: ["Channel", "Published", ...waitingColumns],
    rows: report.channels.map((channel) => ({
      id: channel.id,
      cells: [plain(channel.name), number(channel.published), ...waitingCells(channel)],
    })),
  };
}

function subscriptionTable(report: Report, name: (id: string) => string): ReportTable {
  return {
    id: "subscriptions",
    title: "Subscriptions",
    columns: ["Subscription", "Delivered", ...waitingColumns],
    rows: report.subscriptions.map((subscription) => ({
      id: subscription.id,
      cells: [
        plain(`${name(subscription.channel)} → ${name(subscription.consumer)}`),
        number(subscription.delivered),
        ...waitingCells(subscription),
      ],
    })),
  };
}
