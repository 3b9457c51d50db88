// Which publications can come to which channel: topics meet filters in the whole broker, not within one channel.

import { filterOf, mayFit, topicTemplate } from "./topics.ts";
import type { BrokerConfig, Reach } from "../technology.ts";

/** A channel is reached by what is published to it, and by what its subscriptions' filters may match. */
export function reachOfMqtt(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map((channel) => [channel.id, new Set<string>()]));
  for (const channel of config.channels) {
    const filters = config.subscriptions
      .filter((subscription) => subscription.channel === channel.index)
      .map((subscription) => filterOf(config, subscription));
    for (const publisher of config.publishers) {
      const topic = topicTemplate(config, publisher);
      const isOwn = publisher.channel === channel.index;
      if (isOwn || filters.some((filter) => mayFit(filter, topic, publisher.contract)))
        reach.get(channel.id)?.add(publisher.id);
    }
  }
  return reach;
}
