// How pending events are kept: a slot per event, and circular lists threaded through the slots. The parts
// of the event list hand slots around and look times up in them, because a double that is passed to a
// function which V8 does not inline is put into a box of its own.

import type { Arena, Float64Column, Int32Column } from "./arena.ts";

/** What stands where a slot would, when there is none. */
export const NO_SLOT = -1;

// What an event means: three integers side by side.
/** Cell of the details of a slot: the code of the event. */
export const CODE = 0;
/** Cell of the details of a slot: the first operand. */
export const A = 1;
/** Cell of the details of a slot: the second operand. */
export const B = 2;
/** Cells of the details of a slot. */
export const DETAILS = 3;

/** Slots made at a time, at least; else a quarter of those there are. */
const SLOTS_MIN = 16;

/** All slots, of pending events and free ones. Times and links are columns of their own, because sorting needs nothing
 *  else: with many events it then finds them in a nearer cache. */
export class EventSlots {
  /** Time per slot [ns]. */
  readonly times: Float64Column;
  /** Per slot the next one in whatever list it is in. */
  readonly next: Int32Column;
  readonly details: Int32Column;

  constructor(arena: Arena, name: string) {
    this.times = arena.float64(`${name}.times`);
    this.next = arena.int32(`${name}.next`);
    this.details = arena.int32(`${name}.details`);
  }

  /** Makes more slots, linked in order, and returns the first. Many at a time, because each time costs. */
  add(): number {
    const first = this.next.length;
    const length = first + Math.max(SLOTS_MIN, first >> 2);
    this.times.resize(length);
    this.next.resize(length);
    this.details.resize(DETAILS * length);
    const { data } = this.next;
    for (let slot = first; slot < length; slot++) data[slot] = slot + 1;
    data[length - 1] = NO_SLOT;
    return first;
  }
}

/** Puts a slot between the last of a circular list and the first. Who then calls the slot the last has
 *  appended it; who keeps the old last has put it in front. */
export function link(next: Int32Array, last: number, slot: number): void {
  if (last === NO_SLOT) next[slot] = slot;
  else {
    next[slot] = next[last]!;
    next[last] = slot;
  }
}
