// Redis pub/sub: PUBLISH reaches the subscribers that are connected at that moment, once for each of their patterns that
// matches, and nobody else ever.

import type { StreamBooks } from "./books.ts";
import type { Settings, SubscriptionSettings } from "./settings.ts";
import { LiveSubscribers } from "../mechanisms/liveSubscribers.ts";
import { PerKey } from "../mechanisms/routing/perKey.ts";
import type { BrokerContext, Verdict } from "../technology.ts";

/** Code of the timer that brings a message to its subscriber. */
export const PUBSUB_ARRIVES = 20;

/** How many copies a subscriber gets of what is published to a channel. */
export function copiesOf(
  patterns: readonly ((channel: string) => boolean)[],
  channel: string,
): number {
  return patterns.length === 0 ? 1 : patterns.filter((matches) => matches(channel)).length;
}

/** The pub/sub channels of one Redis. */
export class PubSub {
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #live: LiveSubscribers;
  readonly #accounts: readonly number[];
  /** Per publisher and key: the subscriptions that get copies, one number for each copy. */
  readonly #targets: PerKey<readonly number[]>;
  readonly #keyText: (key: number) => string;

  constructor(settings: Settings, context: BrokerContext, books: StreamBooks) {
    this.#settings = settings;
    this.#context = context;
    this.#keyText = (key) => context.keyText(key);
    this.#accounts = settings.subscriptions.map((one) =>
      one !== undefined && one.stream < 0 ? books.open(one.channel, one.index) : -1,
    );
    const { cluster } = settings;
    this.#live = new LiveSubscribers(context, `${settings.id}.pubsub`, {
      code: PUBSUB_ARRIVES,
      limits: {
        hardBytes: cluster["client-output-buffer-limit"],
        softBytes: cluster["client-output-buffer-soft-limit"],
        softNs: Math.round(cluster["client-output-buffer-soft-seconds"] * 1e6),
      },
      subscriptions: settings.subscriptions.map((one, index) =>
        one !== undefined && one.stream < 0
          ? { account: this.#accounts[index]!, id: one.id, latencyNs: one.latencyNs }
          : undefined,
      ),
    });
    this.#targets = new PerKey(
      settings.publishers.map((one) => one?.template.includes("{key}") === true),
      (publisher, key) => this.#find(publisher, key),
    );
  }

  /** PUBLISH has come to the server. */
  publish(publisher: number, message: number): void {
    const { channel } = this.#settings.publishers[publisher]!;
    const key = this.#context.keyOf(message);
    let copies = 0;
    for (const subscription of this.#targets.get(publisher, key, this.#keyText))
      for (let worker = 0; worker < this.#live.workers(subscription); worker++) {
        const row = this.#live.row(subscription, worker);
        if (row < 0) continue;
        if (copies++ === 0) this.#context.stored(channel, message, 0, 0);
        this.#live.send(row, message);
      }
    if (copies === 0) this.#context.unroutable(channel, message);
  }

  join(subscription: number, worker: number): void {
    this.#live.join(subscription, worker);
  }

  leave(subscription: number, worker: number): void {
    this.#live.leave(subscription, worker);
  }

  settle(delivery: number, verdict: Verdict): void {
    this.#live.settle(delivery, verdict);
  }

  wake(a: number, b: number): void {
    this.#live.wake(a, b);
  }

  waiting(subscription: number): number {
    return this.#live.waiting(subscription);
  }

  /** When what waits longest was published [ns], -1 for nothing. */
  oldestNs(subscription: number): number {
    const oldest = this.#live.oldest(subscription);
    return oldest < 0 ? -1 : this.#context.publishedNs(oldest);
  }

  #find(publisher: number, key: string): readonly number[] {
    const { channel, template } = this.#settings.publishers[publisher]!;
    // A function, because a key may contain what `replaceAll` takes for a pattern.
    const name = template.replaceAll("{key}", () => key);
    const hears = (one: SubscriptionSettings | undefined): one is SubscriptionSettings =>
      one !== undefined && one.stream < 0 && one.channel === channel;
    return this.#settings.subscriptions
      .filter(hears)
      .flatMap((one) => Array.from({ length: copiesOf(one.patterns, name) }, () => one.index));
  }
}
