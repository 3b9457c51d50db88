// The instances of an Azure function app: how many there are, and how its scale controller adds and removes them.
// Source: ../shared/brokers/azure-functions.md; target-based scaling adds up to four instances at a time
// (https://learn.microsoft.com/azure/azure-functions/functions-target-based-scaling).

import { msToNs } from "../../base/units.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { FunctionContext } from "../context.ts";
import type { FunctionPlan } from "../functionPlan.ts";

const STEP_MAX = 4;
const SCALE_LIMITS = { consumption: 200, premium: 100 } as const;

const UP = 0;
const STARTING = 1;
/** Rises at a crash: what was starting is void. */
const LIFE = 2;
const CELLS = 3;

/** Most instances of a function. */
export function instancesMax({ values }: Pick<FunctionPlan, "values">): number {
  return values.functionAppScaleLimit ?? SCALE_LIMITS[values.plan];
}

/** The instances of one function app. */
export class Instances {
  readonly #plan: FunctionPlan;
  readonly #context: FunctionContext;
  /** Timer code: an instance is up. */
  readonly #code: number;
  readonly #coldStarts: Sampler;
  readonly #cells: Int32Array;
  /** Since when fewer would do [ns]; Infinity while all are needed. */
  readonly #times: Float64Array;

  constructor(plan: FunctionPlan, context: FunctionContext, code: number) {
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#code = code;
    this.#coldStarts = createSampler(plan.values.coldStart, context.random("cold-start"));
    this.#cells = arena.int32(`${plan.id}/instances/cells`, CELLS).data;
    this.#times = arena.float64(`${plan.id}/instances/times`, 1).data;
    this.#times[0] = Infinity;
  }

  /** Instances that are there. */
  up(): number {
    return this.#cells[UP]!;
  }

  /** Those that are always ready are there. */
  begin(): void {
    this.#cells[UP] = this.#least();
  }

  /** All are gone. */
  crash(): void {
    this.#cells[UP] = 0;
    this.#cells[STARTING] = 0;
    this.#cells[LIFE]!++;
  }

  /** Starts the first instance at once, as when somebody waits for an answer. */
  need(): void {
    const starting = this.#cells[STARTING]!;
    if (this.up() + starting === 0) this.#add();
  }

  /** Compares what is there with what is wanted. Whether an instance has gone. */
  look(wanted: number): boolean {
    const nowNs = this.#context.now();
    const least = this.#least();
    const aim = Math.min(instancesMax(this.#plan), Math.max(least, wanted));
    const there = this.up() + this.#cells[STARTING]!;
    for (let added = 0; added < Math.min(STEP_MAX, aim - there); added++) this.#add();
    if (aim >= this.up()) {
      this.#times[0] = Infinity;
      return false;
    }
    this.#times[0] = Math.min(this.#times[0]!, nowNs);
    if (nowNs - this.#times[0] < msToNs(this.#plan.values.keepWarm)) return false;
    this.#cells[UP]!--;
    return true;
  }

  /** A timer of this file has fired; whether an instance is up by it. */
  arrived(life: number): boolean {
    if (this.#cells[LIFE] !== life) return false;
    this.#cells[STARTING]!--;
    this.#cells[UP]!++;
    return true;
  }

  #add(): void {
    this.#cells[STARTING]!++;
    const delayNs = msToNs(this.#coldStarts.sample());
    this.#context.schedule(delayNs, this.#code, 0, this.#cells[LIFE]!);
  }

  #least(): number {
    const { plan, alwaysReady } = this.#plan.values;
    return plan === "premium" ? Math.min(alwaysReady, instancesMax(this.#plan)) : 0;
  }
}
