// The receivers of Service Bus: workers with room get locked messages in turn; with sessions each locks one session at a
// time. What they answer travels back; what they do not answer comes back with the lock.

import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Rows } from "../../kernel/rows.ts";
import type { BrokerContext, Verdict } from "../technology.ts";
import type { Entities } from "./entities.ts";
import type { Settings, SubscriptionSettings } from "./settings.ts";

/** Timer codes: a message arrives (copy, generation); an answer arrives (delivery); a worker's session has been idle
 *  (receiver, generation); a session's lock is lost with its receiver (position, session). */
export const DELIVER = 2;
export const SETTLED = 3;
export const IDLE = 4;
export const SESSION_LOST = 5;
/** A worker's link is attached (receiver, generation). */
export const ATTACH = 6;

// Integers of a row.
const SUBSCRIPTION = 0;
const WORKER = 1;
/** Messages that it has or that are on the wire to it. */
const HOLDS = 2;
const GENERATION = 3;
/** Its session, -1 without. */
const SESSION = 4;
const IS_OPEN = 5;
const IN_TURN = 6;
/** Rises whenever its session gets a message, so that an idle time of before is void. */
const ACTIVITY = 7;
const INTEGERS = 8;

const NONE = -1;

/** Mark of a copy that its receiver has done with although it keeps the lock. */
const SETTLED_MARK = -1;
const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** The receivers of one namespace. A row stays with its worker for the whole run. */
export class Receivers {
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #entities: Entities;
  readonly #rows: Rows;
  /** Per subscription and worker: one more than its row, 0 without. */
  readonly #rowOf: readonly (Int32Column | undefined)[];
  /** Per channel: receivers with room (and, with sessions, without a session), in turn. */
  readonly #turns: readonly Ring[];
  /** Per channel: receivers that have a session. */
  readonly #inSession: readonly Ring[];

  constructor(settings: Settings, context: BrokerContext, entities: Entities) {
    const { arena } = context;
    const { id } = settings;
    this.#settings = settings;
    this.#context = context;
    this.#entities = entities;
    this.#rows = new Rows(arena, `${id}.receivers`, { integers: INTEGERS, doubles: 0 });
    this.#rowOf = settings.subscriptions.map((one, index) =>
      one === undefined ? undefined : arena.int32(`${id}.workers${index}`),
    );
    this.#turns = settings.channels.map((_, at) => new Ring(arena, `${id}.turns${at}`));
    this.#inSession = settings.channels.map((_, at) => new Ring(arena, `${id}.inSession${at}`));
  }

  join(subscription: number, worker: number): void {
    const column = this.#rowOf[subscription]!;
    if (worker >= column.length) column.resize(worker + 1);
    if (column.data[worker] === 0) {
      const made = this.#rows.take();
      column.data[worker] = made + 1;
      this.#set(made, SUBSCRIPTION, subscription);
      this.#set(made, WORKER, worker);
    }
    const receiver = column.data[worker]! - 1;
    this.#set(receiver, HOLDS, 0);
    this.#set(receiver, SESSION, NONE);
    this.#set(receiver, IS_OPEN, 1);
    const generation = this.#get(receiver, GENERATION);
    this.#context.schedule(this.#of(receiver).latencyNs, ATTACH, receiver, generation);
  }

  attach(receiver: number, generation: number): void {
    if (this.#get(receiver, GENERATION) !== generation) return;
    this.#refresh(receiver);
    this.work(this.#of(receiver).at);
  }

  /** A worker is gone: nothing is renewed any more, so its locks end after one lock duration; what was deleted when it
   *  was sent is lost. */
  leave(subscription: number, worker: number): void {
    const receiver = this.#rowOf[subscription]!.data[worker]! - 1;
    const { at, deletes } = this.#of(receiver);
    const { copies } = this.#entities;
    const lockNs = this.#entities.entity(at).lockNs;
    this.#set(receiver, IS_OPEN, 0);
    this.#set(receiver, GENERATION, (this.#get(receiver, GENERATION) + 1) & 0xffff);
    this.#refresh(receiver);
    const session = this.#get(receiver, SESSION);
    if (session !== NONE) {
      this.#inSession[at]!.removeValue(receiver);
      this.#context.schedule(lockNs, SESSION_LOST, at, session);
    }
    const left = this.#context.deliveriesOf(subscription, worker);
    for (const delivery of left) {
      if (this.#context.deliveryMark(delivery) !== 0) continue;
      const copy = this.#context.deliveryTag(delivery);
      if (copies.isOf(copy, delivery)) {
        if (deletes) {
          this.#context.discarded(delivery, "received-and-deleted");
          this.#entities.remove(at, copy);
        } else {
          this.#context.returned(delivery, "receiver-gone");
          this.#entities.endFlight(at, copy);
          this.#entities.queue(at).extend(copy, this.#context.now() + lockNs);
        }
      }
      this.#context.forget(delivery);
    }
  }

  /** Hands out what can be handed out from an entity. */
  work(at: number): void {
    const queue = this.#entities.queue(at);
    if (this.#entities.entity(at).hasSessions) {
      const ring = this.#inSession[at]!;
      for (let position = 0; position < ring.size(); position++) this.#feed(at, ring.at(position));
      while (queue.next() >= 0 && this.#turns[at]!.size() > 0) this.#acceptSession(at);
      return;
    }
    const turns = this.#turns[at]!;
    while (turns.size() > 0) {
      const copy = queue.next();
      if (copy < 0) return;
      const receiver = turns.at(0);
      // To the back of the turn, when it still has room.
      turns.popFront();
      this.#set(receiver, IN_TURN, 0);
      this.#send(at, copy, receiver);
      this.#refresh(receiver);
    }
  }

  /** A message has come to its worker, unless its lock was lost on the way. */
  arrive(copy: number, generation: number): void {
    const { copies } = this.#entities;
    if (!copies.isStill(copy, generation)) return;
    const receiver = copies.holder(copy);
    const { at } = this.#of(receiver);
    if (copies.mark(copy) !== this.#get(receiver, GENERATION)) {
      // Its worker is gone, and nobody renews the lock.
      const untilNs = this.#context.now() + this.#entities.entity(at).lockNs;
      this.#entities.queue(at).extend(copy, untilNs);
      return;
    }
    const subscription = this.#get(receiver, SUBSCRIPTION);
    const worker = this.#get(receiver, WORKER);
    this.#entities.deliver(at, copy, { subscription, worker });
  }

  /** A lock has ended while the message was on the wire to a receiver: it waits for it no longer. */
  lockLost(receiver: number, mark: number): void {
    if (this.#get(receiver, GENERATION) !== mark) return;
    this.#add(receiver, HOLDS, -1);
    this.#refresh(receiver);
  }

  settle(delivery: number, verdict: Verdict): void {
    const receiver = this.#receiverOf(delivery);
    const mark = (this.#get(receiver, GENERATION) << 3) | (1 + verdicts.indexOf(verdict));
    this.#context.mark(delivery, mark);
    this.#context.schedule(this.#of(receiver).latencyNs, SETTLED, delivery, 0);
  }

  /** A worker's answer has come to the service. */
  settled(delivery: number): void {
    const receiver = this.#receiverOf(delivery);
    const { at } = this.#of(receiver);
    const copy = this.#context.deliveryTag(delivery);
    const mark = this.#context.deliveryMark(delivery);
    if (this.#entities.copies.isOf(copy, delivery))
      this.#obey(copy, delivery, verdicts[(mark & 7) - 1]!);
    this.#context.forget(delivery);
    if (mark >> 3 === this.#get(receiver, GENERATION)) {
      this.#add(receiver, HOLDS, -1);
      this.#refresh(receiver);
      this.#waitForMore(receiver);
    }
    this.work(at);
  }

  /** The session of a receiver has brought nothing for too long: it is released. */
  idle(receiver: number, activity: number): void {
    if (this.#get(receiver, ACTIVITY) !== activity || this.#get(receiver, HOLDS) > 0) return;
    const session = this.#get(receiver, SESSION);
    if (session === NONE || this.#get(receiver, IS_OPEN) === 0) return;
    const { at } = this.#of(receiver);
    this.#inSession[at]!.removeValue(receiver);
    this.#set(receiver, SESSION, NONE);
    this.#entities.queue(at).unlock(session);
    this.#refresh(receiver);
    this.work(at);
  }

  sessionLost(at: number, session: number): void {
    this.#entities.queue(at).unlock(session);
    this.work(at);
  }

  /** Whether any worker could take a further message of an entity. */
  hasRoom(at: number): boolean {
    return this.#turns[at]!.size() > 0;
  }

  #obey(copy: number, delivery: number, verdict: Verdict): void {
    const { at, onFailure, deletes } = this.#of(this.#receiverOf(delivery));
    if (verdict === "failed" && !deletes) {
      if (onFailure === "abandon") this.#entities.giveBack(at, copy, "abandoned");
      else if (onFailure === "dead-letter") this.#entities.die(at, copy, "DeadLetteredByReceiver");
      else {
        // It keeps its lock, which nobody renews any more.
        const { lockNs } = this.#entities.entity(at);
        this.#context.returned(delivery, "left-locked");
        this.#entities.endFlight(at, copy);
        this.#entities.copies.setMark(copy, SETTLED_MARK);
        this.#entities.queue(at).extend(copy, this.#context.now() + lockNs);
      }
      return;
    }
    if (verdict === "done") this.#context.acknowledged(delivery);
    else if (verdict === "set-aside") this.#context.rejected(delivery, verdict);
    else this.#context.discarded(delivery, "received-and-deleted");
    this.#entities.remove(at, copy);
  }

  #send(at: number, copy: number, receiver: number): void {
    const { copies } = this.#entities;
    const { latencyNs, renewalNs, deletes } = this.#of(receiver);
    const { lockNs } = this.#entities.entity(at);
    // The SDK renews the lock until its time for that is over; then one more lock duration passes.
    const lockedNs = renewalNs > lockNs ? renewalNs + lockNs : lockNs;
    const untilNs = deletes ? Infinity : this.#context.now() + lockedNs;
    this.#entities.queue(at).lend(copy, receiver, untilNs);
    copies.setMark(copy, this.#get(receiver, GENERATION));
    this.#add(receiver, HOLDS, 1);
    this.#context.schedule(latencyNs, DELIVER, copy, copies.generation(copy));
  }

  /** The receiver whose turn it is locks the next free session. */
  #acceptSession(at: number): void {
    const turns = this.#turns[at]!;
    const receiver = turns.popFront();
    this.#set(receiver, IN_TURN, 0);
    const queue = this.#entities.queue(at);
    const session = this.#entities.copies.group(queue.next());
    queue.lock(session);
    this.#set(receiver, SESSION, session);
    this.#inSession[at]!.pushBack(receiver);
    this.#feed(at, receiver);
  }

  /** Gives a receiver what it has room for of its session. */
  #feed(at: number, receiver: number): void {
    const queue = this.#entities.queue(at);
    const session = this.#get(receiver, SESSION);
    const { window } = this.#of(receiver);
    while (this.#get(receiver, HOLDS) < window) {
      const copy = queue.nextOf(session);
      if (copy < 0) return;
      this.#add(receiver, ACTIVITY, 1);
      this.#send(at, copy, receiver);
    }
  }

  #waitForMore(receiver: number): void {
    if (this.#get(receiver, SESSION) === NONE || this.#get(receiver, HOLDS) > 0) return;
    const activity = this.#get(receiver, ACTIVITY);
    this.#context.schedule(this.#of(receiver).idleNs, IDLE, receiver, activity);
  }

  /** Puts a receiver in turn when it may get something, and takes it out when not. */
  #refresh(receiver: number): void {
    const { at, window } = this.#of(receiver);
    const isFree =
      this.#get(receiver, IS_OPEN) === 1 &&
      this.#get(receiver, HOLDS) < window &&
      this.#get(receiver, SESSION) === NONE;
    if (isFree === (this.#get(receiver, IN_TURN) === 1)) return;
    this.#set(receiver, IN_TURN, isFree ? 1 : 0);
    if (isFree) this.#turns[at]!.pushBack(receiver);
    else this.#turns[at]!.removeValue(receiver);
  }

  #receiverOf(delivery: number): number {
    const subscription = this.#context.deliverySubscription(delivery);
    return this.#rowOf[subscription]!.data[this.#context.deliveryWorker(delivery)]! - 1;
  }

  #of(receiver: number): SubscriptionSettings {
    return this.#settings.subscriptions[this.#get(receiver, SUBSCRIPTION)]!;
  }

  #get(receiver: number, field: number): number {
    return this.#rows.integers[receiver * INTEGERS + field]!;
  }

  #set(receiver: number, field: number, value: number): void {
    this.#rows.integers[receiver * INTEGERS + field] = value;
  }

  #add(receiver: number, field: number, by: number): void {
    this.#rows.integers[receiver * INTEGERS + field]! += by;
  }
}
