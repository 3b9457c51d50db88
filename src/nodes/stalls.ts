// What slows the work of a service down from outside: a factor, and pauses in which it stands still, as while memory is
// cleaned up (stop the world). A pause begins nothing new; work that has begun goes on behind it, with what was left.

import type { Arena, Float64Column } from "../kernel/arena.ts";
import type { Walk } from "./steps/kind.ts";

// Cells of the state; all are 0 until somebody pauses or slows the service.
/** 1 once it was paused or slowed. */
const USED = 0;
/** How much longer work takes: the factor less 1. */
const EXTRA = 1;
const IS_PAUSED = 2;
/** When the present pause began, and how long earlier ones were together [ns]. */
const SINCE = 3;
const PAST = 4;
const CELLS = 5;

/** Cells of a worker. */
const BEGUN = 0;
/** Life in which it waits for the end of a pause, 0 for none, and the work that is left then [ns]. */
const HELD_LIFE = 1;
const REST = 2;
const WORKER = 3;

/** Pauses and slowness of one service. */
export class Stalls {
  readonly #state: Float64Array;
  readonly #workers: Float64Column;

  constructor(arena: Arena, id: string) {
    this.#state = arena.quietFloats(`${id}/stalls`, CELLS).data;
    this.#workers = arena.quietFloats(`${id}/stalls/workers`);
  }

  /** Whether it was ever paused or slowed: all else need not be asked before. */
  isUsed(): boolean {
    return this.#state[USED] !== 0;
  }

  isPaused(): boolean {
    return this.#state[IS_PAUSED] !== 0;
  }

  /** How many times as long work takes that begins now. */
  factor(): number {
    return 1 + this.#state[EXTRA]!;
  }

  slow(factor: number): void {
    this.#state[USED] = 1;
    this.#state[EXTRA] = factor - 1;
  }

  pause(nowNs: number): void {
    const state = this.#state;
    state[USED] = 1;
    state[IS_PAUSED] = 1;
    state[SINCE] = nowNs;
  }

  /** Ends a pause. */
  resume(nowNs: number): void {
    this.#state[PAST] = this.#pausedNs(nowNs);
    this.#state[IS_PAUSED] = 0;
  }

  /** A worker begins its work, or goes on with it, now [ns]. */
  begin(worker: number, nowNs: number): void {
    const needed = (worker + 1) * WORKER;
    if (this.#workers.length < needed) this.#workers.resize(needed);
    this.#workers.data[worker * WORKER + BEGUN] = this.#pausedNs(nowNs);
  }

  /** Work that is left to a worker whose time would be over now, because of pauses since it began [ns]. */
  restNs(worker: number, nowNs: number): number {
    const begunNs = this.#workers.data[worker * WORKER + BEGUN] ?? 0;
    return this.#pausedNs(nowNs) - (worker * WORKER < this.#workers.length ? begunNs : 0);
  }

  /** A worker in a life waits for the end of the pause, with so much work left [ns]. */
  hold(worker: number, life: number, restNs: number): void {
    const needed = (worker + 1) * WORKER;
    if (this.#workers.length < needed) this.#workers.resize(needed);
    this.#workers.data[worker * WORKER + HELD_LIFE] = life;
    this.#workers.data[worker * WORKER + REST] = restNs;
  }

  /** Lets a worker go on: the work that is left [ns], −1 when it does not wait in this life. */
  release(worker: number, life: number): number {
    const first = worker * WORKER;
    if (first >= this.#workers.length || this.#workers.data[first + HELD_LIFE] !== life) return -1;
    this.#workers.data[first + HELD_LIFE] = 0;
    return this.#workers.data[first + REST]!;
  }

  /** How long it has been paused until now, in all [ns]. */
  #pausedNs(nowNs: number): number {
    const state = this.#state;
    return state[PAST]! + (state[IS_PAUSED] === 0 ? 0 : nowNs - state[SINCE]!);
  }
}

/** All work of a service stands still until `resumeWork`. */
export function pauseWork({ cores, stalls, context }: Walk): void {
  cores?.count();
  stalls.pause(context.now());
  cores?.replan();
}

/** Work goes on. */
export function resumeWork(walk: Walk): void {
  const { cores, stalls, context, workers } = walk;
  cores?.count();
  stalls.resume(context.now());
  cores?.replan();
  for (let worker = 0; worker < workers.rows(); worker++) {
    const restNs = stalls.release(worker, workers.life(worker));
    if (restNs < 0) continue;
    stalls.begin(worker, context.now());
    walk.overAfter(restNs, worker);
  }
}
