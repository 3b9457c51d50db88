// The number of workers of a service that scales: when it is looked at, and when new workers come.

import type { IntCells } from "../kernel/arena.ts";
import type { ServiceContext } from "./context.ts";
import { Autoscaler, type Reading } from "./patterns/autoscaling.ts";
import type { ServicePlan } from "./servicePlan.ts";

// What a timer of scaling is for.
const SYNC = 0;
const POLL = 1;
const STARTED = 2;

/** What scaling knows of its service, and may do to it. */
export interface Scaled {
  inside(): number;
  workers(): number;
  isUp(): boolean;
  setWorkers(workers: number): void;
}

/** Scaling of one service. Its timers carry `code`, what they are for, and a number. */
export class Scaling {
  readonly #plan: ServicePlan;
  readonly #context: ServiceContext;
  readonly #code: number;
  readonly #service: Scaled;
  /** Absent when the number of workers stays. */
  readonly #scaler: Autoscaler | undefined;
  /** Workers there shall be; some may still be starting. */
  readonly #wanted: IntCells;

  constructor(plan: ServicePlan, context: ServiceContext, code: number, service: Scaled) {
    this.#plan = plan;
    this.#context = context;
    this.#code = code;
    this.#service = service;
    const { arena } = context;
    if (plan.values.autoscaling !== "none")
      this.#scaler = new Autoscaler(arena, plan.id, plan.values, context.random("start-up"));
    this.#wanted = arena.intCells(`${plan.id}/wanted`, 1);
    this.#wanted.cells[this.#wanted.at] = plan.values.concurrency;
  }

  /** Begins to look, at time 0. */
  start(): void {
    if (this.#scaler === undefined) return;
    this.#lookLater(this.#scaler, SYNC);
    this.#lookLater(this.#scaler, POLL);
  }

  /** From now on so many workers are at work. */
  busy(workers: number): void {
    this.#scaler?.busy(workers, this.#context.now());
  }

  wake(purpose: number, workers: number): void {
    if (purpose === STARTED) this.#started(workers);
    else if (this.#scaler !== undefined) this.#look(this.#scaler, purpose);
  }

  /** So many workers there shall be; new ones come after a while [ns]. */
  want(workers: number, afterNs: number): void {
    this.#wanted.cells[this.#wanted.at] = workers;
    if (afterNs === 0) this.#service.setWorkers(workers);
    else this.#context.schedule(afterNs, this.#code, STARTED, workers);
  }

  #look(scaler: Autoscaler, purpose: number): void {
    this.#lookLater(scaler, purpose);
    if (!this.#service.isUp()) return;
    const reading = this.#reading();
    const wanted = purpose === SYNC ? scaler.look(reading) : scaler.poll(reading);
    if (wanted === reading.workers) return;
    this.want(wanted, wanted > reading.workers ? scaler.startUpNs() : 0);
  }

  #lookLater(scaler: Autoscaler, purpose: number): void {
    const delayNs = purpose === SYNC ? scaler.syncNs : scaler.pollNs;
    if (delayNs < Infinity) this.#context.schedule(delayNs, this.#code, purpose, 0);
  }

  #reading(): Reading {
    let backlog = this.#service.inside();
    for (const subscription of this.#plan.subscriptions)
      backlog += this.#context.backlog(subscription);
    const workers = this.#wanted.cells[this.#wanted.at]!;
    return { nowNs: this.#context.now(), workers, backlog, parallel: this.#plan.parallel };
  }

  /** Workers have started, unless fewer are wanted meanwhile. */
  #started(workers: number): void {
    const wanted = Math.min(workers, this.#wanted.cells[this.#wanted.at]!);
    if (wanted > this.#service.workers()) this.#service.setWorkers(wanted);
  }
}
