// Trying again: how often, and how long to wait in between. Fixed, linear or exponential growth with a ceiling and jitter.
// Source of the variants: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

import { choice, count, duration, type Fields, type ValuesOf } from "../../base/fields.ts";
import { msToNs, wholeOf } from "../../base/units.ts";
import type { RandomStream } from "../../kernel/random.ts";

/** Fields of everything that tries again: a service its messages, a caller its calls. */
export const retryFields = {
  attempts: count({
    label: "Attempts",
    min: 1,
    max: 100,
    default: 1,
    help: "How often it is tried before it counts as failed, the first time included.",
    live: true,
  }),
  backoff: duration({
    label: "Back-off",
    default: 100,
    help: "Wait before the second attempt. Who tries again waits with it.",
    live: true,
  }),
  growth: choice({
    label: "Growth",
    options: [
      { value: "exponential", label: "Exponential: doubles each time" },
      { value: "linear", label: "Linear: once, twice, three times" },
      { value: "fixed", label: "Fixed: the same each time" },
    ],
    default: "exponential",
    help: "How the wait grows from attempt to attempt.",
  }),
  backoffMax: duration({
    label: "Longest back-off",
    default: 20_000,
    help: "The wait before an attempt never grows beyond this.",
  }),
  jitter: choice({
    label: "Jitter",
    options: [
      { value: "none", label: "None" },
      { value: "full", label: "Full: anything from 0 to the wait" },
      { value: "equal", label: "Equal: half fixed, half random" },
      { value: "decorrelated", label: "Decorrelated: up to three times the last wait" },
    ],
    default: "full",
    help: "Spreads the attempts of many over time.",
  }),
} as const satisfies Fields;

/** How long to wait between attempts [ms]. */
export type Backoff = Pick<
  ValuesOf<typeof retryFields>,
  "backoff" | "backoffMax" | "growth" | "jitter"
>;

/** What a wait depends on beside its rule. */
export interface Failed {
  /** The wait after the first attempt, as it is now [ms]. */
  readonly firstMs: number;
  /** The attempt that has failed: 1, 2, … */
  readonly attempt: number;
  /** The wait before that attempt [ns]; 0 before the first. */
  readonly waitedNs: number;
}

/** Wait after the failure of an attempt [ns]. */
export function backoffNs(
  rule: Omit<Backoff, "backoff">,
  failed: Failed,
  stream: RandomStream,
): number {
  if (rule.jitter === "decorrelated") return decorrelatedNs(rule, failed, stream);
  const raw = Math.min(rule.backoffMax, failed.firstMs * growths[rule.growth](failed.attempt));
  const share = rule.jitter === "none" ? 1 : stream.uniform();
  return msToNs(rule.jitter === "equal" ? raw / 2 + (raw / 2) * share : raw * share);
}

/** By how much the wait after an attempt is longer than that after the first. */
export const growths = {
  // Doublings are bounded so that the power stays exact; 2^60 is beyond any ceiling.
  exponential: (attempt: number) => 2 ** Math.min(attempt - 1, 60),
  linear: (attempt: number) => attempt,
  fixed: () => 1,
} as const;

/** The first wait is the base; each further one lies between the base and three times the one before. */
function decorrelatedNs(
  rule: Omit<Backoff, "backoff">,
  { firstMs, waitedNs }: Failed,
  stream: RandomStream,
): number {
  const firstNs = msToNs(Math.min(rule.backoffMax, firstMs));
  if (waitedNs === 0) return firstNs;
  const spread = Math.max(0, 3 * waitedNs - firstNs) * stream.uniform();
  return Math.min(msToNs(rule.backoffMax), wholeOf(firstNs + spread));
}
