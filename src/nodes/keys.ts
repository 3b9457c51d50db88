// Which key the next event of a producer has.

import type { Int32Column } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import { ZipfSampler } from "../kernel/zipf.ts";
import type { ProducerContext } from "./context.ts";
import type { ProducerValues } from "./arrivals/source.ts";

/** Draws keys 0 … keys − 1, or −1 for none. */
export class KeySource {
  readonly #values: ProducerValues;
  readonly #stream: RandomStream;
  readonly #zipf: ZipfSampler | undefined;
  /** The next sequential key. */
  readonly #next: Int32Column;

  constructor(id: string, values: ProducerValues, context: ProducerContext) {
    this.#values = values;
    this.#stream = context.random("keys");
    this.#next = context.arena.int32(`${id}/key`, 1);
    if (values.keyChoice === "zipf")
      this.#zipf = new ZipfSampler(values.keys, values.zipfExponent, this.#stream);
  }

  /** The next key. */
  next(): number {
    const { keys, keyChoice } = this.#values;
    switch (keyChoice) {
      case "none":
        return -1;
      case "uniform":
        return this.#stream.below(keys);
      case "zipf":
        return this.#zipf!.sample();
      case "hot":
        return this.#hotOrNot();
      case "sequential": {
        const key = this.#next.data[0]!;
        this.#next.data[0] = key + 1 === keys ? 0 : key + 1;
        return key;
      }
    }
  }

  /** One of the first keys by their share, else one of the others; when all are hot, any. */
  #hotOrNot(): number {
    const { keys, hotKeys, hotShare } = this.#values;
    const isHot = this.#stream.chance(hotShare);
    if (hotKeys >= keys) return this.#stream.below(keys);
    return isHot ? this.#stream.below(hotKeys) : hotKeys + this.#stream.below(keys - hotKeys);
  }
}
