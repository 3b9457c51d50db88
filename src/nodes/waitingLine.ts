// What waits inside a service: deliveries, each in the inbox of its worker, and requests, shared by all. It decides
// what a worker takes next.

import { msToNs } from "../base/units.ts";
import { HandleLists } from "../kernel/lists.ts";
import { Ring } from "../kernel/ring.ts";
import type { ServiceContext } from "./context.ts";
import { priorities } from "./connections.ts";
import { activity } from "./workers.ts";

/** In which order a service takes what waits. */
export type Order = "fifo" | "lifo" | "priority";

/** How what waits is taken. */
export interface LineRule {
  readonly order: Order;
  /** With priorities: after so long what waits counts as one priority higher [ms]; null: it never does. */
  readonly ageing: number | null;
}

/** What waits for the workers of one service. Among deliveries and requests the order holds as a whole; when one of each
 *  is equal in it, the delivery goes first. */
export class WaitingLine {
  readonly #context: ServiceContext;
  readonly #order: Order;
  /** One, or one per priority, the highest first. */
  readonly #levels: number;
  /** The list of a worker's level is worker × levels + level. */
  readonly #inboxes: HandleLists;
  readonly #requests: readonly Ring[];
  /** After so long what waits counts as one priority higher [ns]; Infinity: it never does. */
  readonly #ageingNs: number;

  constructor(id: string, { order, ageing }: LineRule, context: ServiceContext) {
    const { arena } = context;
    this.#context = context;
    this.#order = order;
    this.#ageingNs = ageing === null || order !== "priority" ? Infinity : msToNs(ageing);
    this.#levels = order === "priority" ? priorities : 1;
    this.#inboxes = new HandleLists(arena, `${id}/inboxes`, context.deliveryNext);
    this.#requests = Array.from(
      { length: this.#levels },
      (_, level) => new Ring(arena, level === 0 ? `${id}/mailbox` : `${id}/mailbox/${level}`),
    );
  }

  /** Makes sure that workers 0 to `count` − 1 have inboxes. */
  ensure(count: number): void {
    this.#inboxes.ensure(count * this.#levels);
  }

  /** Puts a delivery into the inbox of its worker. */
  addDelivery(worker: number, delivery: number): void {
    const level = this.#levels === 1 ? 0 : this.#levelOf(this.#context.messageOfDelivery(delivery));
    const list = worker * this.#levels + level;
    if (this.#order === "lifo") this.#inboxes.pushFront(list, delivery);
    else this.#inboxes.pushBack(list, delivery);
  }

  /** Puts a request where any worker may take it. */
  addRequest(request: number): void {
    const level = this.#levels === 1 ? 0 : this.#levelOf(this.#context.messageOfRequest(request));
    this.#requests[level]!.pushBack(request);
  }

  /** Requests that wait. */
  requests(): number {
    let size = 0;
    for (const ring of this.#requests) size += ring.size();
    return size;
  }

  /** Deliveries in the inbox of a worker. */
  deliveries(worker: number): number {
    let size = 0;
    for (let level = 0; level < this.#levels; level++)
      size += this.#inboxes.size(worker * this.#levels + level);
    return size;
  }

  /** Whether a worker would take a delivery or a request next: one of `activity`, idle when nothing waits for it. */
  next(worker: number): number {
    const delivery = this.#firstDelivery(worker);
    const request = this.#firstRequest();
    if (request < 0) return delivery < 0 ? activity.idle : activity.delivery;
    if (delivery < 0) return activity.request;
    return this.#requestGoesFirst(request, delivery) ? activity.request : activity.delivery;
  }

  /** When what a worker would take next has arrived [ns]; `what` is what `next` has said. */
  sinceNs(worker: number, what: number): number {
    return what === activity.request
      ? this.#context.arrivedNs(this.#firstRequest())
      : this.#context.deliveredNs(this.#firstDelivery(worker));
  }

  /** Takes the first delivery of a worker away. */
  takeDelivery(worker: number): number {
    if (this.#ageingNs < Infinity) return this.#inboxes.popFront(this.#agedList(worker));
    for (let level = 0; level < this.#levels; level++) {
      const delivery = this.#inboxes.popFront(worker * this.#levels + level);
      if (delivery >= 0) return delivery;
    }
    return -1;
  }

  /** Takes the first request away; −1 when none waits. */
  takeRequest(): number {
    if (this.#ageingNs < Infinity) return this.#requests[this.#agedLevel()]?.popFront() ?? -1;
    for (const ring of this.#requests)
      if (ring.size() > 0) return this.#order === "lifo" ? ring.popBack() : ring.popFront();
    return -1;
  }

  /** Takes the last request of the lowest priority away, if it is lower than that of another; −1 when none is. */
  takeBelow(request: number): number {
    const priority = this.#priorityOf(request);
    for (let level = this.#levels - 1; level >= 0; level--) {
      const ring = this.#requests[level]!;
      const at = this.#lowestAt(ring);
      if (at < 0) continue;
      return this.#priorityOf(ring.at(at)) < priority ? ring.removeAt(at) : -1;
    }
    return -1;
  }

  /** Position of the last request of the lowest priority in a list; −1 when it is empty. */
  #lowestAt(ring: Ring): number {
    if (this.#levels > 1) return ring.size() - 1;
    let found = -1;
    for (let at = ring.size() - 1, lowest = Infinity; at >= 0; at--) {
      const priority = this.#priorityOf(ring.at(at));
      if (priority < lowest) [found, lowest] = [at, priority];
    }
    return found;
  }

  #priorityOf(request: number): number {
    return this.#context.priorityOf(this.#context.messageOfRequest(request));
  }

  /** Empties the inbox of a worker that is gone. */
  clearInbox(worker: number): void {
    for (let level = 0; level < this.#levels; level++)
      this.#inboxes.clear(worker * this.#levels + level);
  }

  #firstDelivery(worker: number): number {
    if (this.#ageingNs < Infinity) return this.#inboxes.first(this.#agedList(worker));
    for (let level = 0; level < this.#levels; level++) {
      const delivery = this.#inboxes.first(worker * this.#levels + level);
      if (delivery >= 0) return delivery;
    }
    return -1;
  }

  #firstRequest(): number {
    if (this.#ageingNs < Infinity) return this.#requests[this.#agedLevel()]?.at(0) ?? -1;
    for (const ring of this.#requests)
      if (ring.size() > 0) return ring.at(this.#order === "lifo" ? ring.size() - 1 : 0);
    return -1;
  }

  #requestGoesFirst(request: number, delivery: number): boolean {
    const context = this.#context;
    const sinceNs = context.arrivedNs(request) - context.deliveredNs(delivery);
    if (this.#order === "lifo") return sinceNs > 0;
    if (this.#order === "fifo") return sinceNs < 0;
    if (this.#ageingNs < Infinity) {
      const urgency = this.#urgency(
        this.#levelOf(context.messageOfRequest(request)),
        context.arrivedNs(request),
      );
      const level = this.#levelOf(context.messageOfDelivery(delivery));
      const other = this.#urgency(level, context.deliveredNs(delivery));
      return urgency > other || (urgency === other && sinceNs < 0);
    }
    const higher =
      this.#levelOf(context.messageOfDelivery(delivery)) -
      this.#levelOf(context.messageOfRequest(request));
    return higher > 0 || (higher === 0 && sinceNs < 0);
  }

  // With ageing the first of a level is always its most urgent one: only these have to be compared.

  /** Priority with what waiting has added to it. */
  #urgency(level: number, sinceNs: number): number {
    const waitedNs = this.#context.now() - sinceNs;
    return this.#levels - 1 - level + Math.floor(waitedNs / this.#ageingNs);
  }

  /** The level whose first request is the most urgent, then the oldest; −1 when none waits. */
  #agedLevel(): number {
    return this.#mostUrgent((level) => {
      const ring = this.#requests[level]!;
      return ring.size() === 0 ? -1 : this.#context.arrivedNs(ring.at(0));
    });
  }

  /** The same for the lists of a worker's deliveries; its first list when nothing waits there. */
  #agedList(worker: number): number {
    const first = worker * this.#levels;
    const level = this.#mostUrgent((one) => {
      const delivery = this.#inboxes.first(first + one);
      return delivery < 0 ? -1 : this.#context.deliveredNs(delivery);
    });
    return first + Math.max(0, level);
  }

  #mostUrgent(sinceNsOf: (level: number) => number): number {
    let found = -1;
    let [most, oldestNs] = [-1, 0];
    for (let level = 0; level < this.#levels; level++) {
      const sinceNs = sinceNsOf(level);
      if (sinceNs < 0) continue;
      const urgency = this.#urgency(level, sinceNs);
      if (urgency < most || (urgency === most && sinceNs >= oldestNs)) continue;
      [found, most, oldestNs] = [level, urgency, sinceNs];
    }
    return found;
  }

  /** Position of a message's priority, 0 being the highest. */
  #levelOf(message: number): number {
    return this.#levels - 1 - this.#context.priorityOf(message);
  }
}
