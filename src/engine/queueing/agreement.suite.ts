// From an analytic case to a verdict: replications of its scenario with independent seeds, as many as the intervals
// need, and the figures that theory names, measured and compared.

import { expect } from "vitest";
import { hashText } from "../../kernel/random.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { TimelineEntry } from "../../model/timeline.ts";
import { type NodeMetric, nodeMetrics } from "../../model/result.ts";
import type { Run } from "../run.ts";
import { open, sketch, type Sketch } from "../sketch.suite.ts";
import type { QueueingCase } from "./cases.suite.ts";
import { controlledMean, type Interval } from "./controlled.suite.ts";
import type { Figure, FigureOf, Seen } from "./figures.suite.ts";
import { Observer, type Watch } from "./observer.suite.ts";

/** A case as a scenario, with the figures that are measured. */
export interface Expression {
  readonly sketch: Omit<Sketch, "seed" | "duration">;
  readonly watch: Pick<Watch, "stations" | "sources" | "rate" | "areEqual" | "branches" | "stops">;
  /** How long the system remembers [s]: the warm-up and the window of a replication are multiples of it. */
  readonly memory: number;
  /** Services per second, about, a service behind a broker counting twice: what a simulated second costs. */
  readonly rate: number;
  readonly figures: Readonly<Record<string, FigureOf>>;
  /** What happens in a replication, which may depend on its seed; up to a time [s]. */
  readonly timeline?: (seed: number, until: number) => readonly TimelineEntry[];
  /** Id of a service or broker of which the nodes that are up are counted. */
  readonly up?: string;
  /** Fewest services in a window, where it is not the usual number. */
  readonly services?: number;
  /** Figures of which a control would be a part: they are taken as they were measured. */
  readonly plain?: readonly string[];
}

/** From which the seeds of all cases follow. */
export const baseSeed = 20_260_701;

/** Seed of the first replication of a case; the others count up from it. No two cases share their draws. */
function seedOf({ id }: QueueingCase): number {
  return hashText(id, baseSeed);
}

/** Half-width that is asked of a figure, relative to what theory says. Where the services of the test command do not
 *  suffice for it (tails and variances under heavy load) a wider one will do; CASES=full simulates until all are narrow. */
const narrow = 0.02;
const wide = 0.35;
const isFull = process.env["CASES"] === "full";
/** Most services of a case, about. */
const budget = isFull ? 300_000_000 : 200_000;

const level = 0.999;
/** Windows of the full run are longer by this factor. */
const stretch = isFull ? 16 : 1;

/** Replications at the start, then so many more; at least so many, whatever they cost. */
const first = 30;
const more = 12;
const fewest = 24;
/** Fewest services in a window. */
const usualServices = 4000;

/** Replications of a case as far as they have come. */
export class Trials {
  readonly #expression: Expression;
  readonly #figures: ReadonlyMap<string, Figure>;
  readonly #sums = new Map<string, (readonly number[])[]>();
  readonly #controls: (readonly number[])[] = [];
  readonly #seed: number;

  constructor(about: QueueingCase, expression: Expression) {
    this.#expression = expression;
    this.#seed = seedOf(about);
    this.#figures = new Map(
      Object.entries(about.expected).map(([name, value]) => [
        name,
        expression.figures[name]!(value),
      ]),
    );
    for (const name of this.#figures.keys()) this.#sums.set(name, []);
  }

  count(): number {
    return this.#controls.length;
  }

  /** Adds replications with the next seeds. */
  add(replications: number): void {
    for (let i = replications; i > 0; i--) {
      const { seen, controls } = replicate(this.#expression, (this.#seed + this.count()) >>> 0);
      this.#controls.push(controls);
      for (const [name, figure] of this.#figures) this.#sums.get(name)!.push(figure.sums(seen));
    }
  }

  /** What is known of a figure so far. With or without the help of controls. */
  interval(name: string, controls: "with controls" | "plain" = "with controls"): Interval {
    const isPlain = controls === "plain" || this.#expression.plain?.includes(name) === true;
    return controlledMean(
      pseudoValues(this.#figures.get(name)!, this.#sums.get(name)!),
      isPlain ? this.#controls.map(() => []) : this.#controls,
      level,
    );
  }
}

/** The jackknife: what each replication contributes to a figure of all of them. Source: R. Miller, The jackknife –
 *  a review, 1974. */
function pseudoValues(figure: Figure, rows: readonly (readonly number[])[]): readonly number[] {
  const n = rows.length;
  const totals = rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0));
  const all = figure.of(totals.map((total) => total / n));
  return rows.map(
    (row) => n * all - (n - 1) * figure.of(totals.map((total, i) => (total - row[i]!) / (n - 1))),
  );
}

/** Longest window [s]: up to 104 days nanoseconds are whole numbers. */
const longest = 8e6;

/** How a figure came out. */
export interface Outcome {
  readonly name: string;
  readonly interval: Interval;
  readonly expected: number;
}

/** Runs the scenario of a case until every interval is narrow enough, and expects agreement. */
export function expectAgreement(about: QueueingCase, expression: Expression): readonly Outcome[] {
  const names = Object.keys(about.expected);
  const unmeasured = names.filter((name) => expression.figures[name] === undefined);
  expect(unmeasured, "figures that nothing measures").toEqual([]);
  const trials = new Trials(about, expression);
  const affordable = Math.ceil(budget / servicesOf(expression));
  const most = Math.max(fewest, affordable);
  let outcomes: readonly Outcome[] = [];
  do {
    trials.add(
      trials.count() === 0 ? Math.min(first, most) : Math.max(more, Math.ceil(trials.count() / 4)),
    );
    outcomes = names.map((name) => ({
      name,
      interval: trials.interval(name),
      expected: about.expected[name]!,
    }));
  } while (trials.count() < most && !outcomes.every((outcome) => isNarrow(outcome)));
  const story = `${about.id} ${about.name}, ${trials.count()} replications from seed ${seedOf(about)}:\n${outcomes.map(sentenceOf).join("\n")}`;
  const asked = isFull ? narrow : wide;
  const vague = outcomes.filter((outcome) => !isRare(outcome) && widthOf(outcome) > asked);
  expect(vague.map(nameOf), `too wide: ${story}`).toEqual([]);
  expect(outcomes.filter((outcome) => !agrees(about, outcome)).map(nameOf), story).toEqual([]);
  return outcomes;
}

/** Whether the half-width of a figure is what is asked of all. */
export function isNarrow(outcome: Outcome): boolean {
  return isRare(outcome) || widthOf(outcome) <= narrow;
}

/** So improbable that hardly any replication sees it: then it must only not be seen much more often. */
function isRare({ name, expected }: Outcome): boolean {
  return name.startsWith("P") && expected < 1e-3;
}

function widthOf({ interval, expected }: Outcome): number {
  return interval.half / Math.max(Math.abs(expected), 1e-12);
}

function agrees({ kind, note = "" }: QueueingCase, outcome: Outcome): boolean {
  const { interval, expected } = outcome;
  if (kind === "bound") return interval.mean + interval.half <= expected;
  const stated = /tolerance (\d+) %/u.exec(note);
  const tolerance = kind === "asymptotic" ? narrow : 0;
  const rounding = 1e-9 * Math.max(1, Math.abs(expected));
  const allowed = Math.abs(expected) * (stated === null ? tolerance : Number(stated[1]) / 100);
  const error = Math.abs(interval.mean - expected);
  return error <= interval.half + allowed + rounding + (isRare(outcome) ? 10 * expected : 0);
}

function nameOf({ name }: Outcome): string {
  return name;
}

/** A figure as a line of text. */
export function sentenceOf(outcome: Outcome): string {
  const { name, interval, expected } = outcome;
  const width = `${(100 * widthOf(outcome)).toFixed(2)} %`;
  return `  ${name} ${interval.mean.toPrecision(7)} ± ${width}, by theory ${expected.toPrecision(7)}`;
}

function windowOf({ memory, rate, services = usualServices }: Expression): {
  readonly from: number;
  readonly until: number;
} {
  const from = 3 * memory;
  const length = stretch * Math.max(12 * memory, services / rate);
  return { from, until: Math.min(longest, from + length) };
}

function servicesOf(expression: Expression): number {
  return windowOf(expression).until * expression.rate;
}

interface Replication {
  readonly seen: Seen;
  readonly controls: readonly number[];
}

function replicate(expression: Expression, seed: number): Replication {
  const { from, until } = windowOf(expression);
  const { stations, sources } = expression.watch;
  const observer = new Observer({ ...expression.watch, from, until });
  // Behind the window arrivals go on until each source has shown its last gap, and work until it is through, however
  // long it takes: what was drawn in the window has to be seen.
  const stop = until + 25 * Math.max(0, ...Object.values(sources));
  const service = Math.max(0, ...stations.map(({ meanService = 0 }) => meanService));
  const scenario: Scenario = sketch({
    ...expression.sketch,
    seed,
    duration: (stop + 60 * service) * 1000,
    sourcesStopAt: stop * 1000,
    timeline: expression.timeline?.(seed, until) ?? [],
  });
  const run = open(scenario, { onEvent: (record) => observer.see(record) });
  const upTimes: number[] = [];
  if (expression.up !== undefined)
    countUp(run, scenario, { id: expression.up, from, until, upTimes });
  run.advance({ untilNs: Infinity, maxEvents: Infinity });
  observer.finish();
  const seen: Seen = {
    seed,
    stations: observer.stations,
    station: observer.stations[0]!,
    entered: observer.entered,
    upTimes,
    joins: observer.joins,
    levels: observer.levels,
    report: run.report(0),
    span: until - from,
  };
  return { seen, controls: observer.controls() };
}

interface Count {
  readonly id: string;
  readonly from: number;
  readonly until: number;
  /** How long how many were up [s]: filled in. */
  readonly upTimes: number[];
}

/** Walks along the timeline and looks at the frames how many nodes are up. */
function countUp(run: Run, scenario: Scenario, { id, from, until, upTimes }: Count): void {
  const row = scenario.nodes.findIndex((node) => node.id === id);
  const isService = scenario.nodes[row]!.kind === "service";
  let reached = from;
  for (const { at } of [...scenario.timeline, { at: until * 1000 }]) {
    const cells = run.frame(0).nodes.subarray(row * nodeMetrics.length);
    const read = (metric: NodeMetric): number => cells[nodeMetrics.indexOf(metric)]!;
    const up = isService ? 1 - read("state") : read("busy");
    const t = Math.min(at / 1000, until);
    while (upTimes.length <= up) upTimes.push(0);
    upTimes[up]! += Math.max(0, t - reached);
    reached = Math.max(reached, t);
    run.advance({ untilNs: Math.round(at * 1e6), maxEvents: Infinity });
  }
}
