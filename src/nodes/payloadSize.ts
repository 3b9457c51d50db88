// How many bytes an event has on the wire: always the same, or drawn for each.

import type { Distribution } from "../base/distribution.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import { payloadBytesMax } from "./connections.ts";

/** The sizes of the events of one connection. */
export class PayloadSize {
  readonly #constant: number;
  readonly #sizes: Sampler | undefined;

  /** `openStream` is asked for a stream only when there is something to draw. */
  constructor(size: number | Distribution, openStream: () => RandomStream) {
    this.#constant = typeof size === "number" ? size : 0;
    this.#sizes = typeof size === "number" ? undefined : createSampler(size, openStream());
  }

  /** The next one [bytes]: what is drawn is rounded up, from 1 to `payloadBytesMax`. */
  next(): number {
    if (this.#sizes === undefined) return this.#constant;
    return Math.max(1, Math.min(payloadBytesMax, Math.ceil(this.#sizes.sample())));
  }
}
