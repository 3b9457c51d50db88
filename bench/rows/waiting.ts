// Very many messages that wait in a broker: what each takes in memory, what one more or one less costs, and what a
// checkpoint of all of them costs.

import { open } from "../../src/engine/sketch.suite.ts";
import type { Run } from "../../src/engine/run.ts";
import { backlog, fillingMs, steadyBacklog, type Technology } from "../designs.ts";
import { heapMillion } from "../heap.ts";
import { type Bench, type Prepare, type Row, timeMs } from "../row.ts";
import { simulateEvents, simulateUntil } from "../runs.ts";

const names: Readonly<Record<Technology, string>> = { kafka: "Kafka", rabbitmq: "RabbitMQ" };

function million(bench: Bench): number {
  return bench.size === "full" ? 1_000_000 : 3000;
}

/** A run in which so many messages wait, and no event is near. */
function filled(technology: Technology, messages: number): Run {
  const run = open(backlog(technology, messages));
  // Clients hold back for a while what the broker does not take at once.
  simulateUntil(run, fillingMs(messages) + 60_000);
  const { publications } = run.conservation();
  if (publications.pending > 0) throw new Error("Messages are still on their way into the broker.");
  return run;
}

function memoryRow(technology: Technology): Row {
  return {
    id: `${technology}-memory`,
    group: "waiting",
    title: `memory per message waiting in ${names[technology]}`,
    unit: "bytes",
    better: "less",
    target: { of: "figure", atLeast: 64, aim: 32 },
    rounds: 1,
    note: "Growth of all columns of the run (with what they hold in reserve) by one million waiting messages, divided by their number.",
    prepare: (bench) => () => {
      const empty = open(backlog(technology, 1)).memory().heldBytes;
      const run = filled(technology, million(bench));
      const messages = run.alive().messages;
      return {
        figure: (run.memory().heldBytes - empty) / messages,
        also: {
          waiting: { figure: messages, unit: "messages" },
          "the run without them": { figure: empty, unit: "bytes" },
        },
      };
    },
  };
}

/** Publishes and delivers messages while so many wait; answers what one costs [ns]. */
function steady(technology: Technology, wanted: (bench: Bench) => number): Prepare {
  return (bench) => {
    const messages = wanted(bench);
    const stretchMs = bench.size === "full" ? 5000 : 100;
    const run = open(steadyBacklog(technology, messages));
    let untilMs = fillingMs(messages) + 10_000;
    simulateUntil(run, untilMs);
    return () => {
      const before = run.conservation().publications.published;
      untilMs += stretchMs;
      const tookMs = timeMs(bench, () => simulateUntil(run, untilMs));
      const through = run.conservation().publications.published - before;
      const waiting = run.alive().messages;
      return {
        figure: (tookMs * 1e6) / through,
        also: { waiting: { figure: waiting, unit: "messages" } },
      };
    };
  };
}

function steadyRow(technology: Technology): Row {
  return {
    id: `${technology}-waiting`,
    group: "waiting",
    title: `publish and deliver one while a million wait in ${names[technology]}`,
    unit: "ns",
    better: "less",
    target: { of: "ratio", atLeast: 1.5, aim: 1.2 },
    prepare: steady(technology, million),
    yardstick: {
      name: "the same while a thousand wait",
      prepare: steady(technology, () => 1000),
    },
    rounds: 5,
    note: "10,000 messages a second enter and as many leave through six workers.",
  };
}

/** Memory for the moments to which a run can go back [bytes]: enough for the two that are taken here. */
const historyBytes = 2e9;

function checkpointRow(technology: Technology): Row {
  return {
    id: `${technology}-checkpoint`,
    group: "checkpoint",
    title: `checkpoint of a run with a million messages waiting in ${names[technology]}`,
    unit: "ms",
    better: "less",
    target: { of: "figure", atLeast: 60, aim: 20 },
    yardstick: heapMillion,
    rounds: 5,
    note: "A run keeps a moment of its history after a single event: everything is copied. The next one shares what has not changed. Capture and resume hand a state to another thread.",
    prepare: (bench) => {
      const state = filled(technology, million(bench)).capture();
      const scenario = backlog(technology, million(bench));
      return () => {
        const run = open(scenario, { historyBytes, historyEvents: 1 });
        const resumeMs = timeMs(bench, () => run.resume(state));
        const figure = timeMs(bench, () => simulateEvents(run, 1));
        const nextMs = timeMs(bench, () => simulateEvents(run, 1));
        const captureMs = timeMs(bench, () => run.capture());
        return {
          figure,
          also: {
            "the next one": { figure: nextMs, unit: "ms" },
            capture: { figure: captureMs, unit: "ms" },
            resume: { figure: resumeMs, unit: "ms" },
            memory: { figure: run.memory().heldBytes / 1e6, unit: "MB" },
          },
        };
      };
    },
  };
}

const both: readonly Technology[] = ["kafka", "rabbitmq"];

/** Rows about a million messages that wait. */
export const waitingRows: readonly Row[] = [
  ...both.map(memoryRow),
  ...both.map(steadyRow),
  ...both.map(checkpointRow),
];
