// An event-driven flow and its synchronous twin side by side: availability, latency, what was lost, and how many others each
// request needs. From two finished runs.

import { callsOf } from "../advice/facts.ts";
import { listOf } from "../advice/words.ts";
import { formatDurationMs } from "../../base/units.ts";
import { elementOf, nameOf } from "../elements.ts";
import type { CallReport, Report } from "../report.ts";
import type { Connection, Scenario } from "../scenario.ts";
import type { Twin } from "./twin.ts";

/** Version of the JSON that `spillway twin --json` prints; fields are added, never changed. */
export const twinVersion = 1;

/** One figure of both sides. */
export interface TwinFigure {
  readonly id: string;
  readonly label: string;
  readonly unit: "share" | "count" | "ms";
  readonly eventDriven: number | null;
  readonly synchronous: number | null;
  /** Whether less is better. */
  readonly good: "low" | "high";
  /** What the figure says, for those who do not know it. */
  readonly help: string;
}

/** Both sides. */
export interface TwinComparison {
  readonly twinVersion: typeof twinVersion;
  readonly scenario: string;
  readonly title: string;
  readonly seed: number;
  readonly figures: readonly TwinFigure[];
  /** The difference in one or two sentences. */
  readonly sentence: string;
  readonly changes: readonly string[];
  readonly left: readonly string[];
}

/** What is known of one side. */
interface Side {
  readonly scenario: Scenario;
  readonly report: Report;
  /** Ids of the connections over which events and requests enter. */
  readonly entries: readonly string[];
}

/** Compares the run of a document with that of its twin. */
export function compareTwins(
  scenario: Scenario,
  twin: Twin,
  reports: { readonly eventDriven: Report; readonly synchronous: Report },
): TwinComparison {
  const left: Side = {
    scenario,
    report: reports.eventDriven,
    entries: twin.entries.map(({ eventDriven }) => eventDriven),
  };
  const right: Side = {
    scenario: twin.scenario,
    report: reports.synchronous,
    entries: twin.entries.flatMap(({ synchronous }) => synchronous),
  };
  const figures = measures.map(({ of, ...words }) => ({
    ...words,
    eventDriven: of(left),
    synchronous: of(right),
  }));
  return {
    twinVersion,
    scenario: scenario.id,
    title: scenario.title,
    seed: scenario.seed,
    figures,
    sentence: sentenceOf(left, right),
    changes: twin.changes,
    left: twin.left,
  };
}

type Measure = Omit<TwinFigure, "eventDriven" | "synchronous"> & {
  readonly of: (side: Side) => number | null;
};

const measures: readonly Measure[] = [
  {
    id: "asked",
    label: "Requests and events that entered",
    unit: "count",
    good: "high",
    help: "The same arrivals on both sides, where each is sent to one place.",
    of: (side) => entered(side).asked,
  },
  {
    id: "availability",
    label: "Accepted",
    unit: "share",
    good: "high",
    help: "Share of what entered that was answered, or taken by the broker.",
    of: (side) => {
      const { asked, failed } = entered(side);
      return asked === 0 ? null : 1 - failed / asked;
    },
  },
  {
    id: "failed",
    label: "Failed at the entry",
    unit: "count",
    good: "low",
    help: "Requests without an answer, or events that the broker did not take.",
    of: (side) => entered(side).failed,
  },
  {
    id: "lost",
    label: "Lost on the way",
    unit: "count",
    good: "low",
    help: "Copies of accepted events that were dropped, expired or lost, or reached nobody.",
    of: ({ report: { conservation } }) =>
      conservation.copies.dropped +
      conservation.copies.expired +
      conservation.publications.lost +
      conservation.publications.unroutable,
  },
  {
    id: "setAside",
    label: "Dead-lettered",
    unit: "count",
    good: "low",
    help: "Copies that were set aside after a failure, for somebody to look at or to come back later.",
    of: ({ report: { conservation } }) => conservation.copies.deadLettered,
  },
  {
    id: "waiting",
    label: "Still under way at the end",
    unit: "count",
    good: "low",
    help: "Copies that wait or are worked on, and requests without an answer yet.",
    of: ({ report: { conservation } }) =>
      conservation.copies.waiting + conservation.copies.inFlight + conservation.calls.pending,
  },
  {
    id: "answer.p50",
    label: "Answer, median",
    unit: "ms",
    good: "low",
    help: "From the request to the answer. An event that is only published has no answer.",
    of: (side) => answer(side, "p50"),
  },
  {
    id: "answer.p99",
    label: "Answer, 99 %",
    unit: "ms",
    good: "low",
    help: "99 of 100 answers came within this time.",
    of: (side) => answer(side, "p99"),
  },
  {
    id: "done.p50",
    label: "All done, median",
    unit: "ms",
    good: "low",
    help: "Until the last service has dealt with it: the slowest of the ways.",
    of: (side) => done(side, "p50"),
  },
  {
    id: "done.p99",
    label: "All done, 99 %",
    unit: "ms",
    good: "low",
    help: "During an outage events wait for it to end; requests fail instead and are not counted here.",
    of: (side) => done(side, "p99"),
  },
  {
    id: "needed",
    label: "Have to be up for an answer",
    unit: "count",
    good: "low",
    help: "Services that are called, and brokers into which they publish.",
    of: (side) => neededOf(side).length,
  },
  {
    id: "chain",
    label: "Longest chain of calls",
    unit: "count",
    good: "low",
    help: "Services that wait for each other in a row.",
    of: (side) => longestChain(side),
  },
];

function entryCalls({ report, entries }: Side): readonly CallReport[] {
  return report.calls.filter(({ id }) => entries.includes(id));
}

/** What came in, and what of it failed there. Publications are counted at the producer. */
function entered(side: Side): { readonly asked: number; readonly failed: number } {
  const calls = entryCalls(side);
  const sources = new Set(publications(side).map(({ from }) => from));
  const producers = side.report.nodes.filter(({ id }) => sources.has(id));
  return {
    asked:
      calls.reduce((sum, one) => sum + one.calls, 0) +
      producers.reduce((sum, one) => sum + one.published, 0),
    failed:
      calls.reduce((sum, one) => sum + total(one.failed), 0) +
      producers.reduce((sum, one) => sum + total(one.refused), 0),
  };
}

function publications({ scenario, entries }: Side): readonly Connection[] {
  return scenario.connections.filter(({ id, kind }) => kind === "publish" && entries.includes(id));
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}

/** The slowest of the entries. */
function answer(side: Side, which: "p50" | "p99"): number | null {
  return largest(entryCalls(side).map(({ latency }) => latency[which]));
}

/** The slowest of the ways from an entry to a service. */
function done({ report, entries }: Side, which: "p50" | "p99"): number | null {
  return largest(
    report.flows
      .filter(({ entry }) => entries.includes(entry))
      .map(({ latency }) => latency[which]),
  );
}

function largest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (most, one) => (one === null ? most : Math.max(most ?? one, one)),
    null,
  );
}

/** Ids of all that has to be up for an answer. */
function neededOf(side: Side): readonly string[] {
  const { scenario, entries } = side;
  const services = new Set<string>();
  const brokers = new Set<string>();
  const publishing = (from: string): void => {
    for (const one of scenario.connections)
      if (one.kind === "publish" && one.from === from) brokers.add(brokerBehind(scenario, one.to));
  };
  for (const one of publications(side)) brokers.add(brokerBehind(scenario, one.to));
  for (const { id, to, kind } of scenario.connections)
    if (kind === "call" && entries.includes(id)) services.add(to);
  // A Set keeps the order of insertion, so walking over it while it grows reaches everything.
  for (const id of services) {
    publishing(id);
    for (const { to } of callsOf(scenario, id)) services.add(to);
  }
  return [...services, ...brokers];
}

function brokerBehind(scenario: Scenario, channel: string): string {
  const element = elementOf(scenario, channel);
  return element?.type === "channel" ? element.value.broker : channel;
}

/** Calls make no cycles; each service is worked out once. */
function longestChain({ scenario, entries }: Side): number {
  const known = new Map<string, number>();
  const behind = (id: string): number => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const length = 1 + Math.max(0, ...callsOf(scenario, id).map(({ to }) => behind(to)));
    known.set(id, length);
    return length;
  };
  const starts = scenario.connections.filter(
    ({ id, kind }) => kind === "call" && entries.includes(id),
  );
  return Math.max(0, ...starts.map(({ to }) => behind(to)));
}

function sentenceOf(left: Side, right: Side): string {
  const [events, calls] = [entered(left), entered(right)];
  const needed = neededOf(right).map((id) => nameOf(right.scenario, id));
  const slow = done(left, "p99");
  const wait = slow === null ? "" : `, and 99 % are through within ${formatDurationMs(slow)}`;
  return [
    `Event-driven, ${failing(events)}${wait}.`,
    `Synchronous, ${failing(calls)}: an answer needs ${listOf(needed)} to be up.`,
  ].join(" ");
}

function failing({ asked, failed }: { readonly asked: number; readonly failed: number }): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  if (failed === 0) return `none of ${count(asked)} fails`;
  return `${count(failed)} of ${count(asked)} ${failed === 1 ? "fails" : "fail"}`;
}
