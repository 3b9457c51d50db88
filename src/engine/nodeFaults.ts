// Which nodes of brokers are cut off and which are slow. The engine keeps that, so that every technology shows it alike
// and hears of changes only; what follows from it is the technology's.

import type { Broker } from "../brokers/technology.ts";
import type { Arena } from "../kernel/arena.ts";
import type { ClusterNode } from "../model/result.ts";

/** Faults of the nodes of one broker. Isolation and slowness outlast a crash and a restart. */
export class NodeFaults {
  readonly #isolated: Int32Array;
  readonly #factor: Float64Array;

  /** `id` of the broker. */
  constructor(arena: Arena, id: string, nodes: number) {
    this.#isolated = arena.int32(`${id}/isolated`, nodes).data;
    this.#factor = arena.float64(`${id}/slowness`, nodes).data;
    this.#factor.fill(1, 0, nodes);
  }

  /** Cuts a node off, or connects it again. */
  isolate(broker: Broker, node: number, isolated: boolean): void {
    if (this.#isolated[node] === Number(isolated)) return;
    this.#isolated[node] = Number(isolated);
    broker.isolateNode?.(node, isolated);
  }

  /** What a node does takes `factor` times as long as usual from now on. */
  slow(broker: Broker, node: number, factor: number): void {
    if (this.#factor[node] === factor) return;
    this.#factor[node] = factor;
    broker.slowNode?.(node, factor);
  }

  /** What each node of the broker does. */
  nodes(broker: Broker): readonly ClusterNode[] {
    return broker.nodes().map(({ up, leads }, node) => ({
      up,
      leads,
      isolated: this.#isolated[node] === 1,
      slowness: this.#factor[node] ?? 1,
    }));
  }
}
