// Which contracts reach which channel of a broker: the technology's own answer, or what its bindings say.

import { type TechnologyId, technologyManual } from "../brokers/index.ts";
import type { BrokerConfig, Reach } from "../brokers/technology.ts";

/** What reaches the channels of a broker of a technology. */
export function reachOf(id: TechnologyId, config: BrokerConfig): Reach {
  return technologyManual(id).reach?.(config) ?? reachOfBindings(config);
}

// Technologies whose bindings have no conditions: everything flows on until nothing new arrives anywhere.
function reachOfBindings(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map((channel) => [channel.id, new Set<string>()]));
  const idOf = new Map(config.channels.map((channel) => [channel.index, channel.id]));
  for (const publisher of config.publishers)
    reach.get(idOf.get(publisher.channel) ?? "")?.add(publisher.id);
  for (let round = 0; round < config.channels.length; round++)
    for (const { from, to } of config.bindings)
      for (const publisher of reach.get(idOf.get(from) ?? "") ?? [])
        reach.get(idOf.get(to) ?? "")?.add(publisher);
  return reach;
}
