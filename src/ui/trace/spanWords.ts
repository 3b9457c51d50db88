// Spans in words: what a row says, and what a screen reader reads out.

import { formatDurationMs } from "../../base/units.ts";
import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { type Span, waitingKinds } from "../../model/span.ts";

const kindWords: Readonly<Record<Span["kind"], string>> = {
  publish: "publishes",
  wait: "waits in",
  delivery: "with",
  queue: "waits for a worker of",
  work: "works",
  "back-off": "back-off at",
  read: "reads",
  write: "writes",
  call: "calls",
};

/** What happens in a span, without times. */
export function spanTitle(span: Span, scenario: Scenario): string {
  const place = nameOf(scenario, span.place);
  const peer = span.peer === undefined ? "" : nameOf(scenario, span.peer);
  const what = span.contract === undefined ? "" : nameOf(scenario, span.contract);
  const again = span.attempt === undefined || span.attempt < 2 ? "" : `, attempt ${span.attempt}`;
  switch (span.kind) {
    case "publish":
      return `${place} publishes ${what} to ${peer}`;
    case "call":
      return `${place} calls ${peer}${again}`;
    case "delivery":
      return `${what} delivered to ${place}${again}`;
    case "work":
      return `${place} works${again}`;
    case "read":
    case "write":
      return `${peer} ${kindWords[span.kind]} ${place}`;
    default:
      return `${kindWords[span.kind]} ${place}`;
  }
}

/** A duration for people; spans are often shorter than a millisecond. */
export function spanDuration(ns: number): string {
  if (ns === 0) return "0";
  return ns < 1e6 ? `${Number((ns / 1e3).toPrecision(3))} µs` : formatDurationMs(ns / 1e6);
}

/** The whole sentence for a span, with its times relative to the beginning of the trace [ns]. */
export function spanSentence(span: Span, startNs: number, scenario: Scenario): string {
  const from = spanDuration(span.startNs - startNs);
  const took =
    span.endNs === undefined ? "not over yet" : `takes ${spanDuration(span.endNs - span.startNs)}`;
  const how = span.reason === undefined ? "" : `, ${span.reason}`;
  const waits = isWaiting(span) ? ", waiting" : "";
  return `${spanTitle(span, scenario)}, message ${span.message}: after ${from}, ${took}${waits}${how}`;
}

/** Whether nobody works on the message meanwhile. */
export function isWaiting(span: Span): boolean {
  return waitingKinds.includes(span.kind);
}

/** The colour of a span. */
export function colourOf(span: Span): string {
  return `var(--outcome-${span.outcome})`;
}
