// A broker of the product in the naive world: integers on one side, objects on the other. Handles are the running
// numbers of things and never come back, so that a broker that relies on a reused handle shows.

import { assert } from "../../base/assert.ts";
import type { FieldValue } from "../../base/fields.ts";
import { simulated } from "../../brokers/simulated.ts";
import type {
  Broker,
  BrokerConfig,
  BrokerContext,
  Departure,
  Stretch,
  Verdict,
} from "../../brokers/technology.ts";
import { Arena } from "../../kernel/arena.ts";
import type { Ring } from "../../kernel/ring.ts";
import { brokerConfigOf } from "../../model/brokerConfig.ts";
import type { BrokerNode, ConsumeConnection, PublishConnection } from "../../model/scenario.ts";
import type { Account, Delivery, Key, Message, NaiveBroker } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** A copy on its way to a worker, by its place in a list. */
interface TakenOut {
  readonly account: Account;
  readonly message: Message;
  readonly attempt: number;
  /** The broker's own number for it. */
  readonly tag: number;
  /** The same, and it may change. */
  mark: number;
  partition: number;
  offset: number;
  /** From the handing over until the broker forgets it. */
  delivery: Delivery | undefined;
}

/** A product's broker that talks to the naive world. */
export class HostedBroker implements NaiveBroker {
  readonly #world: NaiveWorld;
  readonly #config: BrokerConfig;
  readonly #broker: Broker;
  readonly #messages = new Map<number, Message>();
  readonly #links = new Map<number, number>();
  readonly #copies: TakenOut[] = [];
  readonly #numbers = new Map<Delivery, number>();
  readonly #accounts: Account[] = [];
  readonly #keys: Key[] = [];
  readonly #keyNumbers = new Map<string, number>();

  constructor(world: NaiveWorld, node: BrokerNode) {
    this.#world = world;
    this.#config = brokerConfigOf(world.scenario, node.id);
    this.#broker = simulated[node.technology].open(this.#config, this.#context());
  }

  start(): void {
    this.#broker.start();
  }

  publish(link: PublishConnection, message: Message): void {
    this.#messages.set(message.number, message);
    this.#broker.publish(this.#rowOf(link), message.number);
  }

  settle(delivery: Delivery, verdict: Verdict): void {
    this.#broker.settle(this.#numbers.get(delivery) ?? -1, verdict);
  }

  join(link: ConsumeConnection, worker: number): void {
    this.#broker.join(this.#rowOf(link), worker);
  }

  leave(link: ConsumeConnection, worker: number, how: Departure): void {
    this.#broker.leave(this.#rowOf(link), worker, how);
  }

  publisherCrashed(link: PublishConnection): void {
    this.#broker.publisherCrashed?.(this.#rowOf(link));
  }

  publisherRestarts(link: PublishConnection): void {
    this.#broker.publisherRestarts?.(this.#rowOf(link));
  }

  crashNode(node: number): void {
    this.#broker.crashNode(node);
  }

  restartNode(node: number): void {
    this.#broker.restartNode(node);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    this.#broker.set(element, parameter, value);
  }

  waiting(link: ConsumeConnection): number {
    return this.#broker.waiting(this.#rowOf(link));
  }

  oldestNs(link: ConsumeConnection): number {
    return this.#broker.oldestNs(this.#rowOf(link));
  }

  #rowOf(link: PublishConnection | ConsumeConnection): number {
    return this.#world.scenario.connections.indexOf(link);
  }

  #message(number: number): Message {
    const message = this.#messages.get(number);
    assert(message !== undefined && message.references > 0, `message ${number} is alive.`);
    return message;
  }

  #delivery(copy: number): Delivery {
    const delivery = this.#copies[copy]?.delivery;
    assert(delivery !== undefined, `copy ${copy} is with a worker.`);
    return delivery;
  }

  #channel(row: number): string {
    return this.#world.scenario.channels[row]!.id;
  }

  #consumer(row: number): ConsumeConnection {
    const link = this.#world.scenario.connections[row];
    assert(link?.kind === "consume", `connection ${row} is a subscription.`);
    return link;
  }

  #numberOf(key: Key | undefined): number {
    if (key === undefined) return -1;
    const name = `${key.producer}/${key.number}`;
    const known = this.#keyNumbers.get(name);
    if (known !== undefined) return known;
    this.#keyNumbers.set(name, this.#keys.length);
    return this.#keys.push(key) - 1;
  }

  #context(): BrokerContext {
    const world = this.#world;
    return {
      arena: new Arena(),
      now: () => world.now(),
      schedule: (delayNs, code, a, b) =>
        void world.events.after(delayNs, () => this.#broker.wake(code, a, b)),
      random: (purpose) => world.random(this.#config.id, purpose),
      note: (element) => world.note(element),
      ...this.#messageVerbs(),
      ...this.#copyVerbs(),
      ...this.#deliveryVerbs(),
    };
  }

  #messageVerbs() {
    const world = this.#world;
    return {
      retain: (message: number) => world.retain(this.#message(message)),
      release: (message: number) => world.release(this.#message(message)),
      keyOf: (message: number) => this.#numberOf(this.#message(message).key),
      keyText: (key: number) => this.#keys[key]?.text ?? "",
      sizeOf: (message: number) => this.#message(message).size,
      publisherOf: (message: number) =>
        this.#world.scenario.connections.indexOf(this.#message(message).link),
      publishedNs: (message: number) => this.#message(message).bornNs,
      linked: (message: number) => this.#links.get(message) ?? -1,
      link: (message: number, value: number) => void this.#links.set(message, value),
      confirmedAll: (_publisher: number, first: number, count: number) => {
        let message = first;
        for (let left = count; left > 0; left--) {
          world.confirmed(this.#message(message));
          message = this.#links.get(message) ?? -1;
        }
      },
      confirmed: (_publisher: number, message: number) => world.confirmed(this.#message(message)),
      refused: (_publisher: number, message: number, reason: string) =>
        world.refused(this.#message(message), reason),
      unroutable: (channel: number, message: number) =>
        world.unroutable(this.#channel(channel), this.#message(message)),
      lost: (channel: number, message: number, reason: string) =>
        world.lost(this.#channel(channel), this.#message(message), reason),
      stored: (channel: number, message: number, partition: number, offset: number) =>
        world.stored(this.#channel(channel), this.#message(message), partition, offset),
    };
  }

  #copyVerbs() {
    const world = this.#world;
    const gone =
      (event: "expired" | "dead-lettered" | "dropped") =>
      (account: number, message: number, reason: string): void =>
        world.gone(this.#accounts[account]!, this.#message(message), event, reason);
    return {
      openAccount: (channel: number, subscription: number): number => {
        const link = subscription < 0 ? undefined : this.#consumer(subscription).id;
        return this.#accounts.push(world.openAccount(this.#channel(channel), link)) - 1;
      },
      routed: (account: number, message: number) =>
        world.routed(this.#accounts[account]!, this.#message(message)),
      readable: (stretch: Stretch) => {
        for (let offset = stretch.from; offset < stretch.to; offset++) {
          const message = this.#message(stretch.messageAt(offset));
          world.stored(this.#channel(stretch.channel), message, stretch.partition, offset);
          for (const account of stretch.accounts) world.routed(this.#accounts[account]!, message);
        }
      },
      expired: gone("expired"),
      deadLettered: gone("dead-lettered"),
      dropped: gone("dropped"),
    };
  }

  #deliver(number: number, subscription: number, worker: number): void {
    const copy = this.#copies[number]!;
    const link = this.#consumer(subscription);
    this.#world.deliver({ ...copy, link, worker }, (delivery) => {
      copy.delivery = delivery;
      this.#numbers.set(delivery, number);
      // From now on the delivery holds the message.
      this.#letGo(copy.message);
    });
  }

  /** A copy that was taken out holds its message, also while it is on its way. */
  #takeOut(copy: TakenOut): number {
    this.#world.retain(copy.message);
    this.#world.aliveDeliveries++;
    return this.#copies.push(copy) - 1;
  }

  #letGo(message: Message): void {
    this.#world.aliveDeliveries--;
    this.#world.release(message);
  }

  #forget(copy: number): void {
    const { delivery, message } = this.#copies[copy]!;
    if (delivery === undefined) this.#letGo(message);
    else this.#world.forget(delivery);
    this.#copies[copy]!.delivery = undefined;
  }

  #deliveryVerbs() {
    const world = this.#world;
    return {
      takeOut: (account: number, message: number, attempt: number, tag: number): number =>
        this.#takeOut({
          account: this.#accounts[account]!,
          message: this.#message(message),
          attempt,
          tag,
          mark: 0,
          partition: -1,
          offset: -1,
          delivery: undefined,
        }),
      placed: (copy: number, partition: number, offset: number) =>
        void Object.assign(this.#copies[copy]!, { partition, offset }),
      deliver: (number: number, subscription: number, worker: number) =>
        this.#deliver(number, subscription, worker),
      deliverLast: (count: number, deliveries: Ring, subscription: number, worker: number) => {
        for (let left = count; left > 0; left--)
          this.#deliver(deliveries.at(deliveries.size() - left), subscription, worker);
      },
      returned: (copy: number, reason: string) => world.returned(this.#delivery(copy), reason),
      acknowledged: (copy: number) => world.acknowledged(this.#delivery(copy)),
      acknowledgedFirst: (count: number, deliveries: Ring) => {
        for (let left = count; left > 0; left--) {
          const copy = deliveries.popFront();
          world.acknowledged(this.#delivery(copy));
          this.#forget(copy);
        }
      },
      rejected: (copy: number, reason: string) => world.rejected(this.#delivery(copy), reason),
      discarded: (copy: number, reason: string) => world.discarded(this.#delivery(copy), reason),
      forget: (copy: number) => this.#forget(copy),
      deliveryTag: (copy: number) => this.#copies[copy]!.tag,
      deliveryMessage: (copy: number) => this.#copies[copy]!.message.number,
      deliveryWorker: (copy: number) => this.#delivery(copy).worker,
      deliverySubscription: (copy: number) => this.#rowOf(this.#delivery(copy).link),
      deliveryAttempt: (copy: number) => this.#copies[copy]!.attempt,
      deliveryOffset: (copy: number) => this.#copies[copy]!.offset,
      deliveryMark: (copy: number) => this.#copies[copy]!.mark,
      mark: (copy: number, mark: number) => {
        this.#copies[copy]!.mark = mark;
      },
      deliveriesOf: (subscription: number, worker: number) =>
        this.#copies
          .flatMap(({ delivery }, copy) =>
            delivery?.worker === worker && this.#rowOf(delivery.link) === subscription
              ? [{ copy, delivery }]
              : [],
          )
          .toSorted(
            ({ delivery: one }, { delivery: other }) =>
              one.deliveredNs - other.deliveredNs || one.message.number - other.message.number,
          )
          .map(({ copy }) => copy),
    };
  }
}
