// A rate that swings around the stated one as a cosine does, as between day and night.

import { msToNs, nsPerS } from "../../base/units.ts";
import { cosOfTurns, sinOfTurns } from "../../kernel/circle.ts";
import type { Pace } from "./pace.ts";
import type { ProducerValues } from "./source.ts";

const TWO_PI = 6.283185307179586;

/** Newton's method needs four or five steps; where the rate comes near 0 halving takes over, and 60 halvings are enough. */
const stepsMax = 100;

/** rate (1 + swing cos(2π (t − peak) / period)). */
export class Wave implements Pace {
  readonly #periodNs: number;
  readonly #swing: number;
  /** Where in a period the peak is [turns]. */
  readonly #peak: number;

  constructor({ wavePeriod, waveSwing, wavePeak }: ProducerValues) {
    this.#periodNs = msToNs(wavePeriod);
    this.#swing = waveSwing;
    this.#peak = (msToNs(wavePeak) % this.#periodNs) / this.#periodNs;
  }

  expected(timeNs: number, rate: number): number {
    const within = timeNs % this.#periodNs;
    const perPeriod = (rate * this.#periodNs) / nsPerS;
    const periods = (timeNs - within) / this.#periodNs;
    return perPeriod * (periods + this.#share(within / this.#periodNs));
  }

  when(expected: number, rate: number): number {
    const periods = expected / ((rate * this.#periodNs) / nsPerS);
    // Also when the rate is 0, where it is Infinity or no number at all.
    if (!(periods < Infinity)) return expected > 0 ? Infinity : 0;
    const whole = Math.floor(periods);
    return (whole + this.#inverse(periods - whole)) * this.#periodNs;
  }

  /** Share of a period's arrivals that come in the first part of it, both in 0 … 1. */
  #share(part: number): number {
    const rise = sinOfTurns(part - this.#peak) + sinOfTurns(this.#peak);
    return part + (this.#swing / TWO_PI) * rise;
  }

  /** The part with that share, to a hundredth of a nanosecond or the last bit. */
  #inverse(share: number): number {
    let [low, high, part] = [0, 1, share];
    for (let step = 0; step < stepsMax; step++) {
      const error = this.#share(part) - share;
      if (error === 0) break;
      if (error > 0) high = part;
      else low = part;
      const next = part - error / (1 + this.#swing * cosOfTurns(part - this.#peak));
      const better = next > low && next < high ? next : (low + high) / 2;
      const moved = Math.abs(better - part) * this.#periodNs;
      part = better;
      if (moved < 0.01) break;
    }
    return part;
  }
}
