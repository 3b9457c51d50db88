// The controller of a cluster, which fences nodes it does not hear of and elects leaders. What followers have is in
// replicas.ts. A leader that is cut off goes on leading for clients that reach it, also when another has been elected.

import type { Arena } from "../../kernel/arena.ts";
import { ClusterNodes } from "./clusterNodes.ts";
import type { PartitionLogs } from "./log.ts";
import { type ReplicaOwner, type ReplicaPlan, Replicas, replicaWakes } from "./replicas.ts";

/** Codes of the timers of this mechanism and of replicas; the owner hands them to `wake`. */
export const replicationWakes = { fence: 32, lag: 33, ...replicaWakes } as const;

/** What replication needs to know that never changes. */
export interface ReplicationPlan extends ReplicaPlan {
  /** So many of the first nodes are controllers too; 0: the controllers are elsewhere and always there. */
  readonly voters: number;
  /** Whether a partition may be led by a replica that is not in sync. */
  readonly unclean: readonly boolean[];
  /** Time without heartbeat after which the controller fences a node [ns]. */
  readonly sessionNs: number;
  readonly heartbeatNs: number;
}

/** What the owner does about changes. */
export interface ReplicationOwner extends ReplicaOwner {
  /** The leader can no longer be reached. */
  onLeaderGone(partition: number): void;
  /** There is a leader that can be reached. */
  onLeader(partition: number): void;
  /** Somebody else leads than a node that is cut off and does not know (see `stale`). */
  onSplit(partition: number): void;
  /** The old leader knows now that it is none. */
  onSplitOver(partition: number): void;
  /** The log will be cut to `end`: what is behind is lost with the old leader. */
  onTruncate(partition: number, end: number): void;
  noteCluster(sentence: string): void;
}

/** The controller of a cluster: sessions of nodes, elections, and who believes what. */
export class Replication {
  readonly replicas: Replicas;
  /** Node that still believes it leads, cut off, although another has been elected; -1 without. */
  readonly stale: Int32Array;
  /** When that other was elected [ns]. */
  readonly splitNs: Float64Array;
  #nodes: ClusterNodes;
  #plan: ReplicationPlan;
  #logs: PartitionLogs;
  #owner: ReplicationOwner;
  /** Whether the controllers had a majority when that was looked at last, in its only cell. */
  #quorum: Int32Array;
  /** Per node: the controller believes it alive. */
  #registered: Int32Array;
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
    this.#nodes = new ClusterNodes(arena, name, plan);
    this.replicas = new Replicas(base, { logs, nodes: this.#nodes }, owner);
    this.stale = arena.int32(`${name}.stale`, partitions).data;
    this.splitNs = arena.float64(`${name}.splitNs`, partitions).data;
    this.stale.fill(-1, 0, partitions);
    this.#quorum = arena.int32(`${name}.quorum`, 1).data;
    this.#quorum[0] = 1;
    this.#registered = arena.int32(`${name}.registered`, plan.nodes).data;
    this.#session = arena.int32(`${name}.session`, plan.nodes).data;
    this.#registeredNs = arena.float64(`${name}.registeredNs`, plan.nodes).data;
    this.#registered.fill(1, 0, plan.nodes);
  }

  /** Whether a node's process runs. */
  isRunning(node: number): boolean {
    return this.#nodes.isRunning(node);
  }

  /** A process dies. The controller learns of it when the session runs out. */
  crash(node: number): void {
    if (!this.#nodes.run(node, false)) return;
    if (this.replicas.serving[node] === 1) {
      this.replicas.serving[node] = 0;
      if (!this.#nodes.isIsolated(node)) this.#missHeartbeats(node);
      this.replicas.stopFollowing(node);
      this.#endSplits(node);
      for (let partition = 0; partition < this.#plan.replicas.length; partition++) {
        if (this.replicas.leader[partition] !== node) continue;
        this.replicas.stopFetch(partition);
        this.#owner.onLeaderGone(partition);
      }
    }
    this.#countVotes();
  }

  /** A process starts. As long as the controller believes the old one alive, it refuses the new one. */
  restart(node: number): void {
    if (!this.#nodes.run(node, true)) return;
    if (this.#registered[node] === 0) this.#register(node);
    this.#countVotes();
  }

  /** A node is cut off from the others, or reachable again. Its leadership is taken away as from a dead one, but it
   *  does not know that, and its log goes a way of its own until it is back. */
  isolate(node: number, isolated: boolean): void {
    if (!this.#nodes.isolate(node, isolated)) return;
    if (isolated) this.#cutOff(node);
    else this.#reconnect(node);
    this.#countVotes();
  }

  /** What a node does takes so many times as long: its fetches, fetches from it, and its answers. */
  slow(node: number, factor: number): void {
    this.#nodes.slow(node, factor);
    this.replicas.fetchAnew(node);
  }

  /** A timer of this mechanism has fired. */
  wake(code: number, a: number, b: number): void {
    if (code >= replicaWakes.fetched) this.replicas.wake(code, a, b);
    else if (this.#session[a] !== b) return;
    else if (code === replicationWakes.fence) this.#fence(a);
    else this.#dropLagging(a);
  }

  /** Number of partitions that a node leads. */
  leads(node: number): number {
    let count = 0;
    for (let partition = 0; partition < this.#plan.replicas.length; partition++)
      if (this.replicas.leader[partition] === node) count++;
    return this.replicas.serving[node] === 1 ? count : 0;
  }

  /** The controller hears nothing of a node any more: fences it when its session runs out. */
  #missHeartbeats(node: number): void {
    const { sessionNs, heartbeatNs } = this.#plan;
    const now = this.#owner.now();
    const started = this.#registeredNs[node]!;
    const beat = started + Math.floor((now - started) / heartbeatNs) * heartbeatNs;
    const session = this.#session[node]!;
    const fenceNs = beat + sessionNs;
    this.#owner.schedule(Math.max(0, fenceNs - now), replicationWakes.fence, node, session);
    const lagCheckNs = this.replicas.nextLagCheckNs();
    if (lagCheckNs < fenceNs)
      this.#owner.schedule(Math.round(lagCheckNs - now), replicationWakes.lag, node, session);
  }

  #cutOff(node: number): void {
    if (this.#registered[node] === 1 && this.replicas.serving[node] === 1)
      this.#missHeartbeats(node);
    this.replicas.stopFollowing(node);
    for (let partition = 0; partition < this.#plan.replicas.length; partition++)
      if (this.replicas.leader[partition] === node) this.replicas.stopFetch(partition);
  }

  #reconnect(node: number): void {
    this.#endSplits(node);
    if (!this.#nodes.isRunning(node)) return;
    if (this.#registered[node] === 0) this.#register(node);
    else if (this.replicas.serving[node] === 1) {
      // Heartbeats arrive again before the session has run out.
      this.#session[node]!++;
      this.#takePart(node);
    }
  }

  /** A node that believed it leads knows that it does not. */
  #endSplits(node: number): void {
    for (let partition = 0; partition < this.#plan.replicas.length; partition++) {
      if (this.stale[partition] !== node) continue;
      this.stale[partition] = -1;
      this.#owner.onSplitOver(partition);
    }
  }

  #register(node: number): void {
    if (!this.#nodes.isInTouch(node) || !this.#nodes.hasQuorum()) return;
    this.#registered[node] = 1;
    this.replicas.serving[node] = 1;
    this.#session[node]!++;
    this.#registeredNs[node] = this.#owner.now();
    this.#takePart(node);
  }

  #takePart(node: number): void {
    this.#plan.replicas.forEach((replicas, partition) => {
      if (!replicas.includes(node)) return;
      if (!this.#hasLeader(partition)) {
        this.#elect(partition);
        return;
      }
      this.replicas.fetch(partition);
      // One that died while it was cut off was never replaced where nobody else has the log.
      if (this.replicas.leader[partition] === node) this.#owner.onLeader(partition);
    });
  }

  /** Whether the leader of a partition is one by the controller's book, and not only because it is cut off. */
  #hasLeader(partition: number): boolean {
    const leader = this.replicas.leader[partition]!;
    if (leader === -1 || this.#registered[leader] === 0) return false;
    return (this.replicas.isr[partition]! & (1 << leader)) !== 0;
  }

  #fence(node: number): void {
    // Without a majority nobody can write down that the node is gone; a new controller begins with new sessions.
    if (!this.#nodes.hasQuorum()) return;
    this.#registered[node] = 0;
    this.#plan.replicas.forEach((replicas, partition) => {
      if (!replicas.includes(node)) return;
      this.replicas.shrink(partition, node);
      if (this.replicas.leader[partition] === node) this.#elect(partition);
      else this.replicas.advance(partition);
    });
    this.#register(node);
  }

  #dropLagging(node: number): void {
    this.#plan.replicas.forEach((replicas, partition) => {
      if (replicas.includes(node)) this.replicas.drop(partition, node);
    });
  }

  /** Sees whether the controllers have lost their majority, or have it again. */
  #countVotes(): void {
    const has = this.#nodes.hasQuorum();
    if (has === (this.#quorum[0] === 1)) return;
    this.#quorum[0] = Number(has);
    this.#owner.noteCluster(
      has
        ? "the controllers have a majority again"
        : "the controllers have lost their majority: leaders go on, but no leader, in-sync replica or node can change",
    );
    if (!has) return;
    for (let node = 0; node < this.#plan.nodes; node++) {
      if (this.#nodes.isInTouch(node) && this.#registered[node] === 0) this.#register(node);
      if (this.#registered[node] === 0) continue;
      const isHeard = this.#nodes.isInTouch(node) && this.replicas.serving[node] === 1;
      const session = ++this.#session[node]!;
      if (isHeard) this.#registeredNs[node] = this.#owner.now();
      else this.#owner.schedule(this.#plan.sessionNs, replicationWakes.fence, node, session);
    }
  }

  #elect(partition: number): void {
    const replicas = this.#plan.replicas[partition]!;
    if (!this.#nodes.hasQuorum()) return;
    // A node that is cut off and not fenced yet would not hear of it.
    const isRegistered = (node: number) =>
      this.#registered[node] === 1 && !this.#nodes.isIsolated(node);
    const inSync = this.replicas.isr[partition]!;
    const clean = replicas.find((node) => isRegistered(node) && (inSync & (1 << node)) !== 0);
    const unclean =
      this.#plan.unclean[partition] === true ? replicas.find(isRegistered) : undefined;
    const leader = clean ?? unclean;
    this.replicas.stopFetch(partition);
    const old = this.replicas.leader[partition]!;
    const isCutOff = old !== -1 && this.#nodes.isRunning(old) && this.#nodes.isIsolated(old);
    if (leader === undefined) {
      // A leader that is cut off goes on where nobody can take over.
      if (isCutOff && this.replicas.serving[old] === 1) return;
      if (old !== -1) this.#owner.note(partition, "no leader: no in-sync replica is left");
      this.replicas.leader[partition] = -1;
      return;
    }
    if (isCutOff && this.replicas.serving[old] === 1) {
      this.stale[partition] = old;
      this.splitNs[partition] = this.#owner.now();
    }
    this.#lead(partition, leader, clean === undefined ? "unclean" : "clean");
    if (this.stale[partition] === old && old !== -1) this.#owner.onSplit(partition);
  }

  #lead(partition: number, node: number, election: "clean" | "unclean"): void {
    const end = this.replicas.endAt(partition, node);
    this.replicas.leader[partition] = node;
    if (election === "unclean") this.replicas.isr[partition] = 1 << node;
    this.#owner.note(
      partition,
      `leader moved to node ${node}${election === "unclean" ? " (unclean)" : ""}`,
    );
    if (end < this.#logs.end[partition]!) this.#owner.onTruncate(partition, end);
    this.replicas.cut(partition, end);
    if (this.replicas.serving[node] === 0) return;
    this.replicas.advance(partition);
    this.replicas.fetch(partition);
    this.#owner.onLeader(partition);
  }
}
