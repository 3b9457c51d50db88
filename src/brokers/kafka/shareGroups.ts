// Share groups (KIP-932): a queue on top of a log. Records are lent one by one with a lock, whoever asks first; what is
// released or not acknowledged in time comes again, and after a number of deliveries it is archived.

import type { Int32Column } from "../../kernel/arena.ts";
import { msToNs } from "../../base/units.ts";
import { hole, messageOf } from "./entries.ts";
import type { KafkaPlan, Share, ShareClient } from "./plan.ts";
import { LeasedCopies } from "../mechanisms/leasedCopies.ts";
import { LeaseQueue } from "../mechanisms/leaseQueue.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { Replicas } from "../mechanisms/replicas.ts";
import type { BrokerContext, Departure, Verdict } from "../technology.ts";

/** Codes of the timers of share groups. */
export const shareWakes = { lock: 24, fetch: 25 } as const;

const NONE = -1;

// What a worker is doing.
const DOWN = 0;
const IDLE = 1;
const FETCHING = 2;
const BUSY = 3;

// Marks of a delivery, below the partition: with its worker · the lock is gone, but the worker does not know · the worker
// is gone.
const HELD = 0;
const LATE = 1;
const ORPHANED = 2;
const MARK_BITS = 2;

/** All share groups of one broker. */
export class ShareGroups {
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  readonly #replicas: Replicas;
  readonly #clients: readonly ShareClient[];
  readonly #clientOf: ReadonlyMap<number, number>;
  readonly #queues: readonly LeaseQueue[];
  readonly #shareOf: readonly number[];
  readonly #sharesOf: readonly (readonly number[])[];
  /** Per client, by worker: what it does · how many records it holds · rises, so that timers of before are void. */
  readonly #state: readonly Int32Column[];
  readonly #held: readonly Int32Column[];
  readonly #step: readonly Int32Column[];

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    replicas: Replicas,
  ) {
    const { plan, context } = base;
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#replicas = replicas;
    this.#clients = plan.shares.flatMap(({ clients }) => clients);
    this.#clientOf = new Map(this.#clients.map(({ subscription }, i) => [subscription, i]));
    this.#shareOf = plan.shares.flatMap((share, number) =>
      Array<number>(plan.topics[share.topic]!.partitions).fill(number),
    );
    this.#sharesOf = plan.topics.map((_, topic) =>
      plan.shares.flatMap((share, number) => (share.topic === topic ? [number] : [])),
    );
    const copies = new LeasedCopies(arena, `${plan.id}.shared`);
    this.#queues = this.#shareOf.map(
      (_, number) =>
        new LeaseQueue(copies, context, {
          name: `${plan.id}.shared.${number}`,
          number,
          timerCode: shareWakes.lock,
        }),
    );
    const columns = (of: string): readonly Int32Column[] =>
      this.#clients.map((_, i) => arena.int32(`${plan.id}.shared.${of}.${i}`));
    this.#state = columns("state");
    this.#held = columns("held");
    this.#step = columns("step");
  }

  /** Whether a subscription is one of a share group. */
  has(subscription: number): boolean {
    return this.#clientOf.has(subscription);
  }

  join(subscription: number, worker: number): void {
    const client = this.#clientOf.get(subscription)!;
    for (const columns of [this.#state, this.#held, this.#step])
      while (columns[client]!.length <= worker) columns[client]!.push(0);
    this.#state[client]!.data[worker] = IDLE;
    this.#held[client]!.data[worker] = 0;
    this.#fetchLater(client, worker);
  }

  /** A worker is gone. What it held is free at once when it closes, and when its locks run out when it dies. */
  leave(subscription: number, worker: number, how: Departure): void {
    const client = this.#clientOf.get(subscription)!;
    this.#state[client]!.data[worker] = DOWN;
    this.#step[client]!.data[worker]!++;
    const held = [...this.#context.deliveriesOf(subscription, worker)].sort((a, b) => a - b);
    for (const delivery of held) {
      if (markOf(this.#context, delivery) === LATE) this.#context.forget(delivery);
      else if (how === "close") this.#free(delivery, "released");
      else this.#remark(delivery, ORPHANED);
    }
  }

  /** A worker has dealt with a delivery. */
  settle(delivery: number, verdict: Verdict): void {
    const context = this.#context;
    const client = this.#clientOf.get(context.deliverySubscription(delivery))!;
    const worker = context.deliveryWorker(delivery);
    const left = --this.#held[client]!.data[worker]!;
    if (markOf(context, delivery) === LATE) context.forget(delivery);
    else this.#conclude(delivery, verdict, this.#clients[client]!);
    if (left > 0 || this.#state[client]!.data[worker] !== BUSY) return;
    this.#state[client]!.data[worker] = IDLE;
    this.#fetchLater(client, worker);
  }

  /** Records of a partition become readable: each comes into the queue of every share group of its topic. */
  take(logs: PartitionLogs, partition: number, about: { from: number; to: number }): void {
    for (const share of this.#sharesOf[this.#plan.topicOf[partition]!]!) {
      const queue = this.#queues[this.#queueOf(share, partition)]!;
      for (let offset = about.from; offset < about.to; offset++) {
        const entry = logs.at(partition, offset);
        if (entry === hole) continue;
        const message = messageOf(entry);
        this.#context.retain(message);
        queue.copies.setMark(queue.add(message, NONE), offset);
      }
    }
  }

  /** There is something to read in a partition, or it can be read again. */
  onReadable(partition: number): void {
    for (const share of this.#sharesOf[this.#plan.topicOf[partition]!]!) this.#wakeIdle(share);
  }

  /** Records below an offset are deleted; who has one in hand may finish it. */
  onRetention(partition: number, start: number): void {
    for (const share of this.#sharesOf[this.#plan.topicOf[partition]!]!) {
      const queue = this.#queues[this.#queueOf(share, partition)]!;
      let copy = queue.first();
      while (copy !== NONE && queue.copies.mark(copy) < start) {
        const next = queue.after(copy);
        if (!queue.copies.isHeld(copy)) {
          const message = queue.copies.message(copy);
          this.#context.dropped(this.#plan.shares[share]!.account, message, "retention");
          queue.remove(copy);
          this.#context.release(message);
        }
        copy = next;
      }
    }
  }

  /** A timer of share groups has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === shareWakes.fetch) {
      const client = a % this.#clients.length;
      const worker = Math.floor(a / this.#clients.length);
      if (this.#step[client]!.data[worker] === b) this.#fetch(client, worker);
      return;
    }
    const queue = this.#queues[a]!;
    if (!queue.timerFired(b)) return;
    for (let copy = queue.nextEnded(); copy !== NONE; copy = queue.nextEnded())
      this.#free(queue.copies.delivery(copy), "lock timed out");
  }

  /** Records that no worker holds. */
  waiting(subscription: number): number {
    return this.#sum(subscription, (queue) => queue.readyCount());
  }

  /** When the oldest record was published that is not dealt with [ns]; -1 when all are. */
  oldestNs(subscription: number): number {
    let oldestNs = Infinity;
    this.#sum(subscription, (queue) => {
      const copy = queue.first();
      if (copy === NONE) return 0;
      oldestNs = Math.min(oldestNs, this.#context.publishedNs(queue.copies.message(copy)));
      return 0;
    });
    return oldestNs === Infinity ? NONE : oldestNs;
  }

  /** Why nothing is delivered; "" when it flows or is empty. */
  blocked(subscription: number): string {
    const share = this.#plan.shares[this.#clients[this.#clientOf.get(subscription)!]!.share]!;
    if (this.waiting(subscription) === 0) return "";
    const isUp = share.clients.some((client) => {
      const state = this.#state[this.#clientOf.get(client.subscription)!]!;
      return Array.from({ length: state.length }, (_, i) => state.data[i]!).some((s) => s !== DOWN);
    });
    return isUp ? "" : "no consumer: the share group has no members";
  }

  /** Records of a partition that some share group has not dealt with. */
  depth(partition: number): number {
    return Math.max(
      0,
      ...this.#sharesOf[this.#plan.topicOf[partition]!]!.map((share) => {
        const queue = this.#queues[this.#queueOf(share, partition)]!;
        return queue.readyCount() + queue.heldCount();
      }),
    );
  }

  #conclude(delivery: number, verdict: Verdict, { values, share }: ShareClient): void {
    if (verdict === "failed" && values["acknowledge.on.failure"] === "release") {
      this.#free(delivery, "released");
      return;
    }
    if (verdict === "done") this.#context.acknowledged(delivery);
    else if (verdict === "set-aside") this.#context.rejected(delivery, "set-aside");
    else this.#context.discarded(delivery, "archived");
    this.#removeOf(delivery);
    this.#context.forget(delivery);
    // There may have been too many locks.
    this.#wakeIdle(share);
  }

  /** A lock is over without an acknowledgement: the record is there for others, or archived when it has been tried often
   *  enough. */
  #free(delivery: number, reason: string): void {
    const context = this.#context;
    const subscription = context.deliverySubscription(delivery);
    const { values, share } = this.#clients[this.#clientOf.get(subscription)!]!;
    const copy = context.deliveryTag(delivery);
    const queue = this.#queueOfDelivery(delivery);
    const isLast = queue.copies.lentCount(copy) >= values["share.delivery.count.limit"];
    const isStillWorking = reason === "lock timed out" && markOf(context, delivery) === HELD;
    if (isLast) context.discarded(delivery, "archived");
    else context.returned(delivery, reason);
    if (isLast) this.#removeOf(delivery);
    else queue.giveBack(copy, "place");
    if (isStillWorking) this.#remark(delivery, LATE);
    else context.forget(delivery);
    this.#wakeIdle(share);
  }

  #removeOf(delivery: number): void {
    const message = this.#context.deliveryMessage(delivery);
    this.#queueOfDelivery(delivery).remove(this.#context.deliveryTag(delivery));
    this.#context.release(message);
  }

  #queueOfDelivery(delivery: number): LeaseQueue {
    const queues = this.#queues;
    const { share } =
      this.#clients[this.#clientOf.get(this.#context.deliverySubscription(delivery))!]!;
    const partition = this.#context.deliveryMark(delivery) >> MARK_BITS;
    return queues[this.#plan.shares[share]!.firstQueue + partition]!;
  }

  #remark(delivery: number, mark: number): void {
    const partition = this.#context.deliveryMark(delivery) >> MARK_BITS;
    this.#context.mark(delivery, (partition << MARK_BITS) | mark);
  }

  #wakeIdle(share: number): void {
    for (const { subscription } of this.#plan.shares[share]!.clients) {
      const client = this.#clientOf.get(subscription)!;
      const state = this.#state[client]!;
      for (let worker = 0; worker < state.length; worker++)
        if (state.data[worker] === IDLE) this.#fetchLater(client, worker);
    }
  }

  /** An idle worker asks for records when there are any. */
  #fetchLater(client: number, worker: number): void {
    const share = this.#plan.shares[this.#clients[client]!.share]!;
    if (this.#state[client]!.data[worker] !== IDLE || !this.#isAnythingThere(share)) return;
    this.#state[client]!.data[worker] = FETCHING;
    const step = ++this.#step[client]!.data[worker]!;
    const { latencyNs } = this.#clients[client]!;
    const code = worker * this.#clients.length + client;
    this.#context.schedule(latencyNs, shareWakes.fetch, code, step);
  }

  #isAnythingThere(share: Share): boolean {
    const { partitions } = this.#plan.topics[share.topic]!;
    for (let p = 0; p < partitions; p++) if (this.#lendable(share, p) > 0) return true;
    return false;
  }

  /** Records of a partition that may be lent now. */
  #lendable(share: Share, p: number): number {
    const { first } = this.#plan.topics[share.topic]!;
    if (!this.#replicas.isAvailable(first + p)) return 0;
    const queue = this.#queues[share.firstQueue + p]!;
    const most = share.clients[0]!.values["share.partition.max.record.locks"];
    return Math.min(queue.readyCount(), most - queue.heldCount());
  }

  #fetch(client: number, worker: number): void {
    const { share: number, subscription, values } = this.#clients[client]!;
    const share = this.#plan.shares[number]!;
    const { partitions } = this.#plan.topics[share.topic]!;
    const untilNs = this.#context.now() + msToNs(values["share.record.lock.duration.ms"]);
    let left = values["max.poll.records"];
    this.#state[client]!.data[worker] = BUSY;
    for (let i = 0; i < partitions && left > 0; i++) {
      const p = (i + worker) % partitions;
      const queue = this.#queues[share.firstQueue + p]!;
      for (let free = this.#lendable(share, p); free > 0 && left > 0; free--, left--) {
        const copy = queue.next();
        const message = queue.copies.message(copy);
        queue.lend(copy, worker, untilNs);
        const attempt = queue.copies.lentCount(copy);
        const delivery = this.#context.takeOut(share.account, message, attempt, copy);
        this.#context.placed(delivery, p, queue.copies.mark(copy));
        this.#context.mark(delivery, p << MARK_BITS);
        queue.copies.setDelivery(copy, delivery);
        this.#held[client]!.data[worker]!++;
        this.#context.deliver(delivery, subscription, worker);
      }
    }
    if (this.#held[client]!.data[worker]! > 0) return;
    this.#state[client]!.data[worker] = IDLE;
  }

  #sum(subscription: number, value: (queue: LeaseQueue) => number): number {
    const { share } = this.#clients[this.#clientOf.get(subscription)!]!;
    const { firstQueue, topic } = this.#plan.shares[share]!;
    let sum = 0;
    for (let p = 0; p < this.#plan.topics[topic]!.partitions; p++)
      sum += value(this.#queues[firstQueue + p]!);
    return sum;
  }

  #queueOf(share: number, partition: number): number {
    const { firstQueue, topic } = this.#plan.shares[share]!;
    return firstQueue + partition - this.#plan.topics[topic]!.first;
  }
}

/** What has become of a delivery: one of the marks. */
function markOf(context: BrokerContext, delivery: number): number {
  return context.deliveryMark(delivery) & ((1 << MARK_BITS) - 1);
}
