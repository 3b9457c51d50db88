// What theory needs of a distribution: its mean and its squared coefficient of variation, exactly.

import { assertNever } from "../base/assert.ts";
import { type Distribution, meanOf, weightedMean } from "../base/distribution.ts";
import { gammaFunction } from "./math.ts";

/** The first two moments of a distribution. */
export interface Moments {
  /** In the unit of the parameters. */
  readonly mean: number;
  /** Variance over the square of the mean; Infinity where the variance is, 0 for a mean of 0. */
  readonly cv2: number;
  /** In the square of that unit. */
  readonly variance: number;
}

/** Mean, squared coefficient of variation and variance. */
export function momentsOf(distribution: Distribution): Moments {
  const mean = meanOf(distribution);
  const cv2 = mean === 0 ? 0 : cv2Of(distribution, mean);
  return { mean, cv2, variance: cv2 * mean * mean };
}

function cv2Of(distribution: Distribution, mean: number): number {
  switch (distribution.distribution) {
    case "constant":
      return 0;
    case "uniform":
      return square((distribution.max - distribution.min) / mean) / 12;
    case "exponential":
      return 1;
    case "erlang":
    case "gamma":
      return 1 / distribution.shape;
    case "hyperexponential":
      return distribution.cv2;
    case "lognormal":
      return square(distribution.sd / mean);
    case "weibull":
      return cv2OfWeibull(distribution.shape);
    case "pareto":
      return distribution.shape > 2
        ? 1 / (distribution.shape * (distribution.shape - 2))
        : Infinity;
    case "triangular": {
      const { min, mode, max } = distribution;
      const sides = square(mode - min) + square(max - mode) + square(max - min);
      return sides / 36 / square(mean);
    }
    case "empirical":
      return weightedMean(distribution.values, (value) => square(value / mean - 1));
    default:
      return assertNever(distribution);
  }
}

/** The n-th moment is the n-th power of the scale times gamma(1 + n / shape). */
function cv2OfWeibull(shape: number): number {
  return gammaFunction(1 + 2 / shape) / square(gammaFunction(1 + 1 / shape)) - 1;
}

function square(value: number): number {
  return value * value;
}
