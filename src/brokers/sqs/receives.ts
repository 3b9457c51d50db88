// Receiving from SQS: who polls gets the next messages, hidden for the visibility timeout; what consumers then ask for
// (delete, change of the timeout) travels back. Short polls are not simulated one by one: only those that find something.

import type { Int32Column } from "../../kernel/arena.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { Quotas } from "../mechanisms/quotas.ts";
import type { Zones } from "../mechanisms/zones.ts";
import type { BrokerContext, Verdict } from "../technology.ts";
import type { Contents } from "./contents.ts";
import type { Pollers } from "./pollers.ts";
import type { Settings, SubscriptionSettings } from "./settings.ts";

/** Timer codes; operands: poller and generation, but for PLANNED (queue) and SETTLED (delivery, one more than the generation
 *  of the poller that polls again with it, or 0). */
export const POLL = 2;
export const PLANNED = 3;
export const RECEIVED = 4;
export const SETTLED = 5;
export const HEARTBEAT = 6;

/** Buckets of a queue's quotas, three each. */
export const SEND_CALLS = 0;
const RECEIVE_CALLS = 1;
const DELETE_CALLS = 2;
export const CALL_KINDS = 3;

/** Units that one call takes of a quota. */
export const CALL_UNITS = 10;

/** A message can be hidden for so long in all, counted from its receive [ns]. */
const HIDDEN_NS_MAX = 43_200e9;

/** How often, and after what pause [ns], the SDK tries a call again that fails. */
const CALL_ATTEMPTS = 3;
const CALL_PAUSE_NS = 1e9;

// What a delivery's mark says.
const UNSETTLED = 0;
const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];
const REQUEST_LOST = 9;

/** The parts of the service that receiving needs. */
export interface Parts {
  readonly settings: Settings;
  readonly context: BrokerContext;
  readonly contents: Contents;
  readonly pollers: Pollers;
  readonly zones: Zones;
  readonly quotas: Quotas;
}

/** The receives of one broker. */
export class Receives {
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #contents: Contents;
  readonly #pollers: Pollers;
  readonly #zones: Zones;
  readonly #quotas: Quotas;
  readonly #random: RandomStream;
  /** Per queue: one more than the short poller whose next poll is waited for, 0 without. */
  readonly #planned: Int32Column;

  constructor(parts: Parts) {
    this.#settings = parts.settings;
    this.#context = parts.context;
    this.#contents = parts.contents;
    this.#pollers = parts.pollers;
    this.#zones = parts.zones;
    this.#quotas = parts.quotas;
    this.#random = parts.context.random("receives");
    const { id, queues } = parts.settings;
    this.#planned = parts.context.arena.int32(`${id}.planned`, queues.length);
  }

  join(subscription: number, worker: number): void {
    const poller = this.#pollers.join(subscription, worker);
    this.#pollIn(poller, this.#of(poller).latencyNs);
  }

  /** A worker is gone. What it had stays hidden until its timeout; requests that it has sent still arrive. */
  leave(subscription: number, worker: number): void {
    this.#pollers.leave(this.#pollers.of(subscription, worker));
    const { queue } = this.#settings.subscriptions[subscription]!;
    const left = this.#context.deliveriesOf(subscription, worker);
    for (const delivery of left) {
      if (this.#context.deliveryMark(delivery) !== UNSETTLED) continue;
      if (this.#isBooked(delivery)) this.#contents.giveUp(queue, delivery, "consumer-gone");
      else this.#context.forget(delivery);
    }
  }

  /** Lets those receive who poll a queue, as far as it has something. */
  work(queue: number): void {
    const contents = this.#contents.queues[queue]!;
    while (contents.next() >= 0) {
      const poller = this.#pollers.nextLong(queue);
      if (poller < 0 || !this.#receive(queue, poller)) break;
    }
    this.#plan(queue);
  }

  /** A worker's receive has come to the service. */
  poll(poller: number, generation: number): void {
    if (this.#pollers.generation(poller) !== generation) return;
    if (this.#pollers.isGone(poller) || this.#pollers.isPolling(poller)) return;
    this.#startPolling(poller);
  }

  /** The short poll that was waited for. */
  planned(queue: number): void {
    const poller = this.#planned.data[queue]! - 1;
    this.#planned.data[queue] = 0;
    if (this.#pollers.isPolling(poller)) this.#shortPoll(queue, poller);
    this.#plan(queue);
  }

  /** What a receive brought has come to the worker. */
  received(poller: number, generation: number): void {
    const pollers = this.#pollers;
    if (pollers.generation(poller) !== generation || pollers.isGone(poller)) return;
    const { copies } = this.#contents;
    const { heartbeatNs, latencyNs } = this.#of(poller);
    for (let at = 0; at < pollers.sentCount(poller); at++) {
      const copy = pollers.sentCopy(poller, at);
      const sent = pollers.sentGeneration(poller, at);
      // Its timeout may have ended on the way: it arrives all the same, unless somebody else has got it since.
      const isVisible = copies.isStill(copy, (sent + 1) & 0xffffff) && copies.isReady(copy);
      if (!copies.isStill(copy, sent) && !isVisible) continue;
      pollers.addOpen(poller, 1);
      this.#contents.deliver(copy, pollers.subscription(poller), pollers.worker(poller));
    }
    if (pollers.open(poller) === 0) this.#pollIn(poller, latencyNs);
    else if (heartbeatNs < Infinity)
      this.#context.schedule(heartbeatNs + latencyNs, HEARTBEAT, poller, generation);
  }

  /** The consumer lets its timeouts start anew. */
  heartbeat(poller: number, generation: number): void {
    const pollers = this.#pollers;
    if (pollers.generation(poller) !== generation || pollers.open(poller) === 0) return;
    const { queue, heartbeatNs } = this.#of(poller);
    const { copies } = this.#contents;
    const latestNs = pollers.receivedNs(poller) + HIDDEN_NS_MAX;
    const untilNs = Math.min(this.#context.now() + this.#visibilityNs(poller), latestNs);
    for (let at = 0; at < pollers.sentCount(poller); at++) {
      const copy = pollers.sentCopy(poller, at);
      if (!copies.isStill(copy, pollers.sentGeneration(poller, at))) continue;
      const delivery = copies.delivery(copy);
      if (delivery >= 0 && this.#context.deliveryMark(delivery) === UNSETTLED)
        this.#contents.queues[queue]!.extend(copy, untilNs);
    }
    this.#context.schedule(heartbeatNs, HEARTBEAT, poller, generation);
  }

  /** A worker has dealt with a message: its request goes out, and with the last one of a batch the next receive. */
  settle(delivery: number, verdict: Verdict): void {
    const subscription = this.#context.deliverySubscription(delivery);
    const poller = this.#pollers.of(subscription, this.#context.deliveryWorker(delivery));
    this.#pollers.addOpen(poller, -1);
    const next = this.#pollers.open(poller) === 0 ? this.#pollers.generation(poller) + 1 : 0;
    const { latencyNs, backoffNs, queue } = this.#of(poller);
    let delayNs = latencyNs;
    let mark = 1 + verdicts.indexOf(verdict);
    if (verdict !== "failed" || backoffNs.length > 0) {
      delayNs = this.#requestNs(queue, latencyNs);
      if (delayNs < 0) {
        delayNs = latencyNs;
        mark = REQUEST_LOST;
      }
    }
    this.#context.mark(delivery, mark);
    this.#context.schedule(delayNs, SETTLED, delivery, next);
  }

  /** A worker's request has come to the service. */
  settled(delivery: number, next: number): void {
    const subscription = this.#context.deliverySubscription(delivery);
    const poller = this.#pollers.of(subscription, this.#context.deliveryWorker(delivery));
    const { queue } = this.#settings.subscriptions[subscription]!;
    if (this.#isBooked(delivery)) this.#obey(queue, delivery);
    else this.#context.forget(delivery);
    const isFree = this.#pollers.generation(poller) + 1 === next && !this.#pollers.isGone(poller);
    if (isFree) this.#startPolling(poller);
    this.work(queue);
  }

  #obey(queue: number, delivery: number): void {
    const mark = this.#context.deliveryMark(delivery);
    const verdict = mark === REQUEST_LOST ? "failed" : verdicts[mark - 1]!;
    const copy = this.#context.deliveryTag(delivery);
    const isOverdue = this.#contents.isOverdue(copy, delivery);
    const { isFifo } = this.#settings.queues[queue]!;
    if (verdict !== "failed") {
      // A FIFO queue does not take a receipt handle whose timeout has ended; a standard queue does while nobody has
      // received the message again.
      if (isFifo && isOverdue) this.#contents.giveUp(queue, delivery, "receipt-handle-expired");
      else this.#contents.delete(queue, delivery, verdict);
      return;
    }
    const subscription = this.#context.deliverySubscription(delivery);
    const { backoffNs } = this.#settings.subscriptions[subscription]!;
    const isLost = mark === REQUEST_LOST;
    this.#contents.giveUp(queue, delivery, isLost ? "request-lost" : "failed");
    if (isLost || isOverdue || backoffNs.length === 0) return;
    const attempt = this.#contents.copies.lentCount(copy);
    const untilNs = this.#context.now() + backoffNs[Math.min(attempt, backoffNs.length) - 1]!;
    if (untilNs > this.#context.now()) this.#contents.queues[queue]!.extend(copy, untilNs);
    else this.#contents.showAgain(queue, copy);
  }

  /** Whether the books have this delivery in flight: it is in time, or overdue. */
  #isBooked(delivery: number): boolean {
    const copy = this.#context.deliveryTag(delivery);
    return this.#contents.copies.isOf(copy, delivery) || this.#contents.isOverdue(copy, delivery);
  }

  #startPolling(poller: number): void {
    const { queue, isLongPolling } = this.#of(poller);
    this.#pollers.park(poller);
    if (!isLongPolling) this.#shortPoll(queue, poller);
    this.work(queue);
  }

  /** A short poll: it may miss what is there. */
  #shortPoll(queue: number, poller: number): void {
    const { emptyReceives } = this.#of(poller);
    if (this.#contents.queues[queue]!.next() < 0) return;
    if (emptyReceives > 0 && this.#random.chance(emptyReceives)) return;
    this.#receive(queue, poller);
  }

  /** Waits for the next short poll when there is something to receive. */
  #plan(queue: number): void {
    if (this.#planned.data[queue] !== 0 || this.#contents.queues[queue]!.next() < 0) return;
    const poller = this.#pollers.nextShort(queue);
    if (poller < 0) return;
    this.#planned.data[queue] = poller + 1;
    const delayNs = this.#pollers.nextPollNs(poller) - this.#context.now();
    this.#context.schedule(delayNs, PLANNED, queue, 0);
  }

  /** ReceiveMessage of a poller. False when it brings nothing, and nothing would for others either. */
  #receive(queue: number, poller: number): boolean {
    const contents = this.#contents.queues[queue]!;
    const { inFlightMax } = this.#settings.queues[queue]!;
    if (contents.heldCount() >= inFlightMax) return false;
    const factor = this.#zones.ask();
    if (factor === 0) {
      this.#pause(poller, CALL_PAUSE_NS);
      return true;
    }
    const bucket = queue * CALL_KINDS + RECEIVE_CALLS;
    if (!this.#quotas.take(bucket, CALL_UNITS)) {
      this.#pause(poller, this.#quotas.waitNs(bucket, CALL_UNITS));
      return true;
    }
    let copy = this.#takeNext(queue);
    if (copy < 0) return false;
    const { batch, latencyNs } = this.#of(poller);
    this.#pollers.unpark(poller);
    this.#pollers.clearSent(poller);
    for (let left = batch; copy >= 0 && left > 0; left--) {
      const group = this.#contents.copies.group(copy);
      this.#lend(queue, copy, poller);
      if (left === 1 || contents.heldCount() >= inFlightMax) break;
      copy = group < 0 ? -1 : this.#takeOfGroup(queue, group);
      if (copy < 0) copy = this.#takeNext(queue);
    }
    const generation = this.#pollers.generation(poller);
    const delayNs = Math.round(latencyNs * factor);
    this.#context.schedule(delayNs, RECEIVED, poller, generation);
    return true;
  }

  /** The copy whose turn it is. Those that were received too often go to the dead-letter queue on the way. */
  #takeNext(queue: number): number {
    const contents = this.#contents.queues[queue]!;
    for (let copy = contents.next(); copy >= 0; copy = contents.next()) {
      if (!this.#contents.isSpent(queue, copy)) return this.#perhapsLater(queue, copy);
      this.#bury(queue, copy);
    }
    return -1;
  }

  #takeOfGroup(queue: number, group: number): number {
    const contents = this.#contents.queues[queue]!;
    for (let copy = contents.nextOf(group); copy >= 0; copy = contents.nextOf(group)) {
      if (!this.#contents.isSpent(queue, copy)) return copy;
      this.#bury(queue, copy);
    }
    return -1;
  }

  /** Standard queues now and then give a later message first. */
  #perhapsLater(queue: number, copy: number): number {
    const { disorder } = this.#settings.queues[queue]!;
    if (disorder === 0 || !this.#random.chance(disorder)) return copy;
    const later = this.#contents.queues[queue]!.after(copy);
    const isOffered = later >= 0 && this.#contents.copies.isReady(later);
    return isOffered && !this.#contents.isSpent(queue, later) ? later : copy;
  }

  #bury(queue: number, copy: number): void {
    const target = this.#contents.bury(queue, copy);
    if (target !== queue) this.work(target);
  }

  #lend(queue: number, copy: number, poller: number): void {
    const { earlyDuplicates } = this.#settings.queues[queue]!;
    this.#contents.endOverdue(queue, copy);
    const isEarly = earlyDuplicates > 0 && this.#random.chance(earlyDuplicates);
    // It shows up once more just after it has arrived.
    const hiddenNs = isEarly ? this.#of(poller).latencyNs + 1 : this.#visibilityNs(poller);
    this.#contents.queues[queue]!.lend(copy, poller, this.#context.now() + hiddenNs);
    this.#pollers.addSent(poller, copy, this.#contents.copies.generation(copy));
  }

  #visibilityNs(poller: number): number {
    const { queue, visibilityNs } = this.#of(poller);
    return visibilityNs < 0 ? this.#contents.visibilityNs.data[queue]! : visibilityNs;
  }

  /** How long a request takes to the service, attempts that fail included [ns]; -1 when it never gets there. */
  #requestNs(queue: number, latencyNs: number): number {
    const bucket = queue * CALL_KINDS + DELETE_CALLS;
    let delayNs = this.#quotas.waitNs(bucket, CALL_UNITS);
    this.#quotas.draw(bucket, CALL_UNITS);
    for (let attempt = 1; attempt <= CALL_ATTEMPTS; attempt++) {
      const factor = this.#zones.ask();
      if (factor > 0) return delayNs + Math.round(latencyNs * factor);
      delayNs += attempt * CALL_PAUSE_NS;
    }
    return -1;
  }

  /** A receive has failed: the SDK tries again after a while. */
  #pause(poller: number, pauseNs: number): void {
    this.#pollers.unpark(poller);
    this.#pollIn(poller, pauseNs);
  }

  #pollIn(poller: number, delayNs: number): void {
    this.#context.schedule(delayNs, POLL, poller, this.#pollers.generation(poller));
  }

  #of(poller: number): SubscriptionSettings {
    return this.#settings.subscriptions[this.#pollers.subscription(poller)]!;
  }
}
