// The consuming side of Kafka: each member polls the partitions it owns, deals with what it got, commits, and
// polls again. While it is busy its next fetch is already there; while it waits, a record costs one latency.

import { msToNs } from "../../base/units.ts";
import { autoCommitWake, KafkaCommits } from "./commits.ts";
import { halts, KafkaCursors } from "./cursors.ts";
import type { Client, KafkaPlan } from "./plan.ts";
import { forgetWake, GroupOffsets } from "./groupOffsets.ts";
import { protocolOf } from "./groupShares.ts";
import { PartitionOwners } from "./ownership.ts";
import { ConsumerGroups } from "../mechanisms/group.ts";
import type { GroupOwner, MemberSettings } from "../mechanisms/groupOwner.ts";
import type { StableOffsets } from "./stableOffsets.ts";
import type { Transactions } from "./transactions.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import { Members, memberStates } from "../mechanisms/members.ts";
import type { Replicas } from "../mechanisms/replicas.ts";
import type { BrokerContext, Departure, Verdict } from "../technology.ts";

/** Codes of the timers of the consuming side. */
export const consumeWakes = {
  poll: 16,
  commit: 17,
  handOut: 18,
  unblock: 19,
  autoCommit: autoCommitWake,
  forget: forgetWake,
} as const;

const NONE = -1;

/** All consumers of one broker. */
export class KafkaConsumers {
  readonly cursors: KafkaCursors;
  readonly commits: KafkaCommits;
  readonly groups: ConsumerGroups;
  readonly members: Members;
  #plan: KafkaPlan;
  #context: BrokerContext;
  #replicas: Replicas;
  #offsets: GroupOffsets;
  /** Where services consume and publish in transactions. */
  #transactions: Transactions | undefined;
  readonly owners: PartitionOwners;
  /** max.poll.records per client; may change during the run. */
  #pollMax: Int32Array;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    about: {
      readonly logs: PartitionLogs;
      readonly stable: StableOffsets | undefined;
      readonly replicas: Replicas;
      readonly transactions: Transactions | undefined;
    },
    pollMax: Int32Array,
  ) {
    const { plan, context } = base;
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#replicas = about.replicas;
    this.#pollMax = pollMax;
    this.members = new Members(arena, `${plan.id}.members`, plan.clients.length);
    this.cursors = new KafkaCursors(base, about, this.members);
    this.commits = new KafkaCommits(base, this.cursors, this.members);
    this.#offsets = new GroupOffsets(base, this.cursors);
    this.#transactions = about.transactions;
    const { cursors, members, commits } = this;
    const { transactions } = about;
    this.owners = new PartitionOwners(base, { cursors, members, commits, transactions });
    const initialDelayNs = msToNs(plan.cluster["group.initial.rebalance.delay.ms"]);
    this.groups = new ConsumerGroups(
      { arena, name: `${plan.id}.groups`, initialDelayNs },
      this.members,
      plan.clients.map(settingsOf),
      this.#owner(),
    );
  }

  /** A worker of a client is up. */
  join(client: number, worker: number): void {
    this.groups.join(client, worker);
  }

  /** A worker is gone, as soon as it has left through all its connections. One that closes commits what
   *  it has dealt with; with static membership it says no more. */
  leave(client: number, worker: number, how: Departure): void {
    const member = this.groups.memberOf(client, worker);
    if (member === NONE || --this.members.connections.data[member]! > 0) return;
    if (how === "close" && this.#transactionOf(member) === NONE) this.commits.commit(member);
    const isDynamic = !this.groups.settingsOf(member).isStatic;
    this.cursors.abandon(member);
    this.owners.stopReading(member);
    // The session of a silent one has just ended.
    if (how === "silent" || (how === "close" && isDynamic)) this.groups.close(member);
    else this.groups.die(member);
  }

  /** A worker has dealt with a delivery. */
  settle(delivery: number, verdict: Verdict): void {
    const member = this.cursors.memberOf(delivery);
    const stands = verdict === "failed" && this.#standsInTheWay(member, delivery);
    if (stands) this.#holdUp(member, delivery);
    else this.cursors.settle(delivery, verdict);
    if (this.members.held.data[member]! > 0) return;
    this.#proceed(member);
    const producer = this.#transactionOf(member);
    if (producer !== NONE) this.#transactions!.onDealtWith(producer);
  }

  /** Whether a record that a worker could not deal with blocks its partition or stops its consumer. */
  #standsInTheWay(member: number, delivery: number): boolean {
    const skips = this.#clientOf(member).values["on.failure"] === "skip";
    return !skips && this.cursors.cursorOf(delivery) !== NONE;
  }

  /** Goes back to a record that stands in the way: after a pause, or never again. */
  #holdUp(member: number, delivery: number): void {
    const { values } = this.#clientOf(member);
    const waitNs = msToNs(values["failure.backoff.ms"]);
    const cursor = this.cursors.cursorOf(delivery);
    this.cursors.seekBack(delivery, this.#context.now() + waitNs);
    if (values["on.failure"] === "block")
      this.#context.schedule(waitNs, consumeWakes.unblock, cursor, 0);
    else this.#stop(member);
  }

  /** A consumer gives up: it commits what it has dealt with, leaves its group, and is back only with its process. */
  #stop(member: number): void {
    const { partition, topic } = this.#plan.cursors[this.members.turn.data[member]!] ?? {
      partition: NONE,
      topic: NONE,
    };
    const name = this.nameOf(member);
    if (this.#transactionOf(member) === NONE) this.commits.commit(member);
    this.groups.close(member);
    const place =
      topic === NONE ? "" : ` at partition ${partition - this.#plan.topics[topic]!.first}`;
    this.#context.note(this.#plan.id, `${name} FAILED${place}: a record that it cannot process`);
  }

  /** A timer of the consuming side has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === consumeWakes.unblock) {
      if (this.cursors.blockedNs[a]! > this.#context.now()) return;
      this.cursors.blockedNs[a] = NONE;
      this.wakeOwner(a);
      return;
    }
    if (code === consumeWakes.forget) {
      this.#offsets.forget(a, b);
      return;
    }
    if (code === consumeWakes.autoCommit) {
      if (!this.members.rows.isLive(a) || this.members.life.data[a] !== b) return;
      this.members.hasCommitTimer.data[a] = 0;
      const isGone = this.members.state.data[a] === memberStates.gone;
      if (this.#isHandedOff(a) && !isGone) this.commits.commitAhead(a);
      else if (this.members.state.data[a] === memberStates.idle) this.#poll(a);
      return;
    }
    if (this.members.step.data[a] !== b) return;
    if (code === consumeWakes.poll) this.#goOn(a);
    else if (code === consumeWakes.handOut) this.#handOut(a);
    else {
      this.commits.commit(a);
      this.#goOn(a);
    }
  }

  /** Something has changed for a partition: its owner polls if it was waiting. */
  wakeOwner(cursor: number): void {
    const member = this.cursors.owner[cursor]!;
    if (member === NONE || this.members.state.data[member] !== memberStates.idle) return;
    if (this.#available(cursor) <= 0) return;
    this.members.enter(member, memberStates.fetching);
    const slowness = this.#replicas.slowness(this.#plan.cursors[cursor]!.partition);
    const { latencyNs } = this.#clientOf(member);
    this.#setTimer(member, consumeWakes.poll, Math.round(latencyNs * slowness));
  }

  /** Name of a member on screen. */
  nameOf(member: number): string {
    return `${this.#clientOf(member).node}-${this.members.worker.data[member]! + 1}`;
  }

  /** Records of a partition that its owner may have now. */
  #available(cursor: number): number {
    const { partition } = this.#plan.cursors[cursor]!;
    if (!this.#replicas.isAvailable(partition)) return 0;
    if (this.cursors.isHalted[cursor] === halts.stopped) return 0;
    return this.cursors.blockedNs[cursor]! > this.#context.now()
      ? 0
      : this.cursors.readable(cursor);
  }

  #poll(member: number): void {
    const { values, latencyNs, number } = this.#clientOf(member);
    if (this.#waitsForTransaction(member)) return;
    if (values.commit === "auto") this.commits.commitWhenDue(member);
    let available = 0;
    const limit = this.#pollMax[number]!;
    for (
      let cursor = this.members.firstCursor.data[member]!;
      cursor !== NONE;
      cursor = this.cursors.nextOwned[cursor]!
    ) {
      if (this.cursors.isHalted[cursor] === halts.seekEnd) this.cursors.seekEnd(cursor);
      if (available < limit) available += this.#available(cursor);
    }
    if (available === 0) {
      this.members.enter(member, memberStates.idle);
      return;
    }
    this.members.toDeliver.data[member] = Math.min(limit, available);
    if (!this.#isHandedOff(member)) this.groups.polled(member);
    if (values.commit === "before-processing") {
      this.members.enter(member, memberStates.committing);
      this.#setTimer(member, consumeWakes.handOut, 2 * latencyNs);
    } else this.#handOut(member);
  }

  /** Hands the records of a poll to the worker: all at once, or one by one where a failure holds up
   *  what is behind it. */
  #handOut(member: number): void {
    const client = this.#clientOf(member);
    if (this.#waitsForTransaction(member)) return;
    this.members.enter(member, memberStates.busy);
    const isAhead = client.values.commit === "before-processing";
    const isOneByOne = client.values["on.failure"] !== "skip" && !isAhead;
    const until = isOneByOne ? this.members.toDeliver.data[member]! - 1 : 0;
    const first = this.members.turn.data[member]!;
    let cursor = first === NONE ? this.members.firstCursor.data[member]! : first;
    const start = cursor;
    while (cursor !== NONE && this.members.toDeliver.data[member]! > until) {
      const count = Math.min(this.#available(cursor), this.members.toDeliver.data[member]! - until);
      const subscription = this.#subscriptionOf(client, cursor);
      this.cursors.deliver(cursor, member, { subscription, count });
      this.members.toDeliver.data[member]! -= count;
      if (isAhead) this.cursors.commitAhead(cursor);
      const next = this.cursors.nextOwned[cursor]!;
      const following = next === NONE ? this.members.firstCursor.data[member]! : next;
      // One by one, a partition is drained before the next one has its turn.
      if (!isOneByOne || count === 0) cursor = following;
      if (cursor === start) break;
    }
    this.members.turn.data[member] = cursor;
    if (client.values.commit === "auto-handed-off") this.commits.arm(member);
    const producer = this.#transactionOf(member);
    if (producer !== NONE) this.#transactions!.begin(producer);
    // Nothing is left, because a leader or a partition was lost since the poll.
    if (this.members.held.data[member] === 0) this.#finishBatch(member);
  }

  /** The worker holds nothing any more. It is still inside its call of `settle` and may be about to leave,
   *  so the next records come in an event of their own. */
  #proceed(member: number): void {
    if (this.members.state.data[member] !== memberStates.busy) return;
    const mayGoOn = this.members.toDeliver.data[member]! > 0;
    if (mayGoOn && this.members.inGroup.data[member] === 1)
      this.#setTimer(member, consumeWakes.handOut, 0);
    else this.#finishBatch(member);
  }

  #finishBatch(member: number): void {
    this.members.toDeliver.data[member] = 0;
    const { values, latencyNs } = this.#clientOf(member);
    if (this.#waitsForTransaction(member)) return;
    const isDue = values.commit === "after-processing" || this.#isLeftOut(member);
    if (isDue && this.members.inGroup.data[member] === 1) {
      this.members.enter(member, memberStates.committing);
      this.#setTimer(member, consumeWakes.commit, 2 * latencyNs);
    } else {
      this.members.enter(member, memberStates.fetching);
      this.#setTimer(member, consumeWakes.poll, 0);
    }
  }

  /** The transactional producer in whose transactions a member commits its offsets; -1 without. */
  #transactionOf(member: number): number {
    return this.#transactions?.ofClient(this.members.client.data[member]!) ?? NONE;
  }

  /** Whether a member wants to commit in transactions, but its service publishes none here. */
  #isLeftOut(member: number): boolean {
    const { commit } = this.#clientOf(member).values;
    return commit === "transaction" && this.#transactionOf(member) === NONE;
  }

  /** A member whose transaction is being ended takes no more records before it is over. */
  #waitsForTransaction(member: number): boolean {
    const producer = this.#transactionOf(member);
    if (producer === NONE || !this.#transactions!.isEnding(producer)) return false;
    this.members.toDeliver.data[member] = 0;
    this.members.enter(member, memberStates.committing);
    return true;
  }

  /** Whether no worker of a client holds a record. */
  isIdle(client: number): boolean {
    return this.members.workersOf(client).every((member) => this.members.held.data[member] === 0);
  }

  /** Workers that waited for the end of a transaction go on, and those that had nothing to do look again: after an abort
   *  there is something to read. */
  goOn(clients: readonly number[]): void {
    for (const client of clients)
      for (const member of this.members.workersOf(client)) {
        const state = this.members.state.data[member];
        if (state !== memberStates.committing && state !== memberStates.idle) continue;
        this.members.enter(member, memberStates.fetching);
        this.#setTimer(member, consumeWakes.poll, 0);
      }
  }

  #goOn(member: number): void {
    const mustJoin =
      this.members.mustRejoin.data[member] === 1 || this.members.inGroup.data[member] === 0;
    if (mustJoin) this.groups.rejoin(member);
    else this.#poll(member);
  }

  /** Whether other threads process what the consumer polls, so that it polls and commits on meanwhile. */
  #isHandedOff(member: number): boolean {
    return this.#clientOf(member).values.commit === "auto-handed-off";
  }

  #subscriptionOf(client: Client, cursor: number): number {
    const { topic } = this.#plan.cursors[cursor]!;
    return client.subscriptions[client.topics.indexOf(topic)]!;
  }

  #clientOf(member: number): Client {
    return this.#plan.clients[this.members.client.data[member]!]!;
  }

  #setTimer(member: number, code: number, delayNs: number): void {
    this.#context.schedule(delayNs, code, member, this.members.step.data[member]!);
  }

  #owner(): GroupOwner {
    return {
      now: () => this.#context.now(),
      schedule: (delayNs, code, a, b) => this.#context.schedule(delayNs, code, a, b),
      onRelease: (member, reason) => this.owners.release(member, reason),
      onAssign: (group, members) => {
        this.#offsets.begin(group);
        this.owners.assign(group, members);
      },
      onTarget: (group, members) => {
        this.#offsets.begin(group);
        this.owners.target(group, members);
      },
      onGiveUp: (member) => this.owners.giveUp(member),
      onTake: (member) => this.owners.take(member),
      onResume: (member) => {
        this.owners.read(member);
        this.#poll(member);
      },
      onRejoin: (member) => {
        this.owners.stopReading(member);
        if (this.#clientOf(member).values.commit.startsWith("auto")) this.commits.commit(member);
      },
      onEmpty: (group) => this.#offsets.onEmpty(group),
      note: (group, sentence) =>
        this.#context.note(this.#plan.id, `group ${this.#plan.groups[group]!.id}: ${sentence}`),
      nameOf: (member) => this.nameOf(member),
    };
  }
}

/** What the group has to know of a client. With the consumer protocol the coordinator sets session and heartbeat. */
function settingsOf({ group, values, latencyNs }: Client): MemberSettings {
  const protocol = protocolOf(values);
  const prefix = protocol === "server" ? "consumer." : "";
  return {
    group,
    protocol,
    latencyNs,
    sessionNs: msToNs(values[`${prefix}session.timeout.ms`]),
    heartbeatNs: msToNs(values[`${prefix}heartbeat.interval.ms`]),
    pollNs: msToNs(values["max.poll.interval.ms"]),
    isStatic: values["group.instance.id"],
  };
}
