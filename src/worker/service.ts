// The simulation behind the page as a plain class: the worker exposes it, tests use it without a thread.
// It measures wall time for an engine that has no clock, and turns its own bugs into data.

import type { Problem } from "../base/problem.ts";
import { msToNs } from "../base/units.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import type { Run } from "../engine/run.ts";
import type { ObjectiveState } from "../model/objectiveState.ts";
import type { ConsistencyQuery, ConsistencyView } from "../model/consistencyView.ts";
import type {
  LogPage,
  LogRequest,
  Survey,
  SurveyRequest,
  TracePart,
  TraceRequest,
} from "../model/lookback.ts";
import type { Readability } from "../model/readability.ts";
import type { Report } from "../model/report.ts";
import type { ChartId, Frame, LiveAct, RunEnding, Series } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import type { AdvanceRequest, SeekRequest, SimulationApi } from "./api.ts";
import { coarsenRates } from "./coarsen.ts";

/** What the service uses of a run. */
export type SimulatedRun = Pick<
  Run,
  | "advance"
  | "step"
  | "rewind"
  | "stepBack"
  | "act"
  | "canDo"
  | "entryOf"
  | "timeNs"
  | "events"
  | "ended"
  | "frame"
  | "series"
  | "report"
  | "consistency"
  | "objectives"
  | "scenarioWith"
  | "learn"
>;

/** What the service asks of the past of a run. */
export interface Past {
  log(request: LogRequest): LogPage;
  trace(request: TraceRequest): Result<TracePart, string>;
  survey(request: SurveyRequest): Survey;
}

/** What the service needs from outside. */
export interface ServiceOptions<Simulated extends SimulatedRun> {
  readonly createRun: (
    scenario: Scenario,
    readability: Readability,
  ) => Result<Simulated, readonly Problem[]>;
  /** Opens the past of a run, with the first question about it. */
  readonly lookBack: (run: Simulated) => Promise<Past>;
  /** What has to be known of versions before a run; at once where there is nothing to compare. */
  readonly readabilityOf: (scenario: Scenario) => Readability | Promise<Readability>;
  /** A monotonic wall clock [ms]. */
  readonly nowMs: () => number;
}

/** Events between two looks at the clock: few enough to stop in time, many enough that looking is free. */
const chunkMin = 64;
const chunkMax = 1 << 16;
/** A chunk shorter than this is doubled, one longer than four times this is halved [ms]. */
const chunkMs = 0.75;

/** Implements the worker's interface over the engine. */
export class SimulationService<Simulated extends SimulatedRun> implements SimulationApi {
  readonly #options: ServiceOptions<Simulated>;
  #run: Simulated | null = null;
  #past: Promise<Past> | null = null;
  #last: Frame | null = null;
  /** Set when the engine threw: the run stands still from then on. */
  #mistake: RunEnding | null = null;
  #chunk = 1024;
  #wallMs = 0;
  /** Grows with every load: what was prepared for an older one is dropped. */
  #loads = 0;

  constructor(options: ServiceOptions<Simulated>) {
    this.#options = options;
  }

  load(scenario: Scenario): Promise<Result<Frame, readonly Problem[]>> {
    this.#run = null;
    this.#past = null;
    this.#last = null;
    this.#mistake = null;
    this.#wallMs = 0;
    const load = ++this.#loads;
    return this.#known(scenario, (readability) => {
      if (load !== this.#loads) throw noRun();
      const created = this.#options.createRun(scenario, readability);
      if (!created.ok) return created;
      this.#run = created.value;
      return succeed(this.#take(0));
    }).catch((error: unknown) => {
      if (load === this.#loads) this.#run = null;
      return fail([mistakeAsProblem(error)]);
    });
  }

  /** Does something with what is known of versions: now, or when they have been compared. */
  #known<Value>(scenario: Scenario, work: (readability: Readability) => Value): Promise<Value> {
    try {
      const readability = this.#options.readabilityOf(scenario);
      if (readability instanceof Promise) return readability.then(work);
      return Promise.resolve(work(readability));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  advance(request: AdvanceRequest): Promise<Frame> {
    const run = this.#run;
    if (run === null) return Promise.reject(noRun());
    return this.#guarded(request.movesMax, () => {
      this.#simulate(run, request);
    });
  }

  step(): Promise<Frame> {
    const run = this.#run;
    if (run === null) return Promise.reject(noRun());
    return this.#guarded(64, () => {
      run.step();
    });
  }

  seek({ timeNs, budgetMs }: SeekRequest): Promise<Frame> {
    const run = this.#run;
    if (run === null) return Promise.reject(noRun());
    return this.#guarded(0, () => {
      run.rewind(timeNs);
      this.#simulate(run, { untilNs: timeNs, budgetMs });
      // Also what is left to happen at the very instant, where the nearest moment was in the middle of it.
      if (run.timeNs() >= timeNs) run.advance({ untilNs: timeNs, maxEvents: Infinity });
    });
  }

  stepBack(): Promise<Frame> {
    const run = this.#run;
    if (run === null) return Promise.reject(noRun());
    return this.#guarded(0, () => {
      run.stepBack();
    });
  }

  act(
    act: LiveAct,
  ): Promise<Result<{ readonly entry: TimelineEntry; readonly frame: Frame }, string>> {
    const run = this.#run;
    if (run === null) return Promise.resolve(fail(noRun().message));
    if (this.#mistake !== null) return Promise.resolve(fail(this.#mistake.sentence));
    if (!run.canDo(act)) return this.#actAnew(run, act);
    if (act.act !== "roll out") return Promise.resolve(this.#act(run, act));
    // Versions that have not met before are compared before they do.
    const after = run.scenarioWith([{ at: run.timeNs() / 1e6, ...act }]);
    return this.#known(after, (readability) => {
      if (run !== this.#run) return fail("Another run has been loaded meanwhile.");
      run.learn(readability);
      return this.#act(run, act);
    }).catch((error: unknown) => fail(sentenceOf(error)));
  }

  /** Does what a run must know from its beginning: in a run that knows it, brought to where this one is. */
  #actAnew(run: SimulatedRun, act: LiveAct): ReturnType<SimulationApi["act"]> {
    const entry = run.entryOf(act);
    const scenario = run.scenarioWith([entry]);
    return this.#known(scenario, (readability) => {
      if (run !== this.#run) return fail("Another run has been loaded meanwhile.");
      const created = this.#options.createRun(scenario, readability);
      if (!created.ok) return fail(created.failure[0]?.message ?? "This cannot be done.");
      created.value.advance({ untilNs: msToNs(entry.at), maxEvents: Infinity });
      this.#run = created.value;
      return succeed({ entry, frame: this.#take(64) });
    }).catch((error: unknown) => fail(sentenceOf(error)));
  }

  #act(
    run: SimulatedRun,
    act: LiveAct,
  ): Result<{ readonly entry: TimelineEntry; readonly frame: Frame }, string> {
    try {
      const done = run.act(act);
      return done.ok ? succeed({ entry: done.value, frame: this.#take(64) }) : done;
    } catch (error) {
      this.#mistake = { reason: "impossible", sentence: sentenceOf(error) };
      return fail(sentenceOf(error));
    }
  }

  series(chart: ChartId, of?: string): Promise<Series> {
    const empty: Series = { timesS: new Float64Array(0), lines: [] };
    if (this.#run === null || this.#mistake !== null) return Promise.resolve(empty);
    const areRates = chart === "throughput" || chart === "failures";
    return settle(this.#run, (run) => {
      const series = run.series(chart, of);
      return areRates ? coarsenRates(series) : series;
    });
  }

  consistency(query: ConsistencyQuery): Promise<ConsistencyView | null> {
    if (this.#run === null || this.#mistake !== null) return Promise.resolve(null);
    return settle(this.#run, (run) => run.consistency(query) ?? null);
  }

  objectives(): Promise<readonly ObjectiveState[]> {
    if (this.#run === null || this.#mistake !== null) return Promise.resolve([]);
    return settle(this.#run, (run) => run.objectives());
  }

  report(): Promise<Report> {
    if (this.#run === null) return Promise.reject(noRun());
    return settle(this.#run, (run) => run.report(this.#wallMs / 1000));
  }

  async log(request: LogRequest): Promise<LogPage> {
    return (await this.#lookBack()).log(request);
  }

  async trace(request: TraceRequest): Promise<Result<TracePart, string>> {
    return (await this.#lookBack()).trace(request);
  }

  async survey(request: SurveyRequest): Promise<Survey> {
    return (await this.#lookBack()).survey(request);
  }

  #lookBack(): Promise<Past> {
    const run = this.#run;
    if (run === null) return Promise.reject(noRun());
    return (this.#past ??= this.#options.lookBack(run));
  }

  #simulate(run: SimulatedRun, { untilNs, budgetMs }: Omit<AdvanceRequest, "movesMax">): void {
    const startMs = this.#options.nowMs();
    let nowMs = startMs;
    while (run.ended() === null && run.timeNs() < untilNs && nowMs - startMs < budgetMs) {
      const eventsBefore = run.events();
      const timeBeforeNs = run.timeNs();
      run.advance({ untilNs, maxEvents: this.#chunk });
      const laterMs = this.#options.nowMs();
      this.#adapt(laterMs - nowMs);
      nowMs = laterMs;
      // An engine that moves neither time nor events has nothing more to do before `untilNs`.
      if (run.events() === eventsBefore && run.timeNs() === timeBeforeNs) break;
    }
    this.#wallMs += nowMs - startMs;
  }

  #adapt(tookMs: number): void {
    if (tookMs < chunkMs) this.#chunk = Math.min(chunkMax, this.#chunk * 2);
    else if (tookMs > chunkMs * 4) this.#chunk = Math.max(chunkMin, this.#chunk >> 1);
  }

  /** Runs `work` and takes the frame after it; a bug of the engine ends the run with a sentence. */
  #guarded(movesMax: number, work: () => void): Promise<Frame> {
    if (this.#mistake === null) {
      try {
        work();
        return Promise.resolve(this.#take(movesMax));
      } catch (error) {
        this.#mistake = { reason: "impossible", sentence: sentenceOf(error) };
      }
    }
    const last = this.#last;
    if (last === null) return Promise.reject(noRun());
    return Promise.resolve({ ...copyOf(last), ended: this.#mistake });
  }

  /** The frame now. A copy is kept, because the one handed out is transferred to the page. */
  #take(movesMax: number): Frame {
    const run = this.#run;
    if (run === null) throw noRun();
    const frame = run.frame(movesMax);
    this.#last = copyOf(frame);
    return frame;
  }
}

function noRun(): Error {
  return new Error("No run is loaded: load a scenario first.");
}

function settle<Value>(run: SimulatedRun, read: (run: SimulatedRun) => Value): Promise<Value> {
  try {
    return Promise.resolve(read(run));
  } catch (error) {
    return Promise.reject(new Error(sentenceOf(error), { cause: error }));
  }
}

function copyOf(frame: Frame): Frame {
  return {
    ...frame,
    nodes: frame.nodes.slice(),
    channels: frame.channels.slice(),
    connections: frame.connections.slice(),
    moves: {
      oneOf: 1,
      connection: new Int32Array(0),
      timeNs: new Float64Array(0),
      outcome: new Uint8Array(0),
      contract: new Int32Array(0),
      message: new Float64Array(0),
    },
  };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function mistakeAsProblem(error: unknown): Problem {
  return { code: "run/mistake", severity: "error", path: "", message: sentenceOf(error) };
}
