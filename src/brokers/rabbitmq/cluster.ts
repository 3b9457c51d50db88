// The nodes of a RabbitMQ cluster and who leads which queue. Raft is reduced to two rules: a queue works while it has a
// leader and more than half of its members are in touch, and a new leader takes one election time. A node that is cut off
// runs on, and nobody knows until it is noticed: by Raft after some seconds, by the cluster after net_ticktime.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of timers: an election ends, a leader that is cut off is noticed (queue, term); the cluster takes a node that is
 *  cut off for dead (node, how often it was cut off). */
export const ELECT = 8;
export const SUSPECT = 11;
export const PARTED = 12;

const NO_LEADER = -1;

const standstills = ["", "node-down", "no-majority", "electing", "unreachable"] as const;

/** Why a queue does nothing. */
type Standstill = (typeof standstills)[number];

/** The nodes of one cluster. */
export class Cluster {
  #settings: Settings;
  #context: BrokerContext;
  #up: Int32Column;
  /** Per node: 1 while it is cut off; how often it was; 1 when the cluster takes it for dead; 1 while it has paused. */
  #isolated: Int32Column;
  #cuts: Int32Column;
  #parted: Int32Column;
  #paused: Int32Column;
  /** Per node: how many times as long everything takes. */
  #slowness: Float64Column;
  /** Cell 0: 1 once any node was slow; asked per message. */
  #everSlow: Int32Column;
  #leader: Int32Column;
  /** Rises with every loss of a leader, so that an election of before is void. */
  #term: Int32Column;
  /** Position in `standstills`, derived from the columns above; asked several times per message. */
  #standstill: Int32Column;

  constructor(settings: Settings, context: BrokerContext) {
    this.#settings = settings;
    this.#context = context;
    const { arena } = context;
    this.#up = arena.int32(`${settings.id}.up`, settings.nodes);
    this.#up.data.fill(1, 0, settings.nodes);
    this.#isolated = arena.int32(`${settings.id}.isolated`, settings.nodes);
    this.#cuts = arena.int32(`${settings.id}.cuts`, settings.nodes);
    this.#parted = arena.int32(`${settings.id}.parted`, settings.nodes);
    this.#paused = arena.int32(`${settings.id}.paused`, settings.nodes);
    this.#slowness = arena.float64(`${settings.id}.slowness`, settings.nodes);
    this.#slowness.data.fill(1, 0, settings.nodes);
    this.#everSlow = arena.int32(`${settings.id}.everSlow`, 1);
    this.#leader = arena.int32(`${settings.id}.leader`, settings.queues.length);
    this.#term = arena.int32(`${settings.id}.term`, settings.queues.length);
    this.#standstill = arena.int32(`${settings.id}.standstill`, settings.queues.length);
    settings.queues.forEach((queue, at) => {
      this.#leader.data[at] = queue.members[0]!;
    });
  }

  isUp(node: number): boolean {
    return this.#up.data[node] === 1;
  }

  isIsolated(node: number): boolean {
    return this.#isolated.data[node] === 1;
  }

  /** Whether clients and other nodes reach a node, and it serves. */
  isInTouch(node: number): boolean {
    return this.isUp(node) && this.#isolated.data[node] === 0 && this.#paused.data[node] === 0;
  }

  /** Whether any node can be connected to. */
  anyInTouch(): boolean {
    return this.#countInTouch() > 0;
  }

  #countInTouch(): number {
    let count = 0;
    for (let node = 0; node < this.#settings.nodes; node++) if (this.isInTouch(node)) count++;
    return count;
  }

  /** Number of a queue's members that are in touch. */
  membersInTouch(queue: number): number {
    const { members } = this.#settings.queues[queue]!;
    let count = 0;
    for (const member of members) if (this.isInTouch(member)) count++;
    return count;
  }

  /** Why a queue does nothing; "" when it works. */
  standstill(queue: number): Standstill {
    return standstills[this.#standstill.data[queue]!]!;
  }

  /** Whether a queue does anything at all. */
  works(queue: number): boolean {
    return this.#standstill.data[queue] === 0;
  }

  #why(queue: number): Standstill {
    const { quorum, members } = this.#settings.queues[queue]!;
    if (!quorum) return this.#whyClassic(members[0]!);
    if (2 * this.membersInTouch(queue) <= members.length) return "no-majority";
    const leader = this.#leader.data[queue]!;
    if (leader === NO_LEADER) return "electing";
    return this.isInTouch(leader) ? "" : "unreachable";
  }

  /** Nobody answers for a node that is cut off, until the cluster takes it for dead. */
  #whyClassic(node: number): Standstill {
    if (this.isInTouch(node)) return "";
    const isSilent = this.isUp(node) && this.#parted.data[node] === 0;
    return isSilent && this.#paused.data[node] === 0 ? "unreachable" : "node-down";
  }

  /** Number of queues that a node leads. */
  leads(node: number): number {
    let count = 0;
    for (let queue = 0; queue < this.#settings.queues.length; queue++)
      if (this.#leader.data[queue] === node && this.isUp(node)) count++;
    return count;
  }

  /** A node dies; the leaders of quorum queues on it are gone. */
  crash(node: number): void {
    this.#up.data[node] = 0;
    this.#settings.queues.forEach((queue, at) => {
      if (!queue.quorum || this.#leader.data[at] !== node) return;
      this.#leader.data[at] = NO_LEADER;
      this.#term.data[at]!++;
      this.#callElection(at);
    });
    this.#refresh();
  }

  /** A node comes back. */
  restart(node: number): void {
    this.#up.data[node] = 1;
    this.#electMissing();
    this.#refresh();
  }

  /** A node is cut off. */
  isolate(node: number): void {
    this.#isolated.data[node] = 1;
    this.#cuts.data[node]! += 1;
    const cut = this.#cuts.data[node]!;
    this.#settings.queues.forEach((queue, at) => {
      if (queue.quorum && this.#leader.data[at] === node)
        this.#context.schedule(this.#settings.suspicionNs, SUSPECT, at, this.#term.data[at]!);
    });
    this.#context.schedule(this.#settings.netTicktimeNs, PARTED, node, cut);
    this.#refresh();
  }

  /** A node is in touch again, and with it those that have paused. True when the cluster had taken it for dead. */
  rejoin(node: number): boolean {
    this.#isolated.data[node] = 0;
    const wasParted = this.#parted.data[node] === 1;
    this.#parted.data[node] = 0;
    for (let other = 0; other < this.#settings.nodes; other++)
      if (this.#isolated.data[other] === 0) this.#paused.data[other] = 0;
    this.#electMissing();
    this.#refresh();
    return wasParted;
  }

  /** A leader may have been cut off for too long: the others elect another one. */
  suspect(queue: number, term: number): void {
    const leader = this.#leader.data[queue]!;
    if (this.#term.data[queue] !== term || leader === NO_LEADER || this.isInTouch(leader)) return;
    this.#leader.data[queue] = NO_LEADER;
    this.#term.data[queue] = term + 1;
    this.#callElection(queue);
    this.#refresh();
  }

  /** The cluster takes a node for dead that is still cut off. The nodes that stop serving for it: those outside of a
   *  majority, if they are set to pause. Undefined when the node is back. */
  part(node: number, cut: number): readonly number[] | undefined {
    if (this.#isolated.data[node] === 0 || this.#cuts.data[node] !== cut) return undefined;
    this.#parted.data[node] = 1;
    const paused: number[] = [];
    if (this.#settings.partitionHandling === "pause_minority") {
      const isMinority = 2 * this.#countInTouch() <= this.#settings.nodes;
      for (let other = 0; other < this.#settings.nodes; other++)
        if (this.isUp(other) && (other === node || isMinority)) paused.push(other);
      for (const other of paused) this.#paused.data[other] = 1;
    }
    this.#refresh();
    return paused;
  }

  /** Everything that a node does takes so many times as long. */
  slow(node: number, factor: number): void {
    this.#slowness.data[node] = factor;
    this.#everSlow.data[0] = 1;
  }

  /** Whether any node was ever slow: asked before `slowness`. */
  wasSlow(): boolean {
    return this.#everSlow.data[0] === 1;
  }

  /** How many times as long a queue takes, which is how slow its leader is. */
  slowness(queue: number): number {
    const { quorum, members } = this.#settings.queues[queue]!;
    const node = quorum ? this.#leader.data[queue]! : members[0]!;
    return this.#slowness.data[node] ?? 1;
  }

  #electMissing(): void {
    this.#settings.queues.forEach((queue, at) => {
      if (queue.quorum && this.#leader.data[at] === NO_LEADER) this.#callElection(at);
    });
  }

  /** An election ends. True when the queue has a leader now. */
  elect(queue: number, term: number): boolean {
    if (this.#term.data[queue] !== term || this.#leader.data[queue] !== NO_LEADER) return false;
    const { members, name, id } = this.#settings.queues[queue]!;
    if (2 * this.membersInTouch(queue) <= members.length) return false;
    const leader = members.find((member) => this.isInTouch(member)) ?? NO_LEADER;
    this.#leader.data[queue] = leader;
    this.#refresh();
    this.#context.note(id, `queue ${name}: node ${leader} is the leader now`);
    return true;
  }

  #refresh(): void {
    for (let queue = 0; queue < this.#settings.queues.length; queue++)
      this.#standstill.data[queue] = standstills.indexOf(this.#why(queue));
  }

  #callElection(queue: number): void {
    const term = this.#term.data[queue]!;
    this.#context.schedule(this.#settings.electionNs, ELECT, queue, term);
  }
}
