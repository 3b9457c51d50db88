// Retained messages: the latest one of each topic, for those who subscribe later. The table by topic is derived from the
// rows, because texts are no state.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

/** A retained message; times in [ns]. */
interface RetainedMessage {
  readonly message: number;
  readonly expiresNs: number;
  readonly sinceNs: number;
}

/** The retained messages of one broker. Whoever puts one in retains its message, and releases what is handed out. */
export class RetainedMessages {
  readonly #rows: Rows;
  readonly #topicOf: (message: number) => string;
  readonly #rowOf = new Map<string, number>();

  constructor(arena: Arena, name: string, topicOf: (message: number) => string) {
    this.#rows = new Rows(arena, name, { integers: 1, doubles: 2 });
    this.#topicOf = topicOf;
    arena.onRestore(() => this.#lookUpTopics());
  }

  /** Keeps a message as the latest of its topic; returns the one that was there, -1 without. */
  put(one: RetainedMessage): number {
    const topic = this.#topicOf(one.message);
    const before = this.delete(topic);
    const row = this.#rows.take();
    this.#rows.integers[row] = one.message;
    this.#rows.doubles[2 * row] = one.expiresNs;
    this.#rows.doubles[2 * row + 1] = one.sinceNs;
    this.#rowOf.set(topic, row);
    return before;
  }

  /** Takes out the message of a topic and returns it, -1 without. */
  delete(topic: string): number {
    const row = this.#rowOf.get(topic);
    if (row === undefined) return -1;
    const message = this.#rows.integers[row]!;
    this.#rowOf.delete(topic);
    this.#rows.give(row);
    return message;
  }

  /** Takes out what has expired by now [ns], or is younger than a time [ns], and returns the messages. */
  sweep(about: { readonly nowNs: number; readonly youngerThanNs: number }): readonly number[] {
    const gone = this.#live().filter((row) => {
      const [expiresNs, sinceNs] = [this.#rows.doubles[2 * row]!, this.#rows.doubles[2 * row + 1]!];
      return expiresNs <= about.nowNs || sinceNs > about.youngerThanNs;
    });
    return gone.map((row) => this.delete(this.#topicOf(this.#rows.integers[row]!)));
  }

  /** All messages with their topics, in the order of their rows. */
  all(): readonly {
    readonly topic: string;
    readonly message: number;
    readonly expiresNs: number;
  }[] {
    return this.#live().map((row) => {
      const message = this.#rows.integers[row]!;
      return { topic: this.#topicOf(message), message, expiresNs: this.#rows.doubles[2 * row]! };
    });
  }

  #live(): readonly number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#rows.capacity(); row++)
      if (this.#rows.isLive(row)) rows.push(row);
    return rows;
  }

  #lookUpTopics(): void {
    this.#rowOf.clear();
    for (const row of this.#live()) this.#rowOf.set(this.#topicOf(this.#rows.integers[row]!), row);
  }
}
