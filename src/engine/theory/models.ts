// Which queue of the textbook a service is, and what the formula says. Times in milliseconds.

import {
  erlangC,
  finiteMarkovQueue,
  generalQueue,
  generalQueueApproximately,
  lossQueue,
  markovQueue,
  markovTimeQuantile,
  type QueueFigures,
  unlimitedQueue,
} from "../../kernel/queueing.ts";
import type { Moments } from "./holding.ts";

/** A service as formulas see it. */
export interface Station {
  /** [1/ms] */
  readonly arrivalRate: number;
  readonly servers: number;
  readonly holding: Moments & { readonly isExponential: boolean };
  /** Most requests waiting; Infinity without a limit. */
  readonly waitingMax: number;
}

/** A formula and what it says; no figures where there is no steady state. */
export interface Model {
  /** In Kendall's notation. */
  readonly name: string;
  readonly figures: QueueFigures | undefined;
  /** 95th percentile of the time in system [ms], where it has a closed form. */
  readonly p95: number | undefined;
}

/** So rarely does anybody wait that the line does not matter. */
const waitsHardly = 1e-9;

/** The queue that a station is; undefined where no formula is known. */
export function modelOf(station: Station): Model | undefined {
  const { holding, waitingMax, servers } = station;
  if (holding.mean <= 0) return undefined;
  if (holding.isExponential) return markovModel(station);
  if (waitingMax === 0)
    return {
      name: `M/G/${servers}/${servers}`,
      figures: lossQueue(ratesOf(station)),
      p95: undefined,
    };
  return waitingMax < Infinity ? undefined : generalModel(station);
}

function ratesOf({ arrivalRate, holding, servers }: Station) {
  return { arrivalRate, serviceRate: 1 / holding.mean, servers };
}

function markovModel(station: Station): Model {
  const queue = ratesOf(station);
  const { servers } = queue;
  if (station.waitingMax < Infinity) {
    const capacity = servers + station.waitingMax;
    const figures = finiteMarkovQueue({ ...queue, capacity });
    return { name: `M/M/${servers}/${capacity}`, figures, p95: undefined };
  }
  const figures = markovQueue(queue);
  const p95 = figures && markovTimeQuantile(queue, 0.95);
  return { name: `M/M/${servers}`, figures, p95 };
}

function generalModel(station: Station): Model {
  const { arrivalRate, holding, servers } = station;
  const kind = holding.variance === 0 ? "D" : "G";
  const queue = {
    arrivalRate,
    serviceMean: holding.mean,
    serviceCv2: holding.variance / (holding.mean * holding.mean),
  };
  if (servers === 1) return { name: `M/${kind}/1`, figures: generalQueue(queue), p95: undefined };
  const offered = arrivalRate * holding.mean;
  if (offered < servers && erlangC(servers, offered) < waitsHardly)
    return { name: `M/${kind}/∞`, figures: unlimitedQueue(ratesOf(station)), p95: undefined };
  return {
    name: `M/${kind}/${servers} (approximate)`,
    figures: generalQueueApproximately(queue, servers),
    p95: undefined,
  };
}
