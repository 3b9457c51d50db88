// Consumers that the network has cut off from their brokers: which workers have joined, which of them their broker has taken
// for gone, and what they hold that the broker has given to others meanwhile (zombies).

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Marks } from "./marks.ts";

/** What is the matter with a delivery: held by a worker of whom the broker thinks that it is gone; forgotten by the broker
 *  already; or settled by the worker, for nobody. */
export const zombieStates = { none: 0, held: 1, forgotten: 2, settled: 3 } as const;

// Cells of an absence.
const ROW = 0;
const WORKER = 1;
const CELLS = 2;

/** Workers and deliveries on the wrong side of a partition. */
export class Absences {
  /** By row of the connection: 1 for each worker that has joined. Follows from what the services do. */
  readonly #joined: ReadonlyMap<number, Int32Column>;
  /** By delivery: 1 once its worker has settled it. Follows from what the services do, too. */
  readonly #settled: Int32Column;
  /** Workers that their broker has taken for gone. */
  readonly #away: Float64Column;
  /** By delivery: one of `zombieStates`. */
  readonly zombies: Marks;

  /** `consumers`: rows of the connections over which workers consume. */
  constructor(arena: Arena, consumers: readonly number[]) {
    this.#joined = new Map(
      consumers.map((row) => [row, arena.derivedInts(`network/joined/${row}`)]),
    );
    this.#settled = arena.derivedInts("network/settled");
    this.#away = arena.quietFloats("network/away");
    this.zombies = new Marks(arena, "network/zombies");
  }

  /** Whether anybody is away or holds what is not theirs any more. */
  isQuiet(): boolean {
    return this.#away.length === 0 && this.zombies.size() === 0;
  }

  // What services do.

  join(row: number, worker: number): void {
    const column = this.#joined.get(row)!;
    if (worker >= column.length) column.resize(worker + 1);
    column.data[worker] = 1;
  }

  leave(row: number, worker: number): void {
    const column = this.#joined.get(row)!;
    if (worker < column.length) column.data[worker] = 0;
  }

  /** Workers of a connection that their service has let join. */
  joined(row: number): readonly number[] {
    const { data, length } = this.#joined.get(row)!;
    return Array.from(data.subarray(0, length), (has, worker) => (has === 1 ? worker : -1)).filter(
      (worker) => worker >= 0,
    );
  }

  handOver(delivery: number): void {
    const settled = this.#settled;
    if (delivery >= settled.length) settled.resize(delivery + 1);
    settled.data[delivery] = 0;
  }

  settle(delivery: number): void {
    this.#settled.data[delivery] = 1;
  }

  isSettled(delivery: number): boolean {
    return this.#settled.data[delivery] === 1;
  }

  // Workers that are away.

  setAway(row: number, worker: number): void {
    if (this.isAway(row, worker)) return;
    this.#away.push(row);
    this.#away.push(worker);
  }

  isAway(row: number, worker: number): boolean {
    return this.#find(row, worker) >= 0;
  }

  /** The worker is not a consumer any more, for its service either. */
  giveUp(row: number, worker: number): void {
    const at = this.#find(row, worker);
    if (at >= 0) this.#remove(at);
  }

  /** Takes the workers of a connection that are away, in the order in which they went. */
  takeBack(row: number): readonly number[] {
    const workers: number[] = [];
    for (let at = 0; at < this.#away.length;) {
      if (this.#away.data[at + ROW] === row) {
        workers.push(this.#away.data[at + WORKER]!);
        this.#remove(at);
      } else at += CELLS;
    }
    return workers;
  }

  #find(row: number, worker: number): number {
    const { data, length } = this.#away;
    for (let at = 0; at < length; at += CELLS)
      if (data[at + ROW] === row && data[at + WORKER] === worker) return at;
    return -1;
  }

  #remove(at: number): void {
    const { data, length } = this.#away;
    data.copyWithin(at, at + CELLS, length);
    this.#away.resize(length - CELLS);
  }
}
