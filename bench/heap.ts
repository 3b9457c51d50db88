// The yardstick: a binary heap over typed arrays that knows nothing else, running M/M/1 queues and the hold model.
// It never changes, so that a ratio to it means the same on every machine and in every year.

import { wholeOf } from "../src/base/units.ts";
import { Arena } from "../src/kernel/arena.ts";
import { type RandomStream, RandomStreams } from "../src/kernel/random.ts";
import { type Bench, type PrepareAtOnce, rateOf, type Yardstick } from "./row.ts";

/** Events of one measurement of the kernel or of the yardstick. */
export function kernelEvents(bench: Bench): number {
  return bench.size === "full" ? 2_000_000 : 2000;
}

const meanNs = 1_000_000;

/** An exponential delay with a mean of 1 ms [ns]. */
export function delayOf(stream: RandomStream): number {
  return wholeOf(meanNs * stream.exponential());
}

/** The random stream of a measurement. */
export function streamOf(name: string): RandomStream {
  return new RandomStreams(new Arena(), 1).stream(name);
}

/** Time and payload in parallel arrays: no ties, no lane, no checkpoint. */
export class Heap {
  times = new Float64Array(1 << 18);
  payloads = new Int32Array(1 << 18);
  length = 0;
  time = 0;
  code = 0;

  /** Adds an event [ns]; at most 2^18 may be pending. */
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

  /** Takes the earliest event into `time` and `code`; false when there is none. */
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

/** The hold model on the heap: each event schedules its successor. */
export function heapHold(pending: number): Yardstick {
  return {
    name: `heap, hold, ${pending.toLocaleString("en-US")} pending`,
    prepare: (bench) => {
      const stream = streamOf("hold");
      const heap = new Heap();
      const events = kernelEvents(bench);
      for (let i = 0; i < pending; i++) heap.schedule(delayOf(stream), i);
      return () => ({
        figure: rateOf(bench, events, () => {
          for (let i = 0; i < events; i++) {
            heap.next();
            heap.schedule(heap.time + delayOf(stream), heap.code);
          }
        }),
      });
    },
  };
}

/** `stations` M/M/1 in a row on the heap, at load 0.8: code 0 is an arrival, code k an end of service at k. */
export function heapTandem(stations: number): Yardstick & { readonly prepare: PrepareAtOnce } {
  return {
    name: stations === 1 ? "heap, M/M/1" : `heap, ${stations} × M/M/1 in a row`,
    prepare: (bench) => {
      const events = kernelEvents(bench);
      return () => ({ figure: rateOf(bench, events, () => runTandem(stations, events)) });
    },
  };
}

function runTandem(stations: number, events: number): void {
  const stream = streamOf("all");
  const heap = new Heap();
  const waiting = new Int32Array(stations + 1);
  heap.schedule(0, 0);
  for (let count = 0; count < events && heap.next(); count++) {
    const station = heap.code;
    if (station === 0) heap.schedule(heap.time + 1.25 * delayOf(stream), 0);
    else if (--waiting[station]! > 0) heap.schedule(heap.time + delayOf(stream), station);
    if (station === stations) continue;
    if (++waiting[station + 1]! === 1) heap.schedule(heap.time + delayOf(stream), station + 1);
  }
}

/** What most rows are held against: M/M/1 on the heap [M events/s]. */
export const heapQueue = heapTandem(1);

/** The same for rows that measure a time: what a million of its events take [ms]. */
export const heapMillion: Yardstick = {
  name: "heap, M/M/1, a million events",
  prepare: inverted(heapQueue.prepare),
};

function inverted(prepare: PrepareAtOnce): PrepareAtOnce {
  return (bench) => {
    const measure = prepare(bench);
    return () => ({ figure: 1000 / measure().figure });
  };
}
