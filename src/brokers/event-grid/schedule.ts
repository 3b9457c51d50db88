// When Event Grid tries an event again, and when it gives up. Source:
// https://learn.microsoft.com/azure/event-grid/delivery-and-retry; its steps are read as gaps between attempts.

import { evenPhase, type RetryPhase, type RetryPolicy } from "../mechanisms/retry.ts";

const S = 1e9;
const MINUTE = 60 * S;
const HOUR = 60 * MINUTE;

const stepsNs = [
  10 * S,
  30 * S,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
];
const lastStepNs = 12 * HOUR;

/** How long Event Grid waits for an answer [ns]. */
export const responseNs = 30 * S;

/** How long after the last attempt a dead letter is written [ns]. */
export const deadLetterDelayNs = 5 * MINUTE;

/** Failures in a row after which delivery to an endpoint is delayed: the documentation's example. */
export const failuresBeforeDelay = 10;
/** The longest time for which nothing is sent to such an endpoint [ns]: "several hours", taken as four. */
export const longestDelayNs = 4 * HOUR;

const noRetry: readonly number[] = [400, 401, 403, 413];
const floorsNs: Readonly<Record<number, number>> = {
  404: 5 * MINUTE,
  408: 2 * MINUTE,
  503: 30 * S,
};

/** Whether a status tells Event Grid that the event was taken. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 204;
}

/** Whether an event is tried again after an answer with this status. */
export function isRetried(status: number): boolean {
  return !noRetry.includes(status);
}

/** The schedule for an endpoint that answers with a status. */
export function scheduleFor(
  status: number,
  limits: { readonly attempts: number; readonly ageNs: number },
): RetryPolicy {
  const floorNs = floorsNs[status] ?? 0;
  const retries = isRetried(status) ? limits.attempts - 1 : 0;
  const steps = stepsNs.slice(0, retries).map((step) => evenPhase(1, Math.max(step, floorNs)));
  const rest = retries - steps.length;
  const phases: readonly RetryPhase[] =
    rest > 0 ? [...steps, evenPhase(rest, Math.max(lastStepNs, floorNs))] : steps;
  return { phases, ageNsMax: limits.ageNs, jitterFrom: 1, jitterTo: 1 };
}
