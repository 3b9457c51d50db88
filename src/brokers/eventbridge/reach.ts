// Which publications come to which channel of EventBridge, and where dead letters go. May name an event that never comes,
// never misses one.

import { valuesOf } from "../../base/fields.ts";
import { findQueue } from "../mechanisms/awsService.ts";
import type { BrokerConfig, ChannelConfig, Reach } from "../technology.ts";
import { dependsOnKey, rulesFor, rulesThatTake } from "./events.ts";
import { consumeFields } from "./fields.ts";

/** Publications by channel: the bus, the rules that can match, the queues for their dead letters. */
export function reachOfEventbridge(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map(({ id }) => [id, new Set<string>()]));
  const byIndex = new Map(config.channels.map((channel) => [channel.index, channel]));
  for (const publisher of config.publishers) {
    const bus = byIndex.get(publisher.channel);
    if (bus !== undefined) reach.get(bus.id)?.add(publisher.id);
    // A pattern may ask for one key only, so that any other one would tell nothing.
    const rules = dependsOnKey(publisher)
      ? rulesFor(config, publisher).map(({ rule }) => rule)
      : rulesThatTake(config, publisher, "");
    for (const rule of rules)
      for (const channel of [rule, ...queuesOf(config, rule)])
        reach.get(channel.id)?.add(publisher.id);
  }
  return reach;
}

/** The queue that takes the dead letters of a rule's targets; of the first one that names any. */
export function deadLetterTarget(
  config: BrokerConfig,
  channel: ChannelConfig,
): ChannelConfig | undefined {
  return queuesOf(config, channel)[0];
}

function queuesOf(config: BrokerConfig, rule: ChannelConfig): readonly ChannelConfig[] {
  return config.subscriptions
    .filter(({ channel }) => channel === rule.index)
    .flatMap(({ parameters }) => {
      const values = valuesOf(consumeFields, parameters);
      const ofLambda = values.Target === "lambda" ? values["lambda.DeadLetterConfig"] : "";
      return [values.DeadLetterConfig, ofLambda].map((called) => findQueue(config, called));
    })
    .filter((queue) => queue !== undefined);
}
