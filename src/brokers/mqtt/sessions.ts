// The sessions of a broker's clients: what is queued for each, what is on its way and not acknowledged, whether it is
// connected. Nothing is sent twice over one connection: what is unacknowledged comes again after a reconnection only.

import type { Int32Column, Float64Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { ANSWERED, OPEN, SessionCopies, SILENT } from "./copies.ts";
import { type Settings, UNLIMITED } from "./settings.ts";
import type { Workers } from "./workers.ts";
import type { Account, BrokerContext, Verdict } from "../technology.ts";

/** Timer codes: a copy arrives (copy, generation); an answer given on receipt is back (client, connection); a worker's
 *  answer is back (copy, generation and verdict). */
export const ARRIVE = 2;
export const ACKED = 3;
export const SETTLED = 4;

const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** Mark of a delivery that was acknowledged on receipt. */
const ON_RECEIPT = 1;

/** How much slower than usual the broker is; the same object for all who ask. */
export interface Pace {
  stretched(latencyNs: number): number;
}

/** The sessions of one broker. */
export class Sessions {
  readonly copies: SessionCopies;
  readonly queued: readonly Ring[];
  /** QoS 1 and 2 that are sent and not acknowledged, in order. */
  readonly flying: readonly Ring[];
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #workers: Workers;
  readonly #pace: Pace;
  readonly #accounts: readonly Account[];
  readonly #isOnline: Int32Column;
  readonly #isAlive: Int32Column;
  /** Rises whenever a connection ends. */
  readonly #connection: Int32Column;
  readonly #inFlight: Int32Column;
  /** Per subscription: copies that no worker has. */
  readonly #waiting: Int32Column;
  /** Per client and QoS: when the copy sent last arrives [ns]; a stream keeps its order. */
  readonly #lastArrivalNs: Float64Column;

  constructor(
    context: BrokerContext,
    settings: Settings,
    parts: { readonly workers: Workers; readonly pace: Pace },
  ) {
    const { arena } = context;
    const { id, clients, subscriptions } = settings;
    this.#context = context;
    this.#settings = settings;
    this.#workers = parts.workers;
    this.#pace = parts.pace;
    this.copies = new SessionCopies(arena, `${id}.copies`);
    this.queued = clients.map((_, at) => new Ring(arena, `${id}.queued${at}`));
    this.flying = clients.map((_, at) => new Ring(arena, `${id}.flying${at}`));
    this.#accounts = subscriptions.map((one, index) =>
      one === undefined ? -1 : context.openAccount(one.channel, index),
    );
    this.#isOnline = arena.int32(`${id}.isOnline`, clients.length);
    this.#isAlive = arena.int32(`${id}.isAlive`, clients.length);
    this.#connection = arena.int32(`${id}.connection`, clients.length);
    this.#inFlight = arena.int32(`${id}.inFlight`, clients.length);
    this.#waiting = arena.int32(`${id}.waiting`, subscriptions.length);
    this.#lastArrivalNs = arena.float64(`${id}.lastArrivalNs`, clients.length * 3);
  }

  isOnline(client: number): boolean {
    return this.#isOnline.data[client] === 1;
  }

  /** Whether the broker knows the client's subscriptions: it is connected, or its session outlives the connection. */
  isAlive(client: number): boolean {
    return this.#isAlive.data[client] === 1;
  }

  /** Number of the present connection. */
  connection(client: number): number {
    return this.#connection.data[client]!;
  }

  /** QoS 1 and 2 that are sent and not acknowledged. */
  inFlight(client: number): number {
    return this.#inFlight.data[client]!;
  }

  /** Copies of a subscription that no worker has. */
  waiting(subscription: number): number {
    return this.#waiting.data[subscription]!;
  }

  /** A copy of a message for a subscription whose session is alive; it expires at a time [ns]. */
  add(about: { message: number; subscription: number; qos: number }, expiresNs: number): void {
    const { client } = this.#settings.subscriptions[about.subscription]!;
    const why = this.#refusal(client, about.qos);
    this.#context.routed(this.#accounts[about.subscription]!, about.message);
    if (why !== "") {
      this.#context.dropped(this.#accounts[about.subscription]!, about.message, why);
      return;
    }
    this.#context.retain(about.message);
    this.#waiting.data[about.subscription]!++;
    const copy = this.copies.take(about, { now: this.#context.now(), expires: expiresNs });
    if (about.qos === 0 && this.isOnline(client)) this.#send(client, copy);
    else {
      this.queued[client]!.pushBack(copy);
      this.pump(client);
    }
  }

  /** The client is connected: what waits is sent. */
  open(client: number): void {
    this.#isOnline.data[client] = 1;
    this.#isAlive.data[client] = 1;
    this.pump(client);
  }

  /** The connection is gone: what is not acknowledged waits again, before all else. */
  close(client: number): void {
    this.#isOnline.data[client] = 0;
    this.#connection.data[client]!++;
    this.#inFlight.data[client] = 0;
    for (let left = this.flying[client]!.size(); left > 0; left--)
      this.#takeBack(client, this.flying[client]!.popBack());
  }

  /** The session ends: what waits is dropped. */
  end(client: number, reason: string): void {
    this.#isAlive.data[client] = 0;
    while (this.queued[client]!.size() > 0) this.#drop(this.queued[client]!.popFront(), reason);
  }

  /** What came to wait after a time [ns] is dropped. */
  dropSince(client: number, timeNs: number, reason: string): void {
    const queued = this.queued[client]!;
    for (let left = queued.size(); left > 0; left--) {
      const copy = queued.popFront();
      if (this.copies.sinceNs(copy) > timeNs) this.#drop(copy, reason);
      else queued.pushBack(copy);
    }
  }

  /** Sends what the window allows. */
  pump(client: number): void {
    const queued = this.queued[client]!;
    const { window } = this.#settings.clients[client]!;
    while (this.isOnline(client) && queued.size() > 0) {
      const copy = queued.at(0);
      if (this.copies.expiresNs(copy) <= this.#context.now()) this.#expire(queued.popFront());
      else if (this.copies.qos(copy) > 0 && this.inFlight(client) >= window) return;
      else this.#send(client, queued.popFront());
    }
  }

  /** A copy is at its client. */
  arrive(copy: number, generation: number): void {
    if (!this.copies.isStill(copy, generation)) return;
    const subscription = this.copies.subscription(copy);
    const { client, acksOnReceipt } = this.#settings.subscriptions[subscription]!;
    const qos = this.copies.qos(copy);
    const isHere = this.copies.connection(copy) === this.connection(client);
    const worker = isHere ? this.#workers.next(subscription) : -1;
    if (worker < 0) {
      // QoS 1 and 2 stay on record as sent until the broker notices that nobody is there.
      if (qos === 0) this.#drop(copy, "client-gone");
      return;
    }
    const account = this.#accounts[subscription]!;
    const message = this.copies.message(copy);
    const delivery = this.#context.takeOut(account, message, this.copies.tried(copy), copy);
    this.#waiting.data[subscription]!--;
    if (qos === 0 || acksOnReceipt) this.#receive(client, copy, delivery);
    else this.copies.handed(copy, delivery);
    this.#context.deliver(delivery, subscription, worker);
  }

  /** The library has answered: the broker's part is done when the answer is back. */
  #receive(client: number, copy: number, delivery: number): void {
    this.#context.mark(delivery, ON_RECEIPT);
    if (this.copies.qos(copy) > 0) {
      const { latencyNs } = this.#settings.clients[client]!;
      this.flying[client]!.removeValue(copy);
      const back = this.#pace.stretched(latencyNs);
      this.#context.schedule(back, ACKED, client, this.connection(client));
    }
    this.#free(copy);
  }

  /** The answer that was given on receipt is back. */
  acked(client: number, connection: number): void {
    if (this.connection(client) !== connection) return;
    this.#inFlight.data[client]!--;
    this.pump(client);
  }

  /** A worker has dealt with a delivery. */
  settle(delivery: number, verdict: Verdict): void {
    if (this.#context.deliveryMark(delivery) === ON_RECEIPT) {
      this.#conclude(delivery, verdict, "failed-after-acknowledgement");
      return;
    }
    const copy = this.#context.deliveryTag(delivery);
    if (!this.copies.isOf(copy, delivery)) {
      // It was taken back while the worker was busy.
      this.#context.forget(delivery);
      return;
    }
    const { client, withholds } = this.#settings.subscriptions[this.copies.subscription(copy)]!;
    if (verdict === "failed" && withholds) {
      this.copies.setAnswer(copy, SILENT);
      return;
    }
    this.copies.setAnswer(copy, ANSWERED);
    const word = this.copies.generation(copy) * 4 + verdicts.indexOf(verdict);
    const { latencyNs } = this.#settings.clients[client]!;
    this.#context.schedule(this.#pace.stretched(latencyNs), SETTLED, copy, word);
  }

  /** A worker's answer is back. */
  settled(copy: number, word: number): void {
    if (!this.copies.isStill(copy, word >> 2)) return;
    const { client } = this.#settings.subscriptions[this.copies.subscription(copy)]!;
    const delivery = this.copies.delivery(copy);
    this.flying[client]!.removeValue(copy);
    this.#free(copy);
    this.#conclude(delivery, verdicts[word & 3]!, "failed");
    this.#inFlight.data[client]!--;
    this.pump(client);
  }

  /** A worker is gone with what it was handed. True when answers are owed for some of it. */
  leave(subscription: number, worker: number): boolean {
    let isOwing = false;
    for (const delivery of this.#context.deliveriesOf(subscription, worker)) {
      const copy = this.#context.deliveryTag(delivery);
      if (this.#context.deliveryMark(delivery) === ON_RECEIPT) {
        this.#context.discarded(delivery, "acknowledged-on-receipt");
        this.#context.forget(delivery);
      } else if (!this.copies.isOf(copy, delivery)) this.#context.forget(delivery);
      else {
        isOwing = true;
        if (this.copies.answer(copy) === OPEN) this.copies.setAnswer(copy, SILENT);
      }
    }
    return isOwing;
  }

  /** Why the broker does not keep a copy for a client, "" when it does. */
  #refusal(client: number, qos: number): string {
    const isOnline = this.isOnline(client);
    if (qos === 0) return isOnline || this.#settings.queuesQos0 ? "" : "offline-qos-0";
    const { queuedMost } = this.#settings;
    if (queuedMost === UNLIMITED) return "";
    const most = queuedMost + (isOnline ? this.#settings.clients[client]!.window : 0);
    const count = this.queued[client]!.size() + this.flying[client]!.size();
    return count >= most ? "max_queued_messages" : "";
  }

  /** QoS 2 is with the client after PUBREC and PUBREL only. */
  #send(client: number, copy: number): void {
    const qos = this.copies.qos(copy);
    this.copies.sent(copy, this.connection(client));
    if (qos > 0) {
      this.#inFlight.data[client]!++;
      this.flying[client]!.pushBack(copy);
    }
    const way = this.#pace.stretched(this.#settings.clients[client]!.latencyNs);
    const nowNs = this.#context.now();
    const lane = client * 3 + qos;
    const lastNs = this.#lastArrivalNs.data[lane]!;
    const arrivesNs = Math.max(lastNs, nowNs + (qos === 2 ? 3 * way : way));
    this.#lastArrivalNs.data[lane] = arrivesNs;
    this.#context.schedule(arrivesNs - nowNs, ARRIVE, copy, this.copies.generation(copy));
  }

  #takeBack(client: number, copy: number): void {
    const delivery = this.copies.delivery(copy);
    this.copies.renew(copy);
    if (delivery >= 0) {
      this.#context.returned(delivery, "connection-lost");
      this.#waiting.data[this.copies.subscription(copy)]!++;
      if (this.copies.answer(copy) !== OPEN) this.#context.forget(delivery);
      this.copies.handed(copy, -1);
    }
    this.queued[client]!.pushFront(copy);
  }

  #conclude(delivery: number, verdict: Verdict, failure: string): void {
    if (verdict === "done") this.#context.acknowledged(delivery);
    else if (verdict === "failed") this.#context.discarded(delivery, failure);
    else this.#context.rejected(delivery, verdict);
    this.#context.forget(delivery);
  }

  #drop(copy: number, reason: string): void {
    const subscription = this.copies.subscription(copy);
    this.#waiting.data[subscription]!--;
    this.#context.dropped(this.#accounts[subscription]!, this.copies.message(copy), reason);
    this.#free(copy);
  }

  #expire(copy: number): void {
    const subscription = this.copies.subscription(copy);
    this.#waiting.data[subscription]!--;
    this.#context.expired(this.#accounts[subscription]!, this.copies.message(copy), "expired");
    this.#free(copy);
  }

  #free(copy: number): void {
    this.#context.release(this.copies.message(copy));
    this.copies.give(copy);
  }
}
