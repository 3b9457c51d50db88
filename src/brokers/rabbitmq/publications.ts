// From a publisher to the queues and back: routing, publisher confirms, returns of unroutable messages. A publication
// is answered when every queue it was routed to has taken responsibility; one that refuses makes the answer a nack.

import { Ring } from "../../kernel/ring.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import { Pool } from "../../kernel/pool.ts";
import type { Alarms } from "./alarms.ts";
import type { Cluster } from "./cluster.ts";
import type { Offer, Parts, Queues } from "./queues.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Timer codes; operands: publisher, message. REFUSE + n refuses for the n-th reason. */
export const PUBLISH = 1;
export const CONFIRM = 2;
export const REFUSE = 16;

/** Reasons for which a publication fails. */
const refusals = [
  "maxlen",
  "queue-node-down",
  "unroutable",
  "no-node-up",
  "404: no exchange",
] as const;
type Refusal = (typeof refusals)[number];

/** The publications of one broker. Only those that wait for a queue have a row. */
export class Publications {
  #context: BrokerContext;
  #settings: Settings;
  #cluster: Cluster;
  #alarms: Alarms;
  #queues: Queues;
  /** Publisher and message in turn, while publishers are blocked: what has come and is not read, what is not sent yet. */
  readonly #unread: Ring | undefined;
  readonly #unsent: Ring | undefined;
  #pool: Pool;
  #publisher: Int32Column;
  #message: Int32Column;
  /** Queues that have not answered yet. */
  #open: Int32Column;
  /** Position in `refusals` of the first nack, or -1. */
  #refusal: Int32Column;
  #isStored: Int32Column;

  constructor(parts: Parts, queues: Queues) {
    const { arena } = parts.context;
    const { id } = parts.settings;
    this.#context = parts.context;
    this.#settings = parts.settings;
    this.#cluster = parts.cluster;
    this.#alarms = parts.alarms;
    this.#queues = queues;
    this.#pool = new Pool(arena, `${id}.publications.pool`);
    this.#publisher = arena.int32(`${id}.publications.publisher`);
    this.#message = arena.int32(`${id}.publications.message`);
    this.#open = arena.int32(`${id}.publications.open`);
    this.#refusal = arena.int32(`${id}.publications.refusal`);
    this.#isStored = arena.int32(`${id}.publications.isStored`);
    if (!this.#alarms.watches) return;
    this.#unread = new Ring(arena, `${id}.unread`);
    this.#unsent = new Ring(arena, `${id}.unsent`);
  }

  /** A client writes a message to its connection. */
  send(publisher: number, message: number): void {
    if (this.#alarms.isOn()) {
      this.#unsent!.pushBack(publisher);
      this.#unsent!.pushBack(message);
      return;
    }
    const settings = this.#settings.publishers[publisher]!;
    if (!this.#cluster.anyInTouch()) {
      this.#context.refused(publisher, message, "no-node-up");
      return;
    }
    // On the wire it belongs to nobody, and without confirms the publisher lets go of it at once.
    this.#context.retain(message);
    this.#context.schedule(settings.latencyNs, PUBLISH, publisher, message);
    if (!settings.confirms) this.#context.confirmed(publisher, message);
  }

  /** The message has come to the broker. */
  receive(publisher: number, message: number): void {
    if (this.#alarms.isOn()) {
      this.#unread!.pushBack(publisher);
      this.#unread!.pushBack(message);
      return;
    }
    const settings = this.#settings.publishers[publisher]!;
    if (!this.#cluster.anyInTouch()) this.#fail(publisher, message, "no-node-up");
    else if (settings.isMissing) this.#fail(publisher, message, "404: no exchange");
    else {
      const queues = this.#queues.route(settings.channelAt, settings.template, message);
      if (queues.length === 0) this.#bounce(publisher, message);
      else this.#distribute(publisher, message, queues);
    }
    this.#context.release(message);
  }

  /** Publishers are blocked no longer: what has come is read, then what waited at the clients is sent. */
  unblock(): void {
    const [unread, unsent] = [this.#unread!, this.#unsent!];
    for (let left = unread.size(); left > 0; left -= 2)
      this.receive(unread.popFront(), unread.popFront());
    for (let left = unsent.size(); left > 0; left -= 2)
      this.send(unsent.popFront(), unsent.popFront());
  }

  /** A confirm or a nack has come back to the publisher. */
  answer(code: number, publisher: number, message: number): void {
    if (code === CONFIRM) this.#context.confirmed(publisher, message);
    else this.#context.refused(publisher, message, refusals[code - REFUSE]!);
  }

  /** A queue that made a publication wait has answered. */
  queueAnswered(publication: number, queue: number, offer: Offer): void {
    const publisher = this.#publisher.data[publication]!;
    const message = this.#message.data[publication]!;
    const isTaken = offer === "taken";
    if (isTaken && this.#isStored.data[publication] === 0) {
      this.#isStored.data[publication] = 1;
      this.#context.stored(this.#settings.publishers[publisher]!.channel, message, -1, -1);
    }
    if (offer === "maxlen" || offer === "queue-node-down")
      this.#note(publication, { publisher, message, queue, offer });
    if (--this.#open.data[publication]! > 0) return;
    const refusal = this.#refusal.data[publication]!;
    this.#reply(publisher, message, refusal < 0 ? undefined : refusals[refusal]!);
    this.#context.release(message);
    this.#pool.give(publication);
  }

  /** Nobody is bound. The broker confirms it all the same, unless the publisher wants to know. */
  #bounce(publisher: number, message: number): void {
    const { channel, confirms, mandatory } = this.#settings.publishers[publisher]!;
    if (mandatory && confirms) {
      this.#reply(publisher, message, "unroutable");
      return;
    }
    this.#context.unroutable(channel, message);
    this.#reply(publisher, message, undefined);
  }

  #distribute(publisher: number, message: number, queues: readonly number[]): void {
    const settings = this.#settings.publishers[publisher]!;
    let isStored = false;
    let waits = false;
    for (const queue of queues) {
      const answer = this.#queues.wouldTake(queue, message);
      isStored ||= answer === "taken";
      waits ||= answer === "waits";
    }
    if (isStored) this.#context.stored(settings.channel, message, -1, -1);
    const publication = waits ? this.#startWaiting(publisher, message, isStored) : -1;
    let refusal: Refusal | undefined;
    for (const queue of queues) {
      const offer = this.#queues.offer(queue, message, settings.traits, publication);
      if (offer === "waits") this.#open.data[publication]!++;
      if (offer !== "maxlen" && offer !== "queue-node-down") continue;
      refusal ??= offer;
      if (publication >= 0) this.#note(publication, { publisher, message, queue, offer });
      else if (!settings.confirms)
        this.#context.lost(this.#settings.queues[queue]!.channel, message, offer);
    }
    if (publication < 0) this.#reply(publisher, message, refusal);
  }

  /** Makes the row of a publication that has to wait. */
  #startWaiting(publisher: number, message: number, isStored: boolean): number {
    const publication = this.#pool.take();
    if (publication === this.#publisher.length) {
      for (const column of [this.#publisher, this.#message, this.#open]) column.push(0);
      for (const column of [this.#refusal, this.#isStored]) column.push(0);
    }
    this.#context.retain(message);
    this.#publisher.data[publication] = publisher;
    this.#message.data[publication] = message;
    this.#open.data[publication] = 0;
    this.#refusal.data[publication] = -1;
    this.#isStored.data[publication] = isStored ? 1 : 0;
    return publication;
  }

  /** A queue has refused: a nack with confirms, a loss without. */
  #note(
    publication: number,
    about: {
      publisher: number;
      message: number;
      queue: number;
      offer: "maxlen" | "queue-node-down";
    },
  ): void {
    const { publisher, message, queue, offer } = about;
    if (this.#settings.publishers[publisher]!.confirms) {
      if (this.#refusal.data[publication]! < 0)
        this.#refusal.data[publication] = refusals.indexOf(offer);
    } else this.#context.lost(this.#settings.queues[queue]!.channel, message, offer);
  }

  #fail(publisher: number, message: number, refusal: Refusal): void {
    const { confirms, channel } = this.#settings.publishers[publisher]!;
    if (confirms) this.#reply(publisher, message, refusal);
    else this.#context.lost(channel, message, refusal);
  }

  /** Sends a confirm or a nack, if the publisher has asked for answers. */
  #reply(publisher: number, message: number, refusal: Refusal | undefined): void {
    const { confirms, latencyNs } = this.#settings.publishers[publisher]!;
    if (!confirms) return;
    const code = refusal === undefined ? CONFIRM : REFUSE + refusals.indexOf(refusal);
    this.#context.schedule(latencyNs, code, publisher, message);
  }
}
