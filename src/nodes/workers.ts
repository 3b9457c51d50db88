// The workers of a service, one row each: what it is at. Rows stay when workers leave; they may come back. The fields
// of a row lie side by side, in one line of the processor's cache.

import type { Arena, Float64Column, Int32Column, IntCells } from "../kernel/arena.ts";

/** What a worker is at. */
export const activity = { idle: 0, delivery: 1, request: 2, tick: 3 } as const;

/** Of which list of its handler a worker walks the steps. */
export const part = { steps: 0, whenRefused: 1, whenFailed: 2, undo: 3 } as const;

// Fields of a row.
/** One of `activity`. */
const ACTIVITY = 0;
/** Handle of the delivery or request that it handles, or number of the timer. */
const HANDLE = 1;
/** Position in the present list of steps, −1 before the first. */
const STEP = 2;
const ATTEMPT = 3;
/** Number of its present life. */
const LIFE = 4;
/** Handle of the call that it waits for, −1 for none. */
const CALL = 5;
/** One of `part`. */
const PART = 6;
// 0 or 1.
const JOINED = 7;
const ASLEEP = 8;
/** What follows when all is taken back: one of `part`. */
const AFTER_UNDO = 9;
/** How often in a row taking back has failed. */
const TRIES = 10;
/** Number of the present attempt among all; the timeout of an earlier one is ignored. */
const TERM = 11;
/** Confirmations that it waits for, where its step publishes several events; 0 where it publishes one. */
const AWAITED = 12;
const FIELDS = 16;

/** Rows of workers by number. */
export class Workers {
  /** The rows as they are now: looked up again after they have grown or were restored. */
  #cells!: Int32Array;
  readonly #rows: Int32Column;
  /** Since when each has nothing to do [ns]; −Infinity when it has only come. */
  readonly idleNs: Float64Column;
  /** How long each waited before its latest attempt [ns]. */
  readonly waitedNs: Float64Column;
  /** Whose turn it is among those that are free. */
  readonly #turn: IntCells;

  constructor(arena: Arena, service: string) {
    this.#rows = arena.int32(`${service}/worker/rows`);
    this.idleNs = arena.float64(`${service}/worker/idle`);
    this.waitedNs = arena.float64(`${service}/worker/waited`);
    this.#turn = arena.intCells(`${service}/worker/turn`, 1);
    this.#lookUpCells();
    arena.onRestore(() => this.#lookUpCells());
  }

  /** Makes sure that workers 0 to `count` − 1 exist. */
  ensure(count: number): void {
    const before = this.rows();
    if (count <= before) return;
    this.#rows.resize(count * FIELDS);
    this.#lookUpCells();
    for (let worker = before; worker < count; worker++) {
      this.#cells[worker * FIELDS + CALL] = -1;
      this.idleNs.push(-Infinity);
      this.waitedNs.push(0);
    }
  }

  /** Number of rows: the most workers there have been. */
  rows(): number {
    return this.#rows.length / FIELDS;
  }

  /** A worker begins with a delivery or a request; no attempt has been made yet. */
  take(worker: number, what: number, handle: number): void {
    const first = worker * FIELDS;
    const cells = this.#cells;
    cells[first + ACTIVITY] = what;
    cells[first + HANDLE] = handle;
    cells[first + ATTEMPT] = 0;
    cells[first + PART] = part.steps;
  }

  /** A worker handles nothing any more, in a new life. */
  letGo(worker: number): void {
    this.#cells[worker * FIELDS + ACTIVITY] = activity.idle;
    this.#cells[worker * FIELDS + TERM]!++;
    this.renew(worker);
  }

  /** Whether a worker handles nothing. */
  isIdle(worker: number): boolean {
    return this.#cells[worker * FIELDS + ACTIVITY] === activity.idle;
  }

  /** Whether a worker handles a request. */
  isOnRequest(worker: number): boolean {
    return this.#cells[worker * FIELDS + ACTIVITY] === activity.request;
  }

  /** Whether a worker does what its service does by itself. */
  isOnTick(worker: number): boolean {
    return this.#cells[worker * FIELDS + ACTIVITY] === activity.tick;
  }

  /** Handle of the delivery or request that a worker handles, or number of the timer. */
  handle(worker: number): number {
    return this.#cells[worker * FIELDS + HANDLE]!;
  }

  /** Number of the present life of a worker. */
  life(worker: number): number {
    return this.#cells[worker * FIELDS + LIFE]!;
  }

  /** Whether this is the present life of a worker: timers and answers of earlier ones are ignored. */
  lives(worker: number, life: number): boolean {
    return this.#cells[worker * FIELDS + LIFE] === life;
  }

  /** Begins a new life of a worker and returns its number. */
  renew(worker: number): number {
    return ++this.#cells[worker * FIELDS + LIFE]!;
  }

  /** From now on a worker waits for so many confirmations of one step; 0 stands for a single one. */
  setAwaited(worker: number, awaited: number): void {
    this.#cells[worker * FIELDS + AWAITED] = awaited;
  }

  /** Confirmations that a worker waits for; 0 for a single one. */
  awaited(worker: number): number {
    return this.#cells[worker * FIELDS + AWAITED]!;
  }

  /** Number of the attempt that a worker is at, from 1. */
  attempt(worker: number): number {
    return this.#cells[worker * FIELDS + ATTEMPT]!;
  }

  /** Begins the next attempt, before all steps, and returns its number. */
  tryAgain(worker: number): number {
    this.#cells[worker * FIELDS + STEP] = -1;
    return ++this.#cells[worker * FIELDS + ATTEMPT]!;
  }

  /** Begins a list of steps: one of `part`. */
  begin(worker: number, list: number): void {
    this.#cells[worker * FIELDS + STEP] = -1;
    this.#cells[worker * FIELDS + PART] = list;
  }

  /** Begins to take back the steps before a position; `then` is the part that follows. */
  beginUndo(worker: number, before: number, then: number): void {
    const first = worker * FIELDS;
    this.#cells[first + STEP] = before;
    this.#cells[first + PART] = part.undo;
    this.#cells[first + AFTER_UNDO] = then;
    this.#cells[first + TRIES] = 0;
  }

  /** Goes back to the step before and returns its position, −1 when there is none. */
  stepBack(worker: number): number {
    return --this.#cells[worker * FIELDS + STEP]!;
  }

  /** The part that follows when all is taken back. */
  afterUndo(worker: number): number {
    return this.#cells[worker * FIELDS + AFTER_UNDO]!;
  }

  /** A step was taken back. */
  forgetTries(worker: number): void {
    this.#cells[worker * FIELDS + TRIES] = 0;
  }

  /** Taking back a step has failed and will be tried again: how often in a row. */
  countTry(worker: number): number {
    // The position is gone back to once more.
    this.#cells[worker * FIELDS + STEP]!++;
    return ++this.#cells[worker * FIELDS + TRIES]!;
  }

  /** Number of the present attempt of a worker among all. */
  term(worker: number): number {
    return this.#cells[worker * FIELDS + TERM]!;
  }

  /** The present attempt is over, for its timeout. */
  endTerm(worker: number): void {
    this.#cells[worker * FIELDS + TERM]!++;
  }

  /** Which list of steps a worker walks: one of `part`. */
  part(worker: number): number {
    return this.#cells[worker * FIELDS + PART]!;
  }

  /** Position of a worker in its present list of steps. */
  step(worker: number): number {
    return this.#cells[worker * FIELDS + STEP]!;
  }

  /** Goes on to the next step and returns its position. */
  nextStep(worker: number): number {
    return ++this.#cells[worker * FIELDS + STEP]!;
  }

  /** Handle of the call that a worker waits for, −1 for none. */
  call(worker: number): number {
    return this.#cells[worker * FIELDS + CALL]!;
  }

  setCall(worker: number, call: number): void {
    this.#cells[worker * FIELDS + CALL] = call;
  }

  /** Whether a worker has joined the subscriptions of its service. */
  hasJoined(worker: number): boolean {
    return this.#cells[worker * FIELDS + JOINED] === 1;
  }

  setJoined(worker: number, hasJoined: boolean): void {
    this.#cells[worker * FIELDS + JOINED] = hasJoined ? 1 : 0;
  }

  /** Whether a worker has looked for something to do, found nothing, and will look again later. */
  isAsleep(worker: number): boolean {
    return this.#cells[worker * FIELDS + ASLEEP] === 1;
  }

  setAsleep(worker: number, isAsleep: boolean): void {
    this.#cells[worker * FIELDS + ASLEEP] = isAsleep ? 1 : 0;
  }

  /** A worker below `count` that is free to begin at once, taking turns; −1 when there is none. */
  takeTurn(count: number): number {
    const { cells, at } = this.#turn;
    const first = cells[at]!;
    for (let i = 0; i < count; i++) {
      const worker = (first + i) % count;
      if (!this.isIdle(worker) || this.isAsleep(worker)) continue;
      cells[at] = (worker + 1) % count;
      return worker;
    }
    return -1;
  }

  #lookUpCells(): void {
    this.#cells = this.#rows.data;
  }
}
