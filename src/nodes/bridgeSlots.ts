// The messages that a bridge deals with: each has a slot from the moment its task begins with it until it is settled.

import type { Arena, Float64Column } from "../kernel/arena.ts";
import { Rows } from "../kernel/rows.ts";

const TASK = 0;
const DELIVERY = 1;
const ATTEMPT = 2;
const STAGE = 3;
const TURN = 4;
const INTEGERS = 5;

const BEGUN = 0;
/** The wait before its last attempt. */
const WAITED = 1;
const DOUBLES = 2;

/** What a slot is at. */
export const stages = {
  /** The task converts it, one after the other. */
  work: 0,
  /** The target has it. */
  passed: 1,
  /** It waits for its next attempt. */
  waiting: 2,
  /** The dead-letter channel has it. */
  putAside: 3,
} as const;

/** Slots by number. */
export class BridgeSlots {
  readonly #rows: Rows;
  /** Counts up with every use, so that a timer or an answer that comes late is recognised. */
  readonly #turns: Float64Column;

  constructor(arena: Arena, id: string) {
    this.#rows = new Rows(arena, `${id}/slots`, { integers: INTEGERS, doubles: DOUBLES });
    this.#turns = arena.float64(`${id}/turns`, 1);
  }

  /** A slot for a delivery that its task begins with at a time [ns]. */
  take(task: number, delivery: number, nowNs: number): number {
    const slot = this.#rows.take();
    const cells = this.#rows.integers;
    cells[slot * INTEGERS + TASK] = task;
    cells[slot * INTEGERS + DELIVERY] = delivery;
    cells[slot * INTEGERS + ATTEMPT] = 0;
    this.#rows.doubles[slot * DOUBLES + BEGUN] = nowNs;
    this.#rows.doubles[slot * DOUBLES + WAITED] = 0;
    this.enter(slot, stages.work);
    return slot;
  }

  /** Goes on to a stage, in a new turn. */
  enter(slot: number, stage: number): void {
    const cells = this.#rows.integers;
    cells[slot * INTEGERS + STAGE] = stage;
    // Far beyond what any run reaches, it begins anew: 2^30 turns later nobody waits for the first.
    const turn = (this.#turns.data[0]! + 1) % 2 ** 30;
    this.#turns.data[0] = turn;
    cells[slot * INTEGERS + TURN] = turn;
  }

  give(slot: number): void {
    this.#rows.give(slot);
  }

  /** Whether a slot is still in a turn. */
  isIn(slot: number, turn: number): boolean {
    return this.#rows.isLive(slot) && this.turn(slot) === turn;
  }

  task(slot: number): number {
    return this.#rows.integers[slot * INTEGERS + TASK]!;
  }

  delivery(slot: number): number {
    return this.#rows.integers[slot * INTEGERS + DELIVERY]!;
  }

  stage(slot: number): number {
    return this.#rows.integers[slot * INTEGERS + STAGE]!;
  }

  turn(slot: number): number {
    return this.#rows.integers[slot * INTEGERS + TURN]!;
  }

  /** Attempts so far. */
  attempt(slot: number): number {
    return this.#rows.integers[slot * INTEGERS + ATTEMPT]!;
  }

  /** Counts an attempt; returns its number. */
  tryAgain(slot: number): number {
    return ++this.#rows.integers[slot * INTEGERS + ATTEMPT]!;
  }

  /** When its task began with it [ns]. */
  begunNs(slot: number): number {
    return this.#rows.doubles[slot * DOUBLES + BEGUN]!;
  }

  /** The wait before its last attempt [ns]; 0 before the first. */
  waitedNs(slot: number): number {
    return this.#rows.doubles[slot * DOUBLES + WAITED]!;
  }

  /** Remembers how long it waits for its next attempt [ns]. */
  wait(slot: number, waitNs: number): void {
    this.#rows.doubles[slot * DOUBLES + WAITED] = waitNs;
  }

  /** Slots of a task, in the order of their numbers: looked for only when it stops. */
  ofTask(task: number): readonly number[] {
    const own: number[] = [];
    for (let slot = 0; slot < this.#rows.capacity(); slot++)
      if (this.#rows.isLive(slot) && this.task(slot) === task) own.push(slot);
    return own;
  }
}
