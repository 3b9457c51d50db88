// Steady-state formulas of single queues: M/M/c, M/M/c/K, M/G/1, M/G/c/c and M/G/∞. Times are in the inverse unit of
// the rates. Sources: Gross, Shortle, Thompson, Harris, Fundamentals of Queueing Theory, chapters 2, 3 and 6.

import { exp } from "./math.ts";

/** Long-run figures of a queue. */
export interface QueueFigures {
  /** Mean share of busy servers. */
  readonly utilisation: number;
  /** Mean number waiting and in service. */
  readonly meanInSystem: number;
  /** Mean number waiting. */
  readonly meanWaiting: number;
  /** Mean time from arrival to the end of service, of those who were let in. */
  readonly timeInSystem: number;
  /** Mean time from arrival to the start of service, of those who were let in. */
  readonly wait: number;
  /** Served per unit of time. */
  readonly throughput: number;
  /** Share of the arrivals that are turned away. */
  readonly lossProbability: number;
}

/** Poisson arrivals, exponential service, several servers, one line. */
export interface MarkovQueue {
  readonly arrivalRate: number;
  /** Rate of one server. */
  readonly serviceRate: number;
  readonly servers: number;
}

/** Poisson arrivals and service of any distribution. */
export interface GeneralQueue {
  readonly arrivalRate: number;
  readonly serviceMean: number;
  /** Squared coefficient of variation of the service time. */
  readonly serviceCv2: number;
}

/** Erlang B: share of the arrivals that find all servers busy when nobody may wait. Holds for any service time.
 *  `offered` is arrival rate times mean service time. */
export function erlangB(servers: number, offered: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked);
  return blocked;
}

/** Erlang C: share of the arrivals that have to wait in M/M/c; 1 where the queue is not stable. */
export function erlangC(servers: number, offered: number): number {
  if (offered >= servers) return 1;
  const blocked = erlangB(servers, offered);
  return blocked / (1 - (offered / servers) * (1 - blocked));
}

/** M/M/c with unlimited room; undefined where it is not stable. */
export function markovQueue(queue: MarkovQueue): QueueFigures | undefined {
  const { arrivalRate, serviceRate, servers } = queue;
  const offered = arrivalRate / serviceRate;
  if (!(offered < servers)) return undefined;
  const wait = erlangC(servers, offered) / (servers * serviceRate - arrivalRate);
  return withoutLoss(queue, wait);
}

/** Time in system that a share p (0 to below 1) of the customers of a stable M/M/c does not exceed. */
export function markovTimeQuantile(queue: MarkovQueue, p: number): number {
  const tail = 1 - p;
  let low = 0;
  let high = 1 / queue.serviceRate;
  while (timeTail(queue, high) > tail) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (timeTail(queue, middle) > tail) low = middle;
    else high = middle;
  }
}

/** P(time in system > t): the service alone, and for those who wait an exponential time at the rate at which a
 *  full house works off more than comes. */
function timeTail({ arrivalRate, serviceRate, servers }: MarkovQueue, t: number): number {
  const waits = erlangC(servers, arrivalRate / serviceRate);
  const relief = servers * serviceRate - arrivalRate;
  const alone = exp(-serviceRate * t);
  const gap = relief - serviceRate;
  // Where both rates are (nearly) equal their quotient becomes a derivative.
  const both =
    Math.abs(gap) < 1e-6 * serviceRate
      ? (1 + serviceRate * t) * alone
      : (relief * alone - serviceRate * exp(-relief * t)) / gap;
  return (1 - waits) * alone + waits * both;
}

/** M/M/c/K: at most `capacity` (at least the number of servers) may be inside, further ones are turned away.
 *  Stable at any load. */
export function finiteMarkovQueue(
  queue: MarkovQueue & { readonly capacity: number },
): QueueFigures {
  const { arrivalRate, serviceRate, servers, capacity } = queue;
  const { inside, busy, full } = insideOf(arrivalRate / serviceRate, servers, capacity);
  const throughput = busy * serviceRate;
  const entering = arrivalRate * (1 - full);
  return {
    utilisation: busy / servers,
    meanInSystem: inside,
    meanWaiting: inside - busy,
    timeInSystem: entering === 0 ? 1 / serviceRate : inside / entering,
    wait: entering === 0 ? 0 : (inside - busy) / entering,
    throughput,
    lossProbability: full,
  };
}

interface Occupancy {
  /** Mean number inside and mean number of busy servers. */
  readonly inside: number;
  readonly busy: number;
  /** Probability that there is no room. */
  readonly full: number;
}

/** The birth–death chain of M/M/c/K, summed from its likelier end until nothing more can matter. */
function insideOf(offered: number, servers: number, capacity: number): Occupancy {
  if (offered === 0) return { inside: 0, busy: 0, full: 0 };
  const isDownward = offered >= servers;
  const last = isDownward ? 0 : capacity;
  let weight = 1;
  let total = 0;
  let inside = 0;
  let busy = 0;
  let full = 0;
  for (let n = isDownward ? capacity : 0; ; n += isDownward ? -1 : 1) {
    total += weight;
    inside += n * weight;
    busy += Math.min(n, servers) * weight;
    if (n === capacity) full = weight;
    if (n === last) break;
    const ratio = isDownward ? Math.min(n, servers) / offered : offered / Math.min(n + 1, servers);
    // The ratio only falls from here on, so that what is left is less than a geometric series.
    if (ratio < 1 && weight * (n + 1) < 1e-20 * total * (1 - ratio) * (1 - ratio)) break;
    weight *= ratio;
    if (weight < 1e250) continue;
    // Only proportions matter.
    weight *= 1e-250;
    total *= 1e-250;
    inside *= 1e-250;
    busy *= 1e-250;
    full *= 1e-250;
  }
  return { inside: inside / total, busy: busy / total, full: full / total };
}

/** M/G/1 by Pollaczek and Khinchine; undefined where it is not stable. */
export function generalQueue(queue: GeneralQueue): QueueFigures | undefined {
  const { arrivalRate, serviceMean, serviceCv2 } = queue;
  const utilisation = arrivalRate * serviceMean;
  if (!(utilisation < 1)) return undefined;
  const wait = (utilisation * serviceMean * (1 + serviceCv2)) / (2 * (1 - utilisation));
  return withoutLoss({ arrivalRate, serviceRate: 1 / serviceMean, servers: 1 }, wait);
}

/** M/G/c by the approximation of Lee and Longton: the wait of M/M/c times (1 + cv²) / 2. Exact for one server and for
 *  exponential service, some per cent off otherwise; undefined where it is not stable. */
export function generalQueueApproximately(
  queue: GeneralQueue,
  servers: number,
): QueueFigures | undefined {
  const exponential = {
    arrivalRate: queue.arrivalRate,
    serviceRate: 1 / queue.serviceMean,
    servers,
  };
  const figures = markovQueue(exponential);
  return figures && withoutLoss(exponential, (figures.wait * (1 + queue.serviceCv2)) / 2);
}

/** M/G/c/c: nobody waits; who finds all servers busy is turned away (Erlang B). */
export function lossQueue(queue: MarkovQueue): QueueFigures {
  const { arrivalRate, serviceRate, servers } = queue;
  const lossProbability = erlangB(servers, arrivalRate / serviceRate);
  const throughput = arrivalRate * (1 - lossProbability);
  const busy = throughput / serviceRate;
  return {
    utilisation: busy / servers,
    meanInSystem: busy,
    meanWaiting: 0,
    timeInSystem: 1 / serviceRate,
    wait: 0,
    throughput,
    lossProbability,
  };
}

/** M/G/∞ with so many servers that nobody waits; `servers` only tells of how many a share is busy. */
export function unlimitedQueue(queue: MarkovQueue): QueueFigures {
  return withoutLoss(queue, 0);
}

/** Everything that follows from the mean wait, where nobody is turned away (Little's law). */
function withoutLoss(queue: MarkovQueue, wait: number): QueueFigures {
  const { arrivalRate, serviceRate, servers } = queue;
  const timeInSystem = wait + 1 / serviceRate;
  return {
    utilisation: arrivalRate / serviceRate / servers,
    meanInSystem: arrivalRate * timeInSystem,
    meanWaiting: arrivalRate * wait,
    timeInSystem,
    wait,
    throughput: arrivalRate,
    lossProbability: 0,
  };
}
