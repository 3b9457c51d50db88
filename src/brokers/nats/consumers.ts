// JetStream's consumers: a place in the stream and a window of messages that wait for an acknowledgement. The server sends
// again what is not acknowledged in time, up to max_deliver times, and then leaves it in the stream.

import type { RandomStream } from "../../kernel/random.ts";
import { LeasedCopies } from "../mechanisms/leasedCopies.ts";
import { LeaseQueue } from "../mechanisms/leaseQueue.ts";
import type { Servers } from "./servers.ts";
import { type ConsumerSettings, NOBODY, type Settings, toNs } from "./settings.ts";
import type { Store } from "./store.ts";
import { Workers } from "./workers.ts";
import type { BrokerContext, Verdict } from "../technology.ts";

/** Codes of the timers of consumers. */
export const consumerWakes = { lease: 16, arrive: 17, answer: 18, fetch: 19 } as const;

const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];
const STALE = -1;

/** All consumers of one cluster. */
export class Consumers {
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #servers: Servers;
  readonly #accounts: readonly number[];
  readonly #copies: LeasedCopies;
  readonly #queues: readonly LeaseQueue[];
  /** Per consumer: the next message to send first (-1: none), how many are unsent, and copies that wait in the books. */
  readonly #next: Int32Array;
  readonly #unsent: Int32Array;
  readonly #waiting: Int32Array;
  readonly #workers: Workers;
  readonly #random: RandomStream;
  /** Made later, because the store tells what goes. */
  store!: Store;
  /** Whether a message of its stream is one of a consumer's. */
  wants: (consumer: number, entry: number) => boolean = () => false;

  constructor(settings: Settings, context: BrokerContext, servers: Servers) {
    const { arena } = context;
    const { id, consumers } = settings;
    this.#settings = settings;
    this.#context = context;
    this.#servers = servers;
    this.#accounts = consumers.map(({ stream, subscriptions: members }) =>
      context.openAccount(
        settings.streams[stream]!.channel,
        members.length === 1 ? members[0]! : NOBODY,
      ),
    );
    this.#copies = new LeasedCopies(arena, `${id}.pending`);
    this.#queues = consumers.map(
      (_, number) =>
        new LeaseQueue(this.#copies, context, {
          name: `${id}.consumer${number}`,
          number,
          timerCode: consumerWakes.lease,
        }),
    );
    this.#next = arena.int32(`${id}.next`, consumers.length).data;
    this.#next.fill(NOBODY, 0, consumers.length);
    this.#unsent = arena.int32(`${id}.unsent`, consumers.length).data;
    this.#waiting = arena.int32(`${id}.waitingCopies`, consumers.length).data;
    this.#workers = new Workers(settings, context);
    this.#random = context.random("push");
  }

  /** Copies that nobody works on. */
  waiting(consumer: number): number {
    return this.#waiting[consumer]!;
  }

  /** The message that waits longest or is worked on longest, -1 for none. */
  oldest(consumer: number): number {
    const first = this.#queues[consumer]!.first();
    if (first !== NOBODY) return this.#copies.message(first);
    const next = this.#next[consumer]!;
    return next === NOBODY ? NOBODY : this.store.logs.message(next);
  }

  /** Messages that are sent and not acknowledged. */
  pending(consumer: number): number {
    const queue = this.#queues[consumer]!;
    return queue.heldCount() + queue.delayedCount() + queue.readyCount();
  }

  join(subscription: number, worker: number): void {
    this.#workers.join(subscription, worker);
    const { latencyNs } = this.#settings.subscriptions[subscription]!;
    this.#context.schedule(latencyNs, consumerWakes.fetch, subscription, worker);
  }

  leave(subscription: number, worker: number): void {
    const { consumer } = this.#settings.subscriptions[subscription]!;
    this.#workers.leave(subscription, worker);
    const context = this.#context;
    const held = context
      .deliveriesOf(subscription, worker)
      .toSorted((a, b) => context.deliveryOffset(a) - context.deliveryOffset(b));
    for (const delivery of held) {
      const copy = context.deliveryTag(delivery);
      // The server notices nothing: ack_wait runs on.
      if (copy === NOBODY) {
        context.discarded(delivery, "acknowledged when sent, lost with its worker");
      } else if (context.deliveryMark(delivery) !== STALE) {
        if (this.#isAnswered(copy)) continue;
        this.#takeBack(consumer, copy, "client gone: until ack_wait ends");
        if (this.#consumer(consumer).values.in_progress) this.#restartWait(consumer, copy);
      }
      context.forget(delivery);
    }
  }

  /** A stream has a new message that these consumers want. */
  added(consumer: number, entry: number): void {
    this.#context.routed(this.#accounts[consumer]!, this.store.logs.message(entry));
    this.#waiting[consumer]!++;
    this.#unsent[consumer]!++;
    this.store.logs.need(entry, 1);
    if (this.#next[consumer] === NOBODY) this.#next[consumer] = entry;
  }

  /** A message goes from its stream: whoever has not begun it loses it. */
  gone(consumer: number, entry: number, reason: string): void {
    const { logs } = this.store;
    const next = this.#next[consumer]!;
    const message = logs.message(entry);
    if (next !== NOBODY && logs.sequence(entry) >= logs.sequence(next)) {
      if (next === entry) this.#next[consumer] = this.#following(consumer, entry);
      this.#unsent[consumer]!--;
      this.#drop(consumer, message, reason);
      return;
    }
    const queue = this.#queues[consumer]!;
    for (let copy = queue.first(); copy !== NOBODY; copy = queue.after(copy)) {
      if (this.#copies.mark(copy) !== entry + 1) continue;
      this.#copies.setMark(copy, 0);
      if (this.#copies.delivery(copy) === NOBODY) {
        this.#drop(consumer, message, `${reason} while pending`);
        queue.remove(copy);
      }
      return;
    }
  }

  /** Sends what can be sent. */
  work(consumer: number): void {
    const settings = this.#consumer(consumer);
    if (!this.#servers.works(settings.stream)) return;
    while (this.#workers.ready(consumer) > 0) {
      const copy = this.#takeNext(consumer, settings);
      if (copy === NOBODY) return;
      this.#send(consumer, settings, copy);
    }
  }

  /** A timer of consumers has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === consumerWakes.lease) this.#leasesEnd(a, b);
    else if (code === consumerWakes.arrive) this.#arrive(a, b);
    else if (code === consumerWakes.answer) this.#answered(a, b);
    else this.#makeReady(a, b);
  }

  settle(delivery: number, verdict: Verdict): void {
    const context = this.#context;
    const subscription = context.deliverySubscription(delivery);
    const worker = context.deliveryWorker(delivery);
    const copy = context.deliveryTag(delivery);
    const { latencyNs, consumer } = this.#settings.subscriptions[subscription]!;
    if (copy === NOBODY) {
      if (verdict === "done") context.acknowledged(delivery);
      else if (verdict === "set-aside") context.rejected(delivery, verdict);
      else context.discarded(delivery, "failed, and acknowledged when sent");
      context.forget(delivery);
    } else {
      const message = context.deliveryMessage(delivery);
      const isStale = context.deliveryMark(delivery) === STALE;
      if (isStale) context.forget(delivery);
      else context.mark(delivery, 1 + verdicts.indexOf(verdict));
      // A late acknowledgement counts for who has the message now; a late failure does not.
      if (!isStale || verdict !== "failed") {
        const word = message * 4 + verdicts.indexOf(verdict);
        const to = copy * this.#queues.length + consumer;
        context.schedule(latencyNs, consumerWakes.answer, to, word);
      }
    }
    if (this.#workers.hold(subscription, worker, -1) === 0)
      this.#context.schedule(latencyNs, consumerWakes.fetch, subscription, worker);
  }

  /** Whether the worker has settled the present delivery of a copy, the answer being on its way. */
  #isAnswered(copy: number): boolean {
    const delivery = this.#copies.delivery(copy);
    return delivery !== NOBODY && this.#context.deliveryMark(delivery) > 0;
  }

  /** A fetch has come to the server; of push consumers, a worker has subscribed. */
  #makeReady(subscription: number, worker: number): void {
    if (!this.#workers.ask(subscription, worker)) return;
    this.work(this.#settings.subscriptions[subscription]!.consumer);
  }

  /** The copy that is sent next, or -1: redeliveries first, then the stream, within the window. */
  #takeNext(consumer: number, { maxAckPending }: ConsumerSettings): number {
    const queue = this.#queues[consumer]!;
    const again = queue.next();
    if (again !== NOBODY) return again;
    const entry = this.#next[consumer]!;
    if (entry === NOBODY || this.pending(consumer) >= maxAckPending) return NOBODY;
    this.#next[consumer] = this.#following(consumer, entry);
    this.#unsent[consumer]!--;
    const copy = queue.add(this.store.logs.message(entry), NOBODY);
    this.#copies.setMark(copy, entry + 1);
    return copy;
  }

  #following(consumer: number, entry: number): number {
    const { logs } = this.store;
    let next = logs.next(entry);
    while (next !== NOBODY && !this.wants(consumer, next)) next = logs.next(next);
    return next;
  }

  #send(consumer: number, settings: ConsumerSettings, copy: number): void {
    const isPull = settings.values.delivery === "pull";
    const place = isPull ? 0 : this.#random.below(this.#workers.ready(consumer));
    const subscription = this.#workers.subscriptionAt(consumer, place);
    const worker = this.#workers.workerAt(consumer, place);
    this.#workers.use(consumer, place);
    const queue = this.#queues[consumer]!;
    queue.lend(copy, subscription * 65_536 + worker, Infinity);
    if (settings.values.ack_policy !== "none") this.#restartWait(consumer, copy);
    const { latencyNs } = this.#settings.subscriptions[subscription]!;
    const delayNs = Math.round(latencyNs * this.#servers.slowness(settings.stream));
    const generation = this.#copies.generation(copy);
    this.#context.schedule(delayNs, consumerWakes.arrive, copy, generation);
  }

  /** A message has come to its worker. */
  #arrive(copy: number, generation: number): void {
    if (!this.#copies.isStill(copy, generation) || !this.#copies.isHeld(copy)) return;
    const holder = this.#copies.holder(copy);
    const subscription = Math.floor(holder / 65_536);
    const worker = holder % 65_536;
    const { consumer } = this.#settings.subscriptions[subscription]!;
    const { values } = this.#consumer(consumer);
    const isNone = values.ack_policy === "none";
    const message = this.#copies.message(copy);
    const entry = this.#copies.mark(copy) - 1;
    if (!this.#workers.isUp(subscription, worker)) {
      if (!isNone) return;
      this.#drop(consumer, message, "acknowledged when sent, lost on the wire");
      this.#forgetCopy(consumer, copy);
      return;
    }
    const context = this.#context;
    const attempt = this.#copies.lentCount(copy);
    const delivery = context.takeOut(
      this.#accounts[consumer]!,
      message,
      attempt,
      isNone ? NOBODY : copy,
    );
    if (entry >= 0) context.placed(delivery, 0, this.store.logs.sequence(entry));
    this.#workers.hold(subscription, worker, 1);
    this.#waiting[consumer]!--;
    if (isNone) this.#forgetCopy(consumer, copy);
    else {
      this.#copies.setDelivery(copy, delivery);
      if (values.in_progress) this.#queues[consumer]!.extend(copy, Infinity);
    }
    context.deliver(delivery, subscription, worker);
    if (isNone) this.work(consumer);
  }

  /** A worker's answer has come to the server; without a leader it is lost, and ack_wait decides. */
  #answered(to: number, word: number): void {
    const consumer = to % this.#queues.length;
    const copy = Math.floor(to / this.#queues.length);
    const message = this.#copies.rows.isLive(copy) ? this.#copies.message(copy) : NOBODY;
    if (message !== Math.floor(word / 4)) return;
    const settings = this.#consumer(consumer);
    const verdict = verdicts[word % 4]!;
    if (!this.#servers.works(settings.stream)) {
      this.#takeBack(consumer, copy, "answer lost: no leader");
      if (settings.values.in_progress) this.#restartWait(consumer, copy);
      return;
    }
    if (verdict !== "failed") {
      if (settings.values.ack_policy === "all") this.#acknowledgeBefore(consumer, copy);
      this.#finish(consumer, copy, verdict === "done" ? "acknowledged" : "set-aside");
    } else this.#failed(consumer, settings, copy);
    this.work(consumer);
  }

  #failed(consumer: number, { values }: ConsumerSettings, copy: number): void {
    const queue = this.#queues[consumer]!;
    if (values.on_failure === "term") {
      this.#finish(consumer, copy, "terminated");
      return;
    }
    this.#takeBack(consumer, copy, values.on_failure === "nak" ? "nak" : "failed: no answer");
    if (!this.#copies.rows.isLive(copy)) return;
    if (values.on_failure === "leave") {
      if (values.in_progress) this.#restartWait(consumer, copy);
      return;
    }
    if (this.#giveUp(consumer, copy)) return;
    if (values.nak_delay > 0) queue.rest(copy, this.#context.now() + toNs(values.nak_delay));
    else queue.giveBack(copy, "place");
  }

  /** ack_wait, or the back-off of this delivery, begins. */
  #restartWait(consumer: number, copy: number): void {
    if (!this.#copies.rows.isLive(copy)) return;
    const { waitsNs } = this.#consumer(consumer);
    const waitNs = waitsNs[Math.min(this.#copies.lentCount(copy), waitsNs.length) - 1]!;
    this.#queues[consumer]!.extend(copy, this.#context.now() + waitNs);
  }

  #leasesEnd(consumer: number, generation: number): void {
    const queue = this.#queues[consumer]!;
    if (!queue.timerFired(generation)) return;
    for (let copy = queue.nextEnded(); copy !== NOBODY; copy = queue.nextEnded()) {
      this.#takeBack(consumer, copy, "ack_wait");
      const isThere = this.#copies.rows.isLive(copy);
      if (isThere && !this.#giveUp(consumer, copy)) queue.giveBack(copy, "place");
    }
    this.work(consumer);
  }

  /** After max_deliver deliveries the consumer moves on; the message stays in the stream. */
  #giveUp(consumer: number, copy: number): boolean {
    const { maxDeliver, name, stream } = this.#consumer(consumer);
    if (this.#copies.lentCount(copy) < maxDeliver) return false;
    const { id } = this.#settings.streams[stream]!;
    this.#context.note(id, `MAX_DELIVERIES: consumer ${name} gives up after ${maxDeliver}`);
    this.#drop(consumer, this.#copies.message(copy), "max_deliver: stays in the stream");
    const entry = this.#copies.mark(copy) - 1;
    this.#queues[consumer]!.remove(copy);
    const { retention } = this.#settings.streams[stream]!.values;
    // A work queue keeps for ever what nobody has acknowledged.
    if (entry >= 0 && retention === "limits") this.store.done(entry);
    return true;
  }

  /** In flight no longer: the copy waits at the server, or is gone where its message was deleted: nobody else holds it. */
  #takeBack(consumer: number, copy: number, reason: string): void {
    const delivery = this.#copies.delivery(copy);
    if (delivery === NOBODY) return;
    this.#context.returned(delivery, reason);
    this.#waiting[consumer]!++;
    const isDeleted = this.#copies.mark(copy) === 0;
    if (isDeleted)
      this.#drop(consumer, this.#copies.message(copy), "deleted from the stream while pending");
    this.#letGo(copy, delivery);
    if (isDeleted) this.#queues[consumer]!.remove(copy);
  }

  /** Who has settled a delivery needs it no more; who works on it will settle what is stale then. */
  #letGo(copy: number, delivery: number): void {
    if (this.#isAnswered(copy)) this.#context.forget(delivery);
    else this.#context.mark(delivery, STALE);
    this.#copies.setDelivery(copy, NOBODY);
  }

  #finish(consumer: number, copy: number, how: "acknowledged" | "set-aside" | "terminated"): void {
    const context = this.#context;
    const delivery = this.#copies.delivery(copy);
    if (delivery === NOBODY)
      this.#drop(consumer, this.#copies.message(copy), "acknowledged late by an earlier worker");
    else {
      if (how === "acknowledged") context.acknowledged(delivery);
      else if (how === "set-aside") context.rejected(delivery, how);
      else context.discarded(delivery, "term");
      this.#letGo(copy, delivery);
    }
    this.#forgetCopy(consumer, copy);
  }

  #forgetCopy(consumer: number, copy: number): void {
    const entry = this.#copies.mark(copy) - 1;
    this.#queues[consumer]!.remove(copy);
    if (entry >= 0) this.store.done(entry);
  }

  /** AckAll: what was sent before is acknowledged too. */
  #acknowledgeBefore(consumer: number, until: number): void {
    const queue = this.#queues[consumer]!;
    for (let copy = queue.first(); copy !== until && copy !== NOBODY; copy = queue.first())
      this.#finish(consumer, copy, "acknowledged");
  }

  #drop(consumer: number, message: number, reason: string): void {
    this.#waiting[consumer]!--;
    this.#context.dropped(this.#accounts[consumer]!, message, reason);
  }

  #consumer = (consumer: number): ConsumerSettings => this.#settings.consumers[consumer]!;
}
