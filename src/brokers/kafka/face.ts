// What a Kafka cluster shows of itself: backlogs, ages, depths, and why nothing moves. Reads, never writes.

import type { Compaction } from "./compaction.ts";
import type { KafkaConsumers } from "./consume.ts";
import { halts } from "./cursors.ts";
import type { Group, KafkaPlan } from "./plan.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import { memberStates } from "../mechanisms/members.ts";
import type { Replicas } from "../mechanisms/replicas.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** The readings of one broker. */
export class KafkaFace {
  #plan: KafkaPlan;
  #context: BrokerContext;
  #logs: PartitionLogs;
  #replicas: Replicas;
  #consumers: KafkaConsumers;
  #compaction: Compaction | undefined;
  /** Topic and cursors of each subscription. */
  #seats: ReadonlyMap<number, { readonly group: number; readonly cursors: readonly number[] }>;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    logs: PartitionLogs,
    replicas: Replicas,
    about: { readonly consumers: KafkaConsumers; readonly compaction: Compaction | undefined },
  ) {
    const { plan } = base;
    this.#plan = plan;
    this.#context = base.context;
    this.#logs = logs;
    this.#replicas = replicas;
    this.#consumers = about.consumers;
    this.#compaction = about.compaction;
    const seats = new Map<number, { group: number; cursors: readonly number[] }>();
    for (const client of plan.clients) {
      client.subscriptions.forEach((subscription, i) => {
        const cursors = plan.cursors.flatMap(({ group, topic }, cursor) =>
          group === client.group && topic === client.topics[i] ? [cursor] : [],
        );
        seats.set(subscription, { group: client.group, cursors });
      });
    }
    this.#seats = seats;
  }

  /** Readable records that no worker of the group holds [messages]. */
  waiting(subscription: number): number {
    let sum = 0;
    for (const cursor of this.#cursorsOf(subscription))
      sum += this.#consumers.cursors.waiting(cursor);
    return sum;
  }

  /** For how long partitions had nobody who reads them for a group, added up [ns]. */
  unreadNs(subscription: number): number {
    let sum = 0;
    for (const cursor of this.#cursorsOf(subscription))
      sum += this.#consumers.owners.pausedNs(cursor);
    return sum;
  }

  /** Publication time of the oldest record not committed [ns]; -1 when all are. */
  oldestNs(subscription: number): number {
    let oldestNs = Infinity;
    for (const cursor of this.#cursorsOf(subscription)) {
      const message = this.#consumers.cursors.oldest(cursor);
      if (message !== NONE) oldestNs = Math.min(oldestNs, this.#context.publishedNs(message));
    }
    return oldestNs === Infinity ? NONE : oldestNs;
  }

  /** Per partition: readable records that the slowest group has not committed, or, without a group,
   *  records stored. */
  depths(channel: number): readonly number[] {
    const topic = this.#plan.topics[this.#plan.topicOfChannel.get(channel) ?? NONE];
    if (topic === undefined) return [];
    return Array.from({ length: topic.partitions }, (_, i) => {
      const partition = topic.first + i;
      const { cursors } = this.#consumers;
      const left = this.#plan.cursorsOf[partition]!.map(
        (cursor) => cursors.waiting(cursor) + cursors.uncommitted(cursor),
      );
      return left.length === 0 ? this.#stored(partition) : Math.max(...left);
    });
  }

  #stored(partition: number): number {
    const surplus = this.#compaction?.removed(partition) ?? 0;
    return this.#logs.highWatermark[partition]! - this.#logs.start[partition]! - surplus;
  }

  /** Why nothing reaches a subscription; "" when nothing is in the way. */
  blocked(subscription: number): string {
    const seat = this.#seats.get(subscription);
    if (seat === undefined) return "";
    const { groups, members } = this.#consumers;
    const list = groups.list(seat.group);
    const cursors = seat.cursors.filter((c) => this.#consumers.cursors.waiting(c) > 0);
    if (cursors.length === 0) return this.#idle(this.#plan.groups[seat.group]!, list);
    if (list.length === 0) return "no consumer: the group has no members";
    const dead = list.find((member) => members.state.data[member] === memberStates.gone);
    if (groups.isRebalancing(seat.group)) {
      if (dead !== undefined)
        return `rebalancing: waiting for member ${this.#consumers.nameOf(dead)} until its session times out at ${this.#sessionEnd(dead)}`;
      const late = list.find((member) => members.state.data[member] !== memberStates.joining);
      return late === undefined
        ? "rebalancing: partitions are being shared out"
        : `rebalancing: waiting for member ${this.#consumers.nameOf(late)} to rejoin after its current batch`;
    }
    for (const cursor of cursors) {
      const reason = this.#standstill(cursor);
      if (reason !== "") return reason;
    }
    return this.#idle(this.#plan.groups[seat.group]!, list);
  }

  #standstill(cursor: number): string {
    const { partition, topic } = this.#plan.cursors[cursor]!;
    const { cursors, members } = this.#consumers;
    const name = `partition ${partition - this.#plan.topics[topic]!.first}`;
    if (this.#replicas.leader[partition] === NONE) return `${name} has no leader`;
    if (!this.#replicas.isAvailable(partition))
      return `${name}: its leader, node ${this.#replicas.leader[partition]}, is down and not yet fenced`;
    const owner = cursors.owner[cursor]!;
    if (owner !== NONE && members.state.data[owner] === memberStates.gone)
      return `${name} belongs to ${this.#consumers.nameOf(owner)}, which is gone; its session times out at ${this.#sessionEnd(owner)}`;
    if (owner === NONE) return `${name} has no owner: the group is sharing it out`;
    const offset = cursors.position[cursor]!;
    if (cursors.isHalted[cursor] === halts.stopped)
      return `${name} stopped: its position was deleted by retention and auto.offset.reset is none`;
    if (cursors.readable(cursor) === 0)
      return `${name}: what is there belongs to a transaction that is not committed, or stands behind one`;
    if (cursors.blockedNs[cursor]! > this.#context.now())
      return `${name} blocked by offset ${offset}: failing record`;
    return "";
  }

  #idle(group: Group, members: readonly number[]): string {
    let partitions = 0;
    for (const topic of group.topics) partitions += this.#plan.topics[topic]!.partitions;
    return members.length > partitions
      ? `idle: ${partitions} partitions for ${members.length} consumers`
      : "";
  }

  #sessionEnd(member: number): string {
    const endNs = this.#consumers.members.sessionEndNs.data[member]!;
    return `${(endNs / 1e9).toFixed(1)} s`;
  }

  #cursorsOf(subscription: number): readonly number[] {
    return this.#seats.get(subscription)?.cursors ?? [];
  }
}
