// Fetches of single followers that take longer than those of the others, because the follower or its leader is slow.
// A cell is partition × nodes + node.

import type { Arena } from "../../kernel/arena.ts";

const NONE = -1;

/** What a slow fetch has brought. */
export interface SlowFetch {
  readonly partition: number;
  readonly node: number;
  /** End of the leader's log when the fetch began. */
  readonly target: number;
}

/** Slow fetches under way. */
export class SlowFetches {
  readonly #target: Float64Array;
  readonly #number: Int32Array;
  readonly #nodes: number;

  constructor(arena: Arena, name: string, about: { partitions: number; nodes: number }) {
    const cells = about.partitions * about.nodes;
    this.#nodes = about.nodes;
    this.#target = arena.float64(`${name}.slowTarget`, cells).data;
    this.#number = arena.int32(`${name}.slowNumber`, cells).data;
    this.#target.fill(NONE, 0, cells);
  }

  /** Begins a fetch up to `target`; returns its number, or -1 when one is under way. */
  begin(cell: number, target: number): number {
    if (this.#target[cell] !== NONE) return NONE;
    this.#target[cell] = target;
    return ++this.#number[cell]!;
  }

  /** Whether the fetch with this number is still under way. */
  isUnderWay(cell: number, number: number): boolean {
    return this.#number[cell] === number && this.#target[cell] !== NONE;
  }

  /** Ends a fetch and says what it has brought; undefined when it was cancelled. */
  end(cell: number, number: number): SlowFetch | undefined {
    if (!this.isUnderWay(cell, number)) return undefined;
    const target = this.#target[cell]!;
    this.#target[cell] = NONE;
    return { partition: Math.floor(cell / this.#nodes), node: cell % this.#nodes, target };
  }

  /** Nothing is fetched by this follower any more. */
  cancel(partition: number, node: number): void {
    this.#target[partition * this.#nodes + node] = NONE;
  }
}
