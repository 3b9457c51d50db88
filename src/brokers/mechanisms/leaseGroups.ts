// Groups of a lease queue: copies that must be handed out in order. Each group is a list of copies and a count of what
// blocks it; only the first copy of a group that nothing blocks is on offer.

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import { type LeasedCopies, leaseDoubles, leaseIntegers } from "./leasedCopies.ts";
import type { RowHeap } from "./rowHeap.ts";

// Integers of a group's row.
const KEY = 0;
const HEAD = 1;
const TAIL = 2;
/** Copies that are held, and locks. */
const BLOCKS = 3;
/** The copy that is on offer, -1 for none. */
const OFFERED = 4;
const INTEGERS = 5;

const NONE = -1;
const I = leaseIntegers;
const D = leaseDoubles;

/** The groups of one queue, by a small integer such as the number of a key. A group without copies costs four bytes. */
export class LeaseGroups {
  readonly #copies: LeasedCopies;
  readonly #offers: RowHeap;
  readonly #rows: Rows;
  /** Per group: one more than its row, 0 without. */
  readonly #rowOf: Int32Column;

  /** `offers`: what is on offer by its rank, among other things the first copies of open groups. */
  constructor(arena: Arena, name: string, about: { copies: LeasedCopies; offers: RowHeap }) {
    this.#copies = about.copies;
    this.#offers = about.offers;
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: 0 });
    this.#rowOf = arena.int32(`${name}.rowOf`);
  }

  /** The first copy in the group's order, -1 for none, whatever blocks the group. */
  head(group: number): number {
    const row = this.#row(group);
    return row === NONE ? NONE : this.#rows.integers[row * INTEGERS + HEAD]!;
  }

  /** Raises or lowers the number of what blocks the group. */
  block(group: number, by: 1 | -1): void {
    // Made first: the array is another one when the table has grown.
    const row = this.#made(group);
    this.#rows.integers[row * INTEGERS + BLOCKS]! += by;
  }

  /** Puts a copy into the list by its rank. What has been handed out before comes first, so the walk is short. */
  insert(group: number, copy: number): void {
    const first = this.#made(group) * INTEGERS;
    const groups = this.#rows.integers;
    const { integers, doubles } = this.#copies.rows;
    const rank = doubles[copy * D.count + D.rank]!;
    const tail = groups[first + TAIL]!;
    let next = NONE;
    if (tail !== NONE && doubles[tail * D.count + D.rank]! > rank) {
      next = groups[first + HEAD]!;
      while (doubles[next * D.count + D.rank]! < rank) next = integers[next * I.count + I.next]!;
    }
    const previous = next === NONE ? tail : integers[next * I.count + I.previous]!;
    integers[copy * I.count + I.next] = next;
    integers[copy * I.count + I.previous] = previous;
    if (previous === NONE) groups[first + HEAD] = copy;
    else integers[previous * I.count + I.next] = copy;
    if (next === NONE) groups[first + TAIL] = copy;
    else integers[next * I.count + I.previous] = copy;
  }

  /** Takes a copy out of the list. */
  remove(group: number, copy: number): void {
    const first = this.#made(group) * INTEGERS;
    const groups = this.#rows.integers;
    const { integers } = this.#copies.rows;
    const next = integers[copy * I.count + I.next]!;
    const previous = integers[copy * I.count + I.previous]!;
    if (previous === NONE) groups[first + HEAD] = next;
    else integers[previous * I.count + I.next] = next;
    if (next === NONE) groups[first + TAIL] = previous;
    else integers[next * I.count + I.previous] = previous;
  }

  /** Offers the group's first copy when it is ready and nothing blocks the group, and takes back what is offered
   *  otherwise. To be called after every change. Frees the row of a group that is empty and not blocked. */
  refresh(group: number): void {
    const row = this.#row(group);
    if (row === NONE) return;
    const first = row * INTEGERS;
    const cells = this.#rows.integers;
    const head = cells[first + HEAD]!;
    const isOpen = head !== NONE && cells[first + BLOCKS] === 0 && this.#copies.isReady(head);
    const wanted = isOpen ? head : NONE;
    const offered = cells[first + OFFERED]!;
    if (offered !== wanted) {
      if (offered !== NONE) this.#offers.remove(offered);
      if (wanted !== NONE) this.#offers.add(wanted);
      cells[first + OFFERED] = wanted;
    }
    if (head !== NONE || cells[first + BLOCKS] !== 0) return;
    this.#rows.give(row);
    this.#rowOf.data[group] = 0;
  }

  #row(group: number): number {
    return group < this.#rowOf.length ? this.#rowOf.data[group]! - 1 : NONE;
  }

  #made(group: number): number {
    const known = this.#row(group);
    if (known !== NONE) return known;
    const row = this.#rows.take();
    const first = row * INTEGERS;
    const cells = this.#rows.integers;
    cells[first + KEY] = group;
    cells[first + HEAD] = NONE;
    cells[first + TAIL] = NONE;
    cells[first + BLOCKS] = 0;
    cells[first + OFFERED] = NONE;
    if (group >= this.#rowOf.length) this.#rowOf.resize(group + 1);
    this.#rowOf.data[group] = row + 1;
    return row;
  }
}
