// The life of copies in RabbitMQ's queues: taken or refused, sent to consumers, returned, expired, pushed out,
// dead-lettered. One object per broker; every queue is a position.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Consumers } from "../mechanisms/consumers.ts";
import { Copies, type CopyTraits, isPlain } from "../mechanisms/copies.ts";
import { DeathLists, EXPIRED, MAXLEN } from "../mechanisms/deaths.ts";
import type { Alarms } from "./alarms.ts";
import type { Cluster } from "./cluster.ts";
import { type Contents, newContents } from "./contents.ts";
import type { Disuse } from "./disuse.ts";
import { Limits } from "./limits.ts";
import { type Death, DeadLetters, leaveBooks } from "./deadLetters.ts";
import type { Router } from "./routing.ts";
import type { Settings } from "./settings.ts";
import type { Streams } from "./streams.ts";
import type { ComingBack } from "./version.ts";
import type { Account, BrokerContext } from "../technology.ts";

/** Timer codes: a copy arrives at its consumer (held row, generation); the head may have expired (queue, generation). */
export const DELIVER = 4;
export const EXPIRE = 7;
/** A copy has waited for its next attempt: queue, copy. */
export const RETRY = 10;

const IDLE = 0;
const BUSY = 1;
const BUSY_AGAIN = 2;

/** What became of a copy that was offered to a queue. "waits": the queue will answer when it works again. */
export type Offer = "taken" | "waits" | "queue-node-down" | "maxlen";

/** What the queues are made with. */
export interface Parts {
  readonly context: BrokerContext;
  readonly settings: Settings;
  readonly router: Router;
  readonly cluster: Cluster;
  readonly streams: Streams;
  readonly disuse: Disuse;
  readonly alarms: Alarms;
}

/** The queues of one broker. */
export class Queues {
  readonly copies: Copies;
  readonly consumers: Consumers;
  readonly contents: readonly Contents[];
  /** Where the copies of each queue are booked; -1 for a stream. */
  readonly accounts: readonly Account[];
  readonly streams: Streams;
  readonly limits: Limits;
  /** Time to live of what arrives [ns], Infinity without. May change in a run. */
  readonly ttlNs: Float64Column;
  /** Copies on the wire to a consumer: sent, not yet there. */
  readonly onTheWire: Int32Column;
  /** Copies that came back and wait for their next attempt. */
  readonly delayed: readonly Ring[];

  /** Copies that waited for their next attempt when their queue was deleted; undefined where no queue can be. */
  readonly #doomed: Ring | undefined;
  #context: BrokerContext;
  #settings: Settings;
  #router: Router;
  #keyText: (key: number) => string;
  #cluster: Cluster;
  #alarms: Alarms;
  #disuse: Disuse;
  #deaths: DeathLists;
  /** When the timer for the head's expiry fires [ns]; Infinity: none. */
  #timerNs: Float64Column;
  #timerGeneration: Int32Column;
  /** When the copy arrives that was sent last while a node was or had been slow [ns]. */
  readonly #lastArrivalNs: Float64Column;
  /** Per queue: copies that came while it did not work, and the publication to answer (-1: none). */
  #pending: readonly { readonly copies: Ring; readonly publications: Ring }[];
  /** Per queue: IDLE, BUSY, or BUSY_AGAIN when it has to be looked at once more. All are idle between events, hence
   *  it is not in the arena. */
  #activity: Uint8Array;
  readonly #deadLetters: DeadLetters;

  constructor(parts: Parts) {
    const { context, settings } = parts;
    const { arena } = context;
    const { id } = settings;
    const count = settings.queues.length;
    this.#context = context;
    this.#settings = settings;
    this.#router = parts.router;
    this.#cluster = parts.cluster;
    this.#alarms = parts.alarms;
    this.#disuse = parts.disuse;
    this.#deaths = new DeathLists(arena, `${id}.deaths`);
    this.copies = new Copies(arena, `${id}.copies`, {
      deathLists: this.#deaths,
      traitsOf: (message) => settings.publishers[context.publisherOf(message)]!.traits,
    });
    this.consumers = new Consumers(arena, `${id}.consumers`, settings.laneCount);
    this.contents = settings.queues.map((_, at) => newContents(parts, this.copies, at));
    // Copies in a stream are booked per reader.
    this.accounts = settings.queues.map((queue) =>
      queue.stream ? -1 : context.openAccount(queue.channel, -1),
    );
    this.streams = parts.streams;
    this.#deadLetters = new DeadLetters(parts, this, this.#deaths);
    this.ttlNs = arena.float64(`${id}.ttlNs`, count);
    this.limits = new Limits(context, settings);
    this.onTheWire = arena.int32(`${id}.onTheWire`, count);
    this.delayed = settings.queues.map((_, at) => new Ring(arena, `${id}.delayed${at}`));
    this.#doomed = settings.queues.some((queue) => queue.expiresNs < Infinity)
      ? new Ring(arena, `${id}.doomed`)
      : undefined;
    this.#keyText = (key) => context.keyText(key);
    this.#activity = new Uint8Array(count);
    this.#timerNs = arena.float64(`${id}.timerNs`, count);
    this.#lastArrivalNs = arena.float64(`${id}.lastArrivalNs`, count);
    this.#timerGeneration = arena.int32(`${id}.timerGeneration`, count);
    this.#pending = settings.queues.map((_, at) => ({
      copies: new Ring(arena, `${id}.pending${at}.copies`),
      publications: new Ring(arena, `${id}.pending${at}.publications`),
    }));
    settings.queues.forEach((queue, at) => {
      this.ttlNs.data[at] = queue.ttlNs;
      this.#timerNs.data[at] = Infinity;
    });
  }

  /** What `offer` would answer now. */
  wouldTake(queue: number, message: number): Offer {
    if (!this.#cluster.works(queue))
      return this.#cluster.standstill(queue) === "node-down" ? "queue-node-down" : "waits";
    if (this.#settings.queues[queue]!.overflow === "drop-head") return "taken";
    const ready = this.contents[queue]!.size();
    return this.limits.hasNoRoom(queue, ready, message) ? "maxlen" : "taken";
  }

  /** Offers a new copy to a queue. `publication` is answered by `resume` when the offer waits (-1: nobody asks). */
  offer(queue: number, message: number, traits: CopyTraits, publication: number): Offer {
    const answer = this.wouldTake(queue, message);
    const forwards = this.#settings.queues[queue]!.overflow === "reject-publish-dlx";
    if (answer === "queue-node-down" || (answer === "maxlen" && !forwards)) {
      this.#deaths.free(traits.deaths);
      return answer;
    }
    this.#context.retain(message);
    if (answer === "taken" && this.#settings.queues[queue]!.stream) {
      this.#deaths.free(traits.deaths);
      this.streams.append(queue, message);
      return answer;
    }
    const copy = this.copies.make(message, traits);
    if (answer === "waits") {
      this.#pending[queue]!.copies.pushBack(copy);
      this.#pending[queue]!.publications.pushBack(publication);
    } else this.#book(queue, copy, answer);
    return answer;
  }

  /** The queue works again: takes what has waited, in order, and lets `answer` know. */
  resume(queue: number, answer: (publication: number, offer: Offer) => void): void {
    const { copies, publications } = this.#pending[queue]!;
    for (let left = copies.size(); left > 0; left--) {
      const copy = copies.popFront();
      const publication = publications.popFront();
      const offer = this.wouldTake(queue, this.copies.message(copy));
      const forwards = this.#settings.queues[queue]!.overflow === "reject-publish-dlx";
      // The answer goes first: it puts the publication on record before its copy.
      if (publication >= 0) answer(publication, offer);
      if (offer === "taken" || (offer === "maxlen" && forwards)) this.#book(queue, copy, offer);
      else this.#freeCopy(copy);
    }
    if (this.#settings.queues[queue]!.stream) this.streams.resume(queue);
    else this.work(queue, "return");
  }

  /** Copies of publications that the queue has not answered. */
  pendingCount(queue: number): number {
    return this.#pending[queue]!.copies.size();
  }

  /** Brings a queue to rest: sends what can be sent, drops what has expired or is too much. After an arrival
   *  consumers come first (a copy that is sent at once never counts as ready), after a return the limits do. */
  work(queue: number, after: "arrival" | "return" | "room"): void {
    if (!this.#cluster.works(queue)) return;
    if (this.#activity[queue] !== IDLE) {
      // Inside of a dead-lettering that came back here: the loop that is running goes round once more.
      this.#activity[queue] = BUSY_AGAIN;
      return;
    }
    do {
      this.#activity[queue] = BUSY;
      if (after === "return") {
        this.#trim(queue);
        this.#expire(queue);
      }
      this.#dispatch(queue);
      if (after === "arrival") this.#trim(queue);
      this.#expire(queue);
    } while (this.#activity[queue] !== BUSY);
    this.#activity[queue] = IDLE;
    this.#armTimer(queue);
  }

  /** The timer for a queue's head has fired. */
  timerFired(queue: number, generation: number): void {
    if (this.#timerGeneration.data[queue] !== generation) return;
    this.#timerNs.data[queue] = Infinity;
    this.work(queue, "return");
  }

  /** The node of a classic queue is gone, and with it the ready copies that were not on disk. */
  loseTransient(queue: number): void {
    this.contents[queue]!.remove(
      (copy) => !this.copies.isPersistent(copy),
      (copy) => {
        this.limits.count(queue, this.copies.message(copy), -1);
        this.#drop(queue, copy, "transient-lost");
        this.letGo(queue, copy);
      },
    );
  }

  /** The queue may be deleted, with all that is in it, because nobody has used it. */
  disused(queue: number, generation: number): void {
    if (!this.#disuse.isOver(queue, generation)) return;
    while (this.delayed[queue]!.size() > 0) {
      const copy = this.delayed[queue]!.popFront();
      this.#drop(queue, copy, "queue-expired");
      this.#alarms.count(queue, this.copies.message(copy), -1);
      // Its timer still has its number.
      this.#doomed!.pushBack(copy);
    }
    while (this.contents[queue]!.size() > 0) {
      const copy = this.#take(queue);
      this.#drop(queue, copy, "queue-expired");
      this.letGo(queue, copy);
    }
  }

  /** A ready copy leaves the books without being dead-lettered. */
  #drop(queue: number, copy: number, reason: string): void {
    const message = this.copies.message(copy);
    const account = this.accounts[queue]!;
    leaveBooks(this.#context, account, { message, delivery: -1, how: "dropped", reason });
  }

  #take(queue: number): number {
    const copy = this.contents[queue]!.take();
    this.limits.count(queue, this.copies.message(copy), -1);
    return copy;
  }

  /** A copy that has left the books leaves its queue. */
  letGo(queue: number, copy: number): void {
    this.#alarms.count(queue, this.copies.message(copy), -1);
    this.#freeCopy(copy);
  }

  #freeCopy(copy: number): void {
    this.#context.release(this.copies.message(copy));
    this.copies.free(copy);
  }

  /** Classic: to its original position. Quorum: behind what was returned before; without a delivery limit a
   *  requeued copy goes to the very back. */
  putBack(queue: number, copy: number, why: ComingBack): void {
    const { quorum, deliveryLimit } = this.#settings.queues[queue]!;
    const contents = this.contents[queue]!;
    this.limits.count(queue, this.copies.message(copy), 1);
    if (!quorum) contents.restore(copy);
    else if (deliveryLimit < 0 && (why === "requeued" || why === "rejected")) contents.append(copy);
    else contents.giveBack(copy);
  }

  /** Keeps a copy that came back aside for so long [ns]. */
  delay(queue: number, copy: number, delayNs: number): void {
    this.delayed[queue]!.pushBack(copy);
    this.#context.schedule(delayNs, RETRY, queue, copy);
  }

  /** A copy has waited for its next attempt. */
  delayIsOver(queue: number, copy: number): void {
    if (this.#doomed?.removeValue(copy) === true) {
      this.#freeCopy(copy);
      return;
    }
    this.delayed[queue]!.removeValue(copy);
    this.limits.count(queue, this.copies.message(copy), 1);
    this.contents[queue]!.giveBack(copy);
    this.work(queue, "return");
  }

  /** Enters a copy in the books and in the queue, or passes it on when the queue is full. */
  #book(queue: number, copy: number, offer: "taken" | "maxlen"): void {
    if (this.#settings.queues[queue]!.stream) {
      this.streams.append(queue, this.copies.message(copy));
      this.copies.free(copy);
      return;
    }
    this.#context.routed(this.accounts[queue]!, this.copies.message(copy));
    this.#alarms.count(queue, this.copies.message(copy), 1);
    if (offer === "maxlen") {
      this.die(queue, { copy, delivery: -1, reason: MAXLEN });
      return;
    }
    this.contents[queue]!.append(this.#startLife(queue, copy));
    this.limits.count(queue, this.copies.message(copy), 1);
    this.work(queue, "arrival");
  }

  /** Lets a copy expire that has only so long to live in this queue; returns its number from now on. */
  #startLife(queue: number, copy: number): number {
    if (isPlain(copy) && this.ttlNs.data[queue] === Infinity) return copy;
    const lifetimeNs = Math.min(this.copies.expiresNs(copy), this.ttlNs.data[queue]!);
    return this.copies.expireAt(copy, lifetimeNs + this.#context.now());
  }

  #dispatch(queue: number): void {
    const contents = this.contents[queue]!;
    while (contents.size() > 0) {
      const consumer = this.#nextConsumer(queue);
      if (consumer < 0) return;
      const copy = this.#take(queue);
      // It may have expired behind a head that lived longer.
      if (!isPlain(copy) && this.copies.expiresNs(copy) < this.#context.now())
        this.die(queue, { copy, delivery: -1, reason: EXPIRED });
      else this.#send(queue, copy, consumer);
    }
  }

  #nextConsumer(queue: number): number {
    for (const lane of this.#settings.queues[queue]!.lanes) {
      const consumer = this.consumers.next(lane);
      if (consumer >= 0) return consumer;
    }
    return -1;
  }

  #send(queue: number, copy: number, consumer: number): void {
    const subscription = this.consumers.subscription(consumer);
    const { latencyNs } = this.#settings.subscriptions[subscription]!;
    const { held: table } = this.consumers;
    const held = this.consumers.hold(consumer, copy);
    const attempt = this.copies.attempts(copy) + 1;
    table.remember(held, this.contents[queue]!.takenPosition(), attempt);
    table.sentAt(held, this.#context.now());
    this.onTheWire.data[queue]!++;
    const delayNs = this.#cluster.wasSlow() ? this.#slowed(queue, latencyNs) : latencyNs;
    this.#context.schedule(delayNs, DELIVER, held, table.generation(held));
  }

  /** How long a copy is on its way from a queue whose node is or was slow [ns]; what was sent before stays before it. */
  #slowed(queue: number, latencyNs: number): number {
    const nowNs = this.#context.now();
    const atNs = nowNs + Math.round(latencyNs * this.#cluster.slowness(queue));
    const laterNs = Math.max(atNs, this.#lastArrivalNs.data[queue]!);
    this.#lastArrivalNs.data[queue] = laterNs;
    return laterNs - nowNs;
  }

  /** Drops or dead-letters the oldest until the ready ones fit. */
  #trim(queue: number): void {
    if (this.#settings.queues[queue]!.overflow !== "drop-head") return;
    const contents = this.contents[queue]!;
    while (contents.size() > 0 && this.limits.isExceeded(queue, contents.size()))
      this.die(queue, { copy: this.#take(queue), delivery: -1, reason: MAXLEN });
  }

  /** Only the head is looked at: what has expired behind it waits. */
  #expire(queue: number): void {
    const contents = this.contents[queue]!;
    for (let head = contents.head(); head >= 0; head = contents.head()) {
      if (isPlain(head) || this.copies.expiresNs(head) > this.#context.now()) return;
      this.die(queue, { copy: this.#take(queue), delivery: -1, reason: EXPIRED });
    }
  }

  #armTimer(queue: number): void {
    const head = this.contents[queue]!.head();
    if (head < 0 || isPlain(head)) return;
    const dueNs = this.copies.expiresNs(head);
    if (dueNs >= this.#timerNs.data[queue]!) return;
    this.#timerNs.data[queue] = dueNs;
    const generation = (this.#timerGeneration.data[queue]! + 1) & 0x7fffffff;
    this.#timerGeneration.data[queue] = generation;
    this.#context.schedule(dueNs - this.#context.now(), EXPIRE, queue, generation);
  }

  /** A copy leaves its queue for good: see DeadLetters. Frees the copy. */
  die(queue: number, about: Death): void {
    this.#deadLetters.die(queue, about);
  }

  /** The queues that a message goes to from a channel, with the routing key of a template. */
  route(channelAt: number, template: number, message: number): readonly number[] {
    const key = this.#context.keyOf(message);
    return this.#disuse.present(this.#router.route(channelAt, template, key, this.#keyText));
  }
}
