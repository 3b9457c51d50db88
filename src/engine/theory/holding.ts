// How long a message holds a worker, as far as the document tells: attempts with their back-offs, and writes. Its mean
// and variance are all that formulas need.

import { momentsOf } from "../../kernel/moments.ts";
import { type Backoff, growths } from "../../nodes/patterns/backoff.ts";
import type { ServicePlan } from "../../nodes/servicePlan.ts";
import { storeTimeOf } from "../compile.ts";
import type { World } from "../world.ts";

/** Moments of a duration. */
export interface Moments {
  /** [ms] */
  readonly mean: number;
  /** [ms²] */
  readonly variance: number;
}

/** How a service is held by a message. */
export interface Holding extends Moments {
  readonly isExponential: boolean;
  /** Share of the messages that finally fail. */
  readonly failureRatio: number;
}

/** How messages of a contract hold the workers of a service. Calls and confirmations are not in it. */
export function holdingOf(world: World, plan: ServicePlan, contract: number): Holding {
  const { serviceTime, errorRate, attempts } = plan.values;
  const tries = triesOf(plan);
  const writes = writesOf(world, plan, contract);
  const isExponential =
    serviceTime.distribution === "exponential" &&
    writes.mean === 0 &&
    (errorRate === 0 || attempts === 1);
  let failureRatio = errorRate;
  for (let i = 1; i < attempts; i++) failureRatio *= errorRate;
  return {
    mean: tries.mean + (1 - failureRatio) * writes.mean,
    variance: tries.variance + (1 - failureRatio) * writes.variance,
    isExponential,
    failureRatio,
  };
}

/** All attempts and the back-offs between them, over the distribution of their number. */
function triesOf(plan: ServicePlan): Moments {
  const { serviceTime, errorRate, attempts } = plan.values;
  const { mean, variance } = momentsOf(serviceTime);
  let reached = 1;
  let spent = 0;
  let scatter = 0;
  let first = 0;
  let second = 0;
  for (let n = 1; n <= attempts; n++) {
    spent += mean;
    scatter += variance;
    const ends = n === attempts ? reached : reached * (1 - errorRate);
    first += ends * spent;
    second += ends * (scatter + spent * spent);
    reached *= errorRate;
    const wait = waitAfter(plan.values, n);
    spent += wait.mean;
    scatter += wait.variance;
  }
  return { mean: first, variance: Math.max(0, second - first * first) };
}

/** Moments of the back-off after a failed attempt, as long as it does not depend on the one before. */
function waitAfter(rule: Backoff, attempt: number): Moments {
  const raw = Math.min(rule.backoffMax, rule.backoff * growths[rule.growth](attempt));
  if (rule.jitter === "none") return { mean: raw, variance: 0 };
  const spread = rule.jitter === "full" ? raw : raw / 2;
  return { mean: raw - spread / 2, variance: (spread * spread) / 12 };
}

function writesOf(world: World, plan: ServicePlan, contract: number): Moments {
  let mean = 0;
  let variance = 0;
  for (const { connection } of plan.handlers[contract]?.steps ?? []) {
    const link = world.plan.scenario.connections[connection];
    const duration = link && storeTimeOf(link);
    if (duration === undefined) continue;
    const moments = momentsOf(duration);
    mean += moments.mean;
    variance += moments.variance;
  }
  return { mean, variance };
}
