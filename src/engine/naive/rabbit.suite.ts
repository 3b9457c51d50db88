// RabbitMQ once more, naively: publications, consumers and the nodes of a cluster as objects. Covers everything that
// a document can say about RabbitMQ; see rabbitQueue.suite.ts for what happens inside of a queue.

import { assert } from "../../base/assert.ts";
import { type FieldValue, valuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields, publishFields } from "../../brokers/rabbitmq/fields.ts";
import type { Departure, Verdict } from "../../brokers/technology.ts";
import type { BrokerNode, ConsumeConnection, PublishConnection } from "../../model/scenario.ts";
import { lifetimeNs, NaiveQueue, type Offer } from "./rabbitQueue.suite.ts";
import {
  type Consumer,
  type Copy,
  type DeathReason,
  type Held,
  queuesBehind,
  routingKeyOf,
} from "./rabbitThings.suite.ts";
import type { Delivery, Message, NaiveBroker } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** How many held copies of a consumer are looked at for the oldest one. */
const lookedAt = 256;

/** A quorum queue's limit for consumers without prefetch. */
const quorumWindow = 2000;

/** What a publication tells its publisher when the last queue has answered. */
interface Publication {
  open: number;
  refusal: string;
  isStored: boolean;
}

/** A running RabbitMQ cluster. */
export class NaiveRabbit implements NaiveBroker {
  readonly world: NaiveWorld;
  readonly #values;
  readonly #queues: readonly NaiveQueue[];
  readonly #isUp: boolean[];
  /** Consumers by their number; a number that is free is given out again, the latest freed one first. */
  readonly #consumers: (Consumer | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  readonly #prefetch = new Map<string, number>();
  readonly #heldBy = new Map<Delivery, Held>();
  /** Deliveries whose copy was taken back while a worker is busy with them. */
  #stale: Delivery[] = [];
  /** Deaths of this instant that wait for their turn. */
  #dying: (() => void)[] = [];
  #isTicking = false;

  constructor(world: NaiveWorld, node: BrokerNode) {
    this.world = world;
    this.#values = valuesOf(clusterFields, node.parameters ?? {});
    const { nodes } = this.#values;
    this.#isUp = Array.from({ length: nodes }, () => true);
    this.#queues = world.scenario.channels
      .filter((channel) => channel.broker === node.id && channel.kind === "queue")
      .map((channel, position) => new NaiveQueue(this, channel, { position, nodes }));
  }

  start(): void {
    // Workers have joined and queues are declared.
  }

  /** A queue by its id. */
  queue(id: string): NaiveQueue {
    const queue = this.#queues.find(({ channel }) => channel.id === id);
    assert(queue !== undefined, `${id} is a queue.`);
    return queue;
  }

  /** Why a queue does nothing, "" when it works. */
  standstill(queue: NaiveQueue): "" | "node-down" | "no-majority" | "electing" {
    if (!queue.isQuorum) return this.#isUp[queue.members[0]!] === true ? "" : "node-down";
    if (!this.#hasMajority(queue)) return "no-majority";
    return queue.leader === undefined ? "electing" : "";
  }

  // Publications.

  publish(link: PublishConnection, message: Message): void {
    const { latency, confirms } = valuesOf(publishFields, link.parameters ?? {});
    if (!this.#anyUp()) return this.world.refused(message, "no-node-up");
    this.world.retain(message);
    this.world.events.after(lifetimeNs(latency), () => {
      this.#receive(link, message);
      this.world.release(message);
    });
    if (!confirms) this.world.confirmed(message);
  }

  #receive(link: PublishConnection, message: Message): void {
    const { confirms, mandatory, routing_key } = valuesOf(publishFields, link.parameters ?? {});
    const { scenario } = this.world;
    if (!this.#anyUp()) {
      if (confirms) this.#reply(link, message, "no-node-up");
      else this.world.lost(link.to, message, "no-node-up");
      return;
    }
    const channel = scenario.channels.find(({ id }) => id === link.to)!;
    const routingKey = routingKeyOf(scenario, link, { stated: routing_key, message });
    const queues = queuesBehind(scenario, channel, routingKey).map((id) => this.queue(id));
    if (queues.length > 0) return this.#distribute(link, message, { queues, routingKey });
    if (mandatory && confirms) return this.#reply(link, message, "unroutable");
    this.world.unroutable(link.to, message);
    this.#reply(link, message, "");
  }

  #distribute(
    link: PublishConnection,
    message: Message,
    { queues, routingKey }: { queues: readonly NaiveQueue[]; routingKey: string },
  ): void {
    const values = valuesOf(publishFields, link.parameters ?? {});
    const offers = queues.map((queue) => queue.wouldTake(message));
    const isStored = offers.includes("taken");
    const waits = offers.includes("waits");
    const publication: Publication = { open: 0, refusal: "", isStored };
    if (isStored) this.world.stored(link.to, message, -1, -1);
    if (waits) this.world.retain(message);
    for (const queue of queues) {
      const arrival = {
        message,
        routingKey,
        isPersistent: values.delivery_mode === "2",
        lifetimeNs: lifetimeNs(values.expiration),
        deaths: [],
      };
      const offer = queue.offer(arrival, (later) => {
        this.#noteOffer(link, message, { publication, queue, offer: later });
        this.#answerLater(link, message, publication);
      });
      if (offer === "waits") publication.open++;
      this.#noteOffer(link, message, { publication, queue, offer });
    }
    if (!waits) this.#reply(link, message, publication.refusal);
  }

  /** A queue has taken or refused its copy. */
  #noteOffer(
    link: PublishConnection,
    message: Message,
    about: { publication: Publication; queue: NaiveQueue; offer: Offer },
  ): void {
    const { publication, queue, offer } = about;
    const { confirms } = valuesOf(publishFields, link.parameters ?? {});
    if (offer === "taken" && !publication.isStored) {
      publication.isStored = true;
      this.world.stored(link.to, message, -1, -1);
    }
    if (offer === "taken" || offer === "waits") return;
    if (!confirms) this.world.lost(queue.channel.id, message, offer);
    else if (publication.refusal === "") publication.refusal = offer;
  }

  #answerLater(link: PublishConnection, message: Message, publication: Publication): void {
    if (--publication.open > 0) return;
    this.#reply(link, message, publication.refusal);
    this.world.release(message);
  }

  /** Sends a confirm or, with a reason, a nack, if the publisher has asked for answers. */
  #reply(link: PublishConnection, message: Message, refusal: string): void {
    const { confirms, latency } = valuesOf(publishFields, link.parameters ?? {});
    if (!confirms) return;
    this.world.events.after(lifetimeNs(latency), () => {
      if (refusal === "") this.world.confirmed(message);
      else this.world.refused(message, refusal);
    });
  }

  // Consumers.

  join(link: ConsumeConnection, worker: number): void {
    const values = valuesOf(consumeFields, link.parameters ?? {});
    const queue = this.queue(link.from);
    const consumer: Consumer = {
      link,
      worker,
      priority: values["x-priority"],
      isAutomatic: values.ack === "automatic",
      requeues: values.on_failure === "requeue",
      latencyNs: lifetimeNs(values.latency),
      isOpen: true,
      window: this.#windowOf(link),
      isEnabled: false,
      held: [],
    };
    const number = this.#freeNumbers.pop() ?? this.#consumers.length;
    this.#consumers[number] = consumer;
    queue.singles.push(consumer);
    if (!queue.hasSingleConsumer || queue.singles[0] === consumer) this.#enable(consumer, true);
    queue.work("room");
    this.#startTicking();
  }

  leave(link: ConsumeConnection, worker: number, _how: Departure): void {
    const consumer = this.#all().find(
      (one) => one.link === link && one.worker === worker && one.isOpen,
    );
    assert(consumer !== undefined, "who leaves was there.");
    consumer.isOpen = false;
    const theirs = this.#stale.filter((one) => one.link === link && one.worker === worker);
    this.#stale = this.#stale.filter((one) => !theirs.includes(one));
    for (const delivery of theirs) this.world.forget(delivery);
    this.world.events.after(consumer.latencyNs, () => this.#gone(consumer));
  }

  /** A copy has come to its consumer. */
  arrive(queue: NaiveQueue, held: Held): void {
    const { copy, consumer } = held;
    if (held.isLive && consumer.isOpen) {
      queue.onTheWire--;
      held.delivery = this.world.deliver({
        account: queue.account,
        link: consumer.link,
        worker: consumer.worker,
        message: copy.message,
        attempt: copy.attempts,
        partition: -1,
        offset: -1,
      });
      this.#heldBy.set(held.delivery, held);
    }
    this.#startTicking();
  }

  settle(delivery: Delivery, verdict: Verdict): void {
    const held = this.#heldBy.get(delivery);
    if (held?.isLive !== true) {
      this.#stale = this.#stale.filter((one) => one !== delivery);
      this.world.forget(delivery);
      return;
    }
    if (held.consumer.isAutomatic) {
      // The broker has forgotten it long ago; only the books wait for the worker.
      if (verdict === "failed") this.#finish(held, "failed-after-automatic-ack");
      else this.#finish(held, verdict);
      return;
    }
    held.isAnswered = true;
    this.world.events.after(held.consumer.latencyNs, () => {
      if (held.isLive) this.#settled(held, verdict);
    });
  }

  #settled(held: Held, verdict: Verdict): void {
    const queue = this.queue(held.consumer.link.from);
    if (verdict === "failed" && held.consumer.requeues) {
      this.#giveBack(queue, held, "requeued");
      queue.work("return");
      return;
    }
    if (verdict === "failed") {
      this.#letGo(held);
      this.die(queue, held.copy, held.delivery, "rejected");
      this.world.forget(held.delivery!);
    } else this.#finish(held, verdict);
    queue.work("room");
  }

  /** The broker takes a delivery as dealt with. */
  #finish(held: Held, how: "done" | "set-aside" | "failed-after-automatic-ack"): void {
    const delivery = held.delivery!;
    this.#letGo(held);
    if (how === "done") this.world.acknowledged(delivery);
    else if (how === "set-aside") this.world.rejected(delivery, how);
    else this.world.discarded(delivery, how);
    this.world.forget(delivery);
    this.world.release(held.copy.message);
  }

  /** The broker sees that a consumer's connection is closed. */
  #gone(consumer: Consumer): void {
    const queue = this.queue(consumer.link.from);
    const wasActive = queue.singles[0] === consumer;
    this.#enable(consumer, false);
    this.#takeBack(queue, consumer, "consumer-gone");
    const number = this.#consumers.indexOf(consumer);
    this.#consumers[number] = undefined;
    this.#freeNumbers.push(number);
    queue.singles = queue.singles.filter((other) => other !== consumer);
    const [next] = queue.singles;
    if (queue.hasSingleConsumer && wasActive && next !== undefined) this.#enable(next, true);
    queue.work("return");
  }

  #takeBack(queue: NaiveQueue, consumer: Consumer, why: string): void {
    for (const held of consumer.held) {
      const isLost = why === "queue-node-down" && !held.copy.isPersistent;
      if (consumer.isAutomatic) this.#lose(queue, held, "acknowledged-on-delivery");
      else if (isLost) this.#lose(queue, held, "transient-lost");
      else this.#giveBack(queue, held, why);
    }
  }

  #giveBack(queue: NaiveQueue, held: Held, why: string): void {
    const { copy, delivery } = held;
    if (delivery === undefined) queue.onTheWire--;
    this.#letGo(held);
    if (queue.deliveryLimit >= 0 && copy.attempts > queue.deliveryLimit) {
      this.die(queue, copy, delivery, "delivery_limit");
    } else {
      if (delivery !== undefined) this.world.returned(delivery, why);
      queue.putBack(copy, why);
    }
    this.#part(held);
  }

  #lose(queue: NaiveQueue, held: Held, reason: string): void {
    if (held.delivery === undefined) queue.onTheWire--;
    this.#letGo(held);
    queue.leaveBooks(held.copy, held.delivery, "dropped", reason);
    this.#part(held);
    this.world.release(held.copy.message);
  }

  /** The broker has the copy back; its worker may still be busy with it. */
  #part(held: Held): void {
    if (held.delivery === undefined) return;
    if (held.isAnswered || !held.consumer.isOpen) this.world.forget(held.delivery);
    else this.#stale.push(held.delivery);
  }

  #letGo(held: Held): void {
    const { consumer } = held;
    held.isLive = false;
    consumer.held = consumer.held.filter((other) => other !== held);
    this.queue(consumer.link.from).refresh(consumer);
  }

  /** A copy leaves its queue for good, when the deaths before it have had their turn. */
  die(queue: NaiveQueue, copy: Copy, delivery: Delivery | undefined, reason: DeathReason): void {
    this.#dying.push(() => queue.bury(copy, delivery, reason));
    if (this.#dying.length > 1) return;
    for (const bury of this.#dying) bury();
    this.#dying = [];
  }

  #enable(consumer: Consumer, isEnabled: boolean): void {
    consumer.isEnabled = isEnabled;
    this.queue(consumer.link.from).refresh(consumer);
  }

  #all(): readonly Consumer[] {
    return this.#consumers.filter((consumer) => consumer !== undefined);
  }

  #windowOf(link: ConsumeConnection): number {
    const values = valuesOf(consumeFields, link.parameters ?? {});
    const prefetch = this.#prefetch.get(link.id) ?? values.prefetch_count;
    if (values.ack === "automatic") return Infinity;
    if (prefetch > 0) return prefetch;
    return this.queue(link.from).isQuorum ? quorumWindow : Infinity;
  }

  // The cluster.

  crashNode(node: number): void {
    if (this.#isUp[node] !== true) return;
    this.#isUp[node] = false;
    for (const queue of this.#queues)
      if (queue.isQuorum && queue.leader === node) {
        queue.leader = undefined;
        queue.term++;
        this.#callElection(queue);
      }
    for (const queue of this.#queues)
      if (!queue.isQuorum && queue.members[0] === node) {
        this.#takeBackAll(queue, "queue-node-down");
        queue.loseTransient();
      }
    // With no node left to be connected to, every channel is closed.
    if (!this.#anyUp()) for (const queue of this.#queues) this.#takeBackAll(queue, "consumer-gone");
  }

  restartNode(node: number): void {
    if (this.#isUp[node] !== false) return;
    this.#isUp[node] = true;
    const own = this.#queues.filter(({ members }) => members.includes(node));
    for (const queue of own)
      if (queue.isQuorum && queue.leader === undefined) this.#callElection(queue);
    for (const queue of own) if (this.standstill(queue) === "") queue.resume();
  }

  #callElection(queue: NaiveQueue): void {
    const { term } = queue;
    this.world.events.after(lifetimeNs(this.#values.election), () => {
      if (queue.term !== term || queue.leader !== undefined || !this.#hasMajority(queue)) return;
      queue.leader = queue.members.find((member) => this.#isUp[member]);
      this.world.note(queue.channel.id);
      queue.resume();
    });
  }

  #takeBackAll(queue: NaiveQueue, why: string): void {
    for (const consumer of this.#all())
      if (consumer.link.from === queue.channel.id && !consumer.isAutomatic)
        this.#takeBack(queue, consumer, why);
  }

  #anyUp(): boolean {
    return this.#isUp.includes(true);
  }

  #hasMajority({ members }: NaiveQueue): boolean {
    return 2 * members.filter((member) => this.#isUp[member]).length > members.length;
  }

  // Consumers that take too long.

  #startTicking(): void {
    const { consumer_timeout, channel_tick_interval } = this.#values;
    const holdsAny = this.#all().some(({ held }) => held.length > 0);
    if (this.#isTicking || consumer_timeout === null || !holdsAny) return;
    this.#isTicking = true;
    const everyNs = lifetimeNs(channel_tick_interval);
    const delayNs = everyNs - (this.world.now() % everyNs);
    this.world.events.after(delayNs, () => this.#tick(lifetimeNs(consumer_timeout)));
  }

  #tick(timeoutNs: number): void {
    this.#isTicking = false;
    for (const consumer of this.#all()) {
      const [first] = consumer.held;
      const isLate = first !== undefined && first.sinceNs < this.world.now() - timeoutNs;
      if (!consumer.isOpen || !isLate || consumer.isAutomatic) continue;
      const queue = this.queue(consumer.link.from);
      this.world.note(consumer.link.id);
      // Subscribed anew, it is the last in turn.
      this.#enable(consumer, false);
      this.#takeBack(queue, consumer, "consumer-timeout");
      this.#enable(consumer, true);
      queue.work("return");
    }
    this.#startTicking();
  }

  // Settings, and what it says of itself.

  set(element: string, parameter: string, value: FieldValue): void {
    const number = typeof value === "number" ? value : null;
    if (parameter === "prefetch_count") return this.#setPrefetch(element, number ?? 0);
    const queue = this.queue(element);
    if (parameter === "x-message-ttl") queue.ttlNs = lifetimeNs(number);
    if (parameter !== "x-max-length") return;
    queue.maxLength = number ?? Infinity;
    queue.work("return");
  }

  #setPrefetch(id: string, prefetch: number): void {
    this.#prefetch.set(id, prefetch);
    const link = this.world.scenario.connections.find((one) => one.id === id);
    assert(link?.kind === "consume", `${id} is a subscription.`);
    const values = valuesOf(consumeFields, link.parameters ?? {});
    if (values.ack === "automatic") return;
    const queue = this.queue(link.from);
    for (const consumer of this.#all())
      if (consumer.link === link) {
        consumer.window = this.#windowOf(link);
        queue.refresh(consumer);
      }
    queue.work("room");
  }

  waiting(link: ConsumeConnection): number {
    const queue = this.queue(link.from);
    return queue.size() + queue.onTheWire;
  }

  oldestNs(link: ConsumeConnection): number {
    const head = this.queue(link.from).head();
    const held = this.#all()
      .filter((consumer) => consumer.link.from === link.from)
      .flatMap((consumer) => consumer.held.slice(0, lookedAt));
    const copies = [...(head === undefined ? [] : [head]), ...held.map(({ copy }) => copy)];
    return copies.length === 0 ? -1 : Math.min(...copies.map(({ message }) => message.bornNs));
  }
}
