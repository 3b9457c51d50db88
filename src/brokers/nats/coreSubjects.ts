// Core NATS: a message reaches who is subscribed to its subject at that moment: one random member of each queue group, and
// every worker without one. Nothing is stored.

import type { RandomStream } from "../../kernel/random.ts";
import { fits, type Settings, type SubscriptionSettings, tokens } from "./settings.ts";
import { LiveSubscribers } from "../mechanisms/liveSubscribers.ts";
import { PerKey } from "../mechanisms/routing/perKey.ts";
import type { BrokerContext } from "../technology.ts";

/** Code of the timer that brings a message to its subscriber. */
export const CORE_ARRIVES = 20;

/** Subscriptions that share a queue group, or one alone without (`isGroup` is false). */
interface Target {
  readonly isGroup: boolean;
  readonly subscriptions: readonly number[];
}

/** The core subjects of one cluster. */
export class Core {
  readonly live: LiveSubscribers;
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #random: RandomStream;
  readonly #targets: PerKey<readonly Target[]>;
  readonly #keyText: (key: number) => string;

  constructor(settings: Settings, context: BrokerContext) {
    this.#settings = settings;
    this.#context = context;
    this.#random = context.random("queue groups");
    this.#keyText = (key) => context.keyText(key);
    this.live = new LiveSubscribers(context, `${settings.id}.core`, {
      code: CORE_ARRIVES,
      limits: {
        hardBytes: settings.cluster.max_pending,
        softBytes: settings.cluster.max_pending,
        softNs: 0,
      },
      subscriptions: settings.subscriptions.map((one) =>
        one !== undefined && one.consumer < 0
          ? {
              account: context.openAccount(one.channel, one.index),
              id: one.id,
              latencyNs: one.latencyNs,
            }
          : undefined,
      ),
    });
    this.#targets = new PerKey(
      settings.publishers.map((one) => one?.template.includes("{key}") === true),
      (publisher, key) => this.#find(publisher, key),
    );
  }

  /** A message has come to the servers. */
  publish(publisher: number, message: number): void {
    const { channel } = this.#settings.publishers[publisher]!;
    const key = this.#context.keyOf(message);
    const rows: number[] = [];
    for (const { isGroup, subscriptions } of this.#targets.get(publisher, key, this.#keyText)) {
      const up = subscriptions.flatMap((subscription) => this.#rowsOf(subscription));
      if (up.length === 0) continue;
      if (isGroup) rows.push(up[this.#random.below(up.length)]!);
      else rows.push(...up);
    }
    if (rows.length === 0) this.#context.unroutable(channel, message);
    else this.#context.stored(channel, message, 0, 0);
    for (const row of rows) this.live.send(row, message);
  }

  #rowsOf(subscription: number): readonly number[] {
    const rows: number[] = [];
    for (let worker = 0; worker < this.live.workers(subscription); worker++) {
      const row = this.live.row(subscription, worker);
      if (row >= 0) rows.push(row);
    }
    return rows;
  }

  #find(publisher: number, key: string): readonly Target[] {
    const { channel, template } = this.#settings.publishers[publisher]!;
    const subject = tokens(template.replaceAll("{key}", () => key));
    const hears = (one: SubscriptionSettings | undefined): one is SubscriptionSettings =>
      one !== undefined && one.consumer < 0 && one.channel === channel && fits(one.filter, subject);
    const hearing = this.#settings.subscriptions.filter(hears);
    const groups = new Map<string, number[]>();
    const targets: Target[] = [];
    for (const { index, queue } of hearing) {
      const known = queue === "" ? undefined : groups.get(queue);
      if (known !== undefined) {
        known.push(index);
        continue;
      }
      const subscriptions = [index];
      if (queue !== "") groups.set(queue, subscriptions);
      targets.push({ isGroup: queue !== "", subscriptions });
    }
    return targets;
  }
}
