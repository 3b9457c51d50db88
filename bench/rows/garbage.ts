// Garbage: a run in its steady state should make none, so that its heap stays flat however long it lasts. And whether
// it does stay flat, over a hundred million events.

import { open } from "../../src/engine/sketch.suite.ts";
import type { Scenario } from "../../src/model/scenario.ts";
import { city, pipeline, type Technology } from "../designs.ts";
import type { Allocation, Amount, Row } from "../row.ts";
import { simulateEvents } from "../runs.ts";

const names: Readonly<Record<Technology, string>> = { kafka: "Kafka", rabbitmq: "RabbitMQ" };

function garbageRow(technology: Technology): Row {
  return {
    id: `${technology}-garbage`,
    group: "garbage",
    title: `garbage per event in the steady state, ${names[technology]}`,
    unit: "bytes",
    better: "less",
    target: { of: "figure", atLeast: 1, aim: 0.1 },
    rounds: 1,
    note: "Ten million events after as many to warm up. Objects made on the heap, dead or alive. The columns of the run are array buffers and are listed apart.",
    prepare: (bench) => {
      const events = bench.size === "full" ? 10_000_000 : 10_000;
      const run = open(pipeline(technology));
      simulateEvents(run, events);
      return async () => {
        const heldBefore = run.memory().heldBytes;
        const before = await bench.heap.settledBytes();
        await bench.heap.startCounting();
        simulateEvents(run, events);
        const allocation = await bench.heap.stopCounting();
        const growth = (await bench.heap.settledBytes()) - before;
        return {
          figure: allocation.bytes / events,
          also: {
            "growth of the heap": { figure: growth / 1000, unit: "kB" },
            ...collectionsOf(allocation),
            "growth of the columns": {
              figure: (run.memory().heldBytes - heldBefore) / 1000,
              unit: "kB",
            },
          },
        };
      };
    },
  };
}

function collectionsOf({ youngCollections }: Allocation): Readonly<Record<string, Amount>> {
  if (youngCollections === null) return {};
  return { "young collections": { figure: youngCollections, unit: "collections" } };
}

/** Rows about garbage. */
export const garbageRows: readonly Row[] = [garbageRow("kafka"), garbageRow("rabbitmq")];

const stretches = 10;

/** A run in ten stretches, with a look at the heap after each; the first is the warm-up. */
function longRow(id: string, title: string, scenario: Scenario): Row {
  return {
    id: `${id}-long`,
    group: "long",
    title: `growth of the heap over 100 M events, ${title}`,
    unit: "kB",
    better: "less",
    target: { of: "figure", atLeast: 500 },
    rounds: 1,
    note: "From the first tenth of the events to the last. The heap holds objects and machine code; the columns of the run are array buffers and are listed apart.",
    prepare: (bench) => {
      const events = bench.size === "full" ? 10_000_000 : 300_000;
      const run = open(scenario);
      return async () => {
        const heaps: number[] = [];
        for (let stretch = 0; stretch < stretches; stretch++) {
          simulateEvents(run, events);
          heaps.push(await bench.heap.settledBytes());
        }
        const after = heaps.map((bytes, i): [string, Amount] => {
          const million = ((i + 1) * events) / 1e6;
          return [`after ${million} M`, { figure: bytes / 1000, unit: "kB" }];
        });
        return {
          figure: Math.max(0, heaps.at(-1)! - heaps[0]!) / 1000,
          also: {
            ...Object.fromEntries(after),
            columns: { figure: run.memory().heldBytes / 1000, unit: "kB" },
          },
        };
      };
    },
  };
}

/** Rows about very long runs. */
export const longRows: readonly Row[] = [
  longRow("kafka", "Kafka", pipeline("kafka")),
  longRow("city", "100 services, 50 channels", city()),
];
