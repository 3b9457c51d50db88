// Consumer groups: sessions and heartbeats, joining and leaving, static membership; and the classic protocol with eager
// rebalancing, in which a whole group stands still until its last member has rejoined or is given up. Groups with another
// protocol rebalance in incrementalGroups.ts.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { GroupOwner, MemberSettings } from "./groupOwner.ts";
import { IncrementalGroups, incrementalWakes, untilHeartbeatNs } from "./incrementalGroups.ts";
import { type Members, memberStates } from "./members.ts";

/** Codes of the timers of this mechanism; the owner hands them to `wake`. */
export const groupWakes = {
  heartbeat: 48,
  session: 49,
  rebalanceTimeout: 50,
  synced: 51,
  resumed: 52,
  ready: 53,
  pollTimeout: 54,
  expelled: 55,
} as const;

const NONE = -1;

// Phases of a group.
const STABLE = 0;
const PREPARING = 1;
const SYNCING = 2;

/** All groups of a broker. */
export class ConsumerGroups {
  #members: Members;
  #clients: readonly MemberSettings[];
  #owner: GroupOwner;
  #initialDelayNs: number;
  #phase: Int32Column;
  #generation: Int32Column;
  #first: Int32Column;
  #readyNs: Float64Column;
  #hasStarted: Int32Column;
  /** Absent where all groups are eager. */
  #incremental: IncrementalGroups | undefined;

  constructor(
    base: { readonly arena: Arena; readonly name: string; readonly initialDelayNs: number },
    members: Members,
    clients: readonly MemberSettings[],
    owner: GroupOwner,
  ) {
    const { arena, name } = base;
    this.#members = members;
    this.#clients = clients;
    this.#owner = owner;
    this.#initialDelayNs = base.initialDelayNs;
    const groups = 1 + Math.max(NONE, ...clients.map(({ group }) => group));
    this.#phase = arena.int32(`${name}.phase`, groups);
    this.#generation = arena.int32(`${name}.generation`, groups);
    this.#first = arena.int32(`${name}.first`, groups);
    this.#first.data.fill(NONE, 0, groups);
    this.#readyNs = arena.float64(`${name}.readyNs`, groups);
    this.#hasStarted = arena.int32(`${name}.hasStarted`, 1);
    if (clients.some(({ protocol }) => protocol !== "eager"))
      this.#incremental = new IncrementalGroups(base, members, owner, {
        clients,
        list: (group) => this.list(group),
        expel: (member, reason) => this.#remove(member, reason),
      });
  }

  /** Who is there at time 0 has its partitions at once, as if the group had been running before. */
  start(): void {
    this.#hasStarted.data[0] = 1;
    for (let group = 0; group < this.#phase.length; group++) {
      const members = this.list(group);
      if (members.length === 0) continue;
      if (this.#incremental?.has(group) === true) {
        this.#incremental.start(group, members);
        continue;
      }
      this.#owner.onAssign(group, members);
      for (const member of members) {
        this.#members.enter(member, memberStates.idle);
        this.#owner.onResume(member);
      }
    }
  }

  /** A worker is up. It joins through each of its connections; together they are one member. */
  join(client: number, worker: number): void {
    const seated = this.#members.seated(client, worker);
    if (seated !== NONE && this.#members.state.data[seated] !== memberStates.gone) {
      this.#members.connections.data[seated]!++;
      return;
    }
    if (seated !== NONE) {
      this.#members.connections.data[seated] = 1;
      this.#revive(seated);
      return;
    }
    this.enter(this.#members.create(client, worker));
  }

  /** A member without group joins its group. */
  enter(member: number): void {
    const group = this.groupOf(member);
    const wasEmpty = this.#first.data[group] === NONE;
    const now = this.#owner.now();
    this.#members.begin(member);
    this.#members.inGroup.data[member] = 1;
    this.#members.joinedNs.data[member] = now;
    this.#members.nextInGroup.data[member] = this.#first.data[group]!;
    this.#first.data[group] = member;
    if (this.#hasStarted.data[0] === 0) return;
    if (this.#incremental?.has(group) === true) return this.#incremental.entered(member, wasEmpty);
    if (wasEmpty) this.#readyNs.data[group] = now + this.#initialDelayNs;
    this.#rebalance(group);
    if (wasEmpty) {
      const generation = this.#generation.data[group]!;
      this.#owner.schedule(this.#initialDelayNs, groupWakes.ready, group, generation);
    }
  }

  /** Row of a worker that is up; -1 without. */
  memberOf(client: number, worker: number): number {
    const member = this.#members.seated(client, worker);
    const isUp = member !== NONE && this.#members.state.data[member] !== memberStates.gone;
    return isUp ? member : NONE;
  }

  /** The process of a member has died without a word; or, with static membership, has closed without one.
   *  The group learns of it when the session runs out. */
  die(member: number): void {
    const settings = this.settingsOf(member);
    const now = this.#owner.now();
    const joined = this.#members.joinedNs.data[member]!;
    const beats = Math.floor((now - joined) / settings.heartbeatNs);
    const endNs = joined + beats * settings.heartbeatNs + settings.sessionNs;
    this.#members.enter(member, memberStates.gone);
    if (!settings.isStatic) this.#members.leaveSeat(member);
    if (this.#members.inGroup.data[member] === 0) {
      this.#members.free(member);
      return;
    }
    this.#members.sessionEndNs.data[member] = endNs;
    const life = this.#members.life.data[member]!;
    this.#owner.schedule(Math.max(0, endNs - now), groupWakes.session, member, life);
  }

  /** A member leaves in good order. */
  close(member: number): void {
    this.#members.enter(member, memberStates.gone);
    this.#members.leaveSeat(member);
    if (this.#members.inGroup.data[member] === 1) this.#remove(member, "closed");
    else this.#members.free(member);
  }

  /** A member that has finished its batch gives its partitions up and waits for new ones. */
  rejoin(member: number): void {
    if (this.#members.inGroup.data[member] === 0) {
      this.enter(member);
      return;
    }
    if (this.#incremental?.has(this.groupOf(member)) === true)
      return this.#incremental.atPoll(member);
    this.#owner.onRejoin(member);
    this.#members.enter(member, memberStates.joining);
    this.#members.mustRejoin.data[member] = 0;
    this.#complete(this.groupOf(member));
  }

  /** A poll has returned records: the next one must come within max.poll.interval.ms. */
  polled(member: number): void {
    this.#members.polledNs.data[member] = this.#owner.now();
    if (this.#members.hasPollTimer.data[member] === 1) return;
    this.#armPollTimer(member, this.settingsOf(member).pollNs);
  }

  /** A timer of this mechanism has fired. */
  wake(code: number, a: number, b: number): void {
    if (code >= incrementalWakes.hear) this.#incremental?.wake(code, a, b);
    else if (code === groupWakes.heartbeat) this.#hear(a, b);
    else if (code === groupWakes.resumed) this.#resume(a, b);
    else if (code <= groupWakes.session || code >= groupWakes.pollTimeout) {
      if (this.#members.life.data[a] !== b || !this.#members.rows.isLive(a)) return;
      if (code === groupWakes.session) this.#remove(a, "session timed out");
      else if (code === groupWakes.pollTimeout) this.#checkPoll(a);
      else this.#comeBack(a);
    } else if (this.#generation.data[a] === b) this.#wakeGroup(code, a);
  }

  /** Members of a group in the order of client, worker and joining. */
  list(group: number): number[] {
    const members: number[] = [];
    const { client, worker, life, nextInGroup } = this.#members;
    for (let m = this.#first.data[group]!; m !== NONE; m = nextInGroup.data[m]!) members.push(m);
    return members.sort(
      (a, b) =>
        client.data[a]! - client.data[b]! ||
        worker.data[a]! - worker.data[b]! ||
        life.data[a]! - life.data[b]!,
    );
  }

  /** Whether a group stands still because its partitions are being shared out anew. */
  isRebalancing(group: number): boolean {
    return this.#phase.data[group] !== STABLE;
  }

  groupOf(member: number): number {
    return this.settingsOf(member).group;
  }

  settingsOf(member: number): MemberSettings {
    return this.#clients[this.#members.client.data[member]!]!;
  }

  /** The same instance is back: it takes over its old place, and the group does not notice. */
  #revive(member: number): void {
    this.#owner.onRelease(member, "restarted");
    this.#members.begin(member);
    this.#members.joinedNs.data[member] = this.#owner.now();
    const group = this.groupOf(member);
    if (this.#incremental?.has(group) === true) return this.#incremental.revived(member);
    if (this.#phase.data[group] === PREPARING) return this.#complete(group);
    if (this.#phase.data[group] === SYNCING) return;
    const delayNs = 2 * this.settingsOf(member).latencyNs;
    const step = this.#members.step.data[member]!;
    this.#owner.onAssign(group, this.list(group));
    this.#owner.schedule(delayNs, groupWakes.resumed, member, step);
  }

  #resume(member: number, step: number): void {
    if (this.#members.step.data[member] !== step) return;
    this.#members.enter(member, memberStates.idle);
    this.#owner.onResume(member);
  }

  /** Every member has to rejoin; each hears of it with its next heartbeat. */
  #rebalance(group: number): void {
    if (this.#incremental?.has(group) === true) return this.#incremental.change(group);
    if (this.#phase.data[group] === PREPARING) return this.#complete(group);
    this.#phase.data[group] = PREPARING;
    const generation = ++this.#generation.data[group]!;
    let timeoutNs = 0;
    for (const member of this.list(group)) {
      timeoutNs = Math.max(timeoutNs, this.settingsOf(member).pollNs);
      if (this.#members.state.data[member] === memberStates.gone) continue;
      const delayNs = this.#untilHeartbeatNs(member);
      this.#owner.schedule(delayNs, groupWakes.heartbeat, member, generation);
    }
    this.#owner.schedule(timeoutNs, groupWakes.rebalanceTimeout, group, generation);
    this.#owner.note(group, "rebalancing");
    this.#complete(group);
  }

  #wakeGroup(code: number, group: number): void {
    if (code === groupWakes.synced) this.#synced(group);
    else if (code === groupWakes.ready) this.#complete(group);
    else this.#giveUp(group);
  }

  #hear(member: number, generation: number): void {
    if (!this.#members.rows.isLive(member) || this.#members.inGroup.data[member] === 0) return;
    const group = this.groupOf(member);
    const isCurrent = this.#generation.data[group] === generation;
    if (!isCurrent || this.#phase.data[group] !== PREPARING) return;
    switch (this.#members.state.data[member]) {
      case memberStates.idle:
      case memberStates.fetching:
        this.rejoin(member);
        return;
      case memberStates.busy:
      case memberStates.committing:
        this.#members.mustRejoin.data[member] = 1;
        return;
      default:
    }
  }

  /** Shares the partitions out as soon as nobody is missing. */
  #complete(group: number): void {
    if (this.#phase.data[group] !== PREPARING) return;
    if (this.#owner.now() < this.#readyNs.data[group]!) return;
    const members = this.list(group);
    if (members.some((m) => this.#members.state.data[m] !== memberStates.joining)) return;
    const latencyNs = Math.max(0, ...members.map((member) => this.settingsOf(member).latencyNs));
    this.#phase.data[group] = SYNCING;
    this.#owner.onAssign(group, members);
    const generation = this.#generation.data[group]!;
    this.#owner.schedule(2 * latencyNs, groupWakes.synced, group, generation);
  }

  #synced(group: number): void {
    if (this.#phase.data[group] !== SYNCING) return;
    this.#phase.data[group] = STABLE;
    const members = this.list(group);
    this.#owner.note(group, `rebalanced, ${members.length} members`);
    for (const member of members) {
      if (this.#members.state.data[member] !== memberStates.joining) continue;
      this.#members.enter(member, memberStates.idle);
      this.#owner.onResume(member);
    }
  }

  /** The rebalance has taken too long: goes on without those that are missing. */
  #giveUp(group: number): void {
    if (this.#phase.data[group] !== PREPARING) return;
    for (const member of this.list(group))
      if (this.#members.state.data[member] !== memberStates.joining)
        this.#remove(member, "missed the rebalance");
  }

  #checkPoll(member: number): void {
    this.#members.hasPollTimer.data[member] = 0;
    const state = this.#members.state.data[member]!;
    const isBusy = state === memberStates.busy || state === memberStates.committing;
    if (!isBusy || this.#members.inGroup.data[member] === 0) return;
    const { pollNs } = this.settingsOf(member);
    const leftNs = this.#members.polledNs.data[member]! + pollNs - this.#owner.now();
    if (leftNs > 0) this.#armPollTimer(member, leftNs);
    else this.#remove(member, "max.poll.interval.ms exceeded");
  }

  #armPollTimer(member: number, delayNs: number): void {
    this.#members.hasPollTimer.data[member] = 1;
    const life = this.#members.life.data[member]!;
    this.#owner.schedule(delayNs, groupWakes.pollTimeout, member, life);
  }

  #remove(member: number, reason: string): void {
    const group = this.groupOf(member);
    this.#unlink(group, member);
    this.#members.inGroup.data[member] = 0;
    this.#owner.note(group, `${this.#owner.nameOf(member)} left: ${reason}`);
    this.#owner.onRelease(member, reason);
    if (this.#members.state.data[member] === memberStates.gone) this.#members.free(member);
    else this.#hearLater(member);
    if (this.#first.data[group] !== NONE) this.#rebalance(group);
    else {
      this.#phase.data[group] = STABLE;
      this.#generation.data[group]!++;
      this.#incremental?.emptied(group);
      this.#owner.onEmpty(group);
    }
  }

  /** A living member learns with its next heartbeat that it is none any more. */
  #hearLater(member: number): void {
    const life = this.#members.life.data[member]!;
    this.#owner.schedule(this.#untilHeartbeatNs(member), groupWakes.expelled, member, life);
  }

  #untilHeartbeatNs(member: number): number {
    const sinceNs = this.#owner.now() - this.#members.joinedNs.data[member]!;
    return untilHeartbeatNs(this.settingsOf(member), sinceNs);
  }

  /** Joins anew, unless it is busy: then it does so after its batch. */
  #comeBack(member: number): void {
    if (this.#members.inGroup.data[member] === 1) return;
    const state = this.#members.state.data[member]!;
    if (state === memberStates.idle || state === memberStates.fetching) this.enter(member);
  }

  #unlink(group: number, member: number): void {
    const next = this.#members.nextInGroup;
    let before = NONE;
    let current = this.#first.data[group]!;
    while (current !== member) {
      before = current;
      current = next.data[current]!;
    }
    if (before === NONE) this.#first.data[group] = next.data[member]!;
    else next.data[before] = next.data[member]!;
    next.data[member] = NONE;
  }
}
