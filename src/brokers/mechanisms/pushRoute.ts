// How a broker pushes to one subscription: what its endpoint is asked and how often, and what happens to what fails.

import type { ProbationRule } from "./probation.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Account } from "../technology.ts";

/** Why a copy was given up whose endpoint no longer exists or refuses the broker for good. */
export const endpointGone = "endpoint-gone";

/** No limit to the attempts that run at the same time. */
export const NO_CONCURRENCY_LIMIT = 0x7fffffff;

/** How copies go to one subscription. */
export interface PushRoute {
  readonly subscription: number;
  readonly account: Account;
  /** One way between broker and endpoint [ns]. */
  readonly latencyNs: number;
  /** How long an attempt waits for the answer before it counts as failed, although the worker may go on [ns]; Infinity:
   *  for ever. */
  readonly timeoutNs: number;
  /** Most attempts under way; `NO_CONCURRENCY_LIMIT` without a limit. */
  readonly concurrency: number;
  /** Most attempts per second at the start; Infinity without a limit. */
  readonly ratePerS: number;
  /** Messages of one key go one after the other: the next when the one before is dealt with or given up. */
  readonly isOrdered: boolean;
  /** After an answer that tells of a failure, a time-out or a connection that broke. */
  readonly onError: RetryPolicy;
  /** When nobody takes the connection. The same object as `onError` counts both together. */
  readonly onUnavailable: RetryPolicy;
  /** What is given up goes to `giveUp` of the owner as a dead letter; otherwise it is dropped. */
  readonly hasDeadLetters: boolean;
  /** The same for what is given up because the endpoint is gone; absent: as `hasDeadLetters`. */
  readonly hasDeadLettersIfGone?: boolean;
  /** Share of messages that are sent once more although they were answered, because at-least-once allows it. */
  readonly duplicates: number;
  /** When nothing is sent for a while because too much has failed; absent: never. */
  readonly probation?: ProbationRule;
}

/** The technology that pushes. */
export interface PushOwner {
  /** A copy was given up and is booked as a dead letter: keep it somewhere. The message may go when this returns. */
  deadLetter(route: number, message: number, reason: string): void;
}

/** Position of the route of each subscription, -1 without. */
export function routeOfSubscription(routes: readonly PushRoute[]): readonly number[] {
  const last = Math.max(-1, ...routes.map(({ subscription }) => subscription));
  return Array.from({ length: last + 1 }, (_, index) =>
    routes.findIndex(({ subscription }) => subscription === index),
  );
}
