// Lists of integer handles that are taken from the front, threaded through one shared column: any number of lists
// cost no memory per entry beyond it. A handle stands in one list at a time.

import type { Arena, Int32Column } from "./arena.ts";

/** A growable family of lists 0, 1, 2, … */
export class HandleLists {
  /** For every handle, the one behind it in its list, or −1. Owned and sized by whoever makes the handles. */
  readonly #next: Int32Column;
  readonly #first: Int32Column;
  readonly #last: Int32Column;
  readonly #size: Int32Column;

  constructor(arena: Arena, name: string, next: Int32Column) {
    this.#next = next;
    this.#first = arena.int32(`${name}/first`);
    this.#last = arena.int32(`${name}/last`);
    this.#size = arena.int32(`${name}/size`);
  }

  /** Makes sure that lists 0 to `count` − 1 exist. */
  ensure(count: number): void {
    while (this.#size.length < count) {
      this.#first.push(-1);
      this.#last.push(-1);
      this.#size.push(0);
    }
  }

  /** Number of handles in a list. */
  size(list: number): number {
    return this.#size.data[list]!;
  }

  /** The first handle of a list, −1 when it is empty. */
  first(list: number): number {
    return this.#first.data[list]!;
  }

  /** Appends a handle. */
  pushBack(list: number, handle: number): void {
    this.#next.data[handle] = -1;
    if (this.#size.data[list] === 0) this.#first.data[list] = handle;
    else this.#next.data[this.#last.data[list]!] = handle;
    this.#last.data[list] = handle;
    this.#size.data[list]!++;
  }

  /** Puts a handle in front of all others. */
  pushFront(list: number, handle: number): void {
    this.#next.data[handle] = this.#first.data[list]!;
    this.#first.data[list] = handle;
    if (this.#size.data[list] === 0) this.#last.data[list] = handle;
    this.#size.data[list]!++;
  }

  /** Takes the first handle away; −1 when the list is empty. */
  popFront(list: number): number {
    const handle = this.#first.data[list]!;
    if (handle < 0) return -1;
    this.#first.data[list] = this.#next.data[handle]!;
    this.#size.data[list]!--;
    if (this.#size.data[list] === 0) this.#last.data[list] = -1;
    return handle;
  }

  /** Empties a list. */
  clear(list: number): void {
    this.#first.data[list] = -1;
    this.#last.data[list] = -1;
    this.#size.data[list] = 0;
  }
}
