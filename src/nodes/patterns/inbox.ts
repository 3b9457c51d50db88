// An inbox: the ids of what was dealt with, written in the same transaction as the effect, so that a message that is
// delivered again has no second effect. It forgets after a window; what comes later than that is applied once more.

import { duration, type Fields, flag, type ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";

/** Fields of an inbox. */
export const inboxFields = {
  idempotent: flag({
    label: "Idempotent",
    default: false,
    help: "Remembers what it has dealt with and acknowledges it without work when it is delivered again.",
    live: true,
  }),
  idempotencyWindow: duration({
    label: "Idempotency window",
    min: 1,
    default: 604_800_000,
    help: "How long it remembers; the most that a redelivery may be late.",
    onlyIf: { field: "idempotent", is: [true] },
  }),
} as const satisfies Fields;

/** The inbox of one service. Whoever may deliver a message again still holds it, so that its row names it; the id tells
 *  whether the row is still that of the same message. */
export class Inbox {
  readonly #windowNs: number;
  readonly #state: Int32Column;
  /** By row of the message: its id, and when it was dealt with [ns]. */
  readonly #ids: Int32Column;
  readonly #times: Float64Column;

  constructor(arena: Arena, name: string, values: ValuesOf<typeof inboxFields>) {
    this.#windowNs = msToNs(values.idempotencyWindow);
    this.#state = arena.int32(`${name}/inbox`, 1);
    this.#ids = arena.int32(`${name}/inbox/ids`);
    this.#times = arena.float64(`${name}/inbox/times`);
    this.#state.data[0] = values.idempotent ? 1 : 0;
  }

  isOn(): boolean {
    return this.#state.data[0] === 1;
  }

  switch(isOn: boolean): void {
    this.#state.data[0] = isOn ? 1 : 0;
  }

  /** Whether a message with an id was dealt with less than a window ago. */
  has(message: number, id: number, nowNs: number): boolean {
    if (message >= this.#ids.length) return false;
    if (this.#ids.data[message] !== (id | 0)) return false;
    return nowNs - this.#times.data[message]! < this.#windowNs;
  }

  /** A message has had its effect. */
  remember(message: number, id: number, nowNs: number): void {
    if (message >= this.#ids.length) {
      this.#ids.resize(message + 1);
      this.#times.resize(message + 1);
    }
    this.#ids.data[message] = id;
    this.#times.data[message] = nowNs;
  }
}
