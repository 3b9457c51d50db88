// Which publications can come to which channel of Service Bus: by rules, forwarding and dead letters. May name one that never
// comes, never misses one.

import type { BrokerConfig, ChannelConfig, Reach } from "../technology.ts";
import { findChannel } from "./settings.ts";

/** The dead-letter queue that a queue or subscription names. */
export function deadLetterTarget(
  config: BrokerConfig,
  channel: ChannelConfig,
): ChannelConfig | undefined {
  return findChannel(config, channel.parameters["dead_letter_queue"]);
}

/** Which publications reach which channel. */
export function reachOfServiceBus(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map(({ id }) => [id, new Set<string>()]));
  for (const publisher of config.publishers) {
    const open = config.channels.filter(({ index }) => index === publisher.channel);
    for (let channel = open.pop(); channel !== undefined; channel = open.pop()) {
      const seen = reach.get(channel.id);
      if (seen === undefined || seen.has(publisher.id)) continue;
      seen.add(publisher.id);
      const { index } = channel;
      const bound = config.bindings.filter(({ from }) => from === index).map(({ to }) => to);
      open.push(...config.channels.filter((other) => bound.includes(other.index)));
      const { ForwardTo, dead_letter_queue: dead } = channel.parameters;
      const named = [findChannel(config, ForwardTo), findChannel(config, dead)];
      open.push(...named.filter((next) => next !== undefined));
    }
  }
  return reach;
}
