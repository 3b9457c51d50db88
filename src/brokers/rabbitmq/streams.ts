// Streams of RabbitMQ: logs that are read without taking anything out, by offset. Each service is one reader, whose workers
// share what comes; it goes on behind what it was sent, and a message that failed is not sent again.

import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import type { Cluster } from "./cluster.ts";
import type { Settings } from "./settings.ts";
import type { Account, BrokerContext, Verdict } from "../technology.ts";

/** Timer codes: a message arrives at its reader (subscription, offset); a worker's answer is back (delivery, verdict). */
export const STREAM_ARRIVE = 13;
export const STREAM_SETTLED = 14;

const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** Mark of a delivery that its worker has dealt with. */
const ANSWERED = 1;

/** The streams of one broker, by the positions of their queues. */
export class Streams {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #cluster: Cluster;
  readonly #logs: readonly (Ring | undefined)[];
  /** Per subscription: where its copies are booked; the next offset to be sent, -1 before it has attached; copies that
   *  are sent and not answered; copies that no worker has. */
  readonly #accounts: readonly Account[];
  readonly #next: Int32Column;
  readonly #unanswered: Int32Column;
  readonly #waiting: Int32Column;
  /** Per subscription: offsets to be sent once more, before all others; workers that are up, in turn. */
  readonly #again: readonly (Ring | undefined)[];
  readonly #workers: readonly (Ring | undefined)[];

  constructor(context: BrokerContext, settings: Settings, cluster: Cluster) {
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
    this.#cluster = cluster;
    this.#logs = queues.map((queue, at) =>
      queue.stream ? new Ring(arena, `${id}.log${at}`) : undefined,
    );
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
    return this.#context.publishedNs(log.at(Math.min(offset, log.size() - 1)));
  }

  /** A message comes to the end of a stream, which retains it already. */
  append(queue: number, message: number): void {
    this.#logs[queue]!.pushBack(message);
    this.#settings.subscriptions.forEach((one, subscription) => {
      if (one?.queue !== queue || this.#next.data[subscription]! < 0) return;
      // Offsets ahead of the end are not there yet.
      if (this.#next.data[subscription]! >= this.length(queue)) return;
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
      this.#again[subscription]!.pushBack(this.#context.deliveryTag(delivery));
      this.#context.returned(delivery, "consumer-gone");
      this.#context.forget(delivery);
      this.#waiting.data[subscription]!++;
      this.#unanswered.data[subscription]!--;
    }
    this.#pump(subscription);
  }

  /** A message is at its reader: the worker whose turn it is gets it. */
  arrive(subscription: number, word: number): void {
    const [offset, attempt] = [word >> 1, (word & 1) + 1];
    const workers = this.#workers[subscription]!;
    const worker = workers.popFront();
    if (worker < 0) {
      this.#again[subscription]!.pushBack(offset);
      this.#unanswered.data[subscription]!--;
      return;
    }
    workers.pushBack(worker);
    const account = this.#accounts[subscription]!;
    const message = this.#log(subscription).at(offset);
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
    const end = log.size();
    const asked = this.#settings.subscriptions[subscription]!.streamOffset;
    const first = asked === "first" ? 0 : asked === "last" ? Math.max(0, end - 1) : asked;
    const from = first === "next" ? end : first;
    this.#next.data[subscription] = from;
    for (let offset = from; offset < end; offset++) this.#book(subscription, log.at(offset));
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
      (again.size() > 0 || this.#next.data[subscription]! < log.size())
    ) {
      const isAgain = again.size() > 0;
      const offset = isAgain ? again.popFront() : this.#next.data[subscription]!++;
      this.#unanswered.data[subscription]!++;
      const word = offset * 2 + (isAgain ? 1 : 0);
      this.#context.schedule(latencyNs, STREAM_ARRIVE, subscription, word);
    }
  }

  #log(subscription: number): Ring {
    return this.#logs[this.#settings.subscriptions[subscription]!.queue]!;
  }

  #windowOf(subscription: number): number {
    return this.#settings.subscriptions[subscription]!.window;
  }
}
