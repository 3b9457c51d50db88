// What an objective can be about: the measures that the report of a run has for each kind of element.

import { elementOf } from "./elements.ts";
import { isObject } from "./equal.ts";
import type { FlowReport, Report } from "./report.ts";
import type { Node, Scenario } from "./scenario.ts";

const latencies = ["count", "mean", "p50", "p95", "p99", "max"] as const;

const latencyMeasures = latencies.map((name) => `latency.${name}`);

/** Of the flows that end at a node, or of all: the worst one; `count` is the sum. */
const flowMeasures = latencies.map((name) => `flow.${name}`);

const figures = [
  "published",
  "delivered",
  "acknowledged",
  "redelivered",
  "deadLettered",
  "expired",
  "dropped",
  "refused",
  "backlog",
  "inFlight",
  "lagMessages",
  "lagSeconds",
  "throughput",
  "utilisation",
  "meanInSystem",
  ...latencyMeasures,
];

/** From the end of a fault until not more waits than before it, the longest [s]; no part of a report, but worked out for
 *  each objective that asks. */
const recovery = "recoverySeconds";

/** Of stores with versions. */
const consistencyMeasures = [
  "commits",
  "conflicts",
  "refused",
  "reads",
  "staleReads",
  "value",
  "expected",
  "discrepancy",
  "oversold",
  "lostUpdates",
  "duplicateEffects",
  "outOfOrder",
  "readYourWrites",
  "monotonicReads",
  "invariantBroken",
  "staleKeys",
  "missing",
  "ageMs",
  "meanAgeMs",
  "maxAgeMs",
  "shareTooOld",
  "divergedKeys",
  // Share of the versions that were there within a time of the objective's own.
  "shareWithin",
].map((name) => `consistency.${name}`);

/** What the stores of a run come to together: a sum of balances that must stay what it is, anomalies that must not be. */
const sums = [
  "commits",
  "conflicts",
  "refused",
  "reads",
  "staleReads",
  "value",
  "expected",
  "discrepancy",
  "oversold",
  "lostUpdates",
  "duplicateEffects",
  "outOfOrder",
  "readYourWrites",
  "monotonicReads",
  "invariantBroken",
  "missing",
  "divergedKeys",
].map((name) => `consistency.${name}`);

const measures = {
  node: [...figures, recovery, "handled", "failed", "writes", "entities", ...flowMeasures],
  channel: [...figures, recovery],
  subscription: figures,
  bridge: [...figures, "handled", "failed"],
  call: [
    "calls",
    "attempts",
    "succeeded",
    "failed",
    "pending",
    "hedges",
    "hedgesWon",
    "degraded",
    ...latencyMeasures,
  ],
  run: [
    "events",
    ...["published", "confirmed", "refused", "pending", "unroutable", "lost"].map(
      (name) => `publications.${name}`,
    ),
    ...["routed", "acknowledged", "waiting", "inFlight", "deadLettered", "expired", "dropped"].map(
      (name) => `copies.${name}`,
    ),
    ...["called", "succeeded", "failed", "pending"].map((name) => `calls.${name}`),
    ...flowMeasures,
    recovery,
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The measures that an objective may ask of an element, or of "run"; none where the report has no figures
 *  (publications, bindings and writes are counted at their ends). */
export function measuresOf(scenario: Scenario, of: string): readonly string[] {
  if (of === "run")
    return scenario.nodes.some(keepsVersions) ? [...measures.run, ...sums] : measures.run;
  const element = elementOf(scenario, of);
  switch (element?.type) {
    case "node":
      return keepsVersions(element.value)
        ? [...measures.node, ...consistencyMeasures]
        : measures.node;
    case "channel":
      return measures.channel;
    case "connection":
      if (element.value.kind === "consume") return measures.subscription;
      if (element.value.kind === "bridge") return measures.bridge;
      return element.value.kind === "call" ? measures.call : [];
    default:
      return [];
  }
}

function keepsVersions({ kind, parameters }: Node): boolean {
  return kind === "store" && parameters?.["versions"] === true;
}

/** The part of a report that measures are found in. */
export type Measured = Partial<
  Pick<
    Report,
    | "nodes"
    | "channels"
    | "subscriptions"
    | "bridges"
    | "calls"
    | "flows"
    | "consistency"
    | "conservation"
    | "events"
  >
>;

/** The value of a measure in a report; null where nothing was observed. Counts by reason are added up. */
export function measureIn(report: Measured, of: string, measure: string): number | null {
  const [head = "", name = ""] = measure.split(".");
  if (head === "consistency" && of === "run") return sumOf(report.consistency?.stores ?? [], name);
  if (head === "consistency")
    return numberAt(
      report.consistency?.stores.find((one) => one.id === of),
      name,
    );
  if (head === "flow") return worstFlow(flowsTo(report, of), name);
  if (of === "run") return numberAt({ events: report.events, ...report.conservation }, measure);
  const rows = [
    ...(report.nodes ?? []),
    ...(report.channels ?? []),
    ...(report.subscriptions ?? []),
    ...(report.bridges ?? []),
    ...(report.calls ?? []),
  ];
  return numberAt(
    rows.find((row) => row.id === of),
    measure,
  );
}

function flowsTo({ flows = [] }: Measured, of: string): readonly FlowReport[] {
  return of === "run" ? flows : flows.filter((flow) => flow.end === of);
}

/** A figure of all stores with versions together; null without any. */
function sumOf(stores: Report["consistency"]["stores"], name: string): number | null {
  const values = stores.flatMap((store) => numberAt(store, name) ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function worstFlow(flows: readonly FlowReport[], name: string): number | null {
  const values = flows.flatMap((flow) => numberAt(flow.latency, name) ?? []);
  if (name === "count") return values.reduce((sum, value) => sum + value, 0);
  return values.length === 0 ? null : Math.max(...values);
}

function numberAt(row: unknown, path: string): number | null {
  let value = row;
  for (const step of path.split("."))
    value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  if (typeof value === "number") return value;
  if (!isObject(value)) return null;
  return Object.values(value).reduce<number>(
    (sum, each) => sum + (typeof each === "number" ? each : 0),
    0,
  );
}
