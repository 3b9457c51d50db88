// What is out of one ordering key: the copies that were sent and not yet done with, in order, and the client that has
// them. Later copies of a key go to the same client while earlier ones are out.

import type { Arena, Int32Column } from "../../kernel/arena.ts";

const NONE = -1;

/** Cells per key: first and last copy that is out, and the client; each is one more, so that 0 is none. */
const FIRST = 0;
const LAST = 1;
const OWNER = 2;
const CELLS = 3;

/** The chains of all subscriptions of a service. A copy is in one chain at most. */
export class KeyChains {
  readonly #next: Int32Column;
  readonly #previous: Int32Column;
  /** Per subscription. */
  readonly #keys: readonly Int32Column[];

  constructor(arena: Arena, name: string, subscriptions: number) {
    this.#next = arena.int32(`${name}.next`);
    this.#previous = arena.int32(`${name}.previous`);
    this.#keys = Array.from({ length: subscriptions }, (_, at) => arena.int32(`${name}.keys${at}`));
  }

  /** The first copy of a key that is out, -1 without. */
  first(subscription: number, key: number): number {
    return this.#key(subscription, key, FIRST);
  }

  /** The last one. */
  last(subscription: number, key: number): number {
    return this.#key(subscription, key, LAST);
  }

  /** The client that has the key, -1 when nothing of it is out. */
  owner(subscription: number, key: number): number {
    return this.#key(subscription, key, OWNER);
  }

  /** A copy was sent to a client. */
  append(subscription: number, key: number, copy: number, client: number): void {
    const keys = this.#keys[subscription]!;
    if (keys.length < (key + 1) * CELLS) keys.resize((key + 1) * CELLS);
    if (this.#next.length <= copy) {
      this.#next.resize(copy + 1);
      this.#previous.resize(copy + 1);
    }
    const last = keys.data[key * CELLS + LAST]! - 1;
    this.#next.data[copy] = NONE;
    this.#previous.data[copy] = last;
    if (last === NONE) keys.data[key * CELLS + FIRST] = copy + 1;
    else this.#next.data[last] = copy;
    keys.data[key * CELLS + LAST] = copy + 1;
    keys.data[key * CELLS + OWNER] = client + 1;
  }

  /** A copy is no longer out. */
  remove(subscription: number, key: number, copy: number): void {
    const { data } = this.#keys[subscription]!;
    const next = this.#next.data[copy]!;
    const previous = this.#previous.data[copy]!;
    if (previous === NONE) data[key * CELLS + FIRST] = next + 1;
    else this.#next.data[previous] = next;
    if (next === NONE) data[key * CELLS + LAST] = previous + 1;
    else this.#previous.data[next] = previous;
    if (data[key * CELLS + FIRST] === 0) data[key * CELLS + OWNER] = 0;
  }

  #key(subscription: number, key: number, field: number): number {
    const { data, length } = this.#keys[subscription]!;
    return (key + 1) * CELLS <= length ? data[key * CELLS + field]! - 1 : NONE;
  }
}
