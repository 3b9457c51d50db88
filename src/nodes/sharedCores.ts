// Work that shares the cores of a machine: n workers at work on c cores each get on at the speed min(1, c / n).
// A clock of its own counts the work that each of them has had since all were idle; a job ends when that clock has
// reached its start plus its work. The clock counts in doubles: it starts anew at 0 whenever nobody is at work, and
// the end of each job is rounded to the nanosecond once, so that nothing accumulates.

import type { Float64Column, Int32Column } from "../kernel/arena.ts";
import type { NodeContext } from "./context.ts";
import type { ServicePlan } from "./servicePlan.ts";
import type { Stalls } from "./stalls.ts";

// Cells of the clock.
const WORKED = 0;
const READ_AT = 1;

/** The cores of one service. */
export class SharedCores {
  readonly #cores: number;
  readonly #context: NodeContext;
  /** While it is paused, nobody gets on. */
  readonly #stalls: Stalls;
  readonly #code: number;
  /** Work that everybody at work has had [ns], and when that was so [ns]. */
  readonly #clock: Float64Column;
  /** When a worker will be through, on that clock [ns]. */
  readonly #due: Float64Column;
  /** Workers at work, in the order in which they began. */
  readonly #busy: Int32Column;
  /** Number of the plan; timers of earlier plans are ignored. */
  readonly #plan: Int32Column;

  /** `code` is the timer that the service hands to `finish`. */
  constructor(
    { id, values: { cores } }: ServicePlan,
    context: NodeContext,
    stalls: Stalls,
    code: number,
  ) {
    this.#cores = cores ?? Infinity;
    this.#stalls = stalls;
    this.#context = context;
    this.#code = code;
    this.#clock = context.arena.float64(`${id}/cores/clock`, 2);
    this.#due = context.arena.float64(`${id}/cores/due`);
    this.#busy = context.arena.int32(`${id}/cores/busy`);
    this.#plan = context.arena.int32(`${id}/cores/plan`, 1);
  }

  /** A worker begins work that would take so long on a core of its own [ns]. */
  begin(worker: number, workNs: number): void {
    this.#read();
    if (worker >= this.#due.length) this.#due.resize(worker + 1);
    this.#due.data[worker] = this.#clock.data[WORKED]! + workNs;
    this.#busy.push(worker);
    this.#schedule();
  }

  /** A worker stops before it is through; nothing happens when it is not at work. */
  abandon(worker: number): void {
    const at = this.#busy.data.indexOf(worker);
    if (at < 0 || at >= this.#busy.length) return;
    this.#read();
    this.#remove(at);
    this.#schedule();
  }

  /** The timer of a plan: the worker that is through, −1 when the plan is out of date. `goOn` must follow. */
  finish(plan: number): number {
    if (plan !== this.#plan.data[0]) return -1;
    this.#read();
    const at = this.#first();
    const worker = this.#busy.data[at]!;
    this.#remove(at);
    return worker;
  }

  /** Plans the next end, unless somebody has begun or stopped since the plan. */
  goOn(plan: number): void {
    if (plan === this.#plan.data[0]) this.#schedule();
  }

  /** Counts the work until now: to be called before a pause begins or ends; `replan` must follow. */
  count(): void {
    this.#read();
  }

  /** Plans anew, because a pause has begun or ended. */
  replan(): void {
    this.#schedule();
  }

  #read(): void {
    const clock = this.#clock.data;
    const now = this.#context.now();
    clock[WORKED]! += (now - clock[READ_AT]!) * this.#speed();
    if (this.#busy.length === 0) clock[WORKED] = 0;
    clock[READ_AT] = now;
  }

  #speed(): number {
    if (this.#stalls.isPaused()) return 0;
    return Math.min(1, this.#cores / this.#busy.length);
  }

  #schedule(): void {
    const plan = ++this.#plan.data[0]!;
    if (this.#busy.length === 0 || this.#stalls.isPaused()) return;
    const due = this.#due.data[this.#busy.data[this.#first()]!]!;
    const restNs = Math.max(0, due - this.#clock.data[WORKED]!);
    this.#context.schedule(Math.round(restNs / this.#speed()), this.#code, 0, plan);
  }

  /** Position of the worker that is through first; of several, the one that began first. */
  #first(): number {
    let first = 0;
    for (let at = 1; at < this.#busy.length; at++)
      if (this.#due.data[this.#busy.data[at]!]! < this.#due.data[this.#busy.data[first]!]!)
        first = at;
    return first;
  }

  #remove(at: number): void {
    this.#busy.data.copyWithin(at, at + 1, this.#busy.length);
    this.#busy.resize(this.#busy.length - 1);
  }
}
