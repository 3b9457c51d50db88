// Who gets what is published under a topic: the subscriptions whose filters match, one per client where its protocol
// gives one copy, and the groups of shared subscriptions. Derived; remembered per publisher and key.

import { PerKey } from "../mechanisms/routing/perKey.ts";
import type { Settings } from "./settings.ts";
import { fits, topicOf } from "./topics.ts";

/** One copy to be made. */
interface Target {
  readonly subscription: number;
  readonly qos: number;
}

/** Where a message goes. */
export interface Route {
  readonly topic: string;
  readonly plain: readonly Target[];
  /** Shared subscriptions, by their position in `groups`, with the members whose filter is theirs. */
  readonly shared: readonly { readonly group: number; readonly members: readonly Target[] }[];
}

/** The routes of one broker. */
export class Routes {
  /** The names of all shared subscriptions. */
  readonly groups: readonly string[];
  readonly #settings: Settings;
  readonly #routes: PerKey<Route>;

  constructor(settings: Settings) {
    this.#settings = settings;
    const names = settings.subscriptions.flatMap((one) => (one === undefined ? [] : [one.group]));
    this.groups = [...new Set(names)].filter((name) => name !== "");
    const dependsOnKey = settings.publishers.map(
      (publisher) => publisher?.template.includes("{key}") === true,
    );
    this.#routes = new PerKey(dependsOnKey, (publisher, key) => this.#find(publisher, key));
  }

  /** The route of a message by its publisher and key (-1 without one). */
  of(publisher: number, key: number, keyText: (key: number) => string): Route {
    return this.#routes.get(publisher, key, keyText);
  }

  #find(publisher: number, key: string): Route {
    const { template, event, client, qos } = this.#settings.publishers[publisher]!;
    const topic = topicOf(template, key, event);
    const plain: Target[] = [];
    const shared = this.groups.map((_, group) => ({ group, members: [] as Target[] }));
    this.#settings.subscriptions.forEach((subscription, index) => {
      if (subscription === undefined || !fits(subscription.filter, topic)) return;
      if (subscription.noLocal && subscription.client === client) return;
      const target = { subscription: index, qos: Math.min(qos, subscription.qos) };
      if (subscription.group !== "")
        shared[this.groups.indexOf(subscription.group)]!.members.push(target);
      else this.#addPlain(plain, target);
    });
    return { topic, plain, shared: shared.filter(({ members }) => members.length > 0) };
  }

  /** A 3.1.1 client gets one copy, at the highest QoS of its matching filters. */
  #addPlain(plain: Target[], target: Target): void {
    const { client } = this.#settings.subscriptions[target.subscription]!;
    const known = plain.findIndex(
      (one) => this.#settings.subscriptions[one.subscription]!.client === client,
    );
    if (known < 0 || this.#settings.clients[client]!.isVersion5) plain.push(target);
    else if (plain[known]!.qos < target.qos)
      plain[known] = { subscription: plain[known]!.subscription, qos: target.qos };
  }
}
