// Trying again: how often, and how long to wait in between. Exponential growth with a ceiling and jitter.
// Source of the variants: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

import { choice, count, duration, type Fields, type ValuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { RandomStream } from "../kernel/random.ts";

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
    help: "Wait before the second attempt; it doubles with each further one. Who tries again waits with it.",
    live: true,
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
    ],
    default: "full",
    help: "Spreads the attempts of many over time.",
  }),
} as const satisfies Fields;

/** How long to wait between attempts [ms]. */
export type Backoff = Pick<ValuesOf<typeof retryFields>, "backoff" | "backoffMax" | "jitter">;

/** Wait after the failure of an attempt (1, 2, …) [ns], when that after the first is `firstMs` now. */
export function backoffNs(
  rule: Omit<Backoff, "backoff">,
  firstMs: number,
  attempt: number,
  stream: RandomStream,
): number {
  // Doublings are bounded so that the power stays exact; 2^60 is beyond any ceiling.
  const raw = Math.min(rule.backoffMax, firstMs * 2 ** Math.min(attempt - 1, 60));
  const share = rule.jitter === "none" ? 1 : stream.uniform();
  return msToNs(rule.jitter === "equal" ? raw / 2 + (raw / 2) * share : raw * share);
}
