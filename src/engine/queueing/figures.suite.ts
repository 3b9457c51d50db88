// Figures as functions of sums over replications, so that ratios, variances and percentiles are as little biased by the
// length of a replication as means are.

import type { Report } from "../../model/report.ts";
import type { StationSeen } from "./observer.suite.ts";
import type { Samples } from "./samples.suite.ts";

/** What is known of one replication. */
export interface Seen {
  /** Seed of its scenario. */
  readonly seed: number;
  readonly stations: readonly StationSeen[];
  /** The first station. */
  readonly station: StationSeen;
  /** Arrivals from outside. */
  readonly entered: number;
  /** From publication until the last of the branches has handled it [s]. */
  readonly joins: Samples;
  /** Number in the first station at each of the watched times after a restart, restart by restart. */
  readonly levels: readonly Samples[];
  /** How long so many nodes of the watched target were up, by number [s]. */
  readonly upTimes: readonly number[];
  readonly report: Report;
  /** Length of the window [s]. */
  readonly span: number;
}

/** A figure: what one replication adds to it, and what it is of the means of that over replications. */
export interface Figure {
  readonly sums: (seen: Seen) => readonly number[];
  readonly of: (means: readonly number[]) => number;
}

/** A figure, given the value that theory expects. */
export type FigureOf = (expected: number) => Figure;

/** A mean over time, or anything else that one replication measures without bias. */
export function mean(measure: (seen: Seen) => number): FigureOf {
  return () => ({ sums: (seen) => [measure(seen)], of: ([value]) => value! });
}

/** One sum divided by another. */
export function ratio(measure: (seen: Seen) => readonly [number, number]): FigureOf {
  return () => ({ sums: measure, of: ([above, below]) => above! / below! });
}

/** Mean of samples. */
export function meanOf(samples: (seen: Seen) => Samples): FigureOf {
  return ratio((seen) => [samples(seen).sum(), samples(seen).count()]);
}

/** Variance of samples. */
export function varianceOf(samples: (seen: Seen) => Samples): FigureOf {
  return () => ({
    sums: (seen) => {
      const all = samples(seen);
      return [all.sumOfSquares(), all.sum(), all.count()];
    },
    of: ([squares, sum, count]) => squares! / count! - (sum! / count!) ** 2,
  });
}

/** Squared coefficient of variation of samples. */
export function cv2Of(samples: (seen: Seen) => Samples): FigureOf {
  return () => ({
    sums: (seen) => {
      const all = samples(seen);
      return [all.sumOfSquares(), all.sum(), all.count()];
    },
    of: ([squares, sum, count]) => (squares! * count!) / sum! ** 2 - 1,
  });
}

/** Share of the samples that are at most a limit. */
export function shareUpTo(limit: number, samples: (seen: Seen) => Samples): FigureOf {
  return ratio((seen) => [samples(seen).countUpTo(limit), samples(seen).count()]);
}

/** Value below which a share of the samples lies. Measured is the share below the expected value; the slope of the
 *  distribution around it, measured too, turns a difference of shares into a difference of values. */
export function quantileOf(share: number, samples: (seen: Seen) => Samples): FigureOf {
  return (expected) => ({
    sums: (seen) => {
      const all = samples(seen);
      return [...[1, 0.9, 1.1].map((part) => all.countUpTo(part * expected)), all.count()];
    },
    of: ([below, low, high, count]) =>
      expected - ((below! - share * count!) * 0.2 * expected) / (high! - low!),
  });
}
