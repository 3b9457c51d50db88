// A rate made of pieces that are level or rise or fall in a straight line: ramps, steps, spikes, schedules.

import { msToNs, nsPerS } from "../../base/units.ts";
import type { Pace } from "./pace.ts";
import type { ProducerValues } from "./source.ts";

/** A piece of the rate: from a time [ms] on it goes from one rate to another [1/s], until the next piece begins.
 *  The last one is level. */
interface Piece {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
}

/** A rate in pieces, perhaps again and again. */
export class Profile implements Pace {
  readonly #values: ProducerValues;
  /** Length of what repeats itself [ns]; Infinity when nothing does. */
  readonly #periodNs: number;
  /** The stated rate that the tables below were made for. */
  #rate = -1;
  #starts = new Float64Array(0);
  #rates = new Float64Array(0);
  /** Change of the rate [1/s per ns]. */
  #slopes = new Float64Array(0);
  /** Expected from 0 to the start of each piece. */
  #sums = new Float64Array(0);

  constructor(values: ProducerValues) {
    this.#values = values;
    const end = msToNs(values.schedule.at(-1)?.at ?? 0);
    const repeats = values.shape === "schedule" && values.scheduleRepeats && end > 0;
    this.#periodNs = repeats ? end : Infinity;
  }

  expected(timeNs: number, rate: number): number {
    this.#prepare(rate);
    if (this.#periodNs === Infinity) return this.#expectedWithin(timeNs);
    const within = timeNs % this.#periodNs;
    const periods = (timeNs - within) / this.#periodNs;
    return periods * this.#expectedWithin(this.#periodNs) + this.#expectedWithin(within);
  }

  when(expected: number, rate: number): number {
    if (expected === Infinity) return Infinity;
    this.#prepare(rate);
    if (this.#periodNs === Infinity) return this.#whenWithin(expected);
    const perPeriod = this.#expectedWithin(this.#periodNs);
    if (perPeriod === 0) return expected > 0 ? Infinity : 0;
    // What falls on the end of a period belongs to it: the next one may begin with nothing.
    const periods = Math.max(0, Math.ceil(expected / perPeriod) - 1);
    const rest = Math.min(perPeriod, Math.max(0, expected - periods * perPeriod));
    return periods * this.#periodNs + this.#whenWithin(rest);
  }

  #prepare(rate: number): void {
    if (rate === this.#rate) return;
    const pieces = piecesOf(this.#values, rate);
    this.#rate = rate;
    this.#starts = Float64Array.from(pieces, ({ atMs }) => msToNs(atMs));
    this.#rates = Float64Array.from(pieces, ({ from }) => from);
    this.#slopes = Float64Array.from(pieces, ({ from, to }, i) => {
      const lengthNs = (this.#starts[i + 1] ?? Infinity) - this.#starts[i]!;
      return from === to || lengthNs === 0 ? 0 : (to - from) / lengthNs;
    });
    this.#sums = new Float64Array(pieces.length);
    for (let i = 1; i < pieces.length; i++)
      this.#sums[i] = this.#sums[i - 1]! + this.#expectedIn(i - 1, this.#starts[i]!);
  }

  #expectedWithin(timeNs: number): number {
    const piece = lastAtMost(this.#starts, timeNs);
    return this.#sums[piece]! + this.#expectedIn(piece, timeNs);
  }

  /** Expected from the start of a piece to a time within it. */
  #expectedIn(piece: number, timeNs: number): number {
    const passed = timeNs - this.#starts[piece]!;
    return (passed * (this.#rates[piece]! + (this.#slopes[piece]! / 2) * passed)) / nsPerS;
  }

  #whenWithin(expected: number): number {
    const piece = lastBelow(this.#sums, expected);
    const missing = (expected - this.#sums[piece]!) * nsPerS;
    if (missing <= 0) return this.#starts[piece]!;
    const [rate, slope] = [this.#rates[piece]!, this.#slopes[piece]!];
    // The solution of rate x + slope x² / 2 = missing that loses no digits; the root is 0 where a fall has come to an end.
    const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * missing));
    return this.#starts[piece]! + (2 * missing) / (rate + root);
  }
}

/** Index of the last item that is at most a value; 0 when there is none. */
function lastAtMost(items: Float64Array, value: number): number {
  let [low, high] = [0, items.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (items[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

/** Index of the last item that is below a value; 0 when there is none. */
function lastBelow(items: Float64Array, value: number): number {
  let [low, high] = [0, items.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (items[middle]! < value) low = middle;
    else high = middle;
  }
  return low;
}

/** The pieces of a shape at a stated rate [1/s]. */
function piecesOf(values: ProducerValues, rate: number): readonly Piece[] {
  const level = (atMs: number, at: number): Piece => ({ atMs, from: at, to: at });
  switch (values.shape) {
    case "ramp": {
      const { rampFrom, rampStart, rampTime } = values;
      return [
        level(0, rampFrom),
        { atMs: rampStart, from: rampFrom, to: rate },
        level(rampStart + rampTime, rate),
      ];
    }
    case "step":
      return [level(0, rate), level(values.stepAt, values.stepRate)];
    case "spike": {
      const { spikeAt, spikeTime, spikeFactor } = values;
      return [level(0, rate), level(spikeAt, rate * spikeFactor), level(spikeAt + spikeTime, rate)];
    }
    case "schedule":
      return scheduled(values);
    default:
      return [level(0, rate)];
  }
}

/** The first row holds before its time too, the last one from its time on. */
function scheduled({ schedule, scheduleKind }: ProducerValues): readonly Piece[] {
  const first = schedule[0]?.rate ?? 0;
  return [
    { atMs: 0, from: first, to: first },
    ...schedule.map(({ at, rate }, i) => {
      const next = schedule[i + 1]?.rate ?? rate;
      return { atMs: at, from: rate, to: scheduleKind === "linear" ? next : rate };
    }),
  ];
}
