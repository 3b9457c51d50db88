// How long a naive service or caller waits before it tries again.

import type { Distribution } from "../../base/distribution.ts";
import type { RandomStream } from "../../kernel/random.ts";

/** What is known of the waits between attempts [ms]. */
export interface WaitRule {
  readonly backoff: number;
  readonly backoffMax: number;
  readonly growth: "exponential" | "linear" | "fixed";
  readonly jitter: "none" | "full" | "equal" | "decorrelated";
}

/** The wait after the failure of an attempt (from 1) [ns]: grown, capped, then spread. The wait before it is 0 at first. */
export function waitNs(
  rule: WaitRule,
  attempt: number,
  waitedNs: number,
  stream: RandomStream,
): number {
  const firstNs = Math.round(Math.min(rule.backoff, rule.backoffMax) * 1e6);
  if (rule.jitter === "decorrelated" && waitedNs === 0) return firstNs;
  if (rule.jitter === "decorrelated") {
    const next = firstNs + Math.max(0, 3 * waitedNs - firstNs) * stream.uniform();
    return Math.min(Math.round(rule.backoffMax * 1e6), Math.round(next));
  }
  let wait = rule.growth === "linear" ? rule.backoff * attempt : rule.backoff;
  if (rule.growth === "exponential")
    for (let past = 1; past < attempt && wait < rule.backoffMax; past++) wait *= 2;
  wait = Math.min(wait, rule.backoffMax);
  if (rule.jitter === "full") wait *= stream.uniform();
  if (rule.jitter === "equal") wait = wait / 2 + (wait / 2) * stream.uniform();
  return Math.round(wait * 1e6);
}

/** Whether nothing is drawn, because it is no wait at all. */
export function isNothing(pause: Distribution): boolean {
  return pause.distribution === "constant" && pause.value === 0;
}
