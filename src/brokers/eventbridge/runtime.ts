// The running EventBridge: a service that pushes, with rules that pick events by their content.

import type { FieldValue } from "../../base/fields.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import type { Push } from "../mechanisms/push.ts";
import { PushService, type PushServiceRules } from "../mechanisms/pushService.ts";
import type { Quotas } from "../mechanisms/quotas.ts";
import { PerKey } from "../mechanisms/routing/perKey.ts";
import type { Broker, BrokerConfig, BrokerContext, PublisherConfig } from "../technology.ts";
import { dependsOnKey, rulesThatTake } from "./events.ts";
import { settingsOf, targetsOf } from "./settings.ts";

/** Opens a running EventBridge. */
export function openEventbridge(config: BrokerConfig, context: BrokerContext): Broker {
  return new PushService(
    context,
    settingsOf(config),
    (push, quotas) => new EventRules(config, context, { push, quotas }),
  );
}

class EventRules implements PushServiceRules {
  readonly #config: BrokerConfig;
  readonly #context: BrokerContext;
  readonly #push: Push;
  readonly #quotas: Quotas;
  /** By the index of the publisher. */
  readonly #publishers: readonly (PublisherConfig | undefined)[];
  /** Per channel of the configuration: 1 for a rule that is disabled. */
  readonly #isDisabled: Int32Column;
  /** Routes by publisher; derived, and made anew when a rule is enabled or disabled. */
  #routes: PerKey<readonly number[]>;
  readonly #keyText: (key: number) => string;

  constructor(
    config: BrokerConfig,
    context: BrokerContext,
    parts: { readonly push: Push; readonly quotas: Quotas },
  ) {
    const { arena } = context;
    this.#config = config;
    this.#context = context;
    this.#push = parts.push;
    this.#quotas = parts.quotas;
    const last = Math.max(-1, ...config.publishers.map(({ index }) => index));
    this.#publishers = Array.from({ length: last + 1 }, (_, index) =>
      config.publishers.find((publisher) => publisher.index === index),
    );
    this.#isDisabled = arena.int32(`${config.id}.isDisabled`, config.channels.length);
    this.#keyText = (key) => context.keyText(key);
    config.channels.forEach(({ parameters }, at) => {
      this.#isDisabled.data[at] = parameters["State"] === "DISABLED" ? 1 : 0;
    });
    targetsOf(config).forEach(({ parameters }, route) => {
      this.#push.setGone(route, parameters["endpoint"] === "gone");
    });
    this.#routes = this.#newRoutes();
    arena.onRestore(() => {
      this.#routes = this.#newRoutes();
    });
  }

  channelOf(publisher: number): number {
    return this.#publishers[publisher]!.channel;
  }

  routesOf(publisher: number, message: number): readonly number[] {
    return this.#routes.get(publisher, this.#context.keyOf(message), this.#keyText);
  }

  isNew(): boolean {
    return true;
  }

  set(element: string, parameter: string, value: FieldValue): void {
    const { channels } = this.#config;
    const target = targetsOf(this.#config).findIndex(({ id }) => id === element);
    if (parameter === "State") {
      const at = channels.findIndex(({ id }) => id === element);
      this.#isDisabled.data[at] = value === "DISABLED" ? 1 : 0;
      this.#routes = this.#newRoutes();
    }
    if (parameter === "endpoint") this.#push.setGone(target, value === "gone");
    if (parameter === "InvocationRateLimitPerSecond" && this.#isApi(target))
      this.#push.setRate(target, Number(value));
    if (parameter === "put_events_quota") this.#quotas.change(0, Number(value), Number(value));
  }

  #isApi(target: number): boolean {
    return targetsOf(this.#config)[target]?.parameters["Target"] === "api-destination";
  }

  #newRoutes(): PerKey<readonly number[]> {
    const depends = this.#publishers.map((one) => one !== undefined && dependsOnKey(one));
    return new PerKey(depends, (publisher, key) => this.#find(publisher, key));
  }

  #find(publisher: number, key: string): readonly number[] {
    const { channels } = this.#config;
    const taking = rulesThatTake(this.#config, this.#publishers[publisher]!, key)
      .filter((rule) => this.#isDisabled.data[channels.indexOf(rule)] === 0)
      .map(({ index }) => index);
    return targetsOf(this.#config).flatMap(({ channel }, route) =>
      taking.includes(channel) ? [route] : [],
    );
  }
}
