// The report of a run for a person at a terminal: first what matters, then tables, last why it ended.

import type { Breach } from "../model/objectiveState.ts";
import type { Advice } from "../model/advice/advice.ts";
import { formatDurationMs, formatNumber } from "../base/units.ts";
import type {
  BridgeReport,
  CallReport,
  ChannelReport,
  ConservationReport,
  FlowReport,
  LatencyFigures,
  NodeReport,
  Note,
  ObjectiveReport,
  Report,
  SubscriptionReport,
  TheoryFigure,
  TheoryReport,
  VersionReport,
} from "../model/report.ts";
import {
  anomalyRows,
  outboxRows,
  replicaRows,
  storeRows,
  subscriptionRows as followingRows,
  waitingReadRows,
} from "./consistencyText.ts";
import { table } from "./table.ts";

/** The whole report with its advice, ending with a line break. */
export function describeReport(report: Report, advice: readonly Advice[]): string {
  const parts = [
    headline(report),
    section("Nodes", nodeRows(report.nodes)),
    section("What nodes did beside", mechanismRows(report.nodes)),
    section("Channels", channelRows(report.channels)),
    section("Subscriptions", subscriptionRows(report)),
    section("Bridges", bridgeRows(report)),
    section("Calls", callRows(report)),
    section("Outboxes", outboxRows(report)),
    section("Stores with versions", storeRows(report)),
    section("Replicas", replicaRows(report)),
    section("Subscriptions to events", followingRows(report)),
    section("Reads that wait for own writes", waitingReadRows(report)),
    section("Versions of events", versionRows(report.versions)),
    section("Flows", flowRows(report)),
    section("Theory", theoryRows(report.theory)),
    section("Objectives", objectiveRows(report.objectives)),
    section("Books", books(report.conservation)),
    section("Anomalies", anomalyRows(report.consistency.anomalies)),
    section("What happened", noteRows(report.notes)),
    section(
      "Advice",
      advice.map(({ risk, why, remedy }) => `  ${risk} ${why} ${remedy}.`),
    ),
    ending(report),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** Most notes that a terminal shows; the JSON report has more. */
const notesMax = 20;

function noteRows(notes: readonly Note[]): readonly string[] {
  const rows = notes
    .slice(0, notesMax)
    .map(({ t, sentence }) => `  ${formatDurationMs(t * 1000)}: ${sentence}`);
  const hidden = notes.length - rows.length;
  return hidden <= 0 ? rows : [...rows, `  … and ${hidden} more; --json has them.`];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function headline(report: Report): readonly string[] {
  const { objectives, conservation, simulatedSeconds, wallSeconds, events, warmUpSeconds } = report;
  const missed = objectives.filter(({ met }) => !met).length;
  const { publications, copies, calls } = conservation;
  const facts = [
    publications.published > 0 ? `${count(publications.published)} published` : "",
    copies.routed > 0 ? `${count(copies.acknowledged)} acknowledged` : "",
    copies.deadLettered > 0 ? `${count(copies.deadLettered)} dead-lettered` : "",
    copies.waiting + copies.inFlight > 0 ? `${count(copies.waiting + copies.inFlight)} left` : "",
    calls.called > 0 ? `${count(calls.succeeded)} of ${count(calls.called)} calls answered` : "",
  ].filter((fact) => fact !== "");
  const verdict =
    objectives.length === 0
      ? ""
      : missed === 0
        ? ` All ${objectives.length} objectives met.`
        : ` ${missed} of ${objectives.length} objectives missed.`;
  return [
    report.title === "" ? report.scenario : report.title,
    `${formatDurationMs(simulatedSeconds * 1000)} simulated in ${formatDurationMs(wallSeconds * 1000)}, ${count(events)} events.`,
    ...(warmUpSeconds > 0
      ? [
          `Latencies, rates and means leave out a warm-up of ${formatDurationMs(warmUpSeconds * 1000)}.`,
        ]
      : []),
    `${facts.length === 0 ? "No messages" : facts.join(", ")}.${verdict}`,
  ];
}

function versionRows(versions: readonly VersionReport[]): readonly string[] {
  const head = ["", "event", "version", "written", "refused", "read", "unreadable"];
  const rows = versions.map(({ connection, contract, contractVersion, does, messages, failed }) => {
    const counts = [count(messages - failed), count(failed)];
    const cells = does === "writes" ? [...counts, "", ""] : ["", "", ...counts];
    return [connection, contract, contractVersion, ...cells];
  });
  return table(head, rows);
}

function nodeRows(nodes: readonly NodeReport[]): readonly string[] {
  const rows = nodes.map((node) => [
    node.name,
    node.kind,
    count(node.handled),
    perSecond(node.throughput),
    reasons(node.failed),
    percent(node.utilisation),
    count(node.writes),
    ...latency(node.latency),
  ]);
  const head = ["", "kind", "handled", "rate", "failed", "busy", "writes", ...latencyHead];
  return table(head, rows);
}

function mechanismRows(nodes: readonly NodeReport[]): readonly string[] {
  const rows = nodes.flatMap(({ name, counts }) =>
    Object.entries(counts).map(([what, times]) => [name, what, count(times)]),
  );
  return table(["", "what", "how often"], rows);
}

function channelRows(channels: readonly ChannelReport[]): readonly string[] {
  const head = ["", "kind", "published", "delivered", "acknowledged", "redelivered"];
  const rest = ["dead letters", "expired", "dropped", "refused", "backlog", ...latencyHead];
  const rows = channels.map((channel) => [
    channel.name,
    channel.kind,
    count(channel.published),
    count(channel.delivered),
    count(channel.acknowledged),
    count(channel.redelivered),
    count(channel.deadLettered),
    count(channel.expired),
    reasons(channel.dropped),
    reasons(channel.refused),
    count(channel.backlog),
    ...latency(channel.latency),
  ]);
  return table([...head, ...rest], rows);
}

function subscriptionRows(report: Report): readonly string[] {
  const head = ["", "delivered", "acknowledged", "redelivered", "dead letters"];
  const rest = ["dropped", "backlog", "in flight", "lag", ...latencyHead];
  const hasPauses = report.subscriptions.some((one) => one.unreadSeconds !== undefined);
  const rows = report.subscriptions.map((one: SubscriptionReport) => [
    `${named(report, one.channel)} → ${named(report, one.consumer)}`,
    count(one.delivered),
    count(one.acknowledged),
    count(one.redelivered),
    count(one.deadLettered),
    reasons(one.dropped),
    count(one.backlog),
    count(one.inFlight),
    one.lagSeconds > 0 ? formatDurationMs(one.lagSeconds * 1000) : "",
    ...latency(one.latency),
    ...(hasPauses ? [pause(one)] : []),
  ]);
  return table([...head, ...rest, ...(hasPauses ? ["partitions without reader"] : [])], rows);
}

/** Partition-time in which nobody read. */
function pause({ unreadSeconds = 0 }: SubscriptionReport): string {
  return unreadSeconds > 0 ? formatDurationMs(unreadSeconds * 1000) : "";
}

function bridgeRows(report: Report): readonly string[] {
  const head = ["", "passed on", "failed", "redelivered", "stopped", "backlog", "in flight", "lag"];
  const rows = report.bridges.map((one: BridgeReport) => [
    `${named(report, one.from)} ⇒ ${named(report, one.to)}`,
    count(one.handled),
    reasons(one.failed),
    count(one.redelivered),
    count(one.stopped),
    count(one.backlog),
    count(one.inFlight),
    one.lagSeconds > 0 ? formatDurationMs(one.lagSeconds * 1000) : "",
    ...latency(one.latency),
  ]);
  return table([...head, ...latencyHead], rows);
}

function callRows(report: Report): readonly string[] {
  const hasHedges = report.calls.some(({ hedges }) => hedges > 0);
  const hasFallbacks = report.calls.some(({ degraded }) => Object.keys(degraded).length > 0);
  const head = [
    "",
    "calls",
    "attempts",
    "succeeded",
    "failed",
    "pending",
    ...(hasFallbacks ? ["by fallback"] : []),
    ...(hasHedges ? ["hedges", "won"] : []),
    ...latencyHead,
  ];
  const rows = report.calls.map((call: CallReport) => [
    `${named(report, call.from)} → ${named(report, call.to)}`,
    count(call.calls),
    count(call.attempts),
    count(call.succeeded),
    reasons(call.failed),
    count(call.pending),
    ...(hasFallbacks ? [reasons(call.degraded)] : []),
    ...(hasHedges ? [count(call.hedges), count(call.hedgesWon)] : []),
    ...latency(call.latency),
  ]);
  return table(head, rows);
}

function flowRows(report: Report): readonly string[] {
  const rows = report.flows.map((flow: FlowReport) => [
    `${flow.entry} → ${named(report, flow.end)}`,
    count(flow.completed),
    perSecond(flow.throughput),
    ...latency(flow.latency),
  ]);
  return table(["", "completed", "rate", ...latencyHead], rows);
}

/** What formulas say beside what was simulated, and why they differ where they do. */
function theoryRows(theory: readonly TheoryReport[]): readonly string[] {
  return theory
    .filter(({ model, stable }) => model !== null || !stable)
    .flatMap(({ sentence, figures }) => [
      `  ${sentence}`,
      ...figures.map(
        (figure) =>
          `    ${figure.measure}: ${theoryValue(figure, figure.theory)}, simulated ${figure.simulated === null ? "–" : theoryValue(figure, figure.simulated)}${figure.halfWidth === null ? "" : ` ± ${theoryValue(figure, figure.halfWidth)}`}`,
      ),
    ]);
}

function theoryValue({ measure }: TheoryFigure, value: number): string {
  if (measure === "utilisation" || measure === "lossRatio") return `${formatNumber(value * 100)} %`;
  return measure === "meanInSystem" ? formatNumber(value) : formatDurationMs(value);
}

function objectiveRows(objectives: readonly ObjectiveReport[]): readonly string[] {
  return objectives.flatMap(
    ({ met, title, id, of, measure, is, target, actual, breaches = [] }) => {
      const measured = actual === null ? "nothing was measured" : formatNumber(actual);
      const wanted = `${of} ${measure} ${is} ${formatNumber(target)}`;
      const verdict = `  ${met ? "met   " : "MISSED"}  ${title === "" ? id : title}: ${wanted}, measured ${measured}`;
      const shown = breaches.slice(0, breachesShown).map((one) => `          ${breachText(one)}`);
      const more = breaches.length - shown.length;
      return [verdict, ...shown, ...(more > 0 ? [`          and ${more} more times`] : [])];
    },
  );
}

/** Stretches that are written out of each objective. */
const breachesShown = 3;

/** "not met from 20.4 s to 31 s, with 12 at first. Crash Payment (since 20 s)." */
function breachText({ fromS, toS, actual, cause }: Breach): string {
  const until = toS === null ? "on" : `to ${formatDurationMs(toS * 1000)}`;
  return `not met from ${formatDurationMs(fromS * 1000)} ${until}, with ${formatNumber(actual)} at first. ${cause}`;
}

function books(conservation: ConservationReport): readonly string[] {
  const { publications, copies, calls, holds, violations } = conservation;
  const lines = [
    sum("published", publications.published, [
      ["confirmed", publications.confirmed],
      ["refused", publications.refused],
      ["pending", publications.pending],
    ]),
    sum("routed", copies.routed, [
      ["acknowledged", copies.acknowledged],
      ["waiting", copies.waiting],
      ["in flight", copies.inFlight],
      ["dead-lettered", copies.deadLettered],
      ["expired", copies.expired],
      ["dropped", copies.dropped],
    ]),
    sum("called", calls.called, [
      ["succeeded", calls.succeeded],
      ["failed", calls.failed],
      ["pending", calls.pending],
    ]),
    publications.unroutable > 0 ? `  ${count(publications.unroutable)} unroutable` : "",
    publications.lost > 0 ? `  ${count(publications.lost)} lost without confirmation` : "",
    ...(holds ? [] : ["  THE BOOKS DO NOT BALANCE:", ...violations.map((one) => `  ${one}`)]),
  ];
  return lines.filter((line) => line !== "");
}

function sum(name: string, total: number, parts: readonly (readonly [string, number])[]): string {
  if (total === 0) return "";
  const shown = parts.filter(([, value]) => value > 0);
  return `  ${count(total)} ${name} = ${shown.map(([part, value]) => `${count(value)} ${part}`).join(" + ")}`;
}

function ending({ ended, seed, stateHash }: Report): readonly string[] {
  return [
    ended.sentence,
    "± is half of the 95 % interval of a mean; --json says what each rests on.",
    `Seed ${seed}, state ${stateHash}.`,
  ];
}

function named(report: Report, id: string): string {
  const places: readonly { readonly id: string; readonly name: string }[] = [
    ...report.nodes,
    ...report.channels,
  ];
  return places.find((place) => place.id === id)?.name ?? id;
}

const latencyHead = ["mean", "p50", "p95", "p99"];

function latency(figures: LatencyFigures): readonly string[] {
  const { mean, p50, p95, p99, meanCertainty } = figures;
  const half = meanCertainty.halfWidth;
  const [first = "", ...others] = [mean, p50, p95, p99].map((value) =>
    value === null ? "–" : formatDurationMs(value),
  );
  return [half === null ? first : `${first} ± ${formatDurationMs(half)}`, ...others];
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function perSecond(value: number): string {
  return value === 0 ? "" : `${formatNumber(value)}/s`;
}

function percent(value: number): string {
  return value === 0 ? "" : `${formatNumber(value * 100)} %`;
}

function reasons(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, value]) => value > 0)
    .map(([reason, value]) => `${count(value)} ${reason}`)
    .join(", ");
}
