// Which publications can come to which channel: through topics and filters, and into containers of dead letters.

import { findContainer, matcherOf, subscriptionsOf, usesKey } from "./routing.ts";
import type { BrokerConfig, ChannelConfig, Reach } from "../technology.ts";

/** Which publications reach which channel, as far as the document tells. */
export function reachOfEventGrid(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map(({ id }) => [id, new Set<string>()]));
  for (const publisher of config.publishers) {
    const topic = config.channels.find(({ index }) => index === publisher.channel);
    if (topic !== undefined) reach.get(topic.id)?.add(publisher.id);
    const targets = usesKey(publisher)
      ? subscriptionsOf(config, publisher.channel)
      : matcherOf(config, publisher)("");
    for (const target of targets) {
      reach.get(target.id)?.add(publisher.id);
      const container = deadLetterContainer(config, target);
      if (container !== undefined) reach.get(container.id)?.add(publisher.id);
    }
  }
  return reach;
}

/** The container into which the dead letters of a subscription are written, where it names one. */
export function deadLetterContainer(
  config: BrokerConfig,
  { parameters }: ChannelConfig,
): ChannelConfig | undefined {
  const called = parameters["deadLetterDestination"];
  return typeof called === "string" && called !== "" ? findContainer(config, called) : undefined;
}
