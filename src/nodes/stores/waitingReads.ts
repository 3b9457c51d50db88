// Reads of a replica that wait until it has what their own chain of causes has written or read: the reader hands over the
// version, and the answer is held back until the replica has come to it, or until the reader has waited long enough.

import type { ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { Arena, Float64Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import type { readFields } from "../connections.ts";
import { outcome } from "../steps/kind.ts";
import type { Replica } from "./replica.ts";

// Integers of a read that waits.
const READER = 0;
const LIFE = 1;
/** Number of the replica among those of the run. */
const REPLICA = 2;
const ENTITY = 3;
const VERSION = 4;
const WOKEN = 5;
const CONNECTION = 6;
const INTEGERS = 7;

// Counters.
const WAITED = 0;
const WAITED_NS = 1;
const TIMED_OUT = 2;
const COUNTERS = 3;

/** What has come of a read that waited in vain and takes no older answer, beside the outcomes of a step. */
export const tooOld = 10;

/** What waiting reads need of the run. */
export interface WaitsContext {
  readonly arena: Arena;
  /** Simulated time [ns] in its only cell. */
  readonly clock: Float64Array;
  readonly replicas: readonly Replica[];
  /** Tells a reader to look again after a delay [ns], in the life in which it waits. */
  wake(reader: number, life: number, delayNs: number): void;
}

/** A read connection whose reads wait. */
export interface WaitPlan {
  readonly connection: number;
  readonly values: ValuesOf<typeof readFields>;
}

/** What a read has to wait for: a version of an entity. */
export interface Awaited {
  readonly replica: Replica;
  readonly entity: number;
  readonly version: number;
}

/** Figures of the reads over one connection that waited. */
export interface WaitFigures {
  readonly waited: number;
  readonly meanWaitMs: number;
  readonly timedOut: number;
  readonly waiting: number;
}

/** All reads of a run that wait. */
export class WaitingReads {
  readonly #context: WaitsContext;
  readonly #reads: Rows;
  readonly #counts: Float64Column;

  constructor(context: WaitsContext, connections: number) {
    this.#context = context;
    this.#reads = new Rows(context.arena, "waiting-reads", { integers: INTEGERS, doubles: 1 });
    this.#counts = context.arena.float64("waiting-reads/counts", connections * COUNTERS);
    for (const replica of context.replicas) replica.watchers.push(this);
  }

  /** A reader wants an answer, for the first time or after it was woken: done when it may have it, under way while it
   *  waits, `tooOld` when it would rather have none than an older one. */
  ask(plan: WaitPlan, reader: number, life: number, awaited: Awaited | undefined): number {
    const row = this.#rowOf(reader, plan.connection);
    const isAgain = row >= 0 && this.#reads.integers[row * INTEGERS + LIFE] === life;
    if (row >= 0 && !isAgain) this.#reads.give(row);
    if (isAgain) return this.#again(plan, row, awaited);
    if (awaited === undefined) return outcome.done;
    this.#take(plan, reader, life, awaited);
    this.#context.wake(reader, life, msToNs(plan.values.waitAtMost));
    return outcome.underWay;
  }

  /** A reader waits no longer. */
  forget(reader: number): void {
    const { integers } = this.#reads;
    if (this.#reads.size() === 0) return;
    for (let row = 0; row < this.#reads.capacity(); row++)
      if (this.#reads.isLive(row) && integers[row * INTEGERS + READER] === reader)
        this.#reads.give(row);
  }

  /** A replica has come to a newer version of an entity. */
  advanced(replica: Replica, entity: number): void {
    const { integers } = this.#reads;
    if (this.#reads.size() === 0) return;
    for (let row = 0; row < this.#reads.capacity(); row++) {
      const at = row * INTEGERS;
      const isMeant =
        this.#reads.isLive(row) &&
        integers[at + WOKEN] === 0 &&
        integers[at + ENTITY] === entity &&
        this.#context.replicas[integers[at + REPLICA]!] === replica;
      if (!isMeant || replica.lacks(entity, integers[at + VERSION]!)) continue;
      integers[at + WOKEN] = 1;
      this.#context.wake(integers[at + READER]!, integers[at + LIFE]!, 0);
    }
  }

  /** Figures of one connection. */
  figures(connection: number): WaitFigures {
    const at = connection * COUNTERS;
    const [waited, waitedNs] = [
      this.#counts.data[at + WAITED]!,
      this.#counts.data[at + WAITED_NS]!,
    ];
    let waiting = 0;
    for (let row = 0; row < this.#reads.capacity(); row++)
      if (
        this.#reads.isLive(row) &&
        this.#reads.integers[row * INTEGERS + CONNECTION] === connection
      )
        waiting++;
    return {
      waited,
      meanWaitMs: waited === 0 ? 0 : waitedNs / waited / 1e6,
      timedOut: this.#counts.data[at + TIMED_OUT]!,
      waiting,
    };
  }

  #again({ connection, values }: WaitPlan, row: number, awaited: Awaited | undefined): number {
    const waitedNs = this.#context.clock[0]! - this.#reads.doubles[row]!;
    const isLate = awaited !== undefined;
    if (isLate && waitedNs < msToNs(values.waitAtMost)) {
      this.#reads.integers[row * INTEGERS + WOKEN] = 0;
      return outcome.underWay;
    }
    this.#reads.give(row);
    const counts = this.#counts.data;
    counts[connection * COUNTERS + WAITED]!++;
    counts[connection * COUNTERS + WAITED_NS]! += waitedNs;
    if (!isLate) return outcome.done;
    counts[connection * COUNTERS + TIMED_OUT]!++;
    return values.whenLate === "fail" ? tooOld : outcome.done;
  }

  #take({ connection }: WaitPlan, reader: number, life: number, awaited: Awaited): void {
    const row = this.#reads.take();
    const cells = this.#reads.integers;
    const at = row * INTEGERS;
    cells[at + READER] = reader;
    cells[at + LIFE] = life;
    cells[at + REPLICA] = this.#context.replicas.indexOf(awaited.replica);
    cells[at + ENTITY] = awaited.entity;
    cells[at + VERSION] = awaited.version;
    cells[at + WOKEN] = 0;
    cells[at + CONNECTION] = connection;
    this.#reads.doubles[row] = this.#context.clock[0]!;
  }

  #rowOf(reader: number, connection: number): number {
    const { integers } = this.#reads;
    for (let row = 0; row < this.#reads.capacity(); row++) {
      const at = row * INTEGERS;
      const isMeant = integers[at + READER] === reader && integers[at + CONNECTION] === connection;
      if (isMeant && this.#reads.isLive(row)) return row;
    }
    return -1;
  }
}
