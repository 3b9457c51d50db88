// Streams of RabbitMQ: logs that are read without taking anything out, by offset. Each service is one reader, whose workers
// share what comes; it goes on behind what it was sent, and a message that failed is not sent again.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { Alarms } from "./alarms.ts";
import type { Cluster } from "./cluster.ts";
import { Segments } from "./segments.ts";
import type { Settings } from "./settings.ts";
import type { StreamOffset } from "./streamOffset.ts";
import type { Account, BrokerContext, Verdict } from "../technology.ts";

/** Timer codes: a message arrives at its reader (subscription, offset); a worker's answer is back (delivery, verdict). */
export const STREAM_ARRIVE = 13;
export const STREAM_SETTLED = 14;

const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** Why a reader misses messages that its stream no longer keeps. */
const OVERTAKEN = "overtaken-by-retention";

/** Mark of a delivery that its worker has dealt with. */
const ANSWERED = 1;

/** The streams of one broker, by the positions of their queues. */
export class Streams {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #cluster: Cluster;
  readonly #alarms: Alarms;
  readonly #logs: readonly (Ring | undefined)[];
  /** Of streams that do not keep everything: their segments; the offset of the oldest message. */
  readonly #segments: readonly (Segments | undefined)[];
  readonly #first: Float64Column | undefined;
  /** Per subscription: where its copies are booked; the next offset to be sent, -1 before it has attached; copies that
   *  are sent and not answered; copies that no worker has. */
  readonly #accounts: readonly Account[];
  readonly #next: Int32Column;
  readonly #unanswered: Int32Column;
  readonly #waiting: Int32Column;
  /** Per subscription: offsets to be sent once more, before all others; workers that are up, in turn. */
  readonly #again: readonly (Ring | undefined)[];
  readonly #workers: readonly (Ring | undefined)[];
  /** Per subscription to such a stream: messages on the wire to the reader, who has them whatever becomes of the log. */
  readonly #onTheWire: readonly (Ring | undefined)[];

  constructor(
    context: BrokerContext,
    settings: Settings,
    about: { readonly cluster: Cluster; readonly alarms: Alarms },
  ) {
    const { arena } = context;
    const { id, subscriptions, queues } = settings;
    const rings = (name: string) =>
      subscriptions.map((one, index) =>
        one !== undefined && queues[one.queue]!.stream
          ? new Ring(arena, `${id}.${name}${index}`)
          : undefined,
      );
    this.#context = context;
    this.#settings = settings;
    this.#cluster = about.cluster;
    this.#alarms = about.alarms;
    this.#logs = queues.map((queue, at) =>
      queue.stream ? new Ring(arena, `${id}.log${at}`) : undefined,
    );
    this.#segments = queues.map(({ retention }, at) =>
      retention === undefined ? undefined : new Segments(context, `${id}.segments${at}`, retention),
    );
    this.#first = this.#segments.some((one) => one !== undefined)
      ? arena.float64(`${id}.firstOffset`, queues.length)
      : undefined;
    this.#again = rings("again");
    this.#workers = rings("readers");
    this.#accounts = this.#again.map((ring, index) =>
      ring === undefined
        ? -1
        : context.openAccount(queues[subscriptions[index]!.queue]!.channel, index),
    );
    this.#next = arena.int32(`${id}.nextOffset`, subscriptions.length);
    this.#next.data.fill(-1, 0, subscriptions.length);
    this.#unanswered = arena.int32(`${id}.streamUnanswered`, subscriptions.length);
    this.#waiting = arena.int32(`${id}.streamWaiting`, subscriptions.length);
    this.#onTheWire = subscriptions.map((one, index) =>
      one !== undefined && this.#segments[one.queue] !== undefined
        ? new Ring(arena, `${id}.streamWire${index}`)
        : undefined,
    );
  }

  /** Whether a subscription reads a stream. */
  reads(subscription: number): boolean {
    return this.#again[subscription] !== undefined;
  }

  /** Number of messages in the stream that is a queue. */
  length(queue: number): number {
    return this.#logs[queue]?.size() ?? 0;
  }

  /** Messages of a stream that no worker of a reader has. */
  waiting(subscription: number): number {
    return this.#waiting.data[subscription]!;
  }

  /** Whether a reader has as many messages as its prefetch_count allows. */
  isFull(subscription: number): boolean {
    return this.#unanswered.data[subscription]! >= this.#windowOf(subscription);
  }

  /** Publication time of the oldest message that waits for a reader [ns], -1 without. */
  oldestNs(subscription: number): number {
    const again = this.#again[subscription]!;
    const log = this.#log(subscription);
    const offset = again.size() > 0 ? again.at(0) : this.#next.data[subscription]!;
    if (this.waiting(subscription) === 0 || offset < 0) return -1;
    const position = offset - this.#firstOf(subscription);
    return this.#context.publishedNs(log.at(Math.min(position, log.size() - 1)));
  }

  /** A message comes to the end of a stream, which retains it already. */
  append(queue: number, message: number): void {
    const log = this.#logs[queue]!;
    const segments = this.#segments[queue];
    if (segments !== undefined) {
      const end = this.#first!.data[queue]! + log.size();
      this.#retire(
        queue,
        segments.append(message, end, (position) => log.at(position)),
      );
    }
    log.pushBack(message);
    this.#alarms.count(queue, message, 1);
    this.#settings.subscriptions.forEach((one, subscription) => {
      if (one?.queue !== queue || this.#next.data[subscription]! < 0) return;
      // Offsets ahead of the end are not there yet.
      if (this.#next.data[subscription]! >= this.#endOf(subscription)) return;
      this.#book(subscription, message);
      this.#pump(subscription);
    });
  }

  /** The queue works again. */
  resume(queue: number): void {
    this.#settings.subscriptions.forEach((one, subscription) => {
      if (one?.queue === queue && this.reads(subscription)) this.#pump(subscription);
    });
  }

  join(subscription: number, worker: number): void {
    this.#workers[subscription]!.pushBack(worker);
    if (this.#next.data[subscription]! < 0) this.#attach(subscription);
    this.#pump(subscription);
  }

  /** A worker is gone: what it has not answered is sent once more. */
  leave(subscription: number, worker: number): void {
    this.#workers[subscription]!.removeValue(worker);
    const open = this.#context
      .deliveriesOf(subscription, worker)
      .filter((delivery) => this.#context.deliveryMark(delivery) !== ANSWERED)
      .toSorted((a, b) => this.#context.deliveryOffset(a) - this.#context.deliveryOffset(b));
    for (const delivery of open) {
      this.#unanswered.data[subscription]!--;
      const offset = this.#context.deliveryTag(delivery);
      if (offset < this.#firstOf(subscription)) this.#context.discarded(delivery, OVERTAKEN);
      else {
        this.#again[subscription]!.pushBack(offset);
        this.#context.returned(delivery, "consumer-gone");
        this.#waiting.data[subscription]!++;
      }
      this.#context.forget(delivery);
    }
    this.#pump(subscription);
  }

  /** A message is at its reader: the worker whose turn it is gets it. */
  arrive(subscription: number, word: number): void {
    const [offset, attempt] = [word >> 1, (word & 1) + 1];
    const workers = this.#workers[subscription]!;
    const worker = workers.popFront();
    const wire = this.#onTheWire[subscription];
    const message = wire?.popFront() ?? this.#log(subscription).at(offset);
    if (worker < 0) this.#missed(subscription, offset, message);
    else this.#hand(subscription, worker, { offset, attempt, message });
    if (wire !== undefined) this.#context.release(message);
  }

  /** Nobody is there to take what has arrived: it is sent again, if the stream still has it. */
  #missed(subscription: number, offset: number, message: number): void {
    this.#unanswered.data[subscription]!--;
    if (offset >= this.#firstOf(subscription)) this.#again[subscription]!.pushBack(offset);
    else this.#drop(subscription, message);
  }

  #hand(
    subscription: number,
    worker: number,
    about: { readonly offset: number; readonly attempt: number; readonly message: number },
  ): void {
    const { offset, attempt, message } = about;
    this.#workers[subscription]!.pushBack(worker);
    const account = this.#accounts[subscription]!;
    const delivery = this.#context.takeOut(account, message, attempt, offset);
    this.#context.placed(delivery, 0, offset);
    this.#waiting.data[subscription]!--;
    this.#context.deliver(delivery, subscription, worker);
  }

  settle(delivery: number, verdict: Verdict): void {
    const subscription = this.#context.deliverySubscription(delivery);
    const { latencyNs } = this.#settings.subscriptions[subscription]!;
    this.#context.mark(delivery, ANSWERED);
    this.#context.schedule(latencyNs, STREAM_SETTLED, delivery, verdicts.indexOf(verdict));
  }

  /** An answer is back. Whatever it says, it is credit for the next message and nothing else. */
  settled(delivery: number, word: number): void {
    const subscription = this.#context.deliverySubscription(delivery);
    const verdict = verdicts[word]!;
    if (verdict === "done") this.#context.acknowledged(delivery);
    else if (verdict === "set-aside") this.#context.rejected(delivery, verdict);
    else this.#context.discarded(delivery, "failed-in-stream");
    this.#context.forget(delivery);
    this.#unanswered.data[subscription]!--;
    this.#pump(subscription);
  }

  #attach(subscription: number): void {
    const log = this.#log(subscription);
    const [first, end] = [this.#firstOf(subscription), this.#endOf(subscription)];
    const asked = this.#settings.subscriptions[subscription]!.streamOffset;
    const from = Math.max(first, this.#offsetOf(subscription, asked));
    this.#next.data[subscription] = from;
    for (let offset = from; offset < end; offset++)
      this.#book(subscription, log.at(offset - first));
  }

  #offsetOf(subscription: number, asked: StreamOffset): number {
    const [first, end] = [this.#firstOf(subscription), this.#endOf(subscription)];
    switch (asked.from) {
      case "first":
        return first;
      case "last":
        return end - 1;
      case "next":
        return end;
      case "offset":
        return asked.offset;
      default: {
        const sinceNs = asked.from === "time" ? asked.ns : this.#context.now() - asked.ns;
        const log = this.#log(subscription);
        let position = 0;
        while (position < log.size() && this.#context.publishedNs(log.at(position)) < sinceNs)
          position++;
        return first + position;
      }
    }
  }

  /** So many of a stream's oldest messages go; readers that have not come to them miss them. */
  #retire(queue: number, count: number): void {
    if (count === 0) return;
    const log = this.#logs[queue]!;
    const first = this.#first!.data[queue]!;
    this.#settings.subscriptions.forEach((one, subscription) => {
      if (one?.queue === queue) this.#overtake(subscription, first, first + count);
    });
    for (let left = count; left > 0; left--) {
      const message = log.popFront();
      this.#alarms.count(queue, message, -1);
      this.#context.release(message);
    }
    this.#first!.data[queue] = first + count;
  }

  /** The messages from one offset up to another go that a reader has not been sent. */
  #overtake(subscription: number, from: number, to: number): void {
    const log = this.#log(subscription);
    const again = this.#again[subscription]!;
    for (let left = again.size(); left > 0; left--) {
      const offset = again.popFront();
      if (offset >= to) again.pushBack(offset);
      else this.#drop(subscription, log.at(offset - from));
    }
    const next = this.#next.data[subscription]!;
    if (next < 0 || next >= to) return;
    for (let offset = next; offset < to; offset++) this.#drop(subscription, log.at(offset - from));
    this.#next.data[subscription] = to;
  }

  #drop(subscription: number, message: number): void {
    this.#context.dropped(this.#accounts[subscription]!, message, OVERTAKEN);
    this.#waiting.data[subscription]!--;
  }

  #book(subscription: number, message: number): void {
    this.#context.routed(this.#accounts[subscription]!, message);
    this.#waiting.data[subscription]!++;
  }

  #pump(subscription: number): void {
    const { queue, latencyNs } = this.#settings.subscriptions[subscription]!;
    const again = this.#again[subscription]!;
    const log = this.#log(subscription);
    while (
      this.#cluster.works(queue) &&
      this.#workers[subscription]!.size() > 0 &&
      !this.isFull(subscription) &&
      (again.size() > 0 || this.#next.data[subscription]! < this.#endOf(subscription))
    ) {
      const isAgain = again.size() > 0;
      const offset = isAgain ? again.popFront() : this.#next.data[subscription]!++;
      this.#unanswered.data[subscription]!++;
      const wire = this.#onTheWire[subscription];
      if (wire !== undefined) {
        const message = log.at(offset - this.#firstOf(subscription));
        this.#context.retain(message);
        wire.pushBack(message);
      }
      const word = offset * 2 + (isAgain ? 1 : 0);
      this.#context.schedule(latencyNs, STREAM_ARRIVE, subscription, word);
    }
  }

  #log(subscription: number): Ring {
    return this.#logs[this.#settings.subscriptions[subscription]!.queue]!;
  }

  /** Offset of the oldest message. */
  #firstOf(subscription: number): number {
    if (this.#first === undefined) return 0;
    return this.#first.data[this.#settings.subscriptions[subscription]!.queue]!;
  }

  /** Offset of the message that comes next. */
  #endOf(subscription: number): number {
    return this.#firstOf(subscription) + this.#log(subscription).size();
  }

  #windowOf(subscription: number): number {
    return this.#settings.subscriptions[subscription]!.window;
  }
}
