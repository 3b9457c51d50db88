// Small documents with one function and one source, for the tests of several rooms.

import type { Parameters } from "../base/fields.ts";
import type { TechnologyId } from "../brokers/index.ts";
import type { Connection, Scenario } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";

/** What a test says about its document; the rest is plain. */
export interface FunctionSketch {
  /** Technology of the source; SQS where it is absent. */
  readonly technology?: TechnologyId;
  /** Kind of the channel; "queue" where it is absent. */
  readonly kind?: string;
  /** Kind of the channel into which is published, where it is another one that is bound to the first. */
  readonly entry?: string;
  readonly function?: Parameters;
  readonly mapping?: Parameters;
  readonly channel?: Parameters;
  readonly broker?: Parameters;
  readonly publish?: Parameters;
  readonly producer?: Parameters;
  /** Further channels of the broker and connections. */
  readonly channels?: Scenario["channels"];
  readonly connections?: readonly Connection[];
  readonly timeline?: readonly TimelineEntry[];
  /** [ms] */
  readonly duration?: number;
  readonly sourcesStopAt?: number;
}

/** A producer "p", a broker "b" with a channel "q", and a function "f" that it triggers over "sub". */
export function functionScenario(about: FunctionSketch): Scenario {
  const { kind = "queue", entry, duration = 60_000 } = about;
  return {
    format: "spillway",
    version: 1,
    id: "function",
    title: "Function",
    seed: 1,
    load: {
      duration,
      ...(about.sourcesStopAt !== undefined && { sourcesStopAt: about.sourcesStopAt }),
    },
    nodes: [
      { id: "p", kind: "producer", parameters: { ...about.producer } },
      {
        id: "b",
        kind: "broker",
        technology: about.technology ?? "sqs",
        parameters: { ...about.broker },
      },
      { id: "f", kind: "function", parameters: { ...about.function } },
    ],
    channels: [
      { id: "q", kind, broker: "b", parameters: { ...about.channel } },
      ...(entry === undefined ? [] : [{ id: "in", kind: entry, broker: "b" }]),
      ...(about.channels ?? []),
    ],
    connections: [
      {
        id: "pub",
        kind: "publish",
        from: "p",
        to: entry === undefined ? "q" : "in",
        contract: "e",
        parameters: { ...about.publish },
      },
      ...(entry === undefined ? [] : [{ id: "bind", kind: "bind" as const, from: "in", to: "q" }]),
      { id: "sub", kind: "consume", from: "q", to: "f", parameters: { ...about.mapping } },
      ...(about.connections ?? []),
    ],
    contracts: [{ id: "e", name: "E", contractVersion: "1.0.0", schema: { type: "object" } }],
    timeline: about.timeline ?? [],
    objectives: [],
    layout: {},
  };
}
