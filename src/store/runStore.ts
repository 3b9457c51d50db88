// The run: status, speed and clock for React, actions for everybody, one pull loop outside React (runLoop.ts).
// Frames never enter this state; drawing loops take them from liveRun.ts.
//
// Wiring, once, by main.tsx:
//   connectRun({
//     simulation: createSimulationClient(),            // src/worker/client.ts
//     scenario: () => useDocumentStore.getState().scenario,
//     onScenarioChange: (changed) => useDocumentStore.subscribe(changed),
//     onOpen: …                                        // the run of the last document goes with it
//     commit: (after, title) => useDocumentStore.getState().commit(after, title),
//   });

import { create } from "zustand";
import type { Problem } from "../base/problem.ts";
import type { Report } from "../model/report.ts";
import type { ChartId, Frame, LiveAct, RunEnding, Series } from "../model/result.ts";
import type { ObjectiveState } from "../model/objectiveState.ts";
import type { ConsistencyQuery, ConsistencyView } from "../model/consistencyView.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import type { PastApi, SimulationApi } from "../worker/api.ts";
import { actTitle } from "../model/actTitle.ts";
import { latestLiveRun, publishLiveRun } from "./liveRun.ts";
import { createRunLoop, type RunLoop } from "./runLoop.ts";
import { runsTheSame } from "../model/runParts.ts";
import { useSessionStore } from "./sessionStore.ts";

/** What a run is doing. `faulted`: the machinery behind it failed; a restart begins anew. */
export type RunStatus = "idle" | "ready" | "running" | "paused" | "ended" | "faulted";

/** Simulated seconds per wall second that are offered; Infinity is as fast as possible. */
export const speeds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 50, Infinity] as const;

/** Something the run has to tell a person. */
export interface RunNotice {
  readonly kind: "stale" | "refused" | "problem" | "fault";
  readonly text: string;
}

/** What main.tsx hands in, so that the store knows neither document store nor worker. */
export interface RunWiring {
  readonly simulation: SimulationApi;
  /** The document as it is now. */
  readonly scenario: () => Scenario;
  /** Calls back after every change of the document; returns how to stop that. */
  readonly onScenarioChange: (changed: () => void) => () => void;
  /** Calls back when another document has been opened; returns how to stop that. */
  readonly onOpen?: (opened: () => void) => () => void;
  /** Writes a document with one step of history. */
  readonly commit: (after: Scenario, title: string) => void;
  /** The page's frames and its clock; for tests. */
  readonly requestFrame?: (callback: () => void) => void;
  readonly nowMs?: () => number;
}

/** What React may read of the run, and what anybody may ask of it. */
export interface RunState {
  readonly status: RunStatus;
  readonly speed: number;
  /** Simulated time, refreshed five times a second while it runs [ns]. */
  readonly timeNs: number;
  /** Length of the loaded run [ns]. */
  readonly durationNs: number;
  /** Simulation events so far, and per wall second lately. */
  readonly events: number;
  readonly eventsPerS: number;
  readonly ending: RunEnding | null;
  /** The document has changed in a way that this run does not know. */
  readonly isStale: boolean;
  /** Why the document cannot run. */
  readonly problems: readonly Problem[];
  readonly notice: RunNotice | null;
  /** Grows with every load. */
  readonly generation: number;
  /** The document that the loaded run stands for, live acts included; null where none is loaded. */
  readonly known: Scenario | null;

  /** Compiles a document and stands at time 0; tells whether that worked. */
  load(scenario: Scenario): Promise<boolean>;
  play(): Promise<void>;
  pause(): void;
  /** Plays when it stands, pauses when it runs. */
  toggle(): Promise<void>;
  /** Simulates one event. */
  step(): Promise<void>;
  /** Takes the latest event back. */
  stepBack(): Promise<void>;
  /** Goes to an instant of the run [ns], past or future; goes on running from there if it ran. What comes later on
   *  the timeline still happens. */
  seek(timeNs: number): Promise<void>;
  /** Back to time 0 with the document as it is now; goes on running if it ran. */
  restart(): Promise<void>;
  setSpeed(speed: number): void;
  /** Does something to the running scenario, and writes it on the document's timeline. */
  act(act: LiveAct): Promise<void>;
  /** Columns of a chart; null where there is no run. */
  series(chart: ChartId, of?: string): Promise<Series | null>;
  /** The keys of a store against its replicas; null where there is no run, or no store that keeps versions. */
  consistency(query: ConsistencyQuery): Promise<ConsistencyView | null>;
  /** How the objectives stand; null where there is no run. */
  objectives(): Promise<readonly ObjectiveState[] | null>;
  /** The report as of now; null where there is no run. */
  report(): Promise<Report | null>;
  /** Asks something about the past of the run; null where there is no run. */
  past<Answer>(question: (past: PastApi) => Promise<Answer>): Promise<Answer | null>;
  dismissNotice(): void;
}

/** Wall time that going to an instant may take before the frame of the way there is shown [ms]. */
const seekBudgetMs = 250;

const staleNotice: RunNotice = {
  kind: "stale",
  text: "The drawing has changed: restart to run it.",
};

const atRest = {
  status: "idle",
  timeNs: 0,
  durationNs: 0,
  events: 0,
  eventsPerS: 0,
  ending: null,
  isStale: false,
  problems: [],
  notice: null,
  known: null,
} as const satisfies Partial<RunState>;

let wiring: RunWiring | null = null;
let loop: RunLoop | null = null;
/** Set while a live act of our own is being written into the document. */
let isRecording = false;
/** Where the run is being put [ns]; null when it goes its way. The latest wish counts. */
let goalNs: number | null = null;

/** The run as React sees it. */
export const useRunStore = create<RunState>()((set, get) => ({
  ...atRest,
  speed: 1,
  generation: 0,

  load,
  play,
  pause: () => {
    goalNs = null;
    if (get().status === "running") set({ status: "paused", eventsPerS: 0, ...clockOf() });
  },
  toggle: async () => {
    if (get().status === "running") get().pause();
    else await get().play();
  },
  step: async () => {
    get().pause();
    if (!(await ensureLoaded())) return;
    await ask(async ({ simulation }) => {
      receive(await simulation.step());
    });
    if (get().status === "ready") set({ status: "paused" });
    set(clockOf());
  },
  stepBack: async () => {
    get().pause();
    await ask(async ({ simulation }) => {
      receiveJump(await simulation.stepBack());
    });
  },
  seek,
  restart: async () => {
    const wasRunning = get().status === "running";
    if (wiring === null || !(await load(wiring.scenario()))) return;
    if (wasRunning) await play();
  },
  setSpeed: (speed) => {
    set({ speed });
    const live = latestLiveRun();
    if (live !== null) publishLiveRun({ ...live, frame: withoutMoves(live.frame), speed });
  },
  act,
  series: (chart, of) => ask(({ simulation }) => simulation.series(chart, of), "quiet"),
  consistency: (query) => ask(({ simulation }) => simulation.consistency(query), "quiet"),
  objectives: () => ask(({ simulation }) => simulation.objectives(), "quiet"),
  report: () => ask(({ simulation }) => simulation.report(), "quiet"),
  past: (question) => ask(({ simulation }) => question(simulation), "quiet"),
  dismissNotice: () => {
    set({ notice: null });
  },
}));

/** Connects the run with the document and the worker. Returns how to disconnect. */
export function connectRun(connected: RunWiring): () => void {
  wiring = connected;
  const stopOpening = connected.onOpen?.(unload);
  const stopListening = connected.onScenarioChange(noticeChange);
  loop = createRunLoop({
    simulation: connected.simulation,
    requestFrame: connected.requestFrame ?? ((callback) => void requestAnimationFrame(callback)),
    nowMs: connected.nowMs ?? (() => performance.now()),
    isRunning: () => useRunStore.getState().status === "running" && goalNs === null,
    state: () => useRunStore.getState(),
    onFrame: receive,
    onClock: (eventsPerS) => {
      useRunStore.setState({ eventsPerS, ...clockOf() });
    },
    onFault: fault,
  });
  return () => {
    stopListening();
    stopOpening?.();
    wiring = null;
    loop = null;
    unload();
  };
}

/** No run: what is still said about the last one is dropped. */
function unload(): void {
  goalNs = null;
  publishLiveRun(null);
  useRunStore.setState({ ...atRest, generation: useRunStore.getState().generation + 1 });
}

async function load(scenario: Scenario): Promise<boolean> {
  if (wiring === null) return false;
  const generation = useRunStore.getState().generation + 1;
  useRunStore.setState({ ...atRest, generation, known: scenario });
  goalNs = null;
  try {
    const loaded = await wiring.simulation.load(scenario);
    if (useRunStore.getState().generation !== generation) return false;
    if (!loaded.ok) {
      refuse(loaded.failure);
      return false;
    }
    const { speed } = useRunStore.getState();
    publishLiveRun({ scenario, frame: loaded.value, generation, jumps: 0, seenNs: 0, speed });
    useRunStore.setState({ status: "ready", durationNs: scenario.load.duration * 1e6 });
    noticeChange();
    return true;
  } catch (error) {
    if (useRunStore.getState().generation === generation) fault(error);
    return false;
  }
}

function refuse(problems: readonly Problem[]): void {
  publishLiveRun(null);
  const first = problems.find((problem) => problem.severity === "error") ?? problems[0];
  const text = `This cannot run yet. ${first?.message ?? "Look at the list of problems."}`;
  useRunStore.setState({ problems, known: null });
  say({ kind: "problem", text });
}

/** Whether a run of the document as it is now is loaded, loading it where it is not. */
async function ensureLoaded(): Promise<boolean> {
  const { status, isStale } = useRunStore.getState();
  const isLoaded = status === "ready" || status === "running" || status === "paused";
  if (wiring === null) return false;
  return (isLoaded && !isStale) || (await load(wiring.scenario()));
}

async function play(): Promise<void> {
  if (useRunStore.getState().status === "running" || !(await ensureLoaded())) return;
  useRunStore.setState({ status: "running", notice: null });
  loop?.start();
}

async function seek(timeNs: number): Promise<void> {
  const { status } = useRunStore.getState();
  if (status === "idle" && !(await ensureLoaded())) return;
  const { durationNs } = useRunStore.getState();
  const isUnderWay = goalNs !== null;
  goalNs = Math.max(0, Math.min(durationNs, Math.round(timeNs)));
  if (isUnderWay) return;
  await ask(async ({ simulation }) => {
    while (goalNs !== null) {
      const asked: number = goalNs;
      const frame = await simulation.seek({ timeNs: asked, budgetMs: seekBudgetMs });
      receiveJump(frame);
      if (goalNs === asked && (frame.timeNs >= asked || frame.ended !== null)) goalNs = null;
    }
  });
  goalNs = null;
  if (useRunStore.getState().status === "running") loop?.start();
}

async function act(done: LiveAct): Promise<void> {
  const { status, isStale } = useRunStore.getState();
  if (status === "ended")
    return say({ kind: "refused", text: "The run is over: restart it first." });
  if (isStale && status !== "running") return say(staleNotice);
  if (!isStale && !(await ensureLoaded())) return;
  await ask(async ({ simulation }) => {
    const result = await simulation.act(done);
    if (!result.ok) return say({ kind: "refused", text: result.failure });
    receive(result.value.frame, "act");
    if (useRunStore.getState().status === "ready") useRunStore.setState({ status: "paused" });
    record(done, result.value.entry);
  });
  useRunStore.setState(clockOf());
}

/** Writes a live act on the timeline of the document, in the order of time. The run knows it already. */
function record(done: LiveAct, entry: TimelineEntry): void {
  if (wiring === null) return;
  const before = wiring.scenario();
  const timeline = [...before.timeline, entry].sort((a, b) => a.at - b.at);
  const after: Scenario = { ...before, timeline };
  const { known } = useRunStore.getState();
  if (known !== null)
    useRunStore.setState({
      known: { ...known, timeline: [...known.timeline, entry].sort((a, b) => a.at - b.at) },
    });
  isRecording = true;
  wiring.commit(after, actTitle(before, done, entry.at));
  isRecording = false;
  noticeChange();
}

function noticeChange(): void {
  const { known } = useRunStore.getState();
  if (wiring === null || known === null || isRecording) return;
  const isStale = !runsTheSame(known, wiring.scenario());
  const state = useRunStore.getState();
  if (isStale === state.isStale) return;
  const isAtStart = state.timeNs === 0 && state.status !== "running";
  // A run that has not begun is simply loaded anew by the next play: nothing to tell.
  useRunStore.setState({ isStale, notice: null });
  if (isStale && !isAtStart) say(staleNotice);
}

/** Takes a frame in: drawing loops first, then the few things that React knows at once. After an act the future is
 *  another one, seen up to now; after a jump, what was under way belongs to another time. */
function receive(frame: Frame, after: "advance" | "act" | "jump" = "advance"): void {
  const live = latestLiveRun();
  if (live === null) return;
  const { speed } = useRunStore.getState();
  const seenNs = after === "act" ? frame.timeNs : Math.max(live.seenNs, frame.timeNs);
  const jumps = after === "jump" ? live.jumps + 1 : live.jumps;
  publishLiveRun({ ...live, frame, jumps, seenNs, speed });
  if (frame.ended === null) return;
  useRunStore.setState({ status: "ended", ending: frame.ended, eventsPerS: 0, ...clockOf() });
}

/** Takes the frame of another instant in. A run that had ended goes on from there when it is played. */
function receiveJump(frame: Frame): void {
  receive(frame, "jump");
  if (frame.ended !== null) return;
  const { status } = useRunStore.getState();
  const stands = status === "running" ? status : "paused";
  useRunStore.setState({ status: stands, ending: null, ...clockOf() });
}

function clockOf(): Pick<RunState, "timeNs" | "events"> {
  const frame = latestLiveRun()?.frame;
  return { timeNs: frame?.timeNs ?? 0, events: frame?.events ?? 0 };
}

function withoutMoves(frame: Frame): Frame {
  const none = new Float64Array(0);
  const moves = {
    oneOf: 1,
    connection: new Int32Array(0),
    timeNs: none,
    outcome: new Uint8Array(0),
    contract: new Int32Array(0),
    message: none,
  };
  return { ...frame, moves };
}

function say(notice: RunNotice): void {
  useRunStore.setState({ notice });
  const session = useSessionStore.getState();
  // The transport offers the restart; the sentence need not stand there twice.
  if (notice.kind === "stale") session.announce(notice.text);
  else session.notify("failure", notice.text);
}

function fault(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  useRunStore.setState({ status: "faulted", eventsPerS: 0 });
  say({ kind: "fault", text });
}

/** Asks the worker something of the run that is loaded now; answers about an older run are dropped. */
async function ask<Answer>(
  question: (connected: RunWiring) => Promise<Answer>,
  tone: "loud" | "quiet" = "loud",
): Promise<Answer | null> {
  const { generation, status } = useRunStore.getState();
  if (wiring === null || latestLiveRun() === null || status === "faulted") return null;
  try {
    const answer = await question(wiring);
    return useRunStore.getState().generation === generation ? answer : null;
  } catch (error) {
    if (useRunStore.getState().generation === generation && tone === "loud") fault(error);
    return null;
  }
}
