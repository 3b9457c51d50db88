// Events that leave later than the step that publishes them, known to the process of their service alone: a crash loses
// them. What stands in an outbox is not here.

import type { IntCells } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Rows } from "../../kernel/rows.ts";
import type { ServiceContext } from "../context.ts";
import { timers } from "../serviceTimers.ts";

// Integers of a row.
const MESSAGE = 0;
const CONNECTION = 1;
/** Which event of this service it is, by count: rows are used again in any order. */
const NUMBER = 2;
const INTEGERS = 3;

/** The events of one service that have not left yet. */
export class Delayed {
  readonly #context: ServiceContext;
  readonly #rows: Rows;
  /** Rows whose time came while the service stood still. */
  readonly #due: Ring;
  /** Crashes so far: timers of before are ignored. */
  readonly #era: IntCells;
  /** Events that were ever delayed. */
  readonly #count: IntCells;

  constructor(name: string, context: ServiceContext) {
    const { arena } = context;
    this.#context = context;
    this.#rows = new Rows(arena, `${name}/delayed`, { integers: INTEGERS, doubles: 0 });
    this.#due = new Ring(arena, `${name}/delayed/due`);
    this.#era = arena.intCells(`${name}/delayed/era`, 1);
    this.#count = arena.intCells(`${name}/delayed/count`, 1);
  }

  /** An event leaves over a connection after a delay [ns]. */
  add(connection: number, message: number, delayNs: number): void {
    const row = this.#rows.take();
    this.#rows.integers[row * INTEGERS + MESSAGE] = message;
    this.#rows.integers[row * INTEGERS + CONNECTION] = connection;
    this.#rows.integers[row * INTEGERS + NUMBER] = this.#count.cells[this.#count.at]!++;
    this.#context.schedule(delayNs, timers.delayed, row, this.#era.cells[this.#era.at]!);
  }

  /** The time of a row has come, in an era. */
  wake(row: number, era: number, isPaused: boolean): void {
    if (era !== this.#era.cells[this.#era.at]) return;
    if (isPaused) this.#due.pushBack(row);
    else this.#leave(row);
  }

  /** The service goes on after it stood still: what should have left does. */
  resume(): void {
    while (this.#due.size() > 0) this.#leave(this.#due.popFront());
  }

  /** The process is gone, and with it what it held. */
  crash(): void {
    this.#era.cells[this.#era.at]!++;
    while (this.#due.size() > 0) this.#due.popFront();
    for (const row of this.#inOrder()) {
      const first = row * INTEGERS;
      const { integers } = this.#rows;
      const [message, connection] = [integers[first + MESSAGE]!, integers[first + CONNECTION]!];
      this.#rows.give(row);
      this.#context.spreads.neverLeft(connection, message);
    }
  }

  /** Rows that are taken, in the order in which their steps came. */
  #inOrder(): readonly number[] {
    const { integers } = this.#rows;
    const numberOf = (row: number): number => integers[row * INTEGERS + NUMBER]!;
    const rows: number[] = [];
    for (let row = 0; row < this.#rows.capacity(); row++)
      if (this.#rows.isLive(row)) rows.push(row);
    return rows.sort((one, other) => numberOf(one) - numberOf(other));
  }

  #leave(row: number): void {
    const first = row * INTEGERS;
    const { integers } = this.#rows;
    const [message, connection] = [integers[first + MESSAGE]!, integers[first + CONNECTION]!];
    this.#rows.give(row);
    this.#context.send(connection, message, -1, 0);
  }
}
