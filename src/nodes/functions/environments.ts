// The environments in which a Lambda function runs: one invocation each at a time. The one that was used last is used
// first, so that those which are not needed grow cold. How many there may be at once, and how fast they may become more.
// Source: ../shared/brokers/lambda.md, sections 1, 2 and 7.

import type { FieldValue } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { Float64Column } from "../../kernel/arena.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import { Ring } from "../../kernel/ring.ts";
import type { FunctionContext } from "../context.ts";
import type { FunctionPlan } from "../functionPlan.ts";

/** Concurrency may grow by the scaling rate in this time [ns]. */
const SCALING_NS = 10e9;

// Cells.
const RUNNING = 0;
const MADE = 1;
const LIMIT = 2;
const CELLS = 3;

const TOKENS = 0;
const TOKENS_NS = 1;
/** Cold start of the environment taken last [ns]. */
const COLD_NS = 2;
const TIMES = 3;

/** The environments of one function. */
export class Environments {
  readonly #plan: FunctionPlan;
  readonly #context: FunctionContext;
  readonly #coldStarts: Sampler;
  readonly #keepNs: number;
  readonly #cells: Int32Array;
  readonly #times: Float64Array;
  /** By environment: since when it has nothing to do [ns]. */
  readonly #idleNs: Float64Column;
  readonly #provisioned: Ring;
  readonly #idle: Ring;
  readonly #gone: Ring;

  constructor(plan: FunctionPlan, context: FunctionContext) {
    const { arena } = context;
    const { id, values } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#coldStarts = createSampler(values.coldStart, context.random("cold-start"));
    this.#keepNs = msToNs(values.keepWarm);
    this.#cells = arena.int32(`${id}/environments/cells`, CELLS).data;
    this.#times = arena.float64(`${id}/environments/times`, TIMES).data;
    this.#idleNs = arena.float64(`${id}/environments/idle-ns`);
    this.#provisioned = new Ring(arena, `${id}/environments/provisioned`);
    this.#idle = new Ring(arena, `${id}/environments/idle`);
    this.#gone = new Ring(arena, `${id}/environments/gone`);
    this.#times[TOKENS] = values.ScalingRate;
    this.setReserved(values.ReservedConcurrentExecutions);
    if (values.platform === "lambda")
      for (let at = 0; at < values.ProvisionedConcurrentExecutions; at++)
        this.#provisioned.pushBack(this.#make());
  }

  /** Changes what is reserved; null: nothing. */
  setReserved(reserved: FieldValue): void {
    this.#cells[LIMIT] =
      typeof reserved === "number" ? reserved : this.#plan.values.AccountConcurrency;
  }

  /** Most invocations at the same time. */
  limit(): number {
    return this.#cells[LIMIT]!;
  }

  /** Invocations at this moment. */
  running(): number {
    return this.#cells[RUNNING]!;
  }

  /** Number of environments that there have been at the same time at most. */
  made(): number {
    return this.#cells[MADE]!;
  }

  /** An environment for an invocation, −1 when it is throttled. `coldNs` tells how long it takes to start. */
  take(): number {
    if (this.running() >= this.limit()) return -1;
    const environment = this.#provisioned.size() > 0 ? this.#provisioned.popBack() : this.#warm();
    if (environment < 0) return this.#cold();
    this.#times[COLD_NS] = 0;
    this.#cells[RUNNING]!++;
    return environment;
  }

  /** How long the environment that was taken last takes to start [ns]; 0 when it is warm. */
  coldNs(): number {
    return this.#times[COLD_NS]!;
  }

  /** The invocation is over. A broken environment is not used again. */
  give(environment: number, state: "whole" | "broken"): void {
    this.#cells[RUNNING]!--;
    this.#idleNs.data[environment] = this.#context.now();
    // What is provisioned is made anew by the platform.
    if (environment < this.#provisionedCount()) this.#provisioned.pushBack(environment);
    else if (state === "broken") this.#gone.pushBack(environment);
    else this.#idle.pushBack(environment);
  }

  /** All of them are gone but for those that are provisioned; those at work are given back before. */
  clear(): void {
    while (this.#idle.size() > 0) this.#gone.pushBack(this.#idle.popFront());
  }

  #provisionedCount(): number {
    const { platform, ProvisionedConcurrentExecutions } = this.#plan.values;
    return platform === "lambda" ? ProvisionedConcurrentExecutions : 0;
  }

  /** The environment that has rested for the shortest time, unless that is too long. */
  #warm(): number {
    const last = this.#idle.size() - 1;
    if (last < 0) return -1;
    const restedNs = this.#context.now() - this.#idleNs.data[this.#idle.at(last)]!;
    if (restedNs <= this.#keepNs) return this.#idle.popBack();
    // All others have rested even longer.
    this.clear();
    return -1;
  }

  #cold(): number {
    if (!this.#mayGrow()) return -1;
    const environment = this.#gone.size() > 0 ? this.#gone.popFront() : this.#make();
    this.#times[COLD_NS] = msToNs(this.#coldStarts.sample());
    this.#cells[RUNNING]!++;
    return environment;
  }

  #make(): number {
    this.#cells[MADE]!++;
    return this.#idleNs.push(0);
  }

  /** Takes one of the environments that may come in this time. */
  #mayGrow(): boolean {
    const times = this.#times;
    const rate = this.#plan.values.ScalingRate;
    const nowNs = this.#context.now();
    const grown = times[TOKENS]! + ((nowNs - times[TOKENS_NS]!) * rate) / SCALING_NS;
    times[TOKENS] = Math.min(rate, grown);
    times[TOKENS_NS] = nowNs;
    if (times[TOKENS] < 1) return false;
    times[TOKENS]--;
    return true;
  }
}
