// What SQS says about itself while it runs: age of the backlog, why nothing moves, how the zones are. Reads only.

import type { Zones } from "../mechanisms/zones.ts";
import type { BrokerContext } from "../technology.ts";
import type { Contents } from "./contents.ts";
import type { Pollers } from "./pollers.ts";
import type { Parts } from "./receives.ts";
import type { Settings } from "./settings.ts";

/** The face of one broker. */
export class SqsView {
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #contents: Contents;
  readonly #pollers: Pollers;
  readonly #zones: Zones;

  constructor(parts: Parts) {
    this.#settings = parts.settings;
    this.#context = parts.context;
    this.#contents = parts.contents;
    this.#pollers = parts.pollers;
    this.#zones = parts.zones;
  }

  oldestNs(subscription: number): number {
    const { queue } = this.#settings.subscriptions[subscription]!;
    const oldest = this.#contents.queues[queue]!.first();
    return oldest < 0 ? -1 : this.#context.publishedNs(this.#contents.copies.message(oldest));
  }

  blocked(subscription: number): string {
    const { queue } = this.#settings.subscriptions[subscription]!;
    const contents = this.#contents.queues[queue]!;
    if (contents.readyCount() === 0) return "";
    if (this.#zones.areAllDown()) return "no availability zone can be reached";
    const { inFlightMax, isFifo } = this.#settings.queues[queue]!;
    if (contents.heldCount() >= inFlightMax)
      return `quota reached: ${contents.heldCount()} messages are in flight`;
    if (isFifo && contents.next() < 0)
      return "every message group that waits has a message in flight";
    return this.#pollers.isPolled(queue) ? "" : "no worker polls: all are at work or gone";
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return Array.from({ length: this.#settings.zones }, (_, zone) => ({
      up: this.#zones.isUp(zone),
      leads: this.#zones.isUsed(zone) ? this.#settings.queues.length : 0,
    }));
  }
}
