// The publishing side of Kafka: each publisher collects records into batches per partition, sends them in order
// and retries them. A lane is what one publisher has open towards one partition: a list of batches, of which
// the first ones are under way and the last one still grows.

import { BatchOutcomes } from "./batchOutcomes.ts";
import { LaneFailures, laneFailures } from "./laneFailures.ts";
import { type KafkaLanes, lanesOf } from "./lanes.ts";
import { KafkaPartitioners } from "./partitioner.ts";
import type { KafkaPlan, Publisher } from "./plan.ts";
import { RecordWriter, type WriterParts } from "./recordWriter.ts";
import type { SplitWrites } from "./splitWrites.ts";
import { TransactionLanes } from "./transactionLanes.ts";
import type { Transactions } from "./transactions.ts";
import { BatchLanes, batchStates } from "../mechanisms/batches.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { Replicas } from "../mechanisms/replicas.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of the timers of the publishing side. */
export const produceWakes = { linger: 0, arrive: 1, answer: 2, backoff: 3, deadline: 4 } as const;

const NONE = -1;

/** In place of the offset of a batch that the broker does not take. */
const INVALID = -2;

/** All publishers of one broker. */
export class KafkaProducers {
  #plan: KafkaPlan;
  #context: BrokerContext;
  #logs: PartitionLogs;
  #replicas: Replicas;
  #splitWrites: SplitWrites;
  /** min.insync.replicas per topic; may change during the run. */
  #inSyncMin: Int32Array;
  #partitioners: KafkaPartitioners;
  #batches: BatchLanes;
  #writer: RecordWriter;
  #lanes: KafkaLanes;
  /** Publisher and partition of each lane. */
  #publisherOf: readonly Publisher[];
  #partitionOf: readonly number[];
  #transactions: Transactions | undefined;
  #transactionLanes: TransactionLanes | undefined;
  #outcomes: BatchOutcomes;
  #failures: LaneFailures;
  /** Per lane: whether a timer is set for when its first batch is too old. */
  #hasDeadline: Int32Array;
  /** Per lane: when the last answer arrives that is on its way [ns]. */
  #answerNs: Float64Array;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    about: WriterParts & {
      readonly replicas: Replicas;
      readonly transactions: Transactions | undefined;
    },
    inSyncMin: Int32Array,
  ) {
    const { plan, context } = base;
    this.#plan = plan;
    this.#context = context;
    this.#logs = about.logs;
    this.#replicas = about.replicas;
    this.#splitWrites = about.splitWrites;
    this.#inSyncMin = inSyncMin;
    this.#partitioners = new KafkaPartitioners(plan, context, this.#replicas.leader);
    this.#lanes = lanesOf(plan);
    this.#publisherOf = this.#lanes.publisherOf;
    this.#partitionOf = this.#lanes.partitionOf;
    this.#transactions = about.transactions;

    const { arena } = context;
    const name = `${plan.id}.produce`;
    const lanes = this.#publisherOf.length;
    this.#batches = new BatchLanes(arena, name, { lanes, links: context });
    const failing = { name, wakeCode: produceWakes.backoff };
    this.#failures = new LaneFailures(context, this.#lanes, failing);
    this.#answerNs = arena.float64(`${name}.answerNs`, lanes).data;
    this.#hasDeadline = arena.int32(`${name}.hasDeadline`, lanes).data;
    this.#outcomes = new BatchOutcomes(base, this.#batches, this.#lanes, about.transactions);
    this.#writer = new RecordWriter(context, this.#batches, this.#lanes, about);
    if (this.#transactions === undefined) return;
    const own = { batches: this.#batches, lanes: this.#lanes };
    this.#transactionLanes = new TransactionLanes(arena, name, own);
  }

  /** A record is handed to a publisher's client. */
  publish(number: number, message: number): void {
    const publisher = this.#plan.publishers[number]!;
    const size = this.#context.sizeOf(message);
    const lane = publisher.firstLane + this.#partitioners.choose(number, message, size);
    const producer = this.#lanes.transactionOf[lane]!;
    if (producer !== NONE && !this.#transactions!.admit(producer))
      return this.#context.refused(publisher.index, message, "producer-fenced");
    const limit = publisher.values["batch.size"];
    const isNext = producer !== NONE && this.#beginsNext(lane, producer);
    const growing = isNext ? NONE : this.#batches.growing(lane, size, limit);
    const batch = growing === NONE ? this.#open(lane) : growing;
    if (isNext) this.#transactionLanes!.beginNext(lane, batch);
    this.#batches.append(batch, message, size);
    if (this.#batches.state(batch) !== batchStates.open) return;
    if (this.#batches.bytes(batch) >= limit || publisher.lingerNs === 0) this.#makeReady(batch);
    else if (growing === NONE) this.#setTimer(batch, produceWakes.linger, publisher.lingerNs);
  }

  /** A timer of the publishing side has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === produceWakes.backoff) this.#retry(a);
    else if (code === produceWakes.deadline) this.#checkDeadline(a);
    else if (this.#batches.stamp(a) !== b) return;
    else if (code === produceWakes.linger) this.#makeReady(a);
    else if (code === produceWakes.arrive) this.#arrive(a);
    else this.#succeed(a);
  }

  /** The leader of a partition is gone, and with it every request under way. Without acks nobody waits for the answer:
   *  what is under way is lost when it arrives nowhere. */
  onLeaderGone(partition: number): void {
    for (const lane of this.#lanes.lanesOf[partition]!)
      if (this.#publisherOf[lane]!.values.acks !== "0") this.#failAll(lane);
  }

  /** Another leader is elected while the old one is cut off. Who waits for the replicas there gets no answer and asks
   *  the new one; who does not wait goes on with the old one until it asks for the leaders again. */
  onSplit(partition: number): void {
    for (const lane of this.#lanes.lanesOf[partition]!)
      if (this.#publisherOf[lane]!.values.acks === "all") this.#failAll(lane);
  }

  /** The high watermark of a partition has risen: answers what waited for it. */
  onReadable(partition: number): void {
    const readable = this.#logs.highWatermark[partition]!;
    for (const lane of this.#lanes.lanesOf[partition]!) {
      let batch = this.#batches.first[lane]!;
      while (batch !== NONE && this.#batches.state(batch) >= batchStates.sent) {
        const next = this.#batches.next(batch);
        const end = this.#batches.base(batch) + this.#batches.count(batch);
        const waits = this.#batches.state(batch) === batchStates.replicating;
        if (waits && end > readable) break;
        if (waits && this.#hasTooFewInSync(partition)) {
          this.#fail(batch, laneFailures.notEnoughReplicas);
          break;
        }
        if (waits) this.#answer(batch);
        batch = next;
      }
    }
  }

  /** The log of a partition is about to be cut: batches behind have to be written again. Their records
   *  are not lost as long as the publisher still waits for them. */
  onTruncate(partition: number, end: number): void {
    for (const lane of this.#lanes.lanesOf[partition]!) {
      let batch = this.#batches.first[lane]!;
      for (; batch !== NONE; batch = this.#batches.next(batch))
        this.#writer.takeBack(batch, partition, end);
    }
  }

  /** A new batch; the one before is sent, full or not, because this one cannot overtake it. */
  #open(lane: number): number {
    const last = this.#batches.last(lane);
    if (last !== NONE && this.#batches.state(last) === batchStates.open) this.#makeReady(last);
    const batch = this.#batches.open(lane, this.#context.now());
    this.#armDeadline(lane);
    return batch;
  }

  #makeReady(batch: number): void {
    this.#batches.change(batch, batchStates.ready);
    this.#pump(this.#batches.lane(batch));
  }

  #setTimer(batch: number, code: number, delayNs: number): void {
    this.#context.schedule(delayNs, code, batch, this.#batches.stamp(batch));
  }

  /** Sends what is ready, as far as the number of batches under way permits. */
  #pump(lane: number): void {
    const publisher = this.#publisherOf[lane]!;
    const most = publisher.values["max.in.flight.requests.per.connection"];
    while (!this.#failures.isBackingOff(lane) && this.#batches.underWay[lane]! < most) {
      const batch = this.#batches.toSend[lane]!;
      if (batch === NONE || this.#batches.state(batch) === batchStates.open) return;
      if (this.#transactionLanes?.holds(lane, batch) === true) return;
      if (this.#replicas.leader[this.#partitionOf[lane]!]! < 0) {
        this.#fail(batch, laneFailures.noLeader);
        return;
      }
      this.#batches.toSend[lane] = this.#batches.next(batch);
      this.#batches.underWay[lane]!++;
      this.#batches.change(batch, batchStates.sent);
      this.#setTimer(batch, produceWakes.arrive, publisher.latencyNs);
      if (publisher.values.acks !== "0") continue;
      // The publisher's references end with the confirmation, but the records are still on their way.
      this.#batches.retainAll(batch);
      this.#outcomes.confirm(batch);
    }
  }

  #arrive(batch: number): void {
    const lane = this.#batches.lane(batch);
    const partition = this.#partitionOf[lane]!;
    const { acks, "enable.idempotence": idempotence } = this.#publisherOf[lane]!.values;
    // With other acks Kafka turns its default off (and refuses an explicit true).
    const isIdempotent = idempotence && acks === "all";
    if (this.#splitWrites.isMisled(this.#publisherOf[lane]!, partition))
      return this.#writeAside(batch, partition);
    if (!this.#replicas.isAvailable(partition)) {
      if (acks === "0") this.#lose(batch, "leader-unavailable");
      else this.#reject(batch, laneFailures.noLeader, isIdempotent);
      return;
    }
    if (acks === "all" && this.#hasTooFewInSync(partition))
      return this.#reject(batch, laneFailures.notEnoughReplicas, isIdempotent);
    if (!this.#writer.isValid(batch, partition)) return this.#decline(batch, partition);
    if (this.#batches.base(batch) < 0 || !isIdempotent) this.#writer.write(batch, partition);
    if (acks === "0") {
      this.#batches.releaseAll(batch);
      this.#batches.remove(batch);
      this.#replicas.appended(partition);
      this.#pump(lane);
      return;
    }
    if (acks === "1") this.#answer(batch);
    else this.#batches.change(batch, batchStates.replicating);
    // May raise the high watermark at once, and so answer this very batch.
    this.#replicas.appended(partition);
    if (this.#batches.state(batch) === batchStates.replicating) this.onReadable(partition);
  }

  /** The old leader takes the records, which will be lost. */
  #writeAside(batch: number, partition: number): void {
    const lane = this.#batches.lane(batch);
    this.#writer.writeAside(batch, partition);
    if (this.#publisherOf[lane]!.values.acks === "1") return this.#answer(batch);
    this.#batches.releaseAll(batch);
    this.#batches.remove(batch);
    this.#pump(lane);
  }

  /** The broker does not take a batch, and says so in its turn. */
  #decline(batch: number, partition: number): void {
    const { acks } = this.#publisherOf[this.#batches.lane(batch)]!.values;
    if (acks === "0") return this.#lose(batch, "invalid-record");
    this.#batches.setBase(batch, INVALID);
    if (acks === "1") return this.#answer(batch);
    this.#batches.change(batch, batchStates.replicating);
    this.onReadable(partition);
  }

  #hasTooFewInSync(partition: number): boolean {
    const least = this.#inSyncMin[this.#plan.topicOf[partition]!]!;
    return this.#replicas.inSync(partition) < least;
  }

  #answer(batch: number): void {
    this.#batches.change(batch, batchStates.answered);
    const lane = this.#batches.lane(batch);
    const { latencyNs } = this.#publisherOf[lane]!;
    const slowness = this.#replicas.slowness(this.#partitionOf[lane]!);
    const now = this.#context.now();
    // Answers come in order, also when a slow node has become fast.
    const atNs = Math.max(now + Math.round(latencyNs * slowness), this.#answerNs[lane]!);
    this.#answerNs[lane] = atNs;
    this.#setTimer(batch, produceWakes.answer, atNs - now);
  }

  #succeed(batch: number): void {
    const lane = this.#batches.lane(batch);
    this.#failures.forget(lane);
    const isValid = this.#batches.base(batch) !== INVALID;
    this.#batches.detach(batch);
    if (isValid) this.#outcomes.confirm(batch);
    else this.#outcomes.refuse(batch, "invalid-record");
    this.#batches.free(batch);
    this.#pump(lane);
    const producer = this.#lanes.transactionOf[lane]!;
    if (producer !== NONE) this.#transactions!.onAnswered(producer);
  }

  /** Sent without acks to a node that is gone, or that does not take it. */
  #lose(batch: number, reason: string): void {
    this.#outcomes.lose(batch, reason);
    const lane = this.#batches.lane(batch);
    this.#batches.remove(batch);
    this.#pump(lane);
  }

  /** The node refuses a batch. With idempotence it refuses those behind too, because one is missing; without it they
   *  may be written before this one is sent again. */
  #reject(batch: number, failure: number, isIdempotent: boolean): void {
    if (isIdempotent) return this.#fail(batch, failure);
    this.#batches.change(batch, batchStates.retry);
    this.#batches.overtaken(batch);
    this.#failures.backOff(this.#batches.lane(batch), failure);
  }

  #failAll(lane: number): void {
    if (this.#batches.underWay[lane]! > 0)
      this.#fail(this.#batches.first[lane]!, laneFailures.noLeader);
  }

  /** Puts a batch and all behind it back to be sent, after a back-off. */
  #fail(from: number, failure: number): void {
    const lane = this.#batches.lane(from);
    for (let batch = from; batch !== NONE; batch = this.#batches.next(batch)) {
      if (this.#batches.state(batch) < batchStates.sent) break;
      this.#batches.change(batch, batchStates.retry);
      this.#batches.underWay[lane]!--;
    }
    this.#batches.toSend[lane] = from;
    this.#answerNs[lane] = 0;
    this.#failures.backOff(lane, failure);
  }

  #retry(lane: number): void {
    this.#failures.endPause(lane);
    this.#pump(lane);
  }

  #armDeadline(lane: number): void {
    const first = this.#batches.first[lane]!;
    if (first === NONE || this.#hasDeadline[lane] === 1) return;
    this.#hasDeadline[lane] = 1;
    const { timeoutNs, latencyNs } = this.#publisherOf[lane]!;
    const leftNs = this.#batches.openedNs(first) + timeoutNs - this.#context.now();
    // What is still there afterwards was sent without acks and is about to arrive.
    const waitNs = leftNs > 0 ? leftNs : latencyNs + 1;
    this.#context.schedule(waitNs, produceWakes.deadline, lane, 0);
  }

  /** Gives up batches that are too old. One timer per lane, for its first batch, does for all. */
  #checkDeadline(lane: number): void {
    const { timeoutNs, values } = this.#publisherOf[lane]!;
    const oldestNs = this.#context.now() - timeoutNs;
    const reason = this.#failures.reason(lane);
    let batch = this.#batches.first[lane]!;
    while (batch !== NONE && this.#batches.openedNs(batch) <= oldestNs) {
      const isAnswered = values.acks === "0" && this.#batches.state(batch) >= batchStates.sent;
      if (isAnswered) break;
      this.#drop(batch, reason);
      batch = this.#batches.first[lane]!;
    }
    this.#hasDeadline[lane] = 0;
    this.#armDeadline(lane);
    this.#pump(lane);
    const producer = this.#lanes.transactionOf[lane]!;
    if (producer !== NONE) this.#transactions!.onAnswered(producer);
  }

  /** Gives up the first batch of its lane. */
  #drop(batch: number, reason: string): void {
    const lane = this.#batches.lane(batch);
    this.#transactionLanes?.onLeave(lane, batch);
    // Out of the lane first: the publisher may react at once, by publishing again.
    this.#batches.detach(batch);
    this.#outcomes.refuse(batch, reason);
    this.#batches.free(batch);
  }

  // Transactions.

  /** Whether a record is the first of a lane that belongs to the next transaction. */
  #beginsNext(lane: number, producer: number): boolean {
    return !this.#transactionLanes!.hasNext(lane) && this.#transactions!.isClosed(producer);
  }

  /** Sends all that belongs to the transaction of a producer; returns whether it is answered. */
  flush(producer: number): boolean {
    const open = this.#transactionLanes!.open(producer);
    for (const batch of open)
      if (this.#batches.state(batch) === batchStates.open) this.#makeReady(batch);
    return open.length === 0;
  }

  /** Fails all that a producer has not had an answer for. */
  giveUp(producer: number, reason: string): void {
    for (const lane of this.#lanes.lanesOfTransaction[producer]!) {
      let batch = this.#batches.first[lane]!;
      for (; batch !== NONE; batch = this.#batches.first[lane]!) this.#drop(batch, reason);
    }
  }

  /** The next transaction of a producer may be sent. Returns whether anything waited for it. */
  release(producer: number): boolean {
    const lanes = this.#transactionLanes!.lift(producer);
    for (const lane of lanes) this.#pump(lane);
    return lanes.length > 0;
  }
}
