// A circuit breaker: calls are no longer made while too many of the latest have failed or were slow, until some probes
// succeed. States, settings and defaults are those of resilience4j 2 (CircuitBreakerConfig).

import {
  choice,
  count,
  duration,
  type Fields,
  flag,
  ratio,
  type ValuesOf,
} from "../../base/fields.ts";
import { msToNs, nsPerS } from "../../base/units.ts";
import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";

const ifBreaker = { field: "circuitBreaker", is: [true] };

/** Fields of a circuit breaker. */
export const breakerFields = {
  circuitBreaker: flag({
    label: "Circuit breaker",
    default: false,
    help: "Fails calls at once while too many of the latest have failed.",
    live: true,
  }),
  slidingWindowType: choice({
    label: "slidingWindowType",
    options: [
      { value: "COUNT_BASED", label: "COUNT_BASED: the latest calls" },
      { value: "TIME_BASED", label: "TIME_BASED: the calls of the latest seconds" },
    ],
    default: "COUNT_BASED",
    help: "What the rates are taken over.",
    onlyIf: ifBreaker,
  }),
  slidingWindowSize: count({
    label: "slidingWindowSize",
    min: 1,
    max: 10_000,
    default: 100,
    help: "Calls, or seconds, in the window.",
    onlyIf: ifBreaker,
  }),
  minimumNumberOfCalls: count({
    label: "minimumNumberOfCalls",
    min: 1,
    max: 10_000,
    default: 100,
    help: "With fewer calls in the window nothing is judged.",
    onlyIf: ifBreaker,
  }),
  failureRateThreshold: ratio({
    label: "failureRateThreshold",
    default: 0.5,
    help: "It opens at this share of failed calls.",
    onlyIf: ifBreaker,
  }),
  slowCallDurationThreshold: duration({
    label: "slowCallDurationThreshold",
    min: 0.001,
    default: 60_000,
    help: "A call that takes longer is slow.",
    onlyIf: ifBreaker,
  }),
  slowCallRateThreshold: ratio({
    label: "slowCallRateThreshold",
    default: 1,
    help: "It opens at this share of slow calls.",
    onlyIf: ifBreaker,
  }),
  waitDurationInOpenState: duration({
    label: "waitDurationInOpenState",
    min: 0.001,
    default: 60_000,
    help: "How long it stays open before it lets probes through.",
    onlyIf: ifBreaker,
  }),
  permittedNumberOfCallsInHalfOpenState: count({
    label: "permittedNumberOfCallsInHalfOpenState",
    min: 1,
    max: 1000,
    default: 10,
    help: "Number of probes; they decide whether it closes or opens again.",
    onlyIf: ifBreaker,
  }),
} as const satisfies Fields;

/** What a breaker is doing. */
export const breakerStates = ["closed", "open", "half-open"] as const;

const CLOSED = 0;
const OPEN = 1;
const HALF_OPEN = 2;

// Cells of the state.
const ON = 0;
const STATE = 1;
/** Grows with every change of the state: an attempt that set out in an earlier one counts no more. */
const ERA = 2;
const NEXT = 3;
const RECORDED = 4;
const FAILURES = 5;
const SLOW = 6;
/** Probes let through since it is half-open. */
const PROBES = 7;
const CELLS = 8;

/** What a call that has ended was; bits. */
const FAILED = 1;
const WAS_SLOW = 2;

// Fields of a bucket of one second.
const BUCKET_CALLS = 0;
const BUCKET_FAILURES = 1;
const BUCKET_SLOW = 2;
const BUCKET = 3;

/** The breaker of one call connection. */
export class CircuitBreaker {
  readonly #values: ValuesOf<typeof breakerFields>;
  readonly #cells: Int32Column;
  /** Outcomes of the latest calls (COUNT_BASED), or counts per second (TIME_BASED). */
  readonly #window: Int32Column;
  /** When it opened [ns], and the second of the youngest bucket. */
  readonly #times: Float64Column;

  constructor(arena: Arena, name: string, values: ValuesOf<typeof breakerFields>) {
    this.#values = values;
    this.#cells = arena.int32(`${name}/breaker`, CELLS);
    this.#times = arena.float64(`${name}/breaker/times`, 2);
    const width = values.slidingWindowType === "COUNT_BASED" ? 1 : BUCKET;
    this.#window = arena.int32(`${name}/breaker/window`, width * values.slidingWindowSize);
    this.#cells.data[ON] = values.circuitBreaker ? 1 : 0;
  }

  /** Switches it on, closed and with an empty window, or off. */
  switch(isOn: boolean): void {
    this.#cells.data[ON] = isOn ? 1 : 0;
    this.#become(CLOSED, 0);
  }

  /** Whether a call may be made now [ns]. A call that may counts as a probe where it is half-open. */
  admits(nowNs: number): boolean {
    const cells = this.#cells.data;
    if (cells[ON] === 0 || cells[STATE] === CLOSED) return true;
    if (cells[STATE] === OPEN) {
      if (nowNs - this.#times.data[0]! < msToNs(this.#values.waitDurationInOpenState)) return false;
      this.#become(HALF_OPEN, nowNs);
    }
    if (cells[PROBES]! >= this.#values.permittedNumberOfCallsInHalfOpenState) return false;
    cells[PROBES]!++;
    return true;
  }

  /** Names the present state, for a call that sets out now. */
  era(): number {
    return this.#cells.data[ERA]!;
  }

  /** One of `breakerStates`. */
  state(): (typeof breakerStates)[number] {
    return breakerStates[this.#cells.data[STATE]!]!;
  }

  /** A call that set out in an era has ended now [ns], after a time [ns]. */
  ended(era: number, isFailure: boolean, nowNs: number, tookNs: number): void {
    const cells = this.#cells.data;
    if (cells[ON] === 0 || era !== cells[ERA] || cells[STATE] === OPEN) return;
    const isSlow = tookNs > msToNs(this.#values.slowCallDurationThreshold);
    this.#record((isFailure ? FAILED : 0) | (isSlow ? WAS_SLOW : 0), nowNs);
    const isEnough = cells[RECORDED]! >= this.#callsToJudge();
    if (!isEnough) return;
    if (this.#isBad()) this.#become(OPEN, nowNs);
    else if (cells[STATE] === HALF_OPEN) this.#become(CLOSED, nowNs);
  }

  #callsToJudge(): number {
    const { minimumNumberOfCalls, slidingWindowSize, slidingWindowType } = this.#values;
    const probes = this.#values.permittedNumberOfCallsInHalfOpenState;
    if (this.#cells.data[STATE] === HALF_OPEN) return probes;
    return slidingWindowType === "COUNT_BASED"
      ? Math.min(minimumNumberOfCalls, slidingWindowSize)
      : minimumNumberOfCalls;
  }

  #isBad(): boolean {
    const cells = this.#cells.data;
    const { failureRateThreshold, slowCallRateThreshold } = this.#values;
    const reaches = (bad: number, share: number): boolean =>
      bad > 0 && bad >= share * cells[RECORDED]!;
    return (
      reaches(cells[FAILURES]!, failureRateThreshold) ||
      reaches(cells[SLOW]!, slowCallRateThreshold)
    );
  }

  #record(outcome: number, nowNs: number): void {
    if (this.#cells.data[STATE] === HALF_OPEN) this.#count(outcome, 1);
    else if (this.#values.slidingWindowType === "COUNT_BASED") this.#recordCall(outcome);
    else this.#recordInSecond(outcome, nowNs);
  }

  #count(outcome: number, by: number): void {
    const cells = this.#cells.data;
    cells[RECORDED]! += by;
    if ((outcome & FAILED) !== 0) cells[FAILURES]! += by;
    if ((outcome & WAS_SLOW) !== 0) cells[SLOW]! += by;
  }

  #recordCall(outcome: number): void {
    const cells = this.#cells.data;
    const size = this.#values.slidingWindowSize;
    const at = cells[NEXT]!;
    if (cells[RECORDED] === size) this.#count(this.#window.data[at]!, -1);
    this.#window.data[at] = outcome;
    cells[NEXT] = (at + 1) % size;
    this.#count(outcome, 1);
  }

  #recordInSecond(outcome: number, nowNs: number): void {
    const size = this.#values.slidingWindowSize;
    const second = Math.floor(nowNs / nsPerS);
    const youngest = this.#times.data[1]!;
    for (let past = Math.max(youngest + 1, second - size + 1); past <= second; past++)
      this.#emptyBucket(past % size);
    this.#times.data[1] = second;
    const first = (second % size) * BUCKET;
    const window = this.#window.data;
    window[first + BUCKET_CALLS]!++;
    if ((outcome & FAILED) !== 0) window[first + BUCKET_FAILURES]!++;
    if ((outcome & WAS_SLOW) !== 0) window[first + BUCKET_SLOW]!++;
    this.#count(outcome, 1);
  }

  #emptyBucket(bucket: number): void {
    const cells = this.#cells.data;
    const window = this.#window.data;
    const first = bucket * BUCKET;
    cells[RECORDED]! -= window[first + BUCKET_CALLS]!;
    cells[FAILURES]! -= window[first + BUCKET_FAILURES]!;
    cells[SLOW]! -= window[first + BUCKET_SLOW]!;
    window.fill(0, first, first + BUCKET);
  }

  #become(state: number, nowNs: number): void {
    const cells = this.#cells.data;
    cells[STATE] = state;
    cells[ERA]!++;
    cells.fill(0, NEXT, CELLS);
    this.#window.data.fill(0, 0, this.#window.length);
    this.#times.data[0] = nowNs;
    this.#times.data[1] = Math.floor(nowNs / nsPerS);
  }
}
