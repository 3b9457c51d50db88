// Small scenarios for tests, written so that a test reads like its drawing.

import { assert } from "../base/assert.ts";
import type { Parameters } from "../base/fields.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { drawnReadability } from "../model/readability.suite.ts";
import type { Report } from "../model/report.ts";
import { createRun, type Run } from "./run.ts";
import type { RunOptions } from "./world.ts";

/** What a test says about a scenario; the rest is plain. */
export interface Sketch {
  readonly seed?: number;
  /** [ms] */
  readonly duration?: number;
  readonly sourcesStopAt?: number;
  readonly nodes: readonly Node[];
  readonly channels?: Scenario["channels"];
  readonly connections: readonly Connection[];
  readonly contracts?: readonly string[];
  readonly timeline?: readonly TimelineEntry[];
}

/** A complete document of a sketch. Every contract is an open object. */
export function sketch(about: Sketch): Scenario {
  const used = about.connections.flatMap((link) => ("contract" in link ? [link.contract] : []));
  return {
    format: "spillway",
    version: 1,
    id: "sketch",
    title: "Sketch",
    seed: about.seed ?? 1,
    load: {
      duration: about.duration ?? 60_000,
      ...(about.sourcesStopAt === undefined ? {} : { sourcesStopAt: about.sourcesStopAt }),
    },
    nodes: about.nodes,
    channels: about.channels ?? [],
    connections: about.connections,
    contracts: [...new Set(about.contracts ?? used)].map((id) => ({
      id,
      name: id,
      contractVersion: "1.0.0",
      schema: { type: "object" },
    })),
    timeline: about.timeline ?? [],
    objectives: [],
    layout: {},
  };
}

/** A producer at a rate [1/s]. */
export function source(id: string, rate: number, parameters: Parameters = {}): Node {
  return { id, kind: "producer", parameters: { rate, ...parameters } };
}

/** A service. */
export function worker(id: string, parameters: Parameters = {}): Node {
  return { id, kind: "service", parameters };
}

/** A call that does not time out within any test and takes no time on the wire. */
export function directCall(from: string, to: string): Connection {
  const latency = { distribution: "constant", value: 0 } as const;
  return {
    id: `${from}-${to}`,
    kind: "call",
    from,
    to,
    contract: "request",
    parameters: { timeout: 1e9, latency },
  };
}

/** A run of a document that must have no errors. Which versions can be read is drawn by lot unless it is said. */
export function open(scenario: Scenario, options: RunOptions = {}): Run {
  const run = createRun(scenario, { readability: drawnReadability(scenario), ...options });
  assert(run.ok, `the sketch is valid: ${run.ok ? "" : JSON.stringify(run.failure)}`);
  return run.value;
}

/** Runs a document to its end. */
export function finish(scenario: Scenario, options: RunOptions = {}): Run {
  const run = open(scenario, options);
  run.advance({ untilNs: Infinity, maxEvents: Infinity });
  return run;
}

/** The report of a whole run. */
export function reportOf(scenario: Scenario): Report {
  return finish(scenario).report(0);
}

/** Erlang C: probability of waiting in M/M/c with an offered load of a Erlang. */
export function erlangC(servers: number, a: number): number {
  let b = 1;
  for (let n = 1; n <= servers; n++) b = (a * b) / (n + a * b);
  return b / (1 - (a / servers) * (1 - b));
}
