// What is kept: entries until every subscription has acknowledged them, then as long as retention says; what the broker
// acknowledges itself because its time to live is over; and backlogs that exceed their quota.

import { msToNs } from "../../base/units.ts";
import type { Holdings } from "./holdings.ts";
import type { PulsarPlan } from "./plan.ts";
import { isFirst, messageOf } from "./produce.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { Account, BrokerContext, Stretch } from "../technology.ts";

const NONE = -1;

/** Why messages leave a backlog without a consumer. */
export type PassOver = "ttl" | "backlog-quota" | "cumulative";

/** The backlogs of one cluster. */
export class Backlogs {
  /** 1 for a subscription that was made. */
  readonly exists: Int32Array;
  /** Time to live per topic [ns], may change in a run; Infinity without. */
  readonly ttlNs: Float64Array;
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  readonly #logs: PartitionLogs;
  readonly #holdings: Holdings;
  /** 1 for a partition whose quota was exceeded when it was last looked at. */
  readonly #isOver: Int32Array;
  /** By partition; built anew when a subscription is made. */
  #stretches: LogStretch[] = [];

  constructor(
    base: { readonly plan: PulsarPlan; readonly context: BrokerContext },
    logs: PartitionLogs,
    holdings: Holdings,
  ) {
    const { plan, context } = base;
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#logs = logs;
    this.#holdings = holdings;
    this.exists = arena.int32(`${plan.id}.exists`, plan.groups.length).data;
    this.ttlNs = arena.float64(`${plan.id}.ttlNs`, plan.topics.length).data;
    this.#isOver = arena.int32(`${plan.id}.isOver`, plan.topicOf.length).data;
    plan.topics.forEach(({ values }, topic) => {
      this.ttlNs[topic] = values.messageTTL === null ? Infinity : msToNs(values.messageTTL);
    });
    arena.onRestore(() => this.#buildStretches());
    this.#buildStretches();
  }

  /** The first consumer of a subscription has come: makes it, at the end of the topic or at what is still kept. */
  create(number: number): void {
    const { topic, account, firstCursor, values } = this.#plan.groups[number]!;
    const { first, partitions } = this.#plan.topics[topic]!;
    for (let i = 0; i < partitions; i++) this.trim(first + i, "checked");
    this.exists[number] = 1;
    this.#buildStretches();
    for (let i = 0; i < partitions; i++) {
      const partition = first + i;
      const end = this.#logs.highWatermark[partition]!;
      const kept = this.#logs.memory[partition]!;
      const start = values.subscriptionInitialPosition === "Earliest" ? kept : end;
      this.#holdings.cursors.open(firstCursor + i, start);
      for (let offset = start; offset < end; offset++)
        this.#context.routed(account, messageOf(this.#logs.at(partition, offset)));
      this.trim(partition);
    }
  }

  /** Entries of a partition can be read. */
  onWritten(partition: number, from: number, to: number): void {
    this.#logs.highWatermark[partition] = to;
    const stretch = this.#stretches[partition]!;
    stretch.from = from;
    stretch.to = to;
    this.#context.readable(stretch);
    if (stretch.accounts.length > 0) return;
    if (!this.keeps(this.#plan.topicOf[partition]!))
      for (let offset = from; offset < to; offset++)
        this.#context.unroutable(stretch.channel, stretch.messageAt(offset));
    this.trim(partition);
  }

  /** Whether a topic keeps what is published to it: for a subscription, or for one that may come. */
  keeps(topic: number): boolean {
    if (this.#plan.groups.some((group, i) => group.topic === topic && this.exists[i] === 1))
      return true;
    return this.#retains(topic);
  }

  /** Lets go of entries that every subscription has acknowledged and nobody may want to read later. Retention is only
   *  looked at from time to time, as it goes through all that is kept. */
  trim(partition: number, retention: "kept" | "checked" = "kept"): void {
    const limit = this.#neededFrom(partition, retention);
    for (;;) {
      const entry = this.#logs.takeBelow(partition, limit);
      if (entry === NONE) return;
      this.#context.release(messageOf(entry));
    }
  }

  /** Looks for messages whose time to live is over. Returns the cursors that have moved. */
  expire(): readonly number[] {
    const now = this.#context.now();
    this.#plan.topicOf.forEach((_, partition) => this.trim(partition, "checked"));
    return this.#moved((cursor, topic) => {
      const oldestNs = now - this.ttlNs[topic]!;
      return this.#below(cursor, (message) => this.#context.publishedNs(message) < oldestNs);
    }, "ttl");
  }

  /** Compares backlogs with their quotas; evicts where the policy says so. Returns the cursors that have moved. */
  checkQuotas(): readonly number[] {
    for (let partition = 0; partition < this.#plan.topicOf.length; partition++)
      this.#isOver[partition] = this.#hasQuota(partition) && this.#exceeds(partition) ? 1 : 0;
    return this.#moved((cursor, topic) => {
      const { backlogQuotaPolicy: policy } = this.#plan.topics[topic]!.values;
      const partition = this.#plan.cursorPartition[cursor]!;
      if (policy !== "consumer_backlog_eviction" || this.#isOver[partition] === 0) return 0;
      return this.#evictBelow(cursor, topic);
    }, "backlog-quota");
  }

  /** Whether any topic has a quota. */
  hasQuotas(): boolean {
    return this.#plan.topicOf.some((_, partition) => this.#hasQuota(partition));
  }

  /** Whether producers of a partition may write. What was found too large is measured again. */
  admit(partition: number): "write" | "hold" | "refuse" {
    if (this.#isOver[partition] === 0) return "write";
    const { backlogQuotaPolicy: policy } =
      this.#plan.topics[this.#plan.topicOf[partition]!]!.values;
    if (policy === "consumer_backlog_eviction") return "write";
    if (!this.#exceeds(partition)) {
      this.#isOver[partition] = 0;
      return "write";
    }
    return policy === "producer_exception" ? "refuse" : "hold";
  }

  /** Whether the quota of a partition keeps its producers waiting. */
  isHeld(partition: number): boolean {
    return this.#isOver[partition] === 1;
  }

  /** The broker acknowledges everything of a cursor below an offset. */
  passOver(cursor: number, end: number, why: PassOver): void {
    const { cursors } = this.#holdings;
    const { account } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    const partition = this.#plan.cursorPartition[cursor]!;
    for (let offset = cursors.acknowledgedBelow[cursor]!; offset < end; offset++) {
      if (offset >= cursors.position[cursor]!) cursors.read(cursor);
      if (cursors.isAcknowledged(cursor, offset)) continue;
      const message = messageOf(this.#logs.at(partition, offset));
      this.#holdings.cover(cursor, offset, (delivery) =>
        this.#lose(account, message, delivery, why),
      );
    }
  }

  /** What nobody could take of a topic that keeps nothing is gone. */
  dropUnsent(cursor: number): void {
    const { cursors } = this.#holdings;
    const { account } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    const partition = this.#plan.cursorPartition[cursor]!;
    const end = this.#logs.highWatermark[partition]!;
    for (let offset = cursors.acknowledgedBelow[cursor]!; offset < end; offset++) {
      if (offset >= cursors.position[cursor]!) cursors.read(cursor);
      if (cursors.holder(cursor, offset) >= 0 || cursors.isAcknowledged(cursor, offset)) continue;
      const message = messageOf(this.#logs.at(partition, offset));
      this.#context.dropped(account, message, "no-receiver-ready");
      cursors.acknowledge(cursor, offset);
    }
  }

  #lose(account: Account, message: number, delivery: number, why: PassOver): void {
    const reason = why === "cumulative" ? "covered-by-cumulative-acknowledgement" : why;
    if (delivery < 0 && why === "ttl") this.#context.expired(account, message, reason);
    else if (delivery < 0) this.#context.dropped(account, message, reason);
    else this.#context.discarded(delivery, reason);
  }

  #moved(endOf: (cursor: number, topic: number) => number, why: PassOver): readonly number[] {
    const moved: number[] = [];
    this.#plan.cursorGroup.forEach((group, cursor) => {
      const { topic } = this.#plan.groups[group]!;
      if (this.exists[group] === 0) return;
      const end = endOf(cursor, topic);
      if (end <= this.#holdings.cursors.acknowledgedBelow[cursor]!) return;
      this.passOver(cursor, end, why);
      this.trim(this.#plan.cursorPartition[cursor]!);
      moved.push(cursor);
    });
    return moved;
  }

  /** First offset of a whole batch behind the oldest messages that fulfil a condition. */
  #below(cursor: number, applies: (message: number) => boolean): number {
    const partition = this.#plan.cursorPartition[cursor]!;
    const end = this.#logs.highWatermark[partition]!;
    const start = this.#holdings.cursors.acknowledgedBelow[cursor]!;
    let offset = start;
    while (offset < end && applies(messageOf(this.#logs.at(partition, offset)))) offset++;
    while (offset > start && offset < end && !isFirst(this.#logs.at(partition, offset))) offset--;
    return offset;
  }

  /** Eviction goes down to nine tenths of the limit; by time, to what is young enough. */
  #evictBelow(cursor: number, topic: number): number {
    const { backlogQuotaLimitSize: size, backlogQuotaLimitTime: time } =
      this.#plan.topics[topic]!.values;
    const oldestNs = time === null ? -1 : this.#context.now() - msToNs(time);
    let surplus = size === null ? 0 : this.#sizeOf(cursor) - size;
    if (surplus > 0 && size !== null) surplus += size / 10;
    return this.#below(cursor, (message) => {
      const isOld = this.#context.publishedNs(message) < oldestNs;
      if (surplus <= 0 && !isOld) return false;
      surplus -= this.#context.sizeOf(message);
      return true;
    });
  }

  #hasQuota(partition: number): boolean {
    const { isPersistent, values } = this.#plan.topics[this.#plan.topicOf[partition]!]!;
    const { backlogQuotaLimitSize: size, backlogQuotaLimitTime: time } = values;
    return isPersistent && (size !== null || time !== null);
  }

  #exceeds(partition: number): boolean {
    const { values } = this.#plan.topics[this.#plan.topicOf[partition]!]!;
    const { backlogQuotaLimitSize: size, backlogQuotaLimitTime: time } = values;
    return this.#plan.cursorsOf[partition]!.some((cursor) => {
      if (this.exists[this.#plan.cursorGroup[cursor]!] === 0) return false;
      if (size !== null && this.#sizeOf(cursor) >= size) return true;
      const below = this.#holdings.cursors.acknowledgedBelow[cursor]!;
      if (time === null || below >= this.#logs.highWatermark[partition]!) return false;
      const message = messageOf(this.#logs.at(partition, below));
      return this.#context.publishedNs(message) <= this.#context.now() - msToNs(time);
    });
  }

  /** Size of what a cursor has not acknowledged, gaps included [bytes]. */
  #sizeOf(cursor: number): number {
    const partition = this.#plan.cursorPartition[cursor]!;
    const end = this.#logs.highWatermark[partition]!;
    let bytes = 0;
    for (let offset = this.#holdings.cursors.acknowledgedBelow[cursor]!; offset < end; offset++)
      bytes += this.#context.sizeOf(messageOf(this.#logs.at(partition, offset)));
    return bytes;
  }

  /** First offset that a subscription has not acknowledged, or that one may want to read that is not made yet. */
  #neededFrom(partition: number, retention: "kept" | "checked"): number {
    let low = this.#logs.highWatermark[partition]!;
    let isAwaited = false;
    for (const cursor of this.#plan.cursorsOf[partition]!) {
      const group = this.#plan.cursorGroup[cursor]!;
      const { subscriptionInitialPosition: position } = this.#plan.groups[group]!.values;
      if (this.exists[group] === 1)
        low = Math.min(low, this.#holdings.cursors.acknowledgedBelow[cursor]!);
      else if (position === "Earliest") isAwaited = true;
    }
    if (!isAwaited || !this.#retains(this.#plan.topicOf[partition]!)) return low;
    return retention === "kept" ? 0 : this.#retainedFrom(partition, low);
  }

  #retains(topic: number): boolean {
    const { isPersistent, values } = this.#plan.topics[topic]!;
    return isPersistent && values.retentionTime !== 0 && values.retentionSize !== 0;
  }

  /** First offset that retention keeps of what is acknowledged: neither too old nor too much. */
  #retainedFrom(partition: number, low: number): number {
    const { retentionTime, retentionSize } =
      this.#plan.topics[this.#plan.topicOf[partition]!]!.values;
    const oldestNs =
      retentionTime === null ? -Infinity : this.#context.now() - msToNs(retentionTime);
    let room = retentionSize ?? Infinity;
    let offset = low;
    while (offset > this.#logs.memory[partition]!) {
      const message = messageOf(this.#logs.at(partition, offset - 1));
      room -= this.#context.sizeOf(message);
      if (room < 0 || this.#context.publishedNs(message) < oldestNs) break;
      offset--;
    }
    return offset;
  }

  #buildStretches(): void {
    this.#stretches = this.#plan.topicOf.map((topic, partition) => {
      const { channel, first } = this.#plan.topics[topic]!;
      const accounts = this.#plan.groups.flatMap((group, i) =>
        group.topic === topic && this.exists[i] === 1 ? [group.account] : [],
      );
      return new LogStretch(this.#logs, { channel, first, accounts }, partition);
    });
  }
}

/** What is told of entries of one partition that have been written. */
class LogStretch implements Stretch {
  readonly channel: number;
  readonly partition: number;
  readonly accounts: readonly Account[];
  from = 0;
  to = 0;
  readonly #logs: PartitionLogs;
  readonly #number: number;

  constructor(
    logs: PartitionLogs,
    about: {
      readonly channel: number;
      readonly first: number;
      readonly accounts: readonly Account[];
    },
    number: number,
  ) {
    this.channel = about.channel;
    this.partition = number - about.first;
    this.accounts = about.accounts;
    this.#logs = logs;
    this.#number = number;
  }

  messageAt(offset: number): number {
    return messageOf(this.#logs.at(this.#number, offset));
  }
}
