// The nodes of a RabbitMQ cluster and who leads which queue. Raft is reduced to two rules: a queue works while it has a
// leader and more than half of its members are up, and a new leader takes one election time.

import type { Int32Column } from "../../kernel/arena.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer that ends an election: queue, term. */
export const ELECT = 8;

const NO_LEADER = -1;

const standstills = ["", "node-down", "no-majority", "electing"] as const;

/** Why a queue does nothing. */
type Standstill = (typeof standstills)[number];

/** The nodes of one cluster. */
export class Cluster {
  #settings: Settings;
  #context: BrokerContext;
  #up: Int32Column;
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

  /** Whether any node is up, so that clients can connect. */
  anyUp(): boolean {
    return this.countUp() > 0;
  }

  countUp(): number {
    let count = 0;
    for (let node = 0; node < this.#settings.nodes; node++) count += this.#up.data[node]!;
    return count;
  }

  /** Number of a queue's members that are up. */
  membersUp(queue: number): number {
    const { members } = this.#settings.queues[queue]!;
    let count = 0;
    for (const member of members) count += this.#up.data[member]!;
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
    if (!quorum) return this.#up.data[members[0]!] === 1 ? "" : "node-down";
    if (2 * this.membersUp(queue) <= members.length) return "no-majority";
    return this.#leader.data[queue] === NO_LEADER ? "electing" : "";
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
    this.#settings.queues.forEach((queue, at) => {
      if (!queue.quorum || !queue.members.includes(node)) return;
      if (this.#leader.data[at] === NO_LEADER) this.#callElection(at);
    });
    this.#refresh();
  }

  /** An election ends. True when the queue has a leader now. */
  elect(queue: number, term: number): boolean {
    if (this.#term.data[queue] !== term || this.#leader.data[queue] !== NO_LEADER) return false;
    const { members, name, id } = this.#settings.queues[queue]!;
    if (2 * this.membersUp(queue) <= members.length) return false;
    const leader = members.find((member) => this.isUp(member)) ?? NO_LEADER;
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
