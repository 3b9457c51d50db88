// Leaders, followers and in-sync replicas of all partitions, and the controller that fences dead nodes and
// elects leaders. Followers pull: each fetch brings a follower to where the leader's log ended when it began.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { PartitionLogs } from "./log.ts";

/** Codes of the timers of this mechanism; the owner hands them to `wake`. */
export const replicationWakes = { fence: 32, lag: 33, fetched: 34 } as const;

/** What replication needs to know that never changes. */
export interface ReplicationPlan {
  readonly nodes: number;
  /** Nodes that hold a replica, per partition, preferred leader first. */
  readonly replicas: readonly (readonly number[])[];
  /** Whether a partition may be led by a replica that is not in sync. */
  readonly unclean: readonly boolean[];
  /** Time without heartbeat after which the controller fences a node [ns]. */
  readonly sessionNs: number;
  readonly heartbeatNs: number;
  /** Time a follower needs for one fetch [ns]. */
  readonly fetchNs: number;
  /** Time after which a leader drops a follower that does not fetch from the in-sync replicas [ns]. */
  readonly lagNs: number;
}

/** What the owner does about changes. */
export interface ReplicationOwner {
  now(): number;
  schedule(delayNs: number, code: number, a: number, b: number): void;
  /** Entries from … to have become readable. */
  onReadable(partition: number, from: number, to: number): void;
  /** The leader can no longer be reached. */
  onLeaderGone(partition: number): void;
  /** There is a leader that can be reached. */
  onLeader(partition: number): void;
  /** The log will be cut to `end`: what is behind is lost with the old leader. */
  onTruncate(partition: number, end: number): void;
  note(partition: number, sentence: string): void;
}

/** Replication of all partitions of a cluster. */
export class Replication {
  /** Node that leads a partition, as the controller has announced it; -1 without. */
  readonly leader: Int32Column;
  /** Set of nodes in sync, a bit per node. */
  readonly isr: Int32Column;
  #plan: ReplicationPlan;
  #logs: PartitionLogs;
  #owner: ReplicationOwner;
  /** End of each replica's log: partition × nodes + node. */
  #replicaEnd: Float64Column;
  /** Log end that a running fetch of the followers will reach; -1 when none runs. */
  #fetchTarget: Float64Column;
  #fetchNumber: Int32Column;
  /** Per node: the process runs · the controller believes it alive · the running process takes part. */
  #running: Int32Column;
  #registered: Int32Column;
  #serving: Int32Column;
  #session: Int32Column;
  #registeredNs: Float64Column;

  constructor(
    base: { readonly arena: Arena; readonly name: string; readonly plan: ReplicationPlan },
    logs: PartitionLogs,
    owner: ReplicationOwner,
  ) {
    const { arena, name, plan } = base;
    const partitions = plan.replicas.length;
    this.#plan = plan;
    this.#logs = logs;
    this.#owner = owner;
    this.leader = arena.int32(`${name}.leader`, partitions);
    this.isr = arena.int32(`${name}.isr`, partitions);
    this.#replicaEnd = arena.float64(`${name}.replicaEnd`, partitions * plan.nodes);
    this.#fetchTarget = arena.float64(`${name}.fetchTarget`, partitions);
    this.#fetchNumber = arena.int32(`${name}.fetchNumber`, partitions);
    this.#running = arena.int32(`${name}.running`, plan.nodes);
    this.#registered = arena.int32(`${name}.registered`, plan.nodes);
    this.#serving = arena.int32(`${name}.serving`, plan.nodes);
    this.#session = arena.int32(`${name}.session`, plan.nodes);
    this.#registeredNs = arena.float64(`${name}.registeredNs`, plan.nodes);
    this.#running.data.fill(1, 0, plan.nodes);
    this.#registered.data.fill(1, 0, plan.nodes);
    this.#serving.data.fill(1, 0, plan.nodes);
    this.#fetchTarget.data.fill(-1, 0, partitions);
    plan.replicas.forEach((replicas, partition) => {
      this.leader.data[partition] = replicas[0] ?? -1;
      this.isr.data[partition] = replicas.reduce((set, node) => set | (1 << node), 0);
    });
  }

  /** Whether the leader of a partition answers. */
  isAvailable(partition: number): boolean {
    const leader = this.leader.data[partition]!;
    return leader >= 0 && this.#serving.data[leader] === 1;
  }

  /** Whether a node's process runs. */
  isRunning(node: number): boolean {
    return this.#running.data[node] === 1;
  }

  /** Number of replicas in sync. */
  inSync(partition: number): number {
    let count = 0;
    for (let set = this.isr.data[partition]!; set !== 0; set &= set - 1) count++;
    return count;
  }

  /** The leader's log has grown. */
  appended(partition: number): void {
    const leader = this.leader.data[partition]!;
    this.#replicaEnd.data[partition * this.#plan.nodes + leader] = this.#logs.end.data[partition]!;
    this.#advance(partition);
    this.#fetch(partition);
  }

  /** A process dies. The controller learns of it when the session runs out. */
  crash(node: number): void {
    if (this.#running.data[node] === 0) return;
    this.#running.data[node] = 0;
    if (this.#serving.data[node] === 0) return;
    this.#serving.data[node] = 0;
    const { sessionNs, heartbeatNs, lagNs } = this.#plan;
    const now = this.#owner.now();
    const started = this.#registeredNs.data[node]!;
    const beat = started + Math.floor((now - started) / heartbeatNs) * heartbeatNs;
    const session = this.#session.data[node]!;
    const fenceNs = beat + sessionNs;
    this.#owner.schedule(Math.max(0, fenceNs - now), replicationWakes.fence, node, session);
    // Leaders look for followers that lag at every half of the permitted time.
    const lagCheckNs = Math.ceil((now + lagNs) / (lagNs / 2)) * (lagNs / 2);
    if (lagCheckNs < fenceNs)
      this.#owner.schedule(Math.round(lagCheckNs - now), replicationWakes.lag, node, session);
    for (let partition = 0; partition < this.#plan.replicas.length; partition++) {
      if (this.leader.data[partition] !== node) continue;
      this.#stopFetch(partition);
      this.#owner.onLeaderGone(partition);
    }
  }

  /** A process starts. As long as the controller believes the old one alive, it refuses the new one. */
  restart(node: number): void {
    if (this.#running.data[node] === 1) return;
    this.#running.data[node] = 1;
    if (this.#registered.data[node] === 0) this.#register(node);
  }

  /** A timer of this mechanism has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === replicationWakes.fetched) this.#fetched(a, b);
    else if (this.#session.data[a] !== b) return;
    else if (code === replicationWakes.fence) this.#fence(a);
    else this.#dropLagging(a);
  }

  /** Number of partitions that a node leads. */
  leads(node: number): number {
    let count = 0;
    for (let partition = 0; partition < this.#plan.replicas.length; partition++)
      if (this.leader.data[partition] === node) count++;
    return this.#serving.data[node] === 1 ? count : 0;
  }

  #register(node: number): void {
    this.#registered.data[node] = 1;
    this.#serving.data[node] = 1;
    this.#session.data[node]!++;
    this.#registeredNs.data[node] = this.#owner.now();
    this.#plan.replicas.forEach((replicas, partition) => {
      if (!replicas.includes(node)) return;
      if (this.leader.data[partition] === -1) this.#elect(partition);
      else this.#fetch(partition);
    });
  }

  #fence(node: number): void {
    this.#registered.data[node] = 0;
    this.#plan.replicas.forEach((replicas, partition) => {
      if (!replicas.includes(node)) return;
      this.#shrink(partition, node);
      if (this.leader.data[partition] === node) this.#elect(partition);
      else this.#advance(partition);
    });
    if (this.#running.data[node] === 1) this.#register(node);
  }

  #dropLagging(node: number): void {
    this.#plan.replicas.forEach((replicas, partition) => {
      if (!replicas.includes(node) || !this.isAvailable(partition)) return;
      this.#shrink(partition, node);
      this.#advance(partition);
    });
  }

  /** Takes a node out of the in-sync set, unless it is the last one. */
  #shrink(partition: number, node: number): void {
    const set = this.isr.data[partition]!;
    const rest = set & ~(1 << node);
    if (rest === set || rest === 0) return;
    this.isr.data[partition] = rest;
    this.#owner.note(
      partition,
      `node ${node} left the in-sync replicas, ${this.inSync(partition)} remain`,
    );
  }

  #elect(partition: number): void {
    const replicas = this.#plan.replicas[partition]!;
    const isRegistered = (node: number) => this.#registered.data[node] === 1;
    const inSync = this.isr.data[partition]!;
    const clean = replicas.find((node) => isRegistered(node) && (inSync & (1 << node)) !== 0);
    const unclean =
      this.#plan.unclean[partition] === true ? replicas.find(isRegistered) : undefined;
    const leader = clean ?? unclean;
    this.#stopFetch(partition);
    if (leader === undefined) {
      if (this.leader.data[partition] !== -1)
        this.#owner.note(partition, "no leader: no in-sync replica is left");
      this.leader.data[partition] = -1;
      return;
    }
    this.#lead(partition, leader, clean === undefined ? "unclean" : "clean");
  }

  #lead(partition: number, node: number, election: "clean" | "unclean"): void {
    const { nodes } = this.#plan;
    const end = this.#replicaEnd.data[partition * nodes + node]!;
    this.leader.data[partition] = node;
    if (election === "unclean") this.isr.data[partition] = 1 << node;
    this.#owner.note(
      partition,
      `leader moved to node ${node}${election === "unclean" ? " (unclean)" : ""}`,
    );
    if (end < this.#logs.end.data[partition]!) this.#owner.onTruncate(partition, end);
    // Whoever comes back later first cuts its log to where it agrees with the new leader's.
    for (const other of this.#plan.replicas[partition]!) {
      const cell = partition * nodes + other;
      if (this.#replicaEnd.data[cell]! > end) this.#replicaEnd.data[cell] = end;
    }
    if (this.#serving.data[node] === 0) return;
    this.#advance(partition);
    this.#fetch(partition);
    this.#owner.onLeader(partition);
  }

  /** Starts the followers' next fetch if one of them is behind or has to rejoin. */
  #fetch(partition: number): void {
    if (this.#fetchTarget.data[partition]! >= 0 || !this.isAvailable(partition)) return;
    const leader = this.leader.data[partition]!;
    const end = this.#logs.end.data[partition]!;
    const inSync = this.isr.data[partition]!;
    for (const node of this.#plan.replicas[partition]!) {
      if (node === leader || this.#serving.data[node] === 0) continue;
      const isBehind = this.#replicaEnd.data[partition * this.#plan.nodes + node]! < end;
      if (!isBehind && (inSync & (1 << node)) !== 0) continue;
      this.#fetchTarget.data[partition] = end;
      const number = ++this.#fetchNumber.data[partition]!;
      this.#owner.schedule(this.#plan.fetchNs, replicationWakes.fetched, partition, number);
      return;
    }
  }

  #stopFetch(partition: number): void {
    this.#fetchTarget.data[partition] = -1;
    this.#fetchNumber.data[partition]!++;
  }

  #fetched(partition: number, number: number): void {
    if (this.#fetchNumber.data[partition] !== number) return;
    const target = this.#fetchTarget.data[partition]!;
    const leader = this.leader.data[partition]!;
    this.#fetchTarget.data[partition] = -1;
    for (const node of this.#plan.replicas[partition]!) {
      if (node === leader || this.#serving.data[node] === 0) continue;
      this.#replicaEnd.data[partition * this.#plan.nodes + node] = target;
      if ((this.isr.data[partition]! & (1 << node)) !== 0) continue;
      this.isr.data[partition]! |= 1 << node;
      this.#owner.note(partition, `node ${node} caught up and is in sync again`);
    }
    this.#advance(partition);
    this.#fetch(partition);
  }

  /** Raises the high watermark to what every in-sync replica has. */
  #advance(partition: number): void {
    if (!this.isAvailable(partition)) return;
    let low = this.#logs.end.data[partition]!;
    const inSync = this.isr.data[partition]!;
    for (const node of this.#plan.replicas[partition]!) {
      if ((inSync & (1 << node)) === 0) continue;
      low = Math.min(low, this.#replicaEnd.data[partition * this.#plan.nodes + node]!);
    }
    const from = this.#logs.highWatermark.data[partition]!;
    if (low <= from) return;
    this.#logs.highWatermark.data[partition] = low;
    this.#owner.onReadable(partition, from, low);
  }
}
