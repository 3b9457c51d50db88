// What stands between a naive caller and its calls, in the plainest way: lists of what happened, counted anew each time.

import type { ValuesOf } from "../../base/fields.ts";
import type { callFields } from "../../nodes/connections.ts";
import type { rateLimitFields } from "../../nodes/patterns/rateLimit.ts";

type Values = ValuesOf<typeof callFields>;

interface Outcome {
  readonly atNs: number;
  readonly isFailure: boolean;
  readonly isSlow: boolean;
}

/** How a call was let through, for its end. */
export interface Passage {
  readonly setOutNs: number;
  readonly epoch: object;
}

/** A rate limit: of a call connection, or of an external API. */
export class NaiveRateLimit {
  readonly #values: ValuesOf<typeof rateLimitFields>;
  #tokens: number;
  #tokensNs = 0;
  #leavesNs = 0;
  #passed: number[] = [];

  constructor(values: ValuesOf<typeof rateLimitFields>) {
    this.#values = values;
    this.#tokens = values.burst;
  }

  /** How long to wait [ns], undefined when the limit refuses. */
  waitNs(nowNs: number): number | undefined {
    const { rateLimiter, limitForPeriod, burst } = this.#values;
    if (rateLimiter === "token bucket") {
      this.#tokens = Math.min(
        burst,
        this.#tokens + ((nowNs - this.#tokensNs) * limitForPeriod) / 1e9,
      );
      this.#tokensNs = nowNs;
      if (this.#tokens < 1) return undefined;
      this.#tokens--;
    }
    if (rateLimiter === "leaky bucket") {
      const tickNs = Math.round(1e9 / limitForPeriod);
      const leavesNs = Math.max(nowNs, this.#leavesNs);
      if ((leavesNs - nowNs) / tickNs > burst - 1 + 1e-9) return undefined;
      this.#leavesNs = leavesNs + tickNs;
      return leavesNs - nowNs;
    }
    if (rateLimiter === "fixed window") {
      const second = Math.floor(nowNs / 1e9);
      this.#passed = this.#passed.filter((passed) => passed === second);
      if (this.#passed.length + 1 > limitForPeriod) return undefined;
      this.#passed.push(second);
    }
    return 0;
  }
}

/** The guards of one naive call connection. */
export class NaiveGuards {
  isOn: boolean;
  readonly #values: Values;
  #state: "closed" | "open" | "half-open" = "closed";
  #openedNs = 0;
  /** Another object after every change of the state. */
  #epoch = {};
  #outcomes: Outcome[] = [];
  #probes = 0;
  #inside = 0;
  #saved = 0;
  readonly #limit: NaiveRateLimit;

  constructor(values: Values) {
    this.#values = values;
    this.isOn = values.circuitBreaker;
    this.#limit = new NaiveRateLimit(values);
  }

  switch(isOn: boolean): void {
    this.isOn = isOn;
    this.#become("closed", 0);
  }

  called(): void {
    const { retryBudget } = this.#values;
    if (retryBudget !== null) this.#saved = Math.min(100, this.#saved + retryBudget);
  }

  mayRetry(): boolean {
    if (this.#values.retryBudget === null) return true;
    if (this.#saved < 1 - 1e-9) return false;
    this.#saved = Math.max(0, this.#saved - 1);
    return true;
  }

  /** How long to wait [ns], undefined when the limit refuses. */
  waitNs(nowNs: number): number | undefined {
    return this.#limit.waitNs(nowNs);
  }

  /** Lets a call through, or says why not. */
  enter(nowNs: number): Passage | string {
    const { maxConcurrentCalls, permittedNumberOfCallsInHalfOpenState } = this.#values;
    if (this.#inside >= (maxConcurrentCalls ?? Infinity)) return "bulkhead-full";
    if (this.isOn && this.#state !== "closed") {
      if (this.#state === "open") {
        const waitedNs = nowNs - this.#openedNs;
        if (waitedNs < Math.round(this.#values.waitDurationInOpenState * 1e6))
          return "circuit-open";
        this.#become("half-open", nowNs);
      }
      if (this.#probes >= permittedNumberOfCallsInHalfOpenState) return "circuit-open";
      this.#probes++;
    }
    this.#inside++;
    return { setOutNs: nowNs, epoch: this.#epoch };
  }

  leave(passage: Passage, isFailure: boolean | undefined, nowNs: number): void {
    this.#inside--;
    if (isFailure === undefined || !this.isOn) return;
    if (passage.epoch !== this.#epoch || this.#state === "open") return;
    const isSlow =
      nowNs - passage.setOutNs > Math.round(this.#values.slowCallDurationThreshold * 1e6);
    this.#outcomes.push({ atNs: nowNs, isFailure, isSlow });
    this.#judge(nowNs);
  }

  #judge(nowNs: number): void {
    const { slidingWindowType, slidingWindowSize, minimumNumberOfCalls } = this.#values;
    const isByCount = slidingWindowType === "COUNT_BASED";
    let counted = this.#outcomes;
    let least = this.#values.permittedNumberOfCallsInHalfOpenState;
    if (this.#state === "closed") {
      const second = Math.floor(nowNs / 1e9);
      counted = isByCount
        ? this.#outcomes.slice(-slidingWindowSize)
        : this.#outcomes.filter(({ atNs }) => Math.floor(atNs / 1e9) > second - slidingWindowSize);
      least = isByCount ? Math.min(minimumNumberOfCalls, slidingWindowSize) : minimumNumberOfCalls;
    }
    if (counted.length < least) return;
    const isBad = (bad: readonly Outcome[], share: number) =>
      bad.length > 0 && bad.length >= share * counted.length;
    const failed = counted.filter(({ isFailure }) => isFailure);
    const slow = counted.filter(({ isSlow }) => isSlow);
    const { failureRateThreshold, slowCallRateThreshold } = this.#values;
    if (isBad(failed, failureRateThreshold) || isBad(slow, slowCallRateThreshold))
      this.#become("open", nowNs);
    else if (this.#state === "half-open") this.#become("closed", nowNs);
  }

  #become(state: "closed" | "open" | "half-open", nowNs: number): void {
    this.#state = state;
    this.#openedNs = nowNs;
    this.#epoch = {};
    this.#outcomes = [];
    this.#probes = 0;
  }
}
