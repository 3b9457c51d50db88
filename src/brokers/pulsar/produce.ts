// The publishing side of Pulsar: each producer collects messages into batches per partition and sends them without waiting
// for answers; after a lost connection everything without an answer is sent again, in order. A lane is what one producer
// has open towards one partition.

import type { PulsarCluster } from "./cluster.ts";
import { reconnectNs } from "./backoff.ts";
import { PulsarRouters } from "./router.ts";
import type { Producer, PulsarPlan } from "./plan.ts";
import { BatchLanes, batchStates } from "../mechanisms/batches.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of the timers of the publishing side. */
export const produceWakes = {
  linger: 0,
  arrive: 1,
  written: 2,
  answer: 3,
  reconnect: 4,
  deadline: 5,
} as const;

const NONE = -1;

/** A log entry: the message, and whether it begins a batch. */
export function toEntry(message: number, place: "first" | "further"): number {
  return message * 2 + (place === "first" ? 1 : 0);
}

/** The message of a log entry. */
export function messageOf(entry: number): number {
  return entry >> 1;
}

/** Whether a log entry begins a batch. */
export function isFirst(entry: number): boolean {
  return (entry & 1) === 1;
}

/** What the consuming side and the quotas have to say about a write. */
export interface Keeper {
  /** "hold": not now; "refuse": the producer gets an exception. */
  admit(partition: number): "write" | "hold" | "refuse";
  /** Entries from … to are in the log. */
  onWritten(partition: number, from: number, to: number): void;
}

/** All producers of one cluster. */
export class PulsarProducers {
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  readonly #logs: PartitionLogs;
  readonly #cluster: PulsarCluster;
  readonly #keeper: Keeper;
  readonly #routers: PulsarRouters;
  readonly #batches: BatchLanes;
  readonly #producerOf: readonly Producer[];
  readonly #partitionOf: readonly number[];
  readonly #lanesOf: readonly (readonly number[])[];
  /** Per lane: attempts to find the topic again, since when [ns], and which timers are set. */
  readonly #attempts: Int32Array;
  readonly #lostNs: Float64Array;
  /** When the last answer arrives [ns]. */
  readonly #answerNs: Float64Array;
  readonly #isReconnecting: Int32Array;
  readonly #hasDeadline: Int32Array;
  /** Messages without answer per lane. */
  readonly #pending: Int32Array;
  /** Entries written per partition, and when the last of them will be there [ns]. */
  readonly #entries: Int32Array;
  readonly #writtenNs: Float64Array;

  constructor(
    base: { readonly plan: PulsarPlan; readonly context: BrokerContext },
    logs: PartitionLogs,
    cluster: PulsarCluster,
    keeper: Keeper,
  ) {
    const { plan, context } = base;
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#logs = logs;
    this.#cluster = cluster;
    this.#keeper = keeper;
    this.#routers = new PulsarRouters(plan, context);
    this.#producerOf = plan.producers.flatMap((producer) =>
      Array<Producer>(plan.topics[producer.topic]!.partitions).fill(producer),
    );
    this.#partitionOf = this.#producerOf.map(
      (producer, lane) => plan.topics[producer.topic]!.first + lane - producer.firstLane,
    );
    const lanesOf = plan.topicOf.map((): number[] => []);
    this.#partitionOf.forEach((partition, lane) => lanesOf[partition]!.push(lane));
    this.#lanesOf = lanesOf;
    const name = `${plan.id}.produce`;
    const lanes = this.#producerOf.length;
    this.#batches = new BatchLanes(arena, name, { lanes, links: context });
    this.#attempts = arena.int32(`${name}.attempts`, lanes).data;
    this.#answerNs = arena.float64(`${name}.answerNs`, lanes).data;
    this.#lostNs = arena.float64(`${name}.lostNs`, lanes).data;
    this.#isReconnecting = arena.int32(`${name}.isReconnecting`, lanes).data;
    this.#hasDeadline = arena.int32(`${name}.hasDeadline`, lanes).data;
    this.#pending = arena.int32(`${name}.pending`, lanes).data;
    this.#entries = arena.int32(`${name}.entries`, plan.topicOf.length).data;
    this.#writtenNs = arena.float64(`${name}.writtenNs`, plan.topicOf.length).data;
  }

  /** A message is handed to a producer. */
  publish(number: number, message: number): void {
    const producer = this.#plan.producers[number]!;
    const { messagesMax, bytesMax, lingerNs, values } = producer;
    const lane = producer.firstLane + this.#routers.choose(number, message);
    if (values.maxPendingMessages > 0 && this.#pending[lane]! >= values.maxPendingMessages) {
      this.#context.refused(producer.index, message, "producer-queue-full");
      return;
    }
    this.#pending[lane]!++;
    const size = this.#context.sizeOf(message);
    const growing = lingerNs > 0 ? this.#growing(lane, size, producer) : NONE;
    const batch = growing === NONE ? this.#open(lane) : growing;
    this.#batches.append(batch, message, size);
    const isFull =
      this.#batches.count(batch) >= messagesMax || this.#batches.bytes(batch) >= bytesMax;
    if (isFull) this.#makeReady(batch);
    else if (growing === NONE) this.#setTimer(batch, produceWakes.linger, lingerNs);
  }

  /** The client of a consumer publishes a message (a dead letter): it is written at once. False while it cannot be. */
  republish(topic: number, message: number): boolean {
    const { first, partitions } = this.#plan.topics[topic]!;
    const partition = first + this.#routers.byKey(message, partitions);
    if (!this.#cluster.isOpen(partition) || !this.#cluster.canWrite(partition)) return false;
    this.#context.retain(message);
    const offset = this.#logs.end[partition]!;
    this.#append(partition, message, "first");
    this.#entries[partition]!++;
    this.#keeper.onWritten(partition, offset, offset + 1);
    return true;
  }

  /** A timer of the publishing side has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === produceWakes.reconnect) this.#reconnect(a);
    else if (code === produceWakes.deadline) this.#checkDeadline(a);
    else if (this.#batches.stamp(a) !== b) return;
    else if (code === produceWakes.linger) this.#makeReady(a);
    else if (code === produceWakes.arrive) this.#arrive(a);
    else if (code === produceWakes.written) this.#written(a);
    else this.#succeed(a);
  }

  /** Nobody serves a partition any more: connections break, and what was under way has no answer. */
  onGone(partition: number): void {
    for (const lane of this.#lanesOf[partition]!)
      if (this.#batches.underWay[lane]! > 0) this.#lose(this.#batches.first[lane]!);
  }

  #growing(lane: number, size: number, { bytesMax, messagesMax }: Producer): number {
    const batch = this.#batches.growing(lane, size, bytesMax);
    const isOpen = batch !== NONE && this.#batches.state(batch) === batchStates.open;
    return isOpen && this.#batches.count(batch) < messagesMax ? batch : NONE;
  }

  /** A new batch; the one before is sent, full or not. */
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

  /** Sends what is ready, as long as the connection holds. */
  #pump(lane: number): void {
    while (this.#isReconnecting[lane] === 0) {
      const batch = this.#batches.toSend[lane]!;
      if (batch === NONE || this.#batches.state(batch) === batchStates.open) return;
      if (!this.#cluster.isOpen(this.#partitionOf[lane]!)) {
        this.#lose(batch);
        return;
      }
      this.#batches.toSend[lane] = this.#batches.next(batch);
      this.#batches.underWay[lane]!++;
      this.#batches.change(batch, batchStates.sent);
      this.#setTimer(batch, produceWakes.arrive, this.#producerOf[lane]!.latencyNs);
    }
  }

  #arrive(batch: number): void {
    const lane = this.#batches.lane(batch);
    const partition = this.#partitionOf[lane]!;
    if (!this.#cluster.isOpen(partition) || !this.#cluster.canWrite(partition)) {
      this.#lose(batch);
      return;
    }
    const answer = this.#keeper.admit(partition);
    if (answer === "hold") this.#lose(batch);
    else if (answer === "refuse") this.#refuseAll(lane);
    else this.#write(batch, partition);
  }

  /** On its way to the bookies; entries of a partition arrive in order. */
  #write(batch: number, partition: number): void {
    const now = this.#context.now();
    const doneNs = Math.max(
      this.#writtenNs[partition]!,
      now + this.#cluster.writeNs(partition, this.#entries[partition]!),
    );
    this.#writtenNs[partition] = doneNs;
    this.#entries[partition]!++;
    this.#batches.change(batch, batchStates.replicating);
    this.#setTimer(batch, produceWakes.written, doneNs - now);
  }

  #written(batch: number): void {
    const lane = this.#batches.lane(batch);
    const partition = this.#partitionOf[lane]!;
    if (!this.#cluster.canWrite(partition)) {
      this.#lose(batch);
      return;
    }
    const from = this.#logs.end[partition]!;
    const isKnown = this.#batches.base(batch) >= 0;
    // A batch that comes again after a lost answer is written again, unless the broker remembers its sequence id.
    if (!isKnown || !this.#plan.cluster.brokerDeduplicationEnabled) this.#appendAll(batch);
    this.#batches.change(batch, batchStates.answered);
    const { latencyNs } = this.#producerOf[lane]!;
    const now = this.#context.now();
    const slowNs = Math.round(latencyNs * this.#cluster.slowness(partition));
    // Answers keep their order on a connection.
    this.#answerNs[lane] = Math.max(this.#answerNs[lane]!, now + slowNs);
    this.#setTimer(batch, produceWakes.answer, this.#answerNs[lane] - now);
    const to = this.#logs.end[partition]!;
    if (to > from) this.#keeper.onWritten(partition, from, to);
  }

  #appendAll(batch: number): void {
    const lane = this.#batches.lane(batch);
    const partition = this.#partitionOf[lane]!;
    this.#batches.setBase(batch, this.#logs.end[partition]!);
    const { values } = this.#producerOf[lane]!;
    if (values.batcherBuilder === "KEY_BASED" && this.#batches.count(batch) > 1) {
      this.#appendByKey(batch, partition);
      return;
    }
    let place: "first" | "further" = "first";
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message)) {
      this.#context.retain(message);
      this.#append(partition, message, place);
      place = "further";
    }
  }

  /** A batch for each key, in the order in which the keys came first. */
  #appendByKey(batch: number, partition: number): void {
    const byKey = new Map<number, number[]>();
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message)) {
      const key = this.#context.keyOf(message);
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [message]);
      else list.push(message);
    }
    for (const messages of byKey.values())
      messages.forEach((one, i) => {
        this.#context.retain(one);
        this.#append(partition, one, i === 0 ? "first" : "further");
      });
  }

  #append(partition: number, message: number, place: "first" | "further"): void {
    const bytes = this.#context.sizeOf(message);
    const entry = toEntry(message, place);
    this.#logs.append(partition, entry, bytes, this.#context.publishedNs(message));
  }

  #succeed(batch: number): void {
    const lane = this.#batches.lane(batch);
    this.#attempts[lane] = 0;
    this.#batches.detach(batch);
    const count = this.#batches.count(batch);
    this.#pending[lane]! -= count;
    this.#context.confirmedAll(this.#producerOf[lane]!.index, this.#batches.head(batch), count);
    this.#batches.free(batch);
    this.#pump(lane);
  }

  /** The connection is lost, or the broker does not take a batch now: it and all behind it are sent again when the
   *  client has found the topic again. */
  #lose(from: number): void {
    const lane = this.#batches.lane(from);
    for (let batch = from; batch !== NONE; batch = this.#batches.next(batch)) {
      if (this.#batches.state(batch) < batchStates.sent) break;
      this.#batches.change(batch, batchStates.retry);
      this.#batches.underWay[lane]!--;
    }
    this.#batches.toSend[lane] = from;
    if (this.#isReconnecting[lane] === 1) return;
    this.#isReconnecting[lane] = 1;
    const now = this.#context.now();
    const attempt = this.#attempts[lane]!++;
    if (attempt === 0) this.#lostNs[lane] = now;
    const pauseNs = this.#pauseNs(lane, attempt);
    this.#context.schedule(pauseNs, produceWakes.reconnect, lane, 0);
  }

  /** Doubles from attempt to attempt, but one attempt is always made shortly before the send timeout. */
  #pauseNs(lane: number, attempt: number): number {
    const pauseNs = reconnectNs(attempt);
    const { timeoutNs } = this.#producerOf[lane]!;
    const lastNs = this.#lostNs[lane]! + timeoutNs - reconnectNs(0);
    const now = this.#context.now();
    return now < lastNs && now + pauseNs > lastNs
      ? Math.max(reconnectNs(0), lastNs - now)
      : pauseNs;
  }

  #reconnect(lane: number): void {
    this.#isReconnecting[lane] = 0;
    this.#pump(lane);
  }

  /** The backlog quota of a partition is used up and its policy is producer_exception. */
  #refuseAll(lane: number): void {
    this.#refuseWhile(lane, "backlog-quota-exceeded", (batch) => {
      return this.#batches.state(batch) !== batchStates.open;
    });
  }

  #refuseWhile(lane: number, reason: string, applies: (batch: number) => boolean): void {
    const { index } = this.#producerOf[lane]!;
    let batch = this.#batches.first[lane]!;
    // At most what is there now: the producer may react at once, by publishing again.
    const last = this.#batches.last(lane);
    while (batch !== NONE && applies(batch)) {
      const isLast = batch === last;
      this.#batches.detach(batch);
      this.#pending[lane]! -= this.#batches.count(batch);
      let message = this.#batches.head(batch);
      while (message !== NONE) {
        const next = this.#batches.following(message);
        this.#context.refused(index, message, reason);
        message = next;
      }
      this.#batches.free(batch);
      if (isLast) return;
      batch = this.#batches.first[lane]!;
    }
  }

  #armDeadline(lane: number): void {
    const first = this.#batches.first[lane]!;
    if (first === NONE || this.#hasDeadline[lane] === 1) return;
    const { timeoutNs } = this.#producerOf[lane]!;
    if (timeoutNs === Infinity) return;
    this.#hasDeadline[lane] = 1;
    const leftNs = this.#batches.openedNs(first) + timeoutNs - this.#context.now();
    this.#context.schedule(Math.max(0, leftNs), produceWakes.deadline, lane, 0);
  }

  /** Gives up batches that are too old. One timer per lane, for its first batch, does for all. */
  #checkDeadline(lane: number): void {
    const oldestNs = this.#context.now() - this.#producerOf[lane]!.timeoutNs;
    this.#refuseWhile(lane, "send-timeout", (batch) => this.#batches.openedNs(batch) <= oldestNs);
    this.#hasDeadline[lane] = 0;
    this.#armDeadline(lane);
    this.#pump(lane);
  }
}
