// Which contracts reach which channel of a broker: the technology's own answer, or what its bindings and the routes of its
// dead letters say.

import { type TechnologyId, technologyManual } from "../brokers/index.ts";
import type { BrokerConfig, Reach, TechnologyManual } from "../brokers/technology.ts";

/** What reaches the channels of a broker of a technology. */
export function reachOf(id: TechnologyId, config: BrokerConfig): Reach {
  const manual = technologyManual(id);
  return manual.reach?.(config) ?? reachOfBindings(manual, config);
}

// Technologies whose bindings have no conditions: everything flows on until nothing new arrives anywhere.
function reachOfBindings(manual: TechnologyManual, config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map((channel) => [channel.id, new Set<string>()]));
  const idOf = new Map(config.channels.map((channel) => [channel.index, channel.id]));
  const ways = [
    ...config.bindings.map(({ from, to }) => [idOf.get(from) ?? "", idOf.get(to) ?? ""] as const),
    ...config.channels.flatMap((channel) => {
      const target = manual.deadLetterTarget?.(config, channel);
      return target === undefined ? [] : [[channel.id, target.id] as const];
    }),
  ];
  for (const publisher of config.publishers)
    reach.get(idOf.get(publisher.channel) ?? "")?.add(publisher.id);
  for (let round = 0; round < config.channels.length; round++) {
    const news = ways.flatMap(([from, to]) => {
      const there = reach.get(to);
      const coming = [...(reach.get(from) ?? [])].filter((one) => there?.has(one) === false);
      for (const publisher of coming) there?.add(publisher);
      return coming;
    });
    if (news.length === 0) break;
  }
  return reach;
}
