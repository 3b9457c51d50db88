// Arrivals as they were recorded: each row at its time, once or again and again.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { ReplayPlan, Source, SourcePlan } from "./source.ts";

/** The replay of one recording. */
export class Replay implements Source {
  readonly #plan: SourcePlan;
  readonly #replay: ReplayPlan;
  /** The row that comes next. */
  readonly #row: Int32Column;
  /** When the present round began [ns]. */
  readonly #begun: Float64Column;

  constructor(plan: SourcePlan, replay: ReplayPlan) {
    this.#plan = plan;
    this.#replay = replay;
    this.#row = plan.context.arena.int32(`${plan.id}/row`, 1);
    this.#begun = plan.context.arena.float64(`${plan.id}/round`, 1);
  }

  start(): void {
    this.#schedule();
  }

  wake(): void {
    this.#plan.outlet.sendRecorded(this.#row.data[0]!);
    this.#row.data[0]!++;
    if (this.#row.data[0] === this.#replay.timesNs.length && this.#replay.periodNs < Infinity) {
      this.#row.data[0] = 0;
      this.#begun.data[0]! += this.#replay.periodNs;
    }
    this.#schedule();
  }

  set(): void {
    // Nothing of a recording changes during a run.
  }

  ended(): void {
    // Nobody waits.
  }

  #schedule(): void {
    const { context, stopNs } = this.#plan;
    const timeNs = this.#replay.timesNs[this.#row.data[0]!];
    if (timeNs === undefined) return;
    const next = this.#begun.data[0]! + timeNs;
    if (next < stopNs) context.schedule(next - context.now(), 0, 0, 0);
  }
}
