// How many workers a service has, how many of them are at work, and how much is inside it; whoever keeps figures of it
// is told of every change.

import type { ServiceContext } from "./context.ts";

const UP = 0;
const WORKERS = 1;
const BUSY = 2;
const INSIDE = 3;
const CELLS = 4;

/** The numbers of one service. */
export class Headcount {
  readonly #context: ServiceContext;
  readonly #cells: Int32Array;
  /** Is told how many are at work. */
  readonly #onBusy: { busy(workers: number): void };

  constructor(
    id: string,
    context: ServiceContext,
    workers: number,
    onBusy: { busy(workers: number): void },
  ) {
    this.#context = context;
    this.#onBusy = onBusy;
    this.#cells = context.arena.int32(`${id}/scalars`, CELLS).data;
    this.#cells[UP] = 1;
    this.#cells[WORKERS] = workers;
  }

  isUp(): boolean {
    return this.#cells[UP] === 1;
  }

  workers(): number {
    return this.#cells[WORKERS]!;
  }

  /** Workers at work. */
  busy(): number {
    return this.#cells[BUSY]!;
  }

  /** Messages and requests inside, waiting or at work. */
  inside(): number {
    return this.#cells[INSIDE]!;
  }

  /** Everything stops: nobody works, nothing is inside. */
  goDown(): void {
    this.#cells[UP] = 0;
  }

  /** What was inside is gone. */
  clear(): void {
    this.#cells[BUSY] = 0;
    this.#cells[INSIDE] = 0;
    this.countBusy(0);
    this.countInside(0);
  }

  comeUp(): void {
    this.#cells[UP] = 1;
  }

  setWorkers(workers: number): void {
    this.#cells[WORKERS] = workers;
    this.countBusy(0);
  }

  countInside(difference: number): void {
    const cells = this.#cells;
    cells[INSIDE]! += difference;
    this.#context.occupied(cells[INSIDE]!);
  }

  countBusy(difference: number): void {
    const cells = this.#cells;
    cells[BUSY]! += difference;
    // A worker that is one too many stays until it is through with its work.
    const workers = cells[UP] === 1 ? Math.max(cells[BUSY]!, cells[WORKERS]!) : 0;
    this.#context.staffed(workers, cells[BUSY]!);
    this.#onBusy.busy(cells[BUSY]!);
  }
}
