// Any event list must give what a sorted array gives: order of time, then of insertion. These tests
// know nothing about the inside, so that they judge every implementation alike.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { EventList } from "./eventList.ts";

interface Entry {
  readonly time: number;
  readonly order: number;
}

/** The obvious list: sorted by insertion of each entry behind all that are not later. */
class SortedArray {
  entries: Entry[] = [];
  time = 0;
  inserted = 0;

  schedule(time: number): void {
    let at = this.entries.length;
    while (at > 0 && this.entries[at - 1]!.time > time) at--;
    this.entries.splice(at, 0, { time, order: this.inserted++ });
  }

  next(): Entry | undefined {
    const first = this.entries.shift();
    if (first !== undefined) this.time = first.time;
    return first;
  }

  copy(): SortedArray {
    return Object.assign(new SortedArray(), this, { entries: [...this.entries] });
  }
}

/** A step takes an event (`undefined`) or schedules one this long after now. */
type Step = number | undefined;

function doStep(list: EventList, model: SortedArray, delay: Step): void {
  if (delay !== undefined) {
    list.schedule(list.time + delay, model.inserted, model.inserted * 3, -model.inserted);
    model.schedule(model.time + delay);
  } else {
    const expected = model.next();
    expect(list.next()).toBe(expected !== undefined);
    if (expected !== undefined) {
      const { time, order } = expected;
      expect([list.time, list.code, list.a, list.b]).toEqual([time, order, order * 3, 0 - order]);
    }
  }
  expect(list.size()).toBe(model.entries.length);
  expect(list.peekTime()).toBe(model.entries[0]?.time ?? Infinity);
}

function drain(list: EventList, model: SortedArray): void {
  while (model.entries.length > 0) doStep(list, model, undefined);
  doStep(list, model, undefined);
}

/** Many ties, many zeros, bursts of growth and of emptying, and delays of very different size. */
const delay = fc.oneof(
  fc.constant(0),
  fc.nat(5),
  fc.nat(1000),
  fc.nat(1_000_000_000),
  fc.double({ min: 0, max: 50, noNaN: true }).map((power) => Math.floor(2 ** power)),
);
const steps = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: delay.map((one): Step[] => [one]) },
      { weight: 3, arbitrary: fc.constant<Step[]>([undefined]) },
      {
        weight: 1,
        arbitrary: fc.tuple(delay, fc.nat(60)).map(([one, n]) => Array<Step>(n).fill(one)),
      },
      { weight: 1, arbitrary: fc.array(delay, { maxLength: 60 }) },
      { weight: 1, arbitrary: fc.nat(60).map((n) => Array<Step>(n).fill(undefined)) },
    ),
    { maxLength: 40 },
  )
  .map((lists) => lists.flat());

describe("event list", () => {
  it("gives what a sorted array gives", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const events = new EventList(new Arena());
        const model = new SortedArray();
        list.forEach((one) => doStep(events, model, one));
        drain(events, model);
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it("continues after a restore as if nothing had happened", () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const arena = new Arena();
        const events = new EventList(arena);
        const model = new SortedArray();
        before.forEach((one) => doStep(events, model, one));
        const saved = { checkpoint: arena.checkpoint(), model: model.copy() };
        after.forEach((one) => doStep(events, model, one));
        const end = arena.hash();

        arena.restore(saved.checkpoint);
        expect(events.time).toBe(saved.model.time);
        after.forEach((one) => doStep(events, saved.model, one));
        expect(arena.hash()).toBe(end);
        drain(events, saved.model);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("runs in a second arena from a checkpoint of the first", () => {
    const first = new Arena();
    const events = new EventList(first);
    for (const time of [5, 3, 3, 9]) events.schedule(time, time, 0, 0);
    events.next();
    events.schedule(3, 77, 0, 0);
    const second = new Arena();
    const copy = new EventList(second);
    second.restore(first.checkpoint());
    const codes: number[] = [];
    while (copy.next()) codes.push(copy.code);
    expect(codes).toEqual([3, 77, 5, 9]);
  });

  it("keeps thousands of events in order, with ties", () => {
    const events = new EventList(new Arena());
    let word = 1;
    const times = Array.from({ length: 5000 }, () => {
      word = Math.imul(word, 1664525) + 1013904223;
      return (word >>> 8) % 700;
    });
    times.forEach((time, index) => events.schedule(time, index, 0, 0));
    const expected = times.map((time, index) => ({ time, index })).sort((x, y) => x.time - y.time);
    for (const { time, index } of expected) {
      events.next();
      expect(events.time).toBe(time);
      expect(events.code).toBe(index);
    }
    expect(events.next()).toBe(false);
  });

  it("refuses the past, the never and the undefined", () => {
    const events = new EventList(new Arena());
    events.schedule(10, 0, 0, 0);
    events.next();
    for (const time of [9, Infinity, NaN]) {
      expect(() => events.schedule(time, 0, 0, 0)).toThrow("cannot be scheduled");
    }
    expect(events.time).toBe(10);
    expect(events.size()).toBe(0);
  });
});
