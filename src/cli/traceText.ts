// The life of a message in the terminal: a line per span, below the one in whose course it happened.

import { formatDurationMs } from "../base/units.ts";
import { nameOf } from "../model/elements.ts";
import type { Scenario } from "../model/scenario.ts";
import { type Span, waitingKinds } from "../model/span.ts";
import type { Trace } from "../model/trace.ts";
import { table } from "./table.ts";

/** The lines of one life. */
export function describeTrace(trace: Trace, scenario: Scenario): string {
  const { root, messages, spans, startNs, endNs } = trace;
  const title = `Message ${root}, published at ${durationOf(startNs)}: ${messages === 1 ? "1 message" : `${messages} messages`}, ${durationOf(endNs - startNs)}`;
  const rows = spans.map((span) => [
    `${"  ".repeat(span.depth)}${span.kind} ${nameOf(scenario, span.place)}`,
    String(span.message),
    durationOf(span.startNs - startNs),
    span.endNs === undefined ? "…" : durationOf(span.endNs - span.startNs),
    waitingKinds.includes(span.kind) ? "waits" : "",
    howOf(span),
  ]);
  return `${[title, ...table(["", "message", "after", "took", "", "outcome"], rows)].join("\n")}\n`;
}

function howOf({ outcome, attempt, reason }: Span): string {
  const again = attempt === undefined || attempt < 2 ? [] : [`attempt ${attempt}`];
  const how = outcome === "failure" || outcome === "dead-letter" ? [outcome] : [];
  return [...again, ...how, ...(reason === undefined ? [] : [reason])].join(", ");
}

function durationOf(ns: number): string {
  if (ns === 0) return "0 s";
  return ns < 1e6 ? `${Number((ns / 1e3).toPrecision(3))} µs` : formatDurationMs(ns / 1e6);
}
