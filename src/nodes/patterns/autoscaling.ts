// Autoscaling: the number of workers follows their utilisation, as Kubernetes' HorizontalPodAutoscaler does it, or the
// backlog, as KEDA does it. Rules and defaults: kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale and
// keda.sh/docs (ScaledObject 2.21). A worker is a replica here.

import {
  choice,
  count,
  duration,
  durations,
  type Fields,
  ratio,
  type ValuesOf,
} from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { RandomStream } from "../../kernel/random.ts";

const ifScaled = { field: "autoscaling", is: ["utilisation", "backlog"] };
const ifByUtilisation = { field: "autoscaling", is: ["utilisation"] };
const ifByBacklog = { field: "autoscaling", is: ["backlog"] };

/** Fields of autoscaling. */
export const autoscalingFields = {
  autoscaling: choice({
    label: "Autoscaling",
    options: [
      { value: "none", label: "None: the number of workers stays" },
      { value: "utilisation", label: "By utilisation (Kubernetes HPA)" },
      { value: "backlog", label: "By backlog (KEDA)" },
    ],
    default: "none",
    help: "What the number of workers follows. It begins with the number of workers stated.",
  }),
  minReplicas: count({
    label: "Fewest workers",
    max: 1000,
    default: 1,
    help: "It never goes below; 0 is for scaling by backlog.",
    onlyIf: ifScaled,
  }),
  maxReplicas: count({
    label: "Most workers",
    min: 1,
    max: 1000,
    default: 100,
    help: "It never goes above.",
    onlyIf: ifScaled,
  }),
  targetUtilisation: ratio({
    label: "Target utilisation",
    min: 0.01,
    default: 0.8,
    help: "The share of the workers that shall be at work.",
    onlyIf: ifByUtilisation,
  }),
  lagThreshold: count({
    label: "lagThreshold",
    min: 1,
    default: 10,
    help: "Messages per worker that are wanted, waiting and at work.",
    onlyIf: ifByBacklog,
  }),
  pollingInterval: duration({
    label: "pollingInterval",
    min: 1,
    default: 30_000,
    help: "How often a service without workers looks whether something waits.",
    onlyIf: ifByBacklog,
  }),
  cooldownPeriod: duration({
    label: "cooldownPeriod",
    default: 300_000,
    help: "How long nothing must have waited before the last worker goes.",
    onlyIf: ifByBacklog,
  }),
  syncPeriod: duration({
    label: "Sync period",
    min: 1,
    default: 15_000,
    help: "How often the number of workers is decided anew.",
    onlyIf: ifScaled,
  }),
  stabilisation: duration({
    label: "Scale-down stabilisation",
    default: 300_000,
    help: "It goes down to the highest number that was wanted within this time.",
    onlyIf: ifScaled,
  }),
  startUp: durations({
    label: "Start-up time",
    default: { distribution: "constant", value: 0 },
    help: "From the decision until a new worker takes its first message.",
    onlyIf: ifScaled,
  }),
} as const satisfies Fields;

/** Looks that are remembered at most. */
const LOOKS_MAX = 10_000;

/** No change while the measure is this close to its target, as a share of it. */
const TOLERANCE = 0.1;

/** Workers that a measure per worker asks for, when there are so many: ceil(current × metric / target). */
export function workersForMetric(current: number, metric: number, target: number): number {
  const ratio = metric / target;
  if (Math.abs(ratio - 1) <= TOLERANCE + 1e-12) return current;
  // What is whole on paper stays so in binary.
  return Math.ceil(current * ratio - 1e-9);
}

/** Workers that a backlog asks for: so many per worker, and no more than can get messages at the same time. */
export function workersForBacklog(backlog: number, perWorker: number, parallel: number): number {
  return Math.min(Math.ceil(backlog / perWorker), parallel);
}

/** The most to which a number of workers may grow at once: twice as many, or four more. */
export function growthLimit(current: number): number {
  return Math.max(2 * current, current + 4);
}

/** What an autoscaler looks at. */
export interface Reading {
  readonly nowNs: number;
  readonly workers: number;
  /** Messages waiting and at work. */
  readonly backlog: number;
  /** How many workers can get messages at the same time. */
  readonly parallel: number;
}

// Doubles of the state.
const BUSY_NS = 0;
const COUNTED_NS = 1;
const LOOKED_NS = 2;
const ACTIVE_NS = 3;
const DOUBLES = 4;

// Integers of the state.
const BUSY = 0;
const NEXT = 1;
const INTEGERS = 2;

/** Values of the fields, and how many workers a replica has (1 where a worker is a replica). */
export type ScalingValues = ValuesOf<typeof autoscalingFields> & { readonly threads?: number };

/** Decides how many workers one service shall have. */
export class Autoscaler {
  readonly syncNs: number;
  readonly pollNs: number;
  readonly #values: ScalingValues;
  readonly #times: Float64Column;
  readonly #cells: Int32Column;
  /** What was wanted at the latest looks: a ring. */
  readonly #wanted: Int32Column;
  readonly #startUp: Sampler;

  constructor(arena: Arena, id: string, values: ScalingValues, stream: RandomStream) {
    this.#values = values;
    this.syncNs = msToNs(values.syncPeriod);
    this.pollNs = values.autoscaling === "backlog" ? msToNs(values.pollingInterval) : Infinity;
    this.#times = arena.float64(`${id}/autoscaler/times`, DOUBLES);
    this.#cells = arena.int32(`${id}/autoscaler`, INTEGERS);
    const looks = Math.min(LOOKS_MAX, Math.floor(values.stabilisation / values.syncPeriod) + 1);
    this.#wanted = arena.int32(`${id}/autoscaler/wanted`, looks);
    this.#startUp = createSampler(values.startUp, stream);
  }

  /** From now on so many workers are at work. */
  busy(workers: number, nowNs: number): void {
    this.#count(nowNs);
    this.#cells.data[BUSY] = workers;
  }

  /** How long a new worker takes to come [ns]. */
  startUpNs(): number {
    return msToNs(this.#startUp.sample());
  }

  /** Looks at the measure, once per sync period: how many workers there shall be. */
  look(reading: Reading): number {
    const { workers } = reading;
    const utilisation = this.#utilisation(reading);
    if (reading.backlog > 0) this.#times.data[ACTIVE_NS] = reading.nowNs;
    if (workers === 0) return 0;
    const { minReplicas, maxReplicas } = this.#values;
    const asked = Math.min(this.#asked(reading, utilisation), growthLimit(workers));
    const wanted = Math.max(1, minReplicas, Math.min(maxReplicas, asked));
    const most = this.#remember(wanted);
    return wanted >= workers ? wanted : Math.min(workers, most);
  }

  /** Looks whether the first worker has to come or the last one may go, once per polling interval. */
  poll({ nowNs, workers, backlog }: Reading): number {
    if (backlog > 0) this.#times.data[ACTIVE_NS] = nowNs;
    if (workers === 0) return backlog > 0 ? 1 : 0;
    const idleNs = nowNs - this.#times.data[ACTIVE_NS]!;
    const mayGo = this.#values.minReplicas === 0 && idleNs >= msToNs(this.#values.cooldownPeriod);
    return mayGo ? 0 : workers;
  }

  #asked({ workers, backlog, parallel }: Reading, utilisation: number): number {
    const { autoscaling, targetUtilisation, lagThreshold } = this.#values;
    if (autoscaling === "utilisation")
      return workersForMetric(workers, utilisation, targetUtilisation);
    const isNear = workersForMetric(workers, backlog / workers, lagThreshold) === workers;
    return isNear ? workers : workersForBacklog(backlog, lagThreshold, parallel);
  }

  /** Share of the workers that were at work since the last look. */
  #utilisation({ nowNs, workers }: Reading): number {
    this.#count(nowNs);
    const times = this.#times.data;
    const sinceNs = nowNs - times[LOOKED_NS]!;
    const there = Math.max(1, workers) * (this.#values.threads ?? 1);
    const share = times[BUSY_NS]! / (Math.max(1, sinceNs) * there);
    times[LOOKED_NS] = nowNs;
    times[BUSY_NS] = 0;
    return share;
  }

  #count(nowNs: number): void {
    const times = this.#times.data;
    times[BUSY_NS]! += this.#cells.data[BUSY]! * (nowNs - times[COUNTED_NS]!);
    times[COUNTED_NS] = nowNs;
  }

  /** Remembers what is wanted; the most that was within the time of stabilisation. */
  #remember(wanted: number): number {
    const ring = this.#wanted.data;
    const { length } = this.#wanted;
    ring[this.#cells.data[NEXT]!] = wanted;
    this.#cells.data[NEXT] = (this.#cells.data[NEXT]! + 1) % length;
    let most = 0;
    for (let i = 0; i < length; i++) most = Math.max(most, ring[i]!);
    return most;
  }
}
