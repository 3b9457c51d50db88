// What the page may ask the simulation worker. Pull only: one question at a time, every answer is plain data.

import type { ProxyMarked } from "comlink";
import type { Finding } from "../imports/findings.ts";
import type { Imported, VerdictQuestion } from "../imports/importAsyncapi.ts";
import type { HandedFile } from "../imports/unpack.ts";
import type { Problem } from "../base/problem.ts";
import type { Result } from "../base/result.ts";
import type {
  LogPage,
  LogRequest,
  Survey,
  SurveyRequest,
  TracePart,
  TraceRequest,
} from "../model/lookback.ts";
import type { Replication, ReplicationPlan, ReplicationsReport } from "../model/replications.ts";
import type { Report } from "../model/report.ts";
import type { ChartId, Frame, LiveAct, Series } from "../model/result.ts";
import type { ObjectiveState } from "../model/objectiveState.ts";
import type { ConsistencyQuery, ConsistencyView } from "../model/consistencyView.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";

/** How far to simulate before the next frame. */
export interface AdvanceRequest {
  /** Simulate up to this simulated time at the most [ns]. */
  readonly untilNs: number;
  /** Stop after about this much wall time [ms], wherever the run is then. */
  readonly budgetMs: number;
  /** At most so many movements in the frame; more are sampled. */
  readonly movesMax: number;
}

/** Where to go in a run that is loaded. */
export interface SeekRequest {
  /** The instant [ns]. */
  readonly timeNs: number;
  /** Stop after about this much wall time [ms]; asking again goes on. */
  readonly budgetMs: number;
}

/** What can be asked about the past of a run. */
export interface PastApi {
  /** A page of the event log, of any part of the past. */
  log(request: LogRequest): Promise<LogPage>;
  /** Further lines of the life of a message; the failure is a sentence. */
  trace(request: TraceRequest): Promise<Result<TracePart, string>>;
  /** The slowest messages so far, or those that ended badly. */
  survey(request: SurveyRequest): Promise<Survey>;
}

/** The simulation behind the page, the same for a worker and for tests. */
export interface SimulationApi extends PastApi {
  /** Compiles a scenario and stands at time 0. Replaces the run before. */
  load(scenario: Scenario): Promise<Result<Frame, readonly Problem[]>>;
  /** Simulates a stretch and returns the frame at its end. */
  advance(request: AdvanceRequest): Promise<Frame>;
  /** Simulates exactly one event. */
  step(): Promise<Frame>;
  /** Goes to an instant of the past or the future, or nearer to it, and returns the frame there. What comes later on
   *  the timeline still happens. */
  seek(request: SeekRequest): Promise<Frame>;
  /** Goes to before the latest event. */
  stepBack(): Promise<Frame>;
  /** Does something to the running scenario now; returns the timeline entry that repeats it. */
  act(
    act: LiveAct,
  ): Promise<Result<{ readonly entry: TimelineEntry; readonly frame: Frame }, string>>;
  /** The columns of a chart, of the whole run or of one element. */
  series(chart: ChartId, of?: string): Promise<Series>;
  /** The keys of a store against its replicas as of now; null where no store keeps versions. */
  consistency(query: ConsistencyQuery): Promise<ConsistencyView | null>;
  /** How the objectives stand, and when they were missed. */
  objectives(): Promise<readonly ObjectiveState[]>;
  /** The report as of now. */
  report(): Promise<Report>;
}

/** What a worker of a pool computes: one run with another seed, from its beginning to its end. */
export interface ReplicationApi {
  replicate(scenario: Scenario, number: number): Promise<Result<Replication, readonly Problem[]>>;
}

/** What a worker computes that runs a scenario for its report alone. */
export interface WholeRunApi {
  wholeRun(scenario: Scenario): Promise<Result<Report, readonly Problem[]>>;
}

/** Runs that are being computed, side by side. */
export interface WholeRunsJob {
  /** The reports in the order of the scenarios, or why nothing came out. */
  readonly result: Promise<Result<readonly Report[], string>>;
  /** Ends them at once. */
  cancel(): void;
}

/** Runs scenarios to their ends in other threads. */
export type StartWholeRuns = (scenarios: readonly Scenario[]) => WholeRunsJob;

/** How far a series of replications is. */
export interface ReplicationProgress {
  readonly done: number;
  /** Most that there can be. */
  readonly most: number;
  /** What they say so far; undefined below two. */
  readonly report: ReplicationsReport | undefined;
}

/** A series that is being computed. */
export interface ReplicationJob {
  /** What all say together (undefined below two), or why nothing came out. */
  readonly result: Promise<Result<ReplicationsReport | undefined, string>>;
  /** Ends it with what there is. */
  cancel(): void;
}

/** Starts a series in other threads. */
export type StartReplications = (
  scenario: Scenario,
  plan: ReplicationPlan,
  onProgress: (progress: ReplicationProgress) => void,
) => ReplicationJob;

/** What the worker does that reads AsyncAPI files. */
export interface AsyncapiReadingApi {
  read(files: readonly HandedFile[]): Promise<Imported>;
  /** Asks an address for a file; the failure is a sentence. */
  fetchFile(url: string): Promise<Result<HandedFile, string>>;
}

/** What the worker of the official AsyncAPI parser does. */
export interface AsyncapiVerdictApi {
  /** Answers the questions one by one and tells how many it has. */
  judge(
    questions: readonly VerdictQuestion[],
    tell: ((done: number) => void) & ProxyMarked,
  ): Promise<readonly Finding[]>;
}

/** How far the official parser is with the documents of an import. */
export interface ImportProgress {
  readonly done: number;
  readonly most: number;
}

/** An import that is being worked on. */
export interface ImportJob {
  /** What was understood, soon; or why nothing came out. */
  readonly read: Promise<Result<Imported, string>>;
  /** The same with what the official parser says, later; never fails when `read` did not. */
  readonly judged: Promise<Result<Imported, string>>;
  /** Ends it at once; both results fail then. */
  cancel(): void;
}

/** What can be imported: files, or what an address answers with. */
export type ImportOrder = { readonly files: readonly HandedFile[] } | { readonly address: string };

/** Starts an import in other threads. */
export type StartImport = (
  order: ImportOrder,
  onProgress: (progress: ImportProgress) => void,
) => ImportJob;
