// Leaders, followers and in-sync replicas of all partitions, and the controller that fences dead nodes and
// elects leaders. Followers pull: each fetch brings a follower to where the leader's log ended when it began.

import type { Arena } from "../../kernel/arena.ts";
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
  readonly leader: Int32Array;
  /** Set of nodes in sync, a bit per node. */
  readonly isr: Int32Array;
  #plan: ReplicationPlan;
  #logs: PartitionLogs;
  #owner: ReplicationOwner;
  /** End of each replica's log: partition × nodes + node. */
  #replicaEnd: Float64Array;
  /** Log end that a running fetch of the followers will reach; -1 when none runs. */
  #fetchTarget: Float64Array;
  #fetchNumber: Int32Array;
  /** Per node: the process runs · the controller believes it alive · the running process takes part. */
  #running: Int32Array;
  #registered: Int32Array;
  #serving: Int32Array;
  #session: Int32Array;
  #registeredNs: Float64Array;

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
    this.leader = arena.int32(`${name}.leader`, partitions).data;
    this.isr = arena.int32(`${name}.isr`, partitions).data;
    this.#replicaEnd = arena.float64(`${name}.replicaEnd`, partitions * plan.nodes).data;
    this.#fetchTarget = arena.float64(`${name}.fetchTarget`, partitions).data;
    this.#fetchNumber = arena.int32(`${name}.fetchNumber`, partitions).data;
    this.#running = arena.int32(`${name}.running`, plan.nodes).data;
    this.#registered = arena.int32(`${name}.registered`, plan.nodes).data;
    this.#serving = arena.int32(`${name}.serving`, plan.nodes).data;
    this.#session = arena.int32(`${name}.session`, plan.nodes).data;
    this.#registeredNs = arena.float64(`${name}.registeredNs`, plan.nodes).data;
    this.#running.fill(1, 0, plan.nodes);
    this.#registered.fill(1, 0, plan.nodes);
    this.#serving.fill(1, 0, plan.nodes);
    this.#fetchTarget.fill(-1, 0, partitions);
    plan.replicas.forEach((replicas, partition) => {
      this.leader[partition] = replicas[0] ?? -1;
      this.isr[partition] = replicas.reduce((set, node) => set | (1 << node), 0);
    });
  }

  /** Whether the leader of a partition answers. */
  isAvailable(partition: number): boolean {
    const leader = this.leader[partition]!;
    return leader >= 0 && this.#serving[leader] === 1;
  }

  /** Whether a node's process runs. */
  isRunning(node: number): boolean {
    return this.#running[node] === 1;
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
    this.#advance(partition);
    this.#fetch(partition);
  }

  /** A process dies. The controller learns of it when the session runs out. */
  crash(node: number): void {
    if (this.#running[node] === 0) return;
    this.#running[node] = 0;
    if (this.#serving[node] === 0) return;
    this.#serving[node] = 0;
    const { sessionNs, heartbeatNs, lagNs } = this.#plan;
    const now = this.#owner.now();
    const started = this.#registeredNs[node]!;
    const beat = started + Math.floor((now - started) / heartbeatNs) * heartbeatNs;
    const session = this.#session[node]!;
    const fenceNs = beat + sessionNs;
    this.#owner.schedule(Math.max(0, fenceNs - now), replicationWakes.fence, node, session);
    // Leaders look for followers that lag at every half of the permitted time.
    const lagCheckNs = Math.ceil((now + lagNs) / (lagNs / 2)) * (lagNs / 2);
    if (lagCheckNs < fenceNs)
      this.#owner.schedule(Math.round(lagCheckNs - now), replicationWakes.lag, node, session);
    for (let partition = 0; partition < this.#plan.replicas.length; partition++) {
      if (this.leader[partition] !== node) continue;
      this.#stopFetch(partition);
      this.#owner.onLeaderGone(partition);
    }
  }

  /** A process starts. As long as the controller believes the old one alive, it refuses the new one. */
  restart(node: number): void {
    if (this.#running[node] === 1) return;
    this.#running[node] = 1;
    if (this.#registered[node] === 0) this.#register(node);
  }

  /** A timer of this mechanism has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === replicationWakes.fetched) this.#fetched(a, b);
    else if (this.#session[a] !== b) return;
    else if (code === replicationWakes.fence) this.#fence(a);
    else this.#dropLagging(a);
  }

  /** Number of partitions that a node leads. */
  leads(node: number): number {
    let count = 0;
    for (let partition = 0; partition < this.#plan.replicas.length; partition++)
      if (this.leader[partition] === node) count++;
    return this.#serving[node] === 1 ? count : 0;
  }

  #register(node: number): void {
    this.#registered[node] = 1;
    this.#serving[node] = 1;
    this.#session[node]!++;
    this.#registeredNs[node] = this.#owner.now();
    this.#plan.replicas.forEach((replicas, partition) => {
      if (!replicas.includes(node)) return;
      if (this.leader[partition] === -1) this.#elect(partition);
      else this.#fetch(partition);
    });
  }

  #fence(node: number): void {
    this.#registered[node] = 0;
    this.#plan.replicas.forEach((replicas, partition) => {
      if (!replicas.includes(node)) return;
      this.#shrink(partition, node);
      if (this.leader[partition] === node) this.#elect(partition);
      else this.#advance(partition);
    });
    if (this.#running[node] === 1) this.#register(node);
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
    const set = this.isr[partition]!;
    const rest = set & ~(1 << node);
    if (rest === set || rest === 0) return;
    this.isr[partition] = rest;
    this.#owner.note(
      partition,
      `node ${node} left the in-sync replicas, ${this.inSync(partition)} remain`,
    );
  }

  #elect(partition: number): void {
    const replicas = this.#plan.replicas[partition]!;
    const isRegistered = (node: number) => this.#registered[node] === 1;
    const inSync = this.isr[partition]!;
    const clean = replicas.find((node) => isRegistered(node) && (inSync & (1 << node)) !== 0);
    const unclean =
      this.#plan.unclean[partition] === true ? replicas.find(isRegistered) : undefined;
    const leader = clean ?? unclean;
    this.#stopFetch(partition);
    if (leader === undefined) {
      if (this.leader[partition] !== -1)
        this.#owner.note(partition, "no leader: no in-sync replica is left");
      this.leader[partition] = -1;
      return;
    }
    this.#lead(partition, leader, clean === undefined ? "unclean" : "clean");
  }

  #lead(partition: number, node: number, election: "clean" | "unclean"): void {
    const { nodes } = this.#plan;
    const end = this.#replicaEnd[partition * nodes + node]!;
    this.leader[partition] = node;
    if (election === "unclean") this.isr[partition] = 1 << node;
    this.#owner.note(
      partition,
      `leader moved to node ${node}${election === "unclean" ? " (unclean)" : ""}`,
    );
    if (end < this.#logs.end[partition]!) this.#owner.onTruncate(partition, end);
    // Whoever comes back later first cuts its log to where it agrees with the new leader's.
    for (const other of this.#plan.replicas[partition]!) {
      const cell = partition * nodes + other;
      if (this.#replicaEnd[cell]! > end) this.#replicaEnd[cell] = end;
    }
    if (this.#serving[node] === 0) return;
    this.#advance(partition);
    this.#fetch(partition);
    this.#owner.onLeader(partition);
  }

  /** Starts the followers' next fetch if one of them is behind or has to rejoin. */
  #fetch(partition: number): void {
    if (this.#fetchTarget[partition]! >= 0 || !this.isAvailable(partition)) return;
    const leader = this.leader[partition]!;
    const end = this.#logs.end[partition]!;
    const inSync = this.isr[partition]!;
    for (const node of this.#plan.replicas[partition]!) {
      if (node === leader || this.#serving[node] === 0) continue;
      const isBehind = this.#replicaEnd[partition * this.#plan.nodes + node]! < end;
      if (!isBehind && (inSync & (1 << node)) !== 0) continue;
      this.#fetchTarget[partition] = end;
      const number = ++this.#fetchNumber[partition]!;
      this.#owner.schedule(this.#plan.fetchNs, replicationWakes.fetched, partition, number);
      return;
    }
  }

  #stopFetch(partition: number): void {
    this.#fetchTarget[partition] = -1;
    this.#fetchNumber[partition]!++;
  }

  #fetched(partition: number, number: number): void {
    if (this.#fetchNumber[partition] !== number) return;
    const target = this.#fetchTarget[partition]!;
    const leader = this.leader[partition]!;
    this.#fetchTarget[partition] = -1;
    for (const node of this.#plan.replicas[partition]!) {
      if (node === leader || this.#serving[node] === 0) continue;
      this.#replicaEnd[partition * this.#plan.nodes + node] = target;
      if ((this.isr[partition]! & (1 << node)) !== 0) continue;
      this.isr[partition]! |= 1 << node;
      this.#owner.note(partition, `node ${node} caught up and is in sync again`);
    }
    this.#advance(partition);
    this.#fetch(partition);
  }

  /** Raises the high watermark to what every in-sync replica has. */
  #advance(partition: number): void {
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
}
