// The place of each group in each partition, and the deliveries between its committed and its current position.
// Kafka knows only the committed offset; what has become of a copy is worked out here.

import { Ring } from "../../kernel/ring.ts";
import { Attempts } from "./attempts.ts";
import { hole, isPromised, messageOf } from "./entries.ts";
import type { KafkaPlan } from "./plan.ts";
import { LogStretch } from "./logStretch.ts";
import { Skips } from "./skips.ts";
import type { StableOffsets } from "./stableOffsets.ts";
import { Flights, flightStates, settledAs } from "../mechanisms/flights.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import { type Members, memberStates } from "../mechanisms/members.ts";
import type { BrokerContext, Verdict } from "../technology.ts";

const NONE = -1;

/** What a cursor does whose position was deleted: goes on, stops for good, or skips to the end at the next poll. */
export const halts = { none: 0, stopped: 1, seekEnd: 2 } as const;

/** Cursors of all groups of a broker. */
export class KafkaCursors {
  /** Offset of the next record to hand out. */
  readonly position: Float64Array;
  /** Member that owns the partition; -1 without. */
  readonly owner: Int32Array;
  readonly nextOwned: Int32Array;
  /** A failed record stands until then [ns]; -1 when none does. */
  readonly blockedNs: Float64Array;
  /** What a cursor does whose position was deleted: one of `halts`. */
  readonly isHalted: Int32Array;
  /** Where there are transactions or compaction. */
  readonly skips: Skips | undefined;
  #plan: KafkaPlan;
  #context: BrokerContext;
  #logs: PartitionLogs;
  #members: Members;
  /** Deliveries from the committed offset to the position, in order of offset. */
  #flights: readonly Ring[];
  #attempts: Attempts;
  #states: Flights;
  #stable: StableOffsets | undefined;
  /** By partition. */
  #stretches: readonly LogStretch[];

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    about: { readonly logs: PartitionLogs; readonly stable: StableOffsets | undefined },
    members: Members,
  ) {
    const { plan, context } = base;
    const { arena } = context;
    const { logs } = about;
    const name = `${plan.id}.cursors`;
    const { length } = plan.cursors;
    this.#plan = plan;
    this.#context = context;
    this.#logs = logs;
    this.#members = members;
    this.position = arena.float64(`${name}.position`, length).data;
    this.owner = arena.int32(`${name}.owner`, length).data;
    this.nextOwned = arena.int32(`${name}.nextOwned`, length).data;
    this.blockedNs = arena.float64(`${name}.blockedNs`, length).data;
    this.isHalted = arena.int32(`${name}.isHalted`, length).data;
    this.owner.fill(NONE, 0, length);
    this.nextOwned.fill(NONE, 0, length);
    this.blockedNs.fill(NONE, 0, length);
    this.#flights = plan.cursors.map((_, cursor) => new Ring(arena, `${name}.flights.${cursor}`));
    this.#attempts = new Attempts(arena, name, length);
    this.#states = new Flights(context);
    const { stable } = about;
    const { position } = this;
    this.#stable = stable;
    this.skips = plan.hasHoles ? new Skips(base, logs, { position, stable }) : undefined;
    this.#stretches = plan.topicOf.map((_, partition) => new LogStretch(plan, logs, partition));
  }

  /** Records below the high watermark that are not handed out. */
  waiting(cursor: number): number {
    const { partition } = this.#plan.cursors[cursor]!;
    const entries = this.#logs.highWatermark[partition]! - this.position[cursor]!;
    return this.skips === undefined ? entries : entries - this.skips.ahead[cursor]!;
  }

  /** Records that may be handed out: with read_committed none behind the first open transaction. */
  readable(cursor: number): number {
    if (this.skips?.isLimited(cursor) !== true) return this.waiting(cursor);
    return this.skips.count(cursor, this.position[cursor]!, this.skips.endOf(cursor));
  }

  /** Records handed out that are not committed. */
  uncommitted(cursor: number): number {
    return this.#flights[cursor]!.size();
  }

  /** Offset of the first record that is not committed. */
  committed(cursor: number): number {
    const flights = this.#flights[cursor]!;
    if (flights.size() === 0) return this.position[cursor]!;
    return this.#context.deliveryOffset(flights.at(0));
  }

  /** Message of the first record that is not committed; -1 when all are. */
  oldest(cursor: number): number {
    const flights = this.#flights[cursor]!;
    if (flights.size() > 0) return this.#context.deliveryMessage(flights.at(0));
    if (this.waiting(cursor) <= 0) return NONE;
    const { partition } = this.#plan.cursors[cursor]!;
    const offset = this.skips?.next(cursor) ?? this.position[cursor]!;
    return messageOf(this.#logs.at(partition, offset));
  }

  /** Hands the next so many records to a member. */
  deliver(cursor: number, member: number, about: { subscription: number; count: number }): void {
    const { subscription, count } = about;
    this.#takeOut(cursor, member, count);
    this.#members.held.data[member]! += count;
    const worker = this.#members.worker.data[member]!;
    this.#context.deliverLast(count, this.#flights[cursor]!, subscription, worker);
  }

  #takeOut(cursor: number, member: number, count: number): void {
    const { partition, account, topic } = this.#plan.cursors[cursor]!;
    const place = partition - this.#plan.topics[topic]!.first;
    const flights = this.#flights[cursor]!;
    let offset = this.position[cursor]!;
    for (let left = count; left > 0; offset++) {
      const attempt = 1 + this.#attempts.take(cursor, offset);
      const entry = this.#logs.at(partition, offset);
      if (this.skips?.passes(cursor, entry) === true) {
        this.skips.ahead[cursor]!--;
        continue;
      }
      left--;
      const message = messageOf(entry);
      const delivery = this.#context.takeOut(account, message, attempt, member);
      this.#context.placed(delivery, place, offset);
      this.#states.hold(delivery, cursor);
      flights.pushBack(delivery);
    }
    this.position[cursor] = offset;
  }

  /** Member that a delivery was handed to. */
  memberOf(delivery: number): number {
    return this.#states.member(delivery);
  }

  /** Cursor of a delivery whose record the group still has to commit; -1 when it no longer has to. */
  cursorOf(delivery: number): number {
    const isHeld = this.#states.state(delivery) === flightStates.held;
    return isHeld ? this.#states.cursor(delivery) : NONE;
  }

  /** A worker has dealt with a delivery. */
  settle(delivery: number, verdict: Verdict): void {
    const state = this.#states.state(delivery);
    this.#members.held.data[this.#states.member(delivery)]!--;
    this.#states.change(delivery, settledAs(verdict));
    if (state === flightStates.held) return;
    if (state !== flightStates.takenBack) this.#conclude(delivery);
    this.#context.forget(delivery);
  }

  /** Processing has failed: goes back to the record, which stands in the way until a time [ns]. Only
   *  for the record handed out last. */
  seekBack(delivery: number, untilNs: number): void {
    const cursor = this.#states.cursor(delivery);
    this.#members.held.data[this.#states.member(delivery)]!--;
    this.#states.change(delivery, flightStates.skipped);
    this.#flights[cursor]!.popBack();
    this.blockedNs[cursor] = untilNs;
    this.#takeBack(delivery, "failed");
    this.trim(this.#plan.cursors[cursor]!.partition);
  }

  /** Commits what the owner has dealt with, up to the first record that it still holds. */
  commit(cursor: number): void {
    this.#commitDone(this.#flights[cursor]!);
    this.trim(this.#plan.cursors[cursor]!.partition);
  }

  #commitDone(flights: Ring): void {
    for (;;) {
      this.#context.acknowledgedFirst(this.#countDone(flights), flights);
      if (flights.size() === 0 || this.#states.state(flights.at(0)) === flightStates.held) return;
      const delivery = flights.popFront();
      this.#conclude(delivery);
      this.#context.forget(delivery);
    }
  }

  /** Number of deliveries at the front that were dealt with and are no more than that. */
  #countDone(flights: Ring): number {
    const size = flights.size();
    let count = 0;
    while (count < size && this.#states.state(flights.at(count)) === flightStates.done) count++;
    return count;
  }

  /** Commits everything handed out, dealt with or not. */
  commitAhead(cursor: number): void {
    const flights = this.#flights[cursor]!;
    // What is dealt with is at the front, so the rest is still held.
    this.#commitDone(flights);
    while (flights.size() > 0) this.#states.change(flights.popFront(), flightStates.committed);
    this.trim(this.#plan.cursors[cursor]!.partition);
  }

  /** The partition will be read again from the committed offset. */
  reread(cursor: number, reason: string): void {
    const flights = this.#flights[cursor]!;
    while (flights.size() > 0) this.#takeBack(flights.popBack(), reason);
    this.blockedNs[cursor] = NONE;
    this.trim(this.#plan.cursors[cursor]!.partition);
  }

  /** A worker has died: ends what nobody will read again. The rest waits for the group to notice. */
  abandon(member: number): void {
    const { subscriptions } = this.#plan.clients[this.#members.client.data[member]!]!;
    const worker = this.#members.worker.data[member]!;
    for (const delivery of this.#states.ofMember(member, worker, subscriptions)) {
      const state = this.#states.state(delivery);
      if (state === flightStates.committed)
        this.#context.discarded(delivery, "committed-before-processed");
      if (state === flightStates.cutOff) this.#context.discarded(delivery, "lost-with-leader");
      if (state >= flightStates.committed) this.#context.forget(delivery);
    }
    this.#members.held.data[member] = 0;
    this.#members.toDeliver.data[member] = 0;
  }

  /** Records have become readable: each waits for every group. */
  onReadable(partition: number, from: number, to: number): void {
    if (this.skips === undefined) this.#tell(partition, from, to);
    else
      this.skips.split(partition, { from, to }, (first, end) => this.#tell(partition, first, end));
    if (this.#plan.cursorsOf[partition]!.length === 0) this.trim(partition);
  }

  #tell(partition: number, from: number, to: number): void {
    const stretch = this.#stretches[partition]!;
    stretch.from = from;
    stretch.to = to;
    this.#context.readable(stretch);
  }

  /** Records below `start` are deleted: groups that have not read them lose them. */
  onRetention(partition: number, start: number): void {
    for (const cursor of this.#plan.cursorsOf[partition]!) {
      const position = this.position[cursor]!;
      if (position >= start) continue;
      this.#drop(cursor, { from: position, to: start, reason: "retention" });
      this.position[cursor] = start;
      const reset = this.#resetOf(cursor);
      if (reset === "latest") this.isHalted[cursor] = halts.seekEnd;
      if (reset === "none") this.isHalted[cursor] = halts.stopped;
      this.#attempts.dropBelow(cursor, start);
      this.skips?.recount(cursor, start, this.#logs.highWatermark[partition]!);
    }
    this.trim(partition);
  }

  /** There is no committed offset: begins where auto.offset.reset says. */
  beginWithout(cursor: number, reset: string): void {
    if (reset === "latest") this.seekEnd(cursor);
    else if (reset === "none" && this.waiting(cursor) > 0) this.isHalted[cursor] = halts.stopped;
  }

  /** The position was deleted and auto.offset.reset is "latest": skips everything there is. */
  seekEnd(cursor: number): void {
    const { partition } = this.#plan.cursors[cursor]!;
    const from = this.position[cursor]!;
    const end = this.skips?.endOf(cursor) ?? this.#logs.highWatermark[partition]!;
    const to = Math.max(from, end);
    this.isHalted[cursor] = halts.none;
    this.#drop(cursor, { from, to, reason: "offset-reset-to-latest" });
    this.position[cursor] = to;
    this.skips?.recount(cursor, to, this.#logs.highWatermark[partition]!);
    this.trim(partition);
  }

  /** The log is about to be cut to `end`. Returns how many promised records are lost. */
  onTruncate(partition: number, end: number): number {
    const { accounts, channel, first } = this.#plan.topics[this.#plan.topicOf[partition]!]!;
    const readable = this.#logs.highWatermark[partition]!;
    for (const cursor of this.#plan.cursorsOf[partition]!) {
      const position = this.position[cursor]!;
      const from = Math.max(position, end);
      this.#drop(cursor, { from, to: readable, reason: "lost-with-leader" });
      this.#cutFlights(cursor, end);
      this.position[cursor] = Math.min(position, end);
      this.#attempts.dropFrom(cursor, end);
      this.skips?.recount(cursor, this.position[cursor], Math.min(readable, end));
    }
    // Nobody could read these yet; they are booked only because the publisher was told otherwise.
    let lost = Math.max(0, readable - end);
    for (let offset = Math.max(readable, end); offset < this.#logs.end[partition]!; offset++) {
      const entry = this.#logs.at(partition, offset);
      if (!isPromised(entry)) continue;
      lost++;
      const message = messageOf(entry);
      this.#context.stored(channel, message, partition - first, offset);
      for (const account of accounts) {
        this.#context.routed(account, message);
        this.#context.dropped(account, message, "lost-with-leader");
      }
    }
    return lost;
  }

  /** Lets go of records that every group has committed. */
  trim(partition: number): void {
    // Which records belong to an open transaction must be known when it ends.
    let low = this.#stable?.lastStable(partition) ?? this.#logs.highWatermark[partition]!;
    for (const cursor of this.#plan.cursorsOf[partition]!) {
      this.skips?.goOn(cursor, this.#attempts);
      low = Math.min(low, this.committed(cursor));
    }
    for (;;) {
      const entry = this.#logs.takeBelow(partition, low);
      if (entry === NONE) return;
      if (entry !== hole) this.#context.release(messageOf(entry));
    }
  }

  #resetOf(cursor: number): string {
    const group = this.#plan.groups[this.#plan.cursors[cursor]!.group]!;
    const owner = this.owner[cursor]!;
    const client = owner === NONE ? group.clients[0]!.number : this.#members.client.data[owner]!;
    return this.#plan.clients[client]!.values["auto.offset.reset"];
  }

  /** Waiting records of a group are gone. */
  #drop(
    cursor: number,
    range: { readonly from: number; readonly to: number; readonly reason: string },
  ): void {
    const { partition, account } = this.#plan.cursors[cursor]!;
    for (let offset = range.from; offset < range.to; offset++) {
      const entry = this.#logs.at(partition, offset);
      if (this.skips?.passes(cursor, entry) === true) continue;
      this.#context.dropped(account, messageOf(entry), range.reason);
    }
  }

  /** Deliveries of records that are cut off from the log stay with whoever holds them. */
  #cutFlights(cursor: number, end: number): void {
    const flights = this.#flights[cursor]!;
    while (flights.size() > 0) {
      const delivery = flights.at(flights.size() - 1);
      if (this.#context.deliveryOffset(delivery) < end) return;
      flights.popBack();
      const isHeld = this.#states.state(delivery) === flightStates.held;
      if (isHeld && !this.#isWithTheDead(delivery)) {
        this.#states.change(delivery, flightStates.cutOff);
        continue;
      }
      if (isHeld) this.#context.discarded(delivery, "lost-with-leader");
      else this.#conclude(delivery);
      this.#context.forget(delivery);
    }
  }

  /** Takes a delivery out of flight; it waits again, unless retention has deleted it meanwhile. */
  #takeBack(delivery: number, reason: string): void {
    const cursor = this.#states.cursor(delivery);
    const offset = this.#context.deliveryOffset(delivery);
    const { partition, account } = this.#plan.cursors[cursor]!;
    this.#context.returned(delivery, reason);
    const message = this.#context.deliveryMessage(delivery);
    if (offset < this.#logs.start[partition]!) this.#context.dropped(account, message, "retention");
    else {
      this.skips?.goBack(cursor, offset, this.#attempts);
      this.#attempts.giveBack(cursor, offset, this.#context.deliveryAttempt(delivery));
      this.position[cursor] = offset;
      // Compaction may have removed it while it was in flight.
      const isGone = this.skips?.passes(cursor, this.#logs.at(partition, offset)) === true;
      if (isGone) this.skips?.passOver(cursor, message, "compacted");
    }
    const isHeld = this.#states.state(delivery) === flightStates.held;
    if (isHeld && !this.#isWithTheDead(delivery))
      this.#states.change(delivery, flightStates.takenBack);
    else this.#context.forget(delivery);
  }

  /** Whether the process of the member is gone to which a delivery was handed. */
  #isWithTheDead(delivery: number): boolean {
    return this.#members.state.data[this.#states.member(delivery)] === memberStates.gone;
  }

  /** Books a delivery that was dealt with. */
  #conclude(delivery: number): void {
    const state = this.#states.state(delivery);
    if (state === flightStates.setAside) this.#context.rejected(delivery, "set-aside");
    else if (state === flightStates.skipped)
      this.#context.discarded(delivery, "skipped-after-failure");
    else this.#context.acknowledged(delivery);
  }
}
