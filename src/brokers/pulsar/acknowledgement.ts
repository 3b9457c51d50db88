// How messages are acknowledged in Pulsar: clients send their acknowledgements together after a short time, batch by batch
// unless they acknowledge by batch index, or everything up to a message.

import { msToNs } from "../../base/units.ts";
import { reconnectNs } from "./backoff.ts";
import type { Holdings } from "./holdings.ts";
import type { Client, PulsarPlan } from "./plan.ts";
import type { ConsumeParts } from "./redelivery.ts";
import { deliveryStates } from "./shipments.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer of acknowledgements. */
export const acknowledgeWake = 9;

const NONE = -1;

/** The acknowledgements of all consumers of one cluster. */
export class Acknowledgements {
  readonly #parts: ConsumeParts;
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  readonly #holdings: Holdings;
  /** 1 while a timer for the acknowledgements of a lane is set. */
  readonly #isAcking: Int32Array;

  constructor(parts: ConsumeParts) {
    const { plan, context } = parts;
    this.#parts = parts;
    this.#plan = plan;
    this.#context = context;
    this.#holdings = parts.holdings;
    const { length } = plan.laneClient;
    this.#isAcking = context.arena.int32(`${plan.id}.isAcking`, length).data;
  }

  /** A message is dealt with: it is acknowledged with the next ones, or when its whole batch is. */
  add(delivery: number): void {
    const { shipments } = this.#holdings;
    const shipment = shipments.of(delivery);
    const isComplete = shipments.complete(shipment);
    const lane = this.#holdings.seats.lane(shipments.seat(shipment));
    if (this.#holdings.acksSingly(shipment)) this.#holdings.acks[lane]!.pushBack(delivery);
    else if (!isComplete) return;
    else this.#queueBatch(lane, shipment);
    if (this.#isAcking[lane] === 1) return;
    const client = this.#clientOf(lane);
    this.#isAcking[lane] = 1;
    const groupNs = msToNs(client.values.acknowledgmentGroupTime);
    this.#context.schedule(groupNs + client.latencyNs, acknowledgeWake, lane, 0);
  }

  /** A consumer closes: its client sends what it has. */
  flush(lane: number): void {
    if (this.#isConnected(lane)) this.#acknowledge(lane);
  }

  #queueBatch(lane: number, shipment: number): void {
    const { shipments, cursors, acks } = this.#holdings;
    const cursor = shipments.cursor(shipment);
    for (let offset = shipments.first(shipment); offset < shipments.end(shipment); offset++) {
      const delivery = cursors.holder(cursor, offset);
      if (delivery >= 0 && shipments.of(delivery) === shipment) acks[lane]!.pushBack(delivery);
    }
  }

  /** It is time to send the acknowledgements of a lane. */
  due(lane: number): void {
    this.#isAcking[lane] = 0;
    if (this.#holdings.acks[lane]!.size() === 0) return;
    if (this.#isConnected(lane)) {
      this.#acknowledge(lane);
      this.#parts.dispatch.run(this.#plan.laneCursor[lane]!, "change");
      return;
    }
    // Without a connection they stay with the client.
    const { values, latencyNs } = this.#clientOf(lane);
    this.#isAcking[lane] = 1;
    const groupNs = Math.max(reconnectNs(0), msToNs(values.acknowledgmentGroupTime));
    this.#context.schedule(groupNs + latencyNs, acknowledgeWake, lane, 0);
  }

  #isConnected(lane: number): boolean {
    const partition = this.#plan.cursorPartition[this.#plan.laneCursor[lane]!]!;
    return (
      this.#parts.dispatch.isAttached[partition] === 1 && this.#parts.cluster.isOpen(partition)
    );
  }

  /** The acknowledgements of a lane arrive. */
  #acknowledge(lane: number): void {
    const acks = this.#holdings.acks[lane]!;
    const cursor = this.#plan.laneCursor[lane]!;
    let highest = NONE;
    while (acks.size() > 0) {
      const count = this.#countDone(lane);
      for (let i = 0; i < Math.max(1, count); i++) {
        const delivery = acks.at(i);
        const offset = this.#context.deliveryOffset(delivery);
        this.#holdings.cursors.acknowledge(cursor, offset);
        this.#holdings.letGo(delivery);
        highest = Math.max(highest, offset);
      }
      if (count > 0) this.#context.acknowledgedFirst(count, acks);
      else {
        const delivery = acks.popFront();
        this.#holdings.conclude(delivery);
        this.#context.forget(delivery);
      }
    }
    if (highest >= 0 && this.#clientOf(lane).values.acknowledgment === "cumulative")
      this.#parts.backlogs.passOver(cursor, highest + 1, "cumulative");
    this.#parts.backlogs.trim(this.#plan.cursorPartition[cursor]!);
  }

  /** Number of acknowledgements at the front of messages that went well. */
  #countDone(lane: number): number {
    const acks = this.#holdings.acks[lane]!;
    const { shipments } = this.#holdings;
    let count = 0;
    while (count < acks.size() && shipments.state(acks.at(count)) === deliveryStates.done) count++;
    return count;
  }

  #clientOf(lane: number): Client {
    return this.#plan.clients[this.#plan.laneClient[lane]!]!;
  }
}
