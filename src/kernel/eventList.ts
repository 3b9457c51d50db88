// The pending events of a run, taken in order of time and, at equal times, in order of insertion.
// A binary heap of (time, slot) plus a lane for events at the current instant; the outside must not
// notice when the inside is replaced, so the tests know only the order.

import type { Arena, Float64Column, Int32Column } from "./arena.ts";

const END = -1;

// A slot holds an event apart from its time: four integers side by side, so that taking or adding an
// event touches one line of memory. The fourth is the next slot in the lane or in the free list.
const CODE = 0;
const A = 1;
const B = 2;
const NEXT = 3;
const STRIDE = 4;

// Cells of the integer state.
const FREE_HEAD = 0;
const LANE_HEAD = 1;
const LANE_TAIL = 2;
const LANE_SIZE = 3;

// Cells of the double state.
const TIME = 0;
const NEXT_ORDER = 1;

/** Pending events. An event is a time [ns], an integer code and two integer operands; what they mean
 *  is the caller's business. Times are integers below 2^53. Nothing is allocated per event. */
export class EventList {
  /** Current simulated time [ns]: that of the event taken last. Read-only for others. */
  time = 0;
  /** Code of the event taken last; like `a` and `b` meaningless after a restore. */
  code = 0;
  a = 0;
  b = 0;

  #heapTime: Float64Column;
  /** Slots in the order of `#heapTime`, as positions in `#slots`. */
  #heapSlot: Int32Column;
  #slots: Int32Column;
  /** Insertion number per slot, looked at only when two times are equal. */
  #order: Float64Column;
  #state: Int32Column;
  #clock: Float64Column;

  constructor(arena: Arena, name = "events") {
    this.#heapTime = arena.float64(`${name}.heapTime`);
    this.#heapSlot = arena.int32(`${name}.heapSlot`);
    this.#slots = arena.int32(`${name}.slots`);
    this.#order = arena.float64(`${name}.order`);
    this.#state = arena.int32(`${name}.state`, 4);
    this.#state.data.fill(END, 0, 3);
    this.#clock = arena.float64(`${name}.clock`, 2);
    arena.onRestore(() => {
      this.time = this.#clock.data[TIME]!;
    });
  }

  /** Adds an event at `timeNs` [ns], not before the current time. */
  schedule(timeNs: number, code: number, a: number, b: number): void {
    if (!(timeNs >= this.time && timeNs < Infinity)) throw badTime(timeNs, this.time);
    const state = this.#state.data;
    let slot = state[FREE_HEAD]!;
    if (slot === END) slot = this.#addSlot();
    const slots = this.#slots.data;
    state[FREE_HEAD] = slots[slot + NEXT]!;
    slots[slot + CODE] = code;
    slots[slot + A] = a;
    slots[slot + B] = b;
    // Events in the heap at the current time were inserted before the clock came here, hence before
    // everything in the lane: the lane needs no insertion numbers.
    if (timeNs === this.time) this.#appendToLane(slot);
    else this.#siftUp(timeNs, slot);
  }

  /** Takes the earliest event and describes it in the fields; false when there is none. */
  next(): boolean {
    const state = this.#state.data;
    const slots = this.#slots.data;
    const pending = this.#heapTime.length;
    let slot = state[LANE_HEAD]!;
    if (slot !== END && (pending === 0 || this.#heapTime.data[0] !== this.time)) {
      state[LANE_HEAD] = slots[slot + NEXT]!;
      state[LANE_SIZE]!--;
    } else {
      if (pending === 0) return false;
      slot = this.#heapSlot.data[0]!;
      this.time = this.#heapTime.data[0]!;
      this.#clock.data[TIME] = this.time;
      this.#removeRoot();
    }
    this.code = slots[slot + CODE]!;
    this.a = slots[slot + A]!;
    this.b = slots[slot + B]!;
    slots[slot + NEXT] = state[FREE_HEAD]!;
    state[FREE_HEAD] = slot;
    return true;
  }

  /** Time of the earliest pending event [ns]; Infinity when there is none. */
  peekTime(): number {
    if (this.#state.data[LANE_HEAD] !== END) return this.time;
    return this.#heapTime.length === 0 ? Infinity : this.#heapTime.data[0]!;
  }

  /** Number of pending events. */
  size(): number {
    return this.#heapTime.length + this.#state.data[LANE_SIZE]!;
  }

  /** Makes a slot that is not in the free list; its next one is the end. */
  #addSlot(): number {
    const slot = this.#slots.length;
    this.#slots.resize(slot + STRIDE);
    this.#slots.data[slot + NEXT] = END;
    this.#order.push(0);
    return slot;
  }

  #appendToLane(slot: number): void {
    const state = this.#state.data;
    this.#slots.data[slot + NEXT] = END;
    if (state[LANE_HEAD] === END) state[LANE_HEAD] = slot;
    else this.#slots.data[state[LANE_TAIL]! + NEXT] = slot;
    state[LANE_TAIL] = slot;
    state[LANE_SIZE]!++;
  }

  #siftUp(timeNs: number, slot: number): void {
    this.#order.data[slot >> 2] = this.#clock.data[NEXT_ORDER]!++;
    let hole = this.#heapTime.push(timeNs);
    this.#heapSlot.push(slot);
    const times = this.#heapTime.data;
    const slots = this.#heapSlot.data;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      // At equal times the parent was inserted earlier, so it stays.
      if (times[parent]! <= timeNs) break;
      times[hole] = times[parent]!;
      slots[hole] = slots[parent]!;
      hole = parent;
    }
    times[hole] = timeNs;
    slots[hole] = slot;
  }

  /** Moves the last entry of the heap to the root and lets it sink. */
  #removeRoot(): void {
    const last = this.#heapTime.length - 1;
    this.#heapTime.length = last;
    this.#heapSlot.length = last;
    const times = this.#heapTime.data;
    const slots = this.#heapSlot.data;
    const order = this.#order.data;
    const time = times[last]!;
    const slot = slots[last]!;
    let hole = 0;
    for (let child = 1; child < last; child = 2 * hole + 1) {
      let childTime = times[child]!;
      const other = child + 1;
      if (other < last) {
        const otherTime = times[other]!;
        if (
          otherTime < childTime ||
          (otherTime === childTime && order[slots[other]! >> 2]! < order[slots[child]! >> 2]!)
        ) {
          child = other;
          childTime = otherTime;
        }
      }
      if (
        time < childTime ||
        (time === childTime && order[slot >> 2]! < order[slots[child]! >> 2]!)
      )
        break;
      times[hole] = childTime;
      slots[hole] = slots[child]!;
      hole = child;
    }
    times[hole] = time;
    slots[hole] = slot;
  }
}

function badTime(timeNs: number, nowNs: number): Error {
  return new Error(`An event at ${timeNs} ns cannot be scheduled at ${nowNs} ns.`);
}
