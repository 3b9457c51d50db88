// A queue of copies: what is ready, in order, and where a copy goes that comes back. What a worker holds is not
// here but in `consumers.ts`. Copies are rows of one table per broker, about 40 bytes each.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Pool } from "../../kernel/pool.ts";
import { Ring } from "../../kernel/ring.ts";
import { type DeathLists, NO_DEATHS } from "./deaths.ts";

/** What a copy is made of, besides its message. */
export interface CopyTraits {
  /** Which routing key it carries: a position in the broker's list of templates. */
  readonly template: number;
  /** Survives the restart of a node. */
  readonly persistent: boolean;
  /** Own time to live, from the moment a queue takes it [ns]; Infinity without one. */
  readonly lifetimeNs: number;
  /** Handle of its list of deaths; the copy owns it. */
  readonly deaths: number;
}

/** The copies of one broker. Columns may be read by everyone; only owners of a copy write. */
export class CopyTable {
  readonly message: Int32Column;
  readonly template: Int32Column;
  readonly persistent: Int32Column;
  /** When it expires [ns]; before a queue has taken it, its own lifetime [ns]. */
  readonly expiresNs: Float64Column;
  readonly deaths: Int32Column;
  /** Times that it was sent to a consumer from the queue it is in. */
  readonly attempts: Int32Column;
  /** Original position in its queue; larger is later. */
  readonly position: Int32Column;
  #pool: Pool;
  #deathLists: DeathLists;

  constructor(arena: Arena, name: string, deathLists: DeathLists) {
    this.#pool = new Pool(arena, `${name}.pool`);
    this.#deathLists = deathLists;
    this.message = arena.int32(`${name}.message`);
    this.template = arena.int32(`${name}.template`);
    this.persistent = arena.int32(`${name}.persistent`);
    this.expiresNs = arena.float64(`${name}.expiresNs`);
    this.deaths = arena.int32(`${name}.deaths`);
    this.attempts = arena.int32(`${name}.attempts`);
    this.position = arena.int32(`${name}.position`);
  }

  /** Makes a copy that is in no queue yet. */
  make(message: number, traits: CopyTraits): number {
    const copy = this.#pool.take();
    if (copy === this.message.length) this.#grow();
    this.message.data[copy] = message;
    this.template.data[copy] = traits.template;
    this.persistent.data[copy] = traits.persistent ? 1 : 0;
    this.expiresNs.data[copy] = traits.lifetimeNs;
    this.deaths.data[copy] = traits.deaths;
    this.attempts.data[copy] = 0;
    return copy;
  }

  /** Frees a copy and its list of deaths. */
  free(copy: number): void {
    this.#deathLists.free(this.deaths.data[copy]!);
    this.deaths.data[copy] = NO_DEATHS;
    this.#pool.give(copy);
  }

  #grow(): void {
    this.message.push(0);
    this.template.push(0);
    this.persistent.push(0);
    this.expiresNs.push(0);
    this.deaths.push(NO_DEATHS);
    this.attempts.push(0);
    this.position.push(0);
  }
}

/** The ready copies of one queue: first those that were returned, in the order of their return, then the others in
 *  order of position. A queue that puts copies back where they were never has returned ones. */
export class CopyQueue {
  #copies: CopyTable;
  #returned: Ring;
  #ready: Ring;
  #state: Int32Column;

  constructor(arena: Arena, name: string, copies: CopyTable) {
    this.#copies = copies;
    this.#returned = new Ring(arena, `${name}.returned`);
    this.#ready = new Ring(arena, `${name}.ready`);
    this.#state = arena.int32(`${name}.nextPosition`, 1);
  }

  /** Number of ready copies. */
  size(): number {
    return this.#returned.size() + this.#ready.size();
  }

  /** The copy that is next, or -1. */
  head(): number {
    if (this.#returned.size() > 0) return this.#returned.at(0);
    return this.#ready.size() > 0 ? this.#ready.at(0) : -1;
  }

  /** Removes and returns the copy that is next, or -1. */
  take(): number {
    return this.#returned.size() > 0 ? this.#returned.popFront() : this.#ready.popFront();
  }

  /** Puts a copy at the back and gives it a position there. */
  append(copy: number): void {
    this.#copies.position.data[copy] = this.#state.data[0]!++;
    this.#ready.pushBack(copy);
  }

  /** Puts a copy behind those that were returned before and in front of all others. */
  giveBack(copy: number): void {
    this.#returned.pushBack(copy);
  }

  /** Puts a copy where it was. Copies that come back are nearly always old, so the search starts at the front;
   *  it costs at most as many steps as copies were taken out of the queue after this one. */
  restore(copy: number): void {
    const position = this.#copies.position;
    const ready = this.#ready;
    let low = 0;
    let step = 1;
    // Gallop from the front, then halve.
    while (low + step <= ready.size() && isBefore(position, ready.at(low + step - 1), copy)) {
      low += step;
      step *= 2;
    }
    let high = Math.min(ready.size(), low + step - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(position, ready.at(middle), copy)) low = middle + 1;
      else high = middle;
    }
    ready.insertAt(low, copy);
  }

  /** Takes out the ready copies that `isGone` names, calling `onGone` for each; keeps the order of the rest. */
  remove(isGone: (copy: number) => boolean, onGone: (copy: number) => void): void {
    for (const ring of [this.#returned, this.#ready])
      for (let left = ring.size(); left > 0; left--) {
        const copy = ring.popFront();
        if (isGone(copy)) onGone(copy);
        else ring.pushBack(copy);
      }
  }
}

function isBefore(position: Int32Column, copy: number, other: number): boolean {
  return position.data[copy]! < position.data[other]!;
}
