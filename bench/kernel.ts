// How fast the kernel is, as a ratio to a plain yardstick measured in the same run: a binary heap over
// typed arrays that knows nothing else. Hold model: each event schedules its successor. Figures are
// medians of alternating rounds, in million events per second of processor time, which other programs on
// the machine disturb less than time on the wall.

import { Arena } from "../src/kernel/arena.ts";
import { EventList } from "../src/kernel/eventList.ts";
import { type Pattern, type PatternList, patterns } from "../src/kernel/eventPatterns.suite.ts";
import { RandomStreams } from "../src/kernel/random.ts";
import type { RandomStream } from "../src/kernel/random.ts";
import { Ring } from "../src/kernel/ring.ts";

const ROUNDS = 7;
const EVENTS = 2_000_000;
const MEAN_NS = 1_000_000;
/** Scale of the patterns: about so many events at once. */
const PENDING = 100_000;

/** The yardstick: time and payload in parallel arrays, no ties, no lane, no checkpoint. */
class Yardstick {
  times = new Float64Array(1 << 18);
  payloads = new Int32Array(1 << 18);
  length = 0;
  time = 0;
  code = 0;

  schedule(time: number, code: number): void {
    const { times, payloads } = this;
    let hole = this.length++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (times[parent]! <= time) break;
      times[hole] = times[parent]!;
      payloads[hole] = payloads[parent]!;
      hole = parent;
    }
    times[hole] = time;
    payloads[hole] = code;
  }

  next(): boolean {
    const { times, payloads } = this;
    if (this.length === 0) return false;
    this.time = times[0]!;
    this.code = payloads[0]!;
    const last = --this.length;
    const time = times[last]!;
    let hole = 0;
    for (let child = 1; child < last; child = 2 * hole + 1) {
      if (child + 1 < last && times[child + 1]! < times[child]!) child++;
      if (time <= times[child]!) break;
      times[hole] = times[child]!;
      payloads[hole] = payloads[child]!;
      hole = child;
    }
    times[hole] = time;
    payloads[hole] = payloads[last]!;
    return true;
  }
}

interface Model {
  readonly name: string;
  /** Runs EVENTS events of the kernel. */
  readonly kernel: () => void;
  readonly yardstick: () => void;
}

function delayOf(stream: RandomStream): number {
  return Math.round(MEAN_NS * stream.exponential());
}

function holdModel(pending: number): Model {
  const kernelStream = new RandomStreams(new Arena(), 1).stream("hold");
  const events = new EventList(new Arena());
  for (let i = 0; i < pending; i++) events.schedule(delayOf(kernelStream), i, 0, 0);
  const heapStream = new RandomStreams(new Arena(), 1).stream("hold");
  const heap = new Yardstick();
  for (let i = 0; i < pending; i++) heap.schedule(delayOf(heapStream), i);
  return {
    name: `hold, ${pending} pending`,
    kernel: () => {
      for (let i = 0; i < EVENTS; i++) {
        events.next();
        events.schedule(events.time + delayOf(kernelStream), events.code, 0, 0);
      }
    },
    yardstick: () => {
      for (let i = 0; i < EVENTS; i++) {
        heap.next();
        heap.schedule(heap.time + delayOf(heapStream), heap.code);
      }
    },
  };
}

/** `stations` M/M/1 in a row at load 0.8: code 0 is an arrival, code k an end of service at k. */
function tandem(stations: number): Model {
  return {
    name: `${stations} × M/M/1 in a row`,
    kernel: () => runKernelTandem(stations),
    yardstick: () => runHeapTandem(stations),
  };
}

function runKernelTandem(stations: number): void {
  const arena = new Arena();
  const stream = new RandomStreams(arena, 1).stream("all");
  const events = new EventList(arena);
  const queues = Array.from({ length: stations + 1 }, (_, i) => new Ring(arena, `queue ${i}`));
  events.schedule(0, 0, 0, 0);
  for (let job = 0, count = 0; count < EVENTS && events.next(); count++) {
    const station = events.code;
    if (station === 0) {
      queues[0]!.pushBack(job++);
      events.schedule(events.time + 1.25 * delayOf(stream), 0, 0, 0);
    }
    const moved = queues[station]!.popFront();
    if (queues[station]!.size() > 0) events.schedule(events.time + delayOf(stream), station, 0, 0);
    if (station === stations) continue;
    queues[station + 1]!.pushBack(moved);
    if (queues[station + 1]!.size() === 1) {
      events.schedule(events.time + delayOf(stream), station + 1, 0, 0);
    }
  }
}

function runHeapTandem(stations: number): void {
  const stream = new RandomStreams(new Arena(), 1).stream("all");
  const heap = new Yardstick();
  const waiting = new Int32Array(stations + 1);
  heap.schedule(0, 0);
  for (let count = 0; count < EVENTS && heap.next(); count++) {
    const station = heap.code;
    if (station === 0) heap.schedule(heap.time + 1.25 * delayOf(stream), 0);
    else if (--waiting[station]! > 0) heap.schedule(heap.time + delayOf(stream), station);
    if (station === stations) continue;
    if (++waiting[station + 1]! === 1) heap.schedule(heap.time + delayOf(stream), station + 1);
  }
}

/** Million events scheduled per second by a pattern. */
function runPattern(
  pattern: Pattern,
  list: Omit<PatternList, "schedule">,
  schedule: (timeNs: number) => void,
): number {
  let events = 0;
  const counted: PatternList = {
    ...list,
    schedule: (timeNs) => {
      events++;
      schedule(timeNs);
    },
  };
  const start = process.cpuUsage();
  pattern.run(counted, PENDING);
  const { user, system } = process.cpuUsage(start);
  return events / (user + system);
}

function runPatternOnKernel(pattern: Pattern): number {
  const events = new EventList(new Arena());
  const list = { next: () => events.next(), time: () => events.time };
  return runPattern(pattern, list, (timeNs) => events.schedule(timeNs, 0, 0, 0));
}

function runPatternOnHeap(pattern: Pattern): number {
  const heap = new Yardstick();
  const list = { next: () => heap.next(), time: () => heap.time };
  return runPattern(pattern, list, (timeNs) => heap.schedule(timeNs, 0));
}

function millionsPerSecond(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return EVENTS / (user + system);
}

function median(values: number[]): number {
  return values.sort((x, y) => x - y)[values.length >> 1]!;
}

/** Measures both in turns and prints a line. */
function compare(
  name: string,
  rounds: number,
  runKernel: () => number,
  runYardstick: () => number,
): void {
  const kernel: number[] = [];
  const yardstick: number[] = [];
  for (let round = 0; round < rounds; round++) {
    kernel.push(runKernel());
    yardstick.push(runYardstick());
  }
  const [own, other] = [median(kernel), median(yardstick)];
  const figures = `${own.toFixed(1)} M/s, yardstick ${other.toFixed(1)}, ratio ${(own / other).toFixed(2)}`;
  console.log(`${name.padEnd(52)} ${figures}`);
}

for (const { name, kernel, yardstick } of [
  holdModel(1000),
  holdModel(100_000),
  tandem(1),
  tandem(10),
])
  compare(
    name,
    ROUNDS,
    () => millionsPerSecond(kernel),
    () => millionsPerSecond(yardstick),
  );

// No figure here should fall far below the others: that would be a cliff.
console.log(`patterns, ${PENDING} events`);
for (const pattern of patterns)
  compare(
    `  ${pattern.name}`,
    3,
    () => runPatternOnKernel(pattern),
    () => runPatternOnHeap(pattern),
  );
