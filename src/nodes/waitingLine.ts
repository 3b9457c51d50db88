// What waits inside a service: deliveries, each in the inbox of its worker, and requests, shared by all. It decides
// what a worker takes next.

import { HandleLists } from "../kernel/lists.ts";
import { Ring } from "../kernel/ring.ts";
import type { ServiceContext } from "./context.ts";
import { priorities } from "./connections.ts";
import { activity } from "./workers.ts";

/** In which order a service takes what waits. */
export type Order = "fifo" | "lifo" | "priority";

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

  constructor(id: string, order: Order, context: ServiceContext) {
    const { arena } = context;
    this.#context = context;
    this.#order = order;
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

  /** Takes the first delivery of a worker away. */
  takeDelivery(worker: number): number {
    for (let level = 0; level < this.#levels; level++) {
      const delivery = this.#inboxes.popFront(worker * this.#levels + level);
      if (delivery >= 0) return delivery;
    }
    return -1;
  }

  /** Takes the first request away; −1 when none waits. */
  takeRequest(): number {
    for (const ring of this.#requests)
      if (ring.size() > 0) return this.#order === "lifo" ? ring.popBack() : ring.popFront();
    return -1;
  }

  /** Empties the inbox of a worker that is gone. */
  clearInbox(worker: number): void {
    for (let level = 0; level < this.#levels; level++)
      this.#inboxes.clear(worker * this.#levels + level);
  }

  #firstDelivery(worker: number): number {
    for (let level = 0; level < this.#levels; level++) {
      const delivery = this.#inboxes.first(worker * this.#levels + level);
      if (delivery >= 0) return delivery;
    }
    return -1;
  }

  #firstRequest(): number {
    for (const ring of this.#requests)
      if (ring.size() > 0) return ring.at(this.#order === "lifo" ? ring.size() - 1 : 0);
    return -1;
  }

  #requestGoesFirst(request: number, delivery: number): boolean {
    const context = this.#context;
    const sinceNs = context.arrivedNs(request) - context.deliveredNs(delivery);
    if (this.#order === "lifo") return sinceNs > 0;
    if (this.#order === "fifo") return sinceNs < 0;
    const higher =
      this.#levelOf(context.messageOfDelivery(delivery)) -
      this.#levelOf(context.messageOfRequest(request));
    return higher > 0 || (higher === 0 && sinceNs < 0);
  }

  /** Position of a message's priority, 0 being the highest. */
  #levelOf(message: number): number {
    return this.#levels - 1 - this.#context.priorityOf(message);
  }
}
