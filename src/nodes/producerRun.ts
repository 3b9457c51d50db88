// A producer in a run: arrivals at a rate, each sent over every outgoing connection.

import type { ValuesOf } from "../base/fields.ts";
import { nsPerS } from "../base/units.ts";
import type { Float64Column, Int32Column } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import { ZipfSampler } from "../kernel/zipf.ts";
import type { ProducerContext, RunningNode } from "./context.ts";
import type { producer } from "./producer.ts";

/** A producer as the run needs it. */
export interface ProducerPlan {
  readonly id: string;
  readonly values: ValuesOf<(typeof producer)["fields"]>;
  /** Rows of the connections over which it publishes and calls. */
  readonly publishes: readonly number[];
  readonly calls: readonly number[];
  /** First of its keys; keys of different producers never coincide. */
  readonly firstKey: number;
  /** When it stops [ns]. */
  readonly stopNs: number;
}

const ARRIVAL = 0;
const RATE = 0;
const ANCHOR = 1;

/** The running producer. */
export class ProducerRun implements RunningNode {
  readonly #plan: ProducerPlan;
  readonly #context: ProducerContext;
  /** Rate now [1/s] and, for constant arrivals, the time from which they are counted [ns]. */
  readonly #clock: Float64Column;
  /** Generation of the arrival timer, arrivals since the anchor, next sequential key. */
  readonly #counts: Int32Column;
  readonly #gaps: RandomStream;
  readonly #nextKey: () => number;

  constructor(plan: ProducerPlan, context: ProducerContext) {
    this.#plan = plan;
    this.#context = context;
    this.#clock = context.arena.float64(`${plan.id}/clock`, 2);
    this.#counts = context.arena.int32(`${plan.id}/counts`, 3);
    this.#clock.data[RATE] = plan.values.rate;
    this.#gaps = context.random("arrivals");
    this.#nextKey = this.#keyChoice(context.random("keys"));
  }

  /** Sets out at time 0. */
  start(): void {
    this.#scheduleNext();
  }

  wake(_code: number, _a: number, generation: number): void {
    if (generation !== this.#counts.data[0]) return;
    const key = this.#nextKey();
    this.#context.arrived();
    for (const connection of this.#plan.publishes) this.#context.publishFirst(connection, key);
    for (const connection of this.#plan.calls) this.#context.callFirst(connection, key);
    this.#scheduleNext();
  }

  /** Changes the rate now [1/s]; the arrival under way is drawn anew. */
  setRate(perS: number): void {
    this.#clock.data[RATE] = perS;
    this.#clock.data[ANCHOR] = this.#context.now();
    this.#counts.data[0]!++;
    this.#counts.data[1] = 0;
    this.#scheduleNext();
  }

  #scheduleNext(): void {
    const rate = this.#clock.data[RATE]!;
    if (rate === 0) return;
    const now = this.#context.now();
    const delay =
      this.#plan.values.arrivals === "poisson"
        ? Math.round((this.#gaps.exponential() * nsPerS) / rate)
        : this.#constantArrivalNs(rate) - now;
    if (now + delay >= this.#plan.stopNs) return;
    this.#context.schedule(delay, ARRIVAL, 0, this.#counts.data[0]!);
  }

  /** The n-th arrival since the anchor is computed from n, so that no fractions accumulate. */
  #constantArrivalNs(rate: number): number {
    const n = ++this.#counts.data[1]!;
    return this.#clock.data[ANCHOR]! + Math.round((n * nsPerS) / rate);
  }

  #keyChoice(stream: RandomStream): () => number {
    const { keys, keyChoice, zipfExponent } = this.#plan.values;
    const first = this.#plan.firstKey;
    switch (keyChoice) {
      case "none":
        return () => -1;
      case "uniform":
        return () => first + stream.below(keys);
      case "zipf": {
        const sampler = new ZipfSampler(keys, zipfExponent, stream);
        return () => first + sampler.sample();
      }
      case "sequential":
        return () => {
          const key = this.#counts.data[2]!;
          this.#counts.data[2] = (key + 1) % keys;
          return first + key;
        };
    }
  }
}
