// How a client library tries a request again that failed: pauses that double up to a limit, spread by chance.

import type { RandomStream } from "../../kernel/random.ts";

/** A library's rule. */
export interface RetryRule {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Pause before the second attempt [ns]; each further one is twice as long, up to `longestNs`. */
  readonly firstNs: number;
  readonly longestNs: number;
  /** The share of the pause that is drawn by chance: 0 never, 1 the whole of it. */
  readonly jitter: number;
}

/** Pause after so many failed attempts (1, 2, …) [ns]. */
export function retryPauseNs(rule: RetryRule, failed: number, random: RandomStream): number {
  let pauseNs = rule.firstNs;
  for (let more = failed; more > 1 && pauseNs < rule.longestNs; more--) pauseNs *= 2;
  pauseNs = Math.min(pauseNs, rule.longestNs);
  return Math.round(pauseNs * (1 - rule.jitter * random.uniform()));
}
