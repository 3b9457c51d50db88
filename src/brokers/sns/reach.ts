// Which publications come to which channel of SNS, and where dead letters go. May name a message that never comes, never
// misses one.

import { valuesOf } from "../../base/fields.ts";
import { findQueue } from "../mechanisms/awsService.ts";
import type { BrokerConfig, ChannelConfig, Reach } from "../technology.ts";
import { consumeFields } from "./fields.ts";

/** Publications by channel: the topic, and the queues for dead letters of its subscriptions. */
export function reachOfSns(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map(({ id }) => [id, new Set<string>()]));
  for (const publisher of config.publishers) {
    const topic = config.channels.find(({ index }) => index === publisher.channel);
    if (topic === undefined) continue;
    for (const { id } of [topic, ...queuesOf(config, topic)]) reach.get(id)?.add(publisher.id);
  }
  return reach;
}

/** The queue that takes the dead letters of a topic's subscriptions; of the first one that names any. */
export function deadLetterTarget(
  config: BrokerConfig,
  channel: ChannelConfig,
): ChannelConfig | undefined {
  return queuesOf(config, channel)[0];
}

function queuesOf(config: BrokerConfig, topic: ChannelConfig): readonly ChannelConfig[] {
  return config.subscriptions
    .filter(({ channel }) => channel === topic.index)
    .flatMap(({ parameters }) => {
      const values = valuesOf(consumeFields, parameters);
      const ofLambda = values.Protocol === "lambda" ? values["lambda.DeadLetterConfig"] : "";
      return [values.RedrivePolicy, ofLambda].map((called) => findQueue(config, called));
    })
    .filter((queue) => queue !== undefined);
}
