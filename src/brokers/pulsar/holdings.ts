// What subscriptions have read, what of it is on the wire or with consumers, and how it leaves their hands: acknowledged,
// covered by another acknowledgement, or to be read again. Decides nothing; who decides calls it.

import { Ring } from "../../kernel/ring.ts";
import type { PulsarPlan } from "./plan.ts";
import { Seats } from "./seats.ts";
import { deliveryStates, Shipments } from "./shipments.ts";
import { GapCursors } from "../mechanisms/gaps.ts";
import type { BrokerContext } from "../technology.ts";

/** The holdings of one cluster. */
export class Holdings {
  readonly cursors: GapCursors;
  readonly seats: Seats;
  readonly shipments: Shipments;
  /** Per lane, oldest first: deliveries on the wire, and acknowledgements that the client has not sent yet. */
  readonly wires: readonly Ring[];
  readonly acks: readonly Ring[];
  /** Messages per cursor on the wire, and not acknowledged by consumers that have them. */
  readonly onWire: Int32Array;
  readonly unacked: Int32Array;
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;

  constructor(plan: PulsarPlan, context: BrokerContext) {
    const { arena } = context;
    const { id } = plan;
    const cursors = plan.cursorGroup.length;
    this.#plan = plan;
    this.#context = context;
    this.cursors = new GapCursors(arena, `${id}.cursors`, cursors);
    this.seats = new Seats(arena, id, plan.clients.length);
    this.shipments = new Shipments(arena, `${id}.shipments`, context);
    this.wires = plan.laneClient.map((_, lane) => new Ring(arena, `${id}.wire.${lane}`));
    this.acks = plan.laneClient.map((_, lane) => new Ring(arena, `${id}.acks.${lane}`));
    this.onWire = arena.int32(`${id}.onWire`, cursors).data;
    this.unacked = arena.int32(`${id}.unacked`, cursors).data;
  }

  /** Whether a delivery waits to be acknowledged with the next ones of its lane. */
  isInAcks(delivery: number): boolean {
    const state = this.shipments.state(delivery);
    if (state !== deliveryStates.done && state !== deliveryStates.setAside)
      if (state !== deliveryStates.passed) return false;
    const shipment = this.shipments.of(delivery);
    return this.shipments.isComplete(shipment) || this.acksSingly(shipment);
  }

  /** Whether messages of a batch are acknowledged one by one. */
  acksSingly(shipment: number): boolean {
    if (this.shipments.end(shipment) - this.shipments.first(shipment) === 1) return true;
    const lane = this.seats.lane(this.shipments.seat(shipment));
    return this.#plan.clients[this.#plan.laneClient[lane]!]!.values.enableBatchIndexAcknowledgment;
  }

  /** A delivery no longer counts as unacknowledged, and leaves its batch. */
  letGo(delivery: number): void {
    const shipment = this.shipments.of(delivery);
    this.seats.addUnacked(this.shipments.seat(shipment), -1);
    this.unacked[this.shipments.cursor(shipment)]!--;
    this.shipments.unload(shipment);
  }

  /** A delivery is to be read again. One that is still on the wire or with a worker who is there stays for him to
   *  settle. On a non-persistent topic nothing comes again. */
  takeBack(delivery: number, reason: string): void {
    const { loose, held, onWire } = deliveryStates;
    const shipment = this.shipments.of(delivery);
    const cursor = this.shipments.cursor(shipment);
    const state = this.shipments.state(delivery);
    const offset = this.#context.deliveryOffset(delivery);
    const isWithWorker = state === held && !this.seats.isGone(this.shipments.seat(shipment));
    if (state === onWire) this.onWire[cursor]!--;
    else this.#context.returned(delivery, reason);
    this.letGo(delivery);
    const { topic, account } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    if (this.#plan.topics[topic]!.isPersistent) this.cursors.giveBack(cursor, offset);
    else {
      this.cursors.acknowledge(cursor, offset);
      this.#context.dropped(account, this.#context.deliveryMessage(delivery), "not-persistent");
    }
    if (state === onWire || isWithWorker) this.shipments.change(delivery, loose);
    else this.#context.forget(delivery);
  }

  /** All of a batch comes again that is not about to be acknowledged. */
  takeBackShipment(shipment: number, reason: string): void {
    const cursor = this.shipments.cursor(shipment);
    // The row is freed with its last member.
    const first = this.shipments.first(shipment);
    const end = this.shipments.end(shipment);
    for (let offset = first; offset < end; offset++) {
      const delivery = this.cursors.holder(cursor, offset);
      if (delivery < 0 || this.shipments.of(delivery) !== shipment) continue;
      if (!this.isInAcks(delivery)) this.takeBack(delivery, reason);
    }
  }

  /** All that a seat has of a cursor comes again, and its acknowledgements are lost that were not yet sent. */
  takeBackSeat(cursor: number, seat: number, reason: string): void {
    this.loseCovered(this.seats.lane(seat), seat);
    this.#keepAcks(
      this.seats.lane(seat),
      (delivery) => this.#context.deliveryTag(delivery) !== seat,
    );
    this.takeBackWhere(cursor, reason, (delivery) => this.#context.deliveryTag(delivery) === seat);
  }

  /** Everything that is held of a cursor and fulfils a condition comes again. */
  takeBackWhere(cursor: number, reason: string, applies: (delivery: number) => boolean): void {
    const end = this.cursors.position[cursor]!;
    for (let offset = this.cursors.acknowledgedBelow[cursor]!; offset < end; offset++) {
      const delivery = this.cursors.holder(cursor, offset);
      if (delivery >= 0 && applies(delivery)) this.takeBack(delivery, reason);
    }
  }

  /** What is on the wire of a lane to a seat (-1: to any) and acknowledged already does not arrive any more. */
  loseCovered(lane: number, seat: number): void {
    const wire = this.wires[lane]!;
    const cursor = this.#plan.laneCursor[lane]!;
    const { account } = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    for (let i = 0; i < wire.size(); i++) {
      const delivery = wire.at(i);
      if (this.shipments.state(delivery) !== deliveryStates.covered) continue;
      if (seat >= 0 && this.#context.deliveryTag(delivery) !== seat) continue;
      const message = this.#context.deliveryMessage(delivery);
      this.#context.dropped(account, message, "acknowledged-before-processed");
      this.onWire[cursor]!--;
      this.shipments.change(delivery, deliveryStates.loose);
    }
  }

  /** Acknowledgements that a client had not sent are lost with its connection. */
  clearAcks(lane: number): void {
    this.acks[lane]!.clear();
  }

  #keepAcks(lane: number, keeps: (delivery: number) => boolean): void {
    const ring = this.acks[lane]!;
    for (let left = ring.size(); left > 0; left--) {
      const delivery = ring.popFront();
      if (keeps(delivery)) ring.pushBack(delivery);
    }
  }

  /** The broker counts a message as acknowledged, whoever has it: `how` says in the books what became of one that
   *  nobody has in hand. */
  cover(cursor: number, offset: number, how: (delivery: number) => void): void {
    const { held, onWire, failed, covered } = deliveryStates;
    const delivery = this.cursors.holder(cursor, offset);
    if (delivery < 0) {
      how(-1);
      this.cursors.acknowledge(cursor, offset);
      return;
    }
    if (this.isInAcks(delivery)) return;
    const state = this.shipments.state(delivery);
    if (state === onWire || state === held) {
      this.letGo(delivery);
      this.shipments.change(delivery, covered);
    } else {
      if (state === failed) how(delivery);
      else this.conclude(delivery);
      this.letGo(delivery);
      this.#context.forget(delivery);
    }
    this.cursors.acknowledge(cursor, offset);
  }

  /** Says in the books what became of a delivery that was dealt with. */
  conclude(delivery: number): void {
    const state = this.shipments.state(delivery);
    if (state === deliveryStates.setAside) this.#context.rejected(delivery, "set-aside");
    else if (state === deliveryStates.passed)
      this.#context.discarded(delivery, "acknowledged-after-failure");
    else this.#context.acknowledged(delivery);
  }
}
