// Which publications can come to which queue: what is published to it, and dead letters of others.

import type { BrokerConfig, ChannelConfig, Reach } from "../technology.ts";
import { findQueue } from "./settings.ts";

/** The dead-letter queue of a queue, where it names one. */
export function deadLetterTarget(
  config: BrokerConfig,
  channel: ChannelConfig,
): ChannelConfig | undefined {
  const target = channel.parameters["deadLetterTargetArn"];
  return typeof target === "string" ? findQueue(config, target) : undefined;
}

/** Which publications reach which queue. */
export function reachOfSqs(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map(({ id }) => [id, new Set<string>()]));
  for (const publisher of config.publishers) {
    let queue = config.channels.find(({ index }) => index === publisher.channel);
    while (queue !== undefined && reach.get(queue.id)?.has(publisher.id) === false) {
      reach.get(queue.id)?.add(publisher.id);
      queue = deadLetterTarget(config, queue);
    }
  }
  return reach;
}
