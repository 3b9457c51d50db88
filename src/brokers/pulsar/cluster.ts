// Brokers and bookies: who owns which partition, when it can be used, how long a write takes. Brokers keep nothing, so a
// partition moves without any data; bookies keep everything, and too few of them stop the writes.

import { msToNs } from "../../base/units.ts";
import type { PulsarPlan } from "./plan.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of the timers of the cluster. */
export const clusterWakes = { session: 20, loaded: 21 } as const;

const NONE = -1;

/** What the owner does about changes. */
export interface ClusterOwner {
  /** Nobody serves the partition any more; clients have lost their connections. */
  onGone(partition: number): void;
  /** The partition can be used (again). */
  onOpen(partition: number): void;
  /** Offset of the next entry. */
  endOf(partition: number): number;
}

/** The nodes of one cluster: brokers first, then bookies. */
export class PulsarCluster {
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  readonly #owner: ClusterOwner;
  readonly #brokers: number;
  readonly #count: number;
  readonly #up: Int32Array;
  readonly #cutOff: Int32Array;
  readonly #factor: Float64Array;
  /** Rises whenever a node is lost, so that the end of an older session is void. */
  readonly #session: Int32Array;
  /** Not 0 for a broker that was lost and whose session has not run out: nobody else gets its topics. 2: its process has
   *  died, so that not even itself can go on with them. */
  readonly #isMissed: Int32Array;
  /** Broker that owns each partition, -1 without; 1 when it has loaded it. */
  readonly #ownerOf: Int32Array;
  readonly #isLoaded: Int32Array;
  readonly #epoch: Int32Array;
  /** Entries from this offset on are in the owner's cache. */
  readonly #cachedFrom: Float64Array;

  constructor(plan: PulsarPlan, context: BrokerContext, owner: ClusterOwner) {
    const { arena } = context;
    const { id, cluster, topicOf } = plan;
    const count = cluster.nodes + cluster.bookies;
    this.#plan = plan;
    this.#context = context;
    this.#owner = owner;
    this.#brokers = cluster.nodes;
    this.#count = count;
    this.#up = arena.int32(`${id}.nodes.up`, count).data;
    this.#cutOff = arena.int32(`${id}.nodes.cutOff`, count).data;
    this.#factor = arena.float64(`${id}.nodes.factor`, count).data;
    this.#session = arena.int32(`${id}.nodes.session`, count).data;
    this.#isMissed = arena.int32(`${id}.nodes.isMissed`, count).data;
    this.#ownerOf = arena.int32(`${id}.owner`, topicOf.length).data;
    this.#isLoaded = arena.int32(`${id}.isLoaded`, topicOf.length).data;
    this.#epoch = arena.int32(`${id}.epoch`, topicOf.length).data;
    this.#cachedFrom = arena.float64(`${id}.cachedFrom`, topicOf.length).data;
    this.#up.fill(1, 0, count);
    this.#factor.fill(1, 0, count);
    this.#isLoaded.fill(1, 0, topicOf.length);
    topicOf.forEach((_, partition) => {
      this.#ownerOf[partition] = partition % this.#brokers;
    });
  }

  /** What each node is doing; the topics of a bookie are nobody's in particular. */
  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    const owned = this.#plan.topicOf.map((_, partition) => this.#ownerOf[partition]!);
    return Array.from({ length: this.#count }, (_, node) => ({
      up: this.#up[node] === 1,
      leads: owned.filter((owner, partition) => owner === node && this.isOpen(partition)).length,
    }));
  }

  /** Whether somebody serves the partition. */
  isOpen(partition: number): boolean {
    const owner = this.#ownerOf[partition]!;
    if (owner === NONE || this.#isLoaded[partition] === 0) return false;
    return this.#isReachable(owner) && this.#isMissed[owner] === 0;
  }

  /** Whether entries can be written: a ledger needs a whole ensemble of bookies. */
  canWrite(partition: number): boolean {
    return !this.#plan.topics[this.#plan.topicOf[partition]!]!.isPersistent || this.#hasEnsemble();
  }

  /** Whether an entry can be read: from the owner's cache, or because at least one bookie that has it must live. */
  canRead(partition: number, offset: number): boolean {
    if (offset >= this.#cachedFrom[partition]!) return true;
    const dead = this.#plan.cluster.bookies - this.#liveBookies();
    return dead < this.#plan.cluster.managedLedgerDefaultWriteQuorum;
  }

  /** Until enough bookies have an entry [ns]; `number` counts the entries of the partition. */
  writeNs(partition: number, number: number): number {
    const { cluster, topics, topicOf } = this.#plan;
    if (!topics[topicOf[partition]!]!.isPersistent) return 0;
    const factor = this.#factor[this.#ownerOf[partition]!] ?? 1;
    return Math.round(
      msToNs(cluster.bookieWriteMs) * factor * this.#quorumFactor(partition, number),
    );
  }

  /** How many times as long as usual the owner takes for what it sends. */
  slowness(partition: number): number {
    const owner = this.#ownerOf[partition]!;
    return owner === NONE ? 1 : this.#factor[owner]!;
  }

  /** Why nothing can be written or delivered; "" when it can. */
  standstill(partition: number): string {
    const owner = this.#ownerOf[partition]!;
    if (owner === NONE) return "no broker is there to serve it";
    if (!this.#isReachable(owner) || this.#isMissed[owner] !== 0)
      return `its owner, broker ${owner}, is gone; its session has not run out yet`;
    if (this.#isLoaded[partition] === 1) return "";
    return this.canOpen(partition)
      ? `broker ${owner} is loading it`
      : "too few bookies to recover the old ledger and open another";
  }

  crash(node: number): void {
    if (node >= this.#count || this.#up[node] === 0) return;
    const wasThere = this.#isReachable(node);
    this.#up[node] = 0;
    if (wasThere) this.#lose(node);
    if (this.#isMissed[node] === 1) this.#isMissed[node] = 2;
  }

  restart(node: number): void {
    if (node >= this.#count || this.#up[node] === 1) return;
    this.#up[node] = 1;
    if (this.#isReachable(node)) this.#regain(node);
  }

  /** Cuts a node off from everything, or ends that. */
  isolate(node: number, isolated: boolean): void {
    if (node >= this.#count || (this.#cutOff[node] === 1) === isolated) return;
    const wasThere = this.#isReachable(node);
    this.#cutOff[node] = isolated ? 1 : 0;
    if (wasThere) this.#lose(node);
    else if (this.#isReachable(node)) {
      // A broker that is back in time has kept its session, and with it its topics.
      if (node < this.#brokers && this.#isMissed[node] === 1) this.#keep(node);
      this.#regain(node);
    }
  }

  slow(node: number, factor: number): void {
    if (node < this.#count) this.#factor[node] = factor;
  }

  /** A timer of the cluster has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === clusterWakes.session) {
      if (this.#session[a] === b) this.#endSession(a);
    } else if (this.#epoch[a] === b) this.#finishLoading(a);
  }

  /** Whether a new owner can close the old ledger and open its own. */
  canOpen(partition: number): boolean {
    const { isPersistent } = this.#plan.topics[this.#plan.topicOf[partition]!]!;
    const dead = this.#plan.cluster.bookies - this.#liveBookies();
    const canRecover = dead < this.#plan.cluster.managedLedgerDefaultAckQuorum;
    return !isPersistent || (canRecover && this.canWrite(partition));
  }

  #isReachable(node: number): boolean {
    return this.#up[node] === 1 && this.#cutOff[node] === 0;
  }

  #liveBookies(): number {
    let live = 0;
    for (let node = this.#brokers; node < this.#count; node++) if (this.#isReachable(node)) live++;
    return live;
  }

  /** The slowness of the bookie that completes the quorum. An entry goes to `Qw` bookies of the ensemble, each entry
   *  beginning one further; the ensemble is the first that live, each partition beginning one further. */
  #quorumFactor(partition: number, number: number): number {
    const { cluster } = this.#plan;
    const { managedLedgerDefaultWriteQuorum: copies, managedLedgerDefaultAckQuorum: needed } =
      cluster;
    const size = Math.max(1, cluster.managedLedgerDefaultEnsembleSize);
    let slow = 0;
    const factors: number[] = [];
    for (let i = 0; i < cluster.bookies && factors.length < size; i++) {
      const node = this.#brokers + ((partition + i) % cluster.bookies);
      if (!this.#isReachable(node)) continue;
      factors.push(this.#factor[node]!);
      if (this.#factor[node] !== 1) slow++;
    }
    if (slow === 0) return 1;
    const chosen = Array.from(
      { length: Math.min(copies, factors.length) },
      (_, i) => factors[(number + i) % factors.length]!,
    ).sort((a, b) => a - b);
    return chosen[Math.min(needed, chosen.length) - 1] ?? 1;
  }

  #lose(node: number): void {
    if (node >= this.#brokers) {
      const rest = this.#hasEnsemble()
        ? "ledgers go on with others"
        : "too few are left for an ensemble, nothing can be written";
      this.#note(`bookie ${node - this.#brokers} is gone; ${rest}`);
      return;
    }
    const session = ++this.#session[node]!;
    this.#isMissed[node] = 1;
    const sessionNs = msToNs(this.#plan.cluster.metadataStoreSessionTimeoutMillis);
    this.#context.schedule(sessionNs, clusterWakes.session, node, session);
    for (let partition = 0; partition < this.#plan.topicOf.length; partition++)
      if (this.#ownerOf[partition] === node) this.#owner.onGone(partition);
  }

  #hasEnsemble(): boolean {
    return this.#liveBookies() >= this.#plan.cluster.managedLedgerDefaultEnsembleSize;
  }

  #regain(node: number): void {
    for (let partition = 0; partition < this.#plan.topicOf.length; partition++) {
      if (node < this.#brokers && this.#ownerOf[partition] === NONE) this.#assign(partition);
      if (node < this.#brokers) continue;
      // Another bookie: what could not be opened is tried again, what could not be read may be there.
      if (this.#isLoaded[partition] === 0) this.#finishLoading(partition);
      else if (this.isOpen(partition)) this.#owner.onOpen(partition);
    }
  }

  /** A broker was cut off for less than its session: it goes on with its topics. */
  #keep(node: number): void {
    this.#session[node]!++;
    this.#isMissed[node] = 0;
    for (let partition = 0; partition < this.#plan.topicOf.length; partition++) {
      if (this.#ownerOf[partition] !== node) continue;
      // It may have been cut off while it was loading.
      if (this.#isLoaded[partition] === 0) this.#finishLoading(partition);
      else if (this.isOpen(partition)) this.#owner.onOpen(partition);
    }
  }

  #endSession(node: number): void {
    this.#isMissed[node] = 0;
    let moved = 0;
    for (let partition = 0; partition < this.#plan.topicOf.length; partition++) {
      const owner = this.#ownerOf[partition]!;
      if (owner !== node && owner !== NONE) continue;
      this.#assign(partition);
      moved++;
    }
    if (moved > 0) this.#note(`broker ${node} is taken for dead; ${moved} topics move to others`);
  }

  /** Gives a partition to the broker with the fewest that can be reached. */
  #assign(partition: number): void {
    const owned = Array<number>(this.#brokers).fill(0);
    for (let other = 0; other < this.#plan.topicOf.length; other++) {
      const owner = this.#ownerOf[other]!;
      if (owner !== NONE && other !== partition) owned[owner]!++;
    }
    let best = NONE;
    for (let node = 0; node < this.#brokers; node++) {
      const mayOwn = this.#isReachable(node) && this.#isMissed[node] === 0;
      if (mayOwn && (best === NONE || owned[node]! < owned[best]!)) best = node;
    }
    this.#ownerOf[partition] = best;
    this.#isLoaded[partition] = 0;
    const epoch = ++this.#epoch[partition]!;
    if (best === NONE) return;
    const loadNs = Math.round(msToNs(this.#plan.cluster.topicLoadMs) * this.#factor[best]!);
    this.#context.schedule(loadNs, clusterWakes.loaded, partition, epoch);
  }

  #finishLoading(partition: number): void {
    const owner = this.#ownerOf[partition]!;
    if (owner === NONE || !this.#isReachable(owner) || !this.canOpen(partition)) return;
    this.#isLoaded[partition] = 1;
    this.#cachedFrom[partition] = this.#owner.endOf(partition);
    this.#owner.onOpen(partition);
  }

  #note(sentence: string): void {
    this.#context.note(this.#plan.id, sentence);
  }
}
