// Push delivery: consumers with a window of unacknowledged copies, taken in turn while they have room, and what each
// of them holds. Knows no protocol; the broker sends, settles and returns.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Pool } from "../../kernel/pool.ts";
import { Ring } from "../../kernel/ring.ts";

const NONE = -1;

/** No limit to what a consumer may hold. */
export const NO_WINDOW = 0x7fffffff;

/** What is on its way to a consumer or held by it: one row per copy, linked per consumer in order of sending. */
class HeldTable {
  readonly copy: Int32Column;
  readonly consumer: Int32Column;
  /** Handle of the delivery; -1 while the copy is still on the wire. */
  readonly delivery: Int32Column;
  /** The worker has settled it; the answer is on the wire. */
  readonly answered: Int32Column;
  /** Rises whenever the row is freed, so that events about its former content can be told. */
  readonly generation: Int32Column;
  readonly sinceNs: Float64Column;
  readonly next: Int32Column;
  readonly previous: Int32Column;
  #pool: Pool;

  constructor(arena: Arena, name: string) {
    this.#pool = new Pool(arena, `${name}.pool`);
    this.copy = arena.int32(`${name}.copy`);
    this.consumer = arena.int32(`${name}.consumer`);
    this.delivery = arena.int32(`${name}.delivery`);
    this.answered = arena.int32(`${name}.answered`);
    this.generation = arena.int32(`${name}.generation`);
    this.sinceNs = arena.float64(`${name}.sinceNs`);
    this.next = arena.int32(`${name}.next`);
    this.previous = arena.int32(`${name}.previous`);
  }

  /** Number of rows in use. */
  size(): number {
    return this.#pool.size();
  }

  /** Whether the row is in use. */
  isLive(held: number): boolean {
    return this.#pool.isLive(held);
  }

  take(): number {
    const held = this.#pool.take();
    if (held === this.copy.length) {
      this.copy.push(NONE);
      this.consumer.push(NONE);
      this.delivery.push(NONE);
      this.answered.push(0);
      this.generation.push(0);
      this.sinceNs.push(0);
      this.next.push(NONE);
      this.previous.push(NONE);
    }
    return held;
  }

  give(held: number): void {
    this.generation.data[held] = (this.generation.data[held]! + 1) & 0xffffff;
    this.#pool.give(held);
  }
}

/** The consumers of one broker. Each has a window (how much it may hold at most) and a lane: the consumers of a
 *  lane are served in turn, and a lane only when those before it have no room. */
export class Consumers {
  readonly held: HeldTable;
  readonly subscription: Int32Column;
  readonly worker: Int32Column;
  /** 1 while the worker is there; 0 when it has left and the broker has not noticed. */
  readonly open: Int32Column;
  /** Number of copies that it holds or that are on their way to it. */
  readonly unacknowledged: Int32Column;
  /** First and last held row, in order of sending. */
  readonly first: Int32Column;
  readonly last: Int32Column;
  #pool: Pool;
  #window: Int32Column;
  #lane: Int32Column;
  /** 1 while it may be served at all (a standby of a single active consumer may not). */
  #eligible: Int32Column;
  #inLane: Int32Column;
  #lanes: readonly Ring[];

  constructor(arena: Arena, name: string, laneCount: number) {
    this.held = new HeldTable(arena, `${name}.held`);
    this.#pool = new Pool(arena, `${name}.pool`);
    this.subscription = arena.int32(`${name}.subscription`);
    this.worker = arena.int32(`${name}.worker`);
    this.open = arena.int32(`${name}.open`);
    this.unacknowledged = arena.int32(`${name}.unacknowledged`);
    this.first = arena.int32(`${name}.first`);
    this.last = arena.int32(`${name}.last`);
    this.#window = arena.int32(`${name}.window`);
    this.#lane = arena.int32(`${name}.lane`);
    this.#eligible = arena.int32(`${name}.eligible`);
    this.#inLane = arena.int32(`${name}.inLane`);
    this.#lanes = Array.from({ length: laneCount }, (_, i) => new Ring(arena, `${name}.lane${i}`));
  }

  /** One more than the highest handle of a consumer. */
  capacity(): number {
    return this.#pool.capacity();
  }

  isLive(consumer: number): boolean {
    return this.#pool.isLive(consumer);
  }

  /** Adds a consumer that may not be served yet. */
  add(about: { subscription: number; worker: number; lane: number; window: number }): number {
    const consumer = this.#pool.take();
    if (consumer === this.subscription.length) this.#grow();
    this.subscription.data[consumer] = about.subscription;
    this.worker.data[consumer] = about.worker;
    this.open.data[consumer] = 1;
    this.unacknowledged.data[consumer] = 0;
    this.first.data[consumer] = NONE;
    this.last.data[consumer] = NONE;
    this.#window.data[consumer] = about.window;
    this.#lane.data[consumer] = about.lane;
    this.#eligible.data[consumer] = 0;
    this.#inLane.data[consumer] = 0;
    return consumer;
  }

  /** Lets a consumer be served, at the end of the turn. */
  enable(consumer: number): void {
    this.#eligible.data[consumer] = 1;
    this.#refresh(consumer);
  }

  /** Stops serving a consumer; it keeps what it holds. */
  disable(consumer: number): void {
    this.#eligible.data[consumer] = 0;
    this.#refresh(consumer);
  }

  setWindow(consumer: number, window: number): void {
    this.#window.data[consumer] = window;
    this.#refresh(consumer);
  }

  /** Removes a consumer that holds nothing any more. */
  remove(consumer: number): void {
    this.disable(consumer);
    this.#pool.give(consumer);
  }

  /** The consumer of a lane whose turn it is, or -1 when none has room. It keeps its turn until `hold`. */
  next(lane: number): number {
    const ring = this.#lanes[lane]!;
    return ring.size() > 0 ? ring.at(0) : NONE;
  }

  /** Gives a copy to the consumer whose turn it is and passes the turn on; returns the held row. */
  hold(consumer: number, copy: number, nowNs: number): number {
    const ring = this.#lanes[this.#lane.data[consumer]!]!;
    ring.popFront();
    this.#inLane.data[consumer] = 0;
    this.unacknowledged.data[consumer]!++;
    const held = this.held.take();
    const table = this.held;
    const last = this.last.data[consumer]!;
    table.copy.data[held] = copy;
    table.consumer.data[held] = consumer;
    table.delivery.data[held] = NONE;
    table.answered.data[held] = 0;
    table.sinceNs.data[held] = nowNs;
    table.next.data[held] = NONE;
    table.previous.data[held] = last;
    if (last === NONE) this.first.data[consumer] = held;
    else table.next.data[last] = held;
    this.last.data[consumer] = held;
    this.#refresh(consumer);
    return held;
  }

  /** Takes a held row from its consumer and frees it. */
  letGo(held: number): void {
    const table = this.held;
    const consumer = table.consumer.data[held]!;
    const next = table.next.data[held]!;
    const previous = table.previous.data[held]!;
    if (previous === NONE) this.first.data[consumer] = next;
    else table.next.data[previous] = next;
    if (next === NONE) this.last.data[consumer] = previous;
    else table.previous.data[next] = previous;
    table.give(held);
    this.unacknowledged.data[consumer]!--;
    this.#refresh(consumer);
  }

  /** Puts a consumer into its lane when it may be served and has room, and takes it out when not. */
  #refresh(consumer: number): void {
    const hasRoom =
      this.#eligible.data[consumer] === 1 &&
      this.unacknowledged.data[consumer]! < this.#window.data[consumer]!;
    if (hasRoom === (this.#inLane.data[consumer] === 1)) return;
    const ring = this.#lanes[this.#lane.data[consumer]!]!;
    this.#inLane.data[consumer] = hasRoom ? 1 : 0;
    if (hasRoom) ring.pushBack(consumer);
    else removeValue(ring, consumer);
  }

  #grow(): void {
    for (const column of [this.subscription, this.worker, this.open, this.unacknowledged])
      column.push(0);
    for (const column of [this.first, this.last, this.#window, this.#lane]) column.push(0);
    for (const column of [this.#eligible, this.#inLane]) column.push(0);
  }
}

function removeValue(ring: Ring, value: number): void {
  for (let position = 0; position < ring.size(); position++)
    if (ring.at(position) === value) {
      ring.removeAt(position);
      return;
    }
}
