// Random scenarios in which everything happens that draws random numbers or depends on an order: both brokers, all
// distributions, arrivals and choices of keys, retries, calls, crashes, changes by the timeline. Each follows from one
// seed.

import "../src/brokers/simulated.ts";
import "../src/engine/stations/all.ts";
import type { Distribution } from "../src/base/distribution.ts";
import type { Parameters } from "../src/base/fields.ts";
import { randomScenario } from "../src/model/scenario.suite.ts";
import type { Node, Scenario } from "../src/model/scenario.ts";
import type { TimelineEntry } from "../src/model/timeline.ts";

/** Every distribution once, with means of a few milliseconds. */
const durations: Readonly<Record<Distribution["distribution"], Distribution>> = {
  constant: { distribution: "constant", value: 3 },
  uniform: { distribution: "uniform", min: 1, max: 9 },
  exponential: { distribution: "exponential", mean: 4 },
  erlang: { distribution: "erlang", mean: 5, shape: 3 },
  lognormal: { distribution: "lognormal", mean: 6, sd: 12 },
  gamma: { distribution: "gamma", mean: 5, shape: 0.4 },
  hyperexponential: { distribution: "hyperexponential", mean: 4, cv2: 5 },
  weibull: { distribution: "weibull", mean: 4, shape: 0.8 },
  pareto: { distribution: "pareto", mean: 4, shape: 2.2 },
  triangular: { distribution: "triangular", min: 1, mode: 2, max: 9 },
  empirical: {
    distribution: "empirical",
    values: [
      { value: 2, weight: 3 },
      { value: 9, weight: 1 },
    ],
  },
};

/** Every way to arrive, some 60 messages a second each. */
const arrivals: readonly Parameters[] = [
  { arrivals: "poisson", rate: 66, bursts: "states" },
  { arrivals: "constant", rate: 120, bursts: "on-off" },
  { arrivals: "renewal", gap: { distribution: "erlang", mean: 30, shape: 2 }, batch: upTo(3) },
  { arrivals: "closed", clients: 30, think: durations.lognormal, rampUp: 2000 },
  { arrivals: "poisson", rate: 60, bursts: "none", shape: "wave" },
  { arrivals: "replay", recording: recordingOf(600), recordingRepeats: true },
];

const keyChoices = ["sequential", "uniform", "zipf", "hot", "none"];
const jitters = ["none", "full", "equal", "decorrelated"];

/** A recording of so many arrivals, 13 ms to 25 ms apart. */
function recordingOf(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, i) => `${(i * 19 + (i % 3) * 6) / 1000},k${i % 7}`,
  );
  return ["time,key", ...rows].join("\n");
}

function upTo(max: number): Distribution {
  return { distribution: "uniform", min: 0, max };
}

function inTurn<Value>(values: readonly Value[], number: number): Value {
  return values[number % values.length]!;
}

/** A scenario of half a minute with some tens of thousands of events. */
export function variedScenario(seed: number): Scenario {
  const scenario = randomScenario(seed, 5);
  return {
    ...scenario,
    load: { duration: 30_000, sourcesStopAt: 25_000 },
    nodes: scenario.nodes.map((node, i) => varied(node, seed + i)),
    timeline: [...scenario.timeline.filter(({ at }) => at < 4000), ...faults(scenario)],
  };
}

function varied(node: Node, number: number): Node {
  if (node.kind === "producer") {
    const keyChoice = inTurn(keyChoices, Math.floor(number / 2));
    return { ...node, parameters: { ...inTurn(arrivals, number), keyChoice, keys: 500 } };
  }
  if (node.kind !== "service") return node;
  return {
    ...node,
    parameters: {
      ...node.parameters,
      concurrency: 2,
      serviceTime: inTurn(Object.values(durations), number),
      errorRate: 0.05,
      attempts: 3,
      backoff: 20,
      jitter: inTurn(jitters, number),
    },
  };
}

/** The first service crashes and comes back, so does a node of each broker, and the last service gets more workers. */
function faults(scenario: Scenario): TimelineEntry[] {
  const services = scenario.nodes.filter(({ kind }) => kind === "service");
  const brokers = scenario.nodes.filter(({ kind }) => kind === "broker");
  return [
    { at: 5000, act: "crash", target: services[0]!.id, duration: 700 },
    ...brokers.flatMap(({ id }): TimelineEntry[] => [
      { at: 9000, act: "crash", target: id, member: 0 },
      { at: 12_500, act: "restart", target: id, member: 0 },
    ]),
    { at: 16_000, act: "set", target: services.at(-1)!.id, parameter: "concurrency", value: 5 },
  ];
}
