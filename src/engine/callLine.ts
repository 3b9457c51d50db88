// What belongs to one call connection in a run: its guards, its live parameters and its figures. Patterns that are
// switched off have no state.

import { msToNs } from "../base/units.ts";
import type { Float64Column } from "../kernel/arena.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import { Observations } from "../kernel/observations.ts";
import type { RandomStream } from "../kernel/random.ts";
import { CallGuard } from "../nodes/patterns/callGuard.ts";
import { isPermanent } from "../nodes/patterns/errorClasses.ts";
import { type Hedging, hedgingOf } from "../nodes/patterns/hedging.ts";
import type { CallPlan, CallsContext } from "./callPlan.ts";
import { ReasonCounts } from "./reasons.ts";

/** One call connection. */
export interface CallLine {
  readonly plan: CallPlan;
  readonly latencies: Sampler;
  readonly jitter: RandomStream;
  /** Timeout [ms], attempts, back-off [ms]: live. */
  readonly live: Float64Column;
  readonly duration: Observations;
  readonly guard: CallGuard;
  /** Absent where a call asks once. */
  readonly hedging: Hedging | undefined;
  /** Calls answered by the fallback, by the failure that it hides; absent where there is none. */
  readonly degraded: ReasonCounts | undefined;
}

/** The state of a call connection at the start of a run. */
export function openLine(plan: CallPlan, context: CallsContext): CallLine {
  const { arena } = context;
  const { id, values } = plan;
  const live = arena.float64(`${id}/live`, 3);
  live.data.set([values.timeout, values.attempts, values.backoff]);
  return {
    plan,
    latencies: createSampler(values.latency, context.random(`${id}/latency`)),
    jitter: context.random(`${id}/jitter`),
    live,
    duration: new Observations(arena, `${id}/duration`),
    guard: new CallGuard(arena, id, values),
    hedging: hedgingOf(arena, id, values),
    degraded: values.fallback === "none" ? undefined : new ReasonCounts(arena, `${id}/degraded`, 1),
  };
}

/** Time that a call has for all its attempts [ns]. */
export function deadlineNs({ plan }: CallLine): number {
  const { deadline } = plan.values;
  return deadline === null ? Infinity : msToNs(deadline);
}

/** Whether a call tries again after a failure, if it has attempts left. */
export function isWorthRetrying({ plan }: CallLine, failure: string): boolean {
  if (failure === "deadline") return false;
  return plan.values.retryOn === "everything" || !isPermanent(failure);
}

/** What the patterns around the calls of a connection have done. */
export function extrasOf({ hedging, degraded }: CallLine) {
  const { hedges, hedgesWon } = hedging?.counts() ?? { hedges: 0, hedgesWon: 0 };
  return { hedges, hedgesWon, degraded: degraded?.at(0) ?? {} };
}
