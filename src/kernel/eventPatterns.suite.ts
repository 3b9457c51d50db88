// Ways to fill and empty an event list that have broken lists of this kind: lost events, wrong ties, or
// a fall to a hundredth of the speed. The tests run them against a plain heap, the bench for speed.

import { Arena } from "./arena.ts";
import { RandomStreams } from "./random.ts";

/** What a pattern needs of an event list. */
export interface PatternList {
  /** Adds an event [ns]. */
  readonly schedule: (timeNs: number) => void;
  /** Takes the earliest event; false when there is none. */
  readonly next: () => boolean;
  /** Time of the event taken last [ns]. */
  readonly time: () => number;
}

/** A named way to use a list that is empty and at time 0; `n` is the scale, in events. */
export interface Pattern {
  readonly name: string;
  readonly run: (list: PatternList, n: number) => void;
}

type Delay = (uniform: () => number, index: number, n: number) => number;

/** Fills by a rule and empties. */
function fill(name: string, delay: Delay): Pattern {
  return {
    name,
    run: (list, n) => {
      const uniform = uniformOf(name);
      for (let i = 0; i < n; i++) list.schedule(delay(uniform, i, n));
      while (list.next());
    },
  };
}

/** Fills by a rule, replaces each of 2 n events taken by another, and empties. */
function hold(name: string, delay: Delay): Pattern {
  return {
    name,
    run: (list, n) => {
      const uniform = uniformOf(name);
      for (let i = 0; i < n; i++) list.schedule(delay(uniform, i, n));
      for (let i = 0; i < 2 * n && list.next(); i++)
        list.schedule(list.time() + delay(uniform, i, n));
      while (list.next());
    },
  };
}

/** After an event far ahead and one at hand, each step schedules a block of events in front of what is
 *  pending, by a rule. */
function inFront(name: string, block: number, offset: (index: number) => number): Pattern {
  return {
    name,
    run: (list, n) => {
      for (let i = 0; i < 100; i++) list.schedule(1e12 + 1e6 * i);
      list.schedule(1);
      list.next();
      for (let start = n; start > 0; start -= block)
        for (let i = 0; i < block; i++) list.schedule(1000 * start + offset(i));
      while (list.next());
    },
  };
}

/** All patterns. */
export const patterns: readonly Pattern[] = [
  fill("rising", (_, i) => 1000 * i),
  fill("falling", (_, i, n) => 1000 * (n - i)),
  fill("random", (uniform) => Math.floor(1e9 * uniform())),
  fill("one time", () => 1e6),
  fill("seven times", (uniform) => Math.floor(7 * uniform())),
  fill("1 ns to 100 days, one decade as likely as another", (uniform) => magnitude(uniform())),
  fill("halving", (_, i) => Math.floor(2 ** 52 / 2 ** (i % 53)) + i),
  hold("hold, uniform", (uniform) => 1 + Math.floor(1e6 * uniform())),
  hold("hold, 1 ns to 100 days", (uniform) => magnitude(uniform())),
  hold("hold, one in ten a thousand times longer", (uniform) =>
    Math.floor((uniform() < 0.1 ? 1e9 : 1e6) * (0.5 + uniform())),
  ),
  hold("hold, one outlier in a thousand", (uniform) =>
    Math.floor((uniform() < 0.001 ? 8.64e15 : 1e6) * uniform()),
  ),
  hold("hold, constant", () => 1e6),
  hold("hold, few times", (uniform) => 1000 * Math.floor(5 * uniform())),
  inFront("blocks in front, rising", 100, (i) => 1000 * i),
  inFront("blocks in front, all mixed", 100, (i) => 1009 * ((i * 37) % 100)),
  inFront("singly in front", 1, () => 0),
  {
    name: "into the present bucket",
    run: (list, n) => {
      const uniform = uniformOf("bucket");
      for (let i = 0; i < n / 2; i++) list.schedule(Math.floor(1e9 * uniform()));
      for (let i = 0; i < n / 2; i++) {
        if (i % 1000 === 0) list.next();
        list.schedule(list.time() + Math.floor(1e4 * uniform()));
      }
      while (list.next());
    },
  },
  {
    name: "ties behind a long sorted list",
    run: (list, n) => {
      for (let i = 0; i < n / 2; i++) list.schedule(1000 * (n - i));
      for (let i = 0; i < n / 2; i++) list.schedule(1000 * n);
      while (list.next());
    },
  },
  {
    // Many ties on every border between the parts of a list, while events at the same instant come in.
    name: "few events, a hundred times and now, for long",
    run: (list, n) => {
      const uniform = uniformOf("borders");
      for (let i = 0; i < 200; i++) list.schedule(i);
      for (let i = 0; i < 3 * n && list.next(); i++)
        list.schedule(list.time() + Math.floor(100 * Math.max(0, 1.2 * uniform() - 0.2)));
      while (list.next());
    },
  },
  {
    name: "waves",
    run: (list, n) => {
      const uniform = uniformOf("waves");
      for (let wave = 1; wave <= n; wave *= 2) {
        for (let i = 0; i < wave; i++) list.schedule(list.time() + Math.floor(1e7 * uniform()));
        for (let i = 0; i < wave - 5; i++) list.next();
      }
      while (list.next());
    },
  },
];

function magnitude(u: number): number {
  return Math.floor(2 ** (52.9 * u));
}

function uniformOf(name: string): () => number {
  const stream = new RandomStreams(new Arena(), 11).stream(name);
  return () => stream.uniform();
}
