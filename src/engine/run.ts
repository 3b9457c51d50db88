// The loop of a run and its public face: document + seed → run. A run is advanced in slices of any size, and put to
// any instant of its past or future; neither changes what happens. The engine has no stopwatch: the shell measures
// and asks again.

import { hasErrors, type Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { checkScenario } from "../model/check.ts";
import type { EntityHistory } from "../model/entityHistory.ts";
import type { ObjectiveState } from "../model/objectiveState.ts";
import type { Readability } from "../model/readability.ts";
import { redriveId } from "../model/redrives.ts";
import type { ConservationReport, Report } from "../model/report.ts";
import type { ChartId, Frame, LiveAct, RunEnding, Series } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { actProblem } from "./acts.ts";
import type { ConsistencyQuery, ConsistencyView } from "../model/consistencyView.ts";
import { createWorld, startComponents } from "./assemble.ts";
import { audit } from "./audit.ts";
import { changesTo } from "./changes.ts";
import { compileScenario, type Plan } from "./compile.ts";
import { type EntityAt, entityHistories } from "./entityHistory.ts";
import { consistencyViewOf } from "./consistencyView.ts";
import { frameOf } from "./frame.ts";
import { History, type Place } from "./history.ts";
import { limits } from "./limits.ts";
import { ObjectiveWatch } from "./objectiveWatch.ts";
import { checkSize, finishedEnding, instantProblem, eventsToLook } from "./runLimits.ts";
import { reportOf } from "./report.ts";
import { seriesOf } from "./series.ts";
import { settledNs } from "./settling.ts";
import { Loop } from "./loop.ts";
import type { ForkChanges, RunState } from "./runState.ts";
import { entryFor, Timeline } from "./timeline.ts";
import { assertCompared } from "./versionPlan.ts";
import type { Ear, RunOptions, World } from "./world.ts";

/** How far to simulate: up to a simulated time [ns], at most so many events. */
export interface AdvanceLimit {
  readonly untilNs: number;
  readonly maxEvents: number;
}

/** Makes a run that stands at time 0; the problems when the document has errors. */
export function createRun(
  scenario: Scenario,
  options: RunOptions = {},
): Result<Run, readonly Problem[]> {
  const problems = checkScenario(scenario);
  if (hasErrors(problems)) return fail(problems);
  assertCompared(scenario, options.readability ?? {});
  return succeed(new Run(compileScenario(scenario, options.readability), options));
}

/** One execution of a scenario. */
export class Run {
  readonly #world: World;
  readonly #timeline: Timeline;
  readonly #durationNs: number;
  /** How it will end when no limit is in the way. Not state: it says only that there was no more to look at. */
  readonly #finished: RunEnding;
  readonly #loop: Loop;
  /** What is known of the versions that are spoken, also of those of later rollouts. */
  #readability: Readability;
  /** The moments to go back to; absent when nobody wants to. */
  readonly #history: History | undefined;
  /** Looks at the objectives on the way; absent when nobody asks. */
  readonly #watch: ObjectiveWatch | undefined;
  /** How far `advance` has come [ns]; at least the time of the latest event. Not state: it says how far somebody has
   *  looked, and looking in other places changes nothing. */
  #reachedNs = 0;
  /** How far anybody has ever looked in this future [ns]. Not state, either. */
  #seenNs = 0;
  /** The run by whose moments this one goes back, where it is a second look at it. */
  #original: Run | undefined;

  constructor(plan: Plan, options: RunOptions) {
    this.#world = createWorld(plan, options);
    const { arena } = this.#world;
    this.#readability = plan.readability;
    this.#timeline = new Timeline(arena, plan.scenario.timeline);
    this.#world.timeline = this.#timeline;
    this.#loop = new Loop(this.#world, this.#timeline);
    this.#durationNs = plan.durationNs;
    this.#finished = finishedEnding(plan.durationNs);
    const { historyBytes = 0, historyEvents } = options;
    if (historyBytes > 0) this.#history = new History(arena, historyBytes, historyEvents);
    startComponents(this.#world);
    if (options.watchesObjectives === true)
      this.#watch = new ObjectiveWatch(this.#world, plan.durationNs);
  }

  /** Simulates a slice. */
  advance(limit: AdvanceLimit): void {
    const endNs = Math.min(limit.untilNs, this.#durationNs);
    let left = limit.maxEvents;
    while (left > 0 && this.#world.ended() === null) {
      const before = this.events();
      const apart = Math.min(eventsToLook(before), this.#history?.eventsLeft(before) ?? Infinity);
      const untilNs = Math.min(endNs, this.#watch?.nextNs ?? Infinity);
      const isThrough = this.#loop.simulate(untilNs, Math.min(left, apart));
      this.#reachedNs = Math.max(this.#reachedNs, isThrough ? untilNs : this.#world.now());
      if (isThrough && this.#watch?.nextNs === untilNs) this.#watch.look(this.events());
      this.#seenNs = Math.max(this.#seenNs, this.#reachedNs);
      if (isThrough && untilNs === endNs) return;
      left -= this.events() - before;
      checkSize(this.#world, this.events());
      const messages = this.#world.messages.count();
      this.#history?.keep({ timeNs: this.#world.now(), events: this.events(), messages });
    }
  }

  /** Simulates exactly one event or deed. */
  step(): void {
    this.advance({ untilNs: this.#durationNs, maxEvents: 1 });
  }

  /** Does something to the running scenario: at the next microsecond, up to which it simulates. The entry
   *  repeats it when it stands on the timeline; the failure is a sentence with the remedy. After going back, what
   *  comes later on the timeline still happens. */
  act(act: LiveAct): Result<TimelineEntry, string> {
    if (this.ended() !== null) return fail("The run has ended; restart it first.");
    const problem = actProblem(this.#world.plan.document, act);
    if (problem !== undefined) return fail(problem);
    const { entry, timeNs } = entryFor(act, this.#reachedNs);
    if (timeNs > this.#durationNs) return fail("The run is at its end; restart it first.");
    if (!this.canDo(act)) return fail("This run does not know of that redrive; restart it first.");
    if (entry.act === "roll out") assertCompared(this.scenarioWith([entry]), this.#readability);
    this.#timeline.add([entry]);
    this.#history?.forgetFrom(timeNs);
    this.#watch?.forgetAfter(this.#reachedNs);
    this.#seenNs = this.#reachedNs;
    this.advance({ untilNs: timeNs, maxEvents: limits.instant });
    return succeed(entry);
  }

  /** Whether this run can do something at once: redrives have to be known when a run is made, because they consume. For
   *  others a run of `scenarioWith` the act has to be made, which is the same up to now. */
  canDo(act: LiveAct): boolean {
    return act.act !== "redrive" || this.#world.plan.rowOf.node.has(redriveId(act.target));
  }

  /** The entry of an act that is done now. */
  entryOf(act: LiveAct): TimelineEntry {
    return entryFor(act, this.#reachedNs).entry;
  }

  /** The document that repeats this run, with further entries on its timeline: for what has to be known of versions
   *  before they are rolled out. */
  scenarioWith(entries: readonly TimelineEntry[]): Scenario {
    const { document: scenario } = this.#world.plan;
    return { ...scenario, timeline: [...scenario.timeline, ...this.acts(), ...entries] };
  }

  /** Takes in what is known of versions, of all that are spoken so far and further ones, before a rollout. */
  learn(readability: Readability): void {
    this.#readability = readability;
    this.#world.versions?.learn(readability);
  }

  /** Goes to an instant of the past or the future [ns], after everything that happens at it. Nothing of the way there
   *  is written to the event log. A run that ends earlier then stands at its end. */
  seek(timeNs: number): Result<null, string> {
    const problem = instantProblem(timeNs, this.#durationNs);
    if (problem !== undefined) return fail(problem);
    this.rewind(timeNs);
    this.#world.unheard(() => {
      this.advance({ untilNs: timeNs, maxEvents: Infinity });
    });
    return succeed(null);
  }

  /** Goes to the nearest moment at or before an instant [ns] that needs no simulating; `advance` does the rest, in
   *  slices where `seek` would take too long. */
  rewind(timeNs: number): void {
    this.#world.moves.clear();
    if (timeNs >= this.#reachedNs && this.#world.ended() !== null) return;
    if (!this.#isBestFor(timeNs)) this.#goBack({ timeNs, events: Infinity });
    this.#reachedNs = this.#world.now();
  }

  /** Goes to before the latest event or deed; at the beginning it stays. */
  stepBack(): void {
    const events = this.events() - 1;
    if (events < 0) return;
    this.#goBack({ timeNs: Infinity, events });
    this.#world.unheard(() => {
      this.advance({ untilNs: this.#durationNs, maxEvents: events - this.events() });
    });
    this.#reachedNs = this.#world.now();
  }

  /** A second run that begins at an instant of this one [ns] and is its own from there on. The timeline is the same,
   *  and the changes are added to it; this run stays as it is. The failure is a sentence with the remedy. */
  fork(timeNs: number, changes: ForkChanges = {}, options: RunOptions = {}): Result<Run, string> {
    const now = this.scenarioWith([]);
    const wanted = changes.scenario ?? now;
    const settings = changesTo(now, wanted, timeNs);
    if (!settings.ok) return settings;
    const acts = [...settings.value, ...(changes.acts ?? [])];
    const problem =
      instantProblem(timeNs, this.#durationNs) ??
      acts.map((act) => actProblem(now, act)).find((found) => found !== undefined);
    if (problem !== undefined) return fail(problem);
    const { timeline, objectives } = wanted;
    const readability = this.#readability;
    const fork = new Run(compileScenario({ ...now, timeline, objectives }, readability), options);
    if (this.#isBestFor(timeNs)) fork.#world.arena.restore(this.#world.arena.checkpoint());
    else this.#history?.restore({ timeNs, events: Infinity }, fork.#world.arena);
    fork.#watch?.forgetAfter(fork.#world.now());
    fork.seek(timeNs);
    fork.#timeline.add(acts.map((act) => entryFor(act, timeNs).entry));
    return succeed(fork);
  }

  /** A second run that goes through what this one has been through, from the moments that this one keeps, and tells an ear
   *  of it. It knows the acts so far: after another one it is out of date. */
  secondLook(ear: Ear): Run {
    const second = new Run(compileScenario(this.scenarioWith([]), this.#readability), {});
    second.#original = this;
    second.#world.listen(ear);
    return second;
  }

  /** Goes to a state before everything that happens at an instant [ns], or somewhere before a message is published. */
  rewindBefore({ timeNs = Infinity, message = Infinity }): void {
    const world = this.#world;
    const place = { timeNs: timeNs - 1, events: Infinity, messages: message - 1 };
    const isBefore = world.now() < timeNs && world.messages.count() < message;
    const nearest = this.#moments()?.eventsBefore(place) ?? 0;
    if (!isBefore || world.ended() !== null || nearest > this.events()) this.#goBack(place);
    this.#reachedNs = world.now();
    if (timeNs < Infinity)
      world.unheard(() => this.advance({ untilNs: timeNs - 1, maxEvents: Infinity }));
  }

  /** Time of the last kept moment before an instant [ns]; −1 when only the beginning lies there. */
  momentBefore(timeNs: number): number {
    return this.#moments()?.timeBefore({ timeNs: timeNs - 1, events: Infinity }) ?? -1;
  }

  /** Its insides, for who goes through it once more and only looks. */
  world(): World {
    return this.#world;
  }

  /** How far it has ever been simulated with the acts so far [ns]; going back changes nothing about it. */
  seenNs(): number {
    return this.#seenNs;
  }

  /** What was done during this run, as entries that repeat it. */
  acts(): readonly TimelineEntry[] {
    return this.#timeline.live();
  }

  /** Moments to which it can go back at once, and the memory that they take [bytes]. */
  historySize(): { readonly moments: number; readonly bytes: number } {
    return this.#history?.size() ?? { moments: 0, bytes: 0 };
  }

  /** This run as plain data, for a run of the same scenario elsewhere. */
  capture(): RunState {
    return {
      timeNs: this.#reachedNs,
      live: [...this.acts()],
      checkpoint: this.#world.arena.checkpoint(),
    };
  }

  /** Goes on from what another run of the same scenario was; this one must be fresh. */
  resume(state: RunState): void {
    this.#timeline.add(state.live);
    this.#world.arena.restore(state.checkpoint);
    this.#reachedNs = state.timeNs;
    this.#watch?.forgetAfter(state.timeNs);
  }

  /** How far the run has come [ns]. */
  timeNs(): number {
    return this.#reachedNs;
  }

  /** Events and deeds simulated so far. */
  events(): number {
    return this.#loop.events();
  }

  /** Why the run has ended; null while it goes on. */
  ended(): RunEnding | null {
    const broken = this.#world.ended();
    if (broken !== null) return broken;
    const nextNs = Math.min(this.#timeline.nextNs[0]!, this.#world.events.peekTime());
    return this.#reachedNs >= this.#durationNs && nextNs > this.#durationNs ? this.#finished : null;
  }

  /** The present instant in numbers; takes the movements since the last frame. */
  frame(movesMax: number): Frame {
    return frameOf(this.#world, {
      timeNs: this.#reachedNs,
      events: this.events(),
      ended: this.ended(),
      movesMax,
    });
  }

  /** Columns of a chart, of the whole run or of one element. */
  series(chart: ChartId, of?: string): Series {
    return seriesOf(this.#world, this.#reachedNs, chart, of);
  }

  /** The keys of a store against its replicas as of now; undefined where no store keeps versions. */
  consistency(query: ConsistencyQuery): ConsistencyView | undefined {
    return consistencyViewOf(this.#world, this.#reachedNs, query);
  }

  /** How the objectives stand, and when they were missed; none where the run does not watch them. */
  objectives(): readonly ObjectiveState[] {
    return this.#watch?.states({ timeNs: this.#reachedNs, events: this.events() }) ?? [];
  }

  /** The report as of now. Wall time is measured by the shell [s]. */
  report(wallSeconds: number): Report {
    const report = this.#reportOf(wallSeconds);
    const states = this.objectives();
    if (states.length === 0) return report;
    const objectives = report.objectives.map((one, i) => ({
      ...one,
      breaches: states[i]?.breaches ?? [],
    }));
    return { ...report, objectives };
  }

  #reportOf(wallSeconds: number): Report {
    return reportOf(this.#world, {
      timeNs: this.#reachedNs,
      events: this.events(),
      wallSeconds,
      stateHash: this.stateHash(),
      ended: this.ended(),
    });
  }

  /** What became of an entity of a store that keeps events, up to a time of its past. */
  entityHistories(entity: EntityAt): Result<readonly EntityHistory[], string> {
    return entityHistories(this.#world, entity);
  }

  /** Simulated time after which everything had settled [ns], a proposal for the warm-up; undefined where it had not. */
  settledNs(): number | undefined {
    return settledNs(this.#world, this.#reachedNs);
  }

  /** The books as of now, compared with what the brokers themselves believe. */
  conservation(): ConservationReport {
    return audit(this.#world);
  }

  /** Rows in use in the tables of the run; after it has drained, only what waits or is retained in a broker. */
  alive(): { readonly messages: number; readonly deliveries: number; readonly requests: number } {
    const { messages, deliveries, calls } = this.#world;
    return {
      messages: messages.alive(),
      deliveries: deliveries.size(),
      requests: calls.requests(),
    };
  }

  /** Memory of the state: what it needs, and what is held for it with some in reserve [bytes]. */
  memory(): { readonly usedBytes: number; readonly heldBytes: number } {
    const { arena } = this.#world;
    return { usedBytes: arena.usedBytes(), heldBytes: arena.byteLength() };
  }

  /** Fingerprint of the whole state: 16 hexadecimal digits. */
  stateHash(): string {
    return this.#world.arena.hash();
  }

  /** Whether no kept moment is nearer to an instant than the state now, from which it can be reached. */
  #isBestFor(timeNs: number): boolean {
    const isBefore = this.#world.now() <= timeNs && this.#world.ended() === null;
    return (
      isBefore && (this.#history?.eventsBefore({ timeNs, events: Infinity }) ?? 0) <= this.events()
    );
  }

  /** Goes to the last moment kept up to a place, or to the beginning. */
  #goBack(place: Place): void {
    const { arena, plan } = this.#world;
    if (this.#moments()?.restore(place, arena) === true) return;
    // Nobody keeps the beginning, because the plan is enough to make it again.
    arena.restore(new Run(plan, {}).#world.arena.checkpoint());
  }

  #moments(): History | undefined {
    const keeper = this.#original ?? this;
    return keeper.#history;
  }
}
