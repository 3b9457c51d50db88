// Going back: a run that is put to random instants, thrown into another thread or forked goes on to the bit like one
// that never was. To repeat one seed: SEED=17 npx vitest run src/engine/goingBack.test.ts

import { describe, expect, test } from "vitest";
import { msToNs } from "../base/units.ts";
import type { MessageEvent } from "../model/events.ts";
import type { LiveAct } from "../model/result.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { foodDelivery } from "../scenarios/foodDelivery.ts";
import { schemaChange } from "../scenarios/schemaChange.ts";
import { workQueue } from "../scenarios/workQueue.ts";
import { type Below, dice, drawActs } from "./drawnActs.suite.ts";
import type { Run } from "./run.ts";
import { open } from "./sketch.suite.ts";
import type { RunOptions } from "./world.ts";

const chosen = process.env["SEED"];
const seeds = chosen === undefined ? Array.from({ length: 60 }, (_, i) => i + 1) : [Number(chosen)];

/** Events of a run at the most; longer ones say no more. */
const eventsMax = 2500;

/** The rollouts of a minute within the first seconds. */
const earlier = schemaChange.timeline.map((entry) => ({ ...entry, at: entry.at / 10 }));

function documentOf(seed: number): Scenario {
  const readyMade = [foodDelivery, workQueue, { ...schemaChange, timeline: earlier }];
  return { ...(readyMade[seed - 1] ?? randomScenario(seed)), load: { duration: 15_000 } };
}

/** What an uninterrupted run is at an instant. */
interface Stop {
  readonly timeNs: number;
  readonly hash: string;
  /** Lines of the event log up to here. */
  readonly lines: number;
}

interface Reference {
  readonly document: Scenario;
  readonly log: readonly MessageEvent[];
  /** In order of time. */
  readonly stops: readonly Stop[];
}

/** A document with acts on its timeline, and what an uninterrupted run of it is at many instants: the moments of its
 *  events, of its acts, and between. */
function referenceOf(seed: number, below: Below): Reference {
  const plain = documentOf(seed);
  const acting = open(plain);
  for (let i = 0; i < 8 && acting.ended() === null && acting.events() < eventsMax; i++) {
    acting.advance({ untilNs: Infinity, maxEvents: below(eventsMax / 4) });
    for (const act of drawActs(plain, below)) acting.act(act);
  }
  const document = { ...plain, timeline: [...plain.timeline, ...acting.acts()] };
  const log: MessageEvent[] = [];
  const run = open(document, { onEvent: (record) => log.push(record) });
  const stops: Stop[] = [];
  while (run.ended() === null && run.events() < eventsMax) {
    if (below(3) === 0) run.advance({ untilNs: run.timeNs() + below(2e9), maxEvents: eventsMax });
    else run.advance({ untilNs: Infinity, maxEvents: 1 + below(eventsMax / 5) });
    run.advance({ untilNs: run.timeNs(), maxEvents: Infinity });
    stops.push({ timeNs: run.timeNs(), hash: run.stateHash(), lines: log.length });
  }
  return { document, log, stops };
}

/** Sometimes no moments, sometimes many, sometimes so little memory that they are thinned out. */
function drawHistory(below: Below): RunOptions {
  const historyEvents = 1 + below(400);
  return [{}, { historyBytes: 1e9, historyEvents }, { historyBytes: 2e6, historyEvents }][
    below(3)
  ]!;
}

function expectAt(run: Run, stop: Stop): void {
  expect(run.timeNs()).toBe(stop.timeNs);
  expect(run.stateHash()).toBe(stop.hash);
}

describe("a run that is put to random instants", () => {
  for (const seed of seeds)
    test(`seed ${seed}`, () => {
      const below = dice(seed);
      const { document, log, stops } = referenceOf(seed, below);
      let heard: MessageEvent[] = [];
      const options = {
        ...drawHistory(below),
        onEvent: (record: MessageEvent) => heard.push(record),
      };
      let run = open(document, options);
      for (let i = 0; i < 10; i++) {
        const at = below(stops.length);
        heard = [];
        expect(run.seek(stops[at]!.timeNs)).toEqual({ ok: true, value: null });
        expect(heard).toEqual([]);
        expectAt(run, stops[at]!);
        if (below(4) === 0) run = elsewhere(run, document, options);
        if (below(4) === 0) run = forkOf(run, stops[below(at + 1)]!.timeNs, options);
        else if (below(2) === 0) playOn(at);
      }

      /** Plays on in slices from one stop to a later one. */
      function playOn(at: number): void {
        const to = at + below(Math.min(4, stops.length - at));
        const slice = 1 + below(300);
        while (run.timeNs() < stops[to]!.timeNs)
          run.advance({ untilNs: stops[to]!.timeNs, maxEvents: slice });
        run.advance({ untilNs: stops[to]!.timeNs, maxEvents: Infinity });
        expectAt(run, stops[to]!);
        expect(heard).toEqual(log.slice(stops[at]!.lines, stops[to]!.lines));
      }
    });
});

/** The run in a fresh one of the same document, through plain data as between threads. */
function elsewhere(run: Run, document: Scenario, options: RunOptions): Run {
  const there = open(document, options);
  there.resume(structuredClone(run.capture()));
  expect(there.stateHash()).toBe(run.stateHash());
  return there;
}

function forkOf(run: Run, timeNs: number, options: RunOptions): Run {
  const before = run.stateHash();
  const fork = run.fork(timeNs, {}, options);
  if (!fork.ok) throw new Error(fork.failure);
  expect(run.stateHash()).toBe(before);
  return fork.value;
}

/** Goes on a little, or back. */
function wander(run: Run, below: Below): void {
  const nowNs = run.timeNs();
  if (below(3) === 0) run.seek(below(nowNs + 1));
  else run.advance({ untilNs: nowNs + below(1e9), maxEvents: below(600) });
}

describe("acts after going back", () => {
  for (const seed of seeds)
    test(`seed ${seed} is what a fresh run makes of the timeline, and so is a fork with changes`, () => {
      const below = dice(seed + 1000);
      const document = documentOf(seed);
      let run = open(document, drawHistory(below));
      for (let i = 0; i < 15 && run.events() < eventsMax; i++) {
        wander(run, below);
        if (below(6) === 0) run = elsewhere(run, document, drawHistory(below));
        if (run.ended() !== null || below(2) === 0) continue;
        for (const act of drawActs(document, below)) run.act(act);
      }
      expectLikeFresh(run, document);

      const forkNs = below(run.timeNs() + 1);
      const changes: readonly LiveAct[] = drawActs(document, below);
      const fork = run.fork(forkNs, { acts: changes }, drawHistory(below));
      if (!fork.ok) throw new Error(fork.failure);
      for (const { at } of fork.value.acts()) {
        expect(msToNs(at)).toBeGreaterThan(forkNs);
        expect(msToNs(at)).toBeLessThanOrEqual(forkNs + 1000);
      }
      const parent = { ...document, timeline: [...document.timeline, ...run.acts()] };
      fork.value.advance({ untilNs: forkNs + 2e9, maxEvents: eventsMax });
      wander(fork.value, below);
      expectLikeFresh(fork.value, parent);
      expectLikeFresh(run, document);
    });
});

/** Compares with a run of the document and the acts on its timeline that went straight to the same place. */
function expectLikeFresh(run: Run, document: Scenario): void {
  const fresh = open({ ...document, timeline: [...document.timeline, ...run.acts()] });
  fresh.advance({ untilNs: Infinity, maxEvents: run.events() });
  expect(fresh.stateHash()).toBe(run.stateHash());
  // Up to the end of the instant, where a look from either says the same.
  for (const either of [fresh, run]) either.seek(run.timeNs());
  expect(run.report(0)).toEqual(fresh.report(0));
}
