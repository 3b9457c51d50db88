// Who gets the next batch: the active consumer, the next one in turn, or the one whose key it is; as long as there are
// permits, and nothing stands in the way.

import { msToNs } from "../../base/units.ts";
import { Ring } from "../../kernel/ring.ts";
import type { PulsarCluster } from "./cluster.ts";
import type { Holdings } from "./holdings.ts";
import { KeyRanges } from "./keyRanges.ts";
import type { PulsarPlan } from "./plan.ts";
import { isFirst, messageOf } from "./produce.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of the timers of dispatching. */
export const dispatchWakes = { arrive: 8, delayed: 13, failover: 14 } as const;

const NONE = -1;

/** Most messages of a Key_Shared subscription that wait for their consumers while others behind are sent
 *  (keySharedLookAhead in broker code). */
const lookAhead = 2000;

/** The dispatchers of all cursors. */
export class Dispatch {
  /** Seats of each cursor: in turn (Shared), or the first ones first. */
  readonly order: readonly Ring[];
  /** Seat that gets everything, of an Exclusive or Failover subscription; -1 without. */
  readonly active: Int32Array;
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  readonly #logs: PartitionLogs;
  readonly #cluster: PulsarCluster;
  readonly #holdings: Holdings;
  readonly #keys: KeyRanges;
  /** Until when a Failover subscription pauses [ns]. */
  readonly #pausedNs: Float64Array;
  /** 1 when clients are connected to a partition. */
  readonly isAttached: Int32Array;
  /** Messages sent in this call and not yet on their way, per lane; all 0 between events. */
  readonly #sent: Int32Array;
  readonly #hasDelays: boolean;

  constructor(
    base: { readonly plan: PulsarPlan; readonly context: BrokerContext },
    logs: PartitionLogs,
    cluster: PulsarCluster,
    holdings: Holdings,
  ) {
    const { plan, context } = base;
    const { arena } = context;
    const { length } = plan.cursorGroup;
    this.#plan = plan;
    this.#context = context;
    this.#logs = logs;
    this.#cluster = cluster;
    this.#holdings = holdings;
    this.#keys = new KeyRanges(plan, context, holdings.seats);
    this.order = plan.cursorGroup.map((_, i) => new Ring(arena, `${plan.id}.order.${i}`));
    this.active = arena.int32(`${plan.id}.active`, length).data;
    this.active.fill(NONE, 0, length);
    this.#pausedNs = arena.float64(`${plan.id}.pausedNs`, length).data;
    this.isAttached = arena.int32(`${plan.id}.isAttached`, plan.topicOf.length).data;
    this.isAttached.fill(1, 0, plan.topicOf.length);
    this.#sent = new Int32Array(plan.laneClient.length);
    this.#hasDelays = plan.producers.some(({ delayNs }) => delayNs > 0);
  }

  /** A consumer takes its seat at a partition. */
  join(cursor: number, seat: number): void {
    const { cursors, seats } = this.#holdings;
    const order = this.order[cursor]!;
    order.insertAt(this.#rankOf(cursor, seat), seat);
    if (this.#typeOf(cursor) === "Key_Shared") {
      this.#keys.join(cursor, seat);
      const position = cursors.position[cursor]!;
      if (order.size() > 1 && cursors.acknowledgedBelow[cursor]! < position)
        seats.setLimit(seat, position);
    }
    this.#chooseActive(cursor);
  }

  /** A consumer leaves its seat; what it held has come back. */
  leave(cursor: number, seat: number): void {
    this.order[cursor]!.removeValue(seat);
    if (this.#typeOf(cursor) === "Key_Shared") this.#keys.leave(cursor, seat);
    if (this.active[cursor] === seat) this.active[cursor] = NONE;
    this.#chooseActive(cursor, "somebody left");
  }

  /** Sends what can be sent. `after` a new entry alone, what has come back needs no second look. */
  run(cursor: number, after: "entries" | "change"): void {
    if (!this.#mayRun(cursor)) return;
    const type = this.#typeOf(cursor);
    if (type === "Shared") this.#runInTurn(cursor);
    else if (type === "Key_Shared") this.#runByKey(cursor, after);
    else this.#runActive(cursor);
    this.#sendOff(cursor);
  }

  /** Messages that could be sent if there were consumers. */
  backlog(cursor: number): number {
    const partition = this.#plan.cursorPartition[cursor]!;
    const { cursors } = this.#holdings;
    return (
      cursors.returnedCount(cursor) +
      this.#logs.highWatermark[partition]! -
      cursors.position[cursor]!
    );
  }

  /** Until when a Failover subscription pauses, because another consumer takes over [ns]. */
  pausedUntilNs(cursor: number): number {
    return this.#pausedNs[cursor]!;
  }

  #mayRun(cursor: number): boolean {
    const partition = this.#plan.cursorPartition[cursor]!;
    if (this.isAttached[partition] === 0 || !this.#cluster.isOpen(partition)) return false;
    return this.#pausedNs[cursor]! <= this.#context.now();
  }

  #typeOf(cursor: number): string {
    return this.#plan.groups[this.#plan.cursorGroup[cursor]!]!.values.subscriptionType;
  }

  /** The place of a newcomer: at the end, or by name where partitions are shared out (Failover). */
  #rankOf(cursor: number, seat: number): number {
    const order = this.order[cursor]!;
    const { topic } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    let rank = order.size();
    if (this.#typeOf(cursor) !== "Failover" || !this.#isPartitioned(topic)) return rank;
    while (rank > 0 && this.#isBefore(seat, order.at(rank - 1))) rank--;
    return rank;
  }

  #isPartitioned(topic: number): boolean {
    return this.#plan.topics[topic]!.values.partitions > 0;
  }

  #isBefore(one: number, other: number): boolean {
    const { seats } = this.#holdings;
    const [a, b] = [seats.consumer(one), seats.consumer(other)];
    const byClient = seats.client(a) - seats.client(b);
    return (byClient === 0 ? seats.worker(a) - seats.worker(b) : byClient) < 0;
  }

  #chooseActive(cursor: number, why = ""): void {
    const type = this.#typeOf(cursor);
    if (type === "Shared" || type === "Key_Shared") return;
    const order = this.order[cursor]!;
    const { topic, firstCursor } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    const isSpread = type === "Failover" && this.#isPartitioned(topic);
    const rank = isSpread ? (cursor - firstCursor) % Math.max(1, order.size()) : 0;
    const chosen = order.size() === 0 ? NONE : order.at(rank);
    const before = this.active[cursor]!;
    if (chosen === before) return;
    // The new one reads everything again that is not acknowledged.
    if (before !== NONE)
      this.#holdings.takeBackSeat(cursor, before, "another consumer became the active one");
    this.active[cursor] = chosen;
    if (type !== "Failover" || chosen === NONE || (before === NONE && why === "")) return;
    const pauseNs = msToNs(this.#plan.cluster.activeConsumerFailoverDelayTimeMillis);
    this.#pausedNs[cursor] = this.#context.now() + pauseNs;
    this.#context.schedule(pauseNs, dispatchWakes.failover, cursor, 0);
  }

  #runActive(cursor: number): void {
    const seat = this.active[cursor]!;
    if (seat === NONE) return;
    const { seats } = this.#holdings;
    while (seats.permits(seat) > 0 && this.#hasNext(cursor)) this.#shipNext(cursor, seat);
  }

  #runInTurn(cursor: number): void {
    const order = this.order[cursor]!;
    let idle = 0;
    while (idle < order.size() && this.#hasNext(cursor)) {
      const seat = order.popFront();
      order.pushBack(seat);
      let entries = this.#plan.cluster.dispatcherMaxRoundRobinBatchSize;
      idle = this.#mayTake(cursor, seat) ? 0 : idle + 1;
      while (entries-- > 0 && this.#mayTake(cursor, seat) && this.#hasNext(cursor))
        this.#shipNext(cursor, seat);
    }
  }

  #mayTake(cursor: number, seat: number): boolean {
    const { seats, unacked } = this.#holdings;
    const { maxUnackedMessagesPerConsumer: each, maxUnackedMessagesPerSubscription: all } =
      this.#plan.cluster;
    if (seats.permits(seat) <= 0) return false;
    return (each === 0 || seats.unacked(seat) < each) && (all === 0 || unacked[cursor]! < all);
  }

  #hasNext(cursor: number): boolean {
    const { cursors } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    if (cursors.returnedCount(cursor) > 0)
      return this.#cluster.canRead(partition, cursors.returnedAt(cursor, 0));
    this.#parkDelayed(cursor);
    const position = cursors.position[cursor]!;
    return (
      position < this.#logs.highWatermark[partition]! && this.#cluster.canRead(partition, position)
    );
  }

  /** Puts messages aside that are not to be delivered yet. */
  #parkDelayed(cursor: number): void {
    const group = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    if (!this.#hasDelays || !group.isShared) return;
    if (!this.#plan.topics[group.topic]!.isPersistent) return;
    const { cursors } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    while (cursors.position[cursor]! < this.#logs.highWatermark[partition]!) {
      const message = messageOf(this.#logs.at(partition, cursors.position[cursor]!));
      const waitNs = this.#delayNs(message);
      if (waitNs <= 0) return;
      const offset = cursors.read(cursor);
      cursors.park(cursor, offset);
      this.#context.schedule(waitNs, dispatchWakes.delayed, cursor, offset);
    }
  }

  #delayNs(message: number): number {
    const number = this.#plan.producerOf.get(this.#context.publisherOf(message));
    const delayNs = number === undefined ? 0 : this.#plan.producers[number]!.delayNs;
    if (delayNs === 0) return 0;
    return this.#context.publishedNs(message) + delayNs - this.#context.now();
  }

  /** Sends the next batch, what has come back first. */
  #shipNext(cursor: number, seat: number): void {
    const { cursors } = this.#holdings;
    if (cursors.returnedCount(cursor) > 0) this.#shipReturned(cursor, seat, 0);
    else this.#shipNew(cursor, seat);
  }

  #shipNew(cursor: number, seat: number): void {
    const { cursors, shipments } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    const from = cursors.position[cursor]!;
    const end = this.#endOfBatch(partition, from);
    const shipment = shipments.add(seat, cursor, from, end);
    while (cursors.position[cursor]! < end) this.#load(shipment, cursors.read(cursor));
  }

  /** Sends the batch of a message that has come back, as far as it is not acknowledged. */
  #shipReturned(cursor: number, seat: number, rank: number): void {
    const { cursors, shipments } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    const from = cursors.returnedAt(cursor, rank);
    const end = this.#endOfBatch(partition, from);
    const shipment = shipments.add(seat, cursor, from, end);
    while (rank < cursors.returnedCount(cursor) && cursors.returnedAt(cursor, rank) < end)
      this.#load(shipment, cursors.takeReturnedAt(cursor, rank));
  }

  /** Offset behind the batch that an entry belongs to. */
  #endOfBatch(partition: number, offset: number): number {
    const highWatermark = this.#logs.highWatermark[partition]!;
    let end = offset + 1;
    while (end < highWatermark && !isFirst(this.#logs.at(partition, end))) end++;
    return end;
  }

  #load(shipment: number, offset: number): void {
    const { cursors, seats, shipments, wires, onWire, unacked } = this.#holdings;
    const seat = shipments.seat(shipment);
    const cursor = shipments.cursor(shipment);
    const partition = this.#plan.cursorPartition[cursor]!;
    const { account, topic } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    const message = messageOf(this.#logs.at(partition, offset));
    const attempt = cursors.attempts(cursor, offset) + 1;
    const delivery = this.#context.takeOut(account, message, attempt, seat);
    this.#context.placed(delivery, partition - this.#plan.topics[topic]!.first, offset);
    shipments.load(shipment, delivery);
    cursors.hold(cursor, offset, delivery);
    const lane = seats.lane(seat);
    wires[lane]!.pushBack(delivery);
    seats.addPermits(seat, -1);
    seats.addUnacked(seat, 1);
    onWire[cursor]!++;
    unacked[cursor]!++;
    this.#sent[lane]!++;
  }

  /** What was sent in this call arrives together, one latency later. */
  #sendOff(cursor: number): void {
    const group = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    const partition = this.#plan.cursorPartition[cursor]!;
    for (const { firstLane, latencyNs } of group.clients) {
      const lane = firstLane + cursor - group.firstCursor;
      const count = this.#sent[lane]!;
      if (count === 0) continue;
      this.#sent[lane] = 0;
      const delayNs = Math.round(latencyNs * this.#cluster.slowness(partition));
      this.#context.schedule(delayNs, dispatchWakes.arrive, lane, count);
    }
  }

  #runByKey(cursor: number, after: "entries" | "change"): void {
    const { cursors } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    if (!this.#isAnyReady(cursor)) return;
    if (after === "change") this.#rereadByKey(cursor);
    while (cursors.returnedCount(cursor) < lookAhead) {
      this.#parkDelayed(cursor);
      const position = cursors.position[cursor]!;
      if (position >= this.#logs.highWatermark[partition]!) return;
      if (!this.#cluster.canRead(partition, position)) return;
      const seat = this.#seatFor(cursor, position);
      if (seat !== NONE) this.#shipNew(cursor, seat);
      else this.#setAside(cursor);
    }
  }

  #rereadByKey(cursor: number): void {
    const { cursors } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    let rank = 0;
    while (rank < cursors.returnedCount(cursor)) {
      const offset = cursors.returnedAt(cursor, rank);
      const seat = this.#seatFor(cursor, offset);
      if (seat !== NONE && this.#cluster.canRead(partition, offset))
        this.#shipReturned(cursor, seat, rank);
      else rank = this.#behindBatch(cursor, rank);
    }
  }

  #isAnyReady(cursor: number): boolean {
    const order = this.order[cursor]!;
    for (let i = 0; i < order.size(); i++) if (this.#mayTake(cursor, order.at(i))) return true;
    return false;
  }

  /** The consumer of a message's key if it may have the message now; else -1. */
  #seatFor(cursor: number, offset: number): number {
    const { cursors, seats } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    const seat = this.#keys.seatFor(cursor, messageOf(this.#logs.at(partition, offset)));
    if (seat === NONE || !this.#mayTake(cursor, seat)) return NONE;
    const limit = seats.limit(seat);
    if (limit < 0 || offset < limit) return seat;
    // Everything that was read before it joined must be acknowledged first.
    if (cursors.acknowledgedBelow[cursor]! < limit) return NONE;
    seats.setLimit(seat, NONE);
    return seat;
  }

  #behindBatch(cursor: number, rank: number): number {
    const { cursors } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    const end = this.#endOfBatch(partition, cursors.returnedAt(cursor, rank));
    let next = rank + 1;
    while (next < cursors.returnedCount(cursor) && cursors.returnedAt(cursor, next) < end) next++;
    return next;
  }

  /** A new batch whose consumer cannot take it waits among those that have come back. */
  #setAside(cursor: number): void {
    const { cursors } = this.#holdings;
    const partition = this.#plan.cursorPartition[cursor]!;
    const end = this.#endOfBatch(partition, cursors.position[cursor]!);
    while (cursors.position[cursor]! < end) cursors.giveBack(cursor, cursors.read(cursor));
  }
}
