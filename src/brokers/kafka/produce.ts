// The publishing side of Kafka: each publisher collects records into batches per partition, sends them in order
// and retries them. A lane is what one publisher has open towards one partition: a list of batches, of which
// the first ones are under way and the last one still grows.

import { msToNs } from "../../base/units.ts";
import type { RandomStream } from "../../kernel/random.ts";
import { toEntry } from "./entries.ts";
import { KafkaPartitioners } from "./partitioner.ts";
import type { KafkaPlan, Publisher } from "./plan.ts";
import type { SplitWrites } from "./splitWrites.ts";
import { BatchLanes, batchStates } from "../mechanisms/batches.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { Replicas } from "../mechanisms/replicas.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of the timers of the publishing side. */
export const produceWakes = { linger: 0, arrive: 1, answer: 2, backoff: 3, deadline: 4 } as const;

const NONE = -1;

// Why the last attempt of a lane failed.
const NO_LEADER = 0;
const NOT_ENOUGH = 1;

/** All publishers of one broker. */
export class KafkaProducers {
  #plan: KafkaPlan;
  #context: BrokerContext;
  #logs: PartitionLogs;
  #replicas: Replicas;
  #splitWrites: SplitWrites;
  /** min.insync.replicas per topic; may change during the run. */
  #inSyncMin: Int32Array;
  #random: RandomStream;
  #partitioners: KafkaPartitioners;
  #batches: BatchLanes;
  /** Publisher and partition of each lane, and the lanes of each partition. */
  #publisherOf: readonly Publisher[];
  #partitionOf: readonly number[];
  #lanesOf: readonly (readonly number[])[];
  /** Per lane: failed attempts in a row, why the last one failed, and which timers are set. */
  #attempts: Int32Array;
  #failure: Int32Array;
  #isBackingOff: Int32Array;
  #hasDeadline: Int32Array;
  /** Per lane: when the last answer arrives that is on its way [ns]. */
  #answerNs: Float64Array;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    logs: PartitionLogs,
    about: { readonly replicas: Replicas; readonly splitWrites: SplitWrites },
    inSyncMin: Int32Array,
  ) {
    const { plan, context } = base;
    this.#plan = plan;
    this.#context = context;
    this.#logs = logs;
    this.#replicas = about.replicas;
    this.#splitWrites = about.splitWrites;
    this.#inSyncMin = inSyncMin;
    this.#random = context.random("retry jitter");
    this.#partitioners = new KafkaPartitioners(plan, context, this.#replicas.leader);
    this.#publisherOf = plan.publishers.flatMap((publisher) =>
      Array<Publisher>(plan.topics[publisher.topic]!.partitions).fill(publisher),
    );
    this.#partitionOf = this.#publisherOf.map(
      (publisher, lane) => plan.topics[publisher.topic]!.first + lane - publisher.firstLane,
    );
    const lanesOf = plan.topicOf.map((): number[] => []);
    this.#partitionOf.forEach((partition, lane) => lanesOf[partition]!.push(lane));
    this.#lanesOf = lanesOf;

    const { arena } = context;
    const name = `${plan.id}.produce`;
    const lanes = this.#publisherOf.length;
    this.#batches = new BatchLanes(arena, name, { lanes, links: context });
    this.#attempts = arena.int32(`${name}.attempts`, lanes).data;
    this.#failure = arena.int32(`${name}.failure`, lanes).data;
    this.#isBackingOff = arena.int32(`${name}.isBackingOff`, lanes).data;
    this.#answerNs = arena.float64(`${name}.answerNs`, lanes).data;
    this.#hasDeadline = arena.int32(`${name}.hasDeadline`, lanes).data;
  }

  /** A record is handed to a publisher's client. */
  publish(number: number, message: number): void {
    const publisher = this.#plan.publishers[number]!;
    const size = this.#context.sizeOf(message);
    const lane = publisher.firstLane + this.#partitioners.choose(number, message, size);
    const limit = publisher.values["batch.size"];
    const growing = this.#batches.growing(lane, size, limit);
    const batch = growing === NONE ? this.#open(lane) : growing;
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

  /** The leader of a partition is gone, and with it every request under way. */
  onLeaderGone(partition: number): void {
    for (const lane of this.#lanesOf[partition]!) {
      // Without acks nobody waits for the answer: what is under way is lost when it arrives nowhere.
      if (this.#publisherOf[lane]!.values.acks === "0" || this.#batches.underWay[lane] === 0)
        continue;
      this.#fail(this.#batches.first[lane]!, NO_LEADER);
    }
  }

  /** Another leader is elected while the old one is cut off. Who waits for the replicas there gets no answer and asks
   *  the new one; who does not wait goes on with the old one until it asks for the leaders again. */
  onSplit(partition: number): void {
    for (const lane of this.#lanesOf[partition]!) {
      if (this.#publisherOf[lane]!.values.acks !== "all" || this.#batches.underWay[lane] === 0)
        continue;
      this.#fail(this.#batches.first[lane]!, NO_LEADER);
    }
  }

  /** The high watermark of a partition has risen: answers what waited for it. */
  onReadable(partition: number): void {
    const readable = this.#logs.highWatermark[partition]!;
    for (const lane of this.#lanesOf[partition]!) {
      let batch = this.#batches.first[lane]!;
      while (batch !== NONE && this.#batches.state(batch) >= batchStates.sent) {
        const next = this.#batches.next(batch);
        const end = this.#batches.base(batch) + this.#batches.count(batch);
        const waits = this.#batches.state(batch) === batchStates.replicating;
        if (waits && end > readable) break;
        if (waits && this.#hasTooFewInSync(partition)) {
          this.#fail(batch, NOT_ENOUGH);
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
    for (const lane of this.#lanesOf[partition]!) {
      let batch = this.#batches.first[lane]!;
      for (; batch !== NONE; batch = this.#batches.next(batch)) {
        let offset = this.#batches.base(batch);
        if (offset < 0 || offset + this.#batches.count(batch) <= end) continue;
        this.#batches.setBase(batch, NONE);
        const { acks } = this.#publisherOf[lane]!.values;
        // On an old leader that is cut off the answer is on its way, and the loss shows later.
        if (acks === "0" || (acks === "1" && this.#splitWrites.isSplit(partition))) continue;
        let message = this.#batches.head(batch);
        for (; message !== NONE; message = this.#batches.following(message))
          this.#logs.replace(partition, offset++, toEntry(message, "all"));
      }
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
    while (this.#isBackingOff[lane] === 0 && this.#batches.underWay[lane]! < most) {
      const batch = this.#batches.toSend[lane]!;
      if (batch === NONE || this.#batches.state(batch) === batchStates.open) return;
      if (this.#replicas.leader[this.#partitionOf[lane]!]! < 0) {
        this.#fail(batch, NO_LEADER);
        return;
      }
      this.#batches.toSend[lane] = this.#batches.next(batch);
      this.#batches.underWay[lane]!++;
      this.#batches.change(batch, batchStates.sent);
      this.#setTimer(batch, produceWakes.arrive, publisher.latencyNs);
      if (publisher.values.acks !== "0") continue;
      // The publisher's references end with the confirmation, but the records are still on their way.
      this.#batches.retainAll(batch);
      this.#confirm(batch);
    }
  }

  #arrive(batch: number): void {
    const lane = this.#batches.lane(batch);
    const partition = this.#partitionOf[lane]!;
    const { acks, "enable.idempotence": idempotence } = this.#publisherOf[lane]!.values;
    // With other acks Kafka turns its default off (and refuses an explicit true).
    const isIdempotent = idempotence && acks === "all";
    if (this.#splitWrites.isMisled(this.#publisherOf[lane]!, partition)) {
      this.#writeAside(batch, partition);
      return;
    }
    if (!this.#replicas.isAvailable(partition)) {
      if (acks === "0") this.#lose(batch);
      else this.#reject(batch, NO_LEADER, isIdempotent);
      return;
    }
    if (acks === "all" && this.#hasTooFewInSync(partition)) {
      this.#reject(batch, NOT_ENOUGH, isIdempotent);
      return;
    }
    if (this.#batches.base(batch) < 0 || !isIdempotent) this.#write(batch, partition);
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
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message))
      this.#splitWrites.write(partition, message);
    if (this.#publisherOf[lane]!.values.acks === "1") {
      this.#answer(batch);
      return;
    }
    this.#batches.releaseAll(batch);
    this.#batches.remove(batch);
    this.#pump(lane);
  }

  #write(batch: number, partition: number): void {
    const { acks } = this.#publisherOf[this.#batches.lane(batch)]!.values;
    this.#batches.setBase(batch, this.#logs.end[partition]!);
    const promise = acks === "all" ? "all" : "early";
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message)) {
      this.#context.retain(message);
      const bytes = this.#context.sizeOf(message);
      const entry = toEntry(message, promise);
      this.#logs.append(partition, entry, bytes, this.#context.publishedNs(message));
    }
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
    this.#attempts[lane] = 0;
    this.#batches.detach(batch);
    this.#confirm(batch);
    this.#batches.free(batch);
    this.#pump(lane);
  }

  #confirm(batch: number): void {
    const { index } = this.#publisherOf[this.#batches.lane(batch)]!;
    this.#context.confirmedAll(index, this.#batches.head(batch), this.#batches.count(batch));
  }

  /** Sent without acks to a node that is gone. */
  #lose(batch: number): void {
    const lane = this.#batches.lane(batch);
    const { channel } = this.#plan.topics[this.#publisherOf[lane]!.topic]!;
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message))
      this.#context.lost(channel, message, "leader-unavailable");
    this.#batches.releaseAll(batch);
    this.#batches.remove(batch);
    this.#pump(lane);
  }

  #refuse(batch: number, publisher: number, reason: string): void {
    let message = this.#batches.head(batch);
    while (message !== NONE) {
      const next = this.#batches.following(message);
      this.#context.refused(publisher, message, reason);
      message = next;
    }
  }

  /** The node refuses a batch. With idempotence it refuses those behind too, because one is missing; without it they
   *  may be written before this one is sent again. */
  #reject(batch: number, failure: number, isIdempotent: boolean): void {
    if (isIdempotent) {
      this.#fail(batch, failure);
      return;
    }
    this.#batches.change(batch, batchStates.retry);
    this.#batches.overtaken(batch);
    this.#backOff(this.#batches.lane(batch), failure);
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
    this.#backOff(lane, failure);
  }

  #backOff(lane: number, failure: number): void {
    this.#failure[lane] = failure;
    if (this.#isBackingOff[lane] === 1) return;
    this.#isBackingOff[lane] = 1;
    const { values } = this.#publisherOf[lane]!;
    const doubled = values["retry.backoff.ms"] * 2 ** Math.min(this.#attempts[lane]!++, 20);
    const jitter = 0.8 + 0.4 * this.#random.uniform();
    const waitMs = Math.min(values["retry.backoff.max.ms"], doubled * jitter);
    this.#context.schedule(msToNs(waitMs), produceWakes.backoff, lane, 0);
  }

  #retry(lane: number): void {
    this.#isBackingOff[lane] = 0;
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
    const { index, timeoutNs, values } = this.#publisherOf[lane]!;
    const oldestNs = this.#context.now() - timeoutNs;
    const reason =
      this.#failure[lane] === NOT_ENOUGH && this.#attempts[lane]! > 0
        ? "not-enough-replicas"
        : "delivery-timeout";
    let batch = this.#batches.first[lane]!;
    while (batch !== NONE && this.#batches.openedNs(batch) <= oldestNs) {
      const isAnswered = values.acks === "0" && this.#batches.state(batch) >= batchStates.sent;
      if (isAnswered) break;
      // Out of the lane first: the publisher may react at once, by publishing again.
      this.#batches.detach(batch);
      this.#refuse(batch, index, reason);
      this.#batches.free(batch);
      batch = this.#batches.first[lane]!;
    }
    this.#hasDeadline[lane] = 0;
    this.#armDeadline(lane);
    this.#pump(lane);
  }
}
