// Rate limits: how many may pass in a time, and what becomes of the rest. Token bucket, leaky bucket (as a queue), fixed
// and sliding window.

import { choice, count, type Fields, rate, type ValuesOf } from "../../base/fields.ts";
import { nsPerS, wholeOf } from "../../base/units.ts";
import type { Arena, Float64Column } from "../../kernel/arena.ts";

const limits = ["token bucket", "leaky bucket", "fixed window"] as const;
const ifLimited = { field: "rateLimiter", is: limits };

/** Fields of a rate limit. */
export const rateLimitFields = {
  rateLimiter: choice({
    label: "Rate limit",
    options: [
      { value: "none", label: "None" },
      { value: "token bucket", label: "Token bucket: bursts up to its size" },
      { value: "leaky bucket", label: "Leaky bucket: a queue that drains evenly" },
      { value: "fixed window", label: "Fixed window: so many per second" },
    ],
    default: "none",
    help: "How many may pass; the rest is refused.",
  }),
  limitForPeriod: rate({
    label: "Limit",
    min: 0.001,
    default: 50,
    help: "How many may pass per second in the long run.",
    onlyIf: ifLimited,
  }),
  burst: count({
    label: "Bucket size",
    min: 1,
    max: 1e6,
    default: 50,
    help: "Tokens of a full bucket; places in the queue of a leaky one.",
    onlyIf: { field: "rateLimiter", is: ["token bucket", "leaky bucket"] },
  }),
} as const satisfies Fields;

/** The limit lets nobody pass now. */
export const REFUSED = -1;

// Cells of the state.
/** Tokens (token bucket), or how many have passed in the window (fixed window). */
const LEVEL = 0;
/** When the level was right (token bucket), when the next may leave (leaky bucket), or the window (fixed window). */
const SINCE = 1;

/** One rate limit. */
export class RateLimit {
  readonly #values: ValuesOf<typeof rateLimitFields>;
  readonly #state: Float64Column;

  constructor(arena: Arena, name: string, values: ValuesOf<typeof rateLimitFields>) {
    this.#values = values;
    this.#state = arena.float64(`${name}/rate-limit`, 2);
    if (values.rateLimiter === "token bucket") this.#state.data[LEVEL] = values.burst;
  }

  /** Asks to pass now: how long to wait [ns], or REFUSED. */
  waitNs(nowNs: number): number {
    switch (this.#values.rateLimiter) {
      case "none":
        return 0;
      case "token bucket":
        return this.#token(nowNs);
      case "leaky bucket":
        return this.#leak(nowNs);
      case "fixed window":
        return this.#inWindow(nowNs);
    }
  }

  #token(nowNs: number): number {
    const state = this.#state.data;
    const { burst, limitForPeriod } = this.#values;
    const grown = state[LEVEL]! + ((nowNs - state[SINCE]!) * limitForPeriod) / nsPerS;
    const tokens = Math.min(burst, grown);
    state[SINCE] = nowNs;
    state[LEVEL] = tokens >= 1 ? tokens - 1 : tokens;
    return tokens >= 1 ? 0 : REFUSED;
  }

  /** The bucket holds those who wait to leave, one at every tick; who leaves at once is in it too. */
  #leak(nowNs: number): number {
    const state = this.#state.data;
    const tickNs = wholeOf(nsPerS / this.#values.limitForPeriod);
    const leavesNs = Math.max(nowNs, state[SINCE]!);
    if ((leavesNs - nowNs) / tickNs > this.#values.burst - 1 + 1e-9) return REFUSED;
    state[SINCE] = leavesNs + tickNs;
    return leavesNs - nowNs;
  }

  #inWindow(nowNs: number): number {
    const state = this.#state.data;
    const window = Math.floor(nowNs / nsPerS);
    if (window !== state[SINCE]) state[LEVEL] = 0;
    state[SINCE] = window;
    if (state[LEVEL]! + 1 > this.#values.limitForPeriod) return REFUSED;
    state[LEVEL]!++;
    return 0;
  }
}
