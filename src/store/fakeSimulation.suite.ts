// A simulation of a few lines for tests of the page: one event per simulated millisecond, answers at once.

import { fail, succeed } from "../base/result.ts";
import type { Frame, LiveAct, RunEnding } from "../model/result.ts";
import { channelMetrics, connectionMetrics, nodeMetrics } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import type { AdvanceRequest, SimulationApi } from "../worker/api.ts";

/** The fake, and what it has been asked. */
export interface FakeSimulation extends SimulationApi {
  readonly requests: AdvanceRequest[];
  readonly loads: Scenario[];
  /** Lets every seek come only so much further [ms]. */
  slowSeeks(ms: number): void;
  /** Makes every further call fail, as a dead worker does. */
  die(): void;
}

/** A small document: a producer, a service, a store and a broker with one topic. */
export function smallScenario(): Scenario {
  return {
    format: "spillway",
    version: 1,
    id: "small",
    title: "Small",
    seed: 7,
    load: { duration: 10_000 },
    nodes: [
      { id: "orders", kind: "producer", name: "Orders", parameters: { rate: 20 } },
      { id: "payment", kind: "service", name: "Payment", parameters: { concurrency: 4 } },
      { id: "ledger", kind: "store", name: "Ledger" },
      { id: "kafka", kind: "broker", name: "Kafka", technology: "kafka" },
    ],
    channels: [{ id: "placed", broker: "kafka", kind: "topic" }],
    connections: [
      { id: "out", kind: "publish", from: "orders", to: "placed", contract: "placed" },
      { id: "in", kind: "consume", from: "placed", to: "payment" },
      { id: "save", kind: "write", from: "payment", to: "ledger" },
    ],
    contracts: [{ id: "placed", name: "OrderPlaced", contractVersion: "1.0.0", schema: {} }],
    timeline: [],
    objectives: [],
    layout: {},
  };
}

/** A frame of the right size, all zeros, for a scenario. */
export function emptyFrame(scenario: Scenario): Frame {
  return {
    timeNs: 0,
    events: 0,
    ended: null,
    nodes: new Float64Array(scenario.nodes.length * nodeMetrics.length),
    channels: new Float64Array(scenario.channels.length * channelMetrics.length),
    connections: new Float64Array(scenario.connections.length * connectionMetrics.length),
    moves: {
      oneOf: 1,
      connection: new Int32Array(0),
      timeNs: new Float64Array(0),
      outcome: new Uint8Array(0),
      contract: new Int32Array(0),
      message: new Float64Array(0),
    },
    blocked: {},
    depths: {},
    clusters: {},
    counts: {},
  };
}

/** Makes the fake. */
export function createFakeSimulation(): FakeSimulation {
  const requests: AdvanceRequest[] = [];
  const loads: Scenario[] = [];
  let scenario: Scenario | null = null;
  let timeMs = 0;
  let seekMsMax = Infinity;
  let isDead = false;

  function frame(): Frame {
    if (isDead || scenario === null) throw new Error("The simulation stopped working.");
    const ended: RunEnding | null =
      timeMs >= scenario.load.duration
        ? { reason: "finished", sentence: "The run reached its end." }
        : null;
    return { ...emptyFrame(scenario), timeNs: timeMs * 1e6, events: timeMs, ended };
  }

  function entryOf(act: LiveAct): TimelineEntry {
    const at = timeMs + 0.001;
    return act.act === "set" ? { ...act, at } : { ...act, at };
  }

  return {
    requests,
    loads,
    slowSeeks: (ms) => {
      seekMsMax = ms;
    },
    die: () => {
      isDead = true;
    },
    load: (loaded) => {
      loads.push(loaded);
      isDead = false;
      timeMs = 0;
      scenario = loaded;
      if (loaded.nodes.length > 0) return Promise.resolve(succeed(frame()));
      const message = "Add a producer first.";
      return Promise.resolve(fail([{ code: "run/empty", severity: "error", path: "", message }]));
    },
    advance: async (request) => {
      requests.push(request);
      timeMs = Math.min(scenario?.load.duration ?? 0, Math.round(request.untilNs / 1e6));
      return frame();
    },
    step: async () => {
      timeMs++;
      return frame();
    },
    seek: async ({ timeNs }) => {
      // On its way it lets others speak, as a thread does.
      if (seekMsMax < Infinity) await new Promise((resolve) => setTimeout(resolve, 0));
      const goalMs = Math.min(scenario?.load.duration ?? 0, Math.round(timeNs / 1e6));
      timeMs = Math.min(goalMs, timeMs < goalMs ? timeMs + seekMsMax : goalMs);
      return frame();
    },
    stepBack: async () => {
      timeMs--;
      return frame();
    },
    act: async (act) => {
      if (act.target === "nobody") return fail(`There is no element "nobody".`);
      const entry = entryOf(act);
      return succeed({ entry, frame: frame() });
    },
    series: async () => ({ timesS: Float64Array.of(0, 1), lines: [] }),
    consistency: async () => null,
    objectives: async () => [],
    log: ({ at }) => Promise.resolve({ records: [], from: at, to: at, isEnd: true }),
    trace: () => Promise.resolve(fail("Nothing has been sent yet.")),
    survey: () => Promise.resolve({ found: [], total: 0, surveyedNs: 0, isComplete: true }),
    report: () => Promise.reject(new Error("The fake writes no reports.")),
  };
}
