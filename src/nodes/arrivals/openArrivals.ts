// Arrivals that do not care what becomes of them: at a rate, or by gaps of any distribution. Gaps are counted on a
// clock of their own that runs at the rate: a gap of 1 passes in a second at 1/s and in half of it at 2/s. So a rate
// may change at any time, in bursts too, and nothing is drawn anew.

import { nsPerS, wholeOf } from "../../base/units.ts";
import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { RandomStream } from "../../kernel/random.ts";
import { Batches } from "./batches.ts";
import { createPace, type Pace } from "./pace.ts";
import { createPhases, type Phases } from "./phases.ts";
import type { Source, SourcePlan } from "./source.ts";

// Timers.
const ARRIVAL = 0;
const PHASE = 1;

// The clock, by index.
/** Rate [1/s]; where gaps are stated in milliseconds, a thousand of which pass in a second: 1000. */
const RATE = 0;
/** Simulated time from which the clock is read [ns]. */
const ANCHOR = 1;
/** Reading at which the next arrival is due, counted from the anchor. */
const DUE = 2;
/** Simulated time of that [ns]; Infinity when the clock stands. */
const NEXT = 3;

/** Arrivals of an open source. */
export class OpenArrivals implements Source {
  readonly #plan: SourcePlan;
  readonly #kind: "poisson" | "constant" | "renewal";
  readonly #clock: Float64Column;
  /** Number of the arrival timer that counts. */
  readonly #generation: Int32Column;
  readonly #stream: RandomStream;
  readonly #gaps: Sampler;
  readonly #batches: Batches;
  readonly #pace: Pace | undefined;
  readonly #phases: Phases | undefined;

  constructor(plan: SourcePlan, kind: "poisson" | "constant" | "renewal") {
    const { id, values, context } = plan;
    this.#plan = plan;
    this.#kind = kind;
    this.#clock = context.arena.float64(`${id}/clock`, 4);
    this.#generation = context.arena.int32(`${id}/generation`, 1);
    this.#stream = context.random("arrivals");
    this.#gaps = createSampler(values.gap, this.#stream);
    this.#batches = new Batches(plan);
    this.#pace = createPace(values);
    this.#phases = createPhases(plan);
  }

  start(): void {
    this.#clock.data[RATE] = this.#kind === "renewal" ? 1000 : this.#plan.values.rate;
    if (this.#phases !== undefined) this.#scheduleChange(this.#phases);
    this.#draw();
    this.#schedule();
  }

  wake(code: number, _a: number, generation: number): void {
    if (code === PHASE) return this.#changePhase();
    if (generation !== this.#generation.data[0]) return;
    for (let left = this.#batches.next(); left > 0; left--) this.#plan.outlet.send(-1);
    this.#draw();
    this.#schedule();
  }

  /** Changes the rate now; what has passed of the gap stays passed. */
  set(parameter: string, value: number): void {
    if (parameter !== "rate" || this.#kind === "renewal") return;
    this.#settle();
    this.#clock.data[RATE] = value;
    this.#reschedule();
  }

  ended(): void {
    // Nobody waits.
  }

  /** Draws the next gap. Constant arrivals are counted from a fixed anchor, so that no fractions accumulate. */
  #draw(): void {
    const clock = this.#clock.data;
    if (this.#kind === "constant") {
      clock[DUE]! += 1;
      return;
    }
    clock[ANCHOR] = this.#plan.context.now();
    clock[DUE] = this.#kind === "poisson" ? this.#stream.exponential() : this.#gaps.sample();
  }

  #schedule(): void {
    const clock = this.#clock.data;
    const { context, stopNs } = this.#plan;
    const now = context.now();
    const factor = this.#phases === undefined ? 1 : this.#phases.factor();
    const rate = clock[RATE]!;
    const anchor = clock[ANCHOR]!;
    const due = clock[DUE]!;
    let next = anchor;
    if (due > 0)
      next =
        this.#pace === undefined
          ? anchor + wholeOf((due * nsPerS) / (rate * factor))
          : Math.round(this.#pace.when(this.#pace.expected(anchor, rate) + due / factor, rate));
    // What a pace gives may lie before the present by what was lost in rounding.
    if (next < now) next = now;
    clock[NEXT] = next;
    if (next < stopNs) context.schedule(next - now, ARRIVAL, 0, this.#generation.data[0]!);
  }

  /** Moves the anchor to now. */
  #settle(): void {
    const clock = this.#clock.data;
    const now = this.#plan.context.now();
    const factor = this.#phases === undefined ? 1 : this.#phases.factor();
    const passed = factor * this.#expectedBetween(clock[ANCHOR]!, now);
    // What is due at this very instant is due, whatever was lost in rounding.
    clock[DUE] = clock[NEXT] === now ? 0 : Math.max(0, clock[DUE]! - passed);
    clock[ANCHOR] = now;
  }

  /** What the clock gains between two times while no factor is on it. */
  #expectedBetween(fromNs: number, toNs: number): number {
    const rate = this.#clock.data[RATE]!;
    return this.#pace === undefined
      ? ((toNs - fromNs) * rate) / nsPerS
      : this.#pace.expected(toNs, rate) - this.#pace.expected(fromNs, rate);
  }

  /** Sets the timer anew after a change of speed; what is due at this very instant comes, even if the clock stands. */
  #reschedule(): void {
    if (this.#clock.data[NEXT] === this.#plan.context.now()) return;
    this.#generation.data[0]!++;
    this.#schedule();
  }

  #changePhase(): void {
    const phases = this.#phases!;
    this.#settle();
    phases.advance();
    this.#scheduleChange(phases);
    this.#reschedule();
  }

  #scheduleChange(phases: Phases): void {
    const { context, stopNs } = this.#plan;
    const lengthNs = phases.lengthNs();
    if (context.now() + lengthNs < stopNs) context.schedule(lengthNs, PHASE, 0, 0);
  }
}
