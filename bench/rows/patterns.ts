// Ways to fill and empty an event list that have broken lists of this kind. No figure here should fall far below the
// others: that would be a cliff.

import { Arena } from "../../src/kernel/arena.ts";
import { EventList } from "../../src/kernel/eventList.ts";
import { type Pattern, type PatternList, patterns } from "../../src/kernel/eventPatterns.suite.ts";
import { Heap } from "../heap.ts";
import { type Bench, millionsPerSecond, type Row, timeMs } from "../row.ts";

/** Rows of the patterns, one for each. */
export const patternRows: readonly Row[] = patterns.map((pattern, index) => ({
  id: `pattern-${index + 1}`,
  group: "patterns",
  title: `pattern: ${pattern.name}`,
  unit: millionsPerSecond,
  better: "more",
  yardstick: {
    name: "heap, the same pattern",
    prepare: (bench) => () => ({ figure: runOnHeap(bench, pattern) }),
  },
  rounds: 3,
  note: "About 100,000 events at once.",
  prepare: (bench) => () => ({ figure: runOnKernel(bench, pattern) }),
}));

function runOnKernel(bench: Bench, pattern: Pattern): number {
  const events = new EventList(new Arena());
  const list = { next: () => events.next(), time: () => events.time };
  return runOn(bench, pattern, {
    ...list,
    schedule: (timeNs) => events.schedule(timeNs, 0, 0, 0),
  });
}

function runOnHeap(bench: Bench, pattern: Pattern): number {
  const heap = new Heap();
  const list = { next: () => heap.next(), time: () => heap.time };
  return runOn(bench, pattern, { ...list, schedule: (timeNs) => heap.schedule(timeNs, 0) });
}

/** Million events scheduled per second by a pattern. */
function runOn(bench: Bench, pattern: Pattern, list: PatternList): number {
  let events = 0;
  const counted: PatternList = {
    ...list,
    schedule: (timeNs) => {
      events++;
      list.schedule(timeNs);
    },
  };
  const ms = timeMs(bench, () => pattern.run(counted, bench.size === "full" ? 100_000 : 1000));
  return events / ms / 1000;
}
