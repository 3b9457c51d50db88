// How a service comes to work when there was nothing to do: a cold start, and looking only from time to time.

import type { Distribution } from "../base/distribution.ts";
import { msToNs } from "../base/units.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import type { NodeContext } from "./context.ts";
import type { ServicePlan } from "./servicePlan.ts";

/** The pauses of one service; where it has none, nothing is drawn. */
export class Pauses {
  readonly #coldStart: Sampler | undefined;
  readonly #poll: Sampler | undefined;
  readonly #keepWarmNs: number;

  constructor({ values }: ServicePlan, context: NodeContext) {
    const sampler = (pause: Distribution, purpose: string): Sampler | undefined =>
      pause.distribution === "constant" && pause.value === 0
        ? undefined
        : createSampler(pause, context.random(purpose));
    this.#coldStart = sampler(values.coldStart, "cold-start");
    this.#poll = sampler(values.pollInterval, "poll");
    this.#keepWarmNs = msToNs(values.keepWarm);
  }

  /** Draws how long a worker takes to wake up that had nothing to do for so long [ns]. */
  coldStartNs(idleNs: number): number {
    if (this.#coldStart === undefined || idleNs <= this.#keepWarmNs) return 0;
    return msToNs(this.#coldStart.sample());
  }

  /** Whether a worker that has found nothing looks again only after a while. */
  polls(): boolean {
    return this.#poll !== undefined;
  }

  /** Draws how long it waits until then [ns]; at least a nanosecond, so that time passes. */
  pollNs(): number {
    return Math.max(1, msToNs(this.#poll?.sample() ?? 0));
  }
}
