// Which messages have changed a store over one connection, so that a second change by the same message is seen. Whoever may
// deliver a message again still holds it, so that its row names it; the id tells whether the row is still that message's.

import type { Arena, Int32Column } from "../../kernel/arena.ts";

/** Effects of messages over one write connection. */
export class Effects {
  /** Id by row of the message. */
  readonly #ids: Int32Column;

  constructor(arena: Arena, connection: string) {
    this.#ids = arena.int32(`${connection}/effects`);
  }

  /** Notes that a message has had its effect; whether it had it before. */
  note(message: number, id: number): boolean {
    if (message >= this.#ids.length) this.#ids.resize(message + 1);
    if (this.#ids.data[message] === (id | 0)) return true;
    this.#ids.data[message] = id;
    return false;
  }
}
