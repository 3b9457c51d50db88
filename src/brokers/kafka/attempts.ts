// How often records were handed out before that are read again: Kafka does not know it, the record of a run does.

import { Ring } from "../../kernel/ring.ts";
import type { Arena } from "../../kernel/arena.ts";

/** Attempts already made of the records in front of each cursor, which were handed out and taken back. */
export class Attempts {
  readonly #made: readonly Ring[];
  /** Offset of the first of them, per cursor. */
  readonly #from: Float64Array;

  constructor(arena: Arena, name: string, cursors: number) {
    this.#made = Array.from(
      { length: cursors },
      (_, cursor) => new Ring(arena, `${name}.attempts.${cursor}`),
    );
    this.#from = arena.float64(`${name}.retryFrom`, cursors).data;
  }

  /** Takes the number of attempts made of the record at the position. */
  take(cursor: number, offset: number): number {
    const made = this.#made[cursor]!;
    if (made.size() === 0 || this.#from[cursor] !== offset) return 0;
    this.#from[cursor] = offset + 1;
    return made.popFront();
  }

  /** The record in front of the position is to be read again. */
  giveBack(cursor: number, offset: number, attempts: number): void {
    this.#made[cursor]!.pushFront(attempts);
    this.#from[cursor] = offset;
  }

  /** Records below an offset are gone. */
  dropBelow(cursor: number, start: number): void {
    while (this.#made[cursor]!.size() > 0 && this.#from[cursor]! < start) {
      this.#made[cursor]!.popFront();
      this.#from[cursor]!++;
    }
  }

  /** Records from an offset on are gone. */
  dropFrom(cursor: number, end: number): void {
    const made = this.#made[cursor]!;
    while (made.size() > 0 && this.#from[cursor]! + made.size() > end) made.popBack();
  }
}
