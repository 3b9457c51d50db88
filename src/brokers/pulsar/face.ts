// What a Pulsar cluster shows of itself: backlogs, ages, depths, and why nothing moves. Reads, never writes.

import type { Backlogs } from "./backlog.ts";
import type { PulsarCluster } from "./cluster.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Holdings } from "./holdings.ts";
import type { Group, PulsarPlan } from "./plan.ts";
import { messageOf } from "./produce.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** What the readings are taken from. */
export interface FaceParts {
  readonly plan: PulsarPlan;
  readonly context: BrokerContext;
  readonly logs: PartitionLogs;
  readonly cluster: PulsarCluster;
  readonly holdings: Holdings;
  readonly dispatch: Dispatch;
  readonly backlogs: Backlogs;
}

/** The readings of one cluster. */
export class PulsarFace {
  readonly #parts: FaceParts;

  constructor(parts: FaceParts) {
    this.#parts = parts;
  }

  /** Messages that no worker of the subscription holds [messages]. */
  waiting(subscription: number): number {
    const { cursors, onWire } = this.#parts.holdings;
    let sum = 0;
    for (const cursor of this.#cursorsOf(subscription))
      sum += this.#parts.dispatch.backlog(cursor) + cursors.parkedCount(cursor) + onWire[cursor]!;
    return sum;
  }

  /** Publication time of the oldest message that the subscription has not acknowledged [ns]; -1 when all are. */
  oldestNs(subscription: number): number {
    const { plan, logs, context, holdings } = this.#parts;
    let oldestNs = Infinity;
    for (const cursor of this.#cursorsOf(subscription)) {
      const partition = plan.cursorPartition[cursor]!;
      const offset = holdings.cursors.acknowledgedBelow[cursor]!;
      if (offset >= logs.highWatermark[partition]!) continue;
      const message = messageOf(logs.at(partition, offset));
      oldestNs = Math.min(oldestNs, context.publishedNs(message));
    }
    return oldestNs === Infinity ? NONE : oldestNs;
  }

  /** Per partition: messages from the oldest that a subscription has not acknowledged to the end; without a
   *  subscription, messages that are kept. */
  depths(channel: number): readonly number[] {
    const { plan, logs, holdings, backlogs } = this.#parts;
    const topic = plan.topics[plan.topicOfChannel.get(channel) ?? NONE];
    if (topic === undefined) return [];
    return Array.from({ length: topic.partitions }, (_, i) => {
      const partition = topic.first + i;
      const made = plan.cursorsOf[partition]!.filter(
        (cursor) => backlogs.exists[plan.cursorGroup[cursor]!] === 1,
      );
      const low = made.map((cursor) => holdings.cursors.acknowledgedBelow[cursor]!);
      const end = logs.highWatermark[partition]!;
      return end - (low.length === 0 ? logs.memory[partition]! : Math.min(...low));
    });
  }

  /** Why nothing reaches a subscription; "" when nothing is in the way. */
  blocked(subscription: number): string {
    const { plan, dispatch, holdings } = this.#parts;
    const client = plan.clients[plan.clientOf.get(subscription) ?? NONE];
    if (client === undefined) return "";
    const group = plan.groups[client.group]!;
    for (const cursor of this.#cursorsOf(subscription)) {
      const partition = plan.cursorPartition[cursor]!;
      const isWaiting = dispatch.backlog(cursor) > 0;
      const reason = this.#standstill(cursor, partition);
      if (isWaiting && reason !== "") return `${this.#nameOf(partition, group)}${reason}`;
    }
    const first = group.firstCursor;
    if (holdings.cursors.parkedCount(first) > 0 && dispatch.backlog(first) === 0)
      return "its messages are not due yet (deliverAfter)";
    return this.#spare(group);
  }

  /** Why a topic takes nothing from its producers; "" when it does. */
  refuses(channel: number): string {
    const { plan, cluster, backlogs } = this.#parts;
    const topic = plan.topics[plan.topicOfChannel.get(channel) ?? NONE];
    if (topic === undefined) return "";
    for (let partition = topic.first; partition < topic.first + topic.partitions; partition++) {
      const where = topic.partitions > 1 ? `partition ${partition - topic.first}: ` : "";
      const reason = cluster.standstill(partition);
      if (reason !== "") return `${where}${reason}`;
      if (!cluster.canWrite(partition)) return `${where}too few bookies are left for an ensemble`;
      const isHeld = topic.values.backlogQuotaPolicy === "producer_request_hold";
      if (isHeld && backlogs.isHeld(partition))
        return `${where}the backlog quota is reached (producer_request_hold)`;
    }
    return "";
  }

  #standstill(cursor: number, partition: number): string {
    const { plan, cluster, dispatch, holdings, context } = this.#parts;
    const reason = cluster.standstill(partition);
    if (reason !== "") return reason;
    if (dispatch.isAttached[partition] === 0) return "its clients have not connected again yet";
    const order = dispatch.order[cursor]!;
    if (order.size() === 0) return "no consumer is connected";
    const pausedNs = dispatch.pausedUntilNs(cursor);
    if (pausedNs > context.now())
      return `another consumer takes over at ${(pausedNs / 1e9).toFixed(1)} s`;
    const { cursors, seats } = holdings;
    const next =
      cursors.returnedCount(cursor) > 0 ? cursors.returnedAt(cursor, 0) : cursors.position[cursor]!;
    if (!cluster.canRead(partition, next)) return "the bookies that have its entries are gone";
    const { isShared } = plan.groups[plan.cursorGroup[cursor]!]!;
    const active = dispatch.active[cursor]!;
    const asked = isShared
      ? Array.from({ length: order.size() }, (_, i) => order.at(i))
      : active === NONE
        ? []
        : [active];
    if (asked.every((seat) => seats.permits(seat) <= 0))
      return "every receiver queue is full (receiverQueueSize)";
    const most = plan.cluster.maxUnackedMessagesPerSubscription;
    if (isShared && most > 0 && holdings.unacked[cursor]! >= most)
      return "maxUnackedMessagesPerSubscription is reached";
    const each = plan.cluster.maxUnackedMessagesPerConsumer;
    if (isShared && each > 0 && asked.every((seat) => seats.unacked(seat) >= each))
      return "maxUnackedMessagesPerConsumer is reached";
    return this.#heldUp(asked, cursors.acknowledgedBelow[cursor]!);
  }

  #heldUp(asked: readonly number[], below: number): string {
    const { seats } = this.#parts.holdings;
    return asked.some((seat) => seats.limit(seat) > below)
      ? "a new consumer waits until all that was sent before it joined is acknowledged (Key_Shared)"
      : "";
  }

  /** Why some consumers of a subscription get nothing although it flows. */
  #spare(group: Group): string {
    const { plan, dispatch } = this.#parts;
    const order = dispatch.order[group.firstCursor]!;
    const { subscriptionType: type } = group.values;
    if (type === "Exclusive" && order.size() > 1)
      return `idle: one of ${order.size()} consumers is connected, the others are refused (Exclusive)`;
    const { partitions } = plan.topics[group.topic]!;
    return type === "Failover" && order.size() > partitions
      ? `idle: ${partitions} of ${order.size()} consumers are active, the others stand by (Failover)`
      : "";
  }

  #nameOf(partition: number, group: Group): string {
    const { first, partitions } = this.#parts.plan.topics[group.topic]!;
    return partitions > 1 ? `partition ${partition - first}: ` : "";
  }

  #cursorsOf(subscription: number): readonly number[] {
    const { plan, backlogs } = this.#parts;
    const client = plan.clients[plan.clientOf.get(subscription) ?? NONE];
    if (client === undefined || backlogs.exists[client.group] === 0) return [];
    const { firstCursor, topic } = plan.groups[client.group]!;
    return Array.from({ length: plan.topics[topic]!.partitions }, (_, i) => firstCursor + i);
  }
}
