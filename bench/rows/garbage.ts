// Garbage: a run in its steady state should make none, so that its heap stays flat however long it lasts.

import { open } from "../../src/engine/sketch.suite.ts";
import { pipeline, type Technology } from "../designs.ts";
import type { Allocation, Amount, Row } from "../row.ts";
import { arenaOf, simulateEvents } from "../runs.ts";

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
    note: "Ten million events after two million to warm up. Objects made on the heap, dead or alive. The columns of the run are array buffers and are listed apart.",
    prepare: (bench) => {
      const events = bench.size === "full" ? 10_000_000 : 10_000;
      const run = open(pipeline(technology));
      const arena = arenaOf(run);
      simulateEvents(run, events / 5);
      return async () => {
        const arenaBefore = arena.byteLength();
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
              figure: (arena.byteLength() - arenaBefore) / 1000,
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
