// Push delivery: consumers with a window of unacknowledged copies, taken in turn while they have room, and what each
// of them holds. Knows no protocol; the broker sends, settles and returns.

import type { Arena } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Rows } from "../../kernel/rows.ts";
import { HeldCopies } from "./held.ts";

const NONE = -1;

/** No limit to what a consumer may hold. */
export const NO_WINDOW = 0x7fffffff;

// Integers of a row.
const SUBSCRIPTION = 0;
const WORKER = 1;
const OPEN = 2;
const UNACKNOWLEDGED = 3;
const FIRST = 4;
const LAST = 5;
const WINDOW = 6;
const LANE = 7;
/** 1 while it may be served at all (a standby of a single active consumer may not). */
const ELIGIBLE = 8;
const IN_LANE = 9;
/** 1 when its window holds for all consumers of its subscription together. */
const SHARED = 10;
const INTEGERS = 11;

/** The consumers of one broker. Each has a window (how much it may hold at most) and a lane: the consumers of a
 *  lane are served in turn, and a lane only when those before it have no room. */
export class Consumers {
  readonly held: HeldCopies;
  readonly #rows: Rows;
  readonly #lanes: readonly Ring[];

  constructor(arena: Arena, name: string, laneCount: number) {
    this.held = new HeldCopies(arena, `${name}.held`);
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: 0 });
    this.#lanes = Array.from({ length: laneCount }, (_, i) => new Ring(arena, `${name}.lane${i}`));
  }

  /** One more than the highest handle of a consumer. */
  capacity(): number {
    return this.#rows.capacity();
  }

  isLive(consumer: number): boolean {
    return this.#rows.isLive(consumer);
  }

  subscription(consumer: number): number {
    return this.#cell(consumer, SUBSCRIPTION);
  }

  worker(consumer: number): number {
    return this.#cell(consumer, WORKER);
  }

  /** Whether the worker is there; not when it has left, even if the broker has not noticed. */
  isOpen(consumer: number): boolean {
    return this.#cell(consumer, OPEN) === 1;
  }

  /** Number of copies that it holds or that are on their way to it. */
  unacknowledged(consumer: number): number {
    return this.#cell(consumer, UNACKNOWLEDGED);
  }

  /** The held row that was sent to it first, -1 for none. */
  first(consumer: number): number {
    return this.#cell(consumer, FIRST);
  }

  /** Adds a consumer that may not be served yet. */
  add(about: { subscription: number; worker: number; lane: number; window: number }): number {
    const consumer = this.#rows.take();
    const first = consumer * INTEGERS;
    const cells = this.#rows.integers;
    cells[first + SUBSCRIPTION] = about.subscription;
    cells[first + WORKER] = about.worker;
    cells[first + OPEN] = 1;
    cells[first + UNACKNOWLEDGED] = 0;
    cells[first + FIRST] = NONE;
    cells[first + LAST] = NONE;
    cells[first + WINDOW] = about.window;
    cells[first + LANE] = about.lane;
    cells[first + ELIGIBLE] = 0;
    cells[first + IN_LANE] = 0;
    cells[first + SHARED] = 0;
    return consumer;
  }

  /** The worker is gone; its connection is still to be closed. */
  close(consumer: number): void {
    this.#set(consumer, OPEN, 0);
  }

  /** Its window holds for all consumers of its subscription together. Call it before anything is held. */
  share(consumer: number): void {
    this.#set(consumer, SHARED, 1);
  }

  /** Lets a consumer be served, at the end of the turn. */
  enable(consumer: number): void {
    this.#set(consumer, ELIGIBLE, 1);
    this.#refresh(consumer);
  }

  /** Stops serving a consumer; it keeps what it holds. */
  disable(consumer: number): void {
    this.#set(consumer, ELIGIBLE, 0);
    this.#refresh(consumer);
  }

  setWindow(consumer: number, window: number): void {
    this.#set(consumer, WINDOW, window);
    this.#refresh(consumer);
  }

  /** Removes a consumer that holds nothing any more. */
  remove(consumer: number): void {
    this.disable(consumer);
    this.#rows.give(consumer);
  }

  /** The consumer of a lane whose turn it is, or -1 when none has room. It keeps its turn until `hold`. */
  next(lane: number): number {
    const ring = this.#lanes[lane]!;
    return ring.size() > 0 ? ring.at(0) : NONE;
  }

  /** Gives a copy to the consumer whose turn it is and passes the turn on; returns the held row. */
  hold(consumer: number, copy: number): number {
    const cells = this.#rows.integers;
    const first = consumer * INTEGERS;
    this.#lanes[cells[first + LANE]!]!.popFront();
    cells[first + IN_LANE] = 0;
    cells[first + UNACKNOWLEDGED]!++;
    const last = cells[first + LAST]!;
    const held = this.held.take(copy, consumer, last);
    if (last === NONE) cells[first + FIRST] = held;
    else this.held.setNext(last, held);
    cells[first + LAST] = held;
    this.#refresh(consumer);
    if (cells[first + SHARED] === 1) this.#refreshAll(cells[first + SUBSCRIPTION]!);
    return held;
  }

  /** Takes a held row from its consumer and frees it. */
  letGo(held: number): void {
    const consumer = this.held.consumer(held);
    const next = this.held.next(held);
    const previous = this.held.previous(held);
    const cells = this.#rows.integers;
    const first = consumer * INTEGERS;
    if (previous === NONE) cells[first + FIRST] = next;
    else this.held.setNext(previous, next);
    if (next === NONE) cells[first + LAST] = previous;
    else this.held.setPrevious(next, previous);
    this.held.give(held);
    cells[first + UNACKNOWLEDGED]!--;
    this.#refresh(consumer);
    if (cells[first + SHARED] === 1) this.#refreshAll(cells[first + SUBSCRIPTION]!);
  }

  #refreshAll(subscription: number): void {
    for (let consumer = 0; consumer < this.capacity(); consumer++)
      if (this.isLive(consumer) && this.subscription(consumer) === subscription)
        this.#refresh(consumer);
  }

  /** What the consumers of a subscription hold together. */
  #heldTogether(subscription: number): number {
    let sum = 0;
    for (let consumer = 0; consumer < this.capacity(); consumer++)
      if (this.isLive(consumer) && this.subscription(consumer) === subscription)
        sum += this.unacknowledged(consumer);
    return sum;
  }

  /** Puts a consumer into its lane when it may be served and has room, and takes it out when not. */
  #refresh(consumer: number): void {
    const cells = this.#rows.integers;
    const first = consumer * INTEGERS;
    const counted =
      cells[first + SHARED] === 1
        ? this.#heldTogether(cells[first + SUBSCRIPTION]!)
        : cells[first + UNACKNOWLEDGED]!;
    const hasRoom = cells[first + ELIGIBLE] === 1 && counted < cells[first + WINDOW]!;
    if (hasRoom === (cells[first + IN_LANE] === 1)) return;
    const ring = this.#lanes[cells[first + LANE]!]!;
    cells[first + IN_LANE] = hasRoom ? 1 : 0;
    if (hasRoom) ring.pushBack(consumer);
    else ring.removeValue(consumer);
  }

  #cell(consumer: number, field: number): number {
    return this.#rows.integers[consumer * INTEGERS + field]!;
  }

  #set(consumer: number, field: number, value: number): void {
    this.#rows.integers[consumer * INTEGERS + field] = value;
  }
}
