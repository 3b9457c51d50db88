// The figures of one station under the names of the cases: numbers, times, probabilities, percentiles, busy periods.

import type { Expression } from "./agreement.suite.ts";
import {
  cv2Of,
  type FigureOf,
  mean,
  meanOf,
  quantileOf,
  ratio,
  type Seen,
  varianceOf,
} from "./figures.suite.ts";
import type { StationSeen } from "./observer.suite.ts";
import { Samples } from "./samples.suite.ts";

type Pick = (seen: Seen) => readonly StationSeen[];

const firstOnly: Pick = ({ station }) => [station];

/** Every station, for systems of equal ones. */
export const everyStation: Pick = ({ stations }) => stations;

/** The station of a number. */
export const stationAt =
  (index: number): Pick =>
  ({ stations }) => [stations[index]!];

/** Sojourn times of customers, of one contract or of all. */
export function stays(of: Pick = firstOnly, contract?: string): (seen: Seen) => Samples {
  return (seen) => merged(of(seen), "stays", contract);
}

/** Waiting times of customers, of one contract or of all. */
export function waits(of: Pick = firstOnly, contract?: string): (seen: Seen) => Samples {
  return (seen) => merged(of(seen), "waits", contract);
}

function merged(
  stations: readonly StationSeen[],
  which: "stays" | "waits",
  contract: string | undefined,
): Samples {
  const lists = stations.flatMap(({ times }) =>
    [...times].flatMap(([name, about]) =>
      contract === undefined || name === contract ? [about[which]] : [],
    ),
  );
  if (lists.length === 1) return lists[0]!;
  const samples = new Samples();
  for (const one of lists) samples.addAll(one);
  return samples;
}

/** Mean over time of something that stations add up, per station. */
function level(of: Pick, measure: (station: StationSeen) => number): FigureOf {
  return mean((seen) => {
    const stations = of(seen);
    return sum(stations, measure) / stations.length / seen.span;
  });
}

function sum(stations: readonly StationSeen[], measure: (station: StationSeen) => number): number {
  return stations.reduce((total, station) => total + measure(station), 0);
}

/** Mean number in a station, waiting or at work. */
export function inside(of: Pick = firstOnly): FigureOf {
  return level(of, ({ areaInside }) => areaInside);
}

/** Mean number at work. */
export function atWork(of: Pick = firstOnly): FigureOf {
  return level(of, ({ areaBusy }) => areaBusy);
}

/** Services that have ended well, per second. */
export function throughput(of: Pick = firstOnly): FigureOf {
  return level(of, ({ handled }) => handled);
}

/** Arrivals per second. */
export function arrivalRate(of: Pick = firstOnly): FigureOf {
  return level(of, ({ arrivals }) => arrivals);
}

/** Share of the arrivals that are turned away. */
export function turnedAway(of: Pick = firstOnly): FigureOf {
  return ratio((seen) => [
    sum(of(seen), (station) => station.turnedAway),
    sum(of(seen), (station) => station.arrivals),
  ]);
}

/** The figures of one station, or of several equal ones, under the names of the cases. */
export function figuresOf(servers: number, of: Pick = firstOnly): Expression["figures"] {
  const utilisation = level(of, ({ areaBusy }) => areaBusy / servers);
  const count = (measure: (station: StationSeen) => number): FigureOf =>
    ratio((seen) => [sum(of(seen), measure), sum(of(seen), ({ arrivals }) => arrivals)]);
  const delayed = count((station) => station.delayed);
  const departures = ({ station }: Seen): Samples => station.gapsBetweenEnds;
  return {
    rho: utilisation,
    utilisation,
    L: inside(of),
    Lq: level(of, ({ areaInside, areaBusy }) => areaInside - areaBusy),
    W: meanOf(stays(of)),
    Wq: meanOf(waits(of)),
    P_wait: delayed,
    sigma: delayed,
    P_no_wait: count((station) => station.arrivals - station.delayed),
    P0: level(of, ({ emptyTime }) => emptyTime),
    var_W: varianceOf(stays(of)),
    var_Wq: varianceOf(waits(of)),
    var_L: varianceOfLevel,
    W_p50: quantileOf(0.5, stays(of)),
    W_p95: quantileOf(0.95, stays(of)),
    W_p99: quantileOf(0.99, stays(of)),
    Wq_p90: quantileOf(0.9, waits(of)),
    Wq_p95: quantileOf(0.95, waits(of)),
    Wq_p99: quantileOf(0.99, waits(of)),
    interdeparture_mean: meanOf(departures),
    interdeparture_cv2: cv2Of(departures),
    busy_period_mean: meanOf(({ station }) => station.busyPeriods),
    busy_period_var: varianceOf(({ station }) => station.busyPeriods),
    idle_period_mean: meanOf(({ station }) => station.idlePeriods),
    jobs_per_busy_period: meanOf(({ station }) => station.jobsPerBusyPeriod),
    throughput: throughput(of),
  };
}

const varianceOfLevel: FigureOf = () => ({
  sums: ({ station, span }) => [station.areaSquared / span, station.areaInside / span],
  of: ([square, level]) => square! - level! ** 2,
});
