// How pending events are kept: a slot per event, and circular lists threaded through the slots. The parts
// of the event list hand slots around and look times up in them, because a double that is passed to a
// function which V8 does not inline is put into a box of its own.

import type { Arena, Float64Column, Int32Column } from "./arena.ts";

/** What stands where a slot would, when there is none. */
export const NO_SLOT = -1;

// A slot holds an event apart from its time: four integers side by side, so that taking or adding an
// event touches one line of memory. A slot is known by the position of its first cell.
/** Cell of a slot: the code of the event. */
export const CODE = 0;
/** Cell of a slot: the first operand. */
export const A = 1;
/** Cell of a slot: the second operand. */
export const B = 2;
/** Cell of a slot: the next slot in whatever list this one is in. */
export const NEXT = 3;
const STRIDE = 4;

/** All slots, of pending events and free ones. */
export class EventSlots {
  /** Time per slot [ns], at a quarter of its position. */
  readonly times: Float64Column;
  readonly cells: Int32Column;

  constructor(arena: Arena, name: string) {
    this.times = arena.float64(`${name}.times`);
    this.cells = arena.int32(`${name}.slots`);
  }

  /** Makes one more slot, followed by none. */
  add(): number {
    const slot = this.cells.length;
    // Not `resize`: the one who asks writes the other three cells.
    this.cells.reserve(slot + STRIDE);
    this.cells.length = slot + STRIDE;
    this.cells.data[slot + NEXT] = NO_SLOT;
    this.times.push(0);
    return slot;
  }
}

/** Puts a slot between the last of a circular list and the first. Who then calls the slot the last has
 *  appended it; who keeps the old last has put it in front. */
export function link(cells: Int32Array, last: number, slot: number): void {
  if (last === NO_SLOT) cells[slot + NEXT] = slot;
  else {
    cells[slot + NEXT] = cells[last + NEXT]!;
    cells[last + NEXT] = slot;
  }
}
