// Looking back: whatever page of the log and whichever message is asked for, the answer is what an event log of the whole
// run says. To repeat one seed: SEED=17 npx vitest run src/engine/lookback.test.ts

import { describe, expect, test } from "vitest";
import type { MessageEvent } from "../model/events.ts";
import { type LogFilter, matchesLog } from "../model/logFilter.ts";
import type { LogPlace, TracePart } from "../model/lookback.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { foodDelivery } from "../scenarios/foodDelivery.ts";
import { type Below, dice, drawActs, pick } from "./drawnActs.suite.ts";
import { Lookback } from "./lookback.ts";
import type { Run } from "./run.ts";
import { open } from "./sketch.suite.ts";

const chosen = process.env["SEED"];
const seeds = chosen === undefined ? Array.from({ length: 6 }, (_, i) => i + 1) : [Number(chosen)];
const eventsMax = 1200;

interface Told {
  readonly run: Run;
  readonly log: readonly MessageEvent[];
}

/** A run with acts, put back to somewhere, and everything that happened in it. */
function told(scenario: Scenario, below: Below): Told {
  const run = open(scenario, { historyBytes: 1e8, historyEvents: 200 });
  for (let i = 0; i < 4 && run.ended() === null && run.events() < eventsMax; i++) {
    run.advance({ untilNs: Infinity, maxEvents: below(eventsMax / 2) });
    for (const act of drawActs(scenario, below)) run.act(act);
  }
  const log: MessageEvent[] = [];
  const repeated = { ...scenario, timeline: [...scenario.timeline, ...run.acts()] };
  const other = open(repeated, { onEvent: (record) => log.push(record) });
  other.advance({ untilNs: run.seenNs(), maxEvents: Infinity });
  run.advance({ untilNs: run.seenNs(), maxEvents: Infinity });
  run.seek(below(100) * 0.01 * run.seenNs());
  return { run, log };
}

function documentOf(seed: number): Scenario {
  const scenario = seed === 1 ? foodDelivery : randomScenario(seed);
  return { ...scenario, load: { duration: 15_000 } };
}

/** A line as the event log has it. */
function plain(record: MessageEvent): MessageEvent {
  const entries = Object.entries(record).filter(
    ([name]) => name !== "connection" && name !== "worker",
  );
  // What is left are the fields of a line.
  return Object.fromEntries(entries) as unknown as MessageEvent;
}

const isInLog = ({ event }: MessageEvent): boolean => event !== "writing" && event !== "reading";

function drawFilter(log: readonly MessageEvent[], below: Below): LogFilter {
  const { event, contract, key, message, consumer, channel } = pick(below, log);
  return pick<LogFilter>(below, [
    {},
    { events: [event] },
    contract === undefined ? {} : { contract },
    key === undefined ? {} : { key },
    { message },
    { places: [consumer ?? channel ?? ""] },
    { attemptAbove: 1 },
    { text: event.toUpperCase() },
  ]);
}

/** All pages one after the other. */
function read(lookback: Lookback, filter: LogFilter, how: Reading): readonly MessageEvent[] {
  const { towards, below, between } = how;
  const found: MessageEvent[][] = [];
  let at: LogPlace = { timeNs: towards === "later" ? 0 : Infinity, line: 0 };
  for (let pages = 0; ; pages++) {
    expect(pages).toBeLessThan(20_000);
    const count = 1 + below(300);
    const page = lookback.log({ filter, at, towards, count, maxEvents: 1 + below(200) });
    expect(page.records.length).toBeLessThanOrEqual(count);
    if (towards === "later") found.push([...page.records]);
    else found.unshift([...page.records]);
    at = towards === "later" ? page.to : page.from;
    if (page.isEnd) return found.flat();
    if (below(4) === 0) between();
  }
}

interface Reading {
  readonly towards: "later" | "earlier";
  readonly below: Below;
  readonly between: () => void;
}

/** The tree of a message, asked for in parts. */
function traced(lookback: Lookback, message: number, below: Below): TracePart {
  const records: MessageEvent[] = [];
  for (let asked = 0; ; asked++) {
    expect(asked).toBeLessThan(20_000);
    const maxEvents = 1 + below(300);
    const part = lookback.trace({ message, have: records.length, maxEvents });
    if (!part.ok) throw new Error(part.failure);
    records.push(...part.value.records);
    if (part.value.isComplete) return { ...part.value, records };
    if (below(5) === 0) read(lookback, {}, { towards: "later", below, between: () => undefined });
  }
}

/** The lines of the tree of a message in a whole log. */
function treeIn(log: readonly MessageEvent[], message: number): readonly MessageEvent[] {
  const causes = new Map(log.map((record) => [record.message, record.cause ?? 0]));
  const rootOf = (one: number): number => {
    const cause = causes.get(one) ?? 0;
    return cause === 0 ? one : rootOf(cause);
  };
  const root = rootOf(message);
  return log.filter((record) => rootOf(record.message) === root);
}

describe("looking back", () => {
  for (const seed of seeds)
    test(`seed ${seed} says what the event log says`, () => {
      const below = dice(seed);
      const { run, log } = told(documentOf(seed), below);
      if (log.length === 0) return;
      const lookback = new Lookback(run);
      const someone = (): void => void lookback.trace({ message: 1, have: 0, maxEvents: 50 });
      for (const towards of ["later", "earlier"] as const) {
        const filter = drawFilter(log, below);
        const found = read(lookback, filter, { towards, below, between: someone });
        const wanted = log.filter((record) => matchesLog(record, filter));
        expect(found.filter(isInLog).map(plain)).toEqual(wanted);
      }
      for (let i = 0; i < 3; i++) {
        const { message } = pick(below, log);
        const { records } = traced(lookback, message, below);
        expect(records.filter(isInLog).map(plain)).toEqual(treeIn(log, message));
      }
    });
});
