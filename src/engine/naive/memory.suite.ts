// What a service of the naive engine remembers to have dealt with: messages, or keys of contracts.

import type { ValuesOf } from "../../base/fields.ts";
import type { inboxFields } from "../../nodes/patterns/inbox.ts";
import type { Message } from "./things.suite.ts";

type Values = ValuesOf<typeof inboxFields>;

/** When something was dealt with, and how it came out: "" or "declined". */
interface Note {
  readonly atNs: number;
  readonly how: string;
}

/** The memory of one service. */
export class NaiveMemory {
  readonly #notes = new Map<Message | string, Note>();

  /** How a message was dealt with not too long ago; undefined when it was not. */
  known(values: Values, message: Message, nowNs: number): string | undefined {
    const identity = identityOf(values, message);
    const note = identity === undefined ? undefined : this.#notes.get(identity);
    if (note === undefined) return undefined;
    return nowNs - note.atNs < Math.round(values.idempotencyWindow * 1e6) ? note.how : undefined;
  }

  /** A message is dealt with. */
  remember(values: Values, message: Message, note: Note): void {
    const identity = identityOf(values, message);
    if (identity !== undefined) this.#notes.set(identity, note);
  }
}

/** What is the same: the message itself, or anything of its contract and key; undefined where nothing ever is. */
function identityOf(values: Values, message: Message): Message | string | undefined {
  if (!values.idempotent) return undefined;
  if (values.idempotencyBy === "message") return message;
  const { key, link } = message;
  return key === undefined ? undefined : `${link.contract} ${key.producer} ${key.number}`;
}
