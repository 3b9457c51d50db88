// The event list must lose nothing and keep the order where lists of this kind have failed. Speed is
// printed by `npm run bench -- kernel`, not asserted.

import { describe, expect, it } from "vitest";
import { Arena, type Checkpoint } from "./arena.ts";
import { EventList } from "./eventList.ts";
import { type Pattern, type PatternList, patterns } from "./eventPatterns.suite.ts";
import { RandomStreams } from "./random.ts";

/** A plain binary heap of (time, number of insertion). */
class PlainHeap {
  times: number[] = [];
  orders: number[] = [];
  inserted = 0;

  add(time: number): void {
    let hole = this.times.length;
    for (; hole > 0 && this.times[(hole - 1) >> 1]! > time; hole = (hole - 1) >> 1)
      this.#move((hole - 1) >> 1, hole);
    this.times[hole] = time;
    this.orders[hole] = this.inserted++;
  }

  /** Removes the first event and returns its number. */
  take(): number {
    const first = this.orders[0]!;
    const time = this.times.pop()!;
    const order = this.orders.pop()!;
    if (this.times.length === 0) return first;
    let hole = 0;
    for (let child = 1; child < this.times.length; child = 2 * hole + 1) {
      if (child + 1 < this.times.length && this.#isBefore(child + 1, child)) child++;
      const below = this.times[child]!;
      if (time < below || (time === below && order < this.orders[child]!)) break;
      this.#move(child, hole);
      hole = child;
    }
    this.times[hole] = time;
    this.orders[hole] = order;
    return first;
  }

  copy(): PlainHeap {
    return Object.assign(new PlainHeap(), this, {
      times: [...this.times],
      orders: [...this.orders],
    });
  }

  #move(from: number, to: number): void {
    this.times[to] = this.times[from]!;
    this.orders[to] = this.orders[from]!;
  }

  #isBefore(one: number, other: number): boolean {
    if (this.times[one] !== this.times[other]) return this.times[one]! < this.times[other]!;
    return this.orders[one]! < this.orders[other]!;
  }
}

/** An event list that compares every event with a plain heap. */
class CheckedList implements PatternList {
  readonly arena = new Arena();
  readonly events = new EventList(this.arena);
  heap = new PlainHeap();

  readonly schedule = (timeNs: number): void => {
    this.events.schedule(timeNs, this.heap.inserted, 1, -this.heap.inserted);
    this.heap.add(timeNs);
  };

  readonly time = (): number => this.events.time;

  readonly next = (): boolean => {
    const time = this.heap.times[0] ?? Infinity;
    // Not `expect`: a million of these would take a minute.
    if (this.events.peekTime() !== time) expect(this.events.peekTime()).toBe(time);
    if (this.heap.times.length === 0) {
      expect(this.events.next()).toBe(false);
      return false;
    }
    const order = this.heap.take();
    const { events } = this;
    if (!events.next() || events.time !== time || events.code !== order || events.b !== -order)
      expect([events.time, events.code]).toEqual([time, order]);
    if (events.size() !== this.heap.times.length)
      expect(events.size()).toBe(this.heap.times.length);
    return true;
  };
}

/** Goes back now and then to an earlier checkpoint, does something else, and returns. */
class RestoredList extends CheckedList {
  readonly #stream = new RandomStreams(new Arena(), 3).stream("restores");
  #old: { checkpoint: Checkpoint; heap: PlainHeap } | undefined;

  override readonly schedule = (timeNs: number): void => {
    this.events.schedule(timeNs, this.heap.inserted, 1, -this.heap.inserted);
    this.heap.add(timeNs);
    if (this.#stream.chance(0.02)) this.#wander();
  };

  #wander(): void {
    const here = { checkpoint: this.arena.checkpoint(), heap: this.heap.copy() };
    const hash = this.arena.hash();
    if (this.#old !== undefined) this.#goTo(this.#old);
    for (let i = 0; i < 50; i++) {
      const delay = Math.floor(2 ** (40 * this.#stream.uniform()));
      this.events.schedule(this.events.time + delay, this.heap.inserted, 1, -this.heap.inserted);
      this.heap.add(this.events.time + delay);
      if (this.#stream.chance(0.7)) this.next();
    }
    this.#goTo(here);
    expect(this.arena.hash()).toBe(hash);
    this.#old = here;
  }

  #goTo({ checkpoint, heap }: { checkpoint: Checkpoint; heap: PlainHeap }): void {
    this.arena.restore(checkpoint);
    this.heap = heap.copy();
  }
}

/** Runs a pattern, and expects that all events came out. */
function check(pattern: Pattern, list: CheckedList, n: number): void {
  pattern.run(list, n);
  expect(list.events.size()).toBe(0);
  expect(list.heap.inserted).toBeGreaterThan(0);
}

describe("event list under adversarial patterns", () => {
  for (const pattern of patterns) {
    it(`keeps order and number: ${pattern.name}`, () => {
      for (const n of [1, 2, 23, 24, 25, 26, 49, 65, 66, 130, 1000, 30_000])
        check(pattern, new CheckedList(), n);
    });

    it(`continues from checkpoints in mid-run: ${pattern.name}`, () => {
      for (const n of [30, 70, 700]) check(pattern, new RestoredList(), n);
    });
  }

  it("holds a million events", () => {
    const pattern = patterns.find(({ name }) => name === "random")!;
    check(pattern, new CheckedList(), 1_000_000);
  });

  it("is used again after it was emptied", () => {
    const list = new CheckedList();
    for (const n of [1000, 10, 100, 5]) {
      for (let i = 0; i < n; i++) list.schedule(list.time() + ((i * 7919) % 1000));
      while (list.next());
    }
  });
});
