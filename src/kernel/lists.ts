// Lists of integer handles that are taken from the front, threaded through one shared column: any number of lists
// cost no memory per entry beyond it. A handle stands in one list at a time.

import type { Arena, Int32Column } from "./arena.ts";

// Fields of a list, side by side.
const FIRST = 0;
const LAST = 1;
const SIZE = 2;
const FIELDS = 3;

/** A growable family of lists 0, 1, 2, … */
export class HandleLists {
  /** For every handle, the one behind it in its list, or −1. Owned and sized by whoever makes the handles. */
  readonly #next: Int32Column;
  readonly #lists: Int32Column;
  /** The lists as they are now: looked up again after they have grown or were restored. */
  #cells!: Int32Array;

  constructor(arena: Arena, name: string, next: Int32Column) {
    this.#next = next;
    this.#lists = arena.int32(`${name}/lists`);
    this.#lookUpCells();
    arena.onRestore(() => this.#lookUpCells());
  }

  /** Makes sure that lists 0 to `count` − 1 exist. */
  ensure(count: number): void {
    const before = this.#lists.length / FIELDS;
    if (count <= before) return;
    this.#lists.resize(count * FIELDS);
    this.#lookUpCells();
    for (let list = before; list < count; list++) this.clear(list);
  }

  /** Number of handles in a list. */
  size(list: number): number {
    return this.#cells[list * FIELDS + SIZE]!;
  }

  /** The first handle of a list, −1 when it is empty. */
  first(list: number): number {
    return this.#cells[list * FIELDS + FIRST]!;
  }

  /** Appends a handle. */
  pushBack(list: number, handle: number): void {
    const cells = this.#cells;
    const at = list * FIELDS;
    const next = this.#next.data;
    next[handle] = -1;
    if (cells[at + SIZE]!++ === 0) cells[at + FIRST] = handle;
    else next[cells[at + LAST]!] = handle;
    cells[at + LAST] = handle;
  }

  /** Puts a handle in front of all others. */
  pushFront(list: number, handle: number): void {
    const cells = this.#cells;
    const at = list * FIELDS;
    this.#next.data[handle] = cells[at + FIRST]!;
    cells[at + FIRST] = handle;
    if (cells[at + SIZE]!++ === 0) cells[at + LAST] = handle;
  }

  /** Takes the first handle away; −1 when the list is empty. */
  popFront(list: number): number {
    const cells = this.#cells;
    const at = list * FIELDS;
    const handle = cells[at + FIRST]!;
    if (handle < 0) return -1;
    cells[at + FIRST] = this.#next.data[handle]!;
    if (--cells[at + SIZE]! === 0) cells[at + LAST] = -1;
    return handle;
  }

  /** Empties a list. */
  clear(list: number): void {
    const at = list * FIELDS;
    this.#cells[at + FIRST] = -1;
    this.#cells[at + LAST] = -1;
    this.#cells[at + SIZE] = 0;
  }

  #lookUpCells(): void {
    this.#cells = this.#lists.data;
  }
}
