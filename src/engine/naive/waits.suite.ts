// How long a naive service or caller waits before it tries again.

import type { RandomStream } from "../../kernel/random.ts";

/** What is known of the waits between attempts [ms]. */
export interface WaitRule {
  readonly backoff: number;
  readonly backoffMax: number;
  readonly jitter: "none" | "full" | "equal";
}

/** The wait after the failure of an attempt (from 1) [ns]: doubled each time, capped, then spread. */
export function waitNs(rule: WaitRule, attempt: number, stream: RandomStream): number {
  let wait = rule.backoff;
  for (let doublings = 1; doublings < attempt && wait < rule.backoffMax; doublings++) wait *= 2;
  wait = Math.min(wait, rule.backoffMax);
  if (rule.jitter === "full") wait *= stream.uniform();
  if (rule.jitter === "equal") wait = wait / 2 + (wait / 2) * stream.uniform();
  return Math.round(wait * 1e6);
}
