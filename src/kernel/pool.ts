// Hands out small integers as handles and takes them back, so that objects can be rows in columns.
// Freed handles are reused last in, first out, which keeps the rows in use close together.

import type { Arena, Int32Column } from "./arena.ts";

const LIVE = -2;
const END = -1;

const FREE_HEAD = 0;
const LIVE_COUNT = 1;

/** Integer handles 0, 1, 2, … with a free list. Owners size their columns by `capacity()`. */
export class Pool {
  /** Per handle: LIVE, or the next free handle, or END. */
  readonly #next: Int32Column;
  /** Of a column that never grows, so the array itself is kept. */
  readonly #state: Int32Array;

  constructor(arena: Arena, name: string) {
    this.#next = arena.int32(`${name}.next`);
    this.#state = arena.int32(`${name}.state`, 2).data;
    this.#state[FREE_HEAD] = END;
  }

  /** A handle that is not live; may be one that was given back. */
  take(): number {
    const state = this.#state;
    state[LIVE_COUNT]!++;
    const handle = state[FREE_HEAD]!;
    if (handle === END) return this.#next.push(LIVE);
    state[FREE_HEAD] = this.#next.data[handle]!;
    this.#next.data[handle] = LIVE;
    return handle;
  }

  /** Gives a live handle back. Giving one twice is a bug and throws. */
  give(handle: number): void {
    if (!this.isLive(handle)) throw new Error(`Handle ${handle} was given back but is not live.`);
    const state = this.#state;
    this.#next.data[handle] = state[FREE_HEAD]!;
    state[FREE_HEAD] = handle;
    state[LIVE_COUNT]!--;
  }

  /** Whether the handle is taken. */
  isLive(handle: number): boolean {
    return handle >= 0 && handle < this.#next.length && this.#next.data[handle] === LIVE;
  }

  /** Number of live handles. */
  size(): number {
    return this.#state[LIVE_COUNT]!;
  }

  /** One more than the highest handle ever handed out. */
  capacity(): number {
    return this.#next.length;
  }
}
