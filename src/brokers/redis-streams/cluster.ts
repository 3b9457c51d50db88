// The primary and its replicas: who serves, how far behind a replica is, what is on disk, and what a failover or a restart
// brings back. Knows no streams: it names the moment up to which everything is kept.

import type { Settings } from "./settings.ts";
import { toNs } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer that ends a failover: term. */
export const FAILOVER = 8;

const SECOND_NS = 1e9;
const NONE = -1;

// Integers.
const PRIMARY = 0;
const SERVES = 1;
const TERM = 2;
const DIRTY = 3;
const INTEGERS = 4;

// Doubles.
const SAVED_NS = 0;
const WRITTEN_NS = 1;
/** What the primary finds on its disk when it starts again. */
const ON_DISK_NS = 2;
const DOUBLES = 3;

/** What the owner does about it. */
export interface ClusterOwner {
  /** What happened after a moment [ns] is lost; -1: everything is. */
  onLost(afterNs: number, reason: string): void;
  /** A primary is there again. */
  onServing(): void;
}

/** The nodes of one Redis; each is the primary or a replica of it. */
export class RedisNodes {
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #owner: ClusterOwner;
  readonly #up: Int32Array;
  readonly #isolated: Int32Array;
  readonly #factor: Float64Array;
  /** Per node that does not follow: the moment up to which it has everything [ns]. */
  readonly #has: Float64Array;
  readonly #follows: Int32Array;
  readonly #silentSince: Float64Array;
  readonly #integers: Int32Array;
  readonly #doubles: Float64Array;

  constructor(settings: Settings, context: BrokerContext, owner: ClusterOwner) {
    this.#settings = settings;
    this.#context = context;
    this.#owner = owner;
    const { arena } = context;
    const { id, nodes } = settings;
    this.#up = arena.int32(`${id}.up`, nodes).data;
    this.#isolated = arena.int32(`${id}.isolated`, nodes).data;
    this.#factor = arena.float64(`${id}.factor`, nodes).data;
    this.#has = arena.float64(`${id}.has`, nodes).data;
    this.#follows = arena.int32(`${id}.follows`, nodes).data;
    this.#silentSince = arena.float64(`${id}.silentSince`, nodes).data;
    this.#integers = arena.int32(`${id}.primary`, INTEGERS).data;
    this.#doubles = arena.float64(`${id}.disk`, DOUBLES).data;
    this.#up.fill(1, 0, nodes);
    this.#factor.fill(1, 0, nodes);
    this.#follows.fill(1, 1, nodes);
    this.#integers[SERVES] = 1;
  }

  /** Whether clients reach a primary. */
  serves(): boolean {
    return this.#integers[SERVES] === 1;
  }

  /** The node that is the primary, or was it last. */
  primary(): number {
    return this.#integers[PRIMARY]!;
  }

  /** Rises whenever clients lose their connection. */
  term(): number {
    return this.#integers[TERM]!;
  }

  isUp(node: number): boolean {
    return this.#up[node] === 1;
  }

  /** How many times as long as usual the primary takes. */
  slowness(): number {
    return this.#factor[this.primary()]!;
  }

  /** Why XADD is refused; "" when it is not. */
  refusal(): string {
    const wanted = this.#settings.cluster["min-replicas-to-write"];
    if (wanted === 0) return "";
    const maxLagNs = toNs(this.#settings.cluster["min-replicas-max-lag"]);
    let count = 0;
    for (let node = 0; node < this.#settings.nodes; node++)
      if (this.#countsAsReplica(node, maxLagNs)) count++;
    return count < wanted ? "NOREPLICAS" : "";
  }

  /** Time until so many replicas have told the primary that they have a write [ns]; Infinity when they are too few. */
  waitNs(replicas: number): number {
    const delays: number[] = [];
    for (let node = 0; node < this.#settings.nodes; node++)
      if (this.#follows[node] === 1) delays.push(2 * this.#delayNs(node));
    return delays.toSorted((a, b) => a - b)[replicas - 1] ?? Infinity;
  }

  /** Something was written: counts towards the next snapshot. */
  wrote(): void {
    if (this.#settings.saves.length === 0) return;
    this.#saveWhenDue();
    this.#integers[DIRTY]!++;
    this.#doubles[WRITTEN_NS] = this.#context.now();
    this.#saveWhenDue();
  }

  /** What happened up to here can no longer be undone by any failure that is modelled [ns]. */
  safeNs(): number {
    let safeNs = this.#diskNs();
    // Nothing comes back at all, so there is nothing to undo.
    if (safeNs < 0) safeNs = this.#context.now();
    for (let node = 0; node < this.#settings.nodes; node++)
      if (node !== this.primary()) safeNs = Math.min(safeNs, this.#hasNs(node));
    return safeNs;
  }

  /** Time after which all replicas have what the primary has now [ns]; Infinity when that cannot be told. */
  catchUpNs(): number {
    const { cluster, nodes } = this.#settings;
    const hasGrain = cluster.crash === "power" && cluster.appendfsync !== "always";
    if (!this.serves() || (cluster.appendonly ? hasGrain : this.#settings.saves.length > 0))
      return Infinity;
    let longestNs = 1;
    for (let node = 0; node < nodes; node++) {
      if (node === this.primary()) continue;
      if (this.#follows[node] === 0) return Infinity;
      longestNs = Math.max(longestNs, this.#delayNs(node));
    }
    return longestNs;
  }

  crash(node: number): void {
    if (!this.isUp(node)) return;
    if (node === this.primary()) {
      this.#doubles[ON_DISK_NS] = this.#diskNs();
      this.#silence();
    } else this.#stopFollowing(node);
    this.#up[node] = 0;
  }

  restart(node: number): void {
    if (this.isUp(node)) return;
    this.#up[node] = 1;
    if (node === this.primary()) {
      const keptNs = this.#doubles[ON_DISK_NS]!;
      // Its replicas copy what it has now, even if that is nothing.
      this.#owner.onLost(keptNs, `lost with node ${node}: not yet on disk`);
      for (let other = 0; other < this.#settings.nodes; other++)
        if (this.#has[other]! > keptNs) this.#has[other] = keptNs;
      if (keptNs < 0)
        this.#context.note(
          this.#settings.id,
          `node ${node} starts empty: it keeps nothing on disk`,
        );
      if (this.#isolated[node] === 0) this.#serve();
    } else this.#back(node);
  }

  /** Cuts a node off or connects it again. */
  isolate(node: number, isolated: boolean): void {
    if ((this.#isolated[node] === 1) === isolated) return;
    this.#isolated[node] = isolated ? 1 : 0;
    if (!this.isUp(node)) return;
    if (node === this.primary()) {
      if (isolated) this.#silence();
      else this.#serve();
    } else if (isolated) this.#stopFollowing(node);
    else this.#back(node);
  }

  slow(node: number, factor: number): void {
    this.#factor[node] = factor;
  }

  /** A failover has come to its end, unless it was overtaken. */
  wake(term: number): void {
    if (this.serves() || term !== this.term()) return;
    let best = NONE;
    for (let node = 0; node < this.#settings.nodes; node++) {
      if (node === this.primary() || !this.#isThere(node)) continue;
      if (best === NONE || this.#has[node]! > this.#has[best]!) best = node;
    }
    if (best === NONE) {
      this.#context.note(this.#settings.id, "Sentinel finds no replica to promote");
      return;
    }
    this.#integers[PRIMARY] = best;
    this.#context.note(this.#settings.id, `node ${best} is the primary now`);
    this.#owner.onLost(this.#has[best]!, `lost at failover: node ${best} did not have it yet`);
    this.#serve();
  }

  /** Nobody answers clients any more. */
  #silence(): void {
    if (!this.serves()) return;
    const { cluster, nodes } = this.#settings;
    for (let node = 0; node < nodes; node++) this.#stopFollowing(node);
    this.#integers[SERVES] = 0;
    this.#integers[TERM]!++;
    this.#callFailover(toNs(cluster["down-after-milliseconds"] + cluster.failover));
  }

  #serve(): void {
    const nowNs = this.#context.now();
    this.#integers[SERVES] = 1;
    this.#integers[TERM]!++;
    this.#doubles[SAVED_NS] = nowNs;
    this.#integers[DIRTY] = 0;
    this.#follows[this.primary()] = 0;
    for (let node = 0; node < this.#settings.nodes; node++)
      if (node !== this.primary() && this.#isThere(node)) this.#follows[node] = 1;
    this.#owner.onServing();
  }

  /** A replica is there again. */
  #back(node: number): void {
    if (this.serves()) this.#follows[node] = 1;
    else this.#callFailover(toNs(this.#settings.cluster.failover));
  }

  #callFailover(delayNs: number): void {
    const { cluster, nodes } = this.#settings;
    if (cluster.sentinel && nodes > 1) this.#context.schedule(delayNs, FAILOVER, this.term(), 0);
  }

  #stopFollowing(node: number): void {
    if (this.#follows[node] === 0) return;
    this.#has[node] = this.#hasNs(node);
    this.#silentSince[node] = this.#context.now();
    this.#follows[node] = 0;
  }

  #hasNs(node: number): number {
    if (this.#follows[node] === 0) return this.#has[node]!;
    return Math.max(this.#has[node]!, this.#context.now() - this.#delayNs(node));
  }

  #delayNs(node: number): number {
    const slowest = Math.max(this.#factor[node]!, this.#factor[this.primary()]!);
    return Math.round(toNs(this.#settings.cluster.replication_delay) * slowest);
  }

  #isThere(node: number): boolean {
    return this.isUp(node) && this.#isolated[node] === 0;
  }

  #countsAsReplica(node: number, maxLagNs: number): boolean {
    if (this.#follows[node] === 1) return this.#delayNs(node) <= maxLagNs;
    // Cut off, it is missed only after a while; dead, its connection is closed at once.
    const isSilent = node !== this.primary() && this.isUp(node);
    return isSilent && this.#context.now() - this.#silentSince[node]! <= maxLagNs;
  }

  /** Up to when everything is on the primary's disk [ns]; -1: nothing is. */
  #diskNs(): number {
    const { cluster, saves } = this.#settings;
    const nowNs = this.#context.now();
    if (cluster.appendonly) {
      if (cluster.crash === "process" || cluster.appendfsync === "always") return nowNs;
      const everyNs = cluster.appendfsync === "everysec" ? SECOND_NS : 30 * SECOND_NS;
      return nowNs - (nowNs % everyNs);
    }
    if (saves.length === 0) return NONE;
    this.#saveWhenDue();
    return this.#doubles[SAVED_NS]!;
  }

  /** Redis looks ten times a second whether a snapshot is due; here it is made at the moment itself. */
  #saveWhenDue(): void {
    const nowNs = this.#context.now();
    const dirty = this.#integers[DIRTY]!;
    let atNs = Infinity;
    for (const { ns, changes } of this.#settings.saves) {
      const dueNs = Math.max(this.#doubles[SAVED_NS]! + ns, this.#doubles[WRITTEN_NS]!);
      if (dirty >= changes && dueNs <= nowNs) atNs = Math.min(atNs, dueNs);
    }
    if (atNs === Infinity) return;
    this.#doubles[SAVED_NS] = atNs;
    this.#integers[DIRTY] = 0;
  }
}
