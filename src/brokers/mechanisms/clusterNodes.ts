// The nodes of a cluster that elects: which processes run, which nodes are cut off, how slow they are, and whether the
// majority of those that vote is in touch. Knows nothing of what the nodes store.

import type { Arena } from "../../kernel/arena.ts";

/** Nodes of one cluster. */
export class ClusterNodes {
  readonly #running: Int32Array;
  readonly #isolated: Int32Array;
  readonly #factor: Float64Array;
  /** Number of slow nodes, in its only cell. */
  readonly #slow: Int32Array;
  readonly #voters: number;

  /** `voters`: so many of the first nodes elect; 0 when others do, who are always there. */
  constructor(
    arena: Arena,
    name: string,
    about: { readonly nodes: number; readonly voters: number },
  ) {
    const { nodes, voters } = about;
    this.#running = arena.int32(`${name}.running`, nodes).data;
    this.#isolated = arena.int32(`${name}.isolated`, nodes).data;
    this.#factor = arena.float64(`${name}.factor`, nodes).data;
    this.#slow = arena.int32(`${name}.slow`, 1).data;
    this.#voters = Math.min(voters, nodes);
    this.#running.fill(1, 0, nodes);
    this.#factor.fill(1, 0, nodes);
  }

  /** Whether a node's process runs. */
  isRunning(node: number): boolean {
    return this.#running[node] === 1;
  }

  /** Whether a node is cut off from all others. */
  isIsolated(node: number): boolean {
    return this.#isolated[node] === 1;
  }

  /** Whether a node runs and the others reach it. */
  isInTouch(node: number): boolean {
    return this.#running[node] === 1 && this.#isolated[node] === 0;
  }

  /** Starts or ends a process; tells whether that changes anything. */
  run(node: number, running: boolean): boolean {
    const changes = this.#running[node] !== Number(running);
    this.#running[node] = Number(running);
    return changes;
  }

  /** Cuts a node off or connects it; tells whether that changes anything. */
  isolate(node: number, isolated: boolean): boolean {
    const changes = this.#isolated[node] !== Number(isolated);
    this.#isolated[node] = Number(isolated);
    return changes;
  }

  /** What a node does takes so many times as long from now on. */
  slow(node: number, factor: number): void {
    this.#slow[0]! += Number(factor !== 1) - Number(this.#factor[node] !== 1);
    this.#factor[node] = factor;
  }

  /** Whether any node is slow: asked before looking at each. */
  hasSlow(): boolean {
    return this.#slow[0]! > 0;
  }

  /** How many times as long as usual something takes that a node does. */
  slowness(node: number): number {
    return this.#factor[node] ?? 1;
  }

  /** Whether a majority of the voters is in touch. */
  hasQuorum(): boolean {
    if (this.#voters === 0) return true;
    let count = 0;
    for (let node = 0; node < this.#voters; node++) count += Number(this.isInTouch(node));
    return 2 * count > this.#voters;
  }
}
