// What the replicas of partitions have: leaders' and followers' log ends, in-sync replicas, high watermarks. Followers
// pull: each fetch brings a follower to where the leader's log ended when it began. Who leads is decided elsewhere.

import type { Arena } from "../../kernel/arena.ts";
import type { ClusterNodes } from "./clusterNodes.ts";
import type { PartitionLogs } from "./log.ts";
import { SlowFetches } from "./slowFetches.ts";

/** Codes of the timers of this mechanism. */
export const replicaWakes = { fetched: 34, slowlyFetched: 35, slowLag: 36 } as const;

/** What is given about replicas and never changes. */
export interface ReplicaPlan {
  readonly nodes: number;
  /** Nodes that hold a replica, per partition, preferred leader first. */
  readonly replicas: readonly (readonly number[])[];
  /** Time a follower needs for one fetch [ns]. */
  readonly fetchNs: number;
  /** Time after which a leader drops a follower that does not fetch from the in-sync replicas [ns]. */
  readonly lagNs: number;
}

/** What the owner does about changes of replicas. */
export interface ReplicaOwner {
  now(): number;
  schedule(delayNs: number, code: number, a: number, b: number): void;
  /** Entries from … to have become readable. */
  onReadable(partition: number, from: number, to: number): void;
  note(partition: number, sentence: string): void;
}

/** Replicas of all partitions of a cluster. */
export class Replicas {
  /** Node that leads a partition; -1 without. */
  readonly leader: Int32Array;
  /** Set of nodes in sync, a bit per node. */
  readonly isr: Int32Array;
  /** Per node: 1 while the running process takes part. */
  readonly serving: Int32Array;
  #nodes: ClusterNodes;
  #plan: ReplicaPlan;
  #logs: PartitionLogs;
  #owner: ReplicaOwner;
  /** End of each replica's log: partition × nodes + node. */
  #replicaEnd: Float64Array;
  /** Log end that a running fetch of the followers will reach; -1 when none runs. */
  #fetchTarget: Float64Array;
  #fetchNumber: Int32Array;
  #slowFetches: SlowFetches;

  constructor(
    base: { readonly arena: Arena; readonly name: string; readonly plan: ReplicaPlan },
    parts: { readonly logs: PartitionLogs; readonly nodes: ClusterNodes },
    owner: ReplicaOwner,
  ) {
    const { arena, name, plan } = base;
    const partitions = plan.replicas.length;
    this.#plan = plan;
    this.#logs = parts.logs;
    this.#nodes = parts.nodes;
    this.#owner = owner;
    this.leader = arena.int32(`${name}.leader`, partitions).data;
    this.isr = arena.int32(`${name}.isr`, partitions).data;
    this.serving = arena.int32(`${name}.serving`, plan.nodes).data;
    this.#replicaEnd = arena.float64(`${name}.replicaEnd`, partitions * plan.nodes).data;
    this.#fetchTarget = arena.float64(`${name}.fetchTarget`, partitions).data;
    this.#fetchNumber = arena.int32(`${name}.fetchNumber`, partitions).data;
    this.#slowFetches = new SlowFetches(arena, name, { partitions, nodes: plan.nodes });
    this.serving.fill(1, 0, plan.nodes);
    this.#fetchTarget.fill(-1, 0, partitions);
    plan.replicas.forEach((replicas, partition) => {
      this.leader[partition] = replicas[0] ?? -1;
      this.isr[partition] = replicas.reduce((set, node) => set | (1 << node), 0);
    });
  }

  /** A timer of this mechanism has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === replicaWakes.fetched) this.#fetched(a, b);
    else if (code === replicaWakes.slowlyFetched) this.#slowlyFetched(a, b);
    else this.#dropSlow(a, b);
  }

  /** Where the log of a replica ends. */
  endAt(partition: number, node: number): number {
    return this.#replicaEnd[partition * this.#plan.nodes + node]!;
  }

  /** Whoever has more than the new leader cuts its log, at the latest when it comes back. */
  cut(partition: number, end: number): void {
    for (const node of this.#plan.replicas[partition]!) {
      const cell = partition * this.#plan.nodes + node;
      if (this.#replicaEnd[cell]! > end) this.#replicaEnd[cell] = end;
    }
  }

  /** Begins all fetches of a node and from a node again, because it is faster or slower now. */
  fetchAnew(node: number): void {
    for (let partition = 0; partition < this.#plan.replicas.length; partition++) {
      if (!this.#plan.replicas[partition]!.includes(node)) continue;
      if (this.leader[partition] === node) this.stopFetch(partition);
      else this.#slowFetches.cancel(partition, node);
      this.fetch(partition);
    }
  }

  /** Whether the leader of a partition answers. */
  isAvailable(partition: number): boolean {
    const leader = this.leader[partition]!;
    return leader >= 0 && this.serving[leader] === 1;
  }

  /** How many times as long as usual it takes what the leader of a partition does. */
  slowness(partition: number): number {
    return this.#nodes.hasSlow() ? this.#nodes.slowness(this.leader[partition]!) : 1;
  }

  /** Number of replicas in sync. */
  inSync(partition: number): number {
    let count = 0;
    for (let set = this.isr[partition]!; set !== 0; set &= set - 1) count++;
    return count;
  }

  /** The leader's log has grown. */
  appended(partition: number): void {
    const leader = this.leader[partition]!;
    this.#replicaEnd[partition * this.#plan.nodes + leader] = this.#logs.end[partition]!;
    this.advance(partition);
    this.fetch(partition);
  }

  /** Starts the followers' next fetch if one of them is behind or has to rejoin. */
  fetch(partition: number): void {
    const hasSlow = this.#nodes.hasSlow();
    if (this.#fetchTarget[partition]! >= 0 && !hasSlow) return;
    const leader = this.leader[partition]!;
    if (!this.isAvailable(partition) || this.#nodes.isIsolated(leader)) return;
    const end = this.#logs.end[partition]!;
    const inSync = this.isr[partition]!;
    let isDue = false;
    for (const node of this.#plan.replicas[partition]!) {
      if (node === leader || !this.#canFollow(node)) continue;
      const isBehind = this.#replicaEnd[partition * this.#plan.nodes + node]! < end;
      if (!isBehind && (inSync & (1 << node)) !== 0) continue;
      if (hasSlow && this.#slownessBetween(leader, node) !== 1) this.#fetchSlowly(partition, node);
      else isDue = true;
    }
    if (!isDue || this.#fetchTarget[partition]! >= 0) return;
    this.#fetchTarget[partition] = end;
    const number = ++this.#fetchNumber[partition]!;
    this.#owner.schedule(this.#plan.fetchNs, replicaWakes.fetched, partition, number);
  }

  #canFollow(node: number): boolean {
    return this.serving[node] === 1 && !this.#nodes.isIsolated(node);
  }

  #slownessBetween(leader: number, follower: number): number {
    return Math.max(this.#nodes.slowness(leader), this.#nodes.slowness(follower));
  }

  #fetchSlowly(partition: number, node: number): void {
    const cell = partition * this.#plan.nodes + node;
    const number = this.#slowFetches.begin(cell, this.#logs.end[partition]!);
    if (number < 0) return;
    const factor = this.#slownessBetween(this.leader[partition]!, node);
    const takesNs = Math.round(this.#plan.fetchNs * factor);
    this.#owner.schedule(takesNs, replicaWakes.slowlyFetched, cell, number);
    const lagNs = Math.round(this.nextLagCheckNs() - this.#owner.now());
    if (takesNs > lagNs) this.#owner.schedule(lagNs, replicaWakes.slowLag, cell, number);
  }

  /** No follower fetches any more what a leader has. */
  stopFetch(partition: number): void {
    this.#fetchTarget[partition] = -1;
    this.#fetchNumber[partition]!++;
    for (const node of this.#plan.replicas[partition]!) this.#slowFetches.cancel(partition, node);
  }

  /** A node fetches nothing any more. */
  stopFollowing(node: number): void {
    for (let partition = 0; partition < this.#plan.replicas.length; partition++)
      this.#slowFetches.cancel(partition, node);
  }

  #fetched(partition: number, number: number): void {
    if (this.#fetchNumber[partition] !== number) return;
    const target = this.#fetchTarget[partition]!;
    const leader = this.leader[partition]!;
    const hasSlow = this.#nodes.hasSlow();
    this.#fetchTarget[partition] = -1;
    for (const node of this.#plan.replicas[partition]!) {
      if (node === leader || !this.#canFollow(node)) continue;
      if (hasSlow && this.#slownessBetween(leader, node) !== 1) continue;
      this.#reach(partition, node, target);
    }
    this.advance(partition);
    this.fetch(partition);
  }

  #slowlyFetched(cell: number, number: number): void {
    const fetch = this.#slowFetches.end(cell, number);
    if (fetch === undefined) return;
    const { partition, node, target } = fetch;
    this.#reach(partition, node, target);
    this.advance(partition);
    this.fetch(partition);
  }

  #dropSlow(cell: number, number: number): void {
    if (!this.#slowFetches.isUnderWay(cell, number)) return;
    this.drop(Math.floor(cell / this.#plan.nodes), cell % this.#plan.nodes);
  }

  /** A follower has the leader's log up to `target`; with all that can be read it is in sync. */
  #reach(partition: number, node: number, target: number): void {
    const cell = partition * this.#plan.nodes + node;
    if (this.#replicaEnd[cell]! < target) this.#replicaEnd[cell] = target;
    const isKnown = (this.isr[partition]! & (1 << node)) !== 0;
    const isThere = this.#replicaEnd[cell]! >= this.#logs.highWatermark[partition]!;
    if (isKnown || !isThere || !this.#nodes.hasQuorum()) return;
    this.isr[partition]! |= 1 << node;
    this.#owner.note(partition, `node ${node} caught up and is in sync again`);
  }

  /** Raises the high watermark to what every in-sync replica has. A leader that is cut off cannot change who they are. */
  advance(partition: number): void {
    if (!this.isAvailable(partition)) return;
    let low = this.#logs.end[partition]!;
    const inSync = this.isr[partition]!;
    for (const node of this.#plan.replicas[partition]!) {
      if ((inSync & (1 << node)) === 0) continue;
      low = Math.min(low, this.#replicaEnd[partition * this.#plan.nodes + node]!);
    }
    const from = this.#logs.highWatermark[partition]!;
    if (low <= from) return;
    this.#logs.highWatermark[partition] = low;
    this.#owner.onReadable(partition, from, low);
  }

  /** The leader takes a follower that lags out of the in-sync replicas, if the controllers let it. */
  drop(partition: number, node: number): void {
    const isAlone = this.#nodes.isIsolated(this.leader[partition]!) || !this.#nodes.hasQuorum();
    if (isAlone || !this.isAvailable(partition) || this.leader[partition] === node) return;
    this.shrink(partition, node);
    this.advance(partition);
  }

  /** When a leader finds that a follower lags which stops fetching now [ns]: it looks at every half of the permitted
   *  time. */
  nextLagCheckNs(): number {
    const { lagNs } = this.#plan;
    return Math.ceil((this.#owner.now() + lagNs) / (lagNs / 2)) * (lagNs / 2);
  }

  /** Takes a node out of the in-sync set, unless it is the last one. */
  shrink(partition: number, node: number): void {
    const set = this.isr[partition]!;
    const rest = set & ~(1 << node);
    if (rest === set || rest === 0) return;
    this.isr[partition] = rest;
    this.#owner.note(
      partition,
      `node ${node} left the in-sync replicas, ${this.inSync(partition)} remain`,
    );
  }
}
