// A distribution that may be replaced while a run goes on. Which one is in force is state: it stands in the arena, and
// the sampler is made from it again after a restore.

import { type Distribution, distributions } from "../base/distribution.ts";
import type { Arena, Int32Column } from "./arena.ts";
import { createSampler, type Sampler } from "./distributions.ts";
import type { RandomStream } from "./random.ts";
import { Texts } from "./texts.ts";

/** Draws from the distribution in force. */
export class LiveSampler implements Sampler {
  readonly #texts: Texts;
  readonly #inForce: Int32Column;
  readonly #stream: RandomStream;
  #sampler: Sampler;

  constructor(arena: Arena, name: string, first: Distribution, stream: RandomStream) {
    this.#stream = stream;
    this.#texts = new Texts(arena, name);
    this.#inForce = arena.int32(name, 1);
    this.#sampler = createSampler(first, stream);
    this.set(first);
    arena.onRestore(() => {
      const text = this.#texts.text(this.#inForce.data[0]!);
      // Written by `set` from a distribution.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      this.#sampler = createSampler(JSON.parse(text) as Distribution, stream);
    });
  }

  sample(): number {
    return this.#sampler.sample();
  }

  /** Puts another distribution into force. */
  set(distribution: Distribution): void {
    this.#sampler = createSampler(distribution, this.#stream);
    this.#inForce.data[0] = this.#texts.number(canonicalText(distribution));
  }
}

/** The same text for the same distribution, whatever the order in which its parameters were written. */
function canonicalText(distribution: Distribution): string {
  const parameters = Object.keys(distributions[distribution.distribution]);
  return JSON.stringify(distribution, ["distribution", ...parameters]);
}
