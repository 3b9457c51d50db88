// What a service has decided to take back, written down before it begins: after a crash the message comes again, and then
// it goes on taking back instead of trying once more. So nothing stays half done.

import type { Arena, Int32Column } from "../../kernel/arena.ts";

/** Fields of a row: the id of the message, the position of the step that ended it, and the part that follows. */
const ID = 0;
const STEP = 1;
const THEN = 2;
const FIELDS = 3;

/** The decisions of one service, by row of the message; the id tells whether the row is still that of the same one. */
export class Decisions {
  readonly #rows: Int32Column;

  constructor(arena: Arena, name: string) {
    this.#rows = arena.int32(`${name}/decisions`);
  }

  /** Writes down that the steps before a position are to be taken back, and what follows then. */
  note(message: number, id: number, step: number, then: number): void {
    if (message < 0) return;
    const first = message * FIELDS;
    if (first >= this.#rows.length) this.#rows.resize(first + FIELDS);
    const rows = this.#rows.data;
    rows[first + ID] = id;
    rows[first + STEP] = step;
    rows[first + THEN] = then;
  }

  /** The position from which a message is to be taken back, −1 when nothing was decided. */
  stepOf(message: number, id: number): number {
    const first = message * FIELDS;
    if (message < 0 || first >= this.#rows.length) return -1;
    return this.#rows.data[first + ID] === (id | 0) ? this.#rows.data[first + STEP]! : -1;
  }

  /** What follows when it is taken back. */
  thenOf(message: number): number {
    return this.#rows.data[message * FIELDS + THEN]!;
  }
}
