// How sure the figures of a report are: intervals from batches of observations and from stretches of time.

import { formatDurationMs, formatNumber } from "../base/units.ts";
import { type BatchEstimate, estimateFromBatches } from "../kernel/batches.ts";
import { halfWidth, quantileBand } from "../kernel/confidence.ts";
import type { Histogram } from "../kernel/histogram.ts";
import { normalQuantile } from "../kernel/normal.ts";
import type { Observations } from "../kernel/observations.ts";
import type { LevelSeries } from "../kernel/levelSeries.ts";
import type { Certainty, Interval, LatencyFigures } from "../model/report.ts";

/** Level of all intervals. */
const level = 0.95;

/** A stretch of simulated time [ns]. */
export interface Span {
  readonly fromNs: number;
  readonly untilNs: number;
}

/** What nothing is known about. */
export const unknown: Certainty = {
  halfWidth: null,
  batches: 0,
  verdict: "few",
  sentence: "Too few observations to tell how sure this is; run longer.",
};

const stillCorrelated: Certainty = {
  ...unknown,
  verdict: "correlated",
  sentence:
    "Even long batches still resemble their neighbours, so nobody can tell how sure this is; run longer.",
};

/** No latencies at all. */
export const noLatency: LatencyFigures = {
  count: 0,
  mean: null,
  p50: null,
  p95: null,
  p99: null,
  max: null,
  meanCertainty: unknown,
  p50Interval: null,
  p95Interval: null,
  p99Interval: null,
};

/** Latency figures in milliseconds of observations in nanoseconds. */
export function latencyFigures(observations: Observations): LatencyFigures {
  const histogram = observations.histogram();
  const batches = observations.batches();
  if (histogram.count() === 0) return noLatency;
  const estimate = estimateFromBatches(batches.means());
  const size = batches.size();
  return figuresOf(
    histogram,
    certaintyOf(estimate, 1e-6, (joined) => `${formatNumber(size * joined)} observations`),
  );
}

/** Latency figures over several accounts of one channel. Histograms add up exactly; that the means of different
 *  accounts move together is assumed, so that the interval is rather too wide. */
export function mergedLatency(merged: Histogram, parts: readonly LatencyFigures[]): LatencyFigures {
  const seen = parts.filter(({ count }) => count > 0);
  const [only] = seen;
  if (only === undefined || seen.length === 1) return only ?? noLatency;
  const weakest = seen.find(({ meanCertainty }) => meanCertainty.halfWidth === null);
  if (weakest !== undefined) return figuresOf(merged, weakest.meanCertainty);
  const total = merged.count();
  const half = seen.reduce(
    (sum, { count, meanCertainty }) => sum + (count / total) * (meanCertainty.halfWidth ?? 0),
    0,
  );
  const batches = Math.min(...seen.map(({ meanCertainty }) => meanCertainty.batches));
  const sentence = `95 % interval, no narrower than those of the ${seen.length} places together.`;
  return figuresOf(merged, { halfWidth: half, batches, verdict: "told", sentence });
}

function figuresOf(histogram: Histogram, meanCertainty: Certainty): LatencyFigures {
  const ms = (valueNs: number): number => valueNs / 1e6;
  const interval = (q: number): Interval | null => percentileInterval(histogram, q, meanCertainty);
  return {
    count: histogram.count(),
    mean: ms(histogram.mean()),
    p50: ms(histogram.quantile(0.5)),
    p95: ms(histogram.quantile(0.95)),
    p99: ms(histogram.quantile(0.99)),
    max: ms(histogram.max()),
    meanCertainty,
    p50Interval: interval(0.5),
    p95Interval: interval(0.95),
    p99Interval: interval(0.99),
  };
}

/** Order statistics of as many independent observations as would tell the mean as surely [ms]. */
function percentileInterval(
  histogram: Histogram,
  q: number,
  certainty: Certainty,
): Interval | null {
  if (certainty.halfWidth === null) return null;
  const halfNs = certainty.halfWidth * 1e6;
  const spread = normalQuantile((1 + level) / 2) * Math.sqrt(histogram.variance());
  const independent = halfNs === 0 ? Infinity : (spread / halfNs) * (spread / halfNs);
  const band = quantileBand(q, Math.min(histogram.count(), independent), level);
  if (band === undefined) return null;
  return [histogram.quantile(band.low) / 1e6, histogram.quantile(band.high) / 1e6];
}

/** A time-weighted mean with how sure it is. */
export interface LevelFigures {
  readonly mean: number;
  readonly certainty: Certainty;
}

/** Sum of the means of several levels over a span of time that ends now. Only whole buckets of their histories tell how
 *  sure it is. `integralBefore` is the integral of a level at the start of the span [level ns]. */
export function levelFigures(
  levels: readonly LevelSeries[],
  span: Span,
  integralBefore: (level: LevelSeries) => number,
): LevelFigures {
  const length = span.untilNs - span.fromNs;
  if (length <= 0 || levels.length === 0) return { mean: 0, certainty: unknown };
  const mean = levels.reduce(
    (sum, one) => sum + (one.integral(span.untilNs) - integralBefore(one)) / length,
    0,
  );
  const { means, widthNs } = sumOfMeans(levels, span, span.untilNs);
  const certainty = certaintyOf(
    estimateFromBatches(means),
    1,
    (joined) => `${formatDurationMs((joined * widthNs) / 1e6)} each`,
  );
  return { mean, certainty };
}

/** Means per whole bucket within a span that ends now or earlier, added up over levels; buckets as wide as the widest. */
export function sumOfMeans(
  levels: readonly LevelSeries[],
  { fromNs, untilNs }: Span,
  nowNs: number,
): { readonly means: Float64Array; readonly widthNs: number } {
  const charts = levels.map((one) => one.chart(nowNs));
  const widthNs = Math.max(...charts.map((chart) => chart.widthNs));
  const first = Math.ceil(fromNs / widthNs);
  const means = new Float64Array(Math.max(0, Math.floor(untilNs / widthNs) - first));
  for (const chart of charts) {
    const factor = widthNs / chart.widthNs;
    for (let i = 0; i < means.length * factor; i++)
      means[Math.floor(i / factor)]! += (chart.means[first * factor + i] ?? 0) / factor;
  }
  return { means, widthNs };
}

function certaintyOf(
  estimate: BatchEstimate,
  unit: number,
  batchOf: (joined: number) => string,
): Certainty {
  if (estimate.verdict !== "told") return estimate.verdict === "few" ? unknown : stillCorrelated;
  const batches = estimate.degreesOfFreedom + 1;
  return {
    halfWidth: halfWidth(estimate, level) * unit,
    batches,
    verdict: "told",
    sentence: `95 % interval from ${batches} batches of ${batchOf(estimate.joined)}.`,
  };
}
