// How messages come again in Pulsar: the client library asks for them after a negative acknowledgement or a time-out, and
// moves to the dead letter topic what has come often enough.

import { msToNs } from "../../base/units.ts";
import { ackTimeoutNs, nackDelayNs } from "./backoff.ts";
import type { Backlogs } from "./backlog.ts";
import type { PulsarCluster } from "./cluster.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Holdings } from "./holdings.ts";
import type { Client, Group, PulsarPlan } from "./plan.ts";
import type { PulsarProducers } from "./produce.ts";
import { deliveryStates } from "./shipments.ts";
import type { BrokerContext } from "../technology.ts";

/** Codes of the timers of redelivery. */
export const redeliveryWakes = { comeBack: 11, ackTimeout: 12 } as const;

const NONE = -1;

/** reconsumeLater without a dead letter policy gives up after this many times (RetryMessageUtil.MAX_RECONSUMETIMES). */
const reconsumeTimesMax = 16;

/** Pause before a client tries again to publish a dead letter (Spillway's own). */
const deadLetterPauseNs = 1e9;

/** What the consuming side works with. */
export interface ConsumeParts {
  readonly plan: PulsarPlan;
  readonly context: BrokerContext;
  readonly cluster: PulsarCluster;
  readonly holdings: Holdings;
  readonly dispatch: Dispatch;
  readonly backlogs: Backlogs;
  readonly producers: PulsarProducers;
}

/** The redelivery of all consumers of one cluster. */
export class Redelivery {
  /** negativeAckRedeliveryDelay per client [ns]; may change in a run. */
  readonly nackNs: Float64Array;
  readonly #parts: ConsumeParts;
  readonly #plan: PulsarPlan;
  readonly #context: BrokerContext;
  readonly #holdings: Holdings;

  constructor(parts: ConsumeParts) {
    const { plan, context } = parts;
    this.#parts = parts;
    this.#plan = plan;
    this.#context = context;
    this.#holdings = parts.holdings;
    this.nackNs = context.arena.float64(`${plan.id}.nackNs`, plan.clients.length).data;
    plan.clients.forEach(({ values }, client) => {
      this.nackNs[client] = msToNs(values.negativeAckRedeliveryDelay);
    });
  }

  /** A timer of redelivery has fired. */
  wake(code: number, a: number, b: number): void {
    if (code === redeliveryWakes.ackTimeout) this.#timeOut(a, b);
    else if (this.#holdings.shipments.isStill(a, b)) this.#comeBack(a, "negatively-acknowledged");
  }

  /** A consumer could not process a message. */
  fail(delivery: number, { number, values, group }: Client): void {
    const { shipments } = this.#holdings;
    const shipment = shipments.of(delivery);
    const attempt = this.#context.deliveryAttempt(delivery);
    const policy = values["on.failure"];
    if (policy === "reconsumeLater" && attempt > this.#retriesOf(this.#plan.groups[group]!)) {
      this.#comeBack(shipment, "reconsume-later");
      return;
    }
    const laterNs = msToNs(values.reconsumeLaterDelay);
    const waitNs =
      policy === "nack"
        ? nackDelayNs(values, this.nackNs[number]!, attempt)
        : policy === "reconsumeLater"
          ? laterNs
          : ackTimeoutNs(values, attempt);
    if (waitNs === Infinity) return;
    this.#context.schedule(waitNs, redeliveryWakes.comeBack, shipment, shipments.stamp(shipment));
  }

  /** Redeliveries before a message becomes a dead letter; Infinity without a policy. */
  #retriesOf({ values, isShared }: Group): number {
    if (!isShared) return Infinity;
    const isLater = values["on.failure"] === "reconsumeLater";
    return values.maxRedeliverCount ?? (isLater ? reconsumeTimesMax : Infinity);
  }

  /** A batch is to come again: as a dead letter when it has come often enough. Consumers of subscriptions that are not
   *  shared cannot ask for single messages: everything comes again that they have failed at. */
  #comeBack(shipment: number, reason: string): void {
    const { shipments } = this.#holdings;
    const { failed } = deliveryStates;
    const cursor = shipments.cursor(shipment);
    const seat = shipments.seat(shipment);
    const group = this.#plan.groups[this.#plan.cursorGroup[cursor]!]!;
    if (this.#attemptOf(shipment) > this.#retriesOf(group)) this.#deadLetter(shipment, group);
    else if (group.isShared) this.#holdings.takeBackShipment(shipment, reason);
    else {
      this.#holdings.takeBackShipment(shipment, reason);
      this.#holdings.takeBackWhere(
        cursor,
        reason,
        (one) => this.#context.deliveryTag(one) === seat && shipments.state(one) === failed,
      );
    }
    this.#parts.backlogs.trim(this.#plan.cursorPartition[cursor]!);
    this.#parts.dispatch.run(cursor, "change");
  }

  #attemptOf(shipment: number): number {
    const { shipments, cursors } = this.#holdings;
    const cursor = shipments.cursor(shipment);
    let most = 0;
    for (let offset = shipments.first(shipment); offset < shipments.end(shipment); offset++)
      if (cursors.holder(cursor, offset) >= 0)
        most = Math.max(most, cursors.attempts(cursor, offset));
    return most;
  }

  /** The client publishes a batch to the dead letter topic and acknowledges it. */
  #deadLetter(shipment: number, group: Group): void {
    const { shipments, cursors } = this.#holdings;
    const cursor = shipments.cursor(shipment);
    const stamp = shipments.stamp(shipment);
    const end = shipments.end(shipment);
    const isKept = group.deadLetters !== NONE && this.#parts.backlogs.keeps(group.deadLetters);
    for (let offset = shipments.first(shipment); offset < end; offset++) {
      const delivery = cursors.holder(cursor, offset);
      if (delivery < 0 || shipments.of(delivery) !== shipment) continue;
      if (this.#holdings.isInAcks(delivery)) continue;
      const message = this.#context.deliveryMessage(delivery);
      const isHeld = shipments.state(delivery) === deliveryStates.held;
      if (isKept && !this.#parts.producers.republish(group.deadLetters, message)) {
        this.#context.schedule(deadLetterPauseNs, redeliveryWakes.comeBack, shipment, stamp);
        return;
      }
      if (isKept) this.#context.rejected(delivery, "max-redeliver-count");
      else this.#context.discarded(delivery, "dead-letter-topic-without-subscription");
      cursors.acknowledge(cursor, offset);
      this.#holdings.letGo(delivery);
      if (isHeld) shipments.change(delivery, deliveryStates.loose);
      else this.#context.forget(delivery);
    }
  }

  /** A worker of a consumer begins with a message. */
  begin(consumer: number, { values }: Client): void {
    if (values.ackTimeout === null) return;
    const step = this.#holdings.seats.step(consumer);
    const delayNs = msToNs(values.ackTimeout);
    this.#context.schedule(delayNs, redeliveryWakes.ackTimeout, consumer, 2 * step);
  }

  /** A worker has had a message in hand for ackTimeout (`twiceStep` even), or for the back-off in addition (odd). */
  #timeOut(consumer: number, twiceStep: number): void {
    const { seats, shipments } = this.#holdings;
    if (!seats.isAtStep(consumer, twiceStep >> 1)) return;
    const { subscription, values } = this.#plan.clients[seats.client(consumer)]!;
    let first = NONE;
    for (const one of this.#context.deliveriesOf(subscription, seats.worker(consumer)))
      if (shipments.state(one) === deliveryStates.held && this.#isBefore(one, first)) first = one;
    if (first === NONE) return;
    const wholeNs = ackTimeoutNs(values, this.#context.deliveryAttempt(first));
    const moreNs = wholeNs - msToNs(values.ackTimeout ?? 0);
    if ((twiceStep & 1) === 0 && moreNs > 0)
      this.#context.schedule(moreNs, redeliveryWakes.ackTimeout, consumer, twiceStep + 1);
    else this.#comeBack(shipments.of(first), "ack-timeout");
  }

  /** Whether a delivery was sent before another one (-1: none). */
  #isBefore(one: number, other: number): boolean {
    if (other === NONE) return true;
    const { shipments } = this.#holdings;
    const rank = shipments.number(shipments.of(one)) - shipments.number(shipments.of(other));
    if (rank !== 0) return rank < 0;
    return this.#context.deliveryOffset(one) < this.#context.deliveryOffset(other);
  }
}
