// Subscribers who get what is published while they are connected and nothing else: no storage, no acknowledgement. What a
// worker has not come to waits in the server's buffer for its connection, and is lost when that grows too large.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import type { BrokerContext, Verdict } from "../technology.ts";

const NONE = -1;

// Integers of a subscriber.
const SUBSCRIPTION = 0;
const WORKER = 1;
const BUSY = 2;
const FIRST = 3;
const LAST = 4;
const ON_WIRE = 5;
/** Rises with every subscriber that gets the row. */
const SESSION = 6;
const INTEGERS = 7;

// Doubles of a subscriber: bytes in its buffer, and since when they are above the soft limit [ns] (-1: they are not).
const BYTES = 0;
const OVER_NS = 1;
const DOUBLES = 2;

// Integers of an item: its message, the next one, and whom it goes to (one more than the row; 0: nobody any more).
const MESSAGE = 0;
const NEXT = 1;
const TO = 2;
const ITEM_INTEGERS = 3;

/** What a server lets a connection leave unread. */
export interface BufferLimits {
  readonly hardBytes: number;
  readonly softBytes: number;
  /** How long it may stay above the soft limit [ns]. */
  readonly softNs: number;
}

/** What is given about a subscription and never changes. */
export interface LiveSubscription {
  /** Account in the books. */
  readonly account: number;
  /** Id for the record. */
  readonly id: string;
  readonly latencyNs: number;
}

/** All live subscribers of a broker. Its owner's `wake` hands `code` on, and `row` tells it whom it can send to. */
export class LiveSubscribers {
  readonly #context: BrokerContext;
  readonly #code: number;
  readonly #limits: BufferLimits;
  readonly #subscriptions: readonly (LiveSubscription | undefined)[];
  readonly #rows: Rows;
  readonly #items: Rows;
  /** Per subscription and worker: one more than its row, 0 while it is away. */
  readonly #byWorker: readonly (Int32Column | undefined)[];
  readonly #waiting: Float64Column;

  constructor(
    context: BrokerContext,
    name: string,
    about: {
      readonly code: number;
      readonly limits: BufferLimits;
      /** By index over the run; undefined: not one of these. */
      readonly subscriptions: readonly (LiveSubscription | undefined)[];
    },
  ) {
    const { arena } = context;
    this.#context = context;
    this.#code = about.code;
    this.#limits = about.limits;
    this.#subscriptions = about.subscriptions;
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: DOUBLES });
    this.#items = new Rows(arena, `${name}.items`, { integers: ITEM_INTEGERS, doubles: 0 });
    this.#byWorker = about.subscriptions.map((one, index) =>
      one === undefined ? undefined : arena.int32(`${name}.workers${index}`),
    );
    this.#waiting = arena.float64(`${name}.waiting`, about.subscriptions.length);
  }

  /** A worker connects and subscribes. */
  join(subscription: number, worker: number): void {
    const column = this.#byWorker[subscription]!;
    if (worker >= column.length) column.resize(worker + 1);
    const row = this.#rows.take();
    column.data[worker] = row + 1;
    const at = row * INTEGERS;
    const { integers, doubles } = this.#rows;
    integers[at + SUBSCRIPTION] = subscription;
    integers[at + WORKER] = worker;
    integers[at + BUSY] = 0;
    integers[at + FIRST] = NONE;
    integers[at + LAST] = NONE;
    integers[at + ON_WIRE] = 0;
    integers[at + SESSION] = (integers[at + SESSION]! & 0xffffff) + 1;
    doubles[row * DOUBLES + BYTES] = 0;
    doubles[row * DOUBLES + OVER_NS] = NONE;
  }

  /** A worker's connection is gone, and with it all that it has not dealt with. */
  leave(subscription: number, worker: number): void {
    const column = this.#byWorker[subscription]!;
    const row = column.data[worker]! - 1;
    column.data[worker] = 0;
    this.#dropBuffer(row, "lost with its subscriber");
    this.#dropWire(row);
    for (const delivery of this.#context.deliveriesOf(subscription, worker)) {
      this.#context.discarded(delivery, "lost with its subscriber");
      this.#context.forget(delivery);
    }
    this.#rows.give(row);
  }

  /** One more than the highest worker of a subscription that ever connected. */
  workers(subscription: number): number {
    return this.#byWorker[subscription]!.length;
  }

  /** The row of a worker that is connected, -1 when it is not. */
  row(subscription: number, worker: number): number {
    const column = this.#byWorker[subscription]!;
    return worker < column.length ? column.data[worker]! - 1 : NONE;
  }

  /** Sends a message to a connected worker. */
  send(row: number, message: number): void {
    const subscription = this.#get(row, SUBSCRIPTION);
    const { account, latencyNs } = this.#subscriptions[subscription]!;
    this.#context.retain(message);
    this.#context.routed(account, message);
    this.#waiting.data[subscription]!++;
    const item = this.#items.take();
    const at = item * ITEM_INTEGERS;
    this.#items.integers[at + MESSAGE] = message;
    this.#items.integers[at + NEXT] = NONE;
    this.#items.integers[at + TO] = row + 1;
    this.#set(row, ON_WIRE, this.#get(row, ON_WIRE) + 1);
    this.#context.schedule(latencyNs, this.#code, item, 0);
  }

  /** A timer of this mechanism has fired: a message has come to its subscriber's connection, or, with the session of a
   *  subscriber, that one takes the next message from its buffer. */
  wake(a: number, session: number): void {
    if (session === 0) this.#arrive(a);
    else if (this.#rows.isLive(a) && this.#get(a, SESSION) === session) this.#takeNext(a);
  }

  #arrive(item: number): void {
    const row = this.#items.integers[item * ITEM_INTEGERS + TO]! - 1;
    if (row === NONE) {
      this.#items.give(item);
      return;
    }
    this.#set(row, ON_WIRE, this.#get(row, ON_WIRE) - 1);
    if (this.#get(row, BUSY) === 0) this.#deliver(row, item);
    else this.#buffer(row, item);
  }

  /** A worker has dealt with a delivery, whatever came of it, and gets the next one. */
  settle(delivery: number, verdict: Verdict): void {
    const context = this.#context;
    const row = this.row(context.deliverySubscription(delivery), context.deliveryWorker(delivery));
    if (verdict === "done") context.acknowledged(delivery);
    else if (verdict === "set-aside") context.rejected(delivery, verdict);
    else context.discarded(delivery, "failed, and never sent again");
    context.forget(delivery);
    if (row === NONE) return;
    // In an event of its own: the worker is still inside its call and may be about to leave.
    context.schedule(0, this.#code, row, this.#get(row, SESSION));
  }

  #takeNext(row: number): void {
    this.#set(row, BUSY, 0);
    const next = this.#get(row, FIRST);
    if (next === NONE) return;
    this.#unbuffer(row, next);
    this.#deliver(row, next);
  }

  /** Copies on the wire and in buffers. */
  waiting(subscription: number): number {
    return this.#waiting.data[subscription]!;
  }

  /** The message that waits longest in the buffers of a subscription, -1 for none. */
  oldest(subscription: number): number {
    let oldest = NONE;
    for (let worker = 0; worker < this.workers(subscription); worker++) {
      const row = this.row(subscription, worker);
      const first = row === NONE ? NONE : this.#get(row, FIRST);
      if (first === NONE) continue;
      const message = this.#items.integers[first * ITEM_INTEGERS + MESSAGE]!;
      const isOlder =
        oldest === NONE || this.#context.publishedNs(message) < this.#context.publishedNs(oldest);
      if (isOlder) oldest = message;
    }
    return oldest;
  }

  #deliver(row: number, item: number): void {
    const subscription = this.#get(row, SUBSCRIPTION);
    const { account } = this.#subscriptions[subscription]!;
    const message = this.#items.integers[item * ITEM_INTEGERS + MESSAGE]!;
    this.#items.give(item);
    this.#waiting.data[subscription]!--;
    this.#set(row, BUSY, 1);
    const delivery = this.#context.takeOut(account, message, 1, NONE);
    this.#context.deliver(delivery, subscription, this.#get(row, WORKER));
    this.#context.release(message);
  }

  #buffer(row: number, item: number): void {
    const { hardBytes, softBytes, softNs } = this.#limits;
    const last = this.#get(row, LAST);
    if (last === NONE) this.#set(row, FIRST, item);
    else this.#items.integers[last * ITEM_INTEGERS + NEXT] = item;
    this.#set(row, LAST, item);
    const { doubles } = this.#rows;
    const at = row * DOUBLES;
    const nowNs = this.#context.now();
    const message = this.#items.integers[item * ITEM_INTEGERS + MESSAGE]!;
    const bytes = (doubles[at + BYTES]! += this.#context.sizeOf(message));
    if (bytes <= softBytes) doubles[at + OVER_NS] = NONE;
    else if (doubles[at + OVER_NS] === NONE) doubles[at + OVER_NS] = nowNs;
    const sinceNs = doubles[at + OVER_NS]!;
    const isTooLong = sinceNs !== NONE && nowNs - sinceNs >= softNs;
    if (bytes <= hardBytes && !isTooLong) return;
    const subscription = this.#subscriptions[this.#get(row, SUBSCRIPTION)]!;
    this.#context.note(subscription.id, "slow subscriber: disconnected, and connected anew");
    this.#dropBuffer(row, "slow subscriber: its buffer was too large");
  }

  #unbuffer(row: number, item: number): void {
    const next = this.#items.integers[item * ITEM_INTEGERS + NEXT]!;
    const message = this.#items.integers[item * ITEM_INTEGERS + MESSAGE]!;
    this.#set(row, FIRST, next);
    if (next === NONE) this.#set(row, LAST, NONE);
    this.#rows.doubles[row * DOUBLES + BYTES]! -= this.#context.sizeOf(message);
    if (this.#rows.doubles[row * DOUBLES + BYTES]! <= this.#limits.softBytes)
      this.#rows.doubles[row * DOUBLES + OVER_NS] = NONE;
  }

  #dropBuffer(row: number, reason: string): void {
    for (let item = this.#get(row, FIRST); item !== NONE; item = this.#get(row, FIRST)) {
      this.#unbuffer(row, item);
      this.#drop(row, item, reason);
      this.#items.give(item);
    }
  }

  /** Looks at all items: for when a subscriber is gone. Those on the wire are freed when they arrive. */
  #dropWire(row: number): void {
    if (this.#get(row, ON_WIRE) === 0) return;
    for (let item = 0; item < this.#items.capacity(); item++) {
      const to = item * ITEM_INTEGERS + TO;
      if (!this.#items.isLive(item) || this.#items.integers[to] !== row + 1) continue;
      this.#items.integers[to] = 0;
      this.#drop(row, item, "lost with its subscriber");
    }
  }

  #drop(row: number, item: number, reason: string): void {
    const subscription = this.#get(row, SUBSCRIPTION);
    const message = this.#items.integers[item * ITEM_INTEGERS + MESSAGE]!;
    this.#waiting.data[subscription]!--;
    this.#context.dropped(this.#subscriptions[subscription]!.account, message, reason);
    this.#context.release(message);
  }

  #get(row: number, field: number): number {
    return this.#rows.integers[row * INTEGERS + field]!;
  }

  #set(row: number, field: number, value: number): void {
    this.#rows.integers[row * INTEGERS + field] = value;
  }
}
