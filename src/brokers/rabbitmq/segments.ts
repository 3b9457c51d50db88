// The segments of a stream's log, for streams that do not keep everything: when one is full another one begins, and only then
// do the oldest go that are too old or too much. The last one always stays.

import type { Float64Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { BrokerContext } from "../technology.ts";

/** What a stream keeps: messages up to an age [ns], segments up to a size together and each [bytes]. */
export interface Retention {
  readonly maxAgeNs: number;
  readonly maxBytes: number;
  readonly segmentBytes: number;
}

// Cells of the state: bytes in the last segment, offset of its first message.
const BYTES = 0;
const FIRST = 1;

/** The segments of one stream. */
export class Segments {
  readonly #context: BrokerContext;
  readonly #retention: Retention;
  /** Sizes of all segments but the last one, and how many messages each has. */
  readonly #bytes: Ring;
  readonly #counts: Ring;
  readonly #last: Float64Column;

  constructor(context: BrokerContext, name: string, retention: Retention) {
    this.#context = context;
    this.#retention = retention;
    this.#bytes = new Ring(context.arena, `${name}.bytes`);
    this.#counts = new Ring(context.arena, `${name}.counts`);
    this.#last = context.arena.float64(`${name}.last`, 2);
  }

  /** A message comes to the end of the log at an offset. Returns how many of the oldest messages go. `messageAt` gives
   *  the message at a position of what is there, counted from the oldest. */
  append(message: number, offset: number, messageAt: (position: number) => number): number {
    const last = this.#last.data;
    const size = this.#context.sizeOf(message);
    const isFull = last[BYTES]! > 0 && last[BYTES]! + size > this.#retention.segmentBytes;
    if (!isFull) {
      last[BYTES]! += size;
      return 0;
    }
    this.#bytes.pushBack(last[BYTES]!);
    this.#counts.pushBack(offset - last[FIRST]!);
    last[BYTES] = size;
    last[FIRST] = offset;
    return this.#retire(messageAt);
  }

  /** Takes the oldest segments off that are too much or too old, and returns how many messages were in them. */
  #retire(messageAt: (position: number) => number): number {
    const { maxAgeNs, maxBytes } = this.#retention;
    let total = 0;
    for (let i = 0; i < this.#bytes.size(); i++) total += this.#bytes.at(i);
    let gone = 0;
    while (this.#bytes.size() > 0) {
      const youngest = messageAt(gone + this.#counts.at(0) - 1);
      const ageNs = this.#context.now() - this.#context.publishedNs(youngest);
      if (total <= maxBytes && ageNs <= maxAgeNs) return gone;
      total -= this.#bytes.popFront();
      gone += this.#counts.popFront();
    }
    return gone;
  }
}
