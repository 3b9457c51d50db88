// What each instance of a service is at, as rows in the arena, and the sums of their figures.

import type { Arena, Int32Column } from "../kernel/arena.ts";

/** What an instance is at. Absent: there are fewer now. */
export const presence = { absent: 0, starting: 1, up: 2, down: 3 } as const;

// Cells of an instance.
const PRESENCE = 0;
/** Grows with every change of the presence: timers of an earlier one are ignored. */
const LIFE = 1;
const IN_ROTATION = 2;
/** Checks in a row that have failed, or passed. */
const FAILED = 3;
const PASSED = 4;
/** Messages and requests taken since its start. */
const TAKEN = 5;
/** Restarts in a row. */
const RESTARTS = 6;
const STAFF = 7;
const BUSY = 8;
const INSIDE = 9;
const CELLS = 10;

const COUNTERS = 3;

/** What is counted of the instances of a service; each is the position of its cell. */
export const counter = { crashes: 0, restarts: 1, misrouted: 2 } as const;

/** The rows of the instances of one service. */
export class InstanceStates {
  /** Told how many workers of all instances are at work. */
  tellBusy: ((busy: number) => void) | undefined;
  readonly #cells: Int32Column;
  readonly #counters: Int32Column;

  constructor(arena: Arena, id: string, instances: number) {
    this.#cells = arena.int32(`${id}/instances`, instances * CELLS);
    this.#counters = arena.int32(`${id}/instances/counters`, COUNTERS);
  }

  is(instance: number): number {
    return this.#at(instance, PRESENCE);
  }

  /** Begins another presence and returns its number. */
  become(instance: number, what: number): number {
    this.#put(instance, PRESENCE, what);
    for (const cell of [FAILED, PASSED]) this.#put(instance, cell, 0);
    if (what === presence.starting) this.#put(instance, TAKEN, 0);
    return this.#add(instance, LIFE, 1);
  }

  /** Number of the present presence. */
  life(instance: number): number {
    return this.#at(instance, LIFE);
  }

  lives(instance: number, life: number): boolean {
    return this.#at(instance, LIFE) === life;
  }

  isInRotation(instance: number): boolean {
    return this.#at(instance, IN_ROTATION) === 1;
  }

  setInRotation(instance: number, isIn: boolean): void {
    this.#put(instance, IN_ROTATION, isIn ? 1 : 0);
  }

  /** One more check has passed or failed: how many in a row. */
  checked(instance: number, hasPassed: boolean): number {
    this.#put(instance, hasPassed ? FAILED : PASSED, 0);
    return this.#add(instance, hasPassed ? PASSED : FAILED, 1);
  }

  /** It takes one more message or request: how many since its start. */
  take(instance: number): number {
    return this.#add(instance, TAKEN, 1);
  }

  /** Counts restarts in a row from here, after so many; returns how many there were. */
  countRestart(instance: number): number {
    return this.#add(instance, RESTARTS, 1) - 1;
  }

  forgetRestarts(instance: number): void {
    this.#put(instance, RESTARTS, 0);
  }

  /** Workers of an instance that are there and at work. */
  staffed(instance: number, workers: number, busy: number): void {
    this.#put(instance, STAFF, workers);
    this.#put(instance, BUSY, busy);
    this.tellBusy?.(this.busy());
  }

  occupied(instance: number, inside: number): void {
    this.#put(instance, INSIDE, inside);
  }

  inside(instance: number): number {
    return this.#at(instance, INSIDE);
  }

  /** Sums over all instances. */
  workers(): number {
    return this.#sum(STAFF);
  }

  busy(): number {
    return this.#sum(BUSY);
  }

  allInside(): number {
    return this.#sum(INSIDE);
  }

  count(what: number): void {
    this.#counters.data[what]!++;
  }

  counted(what: number): number {
    return this.#counters.data[what]!;
  }

  #sum(cell: number): number {
    let sum = 0;
    for (let at = cell; at < this.#cells.length; at += CELLS) sum += this.#cells.data[at]!;
    return sum;
  }

  #at(instance: number, cell: number): number {
    return this.#cells.data[instance * CELLS + cell]!;
  }

  #put(instance: number, cell: number, value: number): void {
    this.#cells.data[instance * CELLS + cell] = value;
  }

  #add(instance: number, cell: number, by: number): number {
    return (this.#cells.data[instance * CELLS + cell]! += by);
  }
}
