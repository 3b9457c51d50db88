// Groups that rebalance without standing still: cooperative rounds of the classic protocol (KIP-429), in which members go on
// with what they keep, and the consumer protocol (KIP-848), in which the coordinator decides at once and each member
// follows with its heartbeats, by itself. Members let go and take only between two polls.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { GroupOwner, GroupProtocol, MemberSettings } from "./groupOwner.ts";
import { type Members, memberStates } from "./members.ts";

/** Codes of the timers of this mechanism; the first of them is the least. */
export const incrementalWakes = {
  hear: 56,
  timeout: 57,
  synced: 58,
  ready: 59,
  resumed: 60,
} as const;

const NONE = -1;

// Phases of a group with the cooperative protocol.
const STABLE = 0;
const PREPARING = 1;
const SYNCING = 2;

/** What is known of groups elsewhere. */
interface Around {
  readonly clients: readonly MemberSettings[];
  /** Members of a group in the order of their ids. */
  list(group: number): number[];
  /** A member is one no longer. */
  expel(member: number, reason: string): void;
}

/** Time until the next heartbeat of a member that joined so long ago [ns]. */
export function untilHeartbeatNs({ heartbeatNs }: MemberSettings, sinceNs: number): number {
  return heartbeatNs - (sinceNs % heartbeatNs);
}

/** The groups of a broker that rebalance incrementally. */
export class IncrementalGroups {
  readonly #members: Members;
  readonly #owner: GroupOwner;
  readonly #around: Around;
  readonly #protocols: readonly (GroupProtocol | undefined)[];
  readonly #initialDelayNs: number;
  readonly #phase: Int32Array;
  /** Number of the round, or of the target that the coordinator has decided on. */
  readonly #generation: Int32Array;
  readonly #readyNs: Float64Array;
  /** Per member: 1 when it has joined the present round; 1 when it has to follow the last one at its next poll. */
  readonly #hasJoined: Int32Column;
  readonly #mustFollow: Int32Column;

  constructor(
    base: { readonly arena: Arena; readonly name: string; readonly initialDelayNs: number },
    members: Members,
    owner: GroupOwner,
    around: Around,
  ) {
    const { arena, name } = base;
    this.#members = members;
    this.#owner = owner;
    this.#around = around;
    this.#initialDelayNs = base.initialDelayNs;
    const groups = 1 + Math.max(NONE, ...around.clients.map(({ group }) => group));
    this.#protocols = Array.from(
      { length: groups },
      (_, number) => around.clients.find(({ group }) => group === number)?.protocol,
    );
    this.#phase = arena.int32(`${name}.incremental.phase`, groups).data;
    this.#generation = arena.int32(`${name}.incremental.generation`, groups).data;
    const readyNs: Float64Column = arena.float64(`${name}.incremental.readyNs`, groups);
    this.#readyNs = readyNs.data;
    this.#hasJoined = arena.int32(`${name}.incremental.hasJoined`);
    this.#mustFollow = arena.int32(`${name}.incremental.mustFollow`);
  }

  /** Whether a group rebalances incrementally. */
  has(group: number): boolean {
    return this.#protocols[group] !== "eager";
  }

  /** Who is there at time 0 has its partitions at once. */
  start(group: number, members: readonly number[]): void {
    for (const member of members) this.#know(member);
    this.#owner.onTarget(group, members);
    for (const member of members) this.#take(member);
  }

  /** A member has come to a group, which may have been empty. */
  entered(member: number, wasEmpty: boolean): void {
    this.#know(member);
    const group = this.#settingsOf(member).group;
    const isCooperative = this.#protocols[group] === "cooperative";
    if (wasEmpty && isCooperative) this.#readyNs[group] = this.#owner.now() + this.#initialDelayNs;
    this.#hasJoined.data[member] = 1;
    this.change(group);
    if (!wasEmpty || !isCooperative) return;
    const generation = this.#generation[group]!;
    this.#owner.schedule(this.#initialDelayNs, incrementalWakes.ready, group, generation);
  }

  /** The members of a group are no longer the same. */
  change(group: number): void {
    if (this.#protocols[group] === "server") this.#retarget(group);
    else this.#beginRound(group);
  }

  /** The same instance is back: what it is to have it takes again, and the group does not notice. */
  revived(member: number): void {
    const { group, latencyNs } = this.#settingsOf(member);
    this.#hasJoined.data[member] = 1;
    this.#mustFollow.data[member] = 0;
    if (this.#phase[group] === PREPARING) this.#complete(group);
    else if (this.#phase[group] === STABLE) {
      const step = this.#members.step.data[member]!;
      this.#owner.schedule(2 * latencyNs, incrementalWakes.resumed, member, step);
    }
  }

  /** The last member has left. */
  emptied(group: number): void {
    this.#phase[group] = STABLE;
    this.#generation[group]!++;
  }

  /** A member that has something to do for its group is between two polls. */
  atPoll(member: number): void {
    this.#members.mustRejoin.data[member] = 0;
    const { group } = this.#settingsOf(member);
    this.#members.enter(member, memberStates.idle);
    if (this.#protocols[group] === "server") this.#follow(member);
    else {
      if (this.#mustFollow.data[member] === 1) this.#follow(member);
      if (this.#phase[group] === PREPARING) this.#join(member);
    }
    if (this.#members.state.data[member] === memberStates.idle) this.#owner.onResume(member);
  }

  /** A timer of this mechanism has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === incrementalWakes.hear) this.#hear(a, b);
    else if (code === incrementalWakes.resumed) {
      if (this.#members.step.data[a] === b) this.#take(a);
    } else if (this.#generation[a] !== b) return;
    else if (code === incrementalWakes.synced) this.#synced(a);
    else if (code === incrementalWakes.ready) this.#complete(a);
    else this.#giveUp(a);
  }

  #know(member: number): void {
    for (const column of [this.#hasJoined, this.#mustFollow]) {
      while (column.length <= member) column.push(0);
      column.data[member] = 0;
    }
  }

  /** A member has heard of a change with its heartbeat. */
  #hear(member: number, generation: number): void {
    if (!this.#members.rows.isLive(member) || this.#members.inGroup.data[member] === 0) return;
    const { group } = this.#settingsOf(member);
    if (this.#generation[group] !== generation) return;
    const isServer = this.#protocols[group] === "server";
    if (!isServer && this.#phase[group] !== PREPARING) return;
    const state = this.#members.state.data[member];
    if (state === memberStates.gone) return;
    if (state === memberStates.busy || state === memberStates.committing)
      this.#members.mustRejoin.data[member] = 1;
    else if (isServer) this.#follow(member);
    else this.#join(member);
  }

  /** Lets go of what it is not to have, and takes what it is to have. Who lets go asks for another round; to whom the
   *  coordinator still owes something asks again with its next heartbeat. */
  #follow(member: number): void {
    this.#mustFollow.data[member] = 0;
    const { group } = this.#settingsOf(member);
    const given = this.#owner.onGiveUp(member);
    const missing = this.#take(member);
    if (this.#protocols[group] === "server") {
      if (missing > 0) this.#hearLater(member);
    } else if (given > 0) {
      if (this.#phase[group] !== PREPARING) this.#beginRound(group);
      this.#join(member);
    }
  }

  /** Takes what is free, and polls when it has nothing else to do. */
  #take(member: number): number {
    const missing = this.#owner.onTake(member);
    const { state } = this.#members;
    if (state.data[member] === memberStates.joining) this.#members.enter(member, memberStates.idle);
    if (state.data[member] === memberStates.idle) this.#owner.onResume(member);
    return missing;
  }

  #hearLater(member: number): void {
    const settings = this.#settingsOf(member);
    const sinceNs = this.#owner.now() - this.#members.joinedNs.data[member]!;
    // The first heartbeat joins, and is answered at once.
    const isFirst = this.#members.state.data[member] === memberStates.joining;
    const delayNs = isFirst ? 2 * settings.latencyNs : untilHeartbeatNs(settings, sinceNs);
    const generation = this.#generation[settings.group]!;
    this.#owner.schedule(delayNs, incrementalWakes.hear, member, generation);
  }

  // The consumer protocol.

  /** The coordinator decides at once; members hear of it one by one. */
  #retarget(group: number): void {
    this.#generation[group]!++;
    const members = this.#around.list(group);
    this.#owner.onTarget(group, members);
    this.#owner.note(group, `a new assignment for ${members.length} members`);
    for (const member of members)
      if (this.#members.state.data[member] !== memberStates.gone) this.#hearLater(member);
  }

  // Rounds of the cooperative protocol.

  #beginRound(group: number): void {
    if (this.#phase[group] === PREPARING) return this.#complete(group);
    this.#phase[group] = PREPARING;
    const generation = ++this.#generation[group]!;
    let timeoutNs = 0;
    for (const member of this.#around.list(group)) {
      const state = this.#members.state.data[member];
      timeoutNs = Math.max(timeoutNs, this.#settingsOf(member).pollNs);
      this.#hasJoined.data[member] = Number(state === memberStates.joining);
      if (state !== memberStates.gone && state !== memberStates.joining) this.#hearLater(member);
    }
    this.#owner.schedule(timeoutNs, incrementalWakes.timeout, group, generation);
    this.#owner.note(group, "rebalancing, round by round");
    this.#complete(group);
  }

  #join(member: number): void {
    this.#hasJoined.data[member] = 1;
    this.#complete(this.#settingsOf(member).group);
  }

  /** Shares the partitions out as soon as nobody is missing. */
  #complete(group: number): void {
    if (this.#phase[group] !== PREPARING || this.#owner.now() < this.#readyNs[group]!) return;
    const members = this.#around.list(group);
    if (!members.every((member) => this.#isHere(member))) return;
    this.#phase[group] = SYNCING;
    this.#owner.onTarget(group, members);
    const latencyNs = Math.max(0, ...members.map((member) => this.#settingsOf(member).latencyNs));
    const generation = this.#generation[group]!;
    this.#owner.schedule(2 * latencyNs, incrementalWakes.synced, group, generation);
  }

  #isHere(member: number): boolean {
    const isGone = this.#members.state.data[member] === memberStates.gone;
    return !isGone && this.#hasJoined.data[member] === 1;
  }

  #synced(group: number): void {
    this.#phase[group] = STABLE;
    const members = this.#around.list(group);
    this.#owner.note(group, `rebalanced, ${members.length} members`);
    for (const member of members) {
      const state = this.#members.state.data[member];
      if (state === memberStates.gone) continue;
      if (state !== memberStates.busy && state !== memberStates.committing) this.#follow(member);
      else {
        this.#mustFollow.data[member] = 1;
        this.#members.mustRejoin.data[member] = 1;
      }
    }
  }

  /** The round has taken too long: goes on without those that are missing. */
  #giveUp(group: number): void {
    if (this.#phase[group] !== PREPARING) return;
    for (const member of this.#around.list(group))
      if (!this.#isHere(member)) this.#around.expel(member, "missed the rebalance");
  }

  #settingsOf(member: number): MemberSettings {
    return this.#around.clients[this.#members.client.data[member]!]!;
  }
}
