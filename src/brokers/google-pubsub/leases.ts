// What is out of Pub/Sub subscriptions, and what goes out next: copies are leased to clients that have room or pushed to an
// endpoint, later ones of an ordering key to whom has the earlier ones. What becomes of them is decided in subscriptions.ts.

import type { Int32Column } from "../../kernel/arena.ts";
import { LeasedCopies } from "../mechanisms/leasedCopies.ts";
import { LeaseQueue } from "../mechanisms/leaseQueue.ts";
import type { Zones } from "../mechanisms/zones.ts";
import { Clients } from "./clients.ts";
import { KeyChains } from "./keyChains.ts";
import { PushWindows } from "./pushWindow.ts";
import type { Published } from "./retained.ts";
import type { Settings } from "./settings.ts";
import type { Account, BrokerContext } from "../technology.ts";

/** Timer codes: a copy arrives at its client (copy, generation); leases end (subscription, generation); pushing goes on
 *  after a pause (subscription). */
export const DELIVER = 5;
export const LEASES = 7;
export const RESUME = 8;

const NONE = -1;

/** The mark of a copy: its worker has answered or is gone; it is acknowledged and waits for earlier ones of its key; the
 *  application has set it aside. Above stand its failures. */
export const marks = { released: 1, done: 2, setAside: 4, failure: 8 } as const;

/** Client libraries extend a lease when nine tenths of it are over, by at least a minute with exactly-once delivery. */
const EXTENDS_AT = 0.9;
const EXACTLY_ONCE_NS = 6e10;

/** Whether a subscription is there. */
const existence = { notYet: 0, there: 1, deleted: 2 } as const;

/** The leases of one service. */
export class Leases {
  readonly copies: LeasedCopies;
  readonly queues: readonly LeaseQueue[];
  readonly clients: Clients;
  readonly windows: PushWindows;
  readonly chains: KeyChains;
  readonly accounts: readonly Account[];
  /** Per subscription: copies that no worker holds; one of `existence`; whether a timer ends the pause. */
  readonly waiting: Int32Column;
  readonly #existence: Int32Column;
  readonly #resumes: Int32Column;
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #zones: Zones;
  /** Per copy: its subscription. */
  readonly #subscriptionOf: Int32Column;
  /** Per subscription: the consumer that is its push endpoint, -1 without. */
  readonly #endpoints: readonly number[];

  constructor(context: BrokerContext, settings: Settings, zones: Zones) {
    const { arena } = context;
    const { id, subscriptions } = settings;
    const { length } = subscriptions;
    this.#context = context;
    this.#settings = settings;
    this.#zones = zones;
    this.copies = new LeasedCopies(arena, `${id}.copies`);
    this.queues = subscriptions.map((_, number) => {
      const name = `${id}.subscription${number}`;
      return new LeaseQueue(this.copies, context, { name, number, timerCode: LEASES });
    });
    this.accounts = subscriptions.map(({ channel }) => context.openAccount(channel, NONE));
    this.clients = new Clients(arena, settings);
    this.windows = new PushWindows(arena, `${id}.push`, length);
    this.chains = new KeyChains(arena, `${id}.chains`, length);
    this.waiting = arena.int32(`${id}.waiting`, length);
    this.#existence = arena.int32(`${id}.existence`, length);
    this.#resumes = arena.int32(`${id}.resumes`, length);
    this.#subscriptionOf = arena.int32(`${id}.subscriptionOf`);
    this.#endpoints = subscriptions.map((_, at) =>
      settings.consumers.findIndex((consumer) => consumer?.subscription === at),
    );
    subscriptions.forEach(({ createdNs }, at) => {
      this.#existence.data[at] = createdNs > 0 ? existence.notYet : existence.there;
    });
  }

  /** The subscription of a copy. */
  subscription(copy: number): number {
    return this.#subscriptionOf.data[copy]!;
  }

  isDeleted(subscription: number): boolean {
    return this.#existence.data[subscription] === existence.deleted;
  }

  /** The subscription is made. */
  create(subscription: number): void {
    this.#existence.data[subscription] = existence.there;
  }

  /** The subscription is deleted; what is in it is taken out by whoever deletes it. */
  remove(subscription: number): void {
    this.#existence.data[subscription] = existence.deleted;
  }

  isThere(subscription: number): boolean {
    return this.#existence.data[subscription] === existence.there;
  }

  /** Books a copy that comes to wait, and retains its message. */
  book(subscription: number, message: number): void {
    this.#context.routed(this.accounts[subscription]!, message);
    this.#context.retain(message);
    this.waiting.data[subscription]!++;
  }

  /** Puts a copy that is booked into its queue. */
  enter(subscription: number, { message, ns }: Published): void {
    const { retentionNs } = this.#settings.subscriptions[subscription]!;
    const queue = this.queues[subscription]!;
    const group = this.#groupOf(subscription, message);
    const copy = queue.add(message, group);
    queue.setEntered(copy, ns);
    queue.expireAt(copy, ns + retentionNs);
    if (this.#subscriptionOf.length <= copy) this.#subscriptionOf.resize(copy + 1);
    this.#subscriptionOf.data[copy] = subscription;
    this.pursue(subscription, group);
  }

  /** Sends what can be sent. */
  work(subscription: number): void {
    if (!this.#mayWork(subscription)) return;
    const { isPush } = this.#settings.subscriptions[subscription]!;
    const queue = this.queues[subscription]!;
    for (let copy = queue.next(); copy !== NONE; copy = queue.next()) {
      if (isPush && !this.#mayPush(subscription)) return;
      const client = isPush ? NONE : this.clients.next(subscription);
      if (!isPush && client === NONE) return;
      this.#send(subscription, copy, client);
      this.pursue(subscription, this.copies.group(copy));
    }
  }

  /** Sends what is ready of a key after what is out of it, to the client that has it. */
  pursue(subscription: number, group: number): void {
    if (group === NONE || !this.#mayWork(subscription)) return;
    const owner = this.chains.owner(subscription, group);
    if (owner === NONE) return;
    const queue = this.queues[subscription]!;
    while (this.clients.hasRoom(owner)) {
      const copy = queue.nextOf(group);
      if (copy === NONE) return;
      this.#send(subscription, copy, owner);
    }
  }

  /** Takes back everything of a copy's key that was sent after it. */
  takeBackLater(subscription: number, copy: number): void {
    const group = this.copies.group(copy);
    if (group === NONE || this.#settings.subscriptions[subscription]!.isPush) return;
    const chains = this.chains;
    for (;;) {
      const last = chains.last(subscription, group);
      if (last === copy) return;
      this.letGo(last);
      this.takeOff(last, "earlier-of-its-key-failed");
      this.queues[subscription]!.giveBack(last, "place");
    }
  }

  /** A copy that is out leaves its client, its key's chain or the window. */
  letGo(copy: number): void {
    const subscription = this.subscription(copy);
    const group = this.copies.group(copy);
    if (this.#settings.subscriptions[subscription]!.isPush) {
      this.windows.ended(subscription);
      return;
    }
    if ((this.copies.mark(copy) & marks.done) === 0) this.releaseClient(copy);
    if (group !== NONE) this.chains.remove(subscription, group, copy);
  }

  releaseClient(copy: number): void {
    const bytes = this.#context.sizeOf(this.copies.message(copy));
    this.clients.release(this.copies.holder(copy), bytes);
  }

  /** Takes a copy off the worker that has it, if one has: it waits again. */
  takeOff(copy: number, reason: string): void {
    const delivery = this.copies.delivery(copy);
    const mark = this.copies.mark(copy);
    this.copies.setMark(copy, mark & ~(marks.released | marks.done | marks.setAside));
    if (delivery === NONE) return;
    this.#context.returned(delivery, reason);
    if ((mark & marks.released) !== 0) this.#context.forget(delivery);
    this.copies.setDelivery(copy, NONE);
    this.waiting.data[this.subscription(copy)]!++;
  }

  /** A copy that is out of its client's hands leaves the books and the queue. */
  bury(copy: number, how: "dead" | "dropped" | "expired", reason: string): void {
    const subscription = this.subscription(copy);
    const account = this.accounts[subscription]!;
    const message = this.copies.message(copy);
    const delivery = this.copies.delivery(copy);
    if (delivery === NONE) {
      this.waiting.data[subscription]!--;
      if (how === "dead") this.#context.deadLettered(account, message, reason);
      else if (how === "expired") this.#context.expired(account, message, reason);
      else this.#context.dropped(account, message, reason);
    } else {
      if (how === "dead") this.#context.rejected(delivery, reason);
      else this.#context.discarded(delivery, reason);
      if ((this.copies.mark(copy) & marks.released) !== 0) this.#context.forget(delivery);
    }
    this.queues[subscription]!.remove(copy);
    this.#context.release(message);
  }

  /** The lease of a copy is not extended any more: it ends with its last extension. */
  stopExtending(copy: number, client: number): void {
    const subscription = this.subscription(copy);
    const { deadlineNs, isExactlyOnce } = this.#settings.subscriptions[subscription]!;
    const { leaseNs, isExtended } = this.#settings.consumers[this.clients.consumer(client)]!;
    if (!isExtended) return;
    const stepNs = isExactlyOnce ? Math.max(deadlineNs, EXACTLY_ONCE_NS) : deadlineNs;
    const sentNs = this.copies.dueNs(copy) - leaseNs;
    const everyNs = Math.round(stepNs * EXTENDS_AT);
    const extensions = Math.floor((this.#context.now() - sentNs) / everyNs);
    const endNs = sentNs + extensions * everyNs + stepNs;
    this.queues[subscription]!.extend(copy, Math.min(this.copies.dueNs(copy), endNs));
  }

  mark(copy: number, bits: number): void {
    this.copies.setMark(copy, this.copies.mark(copy) | bits);
  }

  hand(copy: number, client: number): void {
    const subscription = this.subscription(copy);
    const message = this.copies.message(copy);
    const attempt = this.copies.lentCount(copy);
    const delivery = this.#context.takeOut(this.accounts[subscription]!, message, attempt, copy);
    this.copies.setDelivery(copy, delivery);
    this.waiting.data[subscription]!--;
    this.#context.deliver(delivery, this.clients.consumer(client), this.clients.worker(client));
  }

  /** A pause in pushing is over. */
  resume(subscription: number): void {
    this.#resumes.data[subscription] = 0;
    this.work(subscription);
  }

  #send(subscription: number, copy: number, client: number): void {
    const { isPush } = this.#settings.subscriptions[subscription]!;
    const endpoint = isPush ? this.#endpoints[subscription]! : this.clients.consumer(client);
    const { leaseNs, latencyNs } = this.#settings.consumers[endpoint]!;
    const group = this.copies.group(copy);
    this.takeOff(copy, "ack-deadline");
    this.queues[subscription]!.lend(copy, client, this.#context.now() + leaseNs);
    if (isPush) this.windows.sent(subscription);
    else this.clients.take(client, this.#context.sizeOf(this.copies.message(copy)));
    if (!isPush && group !== NONE) this.chains.append(subscription, group, copy, client);
    this.#context.schedule(latencyNs, DELIVER, copy, this.copies.generation(copy));
  }

  /** The ordering key, where it counts. */
  #groupOf(subscription: number, message: number): number {
    if (!this.#settings.subscriptions[subscription]!.isOrdered) return NONE;
    const publisher = this.#settings.publishers[this.#context.publisherOf(message)]!;
    return publisher.hasOrderingKey ? this.#context.keyOf(message) : NONE;
  }

  #mayWork(subscription: number): boolean {
    return this.isThere(subscription) && !this.#zones.areAllDown();
  }

  #mayPush(subscription: number): boolean {
    if (this.#endpoints[subscription] === NONE || !this.windows.hasRoom(subscription)) return false;
    const pauseNs = this.windows.pausedUntilNs(subscription) - this.#context.now();
    if (pauseNs <= 0) return true;
    if (this.#resumes.data[subscription] === 0)
      this.#context.schedule(pauseNs, RESUME, subscription, 0);
    this.#resumes.data[subscription] = 1;
    return false;
  }
}
