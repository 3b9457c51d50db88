// How much RabbitMQ's queues may hold: most ready messages and most bytes of payload in them. Bytes are counted only where
// a queue is limited by them.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { QueueSettings, Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** The limits of the queues of one broker. */
export class Limits {
  /** Most ready messages, -1 without. May change in a run. */
  readonly maxLength: Int32Column;
  readonly #context: BrokerContext;
  readonly #queues: readonly QueueSettings[];
  /** Payload of the ready messages of each queue [bytes]; undefined where no queue is limited by bytes. */
  readonly #readyBytes: Float64Column | undefined;

  constructor(context: BrokerContext, { id, queues }: Settings) {
    this.#context = context;
    this.#queues = queues;
    this.maxLength = context.arena.int32(`${id}.maxLength`, queues.length);
    queues.forEach((queue, at) => {
      this.maxLength.data[at] = queue.maxLength;
    });
    this.#readyBytes = queues.some(({ maxBytes }) => maxBytes >= 0)
      ? context.arena.float64(`${id}.readyBytes`, queues.length)
      : undefined;
  }

  /** A message has become ready in a queue (+1) or is no longer ready (-1). */
  count(queue: number, message: number, sign: 1 | -1): void {
    if (this.#readyBytes !== undefined)
      this.#readyBytes.data[queue]! += sign * this.#context.sizeOf(message);
  }

  /** Whether a queue with so many ready messages holds too much. */
  isExceeded(queue: number, ready: number): boolean {
    const most = this.maxLength.data[queue]!;
    return (most >= 0 && ready > most) || this.#exceedsBytes(queue, 0);
  }

  /** Whether a queue with so many ready messages has no room for one more message. */
  hasNoRoom(queue: number, ready: number, message: number): boolean {
    const most = this.maxLength.data[queue]!;
    if (most >= 0 && ready + 1 > most) return true;
    return (
      this.#readyBytes !== undefined && this.#exceedsBytes(queue, this.#context.sizeOf(message))
    );
  }

  #exceedsBytes(queue: number, moreBytes: number): boolean {
    if (this.#readyBytes === undefined) return false;
    const { maxBytes } = this.#queues[queue]!;
    return maxBytes >= 0 && this.#readyBytes.data[queue]! + moreBytes > maxBytes;
  }
}
