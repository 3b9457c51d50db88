// When a failed delivery is tried again: a schedule of phases, an age and a number of attempts at which it ends, jitter.

import { pow } from "../../kernel/math.ts";
import type { RandomStream } from "../../kernel/random.ts";

/** How delays grow within a phase. The first three reach the last delay at the last retry: by equal steps, by steps that
 *  grow by the same amount, by the same factor. `doubling` doubles until it reaches the last delay and stays there. */
export type Growth = "linear" | "arithmetic" | "geometric" | "doubling";

/** Retries that follow each other by one rule. */
export interface RetryPhase {
  /** Infinity: without end. */
  readonly retries: number;
  /** Delay before the first retry of the phase [ns]. */
  readonly firstNs: number;
  /** Largest delay [ns]. */
  readonly lastNs: number;
  readonly growth: Growth;
}

/** When to try again, and when to give up: after the last retry of the last phase, or at an age. */
export interface RetryPolicy {
  readonly phases: readonly RetryPhase[];
  /** Age of a message from which nothing is tried any more [ns]; Infinity without a limit. */
  readonly ageNsMax: number;
  /** Every delay is multiplied by a number drawn evenly between these; 1 and 1: no jitter, and nothing is drawn. */
  readonly jitterFrom: number;
  readonly jitterTo: number;
}

/** So many retries with always the same delay. */
export function evenPhase(retries: number, delayNs: number): RetryPhase {
  return { retries, firstNs: delayNs, lastNs: delayNs, growth: "linear" };
}

/** Delay before the next attempt after so many failed ones (at least one), without jitter [ns]; Infinity when there is
 *  none. */
export function retryDelayNs(phases: readonly RetryPhase[], failures: number): number {
  let left = failures - 1;
  for (const phase of phases) {
    if (left < phase.retries) return delayInPhase(phase, left);
    left -= phase.retries;
  }
  return Infinity;
}

/** The delay with its jitter [ns]. */
export function drawRetryDelayNs(
  policy: RetryPolicy,
  failures: number,
  random: RandomStream,
): number {
  const delayNs = retryDelayNs(policy.phases, failures);
  if (delayNs === Infinity || (policy.jitterFrom === 1 && policy.jitterTo === 1)) return delayNs;
  const { jitterFrom, jitterTo } = policy;
  return Math.round(delayNs * (jitterFrom + random.uniform() * (jitterTo - jitterFrom)));
}

/** Attempts that a policy allows without a limit of age: the first one and all retries. */
export function attemptsOf(policy: RetryPolicy): number {
  return policy.phases.reduce((sum, { retries }) => sum + retries, 1);
}

/** Most delays that `totalDelayNs` adds up one by one in a phase that grows. */
const ADDED_UP_MAX = 10_000;

/** All delays of the phases together, without jitter [ns]. */
export function totalDelayNs(phases: readonly RetryPhase[]): number {
  let sum = 0;
  for (const phase of phases) {
    const growing = phase.firstNs === phase.lastNs ? 0 : Math.min(phase.retries, ADDED_UP_MAX);
    for (let index = 0; index < growing; index++) sum += delayInPhase(phase, index);
    // An endless phase without a delay takes no time.
    if (phase.retries > growing && phase.lastNs > 0)
      sum += (phase.retries - growing) * phase.lastNs;
  }
  return sum;
}

function delayInPhase({ retries, firstNs, lastNs, growth }: RetryPhase, index: number): number {
  if (firstNs === lastNs) return firstNs;
  if (growth === "doubling") return Math.min(lastNs, firstNs * pow(2, Math.min(index, 1000)));
  const steps = retries - 1;
  if (steps < 1) return firstNs;
  const share = index / steps;
  if (growth === "geometric" && firstNs > 0)
    return Math.round(firstNs * pow(lastNs / firstNs, share));
  const risen = growth === "linear" ? share : (index * (index + 1)) / (steps * (steps + 1));
  return Math.round(firstNs + (lastNs - firstNs) * risen);
}
