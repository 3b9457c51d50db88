// What befalls whole subscriptions: they are created, deleted when nobody has used them for long, and moved in time.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { Published, Retained } from "./retained.ts";
import type { Settings } from "./settings.ts";
import type { Subscriptions } from "./subscriptions.ts";
import type { BrokerContext } from "../technology.ts";

/** Timer codes: a subscription is created (subscription); it may have been unused for too long (subscription, generation). */
export const CREATE = 9;
export const UNUSED = 10;

/** The upkeep of one service. */
export class Upkeep {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #subscriptions: Subscriptions;
  readonly #retained: Retained;
  /** Per subscription: when it was used last [ns], and which timer counts. */
  readonly #usedNs: Float64Column;
  readonly #generation: Int32Column;

  constructor(
    parts: { context: BrokerContext; settings: Settings; retained: Retained },
    subscriptions: Subscriptions,
  ) {
    const { context, settings } = parts;
    const { length } = settings.subscriptions;
    this.#context = context;
    this.#settings = settings;
    this.#subscriptions = subscriptions;
    this.#retained = parts.retained;
    this.#usedNs = context.arena.float64(`${settings.id}.usedNs`, length);
    this.#generation = context.arena.int32(`${settings.id}.usedGeneration`, length);
  }

  /** Sets the first timers. */
  start(): void {
    this.#settings.subscriptions.forEach(({ createdNs }, subscription) => {
      if (createdNs > 0) this.#context.schedule(createdNs, CREATE, subscription, 0);
      else this.changed(subscription);
    });
  }

  /** A push to the subscription was successful. */
  used(subscription: number): void {
    this.#usedNs.data[subscription] = this.#context.now();
  }

  /** Clients have come or gone: it is in use while one is open, or while pushes are successful. */
  changed(subscription: number): void {
    const { expirationNs, isPush } = this.#settings.subscriptions[subscription]!;
    const { leases } = this.#subscriptions;
    if (expirationNs === Infinity || !leases.isThere(subscription)) return;
    if (isPush && this.#generation.data[subscription]! > 0) return;
    const generation = ++this.#generation.data[subscription]!;
    this.used(subscription);
    if (isPush || leases.clients.openCount(subscription) === 0)
      this.#context.schedule(expirationNs, UNUSED, subscription, generation);
  }

  /** Handles a timer. */
  wake(code: number, subscription: number, generation: number): void {
    if (code === CREATE) {
      this.#context.note(this.#settings.subscriptions[subscription]!.id, "created");
      this.#subscriptions.leases.create(subscription);
      this.changed(subscription);
    } else if (this.#generation.data[subscription] === generation) this.#unused(subscription);
  }

  /** Moves a subscription to how it was so long ago [ns]: what was published before counts as acknowledged, what was
   *  published since and is still kept as not acknowledged. */
  seek(subscription: number, agoNs: number): void {
    const { keepsAckedNs } = this.#settings.subscriptions[subscription]!;
    const { leases } = this.#subscriptions;
    if (!leases.isThere(subscription)) return;
    const nowNs = this.#context.now();
    const sinceNs = nowNs - agoNs;
    const acked = this.#retained.takeSince(subscription, sinceNs, nowNs - keepsAckedNs);
    const kept = this.#subscriptions.clear(subscription, sinceNs, "seek");
    for (const { message } of acked) {
      leases.book(subscription, message);
      // Booked copies are retained on their own.
      this.#context.release(message);
    }
    const all: readonly Published[] = [...acked, ...kept].toSorted((a, b) => a.ns - b.ns);
    for (const published of all) leases.enter(subscription, published);
    leases.work(subscription);
  }

  #unused(subscription: number): void {
    const { expirationNs, id } = this.#settings.subscriptions[subscription]!;
    const leftNs = this.#usedNs.data[subscription]! + expirationNs - this.#context.now();
    if (leftNs > 0) {
      const generation = this.#generation.data[subscription]!;
      this.#context.schedule(leftNs, UNUSED, subscription, generation);
      return;
    }
    this.#context.note(id, "deleted, because nobody has used it for its expiration_policy.ttl");
    this.#subscriptions.leases.remove(subscription);
    this.#subscriptions.clear(subscription, Infinity, "subscription-deleted");
    this.#retained.forget(subscription, Infinity);
  }
}
