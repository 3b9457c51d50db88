// A queue of copies in classes of priority: one queue per class, and a rule for whose turn it is. Looks like a CopyQueue
// from outside, so that a broker need not know which one it has. Knows no protocol.

import type { Arena } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { Copies } from "./copies.ts";
import { CopyQueue } from "./queue.ts";

/** How classes share the way out: always the highest first, or two of the first for one of the second. */
export type PriorityRule = "strict" | "two-to-one";

/** After so many turns of the first class the second one has its turn. */
const TURNS_OF_FIRST = 2;

/** The ready copies of one queue in classes. */
export class PriorityQueues {
  readonly #copies: Copies;
  readonly #classes: readonly CopyQueue[];
  readonly #classOf: (message: number) => number;
  readonly #rule: PriorityRule;
  /** What came back in order of return; before all classes. */
  readonly #returned: Ring;
  /** Cell 0: turns since the second class had its own; cell 1: the class of the copy that was taken last. */
  readonly #state: Int32Array;

  /** `classOf` tells the class of a message: 0 goes first. */
  constructor(
    arena: Arena,
    name: string,
    about: {
      copies: Copies;
      classes: number;
      classOf: (message: number) => number;
      rule: PriorityRule;
    },
  ) {
    this.#copies = about.copies;
    this.#classOf = about.classOf;
    this.#rule = about.rule;
    this.#classes = Array.from(
      { length: about.classes },
      (_, i) => new CopyQueue(arena, `${name}.class${i}`, about.copies),
    );
    this.#returned = new Ring(arena, `${name}.returned`);
    this.#state = arena.int32(`${name}.turns`, 2).data;
  }

  /** Number of ready copies. */
  size(): number {
    let size = this.#returned.size();
    for (const one of this.#classes) size += one.size();
    return size;
  }

  /** The copy that is next, or -1. */
  head(): number {
    if (this.#returned.size() > 0) return this.#returned.at(0);
    const next = this.#next();
    return next < 0 ? -1 : this.#classes[next]!.head();
  }

  /** Removes and returns the copy that is next; there must be one. */
  take(): number {
    if (this.#returned.size() > 0) return this.#returned.popFront();
    const next = this.#next();
    const state = this.#state;
    state[0] = state[0]! >= TURNS_OF_FIRST ? 0 : state[0]! + 1;
    state[1] = next;
    return this.#classes[next]!.take();
  }

  /** Position of the copy taken last within its class, for `restore`. */
  takenPosition(): number {
    return this.#classes[this.#state[1]!]!.takenPosition();
  }

  /** Puts a copy at the back of its class. */
  append(copy: number): void {
    this.#class(copy).append(copy);
  }

  /** Puts a copy behind those that were returned before and in front of all others. */
  giveBack(copy: number): void {
    this.#returned.pushBack(copy);
  }

  /** Puts a copy where it was in its class. Not for queues in which copies are given back. */
  restore(copy: number): void {
    this.#class(copy).restore(copy);
  }

  /** Takes out the ready copies that `isGone` names, calling `onGone` for each; keeps the order of the rest. */
  remove(isGone: (copy: number) => boolean, onGone: (copy: number) => void): void {
    for (let left = this.#returned.size(); left > 0; left--) {
      const copy = this.#returned.popFront();
      if (isGone(copy)) onGone(copy);
      else this.#returned.pushBack(copy);
    }
    for (const one of this.#classes) one.remove(isGone, onGone);
  }

  #class(copy: number): CopyQueue {
    return this.#classes[this.#classOf(this.#copies.message(copy))]!;
  }

  /** The class whose turn it is, -1 when all are empty. */
  #next(): number {
    const isTurnOfSecond = this.#rule === "two-to-one" && this.#state[0]! >= TURNS_OF_FIRST;
    if (isTurnOfSecond && this.#classes.length > 1 && this.#classes[1]!.size() > 0) return 1;
    for (let i = 0; i < this.#classes.length; i++) if (this.#classes[i]!.size() > 0) return i;
    return -1;
  }
}
