// Waits between attempts: exponential growth with a ceiling and jitter.
// Source of the variants: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

import { msToNs } from "../base/units.ts";
import type { RandomStream } from "../kernel/random.ts";

/** How long to wait between attempts. */
export interface Backoff {
  /** Wait before the second attempt [ms]; doubles with each further one. */
  readonly backoff: number;
  /** Ceiling of the wait [ms]. */
  readonly backoffMax: number;
  readonly jitter: "none" | "full" | "equal";
}

/** Wait after the failure of an attempt (1, 2, …) [ns]. */
export function backoffNs(rule: Backoff, attempt: number, stream: RandomStream): number {
  // 2^60 ms is beyond any ceiling; the exponent is bounded so that the power stays exact.
  const raw = Math.min(rule.backoffMax, rule.backoff * 2 ** Math.min(attempt - 1, 60));
  const share = rule.jitter === "none" ? 1 : stream.uniform();
  return msToNs(rule.jitter === "equal" ? raw / 2 + (raw / 2) * share : raw * share);
}
