// What a broker may do in a run: the verbs of brokers/technology.ts, carried out on the world's books. Methods of
// one class, not closures per broker: the compiler then sees through them, in every run of a tab.

import type { Account, BrokerContext, Stretch } from "../brokers/technology.ts";
import type { Arena } from "../kernel/arena.ts";
import type { EventList } from "../kernel/eventList.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { Ring } from "../kernel/ring.ts";
import type { Observations } from "../kernel/observations.ts";
import type { MessageEvent } from "../model/events.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Ledger } from "./ledger.ts";
import { limitEnding, limits } from "./limits.ts";
import type { Messages } from "./messages.ts";
import { codeBits } from "./timerCodes.ts";
import type { World } from "./world.ts";

/** The context of one broker component. */
export class BrokerVerbs implements BrokerContext {
  readonly arena: Arena;
  readonly #world: World;
  readonly #messages: Messages;
  readonly #deliveries: Deliveries;
  readonly #ledger: Ledger;
  readonly #events: EventList;
  readonly #clock: Float64Array;
  readonly #id: string;
  readonly #firstCode: number;

  constructor(world: World, component: number, id: string) {
    this.arena = world.arena;
    this.#world = world;
    this.#messages = world.messages;
    this.#deliveries = world.deliveries;
    this.#ledger = world.ledger;
    this.#events = world.events;
    this.#clock = world.clock;
    this.#id = id;
    this.#firstCode = component << codeBits;
  }

  now(): number {
    return this.#clock[0]!;
  }

  schedule(delayNs: number, code: number, a: number, b: number): void {
    this.#events.after(delayNs, this.#firstCode + code, a, b);
  }

  random(purpose: string): RandomStream {
    return this.#world.streams.stream(`${this.#id}/${purpose}`);
  }

  openAccount(channel: number, subscription: number): Account {
    return this.#ledger.open(channel, subscription);
  }

  // Messages.

  retain(message: number): void {
    this.#messages.retain(message);
  }

  release(message: number): void {
    this.#messages.release(message);
  }

  keyOf(message: number): number {
    return this.#messages.key(message);
  }

  keyText(key: number): string {
    return this.#world.plan.keyText(key);
  }

  sizeOf(message: number): number {
    return this.#messages.size(message);
  }

  publisherOf(message: number): number {
    return this.#messages.connection(message);
  }

  publishedNs(message: number): number {
    return this.#messages.publishedNs(message);
  }

  linked(message: number): number {
    return this.#messages.linked(message);
  }

  link(message: number, value: number): void {
    this.#messages.link(message, value);
  }

  // What becomes of a publication.

  confirmed(publisher: number, message: number): void {
    const world = this.#world;
    if (world.network.isBusy && world.network.confirms(publisher, message)) return;
    world.confirmed(publisher, message);
  }

  confirmedAll(publisher: number, first: number, count: number): void {
    const isHeldUp = this.#world.network.isBusy;
    if (!isHeldUp) this.#ledger.confirmed.data[publisher]! += count;
    if (!isHeldUp) this.#ledger.publishing.data[publisher]! -= count;
    let message = first;
    for (let left = count; left > 0; left--) {
      // Before it is gone: what is published next may be given its row.
      const next = this.#messages.linked(message);
      if (isHeldUp) this.confirmed(publisher, message);
      else this.#world.conclude(publisher, message);
      message = next;
    }
  }

  refused(publisher: number, message: number, reason: string): void {
    this.#world.refused(publisher, message, reason);
  }

  unroutable(channel: number, message: number): void {
    this.#ledger.unroutable.data[channel]!++;
    if (this.#world.hears(message))
      this.#world.log("unroutable", message, { channel: this.#idOfChannel(channel) });
  }

  lost(channel: number, message: number, reason: string): void {
    this.#ledger.lost.data[channel]!++;
    this.#ledger.lostBy.add(channel, reason);
    if (this.#world.hears(message))
      this.#world.log("lost", message, { channel: this.#idOfChannel(channel), reason });
  }

  stored(channel: number, message: number, partition: number, offset: number): void {
    this.#ledger.stored.data[channel]!++;
    if (this.#world.hears(message))
      this.#world.log("stored", message, {
        channel: this.#idOfChannel(channel),
        ...(partition < 0 ? {} : { partition, offset }),
      });
  }

  // What becomes of a copy.

  routed(account: Account, message: number): void {
    this.#route(account, 1);
    if (this.#world.hears(message)) this.#world.log("routed", message, this.#placeOf(account));
  }

  readable(stretch: Stretch): void {
    const count = stretch.to - stretch.from;
    this.#ledger.stored.data[stretch.channel]! += count;
    for (const account of stretch.accounts) this.#route(account, count);
    if (this.#world.isLogging) this.#logReadable(stretch);
  }

  #route(account: Account, count: number): void {
    this.#ledger.routed(account, count);
    if (this.#ledger.inAll.data[0]! > limits.copies) this.#tooManyCopies(account);
  }

  expired(account: Account, message: number, reason: string): void {
    this.#ledger.left(account, "expired");
    this.#logLeaving("expired", account, message, reason);
  }

  deadLettered(account: Account, message: number, reason: string): void {
    this.#ledger.left(account, "deadLettered");
    this.#logLeaving("dead-lettered", account, message, reason);
  }

  dropped(account: Account, message: number, reason: string): void {
    this.#ledger.left(account, "dropped");
    this.#ledger.droppedBy.add(account, reason);
    this.#logLeaving("dropped", account, message, reason);
  }

  // Deliveries.

  takeOut(account: Account, message: number, attempt: number, tag: number): number {
    const delivery = this.#deliveries.create(account, message, attempt, tag);
    this.#messages.retain(message);
    return delivery;
  }

  placed(delivery: number, partition: number, offset: number): void {
    this.#deliveries.place(delivery, partition, offset);
  }

  deliver(delivery: number, subscription: number, worker: number): void {
    this.#ledger.delivered(this.#deliveries.account(delivery), subscription, 1);
    this.#handOver(delivery, subscription, worker);
  }

  deliverLast(count: number, flights: Ring, subscription: number, worker: number): void {
    if (count === 0) return;
    const account = this.#deliveries.account(flights.at(flights.size() - 1));
    this.#ledger.delivered(account, subscription, count);
    for (let left = count; left > 0; left--)
      this.#handOver(flights.at(flights.size() - left), subscription, worker);
  }

  #handOver(delivery: number, subscription: number, worker: number): void {
    const world = this.#world;
    const deliveries = this.#deliveries;
    const isAgain = deliveries.attempt(delivery) > 1;
    deliveries.assign(delivery, subscription, worker);
    if (isAgain) this.#ledger.redelivered(deliveries.account(delivery), subscription);
    const message = deliveries.message(delivery);
    if (world.hears(message)) this.#logDelivery("delivered", delivery, "");
    world.move(subscription, message, isAgain ? "redelivery" : "normal");
    world.network.absences.handOver(delivery);
    if (world.network.isBusy && world.network.delivers(subscription, delivery)) return;
    world.consumerOf(subscription).deliver(worker, delivery);
  }

  returned(delivery: number, reason: string): void {
    const deliveries = this.#deliveries;
    this.#ledger.returned(deliveries.account(delivery), deliveries.subscription(delivery));
    if (this.#world.hears(deliveries.message(delivery)))
      this.#logDelivery("returned", delivery, reason);
  }

  acknowledged(delivery: number): void {
    const deliveries = this.#deliveries;
    const account = deliveries.account(delivery);
    this.#ledger.acknowledged(account, deliveries.subscription(delivery), 1);
    this.#conclude(delivery, this.#ledger.accounts[account]!.latency);
  }

  acknowledgedFirst(count: number, flights: Ring): void {
    if (count === 0) return;
    const deliveries = this.#deliveries;
    const account = deliveries.account(flights.at(0));
    const { latency } = this.#ledger.accounts[account]!;
    this.#ledger.acknowledged(account, deliveries.subscription(flights.at(0)), count);
    for (let left = count; left > 0; left--) {
      const delivery = flights.popFront();
      this.#conclude(delivery, latency);
      this.forget(delivery);
    }
  }

  #conclude(delivery: number, latency: Observations): void {
    const message = this.#deliveries.message(delivery);
    latency.record(this.#clock[0]! - this.#messages.publishedNs(message));
    if (this.#world.hears(message)) this.#logDelivery("acknowledged", delivery, "");
  }

  rejected(delivery: number, reason: string): void {
    const deliveries = this.#deliveries;
    this.#ledger.rejected(deliveries.account(delivery), deliveries.subscription(delivery));
    if (this.#world.hears(deliveries.message(delivery)))
      this.#logDelivery("rejected", delivery, reason);
  }

  discarded(delivery: number, reason: string): void {
    const deliveries = this.#deliveries;
    const account = deliveries.account(delivery);
    this.#ledger.discarded(account, deliveries.subscription(delivery));
    this.#ledger.droppedBy.add(account, reason);
    if (this.#world.hears(deliveries.message(delivery)))
      this.#logDelivery("dropped", delivery, reason);
  }

  forget(delivery: number): void {
    if (this.#world.network.isBusy && this.#world.network.forgets(delivery)) return;
    this.#messages.release(this.#deliveries.message(delivery));
    this.#deliveries.give(delivery);
  }

  deliveryTag(delivery: number): number {
    return this.#deliveries.tag(delivery);
  }

  deliveryMessage(delivery: number): number {
    return this.#deliveries.message(delivery);
  }

  deliveryWorker(delivery: number): number {
    return this.#deliveries.worker(delivery);
  }

  deliverySubscription(delivery: number): number {
    return this.#deliveries.subscription(delivery);
  }

  deliveryAttempt(delivery: number): number {
    return this.#deliveries.attempt(delivery);
  }

  deliveryOffset(delivery: number): number {
    return this.#deliveries.offset(delivery);
  }

  deliveryMark(delivery: number): number {
    return this.#deliveries.mark(delivery);
  }

  mark(delivery: number, mark: number): void {
    this.#deliveries.setMark(delivery, mark);
  }

  deliveriesOf(subscription: number, worker: number): readonly number[] {
    const deliveries = this.#deliveries;
    const { messages } = this.#world;
    // Not in the order of the rows, which are used again.
    return deliveries.heldBy(subscription, worker).toSorted((one, other) => {
      const sinceNs = deliveries.deliveredNs(one) - deliveries.deliveredNs(other);
      if (sinceNs !== 0) return sinceNs;
      return messages.id(deliveries.message(one)) - messages.id(deliveries.message(other));
    });
  }

  note(element: string, sentence: string): void {
    this.#world.note(element, sentence);
  }

  // For the event log.

  #idOfChannel(channel: number): string {
    return this.#world.plan.scenario.channels[channel]!.id;
  }

  #logReadable(stretch: Stretch): void {
    const { channel, partition, accounts, from, to } = stretch;
    for (let offset = from; offset < to; offset++) {
      const message = stretch.messageAt(offset);
      if (!this.#world.hears(message)) continue;
      this.#world.log("stored", message, {
        channel: this.#idOfChannel(channel),
        partition,
        offset,
      });
      for (const account of accounts) this.#world.log("routed", message, this.#placeOf(account));
    }
  }

  #tooManyCopies(account: Account): void {
    const { channel } = this.#ledger.accounts[account]!;
    this.#world.end(limitEnding("copies", this.#idOfChannel(channel)));
  }

  #placeOf(account: Account): Partial<MessageEvent> {
    const { channel, subscription } = this.#ledger.accounts[account]!;
    const { connections } = this.#world.plan.scenario;
    return {
      channel: this.#idOfChannel(channel),
      ...(subscription < 0 ? {} : { subscription: connections[subscription]!.id }),
    };
  }

  #logLeaving(
    event: "expired" | "dead-lettered" | "dropped",
    account: Account,
    message: number,
    reason: string,
  ): void {
    if (this.#world.hears(message))
      this.#world.log(event, message, { ...this.#placeOf(account), reason });
  }

  #logDelivery(
    event: "delivered" | "returned" | "acknowledged" | "rejected" | "dropped",
    delivery: number,
    reason: string,
  ): void {
    const deliveries = this.#deliveries;
    const consume = this.#world.plan.scenario.connections[deliveries.subscription(delivery)]!;
    const partition = deliveries.partition(delivery);
    this.#world.log(event, deliveries.message(delivery), {
      ...this.#placeOf(deliveries.account(delivery)),
      subscription: consume.id,
      consumer: consume.kind === "bridge" ? consume.id : consume.to,
      attempt: deliveries.attempt(delivery),
      ...(partition < 0 ? {} : { partition, offset: deliveries.offset(delivery) }),
      ...(reason === "" ? {} : { reason }),
    });
  }
}
