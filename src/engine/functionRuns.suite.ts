// Runs of documents with one function, for tests: what happened to which message, and when.

import { assert } from "../base/assert.ts";
import type { Parameters } from "../base/fields.ts";
import type { MessageEvent, MessageHappening } from "../model/events.ts";
import { type FunctionSketch, functionScenario } from "../model/functions.suite.ts";
import type { Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { type TallyName, tallyWords } from "../nodes/functions/tally.ts";
import { createRun } from "./run.ts";

/** What the platform of "f" counted. */
export type Platform = Readonly<Record<TallyName, number>>;

/** A run to its end. */
export interface FunctionRunLog {
  readonly report: Report;
  readonly events: readonly MessageEvent[];
  readonly platform: Platform;
  /** Events of a kind, in time. */
  find(event: MessageHappening, about?: Partial<MessageEvent>): readonly MessageEvent[];
}

/** Runs a document with a function "f". */
export function runFunction(scenario: Scenario): FunctionRunLog {
  const events: MessageEvent[] = [];
  const made = createRun(scenario, { onEvent: (record) => events.push(record) });
  assert(made.ok, made.ok ? "" : JSON.stringify(made.failure));
  made.value.advance({ untilNs: Infinity, maxEvents: Infinity });
  const report = made.value.report(0);
  assert(report.conservation.holds, report.conservation.violations.join(" "));
  const counts = report.nodes.find(({ id }) => id === "f")?.counts ?? {};
  const count = (name: TallyName): number => counts[tallyWords[name]] ?? 0;
  const platform: Platform = {
    throttled: count("throttled"),
    coldStarts: count("coldStarts"),
    timedOut: count("timedOut"),
    givenUp: count("givenUp"),
    toDestination: count("toDestination"),
    failedInvocations: count("failedInvocations"),
    invocations: count("invocations"),
    concurrencyMax: count("concurrencyMax"),
  };
  return {
    report,
    events,
    platform,
    find: (event, about = {}) =>
      events.filter(
        (one) =>
          one.event === event &&
          Object.entries(about).every(([name, value]) =>
            Object.entries(one).some(([key, own]) => key === name && own === value),
          ),
      ),
  };
}

/** Runs a sketch. */
export function runSketch(about: FunctionSketch): FunctionRunLog {
  return runFunction(functionScenario(about));
}

/** So many messages at the start, with keys k0, k1, … in turn. */
export function burst(count: number, keys = 1): Pick<FunctionSketch, "producer"> {
  const rows = Array.from({ length: count }, (_, at) => `0.001,k${at % keys}`);
  const recording = ["time,key", ...rows].join("\n");
  return { producer: { arrivals: "replay", recording } };
}

/** The function is not there before this instant [ms], so that messages wait for it. */
export function notBefore(ms: number): readonly TimelineEntry[] {
  return [{ at: 0, act: "crash", target: "f", duration: ms }];
}

/** Work of a fixed length per message [ms], an environment that is there at once. */
export function exactly(serviceMs: number): Parameters {
  return {
    serviceTime: { distribution: "constant", value: serviceMs },
    coldStart: { distribution: "constant", value: 0 },
  };
}

/** Everything fails that is finished between two instants [ms]. */
export function failing(fromMs: number, untilMs: number): readonly TimelineEntry[] {
  const set = { act: "set", target: "f", parameter: "errorRate" } as const;
  return [
    { ...set, at: fromMs, value: 1 },
    { ...set, at: untilMs, value: 0 },
  ];
}
