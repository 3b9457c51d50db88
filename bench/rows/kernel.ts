// The kernel alone: its event list and its rings against the same models on the yardstick's plain heap.

import { Arena } from "../../src/kernel/arena.ts";
import { EventList } from "../../src/kernel/eventList.ts";
import { Ring } from "../../src/kernel/ring.ts";
import { delayOf, heapHold, heapTandem, kernelEvents, streamOf } from "../heap.ts";
import { millionsPerSecond, rateOf, type Row, type Target } from "../row.ts";

/** The hold model: each event schedules its successor. */
function hold(pending: number): Row {
  const shown = pending.toLocaleString("en-US");
  return {
    id: `hold-${pending}`,
    group: "kernel",
    title: `kernel: hold model, ${shown} pending`,
    unit: millionsPerSecond,
    better: "more",
    target: { of: "ratio", atLeast: 1.3, aim: 2 },
    yardstick: heapHold(pending),
    rounds: 7,
    note: `Each event schedules its successor after an exponential delay; ${shown} are always pending.`,
    prepare: (bench) => {
      const stream = streamOf("hold");
      const list = new EventList(new Arena());
      const events = kernelEvents(bench);
      for (let i = 0; i < pending; i++) list.schedule(delayOf(stream), i, 0, 0);
      return () => ({
        figure: rateOf(bench, events, () => {
          for (let i = 0; i < events; i++) {
            list.next();
            list.schedule(list.time + delayOf(stream), list.code, 0, 0);
          }
        }),
      });
    },
  };
}

/** `stations` M/M/1 in a row at load 0.8. */
function tandem(stations: number, target?: Target): Row {
  const name = stations === 1 ? "M/M/1" : `${stations} × M/M/1 in a row`;
  return {
    id: `tandem-${stations}`,
    group: "kernel",
    title: `kernel: ${name}`,
    unit: millionsPerSecond,
    better: "more",
    ...(target === undefined ? {} : { target }),
    yardstick: heapTandem(stations),
    rounds: 7,
    note: "Load 0.8. Jobs wait in rings of the arena; the yardstick only counts them.",
    prepare: (bench) => {
      const events = kernelEvents(bench);
      return () => ({ figure: rateOf(bench, events, () => runTandem(stations, events)) });
    },
  };
}

/** Code 0 is an arrival, code k an end of service at station k. */
function runTandem(stations: number, most: number): void {
  const arena = new Arena();
  const stream = streamOf("all");
  const events = new EventList(arena);
  const queues = Array.from({ length: stations + 1 }, (_, i) => new Ring(arena, `queue ${i}`));
  events.schedule(0, 0, 0, 0);
  for (let job = 0, count = 0; count < most && events.next(); count++) {
    const station = events.code;
    if (station === 0) {
      queues[0]!.pushBack(job++);
      events.schedule(events.time + 1.25 * delayOf(stream), 0, 0, 0);
    }
    const moved = queues[station]!.popFront();
    if (queues[station]!.size() > 0) events.schedule(events.time + delayOf(stream), station, 0, 0);
    if (station === stations) continue;
    queues[station + 1]!.pushBack(moved);
    if (queues[station + 1]!.size() === 1)
      events.schedule(events.time + delayOf(stream), station + 1, 0, 0);
  }
}

/** Rows of the kernel. */
export const kernelRows: readonly Row[] = [
  hold(1000),
  hold(100_000),
  tandem(1),
  tandem(10, { of: "figure", atLeast: 12, aim: 20 }),
];
