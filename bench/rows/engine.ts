// The whole engine at speed: every event of a run, with everything counted that a report or a chart may ask for.

import type { Run } from "../../src/engine/run.ts";
import { open } from "../../src/engine/sketch.suite.ts";
import type { Scenario } from "../../src/model/scenario.ts";
import { foodDelivery } from "../../src/scenarios/foodDelivery.ts";
import { workQueue } from "../../src/scenarios/workQueue.ts";
import { city, pipeline } from "../designs.ts";
import { heapQueue } from "../heap.ts";
import { type Amount, type Bench, millionsPerSecond, type Row, timeMs } from "../row.ts";
import { simulateUntil } from "../runs.ts";

const everything =
  "Counted: the books of every publication, copy and call, per connection, channel and account; per node what it handled and failed, busy workers and messages inside, over time, and a latency histogram; per account (a queue, or a group's view of a topic) waiting and in the system, over time, and a latency histogram; per connection failures over time; per call a histogram; per flow a latency histogram, in all and over time. No event log, no movements.";

/** A run from its start, over some simulated time; the set-up is not measured. */
function wholeRun(about: {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly scenario: Scenario;
  /** Simulated time of one measurement [ms]. */
  readonly ms: number;
  /** How often it is run in one measurement, where one run is too short: machine code settles after some ten million
   *  events, and what a tab does for minutes is what counts. */
  readonly times?: number;
  readonly target?: Row["target"];
  readonly note: string;
}): Row {
  return {
    id: about.id,
    group: about.group,
    title: about.title,
    unit: millionsPerSecond,
    better: "more",
    ...(about.target === undefined ? {} : { target: about.target }),
    yardstick: heapQueue,
    rounds: 5,
    note: `${about.note} ${everything}`,
    prepare: (bench) => () => {
      const isShort = bench.size === "short";
      const ms = isShort ? about.ms / 100 : about.ms;
      const times = isShort ? 1 : (about.times ?? 1);
      const runs = Array.from({ length: times }, () => open(about.scenario));
      const allMs = timeMs(bench, () => runs.forEach((run) => simulateUntil(run, ms)));
      const tookMs = allMs / times;
      const run = runs[0]!;
      const published = run.conservation().publications.published;
      return {
        figure: run.events() / tookMs / 1000,
        also: {
          events: { figure: run.events(), unit: "events" },
          "published messages": { figure: published / tookMs / 1000, unit: "M messages/s" },
          "simulated time": { figure: ms / tookMs, unit: "s per s" },
          ...memoryOf(bench, run),
        },
      };
    },
  };
}

/** Memory of a run as it stands, and what a checkpoint of it costs. */
function memoryOf(bench: Bench, run: Run): Readonly<Record<string, Amount>> {
  const checkpointMs = timeMs(bench, () => run.capture());
  return {
    memory: { figure: run.memory().heldBytes / 1e6, unit: "MB" },
    checkpoint: { figure: checkpointMs, unit: "ms" },
  };
}

const kafka = wholeRun({
  id: "kafka",
  group: "engine",
  title: "engine: producer → Kafka topic → service",
  scenario: pipeline("kafka"),
  ms: 60_000,
  times: 4,
  target: { of: "figure", atLeast: 4, aim: 8 },
  note: "5,000 messages a second for a minute, six partitions, six workers with exponential service times of 1 ms, all settings at their defaults.",
});

/** The same in the browser's worker and in Node, in turns. */
const kafkaInBoth: Row = {
  ...kafka,
  id: "kafka-in-both",
  title: "engine: the same in a worker, compared with Node",
  target: { of: "ratio", atLeast: 0.9 },
  yardstick: { name: "the same in Node", prepare: kafka.prepare, inNode: true },
  note: `Only with --browser; both by the clock on the wall. ${kafka.note}`,
};

/** Rows of the whole engine. */
export const engineRows: readonly Row[] = [
  kafka,
  kafkaInBoth,
  wholeRun({
    id: "rabbitmq",
    group: "engine",
    title: "engine: producer → RabbitMQ queue → service",
    scenario: pipeline("rabbitmq"),
    ms: 60_000,
    times: 4,
    target: { of: "figure", atLeast: 4, aim: 8 },
    note: "5,000 messages a second for a minute, six workers with exponential service times of 1 ms, all settings at their defaults.",
  }),
  wholeRun({
    id: "city",
    group: "engine",
    title: "engine: 100 services, 50 channels, retries, 1 % faults",
    scenario: city(),
    ms: 60_000,
    target: { of: "figure", atLeast: 2, aim: 4 },
    note: "Ten producers of 100 messages a second, 30 Kafka topics and 20 RabbitMQ queues, 45 calls with up to three attempts; one attempt of the work in a hundred fails and is tried up to three times. There are no circuit breakers yet.",
  }),
];

/** Runs of a ready-made scenario in one measurement: together some hundred thousand events. */
const times: Readonly<Record<string, number>> = { "food-delivery": 5, "work-queue": 50 };

/** Rows of the ready-made scenarios, from start to end. */
export const scenarioRows: readonly Row[] = [foodDelivery, workQueue].map((scenario) =>
  wholeRun({
    id: scenario.id,
    group: "scenarios",
    title: `scenario: ${scenario.title}`,
    scenario,
    ms: scenario.load.duration,
    times: times[scenario.id] ?? 1,
    note: "From its start to its end.",
  }),
);
