// The isolate as a process of Node. Its clock is the time that the process spent on a processor, which other
// programs disturb less than time on the wall; the argument "time on the wall" asks for that. Started with --expose-gc.

import { GCProfiler } from "node:v8";
import { createIsolate, type Question } from "./isolate.ts";
import type { Allocation, HeapProbe } from "./row.ts";

const clock = process.argv[2];
let profiler = new GCProfiler();
let usedAtStart = 0;

const heap: HeapProbe = {
  settledBytes: () => {
    // What the first collection frees may keep something else alive until the second.
    globalThis.gc?.();
    globalThis.gc?.();
    return Promise.resolve(usedBytes());
  },
  startCounting: () => {
    profiler = new GCProfiler();
    profiler.start();
    usedAtStart = usedBytes();
    return Promise.resolve();
  },
  stopCounting: () => Promise.resolve(allocationSince(usedAtStart)),
};

const answer = createIsolate({ nowMs: clock === "processor time" ? processorMs : wallMs, heap });

process.on("message", (question: Question) => {
  void answer(question).then((sentBack) => process.send?.(sentBack));
});

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function wallMs(): number {
  return performance.now();
}

function usedBytes(): number {
  return process.memoryUsage().heapUsed;
}

/** What is there now and what collections have freed meanwhile, less what was there before. */
function allocationSince(usedBefore: number): Allocation {
  const { statistics } = profiler.stop();
  const freed = statistics.map(
    ({ beforeGC, afterGC }) =>
      beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
  );
  return {
    youngCollections: statistics.filter(({ gcType }) => gcType === "Scavenge").length,
    bytes: Math.max(
      0,
      freed.reduce((sum, bytes) => sum + bytes, usedBytes() - usedBefore),
    ),
  };
}
