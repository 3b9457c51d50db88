// An inbox: the ids of what was dealt with, written in the same transaction as the effect, so that a message that is
// delivered again has no second effect. It forgets after a window; what comes later than that is applied once more.

import { choice, duration, type Fields, flag, type ValuesOf } from "../../base/fields.ts";
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
  idempotencyBy: choice({
    label: "Recognised by",
    options: [
      { value: "message", label: "Message" },
      { value: "key", label: "Key and contract" },
    ],
    default: "message",
    help: "What counts as the same: a message that comes again, or anything of the same contract and key, such as a second request about an order. What has no key is then never the same.",
    onlyIf: { field: "idempotent", is: [true] },
  }),
} as const satisfies Fields;

/** What an inbox asks about a message. */
export interface InboxContext {
  readonly arena: Arena;
  now(): number;
  idOf(message: number): number;
  contractOf(message: number): number;
  /** Whole number of its key, negative without one. */
  subjectOf(message: number): number;
}

/** The inbox of one service. Whoever may deliver a message again still holds it, so that its row names it; the id tells
 *  whether the row is still that of the same message. By key, the row is that of key and contract. */
export class Inbox {
  readonly #context: InboxContext;
  /** Number of contracts where rows are of keys, else 0. */
  readonly #contracts: number;
  readonly isByKey: boolean;
  readonly #windowNs: number;
  /** 1 while it is on. */
  readonly #state: Int32Array;
  /** By row: the id of the message, how it was dealt with, and when [ns]. */
  readonly #ids: Int32Column;
  readonly #outcomes: Int32Column;
  readonly #times: Float64Column;

  constructor(
    name: string,
    values: ValuesOf<typeof inboxFields>,
    contracts: number,
    context: InboxContext,
  ) {
    const { arena } = context;
    this.#context = context;
    this.isByKey = values.idempotencyBy === "key";
    this.#contracts = values.idempotencyBy === "key" ? contracts : 0;
    this.#windowNs = msToNs(values.idempotencyWindow);
    this.#state = arena.int32(`${name}/inbox`, 1).data;
    this.#ids = arena.int32(`${name}/inbox/ids`);
    this.#outcomes = arena.int32(`${name}/inbox/outcomes`);
    this.#times = arena.float64(`${name}/inbox/times`);
    this.#state[0] = values.idempotent ? 1 : 0;
  }

  isOn(): boolean {
    return this.#state[0] === 1;
  }

  switch(isOn: boolean): void {
    this.#state[0] = isOn ? 1 : 0;
  }

  /** How a message was dealt with less than a window ago (one of `outcome`); 0 when it was not. */
  outcomeOf(message: number): number {
    const row = this.#rowOf(message);
    if (row < 0 || row >= this.#ids.length) return 0;
    if (this.#ids.data[row] !== this.#idOf(message)) return 0;
    const isRecent = this.#context.now() - this.#times.data[row]! < this.#windowNs;
    return isRecent ? this.#outcomes.data[row]! : 0;
  }

  /** A message has had its effect. */
  remember(message: number, outcome: number): void {
    const row = this.#rowOf(message);
    if (row < 0) return;
    if (row >= this.#ids.length) {
      this.#ids.resize(row + 1);
      this.#outcomes.resize(row + 1);
      this.#times.resize(row + 1);
    }
    this.#ids.data[row] = this.#idOf(message);
    this.#outcomes.data[row] = outcome;
    this.#times.data[row] = this.#context.now();
  }

  #rowOf(message: number): number {
    if (this.#contracts === 0 || message < 0) return message;
    const key = this.#context.subjectOf(message);
    return key < 0 ? -1 : key * this.#contracts + this.#context.contractOf(message);
  }

  #idOf(message: number): number {
    return this.#contracts === 0 ? this.#context.idOf(message) | 0 : 1;
  }
}
