// Where messages wait in Service Bus: queues, subscriptions and dead-letter queues, each a queue that lends its copies;
// and how a message comes there through topics, rules and forwarding. Keeps the books.

import type { Int32Column } from "../../kernel/arena.ts";
import { LeasedCopies } from "../mechanisms/leasedCopies.ts";
import { LeaseQueue } from "../mechanisms/leaseQueue.ts";
import { PerKey } from "../mechanisms/routing/perKey.ts";
import type { Account, BrokerContext } from "../technology.ts";
import { type EntitySettings, HOPS_MAX, type Settings } from "./settings.ts";

/** Timer code of the entities' locks and lifetimes; operands: position, generation. */
export const LEASE = 1;

/** Most places to which one message is copied and forwarded: rules and forwarding can multiply it without end. */
const PUTS_MAX = 10_000;

/** Who is told what happens in the entities. */
export interface EntityListener {
  /** Something can be received. */
  arrived(at: number): void;
  /** The lock of a copy ended that this receiver had, at the time of this mark. */
  lockLost(receiver: number, mark: number): void;
}

/** The entities of one namespace, by the position of their channel; topics have none. */
export class Entities {
  readonly copies: LeasedCopies;
  readonly queues: readonly (LeaseQueue | undefined)[];
  readonly #accounts: readonly Account[];
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #keyText: (key: number) => string;
  /** Per publisher and topic: the subscriptions whose rules match. */
  readonly #routes: PerKey<readonly number[]>;
  readonly #listener: EntityListener;
  /** Per channel: copies that receivers hold. */
  readonly #inFlight: Int32Column;
  /** Places to which the message at hand has come; counted within one event, hence not in the arena. */
  #puts = 0;

  constructor(settings: Settings, context: BrokerContext, listener: EntityListener) {
    this.#settings = settings;
    this.#context = context;
    this.#listener = listener;
    this.#inFlight = context.arena.int32(`${settings.id}.inFlight`, settings.channels.length);
    this.#keyText = (key) => context.keyText(key);
    const { channels, publishers, id } = settings;
    this.copies = new LeasedCopies(context.arena, `${id}.copies`);
    this.queues = channels.map(({ entity }, number) =>
      entity === undefined
        ? undefined
        : new LeaseQueue(this.copies, context, {
            name: `${id}.entity${number}`,
            number,
            timerCode: LEASE,
          }),
    );
    this.#accounts = channels.map(({ entity }) =>
      entity === undefined ? -1 : context.openAccount(entity.channel, -1),
    );
    const dependsOnKey = publishers.flatMap((one) => channels.map(() => one?.usesKey ?? false));
    this.#routes = new PerKey(dependsOnKey, (slot, key) => this.#routeOf(slot, key));
  }

  entity(at: number): EntitySettings {
    const { entity } = this.#settings.channels[at]!;
    if (entity === undefined) throw new Error(`Channel ${at} is a topic.`);
    return entity;
  }

  queue(at: number): LeaseQueue {
    return this.queues[at]!;
  }

  /** Copies that no receiver holds: ready, scheduled, locked by one that is gone, or on the wire. */
  waiting(at: number): number {
    const queue = this.queue(at);
    const all = queue.readyCount() + queue.heldCount() + queue.delayedCount();
    return all - this.#inFlight.data[at]!;
  }

  /** Lets a message that was sent into a channel; how many places keep it in the end. */
  take(at: number, message: number): number {
    this.#puts = 0;
    return this.#put(at, message, 0);
  }

  #put(at: number, message: number, hops: number): number {
    if (++this.#puts > PUTS_MAX) return 0;
    const { entity } = this.#settings.channels[at]!;
    if (entity === undefined) {
      const publisher = this.#context.publisherOf(message);
      const slot = publisher * this.#settings.channels.length + at;
      let kept = 0;
      for (const to of this.#routes.get(slot, this.#context.keyOf(message), this.#keyText))
        kept += this.#put(to, message, hops);
      return kept;
    }
    if (entity.forwardAt >= 0 && hops < HOPS_MAX)
      return this.#put(entity.forwardAt, message, hops + 1);
    const copy = this.#store(at, message);
    if (entity.forwardAt >= 0) this.die(at, copy, "MaxTransferHopCountExceeded");
    else this.#listener.arrived(at);
    return 1;
  }

  /** Hands a copy to a worker. */
  deliver(at: number, copy: number, to: { subscription: number; worker: number }): number {
    const message = this.copies.message(copy);
    const attempt = this.copies.lentCount(copy);
    const delivery = this.#context.takeOut(this.#accounts[at]!, message, attempt, copy);
    this.copies.setDelivery(copy, delivery);
    this.#inFlight.data[at]!++;
    this.#context.deliver(delivery, to.subscription, to.worker);
    return delivery;
  }

  /** A held copy's delivery has failed: available again, or dead after too many. Frees no handle. */
  giveBack(at: number, copy: number, reason: string): void {
    const delivery = this.copies.delivery(copy);
    if (this.copies.lentCount(copy) >= this.entity(at).deliveriesMax) {
      this.die(at, copy, "MaxDeliveryCountExceeded");
      return;
    }
    if (delivery >= 0) this.#context.returned(delivery, reason);
    this.endFlight(at, copy);
    this.queue(at).giveBack(copy, "place");
  }

  /** A copy no longer belongs to a delivery; it stays locked. */
  endFlight(at: number, copy: number): void {
    if (this.copies.delivery(copy) < 0) return;
    this.copies.setDelivery(copy, -1);
    this.#inFlight.data[at]!--;
  }

  /** A copy goes to the dead-letter queue: from a receiver's hands when it has a delivery. */
  die(at: number, copy: number, reason: string): void {
    const delivery = this.copies.delivery(copy);
    const message = this.copies.message(copy);
    const { deadLetterAt } = this.entity(at);
    if (delivery >= 0) this.#context.rejected(delivery, reason);
    else this.#context.deadLettered(this.#accounts[at]!, message, reason);
    if (deadLetterAt >= 0 && this.#settings.channels[deadLetterAt]?.entity !== undefined) {
      this.#context.stored(this.entity(deadLetterAt).channel, message, -1, -1);
      this.#store(deadLetterAt, message);
      this.#listener.arrived(deadLetterAt);
    }
    this.remove(at, copy);
  }

  /** Frees a copy that has left the books. */
  remove(at: number, copy: number): void {
    const message = this.copies.message(copy);
    this.endFlight(at, copy);
    this.queue(at).remove(copy);
    this.#context.release(message);
  }

  /** The timer of an entity has fired: locks are lost, scheduled messages enqueued, old ones expire. */
  timerFired(at: number, generation: number): boolean {
    const queue = this.queue(at);
    if (!queue.timerFired(generation)) return false;
    for (let copy = queue.nextEnded(); copy >= 0; copy = queue.nextEnded()) {
      if (this.copies.delivery(copy) < 0)
        this.#listener.lockLost(this.copies.holder(copy), this.copies.mark(copy));
      this.giveBack(at, copy, "lock-lost");
    }
    for (let copy = queue.nextExpired(); copy >= 0; copy = queue.nextExpired()) {
      if (this.entity(at).deadLettersExpired) this.die(at, copy, "TTLExpiredException");
      else {
        this.#context.expired(this.#accounts[at]!, this.copies.message(copy), "TTLExpired");
        this.remove(at, copy);
      }
    }
    return true;
  }

  #store(at: number, message: number): number {
    const { ttlNs, hasSessions, isDeadLetterQueue } = this.entity(at);
    const publisher = this.#settings.publishers[this.#context.publisherOf(message)]!;
    const queue = this.queue(at);
    this.#context.retain(message);
    const copy = queue.add(message, hasSessions ? this.#context.keyOf(message) + 1 : -1);
    this.#context.routed(this.#accounts[at]!, message);
    if (!isDeadLetterQueue) {
      const enqueuedNs = this.#context.now() + publisher.delayNs;
      queue.expireAt(copy, enqueuedNs + Math.min(ttlNs, publisher.ttlNs));
      if (publisher.delayNs > 0) queue.hide(copy, enqueuedNs);
    }
    return copy;
  }

  #routeOf(slot: number, key: string): readonly number[] {
    const { channels, publishers } = this.#settings;
    const facts = publishers[Math.floor(slot / channels.length)]!.factsFor(key);
    const { rules } = channels[slot % channels.length]!;
    const matching = rules.filter(({ matches }) => matches(facts)).map(({ to }) => to);
    return [...new Set(matching)].filter((to) => channels[to]?.entity !== undefined);
  }
}
