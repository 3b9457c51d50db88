// Which events the state of a stream processor holds already, and those of them that came since the last checkpoint: a
// crash takes the state back, and they are read again, as Flink and Kafka Streams read their source again from the place
// that stands in the checkpoint. The source may give again what it has given, because an acknowledgement was lost.

import type { Arena, Int32Column } from "../kernel/arena.ts";

/** Events that were taken in. Whoever may deliver one again still holds its message, so that the row names it. */
export class SeenEvents {
  /** By row of the message: its id. */
  readonly #ids: Int32Column;
  /** Since the last checkpoint: pairs of a message, which is held, and the position of its subscription. */
  readonly #since: Int32Column;

  constructor(arena: Arena, id: string) {
    this.#ids = arena.int32(`${id}/seen`);
    this.#since = arena.int32(`${id}/since`);
  }

  /** Whether an event was taken in before. */
  has(message: number, id: number): boolean {
    return message < this.#ids.length && this.#ids.data[message] === (id | 0);
  }

  /** An event is taken in, over a subscription. */
  add(message: number, id: number, input: number): void {
    if (message >= this.#ids.length) this.#ids.resize(message + 1);
    this.#ids.data[message] = id;
    this.#since.push(message);
    this.#since.push(input);
  }

  /** Events since the last checkpoint. */
  size(): number {
    return this.#since.length / 2;
  }

  message(index: number): number {
    return this.#since.data[2 * index]!;
  }

  input(index: number): number {
    return this.#since.data[2 * index + 1]!;
  }

  /** A checkpoint is made: they are in it. */
  clear(): void {
    this.#since.resize(0);
  }
}
