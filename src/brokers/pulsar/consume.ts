// The consuming side of Pulsar: consumers come and go, are handed messages, acknowledge them together, refuse them, run out
// of time. Redelivery, retries and dead letters are the client library's, and so all of it happens on its side.

import { acknowledgeWake, Acknowledgements } from "./acknowledgement.ts";
import { reconnectNs } from "./backoff.ts";
import { dispatchWakes } from "./dispatch.ts";
import type { Holdings } from "./holdings.ts";
import type { Client, PulsarPlan } from "./plan.ts";
import { type ConsumeParts, Redelivery, redeliveryWakes } from "./redelivery.ts";
import { deliveryStates } from "./shipments.ts";
import type { BrokerContext, Departure, Verdict } from "../technology.ts";

/** Codes of the timers that are its own. */
const ownWakes = { permits: 10, reconnect: 15 } as const;

const NONE = -1;

/** All consumers of one cluster. */
export class PulsarConsumers {
  readonly #redelivery: Redelivery;
  readonly #acknowledgements: Acknowledgements;
  readonly #parts: ConsumeParts;
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  readonly #holdings: Holdings;
  /** Attempts of the clients of a partition to find it again, and the generation of the timer for the next one. */
  readonly #attempts: Int32Array;
  readonly #reconnection: Int32Array;

  constructor(parts: ConsumeParts) {
    const { plan, context } = parts;
    const { arena } = context;
    this.#parts = parts;
    this.#plan = plan;
    this.#context = context;
    this.#holdings = parts.holdings;
    this.#redelivery = new Redelivery(parts);
    this.#acknowledgements = new Acknowledgements(parts);
    this.#attempts = arena.int32(`${plan.id}.reconnects`, plan.topicOf.length).data;
    this.#reconnection = arena.int32(`${plan.id}.reconnection`, plan.topicOf.length).data;
  }

  /** A worker of a connection is up. */
  join(number: number, worker: number): void {
    const client = this.#plan.clients[number]!;
    const group = this.#plan.groups[client.group]!;
    const { seats } = this.#holdings;
    if (seats.consumerOf(number, worker) !== NONE) return;
    if (this.#parts.backlogs.exists[client.group] === 0) this.#parts.backlogs.create(client.group);
    const consumer = seats.addConsumer(number, worker);
    const { partitions } = this.#plan.topics[group.topic]!;
    for (let i = 0; i < partitions; i++) {
      const seat = seats.addSeat(consumer, client.firstLane + i, client.capacity);
      this.#parts.dispatch.join(group.firstCursor + i, seat);
      this.#parts.dispatch.run(group.firstCursor + i, "change");
    }
  }

  /** A worker is gone: what it has not acknowledged comes again, to others if there are any. */
  leave(number: number, worker: number, how: Departure): void {
    const { subscription, group, firstLane } = this.#plan.clients[number]!;
    const { firstCursor } = this.#plan.groups[group]!;
    const { seats } = this.#holdings;
    const consumer = seats.consumerOf(number, worker);
    if (consumer === NONE) return;
    for (let seat = seats.firstSeat(consumer); seat !== NONE; seat = seats.nextSeat(seat))
      if (how === "close") this.#acknowledgements.flush(seats.lane(seat));
    seats.leave(consumer);
    const cursors: number[] = [];
    for (let seat = seats.firstSeat(consumer); seat !== NONE; seat = seats.nextSeat(seat)) {
      const cursor = firstCursor + seats.lane(seat) - firstLane;
      this.#holdings.takeBackSeat(cursor, seat, "consumer-gone");
      this.#parts.dispatch.leave(cursor, seat);
      cursors.push(cursor);
    }
    this.#forgetRest(subscription, worker);
    seats.free(consumer);
    for (const cursor of cursors) this.#parts.dispatch.run(cursor, "change");
  }

  /** A worker has dealt with a delivery. */
  settle(delivery: number, verdict: Verdict): void {
    const { seats, shipments } = this.#holdings;
    const seat = this.#context.deliveryTag(delivery);
    const client = this.#clientOf(seats.lane(seat));
    this.#givePermit(seat, client);
    const consumer = seats.consumer(seat);
    if (seats.ends(consumer)) this.#redelivery.begin(consumer, client);
    const state = shipments.state(delivery);
    if (state === deliveryStates.loose) this.#context.forget(delivery);
    else if (state === deliveryStates.covered) this.#concludeCovered(delivery, verdict);
    else this.#note(delivery, verdict, client);
  }

  /** A timer of the consuming side has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === dispatchWakes.arrive) this.#arrive(a, b);
    else if (code === acknowledgeWake) this.#acknowledgements.due(a);
    else if (code === redeliveryWakes.comeBack || code === redeliveryWakes.ackTimeout)
      this.#redelivery.wake(code, a, b);
    else if (code === ownWakes.permits) {
      if (this.#holdings.seats.flow(a, b)) this.#runFor(a);
    } else if (code === dispatchWakes.delayed) {
      if (!this.#holdings.cursors.isParked(a, b)) return;
      this.#holdings.cursors.giveBack(a, b);
      this.#parts.dispatch.run(a, "change");
    } else if (code === dispatchWakes.failover) this.#parts.dispatch.run(a, "change");
    else if (this.#reconnection[a] === b) this.#reconnect(a);
  }

  /** Another negativeAckRedeliveryDelay of a connection [ns]. */
  setNackDelay(client: number, delayNs: number): void {
    this.#redelivery.nackNs[client] = delayNs;
  }

  /** Entries of a partition can be read. */
  onWritten(partition: number): void {
    const topic = this.#plan.topics[this.#plan.topicOf[partition]!]!;
    for (const cursor of this.#plan.cursorsOf[partition]!) {
      if (this.#parts.backlogs.exists[this.#plan.cursorGroup[cursor]!] === 0) continue;
      this.#parts.dispatch.run(cursor, "entries");
      if (!topic.isPersistent) this.#dropRest(cursor);
    }
  }

  /** Nobody serves a partition any more. Its clients have lost their connections: what they have finished or had in hand
   *  comes again, what waits in their queues stays there. */
  onGone(partition: number): void {
    this.#parts.dispatch.isAttached[partition] = 0;
    this.#attempts[partition] = 0;
    for (const cursor of this.#plan.cursorsOf[partition]!) this.#disconnect(cursor);
    this.#planReconnect(partition);
  }

  /** A partition can be used (again), or more of it can be read. */
  onOpen(partition: number): void {
    for (const cursor of this.#plan.cursorsOf[partition]!)
      this.#parts.dispatch.run(cursor, "change");
  }

  #disconnect(cursor: number): void {
    const { seats, shipments, wires, cursors } = this.#holdings;
    const lanes = this.#lanesOf(cursor);
    for (const lane of lanes) {
      this.#holdings.clearAcks(lane);
      this.#holdings.loseCovered(lane, NONE);
      const wire = wires[lane]!;
      for (let i = 0; i < wire.size(); i++) {
        const delivery = wire.at(i);
        if (shipments.state(delivery) === deliveryStates.onWire)
          seats.addPermits(this.#context.deliveryTag(delivery), 1);
      }
    }
    // The first message that a worker holds is in its hands.
    const begun = new Set<number>();
    const lost = new Set<number>();
    const end = cursors.position[cursor]!;
    for (let offset = cursors.acknowledgedBelow[cursor]!; offset < end; offset++) {
      const delivery = cursors.holder(cursor, offset);
      if (delivery < 0) continue;
      const seat = this.#context.deliveryTag(delivery);
      const isFirstHeld = shipments.state(delivery) === deliveryStates.held && !begun.has(seat);
      if (isFirstHeld) begun.add(seat);
      if (isFirstHeld || shipments.state(delivery) !== deliveryStates.held)
        lost.add(shipments.of(delivery));
    }
    this.#holdings.takeBackWhere(cursor, "broker-gone", (one) => lost.has(shipments.of(one)));
  }

  #planReconnect(partition: number): void {
    const generation = ++this.#reconnection[partition]!;
    const pauseNs = reconnectNs(this.#attempts[partition]!++);
    this.#context.schedule(pauseNs, ownWakes.reconnect, partition, generation);
  }

  #reconnect(partition: number): void {
    if (!this.#parts.cluster.isOpen(partition)) {
      this.#planReconnect(partition);
      return;
    }
    this.#parts.dispatch.isAttached[partition] = 1;
    this.onOpen(partition);
  }

  /** What a worker that is gone still had, although it belongs to others by now or is acknowledged. */
  #forgetRest(subscription: number, worker: number): void {
    const { shipments } = this.#holdings;
    const rest = [...this.#context.deliveriesOf(subscription, worker)].sort((a, b) => a - b);
    for (const delivery of rest) {
      if (shipments.state(delivery) === deliveryStates.covered)
        this.#context.discarded(delivery, "acknowledged-before-processed");
      this.#context.forget(delivery);
    }
  }

  #arrive(lane: number, count: number): void {
    const { shipments, wires, seats, onWire } = this.#holdings;
    const client = this.#clientOf(lane);
    const cursor = this.#plan.laneCursor[lane]!;
    for (let left = count; left > 0; left--) {
      const delivery = wires[lane]!.popFront();
      const state = shipments.state(delivery);
      if (state === deliveryStates.loose) {
        this.#context.forget(delivery);
        continue;
      }
      onWire[cursor]!--;
      if (state === deliveryStates.onWire) shipments.change(delivery, deliveryStates.held);
      const consumer = seats.consumer(this.#context.deliveryTag(delivery));
      if (seats.begins(consumer)) this.#redelivery.begin(consumer, client);
      this.#context.deliver(delivery, client.subscription, seats.worker(consumer));
    }
  }

  #givePermit(seat: number, client: Client): void {
    const { seats } = this.#holdings;
    if (!seats.finish(seat, client.capacity)) return;
    const stamp = seats.stamp(seat);
    this.#context.schedule(client.latencyNs, ownWakes.permits, seat, stamp);
  }

  /** What a consumer says about a message that it has dealt with. */
  #note(delivery: number, verdict: Verdict, client: Client): void {
    const { shipments } = this.#holdings;
    const { done, setAside, passed, failed } = deliveryStates;
    const policy = client.values["on.failure"];
    if (verdict === "failed" && policy !== "acknowledge") {
      shipments.change(delivery, failed);
      this.#redelivery.fail(delivery, client);
      return;
    }
    shipments.change(
      delivery,
      verdict === "done" ? done : verdict === "failed" ? passed : setAside,
    );
    this.#acknowledgements.add(delivery);
  }

  #concludeCovered(delivery: number, verdict: Verdict): void {
    if (verdict === "done") this.#context.acknowledged(delivery);
    else if (verdict === "set-aside") this.#context.rejected(delivery, "set-aside");
    else this.#context.discarded(delivery, "failed-after-acknowledgement");
    this.#context.forget(delivery);
  }

  /** What nobody could take of a topic that keeps nothing is gone. */
  #dropRest(cursor: number): void {
    const partition = this.#plan.cursorPartition[cursor]!;
    this.#parts.backlogs.dropUnsent(cursor);
    this.#parts.backlogs.trim(partition);
  }

  #runFor(seat: number): void {
    this.#parts.dispatch.run(this.#plan.laneCursor[this.#holdings.seats.lane(seat)]!, "change");
  }

  #lanesOf(cursor: number): readonly number[] {
    const { clients, firstCursor } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    return clients.map(({ firstLane }) => firstLane + cursor - firstCursor);
  }

  #clientOf(lane: number): Client {
    return this.#plan.clients[this.#plan.laneClient[lane]!]!;
  }
}
