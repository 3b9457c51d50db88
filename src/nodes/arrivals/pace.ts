// How the rate of a source changes over the simulated time: what is expected up to a time, and its inverse. Arrivals
// with such a pace are those at a rate of one, seen through the inverse; so even spacing stays exact, and Poisson
// arrivals stay Poisson (E. Çinlar 1975: inversion of the integrated rate).

import { Profile } from "./profile.ts";
import type { ProducerValues } from "./source.ts";
import { Wave } from "./wave.ts";

/** A rate that changes with the time. It keeps nothing between calls that it could not work out again. */
export interface Pace {
  /** Arrivals expected from time 0 to a time [ns] when the stated rate is this [1/s]. */
  expected(timeNs: number, rate: number): number;
  /** The earliest time by which so many are expected [ns, not rounded]; Infinity if they never are. */
  when(expected: number, rate: number): number;
}

/** The pace that a producer's parameters describe; undefined when its rate is always the same. */
export function createPace(values: ProducerValues): Pace | undefined {
  const isAtRate = values.arrivals === "poisson" || values.arrivals === "constant";
  if (!isAtRate || values.shape === "steady") return undefined;
  return values.shape === "wave" ? new Wave(values) : new Profile(values);
}
