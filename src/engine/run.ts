// The loop of a run and its public face: document + seed → run. A run is advanced in slices of any size; slicing
// changes nothing. The engine has no stopwatch: the shell measures and asks again.

import { hasErrors, type Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { formatDurationMs, formatNumber } from "../base/units.ts";
import { checkScenario } from "../model/check.ts";
import type { ConservationReport, Report } from "../model/report.ts";
import type { ChartId, Frame, LiveAct, RunEnding, Series } from "../model/result.ts";
import type { Scenario, TimelineEntry } from "../model/scenario.ts";
import { ProducerRun } from "../nodes/producerRun.ts";
import { ServiceRun } from "../nodes/serviceRun.ts";
import { StoreRun } from "../nodes/storeRun.ts";
import { actProblem, doAct } from "./acts.ts";
import { audit } from "./audit.ts";
import { BrokerVerbs } from "./brokerContext.ts";
import { Calls } from "./calls.ts";
import { CallsVerbs } from "./callsContext.ts";
import { compileScenario, type Plan } from "./compile.ts";
import { frameOf } from "./frame.ts";
import { limitEnding, limits } from "./limits.ts";
import { ProducerVerbs, ServiceVerbs } from "./nodeContext.ts";
import { reportOf } from "./report.ts";
import { seriesOf } from "./series.ts";
import { Timeline } from "./timeline.ts";
import { codesPerComponent, type Component, type RunOptions, World } from "./world.ts";

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
  return succeed(new Run(compileScenario(scenario), options));
}

/** One execution of a scenario. */
export class Run {
  readonly #world: World;
  readonly #timeline: Timeline;
  readonly #durationNs: number;
  /** How far `advance` has come [ns]; at least the time of the latest event. */
  #reachedNs = 0;
  #events = 0;
  #sameInstant = 0;

  constructor(plan: Plan, options: RunOptions) {
    this.#world = createWorld(plan, options);
    this.#timeline = new Timeline(this.#world.arena, plan.scenario);
    this.#durationNs = plan.durationNs;
    startComponents(this.#world);
    if (plan.hasMoreFlows)
      this.#world.note(
        plan.scenario.connections[plan.flows.at(-1)!.entry]!.id,
        `There are more paths from producers to services than ${formatNumber(limits.flows)}; only of so many are latencies kept.`,
      );
  }

  /** Simulates a slice. */
  advance(limit: AdvanceLimit): void {
    const untilNs = Math.min(limit.untilNs, this.#durationNs);
    for (let left = limit.maxEvents; left > 0 && this.#world.ending === null; left--)
      if (!this.#takeNext(untilNs)) return this.#reach(untilNs);
  }

  /** Simulates exactly one event or deed. */
  step(): void {
    this.advance({ untilNs: this.#durationNs, maxEvents: 1 });
  }

  /** Does something to the running scenario: at the next microsecond, up to which it simulates. The entry
   *  repeats it when it stands on the timeline; the failure is a sentence with the remedy. */
  act(act: LiveAct): Result<TimelineEntry, string> {
    if (this.#world.ending !== null) return fail("The run has ended; restart it first.");
    const problem = actProblem(this.#world.plan.scenario, act);
    if (problem !== undefined) return fail(problem);
    const { entry, timeNs } = this.#timeline.add(act, this.#reachedNs);
    if (timeNs > this.#durationNs) return fail("The run is at its end; restart it first.");
    this.advance({ untilNs: timeNs, maxEvents: limits.instant });
    return succeed(entry);
  }

  /** How far the run has come [ns]. */
  timeNs(): number {
    return this.#reachedNs;
  }

  /** Events and deeds simulated so far. */
  events(): number {
    return this.#events;
  }

  /** Why the run has ended; null while it goes on. */
  ended(): RunEnding | null {
    return this.#world.ending;
  }

  /** The present instant in numbers; takes the movements since the last frame. */
  frame(movesMax: number): Frame {
    return frameOf(this.#world, { timeNs: this.#reachedNs, events: this.#events, movesMax });
  }

  /** Columns of a chart, of the whole run or of one element. */
  series(chart: ChartId, of?: string): Series {
    return seriesOf(this.#world, this.#reachedNs, chart, of);
  }

  /** The report as of now. Wall time is measured by the shell [s]. */
  report(wallSeconds: number): Report {
    return reportOf(this.#world, {
      timeNs: this.#reachedNs,
      events: this.#events,
      wallSeconds,
      stateHash: this.stateHash(),
    });
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

  /** Fingerprint of the whole state: 16 hexadecimal digits. */
  stateHash(): string {
    return this.#world.arena.hash();
  }

  /** Takes the next deed or event up to a time; false when there is none. */
  #takeNext(untilNs: number): boolean {
    const { events } = this.#world;
    const deedNs = this.#timeline.peekTime();
    const eventNs = events.peekTime();
    if (Math.min(deedNs, eventNs) > untilNs) return false;
    this.#events++;
    if (deedNs <= eventNs) {
      this.#setNow(deedNs);
      doAct(this.#world, this.#timeline.next()!.act);
    } else {
      events.next();
      this.#setNow(events.time);
      this.#dispatch(events.code, events.a, events.b);
    }
    return true;
  }

  #dispatch(code: number, a: number, b: number): void {
    const own = code & (codesPerComponent - 1);
    const component = this.#world.components[(code - own) / codesPerComponent];
    if (component === undefined) this.#world.calls.wake(own, a, b);
    else if (component.kind !== "store") component.run.wake(own, a, b);
  }

  #setNow(timeNs: number): void {
    const world = this.#world;
    this.#sameInstant = timeNs === world.now() ? this.#sameInstant + 1 : 0;
    if (this.#sameInstant > limits.instant)
      world.ending ??= limitEnding("instant", formatDurationMs(timeNs / 1e6));
    world.clock[0] = timeNs;
    this.#reachedNs = Math.max(this.#reachedNs, timeNs);
  }

  #reach(timeNs: number): void {
    this.#reachedNs = Math.max(this.#reachedNs, timeNs);
    if (this.#reachedNs < this.#durationNs) return;
    const length = formatDurationMs(this.#durationNs / 1e6);
    this.#world.ending ??= {
      reason: "finished",
      sentence: `The run reached its end after ${length} of simulated time.`,
    };
  }
}

function createWorld(plan: Plan, options: RunOptions): World {
  const world = new World(plan, options);
  plan.components.forEach((component, number) => {
    const { id } = plan.scenario.nodes[number]!;
    world.components.push(createComponent(world, component, number, id));
  });
  const callsContext = new CallsVerbs(world, plan.components.length);
  world.calls = new Calls(plan.calls, callsContext, (message) => world.messages.retain(message));
  return world;
}

function createComponent(
  world: World,
  component: Plan["components"][number],
  number: number,
  id: string,
): Component {
  switch (component.kind) {
    case "producer":
      return {
        kind: "producer",
        run: new ProducerRun(component.plan, new ProducerVerbs(world, number, id)),
      };
    case "service":
      return {
        kind: "service",
        run: new ServiceRun(component.plan, new ServiceVerbs(world, number, id)),
      };
    case "store":
      return { kind: "store", run: new StoreRun(world.arena, id) };
    case "broker":
      return {
        kind: "broker",
        run: component.technology.open(component.config, new BrokerVerbs(world, number, id)),
      };
  }
}

/** Consumers join first, then brokers set out, then producers: nothing is published before it can be taken. */
function startComponents(world: World): void {
  for (const kind of ["service", "broker", "producer"] as const)
    for (const component of world.components)
      if (component.kind !== "store" && component.kind === kind) component.run.start();
}
