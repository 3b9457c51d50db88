// How the workers of a service publish: one event, or what a connection makes of it, and how they wait for confirmations.
// Thousands of steps that are over at once must not call each other, so an outcome that is known at once is returned.

import { outcome, type Walk } from "./steps/kind.ts";

/** The publications of one service. */
export class Publishing {
  readonly #walk: Walk;
  /** The worker whose publication is being handed over, and its outcome if that is known at once. Idle between events,
   *  hence not in the arena. */
  #worker = -1;
  #known: number = outcome.underWay;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  /** Publishes one event and waits for the confirmation; the outcome is returned where it is known at once. */
  one(connection: number, worker: number): number {
    const { context, workers } = this.#walk;
    workers.setAwaited(worker, 0);
    this.#worker = worker;
    this.#known = outcome.underWay;
    context.publish(connection, this.#walk.message(worker), worker, workers.life(worker));
    this.#worker = -1;
    return this.#known;
  }

  /** Publishes what a connection makes of one event, and waits for the confirmations of all that leave now. */
  several(connection: number, worker: number): number {
    const { workers } = this.#walk;
    // One more than are handed over, so that none of them is taken for the last.
    workers.setAwaited(worker, 1);
    this.#worker = worker;
    this.#known = outcome.underWay;
    this.#handOver(connection, worker);
    this.#worker = -1;
    workers.setAwaited(worker, workers.awaited(worker) - 1);
    if (this.#known !== outcome.underWay) return this.#known;
    return workers.awaited(worker) > 0 ? outcome.underWay : outcome.done;
  }

  /** What the outcome of one publication says of the step of its worker; under way when nothing yet, or nothing that is
   *  not returned anyway. */
  came(worker: number, what: number): number {
    const { workers } = this.#walk;
    const awaited = workers.awaited(worker);
    if (what === outcome.done && awaited > 1) {
      workers.setAwaited(worker, awaited - 1);
      return outcome.underWay;
    }
    // Of the other events nobody wants to hear any more.
    if (awaited > 1) workers.renew(worker);
    if (worker !== this.#worker) return what;
    this.#known = what;
    return outcome.underWay;
  }

  #handOver(connection: number, worker: number): void {
    const { context, outbox, delayed, workers } = this.#walk;
    const life = workers.life(worker);
    const copies = context.spreads.copies(connection);
    outbox?.write(worker);
    for (let copy = 0; copy < copies; copy++) {
      const event = context.derive(connection, this.#walk.message(worker), worker, copy);
      const delayNs = context.spreads.delayNs(connection);
      if (delayNs > 0) context.spreads.postpone(event, delayNs);
      if (outbox !== undefined) outbox.insert(connection, event, worker, delayNs);
      else if (delayNs > 0) delayed!.add(connection, event, delayNs);
      else {
        workers.setAwaited(worker, workers.awaited(worker) + 1);
        context.send(connection, event, worker, life);
      }
    }
  }
}
