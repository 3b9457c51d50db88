// What a service does by itself from time to time: its timers, and those that have fired and wait for a worker. A timer
// that fires while its last time still waits is missed: work that comes by itself never piles up.

import { msToNs } from "../base/units.ts";
import type { Int32Column } from "../kernel/arena.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import { Ring } from "../kernel/ring.ts";
import type { ServiceContext } from "./context.ts";
import type { ServicePlan } from "./servicePlan.ts";
import { timers } from "./serviceTimers.ts";

/** Shortest gap between two beginnings of one timer [ns]. */
const gapNsMin = 1000;

/** The timers of one service. */
export class Ticking {
  readonly #context: ServiceContext;
  readonly #gaps: readonly Sampler[];
  /** Numbers of the timers that wait, in the order in which they fired. */
  readonly #waiting: Ring;
  /** By timer: 1 while it waits. */
  readonly #isWaiting: Int32Column;

  constructor(plan: ServicePlan, context: ServiceContext) {
    this.#context = context;
    this.#gaps = plan.timers.map(({ every }, timer) =>
      createSampler(every, context.random(`timer/${timer}`)),
    );
    this.#waiting = new Ring(context.arena, `${plan.id}/ticks`);
    this.#isWaiting = context.arena.int32(`${plan.id}/ticks/waiting`, plan.timers.length);
  }

  /** Sets all timers at time 0. */
  start(): void {
    for (let timer = 0; timer < this.#gaps.length; timer++) this.#set(timer);
  }

  /** A timer has fired: whether it now waits for a worker. */
  fire(timer: number, isUp: boolean): boolean {
    this.#set(timer);
    if (isUp && this.#isWaiting.data[timer] === 0) {
      this.#isWaiting.data[timer] = 1;
      this.#waiting.pushBack(timer);
      return true;
    }
    this.#context.missedTick();
    return false;
  }

  /** Timers that wait for a worker. */
  waiting(): number {
    return this.#waiting.size();
  }

  /** Takes the first that waits. */
  take(): number {
    const timer = this.#waiting.popFront();
    this.#isWaiting.data[timer] = 0;
    return timer;
  }

  /** Nothing waits any more. */
  clear(): void {
    while (this.waiting() > 0) this.take();
  }

  #set(timer: number): void {
    const gapNs = Math.max(gapNsMin, msToNs(this.#gaps[timer]!.sample()));
    this.#context.schedule(gapNs, timers.tick, timer, 0);
  }
}
