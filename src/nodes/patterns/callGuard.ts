// What stands between a caller and its calls: a rate limit, a circuit breaker and a bulkhead, in this order, each of
// which may be switched off. To add another guard, add its fields and its question here.

import { type FieldValue, type Fields, grouped, type ValuesOf } from "../../base/fields.ts";
import type { Arena } from "../../kernel/arena.ts";
import { Bulkhead, bulkheadFields } from "./bulkhead.ts";
import { breakerFields, CircuitBreaker } from "./circuitBreaker.ts";
import { RateLimit, rateLimitFields, REFUSED } from "./rateLimit.ts";
import { RetryBudget, retryBudgetFields } from "./retryBudget.ts";

/** Fields of all guards of a call. */
export const guardFields = {
  ...grouped("Retries", retryBudgetFields),
  ...grouped("Circuit breaker", breakerFields),
  ...grouped("Bulkhead", bulkheadFields),
  ...grouped("Rate limit", rateLimitFields),
} as const satisfies Fields;

/** Why a guard lets no call through; positions are what `ask` gives. */
export const refusals = ["", "circuit-open", "bulkhead-full", "rate-limited", "deadline"] as const;

/** The position of "deadline" in `refusals`. */
export const PAST_DEADLINE = 4;

/** How a call that was let through has ended. */
export type CallEnd = "success" | "failure" | "abandoned";

/** The guards of one call connection. */
export class CallGuard {
  readonly retries: RetryBudget;
  readonly #breaker: CircuitBreaker;
  readonly #bulkhead: Bulkhead;
  readonly #limit: RateLimit;

  constructor(arena: Arena, name: string, values: ValuesOf<typeof guardFields>) {
    this.retries = new RetryBudget(arena, name, values);
    this.#breaker = new CircuitBreaker(arena, name, values);
    this.#bulkhead = new Bulkhead(arena, name, values);
    this.#limit = new RateLimit(arena, name, values);
  }

  /** How long a call has to wait before it may be tried [ns], or less than 0 when the rate limit refuses it. */
  waitNs(nowNs: number): number {
    return this.#limit.waitNs(nowNs);
  }

  /** Lets a call through (0) or says why not: a position in `refusals`. */
  enter(nowNs: number): number {
    if (!this.#bulkhead.admits()) return 2;
    if (!this.#breaker.admits(nowNs)) return 1;
    this.#bulkhead.enter();
    return 0;
  }

  /** Names the state of the breaker, for a call that was just let through. */
  era(): number {
    return this.#breaker.era();
  }

  /** A call that was let through has ended now [ns], after a time [ns]. */
  leave(end: CallEnd, era: number, nowNs: number, tookNs: number): void {
    this.#bulkhead.leave();
    if (end === "abandoned") return;
    this.#breaker.ended(era, end === "failure", nowNs, tookNs);
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    if (parameter === "circuitBreaker") this.#breaker.switch(value === true);
  }
}

/** The refusal of a rate limit, as a position in `refusals`; 0 when it does not refuse. */
export function refusalOf(waitNs: number): number {
  return waitNs === REFUSED ? 3 : 0;
}
