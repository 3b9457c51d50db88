// Which key the next event has, of a producer or of a publish step with keys of its own.

import type { Int32Column } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import { ZipfSampler } from "../kernel/zipf.ts";
import type { NodeContext } from "./context.ts";
import type { ProducerValues } from "./arrivals/source.ts";

/** How keys are chosen. */
export type KeyValues = Pick<
  ProducerValues,
  "keys" | "keyChoice" | "zipfExponent" | "hotKeys" | "hotShare"
>;

/** Draws keys 0 … keys − 1, or −1 for none. */
export class KeySource {
  readonly #values: KeyValues;
  readonly #stream: RandomStream;
  readonly #zipf: ZipfSampler | undefined;
  /** The next sequential key. */
  readonly #next: Int32Column;

  constructor(id: string, values: KeyValues, context: Pick<NodeContext, "arena" | "random">) {
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
