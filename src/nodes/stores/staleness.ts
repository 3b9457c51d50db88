// How old the oldest update is that a replica lacks, over time: a sawtooth, whose mean and largest value are exact because
// between two changes it rises with time itself.

import type { Arena, FloatCells } from "../../kernel/arena.ts";

// Cells.
/** Since when the present oldest update is missing [ns]; −1 while none is. */
const OLDEST = 0;
/** Up to when the figures are worked out [ns]. */
const UNTIL = 1;
/** Integral of the age [s²]. */
const AREA = 2;
/** Largest age [ns]. */
const MAX = 3;
/** Time above the limit [ns]. */
const ABOVE = 4;
const CELLS = 5;

/** Figures of an age over a span of time. */
export interface AgeFigures {
  /** Present age [ns]. */
  readonly nowNs: number;
  /** Time-weighted mean [ns]. */
  readonly meanNs: number;
  readonly maxNs: number;
  /** Share of the time in which it was above the limit. */
  readonly shareAbove: number;
}

/** The age of the oldest missing update over time. */
export class StalenessAge {
  readonly #limitNs: number;
  readonly #state: FloatCells;

  /** An age above `limitNs` counts as too old. */
  constructor(arena: Arena, name: string, limitNs: number) {
    this.#limitNs = limitNs;
    this.#state = arena.floatCells(`${name}/age`, CELLS);
    this.#state.cells[this.#state.at + OLDEST] = -1;
  }

  /** From a time on [ns], another update is the oldest missing one: since when it is [ns], −1 for none. */
  change(nowNs: number, oldestNs: number): void {
    const { cells, at } = this.#state;
    const fromNs = cells[at + UNTIL]!;
    const sinceNs = cells[at + OLDEST]!;
    cells[at + AREA]! += areaOf(sinceNs, fromNs, nowNs);
    cells[at + ABOVE]! += this.#above(sinceNs, fromNs, nowNs);
    if (sinceNs >= 0) cells[at + MAX] = Math.max(cells[at + MAX]!, nowNs - sinceNs);
    cells[at + UNTIL] = nowNs;
    cells[at + OLDEST] = oldestNs;
  }

  /** Since when the oldest missing update is missing [ns]; −1 while none is. */
  oldestNs(): number {
    return this.#state.cells[this.#state.at + OLDEST]!;
  }

  /** The figures from 0 to a time not before the last change [ns]. */
  figures(nowNs: number): AgeFigures {
    const { cells, at } = this.#state;
    const sinceNs = cells[at + OLDEST]!;
    const fromNs = cells[at + UNTIL]!;
    const ageNs = sinceNs < 0 ? 0 : nowNs - sinceNs;
    const area = cells[at + AREA]! + areaOf(sinceNs, fromNs, nowNs);
    const aboveNs = cells[at + ABOVE]! + this.#above(sinceNs, fromNs, nowNs);
    return {
      nowNs: ageNs,
      meanNs: nowNs === 0 ? 0 : (area / (nowNs / 1e9)) * 1e9,
      maxNs: Math.max(cells[at + MAX]!, ageNs),
      shareAbove: nowNs === 0 ? 0 : aboveNs / nowNs,
    };
  }

  #above(sinceNs: number, fromNs: number, untilNs: number): number {
    if (sinceNs < 0) return 0;
    return Math.max(0, untilNs - Math.max(fromNs, sinceNs + this.#limitNs));
  }
}

/** Integral of the age of what is missing since a time, over a span [s²]. */
function areaOf(sinceNs: number, fromNs: number, untilNs: number): number {
  if (sinceNs < 0) return 0;
  const [from, until] = [(fromNs - sinceNs) / 1e9, (untilNs - sinceNs) / 1e9];
  return ((until - from) * (until + from)) / 2;
}
