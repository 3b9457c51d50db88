// Which instance gets the next request: in turn, the one with least in progress, or the better of two drawn at random
// (Mitzenmacher, "The Power of Two Choices", 2001).

import type { Arena, Int32Column } from "../../kernel/arena.ts";
import type { RandomStream } from "../../kernel/random.ts";

/** What a load balancer sees of the instances. */
export interface Pool {
  /** Instances 0 to this, less one. */
  readonly size: number;
  isInRotation(instance: number): boolean;
  /** Requests and messages at an instance; none at one that is dead, which makes it look idle. */
  inside(instance: number): number;
}

/** How a load balancer chooses. */
export type Balancing = "round robin" | "least" | "two";

/** The load balancer of one service. */
export class LoadBalancer {
  readonly #rule: Balancing;
  readonly #draws: RandomStream;
  /** Where the next search begins. */
  readonly #turn: Int32Column;

  constructor(arena: Arena, id: string, rule: Balancing, draws: RandomStream) {
    this.#rule = rule;
    this.#draws = draws;
    this.#turn = arena.int32(`${id}/balancer`, 1);
  }

  /** The instance for one request; −1 when none is in rotation. */
  choose(pool: Pool): number {
    if (this.#rule === "two") return this.#betterOfTwo(pool);
    const first = this.#turn.data[0]!;
    let best = -1;
    for (let i = 0; i < pool.size; i++) {
      const instance = (first + i) % pool.size;
      if (!pool.isInRotation(instance)) continue;
      if (best < 0 || pool.inside(instance) < pool.inside(best)) best = instance;
      if (this.#rule === "round robin") break;
    }
    if (best >= 0) this.#turn.data[0] = (best + 1) % pool.size;
    return best;
  }

  #betterOfTwo(pool: Pool): number {
    let count = 0;
    for (let instance = 0; instance < pool.size; instance++)
      if (pool.isInRotation(instance)) count++;
    if (count === 0) return -1;
    const one = Math.floor(this.#draws.uniform() * count);
    if (count === 1) return nth(pool, 0);
    const other = (one + 1 + Math.floor(this.#draws.uniform() * (count - 1))) % count;
    const [a, b] = [nth(pool, one), nth(pool, other)];
    return pool.inside(b) < pool.inside(a) ? b : a;
  }
}

/** The n-th instance in rotation, from 0. */
function nth(pool: Pool, n: number): number {
  let left = n;
  for (let instance = 0; instance < pool.size; instance++)
    if (pool.isInRotation(instance) && left-- === 0) return instance;
  return -1;
}
