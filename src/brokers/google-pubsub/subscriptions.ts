// The life of copies in Pub/Sub subscriptions: leased to clients or pushed, acknowledged, delivered again after a negative
// acknowledgement or an expired deadline, dead-lettered, expired. Every subscription is a position.

import type { RandomStream } from "../../kernel/random.ts";
import { type LeasedCopies, leaseDoubles } from "../mechanisms/leasedCopies.ts";
import type { Zones } from "../mechanisms/zones.ts";
import { Leases, marks } from "./leases.ts";
import type { Published, Retained } from "./retained.ts";
import type { Router } from "./routing.ts";
import { backoffNs, type Settings } from "./settings.ts";
import type { BrokerContext, Departure, Verdict } from "../technology.ts";

/** Timer code: an answer arrives (copy, generation and verdict). */
export const SETTLE = 6;

const NONE = -1;
const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** Pause before a client tries a confirmed acknowledgement again [ns]. */
const ACK_AGAIN_NS = 1e9;

/** What the subscriptions are made with. */
export interface Parts {
  readonly context: BrokerContext;
  readonly settings: Settings;
  readonly router: Router;
  readonly zones: Zones;
  readonly retained: Retained;
}

/** The subscriptions of one service. */
export class Subscriptions {
  readonly leases: Leases;
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #router: Router;
  readonly #zones: Zones;
  readonly #retained: Retained;
  readonly #copies: LeasedCopies;
  readonly #random: RandomStream;
  readonly #succeeded: (subscription: number) => void;

  /** `succeeded` hears of every push that was acknowledged. */
  constructor(parts: Parts, succeeded: (subscription: number) => void) {
    this.#context = parts.context;
    this.#settings = parts.settings;
    this.#router = parts.router;
    this.#zones = parts.zones;
    this.#retained = parts.retained;
    this.#succeeded = succeeded;
    this.#random = parts.context.random("duplicates");
    this.leases = new Leases(parts.context, parts.settings, parts.zones);
    this.#copies = this.leases.copies;
  }

  /** Takes a copy of a message into a subscription: one that was just published. */
  accept(subscription: number, message: number): void {
    const { keepsAckedNs } = this.#settings.subscriptions[subscription]!;
    const ns = this.#context.now();
    if (this.leases.isThere(subscription)) {
      this.leases.book(subscription, message);
      this.leases.enter(subscription, { message, ns });
      this.leases.work(subscription);
    } else if (!this.leases.isDeleted(subscription) && keepsAckedNs > 0)
      this.#retained.keep(subscription, { message, ns }, keepsAckedNs);
  }

  /** A copy has come to its client. */
  arrive(copy: number, generation: number): void {
    if (!this.#copies.isStill(copy, generation)) return;
    const subscription = this.leases.subscription(copy);
    const { isPush } = this.#settings.subscriptions[subscription]!;
    const client = isPush ? this.leases.clients.pass(subscription) : this.#copies.holder(copy);
    if (client === NONE) this.#fail(copy, "connection-refused");
    else if (this.leases.clients.isOpen(client)) this.leases.hand(copy, client);
    else if (this.leases.clients.hasCrashed(client)) this.leases.stopExtending(copy, client);
    else this.#fail(copy, "client-closed");
  }

  /** A worker has dealt with a delivery. */
  settle(delivery: number, verdict: Verdict): void {
    const copy = this.#context.deliveryTag(delivery);
    if (!this.#copies.isOf(copy, delivery)) {
      this.#context.forget(delivery);
      return;
    }
    const consumer = this.#settings.consumers[this.#context.deliverySubscription(delivery)]!;
    const answer = verdict === "done" && !consumer.acknowledges ? "failed" : verdict;
    this.leases.mark(copy, marks.released);
    if (!this.#copies.isHeld(copy)) {
      // Its lease has ended, but it was not sent again: a late acknowledgement counts.
      if (answer === "failed") this.leases.takeOff(copy, "ack-deadline");
      else this.#finish(copy, answer);
    } else if (answer !== "failed" || consumer.nacks) {
      const word = this.#copies.generation(copy) * 4 + verdicts.indexOf(answer);
      this.#context.schedule(consumer.latencyNs, SETTLE, copy, word);
    }
  }

  /** An answer has come to the service. */
  answered(copy: number, word: number): void {
    if (!this.#copies.isStill(copy, word >> 2)) return;
    const subscription = this.leases.subscription(copy);
    const { isPush, isExactlyOnce } = this.#settings.subscriptions[subscription]!;
    if (this.#zones.ask() === 0) {
      // Lost. Only an acknowledgement that is confirmed is tried again.
      if (isExactlyOnce) this.#context.schedule(ACK_AGAIN_NS, SETTLE, copy, word);
      else if (!isPush) this.leases.stopExtending(copy, this.#copies.holder(copy));
      return;
    }
    const verdict = verdicts[word & 3]!;
    if (verdict === "failed") this.#fail(copy, "nack");
    else this.#acknowledge(copy, verdict);
  }

  /** A worker is gone: a process that closes its client gives back what it holds, a crash is noticed by nobody before the
   *  leases end, but for a connection that pushes. */
  leave(consumer: number, worker: number, how: Departure): void {
    const { subscription } = this.#settings.consumers[consumer]!;
    const { isPush } = this.#settings.subscriptions[subscription]!;
    const client = this.leases.clients.close(consumer, worker, how);
    const open = this.#releaseAll(consumer, worker);
    for (const { copy, generation } of open) {
      if (!this.#copies.isStill(copy, generation)) continue;
      if (isPush) this.#fail(copy, "connection-lost");
      else if (how === "close") this.#fail(copy, "nack");
      else this.leases.stopExtending(copy, client);
    }
  }

  /** Leases have ended or messages have expired. */
  timerFired(subscription: number, generation: number): void {
    const queue = this.leases.queues[subscription]!;
    if (!queue.timerFired(generation)) return;
    for (let copy = queue.nextEnded(); copy !== NONE; copy = queue.nextEnded())
      this.#fail(copy, "ack-deadline");
    for (let copy = queue.nextExpired(); copy !== NONE; copy = queue.nextExpired())
      this.#drop(copy, "retention");
    this.leases.work(subscription);
  }

  /** Takes every copy out of a subscription. Those published before a time [ns] leave the books for a reason; the others are
   *  returned, waiting and retained, in order of entering. */
  clear(subscription: number, beforeNs: number, reason: string): readonly Published[] {
    const queue = this.leases.queues[subscription]!;
    const kept: Published[] = [];
    for (let copy = queue.first(); copy !== NONE; copy = queue.first()) {
      const published = { message: this.#copies.message(copy), ns: this.#copies.enteredNs(copy) };
      if (published.ns < beforeNs) {
        this.#drop(copy, reason);
        continue;
      }
      if (this.#copies.isHeld(copy)) this.leases.letGo(copy);
      this.leases.takeOff(copy, reason);
      queue.remove(copy);
      kept.push(published);
    }
    return kept;
  }

  #acknowledge(copy: number, verdict: Verdict): void {
    const subscription = this.leases.subscription(copy);
    const { isPush, isExactlyOnce } = this.#settings.subscriptions[subscription]!;
    const { duplicates } = this.#settings;
    if (duplicates > 0 && !isExactlyOnce && this.#random.chance(duplicates)) {
      this.#again(copy, "duplicate", 0);
      return;
    }
    const group = this.#copies.group(copy);
    if (isPush) {
      this.leases.windows.succeeded(subscription);
      this.#succeeded(subscription);
    } else if (group !== NONE && this.leases.chains.first(subscription, group) !== copy) {
      // Not before the earlier ones of its key: if one of them is delivered again, so is this.
      this.leases.releaseClient(copy);
      this.leases.mark(copy, verdict === "set-aside" ? marks.done | marks.setAside : marks.done);
      this.leases.queues[subscription]!.extend(copy, Infinity);
      this.leases.work(subscription);
      return;
    }
    this.#finish(copy, verdict);
    if (!isPush && group !== NONE) this.#finishDone(subscription, group);
    this.leases.pursue(subscription, group);
    this.leases.work(subscription);
  }

  /** Acknowledges those of a key that waited for an earlier one. */
  #finishDone(subscription: number, group: number): void {
    for (;;) {
      const first = this.leases.chains.first(subscription, group);
      if (first === NONE || (this.#copies.mark(first) & marks.done) === 0) return;
      this.#finish(first, (this.#copies.mark(first) & marks.setAside) === 0 ? "done" : "set-aside");
    }
  }

  /** An acknowledged copy leaves. */
  #finish(copy: number, verdict: Verdict): void {
    const subscription = this.leases.subscription(copy);
    const { keepsAckedNs } = this.#settings.subscriptions[subscription]!;
    const message = this.#copies.message(copy);
    const delivery = this.#copies.delivery(copy);
    if (this.#copies.isHeld(copy)) this.leases.letGo(copy);
    if (verdict === "done") this.#context.acknowledged(delivery);
    else this.#context.rejected(delivery, "set-aside");
    this.#context.forget(delivery);
    if (keepsAckedNs > 0) {
      const ns = this.#copies.enteredNs(copy);
      this.#retained.keep(subscription, { message, ns }, keepsAckedNs);
    }
    this.leases.queues[subscription]!.remove(copy);
    this.#context.release(message);
  }

  /** A held copy has failed: later ones of its key come back too, then it is delivered again or dead-lettered. */
  #fail(copy: number, reason: string): void {
    const subscription = this.leases.subscription(copy);
    const settings = this.#settings.subscriptions[subscription]!;
    const failures = Math.floor(this.#copies.mark(copy) / marks.failure) + 1;
    this.#copies.setMark(copy, this.#copies.mark(copy) + marks.failure);
    if (settings.isPush) this.leases.windows.failed(subscription, this.#context.now());
    const isLast = settings.deadLetterTopic !== NONE && failures >= settings.attemptsMax;
    if (!isLast) {
      this.#again(copy, reason, backoffNs(settings, failures));
      return;
    }
    const group = this.#copies.group(copy);
    this.leases.takeBackLater(subscription, copy);
    this.leases.letGo(copy);
    this.#deadLetter(copy);
    this.leases.pursue(subscription, group);
    this.leases.work(subscription);
  }

  /** A held copy will be delivered again. */
  #again(copy: number, reason: string, delayNs: number): void {
    const subscription = this.leases.subscription(copy);
    const { isPush, isExactlyOnce } = this.#settings.subscriptions[subscription]!;
    const queue = this.leases.queues[subscription]!;
    const group = this.#copies.group(copy);
    this.leases.takeBackLater(subscription, copy);
    this.leases.letGo(copy);
    // While its worker goes on, a late acknowledgement may still arrive.
    const isReleased = (this.#copies.mark(copy) & marks.released) !== 0;
    const lapses = reason === "ack-deadline" && !isReleased && !isPush && !isExactlyOnce;
    const delivery = lapses ? this.#copies.delivery(copy) : NONE;
    if (!lapses) this.leases.takeOff(copy, reason);
    if (delayNs > 0) queue.rest(copy, this.#context.now() + delayNs);
    else queue.giveBack(copy, "place");
    this.#copies.setDelivery(copy, delivery);
    this.leases.pursue(subscription, group);
    this.leases.work(subscription);
  }

  /** A copy that has used up its attempts goes to the dead-letter topic; without a subscription there it is lost. */
  #deadLetter(copy: number): void {
    const subscription = this.leases.subscription(copy);
    const { deadLetterTopic } = this.#settings.subscriptions[subscription]!;
    const message = this.#copies.message(copy);
    const publisher = this.#settings.publishers[this.#context.publisherOf(message)]!;
    const key = this.#context.keyOf(message);
    const targets = this.#router.route(deadLetterTopic, publisher.at, key);
    const arrives = targets.some((target) => this.leases.isThere(target));
    this.#context.retain(message);
    if (arrives) this.leases.bury(copy, "dead", "max-delivery-attempts");
    else this.leases.bury(copy, "dropped", "dead-letter-topic-without-subscription");
    if (arrives) {
      this.#context.stored(this.#settings.channels[deadLetterTopic]!, message, NONE, NONE);
      for (const target of targets) this.accept(target, message);
    }
    this.#context.release(message);
  }

  /** Drops a copy in whatever state it is: too old, sought over, of a subscription that is deleted. */
  #drop(copy: number, reason: string): void {
    const subscription = this.leases.subscription(copy);
    const { keepsAckedNs } = this.#settings.subscriptions[subscription]!;
    if (this.#copies.isHeld(copy)) this.leases.letGo(copy);
    if (reason === "seek" && keepsAckedNs > 0) {
      const published = { message: this.#copies.message(copy), ns: this.#copies.enteredNs(copy) };
      this.#retained.keep(subscription, published, keepsAckedNs);
    }
    this.leases.bury(copy, reason === "retention" ? "expired" : "dropped", reason);
  }

  /** Nobody deals any more with what a worker was handed. Returns the copies that it had not answered, in their order. */
  #releaseAll(
    consumer: number,
    worker: number,
  ): readonly { readonly copy: number; readonly generation: number }[] {
    const open: number[] = [];
    for (const delivery of this.#context.deliveriesOf(consumer, worker)) {
      const copy = this.#context.deliveryTag(delivery);
      if (!this.#copies.isOf(copy, delivery)) this.#context.forget(delivery);
      else if ((this.#copies.mark(copy) & marks.released) === 0) {
        this.leases.mark(copy, marks.released);
        if (this.#copies.isHeld(copy)) open.push(copy);
        else this.leases.takeOff(copy, "ack-deadline");
      }
    }
    const { doubles } = this.#copies.rows;
    const rank = (copy: number) => doubles[copy * leaseDoubles.count + leaseDoubles.rank]!;
    return open
      .toSorted((a, b) => rank(a) - rank(b))
      .map((copy) => ({ copy, generation: this.#copies.generation(copy) }));
  }
}
