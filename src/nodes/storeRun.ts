// A store in a run: how many writes it took and how many different keys it knows.

import type { Arena, Float64Column, Int32Column } from "../kernel/arena.ts";
import type { Entities } from "./stores/entities.ts";

/** The running store. */
export class StoreRun {
  readonly #counts: Float64Column;
  /** One bit per key. */
  readonly #known: Int32Column;
  readonly #entities: Entities | undefined;

  /** With its entities where it keeps versions. */
  constructor(arena: Arena, id: string, entities?: Entities) {
    this.#entities = entities;
    this.#counts = arena.float64(`${id}/counts`, 2);
    this.#known = arena.int32(`${id}/known`);
  }

  /** Books a write; a key of −1 has no entity. */
  write(key: number): void {
    this.#counts.data[0]!++;
    if (key < 0) return;
    const word = key >>> 5;
    if (word >= this.#known.length) this.#known.resize(word + 1);
    const bit = 1 << (key & 31);
    if ((this.#known.data[word]! & bit) !== 0) return;
    this.#known.data[word]! |= bit;
    this.#counts.data[1]!++;
  }

  /** What its mechanisms did so far, by a short name in the words of the screen. */
  counts(): Readonly<Record<string, number>> {
    return this.#entities?.log?.counts() ?? {};
  }

  /** Writes so far. */
  writes(): number {
    return this.#counts.data[0]!;
  }

  /** Different keys written. */
  entities(): number {
    return this.#counts.data[1]!;
  }
}
