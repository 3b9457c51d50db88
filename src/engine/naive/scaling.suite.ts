// Autoscaling of a naive service: it writes down who was at work when, and what was wanted when, and works out the rest.

import type { ValuesOf } from "../../base/fields.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import { channelKindOf, parameterOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { service } from "../../nodes/service.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** What scaling knows of its naive service, and may do to it. */
export interface NaiveScaled {
  isUp(): boolean;
  inside(): number;
  busy(): number;
  waiting(): number;
  parallel(): number;
  setWorkers(workers: number): void;
}

/** Scaling of one naive service. */
export class NaiveScaling {
  wanted: number;
  readonly #world: NaiveWorld;
  readonly #service: NaiveScaled;
  readonly #values: ValuesOf<typeof service.fields>;
  readonly #startUp: Sampler;
  #busy: { readonly fromNs: number; readonly workers: number }[] = [];
  #looks: { readonly atNs: number; readonly wanted: number }[] = [];
  #activeNs = 0;
  #running: number;

  constructor(
    world: NaiveWorld,
    id: string,
    values: ValuesOf<typeof service.fields>,
    scaled: NaiveScaled,
  ) {
    this.#world = world;
    this.#service = scaled;
    this.#values = values;
    this.wanted = values.concurrency;
    this.#running = values.concurrency;
    this.#startUp = createSampler(values.startUp, world.random(id, "start-up"));
  }

  start(): void {
    if (this.#values.autoscaling === "none") return;
    this.#after(this.#values.syncPeriod, () => this.#sync());
    if (this.#values.autoscaling === "backlog")
      this.#after(this.#values.pollingInterval, () => this.#poll());
  }

  /** Somebody has begun or ended to work. */
  measure(): void {
    this.#busy.push({ fromNs: this.#world.now(), workers: this.#service.busy() });
  }

  set(workers: number): void {
    this.wanted = workers;
    this.#running = workers;
    this.#service.setWorkers(workers);
  }

  #sync(): void {
    this.#after(this.#values.syncPeriod, () => this.#sync());
    if (!this.#service.isUp()) return;
    const nowNs = this.#world.now();
    const backlog = this.#backlog();
    const utilisation = this.#utilisation();
    const current = this.wanted;
    if (backlog > 0) this.#activeNs = nowNs;
    if (current === 0) return;
    const { autoscaling, lagThreshold, targetUtilisation } = this.#values;
    const isByBacklog = autoscaling === "backlog";
    const ratio = isByBacklog ? backlog / current / lagThreshold : utilisation / targetUtilisation;
    let asked = isByBacklog
      ? Math.min(Math.ceil(backlog / lagThreshold), this.#service.parallel())
      : Math.ceil(current * ratio - 1e-9);
    if (Math.abs(ratio - 1) <= 0.1 + 1e-12) asked = current;
    asked = Math.min(asked, Math.max(2 * current, current + 4));
    const { minReplicas, maxReplicas, stabilisation, syncPeriod } = this.#values;
    const wanted = Math.max(1, minReplicas, Math.min(maxReplicas, asked));
    this.#looks.push({ atNs: nowNs, wanted });
    const looks = Math.min(10_000, Math.floor(stabilisation / syncPeriod) + 1);
    const most = Math.max(...this.#looks.slice(-looks).map((look) => look.wanted));
    this.#want(wanted >= current ? wanted : Math.min(current, most));
  }

  #poll(): void {
    this.#after(this.#values.pollingInterval, () => this.#poll());
    if (!this.#service.isUp()) return;
    const nowNs = this.#world.now();
    const backlog = this.#backlog();
    if (backlog > 0) this.#activeNs = nowNs;
    const isCold = nowNs - this.#activeNs >= Math.round(this.#values.cooldownPeriod * 1e6);
    if (this.wanted === 0) this.#want(backlog > 0 ? 1 : 0);
    else if (this.#values.minReplicas === 0 && isCold) this.#want(0);
  }

  #want(workers: number): void {
    const before = this.wanted;
    if (workers === before) return;
    this.wanted = workers;
    const delayMs = workers > before ? this.#startUp.sample() : 0;
    if (Math.round(delayMs * 1e6) === 0) return this.#run(workers);
    this.#after(delayMs, () => {
      const started = Math.min(workers, this.wanted);
      if (started > this.#running) this.#run(started);
    });
  }

  #run(workers: number): void {
    this.#running = workers;
    this.#service.setWorkers(workers);
  }

  #backlog(): number {
    return this.#service.inside() + this.#service.waiting();
  }

  /** Share of the wanted workers that were at work since the last time that this was asked. */
  #utilisation(): number {
    const nowNs = this.#world.now();
    this.measure();
    let busyNs = 0;
    this.#busy.forEach(({ fromNs, workers }, i) => {
      busyNs += workers * ((this.#busy[i + 1]?.fromNs ?? nowNs) - fromNs);
    });
    const sinceNs = nowNs - (this.#busy[0]?.fromNs ?? 0);
    this.#busy = this.#busy.slice(-1);
    return busyNs / (Math.max(1, sinceNs) * Math.max(1, this.wanted));
  }

  #after(delayMs: number, then: () => void): void {
    this.#world.events.after(Math.round(delayMs * 1e6), then);
  }
}

/** How many workers of a service can get messages at the same time, given its subscriptions. */
export function parallelOf(
  scenario: Scenario,
  subscriptions: readonly { readonly from: string }[],
): number {
  if (subscriptions.length === 0) return Infinity;
  return subscriptions.reduce((sum, { from }) => {
    const field = channelKindOf(scenario, from)?.parallelismField;
    if (field === undefined) return Infinity;
    return sum + Number(parameterOf(scenario, from, field));
  }, 0);
}
