// Watches objectives while a run goes on: at fixed instants, so that slices and pauses change nothing. It only looks and
// is no part of the state. What it saw stays true when the run goes back; an act makes another future, which it looks at.

import { formatDurationMs, formatNumber } from "../base/units.ts";
import { actWords } from "../model/actTitle.ts";
import { nameOf } from "../model/elements.ts";
import type { Breach, ObjectiveState } from "../model/objectiveState.ts";
import type { Objective } from "../model/scenario.ts";
import { timelineSpans } from "../model/timelineSpans.ts";
import { isWithin, objectiveTitle, valueIn } from "./objectives.ts";
import { measuredFor } from "./report.ts";
import type { World } from "./world.ts";

/** Looks in a run, and stretches that are remembered of each objective. */
const looks = 200;
const breachesMax = 100;

interface Watched {
  readonly objective: Objective;
  /** When it was first met [ns]; Infinity before. */
  metNs: number;
  readonly breaches: { fromNs: number; toNs: number; actual: number; cause: string }[];
}

/** The objectives of a run, watched. */
export class ObjectiveWatch {
  readonly #world: World;
  readonly #periodNs: number;
  readonly #watched: readonly Watched[];
  /** When to look next [ns]. */
  nextNs: number;

  constructor(world: World, durationNs: number) {
    this.#world = world;
    this.#periodNs = Math.max(1, Math.ceil(durationNs / looks));
    this.#watched = world.plan.scenario.objectives.map((objective) => ({
      objective,
      metNs: Infinity,
      breaches: [],
    }));
    this.nextNs = this.#watched.length === 0 ? Infinity : this.#periodNs;
  }

  /** Looks at all objectives; the run stands at `nextNs`, after so many events. */
  look(events: number): void {
    const nowNs = this.nextNs;
    this.nextNs += this.#periodNs;
    let cause = "";
    for (const one of this.#watched) {
      const actual = valueNow(this.#world, one.objective, { timeNs: nowNs, events });
      const open = one.breaches.at(-1);
      const isOpen = open?.toNs === Infinity;
      if (actual === null) continue;
      if (isWithin(one.objective, actual)) {
        one.metNs = Math.min(one.metNs, nowNs);
        if (isOpen) open.toNs = nowNs;
        continue;
      }
      // A count that has to be reached is not missed while it grows.
      const isAhead = one.objective.is === "at least" && one.metNs > nowNs;
      if (isOpen || isAhead || one.breaches.length >= breachesMax) continue;
      cause ||= causeAt(this.#world, nowNs);
      one.breaches.push({ fromNs: nowNs, toNs: Infinity, actual, cause });
    }
  }

  /** Forgets what was seen after a time [ns]: another future begins there. */
  forgetAfter(timeNs: number): void {
    if (this.#watched.length === 0) return;
    this.nextNs = (Math.floor(timeNs / this.#periodNs) + 1) * this.#periodNs;
    for (const one of this.#watched) {
      if (one.metNs > timeNs) one.metNs = Infinity;
      while ((one.breaches.at(-1)?.fromNs ?? 0) > timeNs) one.breaches.pop();
      const last = one.breaches.at(-1);
      if (last !== undefined && last.toNs > timeNs) last.toNs = Infinity;
    }
  }

  /** How they stand at an instant. */
  states(at: { readonly timeNs: number; readonly events: number }): readonly ObjectiveState[] {
    return this.#watched.map(({ objective, breaches }) => {
      const actual = valueNow(this.#world, objective, at);
      return {
        id: objective.id,
        title: objectiveTitle(objective),
        actual,
        isMet: actual !== null && isWithin(objective, actual),
        breaches: breaches
          .filter(({ fromNs }) => fromNs <= at.timeNs)
          .map((breach) => inSeconds(breach, at.timeNs)),
      };
    });
  }
}

/** The value of an objective at an instant, without the rest of the report; null where nothing was observed. */
function valueNow(
  world: World,
  objective: Objective,
  at: { readonly timeNs: number; readonly events: number },
): number | null {
  return valueIn(world, objective, measuredFor(world, objective, at), at.timeNs);
}

/** As it looks at a time [ns], before which it may not have ended. */
function inSeconds(breach: Watched["breaches"][number], nowNs: number): Breach {
  const { fromNs, toNs, actual, cause } = breach;
  return { fromS: fromNs / 1e9, toS: toNs > nowNs ? null : toNs / 1e9, actual, cause };
}

/** What was going on at a time [ns]: what the timeline had in force or had done last, and where most was waiting. */
function causeAt(world: World, nowNs: number): string {
  const { scenario } = world.plan;
  const nowMs = nowNs / 1e6;
  const timeline = world.timeline.entries();
  const past = timelineSpans({ timeline, load: scenario.load }).filter(
    ({ fromMs }) => fromMs <= nowMs,
  );
  const inForce = past.filter(({ ends, toMs }) => ends !== "at once" && toMs > nowMs);
  const said = (inForce.length > 0 ? inForce : past.slice(-1)).slice(-3).map((span) => {
    const until =
      span.ends === "at once" || span.toMs > nowMs ? "" : ` to ${formatDurationMs(span.toMs)}`;
    const from =
      until === "" ? `since ${formatDurationMs(span.fromMs)}` : formatDurationMs(span.fromMs);
    return `${actWords(scenario, timeline[span.entry]!)} (${from}${until})`;
  });
  const before = said.length === 0 ? "Nothing on the timeline before it." : `${said.join(", ")}.`;
  return `${before}${waitingAt(world)}`;
}

/** " Most waits at orders → Payment: 1,203." */
function waitingAt(world: World): string {
  const { scenario } = world.plan;
  let most = 0;
  let where = "";
  for (const account of world.ledger.accounts) {
    const waiting = account.waiting.level();
    if (waiting <= most) continue;
    most = waiting;
    where =
      account.subscription < 0
        ? scenario.channels[account.channel]!.id
        : scenario.connections[account.subscription]!.id;
  }
  return where === "" ? "" : ` Most waits at ${nameOf(scenario, where)}: ${formatNumber(most)}.`;
}
