// How sure a mean is: batch means of one long run, and Student's t quantiles to turn a standard error
// into a confidence interval.

import { ln, exp } from "./math.ts";
import { normalQuantile } from "./normal.ts";

/** A mean estimated from batches. */
export interface Estimate {
  readonly mean: number;
  /** Standard deviation of `mean`, estimated from the scatter of the batches. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Correlation of neighbouring batches. Well above 0 (say 0.2) the batches are too short and the
   *  standard error too small. NaN when all batches are equal. */
  readonly lagOne: number;
}

/** Mean of a correlated sequence by the method of batch means (A. Law, Simulation Modeling and
 *  Analysis, 9.5.3). The values are cut into equally long batches; what does not divide is left out
 *  at the start, where a run is least settled. */
export function batchMeans(values: ArrayLike<number>, batches: number): Estimate {
  const size = Math.floor(values.length / batches);
  if (!(Number.isInteger(batches) && batches >= 2 && size >= 1)) {
    throw new Error(`${values.length} values do not make ${batches} batches.`);
  }
  const means = new Float64Array(batches);
  const start = values.length - size * batches;
  for (let i = 0; i < size * batches; i++)
    means[Math.floor(i / size)]! += values[start + i]! / size;
  return estimateMean(means);
}

/** Mean of independent values, such as those of replications; at least two. */
export function estimateMean(values: Float64Array): Estimate {
  const n = values.length;
  if (n < 2) throw new Error(`${n} values do not tell how sure their mean is.`);
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / n;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    const difference = values[i]! - mean;
    squares += difference * difference;
    if (i > 0) products += difference * (values[i - 1]! - mean);
  }
  const standardError = Math.sqrt(squares / (n - 1) / n);
  return { mean, standardError, degreesOfFreedom: n - 1, lagOne: products / squares };
}

/** Half the width of the confidence interval around the mean at a level such as 0.95. */
export function halfWidth(estimate: Estimate, level: number): number {
  if (!(level > 0 && level < 1)) throw new Error(`A confidence level of ${level} is not possible.`);
  return estimate.standardError * studentTail((1 - level) / 2, estimate.degreesOfFreedom);
}

/** The t with P(T <= t) = p for Student's distribution, 0 < p < 1, degrees of freedom > 0 up to some
 *  10^6, relative error below 1e-12. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1 && degreesOfFreedom > 0 && degreesOfFreedom < Infinity)) {
    throw new Error(`No Student quantile for p ${p} and ${degreesOfFreedom} degrees of freedom.`);
  }
  if (p === 0.5) return 0;
  return p < 0.5 ? -studentTail(p, degreesOfFreedom) : studentTail(1 - p, degreesOfFreedom);
}

/** The t >= 0 with P(T > t) = tail, by bisection: slow (some 10 µs) and without bad cases. */
function studentTail(tail: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = 1;
  while (upperTail(high, degreesOfFreedom) > tail) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (upperTail(middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
}

/** P(T > t) for t >= 0: half the regularised incomplete beta function I_x(n/2, 1/2) at
 *  x = n / (n + t^2). Source: Abramowitz and Stegun 26.7.1, 26.5.8. */
function upperTail(t: number, n: number): number {
  const x = n / (n + t * t);
  const y = (t * t) / (n + t * t);
  const a = n / 2;
  // x^a (1 - x)^(1/2) / B(a, 1/2), with Gamma(1/2) = sqrt(pi). ln x by way of y where x is near 1.
  const logX = y < 1e-3 ? -(y * (1 + y * (1 / 2 + y * (1 / 3 + y * (1 / 4 + y / 5))))) : ln(x);
  const factor = (exp(a * logX) * Math.sqrt(y) * gammaRatio(a)) / Math.sqrt(Math.PI);
  if (x < (a + 1) / (a + 2.5)) return (factor / a / betaFraction(a, 0.5, x)) * 0.5;
  return 0.5 - factor / betaFraction(0.5, a, y);
}

/** Continued fraction of the incomplete beta function (A&S 26.5.8) by W. Lentz's method, inverted. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return 1 / value;
}

/** Gamma(a + 1/2) / Gamma(a): its asymptotic series beyond 100, and r(a) = r(a + 1) a / (a + 1/2)
 *  below. Source: NIST DLMF 5.11.13. */
function gammaRatio(a: number): number {
  let ratio = 1;
  for (; a < 100; a++) ratio *= a / (a + 0.5);
  const z = 1 / a;
  const series = 1 + z * (-1 / 8 + z * (1 / 128 + z * (5 / 1024 + z * (-21 / 32768))));
  return ratio * Math.sqrt(a) * series;
}

/** Shares between which the true quantile q lies, at a level such as 0.95, by order statistics: look both up among the
 *  observations. `count` is the number of independent observations; of correlated ones, how many independent ones would
 *  tell as much. Undefined where there are too few to bound it on both sides. */
export function quantileBand(
  q: number,
  count: number,
  level: number,
): { readonly low: number; readonly high: number } | undefined {
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt((q * (1 - q)) / count);
  const low = q - reach;
  const high = q + reach;
  // Beyond the first or the last observation nothing is known.
  return low * count >= 1 && (1 - high) * count >= 1 ? { low, high } : undefined;
}
