// Two engines, one document: the first difference between them in words. Everything is compared bit for bit, except
// percentiles, for which the histograms state an error.

import type { LatencyFigures, Report } from "../../model/report.ts";
import type { MessageEvent } from "../../model/events.ts";
import { drawnReadability } from "../../model/readability.suite.ts";
import type { LiveAct } from "../../model/result.ts";
import type { Scenario } from "../../model/scenario.ts";
import { actProblem } from "../acts.ts";
import type { Run } from "../run.ts";
import { open } from "../sketch.suite.ts";
import { type BrokerMaker, NaiveRun } from "./engine.suite.ts";
import { Samples } from "./exact.suite.ts";
import { type Figure, type Figures, type Quotient, tablesOf } from "./figures.suite.ts";

/** A percentile of the report is within 1/256 of the value; below 256 ns it is exact. */
const percentileError = 1 / 256;

/** Events up to an act at most; where there are more, the comparison ends. */
const eventsPerAct = 5000;

/** What is done to both runs: up to a time, at most so many events, then perhaps an act. */
export interface Leg {
  readonly untilNs: number;
  readonly maxEvents: number;
  readonly act?: LiveAct;
}

/** Runs a document on both engines; the differences, empty when there are none, and how many events there were. */
export function compare(
  scenario: Scenario,
  legs: readonly Leg[],
  makeBroker: BrokerMaker,
): { readonly differences: readonly string[]; readonly events: number } {
  const log: MessageEvent[] = [];
  const readability = drawnReadability(scenario);
  const run = open(scenario, { onEvent: (record) => log.push(record), readability });
  const naive = new NaiveRun(scenario, readability, makeBroker);
  for (const { untilNs, maxEvents, act } of legs) {
    run.advance({ untilNs, maxEvents });
    naive.advance(untilNs, maxEvents);
    if (act === undefined || run.ended() !== null || naive.ended() !== undefined) continue;
    if (actProblem(scenario, act) !== undefined || naive.isNearEnd()) continue;
    // A circle without delays has no end at its instant, where a person could wait for long.
    if (!naive.act(act, eventsPerAct)) return { differences: [], events: naive.events };
    const done = run.act(act);
    if (!done.ok) return { differences: [`act: ${done.failure}`], events: run.events() };
  }
  const differences = [...logDifferences(log, naive.world.log), ...reportDifferences(run, naive)];
  return { differences, events: run.events() };
}

const eventFields = [
  "t",
  "event",
  "message",
  "contract",
  "channel",
  "subscription",
  "consumer",
  "attempt",
  "partition",
  "offset",
  "key",
  "cause",
  "reason",
  "version",
] as const satisfies readonly (keyof MessageEvent)[];

/** The first line in which two logs differ, with what came before it. */
function logDifferences(
  real: readonly MessageEvent[],
  naive: readonly MessageEvent[],
): readonly string[] {
  const length = Math.max(real.length, naive.length);
  for (let i = 0; i < length; i++) {
    const [one, other] = [real[i], naive[i]];
    if (one !== undefined && other !== undefined && isSameEvent(one, other)) continue;
    const before = real.slice(Math.max(0, i - 3), i).map((line) => `  ${JSON.stringify(line)}`);
    return [
      [
        `Line ${i} of the event log, after`,
        ...before,
        `  engine: ${JSON.stringify(one) ?? "nothing"}`,
        `  naive:  ${JSON.stringify(other) ?? "nothing"}`,
      ].join("\n"),
    ];
  }
  return [];
}

function isSameEvent(one: MessageEvent, other: MessageEvent): boolean {
  return (
    eventFields.every((field) => Object.is(one[field], other[field])) &&
    Object.keys(one).length === Object.keys(other).length
  );
}

function reportDifferences(run: Run, naive: NaiveRun): readonly string[] {
  const report = run.report(0);
  const { world } = naive;
  const tables = tablesOf(naive);
  const alive = run.alive();
  const whole: readonly (readonly [string, unknown, Figure])[] = [
    ["simulated time", run.timeNs(), naive.reachedNs],
    ["events", run.events(), naive.events],
    ["ending", run.ended()?.reason, naive.ended() === "finished" ? "finished" : endOf(naive)],
    ["alive messages", alive.messages, world.aliveMessages],
    ["alive deliveries", alive.deliveries, world.aliveDeliveries],
    ["alive requests", alive.requests, world.calls.openRequests],
    ["notes", textOf(report.notes.map(({ t, element }) => ({ t, element }))), textOf(world.notes)],
    ["books", textOf(report.conservation.violations), "[]"],
  ];
  return [
    ...whole.flatMap(([name, real, expected]) => figureDifferences(name, real, expected)),
    ...Object.entries(tables).flatMap(([table, rows]) => {
      const real = rowsOf(report, table);
      if (real.size !== rows.size) return [`${table}: ${real.size} rows, not ${rows.size}`];
      return [...rows].flatMap(([id, figures]) =>
        rowDifferences(`${table} ${id}`, real.get(id), figures),
      );
    }),
  ];
}

function endOf(naive: NaiveRun): string | undefined {
  return naive.ended() === undefined ? undefined : "limit";
}

function textOf(value: unknown): string {
  return JSON.stringify(value);
}

/** The rows of a table of the report by id. */
function rowsOf(report: Report, table: string): ReadonlyMap<string, object> {
  switch (table) {
    case "versions":
      return new Map(
        report.versions.map((row) => [
          `${row.connection} ${row.does} ${row.contract} ${row.contractVersion}`,
          row,
        ]),
      );
    case "stores":
    case "replicas":
      return new Map(report.consistency[table].map((row) => [row.id, row]));
    case "events":
      return new Map(report.consistency.subscriptions.map((row) => [row.id, row]));
    case "waiting reads":
      return new Map(report.consistency.waitingReads.map((row) => [row.id, row]));
    case "outboxes":
    case "nodes":
    case "channels":
    case "subscriptions":
    case "calls":
    case "flows":
      return new Map(report[table].map((row) => [row.id, row]));
    default: {
      const { publications, copies, calls } = report.conservation;
      return new Map(Object.entries({ publications, copies, calls }));
    }
  }
}

function rowDifferences(name: string, real: object | undefined, naive: Figures): readonly string[] {
  const figures = new Map(Object.entries(real ?? {}));
  return Object.entries(naive).flatMap(([figure, expected]) =>
    figureDifferences(`${name} ${figure}`, figures.get(figure), expected),
  );
}

function figureDifferences(name: string, real: unknown, naive: Figure): readonly string[] {
  if (naive instanceof Samples) {
    if (!isLatency(real)) return [`${name}: ${textOf(real)} is no latency`];
    return latencyDifferences(name, real, naive);
  }
  if (typeof naive !== "object") return Object.is(real, naive) ? [] : [words(name, real, naive)];
  if (isQuotient(naive)) {
    const error = naive.isExact ? 0 : naive.value * 1e-9;
    const isClose = typeof real === "number" && Math.abs(real - naive.value) <= error;
    return isClose ? [] : [words(name, real, naive.value)];
  }
  const counts = sortedText(naive);
  return typeof real === "object" && real !== null && sortedText(real) === counts
    ? []
    : [words(name, real, naive)];
}

function words(name: string, real: unknown, naive: unknown): string {
  return `${name}: engine ${textOf(real)}, naive ${textOf(naive)}`;
}

function sortedText(counts: object): string {
  return textOf(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isQuotient(figure: object): figure is Quotient {
  return "isExact" in figure;
}

function isLatency(value: unknown): value is LatencyFigures {
  return typeof value === "object" && value !== null && "p99" in value;
}

function latencyDifferences(
  name: string,
  real: LatencyFigures,
  samples: Samples,
): readonly string[] {
  const values = samples.sorted();
  const count = values.length;
  const ms = (valueNs: number | undefined): number | null =>
    valueNs === undefined ? null : valueNs / 1e6;
  const exact = [
    ["count", real.count, count],
    ["mean", real.mean, count === 0 ? null : Number(samples.sum()) / count / 1e6],
    ["max", real.max, ms(values.at(-1))],
  ] as const;
  const percentiles = [
    ["p50", real.p50, 0.5],
    ["p95", real.p95, 0.95],
    ["p99", real.p99, 0.99],
  ] as const;
  return [
    ...exact.flatMap(([figure, value, expected]) =>
      Object.is(value, expected) ? [] : [words(`${name} ${figure}`, value, expected)],
    ),
    ...percentiles.flatMap(([figure, value, q]) => {
      const rank = Math.max(1, Math.ceil(q * count));
      const expected = ms(values[rank - 1]);
      const isEnd = rank === 1 || rank === count;
      return isNear(value, expected, isEnd ? 0 : percentileError)
        ? []
        : [words(`${name} ${figure}`, value, expected)];
    }),
  ];
}

function isNear(value: number | null, expected: number | null, error: number): boolean {
  if (value === null || expected === null) return value === expected;
  // One part in 10^12 more for the division by a million.
  const allowed = expected < 256 / 1e6 ? 0 : error;
  return Math.abs(value - expected) <= expected * (allowed === 0 ? 0 : allowed + 1e-12);
}
