// The tables of the report: which columns they have and what stands in them. Every number stands with its unit.

import { formatNumber } from "../../base/units.ts";
import { nameOf } from "../../model/elements.ts";
import type {
  Certainty,
  Figures,
  Interval,
  LatencyFigures,
  NodeReport,
  Report,
  TheoryFigure,
} from "../../model/report.ts";
import { isNodeKind, nodeKinds } from "../../nodes/index.ts";
import type { Scenario } from "../../model/scenario.ts";
import { consistencyTables } from "./consistencyTables.ts";
import { durationText, reasonsText, sumOf } from "./reportWords.ts";

/** A cell: a text, whether it is bad news, and what stands behind it. */
export interface Cell {
  readonly text: string;
  readonly tip?: string;
  readonly isBad?: boolean;
}

/** A table of the report. The first column names the row. */
export interface ReportTable {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    /** Element that the row is about; where it is absent, the id is its. */
    readonly of?: string;
    readonly cells: readonly Cell[];
  }[];
}

const plain = (text: string): Cell => ({ text });
const number = (value: number): Cell => ({ text: Math.round(value).toLocaleString("en-US") });
const perS = (value: number): Cell => ({ text: `${formatNumber(value)}/s` });
const duration = (value: number | null): Cell => ({ text: durationText(value) });
/** A mean with half of its interval; the tip says what it rests on. */
const mean = ({ count, mean: value, meanCertainty }: LatencyFigures): Cell => ({
  text:
    meanCertainty.halfWidth === null
      ? durationText(value)
      : `${durationText(value)} ± ${durationText(meanCertainty.halfWidth)}`,
  tip: `${count.toLocaleString("en-US")} ${count === 1 ? "observation" : "observations"}. ${meanCertainty.sentence}`,
});

/** A percentile; the tip says between which values it lies. */
const percentile = (value: number | null, interval: Interval | null): Cell => ({
  text: durationText(value),
  tip:
    interval === null
      ? "Too few observations beyond it to tell how sure it is."
      : `95 % interval ${durationText(interval[0])} to ${durationText(interval[1])}, and 0.4 % for reading it off the histogram.`,
});
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
    mechanismTable(report),
    channelTable(report),
    subscriptionTable(report, name),
    bridgeTable(report, name),
    ...consistencyTables(report, name),
    versionTable(report, name),
    theoryTable(report, name),
  ].filter((table) => table.rows.length > 0);
}

/** Only events with several versions; failed means refused by the registry, or not readable at the first attempt. */
function versionTable(report: Report, name: (id: string) => string): ReportTable {
  return {
    id: "versions",
    title: "Versions of events",
    columns: ["Connection", "Event", "Version", "Written", "Refused", "Read", "Unreadable"],
    rows: report.versions.map((row) => {
      const isWritten = row.does === "writes";
      const failed = { ...number(row.failed), isBad: row.failed > 0 };
      const passed = number(row.messages - row.failed);
      const cells = isWritten
        ? [passed, failed, plain(""), plain("")]
        : [plain(""), plain(""), passed, failed];
      return {
        id: `${row.connection} ${row.does} ${row.contract} ${row.contractVersion}`,
        of: row.connection,
        cells: [
          plain(name(row.connection)),
          plain(name(row.contract)),
          plain(row.contractVersion),
          ...cells,
        ],
      };
    }),
  };
}

/** Calls first: next to the flows they show what synchronous and event-driven ways made of the same load. */
function callTable(report: Report, name: (id: string) => string): ReportTable {
  const hasHedges = report.calls.some(({ hedges }) => hedges > 0);
  const hasFallbacks = report.calls.some(({ degraded }) => sumOf(degraded) > 0);
  return {
    id: "calls",
    title: "Calls (synchronous)",
    columns: [
      "Call",
      "Calls",
      "Succeeded",
      "Failed",
      "Pending",
      ...(hasFallbacks ? ["By fallback"] : []),
      ...(hasHedges ? ["Hedges", "won"] : []),
      "Mean",
      "p50",
      "p99",
    ],
    rows: report.calls.map((call) => ({
      id: call.id,
      cells: [
        plain(`${name(call.from)} → ${name(call.to)}`),
        number(call.calls),
        number(call.succeeded),
        reasons(call.failed),
        number(call.pending),
        ...(hasFallbacks ? [reasons(call.degraded)] : []),
        ...(hasHedges ? [number(call.hedges), number(call.hedgesWon)] : []),
        mean(call.latency),
        percentile(call.latency.p50, call.latency.p50Interval),
        percentile(call.latency.p99, call.latency.p99Interval),
      ],
    })),
  };
}

function flowTable(report: Report, name: (id: string) => string): ReportTable {
  return {
    id: "flows",
    title: "Flows (end to end)",
    columns: ["From → to", "Completed", "Per second", "Mean", "p50", "p95", "p99", "Longest"],
    rows: report.flows.map((flow) => ({
      id: flow.id,
      cells: [
        plain(`${name(flow.entry)} … ${name(flow.end)}`),
        number(flow.completed),
        perS(flow.throughput),
        mean(flow.latency),
        percentile(flow.latency.p50, flow.latency.p50Interval),
        percentile(flow.latency.p95, flow.latency.p95Interval),
        percentile(flow.latency.p99, flow.latency.p99Interval),
        duration(flow.latency.max),
      ],
    })),
  };
}

/** Mean share of busy workers. */
function busy({ utilisation, utilisationCertainty }: Figures, report: Report): Cell {
  const half = utilisationCertainty.halfWidth;
  const share = `${formatNumber(utilisation * 100)} %`;
  return {
    text: half === null ? share : `${share} ± ${formatNumber(half * 100)}`,
    tip: overTime(report, utilisationCertainty),
  };
}

/** Mean number waiting or in service. */
function inside({ meanInSystem, meanInSystemCertainty }: Figures, report: Report): Cell {
  const half = meanInSystemCertainty.halfWidth;
  const number = formatNumber(meanInSystem);
  return {
    text: half === null ? number : `${number} ± ${formatNumber(half)}`,
    tip: overTime(report, meanInSystemCertainty),
  };
}

function overTime({ measuredSeconds }: Report, { sentence }: Certainty): string {
  return `Mean over ${formatNumber(measuredSeconds)} s. ${sentence}`;
}

function nodeTable(report: Report): ReportTable {
  const works = ({ kind }: NodeReport): boolean => isNodeKind(kind) && nodeKinds[kind].works;
  return {
    id: "nodes",
    title: "Nodes",
    columns: ["Node", "Handled", "Failed", "Per second", "Busy", "Inside", "Mean", "p50", "p99"],
    rows: report.nodes
      .filter((node) => node.kind !== "broker")
      .map((node) => ({
        id: node.id,
        cells: [
          plain(node.name),
          number(node.kind === "store" ? node.writes : node.handled),
          reasons(node.failed),
          perS(node.throughput),
          works(node) ? busy(node, report) : plain(""),
          works(node) ? inside(node, report) : plain(""),
          mean(node.latency),
          percentile(node.latency.p50, node.latency.p50Interval),
          percentile(node.latency.p99, node.latency.p99Interval),
        ],
      })),
  };
}

/** What mechanisms of nodes did beside handling: hits of a cache, refusals by a limit, late events. */
function mechanismTable(report: Report): ReportTable {
  return {
    id: "mechanisms",
    title: "What nodes did beside",
    columns: ["Node", "What", "How often"],
    rows: report.nodes.flatMap(({ id, name, counts }) =>
      Object.entries(counts).map(([what, times]) => ({
        id: `${id} ${what}`,
        of: id,
        cells: [plain(name), plain(what), number(times)],
      })),
    ),
  };
}

const theoryColumns = {
  utilisation: "Busy",
  meanInSystem: "Inside",
  "latency.mean": "Mean",
  "latency.p95": "p95",
  lossRatio: "Turned away",
} as const satisfies Readonly<Record<TheoryFigure["measure"], string>>;

/** What formulas say, and behind the bar what was simulated. */
function theoryTable({ theory }: Report, name: (id: string) => string): ReportTable {
  const shown = theory.filter(({ model }) => model !== null);
  const measures = Object.keys(theoryColumns).filter((measure) =>
    shown.some(({ figures }) => figures.some((figure) => figure.measure === measure)),
  );
  return {
    id: "theory",
    title: "Theory | simulated",
    columns: [
      "Service",
      "Queue",
      ...Object.entries(theoryColumns).flatMap(([measure, title]) =>
        measures.includes(measure) ? [title] : [],
      ),
      "Agree",
    ],
    rows: shown.map(({ id, model, figures, agrees, stable, sentence }) => ({
      id,
      cells: [
        plain(name(id)),
        { text: model ?? "", tip: sentence },
        ...measures.map((measure) =>
          theoryCell(figures.find((figure) => figure.measure === measure)),
        ),
        {
          text: stable ? (agrees === null ? "?" : agrees ? "yes" : "no") : "overloaded",
          tip: sentence,
          isBad: !stable || agrees === false,
        },
      ],
    })),
  };
}

function theoryCell(figure: TheoryFigure | undefined): Cell {
  if (figure === undefined) return plain("");
  const { theory, simulated, halfWidth, agrees } = figure;
  const half = halfWidth === null ? "" : ` ± ${theoryText(figure, halfWidth)}`;
  return {
    text: `${theoryText(figure, theory)} | ${simulated === null ? "–" : theoryText(figure, simulated)}`,
    tip:
      simulated === null
        ? "Not simulated in these terms."
        : `Simulated ${theoryText(figure, simulated)}${half}`,
    isBad: agrees === false,
  };
}

function theoryText({ measure }: TheoryFigure, value: number): string {
  if (measure === "meanInSystem") return formatNumber(value);
  return measure.startsWith("latency.") ? durationText(value) : `${formatNumber(value * 100)} %`;
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
    percentile(figures.latency.p99, figures.latency.p99Interval),
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

function bridgeTable(report: Report, name: (id: string) => string): ReportTable {
  return {
    id: "bridges",
    title: "Bridges",
    columns: ["Bridge", "Passed on", "Failed", ...waitingColumns],
    rows: report.bridges.map((bridge) => ({
      id: bridge.id,
      cells: [
        plain(`${name(bridge.from)} → ${name(bridge.to)}`),
        number(bridge.handled),
        number(Object.values(bridge.failed).reduce((sum, count) => sum + count, 0)),
        ...waitingCells(bridge),
      ],
    })),
  };
}

function subscriptionTable(report: Report, name: (id: string) => string): ReportTable {
  const hasPauses = report.subscriptions.some((one) => one.unreadSeconds !== undefined);
  return {
    id: "subscriptions",
    title: "Subscriptions",
    columns: [
      "Subscription",
      "Delivered",
      ...waitingColumns,
      ...(hasPauses ? ["Partitions without reader"] : []),
    ],
    rows: report.subscriptions.map((subscription) => ({
      id: subscription.id,
      cells: [
        plain(`${name(subscription.channel)} → ${name(subscription.consumer)}`),
        number(subscription.delivered),
        ...waitingCells(subscription),
        ...(hasPauses ? [duration(1000 * (subscription.unreadSeconds ?? 0))] : []),
      ],
    })),
  };
}
