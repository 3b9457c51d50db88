// The report in words: what was lost, what failed, whether it drained, whether the books balance.

import { formatDurationMs } from "../../base/units.ts";
import type { Report } from "../../model/report.ts";

/** One headline: a figure with what it means. */
export interface Headline {
  readonly label: string;
  readonly value: string;
  readonly tone: "good" | "bad" | "plain";
}

/** The sum of counters by reason. */
export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** "0", "12 timeout", or "12: 8 timeout, 4 refused". */
export function reasonsText(counts: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(counts).filter(([, count]) => count > 0);
  const total = sumOf(counts).toLocaleString("en-US");
  if (reasons.length <= 1) return [total, ...reasons.map(([reason]) => reason)].join(" ");
  return `${total}: ${reasons.map(([reason, count]) => `${count} ${reason}`).join(", ")}`;
}

/** A duration of a report; a dash where nothing was observed. */
export function durationText(durationMs: number | null): string {
  return durationMs === null ? "–" : formatDurationMs(Number(durationMs.toPrecision(3)));
}

const count = (value: number): string => value.toLocaleString("en-US");

/** The figures that answer the first questions. */
export function headlines(report: Report): readonly Headline[] {
  const { publications, copies, calls, holds } = report.conservation;
  const lost = publications.lost + publications.unroutable + copies.expired + copies.dropped;
  const left = copies.waiting + copies.inFlight + publications.pending + calls.pending;
  const bad = (value: number): Headline["tone"] => (value === 0 ? "good" : "bad");
  return [
    { label: "Messages lost", value: count(lost), tone: bad(lost) },
    {
      label: "Events refused",
      value: count(publications.refused),
      tone: bad(publications.refused),
    },
    requestsFailed(report),
    { label: "Dead letters", value: count(copies.deadLettered), tone: bad(copies.deadLettered) },
    {
      label: "Still waiting",
      value: left === 0 ? "drained" : count(left),
      tone: left === 0 ? "good" : "plain",
    },
    { label: "Books", value: holds ? "balance ✓" : "do not balance", tone: holds ? "good" : "bad" },
  ];
}

/** What the outside was told: requests of producers. A call that one of them causes between services fails with it and
 *  is not counted again. Where no producer asks for anything, the calls between services are all there is. */
function requestsFailed(report: Report): Headline {
  const requests = entryCalls(report);
  const { calls } = report.conservation;
  const isAsked = requests.length > 0;
  const failed = isAsked
    ? requests.reduce((sum, call) => sum + sumOf(call.failed), 0)
    : calls.failed;
  const asked = isAsked ? requests.reduce((sum, call) => sum + call.calls, 0) : calls.called;
  return {
    label: isAsked ? "Requests failed" : "Calls failed",
    value: asked === 0 ? "0" : `${count(failed)} of ${count(asked)}`,
    tone: failed === 0 ? "good" : "bad",
  };
}

/** The calls of producers. */
function entryCalls(report: Report): Report["calls"] {
  const producers = new Set(
    report.nodes.filter((node) => node.kind === "producer").map((node) => node.id),
  );
  return report.calls.filter((call) => producers.has(call.from));
}

/** What became of the requests of a producer over one of its ways: the comparison of two designs. */
export interface Way {
  readonly id: string;
  readonly name: string;
  readonly asked: number;
  readonly failed: number;
  readonly p99: string;
}

/** The ways into the system: calls of producers. */
export function ways(report: Report, nameOfElement: (id: string) => string): readonly Way[] {
  return entryCalls(report).map((call) => ({
    id: call.id,
    name: `${nameOfElement(call.from)} → ${nameOfElement(call.to)}`,
    asked: call.calls,
    failed: sumOf(call.failed),
    p99: durationText(call.latency.p99),
  }));
}

/** The accounts, each with all its terms: the left side equals the right one. */
export function accounts(report: Report): readonly string[] {
  const { publications, copies, calls } = report.conservation;
  const sum = (terms: Readonly<Record<string, number>>): string =>
    Object.entries(terms)
      .map(([name, value]) => `${count(value)} ${name}`)
      .join(" + ");
  return [
    `${count(publications.published)} published = ${sum({
      confirmed: publications.confirmed,
      refused: publications.refused,
      pending: publications.pending,
    })}`,
    `${count(copies.routed)} routed = ${sum({
      acknowledged: copies.acknowledged,
      waiting: copies.waiting,
      "in flight": copies.inFlight,
      "dead-lettered": copies.deadLettered,
      expired: copies.expired,
      dropped: copies.dropped,
    })}`,
    `${count(calls.called)} called = ${sum({
      succeeded: calls.succeeded,
      failed: calls.failed,
      pending: calls.pending,
    })}`,
  ];
}
