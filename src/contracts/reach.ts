// Which contracts reach which channel of a broker: what is published there, and what bindings, alternate exchanges and
// dead-letter routes bring. May name a message that never comes in practice (a dead letter nobody makes), never misses one.

import {
  type KeyTemplate,
  Router,
  deadLetterKeys,
  findChannel,
} from "../brokers/rabbitmqRouting.ts";
import type { BrokerConfig, ChannelConfig } from "../brokers/technology.ts";
import type { TechnologyId } from "../brokers/index.ts";

/** Channel id → ids of the publish connections whose messages reach it. */
export type Reach = ReadonlyMap<string, ReadonlySet<string>>;

/** What reaches the channels of a broker of a technology. */
export function reachOf(technology: TechnologyId, config: BrokerConfig): Reach {
  return technology === "rabbitmq" ? reachOfRabbit(config) : reachOfBindings(config);
}

/** The channel into which the broker itself moves the dead letters of a channel, where its parameters name one. */
export function deadLetterTarget(
  config: BrokerConfig,
  channel: ChannelConfig,
): ChannelConfig | undefined {
  const target = channel.parameters["x-dead-letter-exchange"];
  return typeof target === "string" && target !== "" ? findChannel(config, target) : undefined;
}

function emptyReach(config: BrokerConfig): Map<string, Set<string>> {
  return new Map(config.channels.map((channel) => [channel.id, new Set<string>()]));
}

// Technologies whose bindings have no conditions: everything flows on until nothing new arrives anywhere.
function reachOfBindings(config: BrokerConfig): Reach {
  const reach = emptyReach(config);
  const idOf = new Map(config.channels.map((channel) => [channel.index, channel.id]));
  for (const publisher of config.publishers)
    reach.get(idOf.get(publisher.channel) ?? "")?.add(publisher.id);
  for (let round = 0; round < config.channels.length; round++)
    for (const { from, to } of config.bindings)
      for (const publisher of reach.get(idOf.get(from) ?? "") ?? [])
        reach.get(idOf.get(to) ?? "")?.add(publisher);
  return reach;
}

/** A message on its way: who published it, and which of the router's key templates it carries now. */
interface Traveller {
  readonly publisher: string;
  readonly template: number;
  readonly channel: ChannelConfig;
}

/** Stands for a key in a routing key such as `order.{key}`. */
const anyKey = "any";

function reachOfRabbit(config: BrokerConfig): Reach {
  const reach = emptyReach(config);
  const router = new Router(config);
  const queues = config.channels.filter((channel) => channel.kind === "queue");
  const seen = new Set<string>();
  const open: Traveller[] = config.publishers.flatMap((publisher, template) => {
    const channel = config.channels.find(({ index }) => index === publisher.channel);
    return channel === undefined ? [] : [{ publisher: publisher.id, template, channel }];
  });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { publisher, template, channel } = next;
    const mark = JSON.stringify([publisher, template, channel.id]);
    if (seen.has(mark)) continue;
    seen.add(mark);
    reach.get(channel.id)?.add(publisher);
    if (channel.kind === "queue") open.push(...deadLetters(config, next, router.templates));
    else
      for (const queue of router.route(config.channels.indexOf(channel), template, 0, () => anyKey))
        open.push(...queues.slice(queue, queue + 1).map((one) => ({ ...next, channel: one })));
  }
  return reach;
}

function deadLetters(
  config: BrokerConfig,
  from: Traveller,
  templates: readonly KeyTemplate[],
): readonly Traveller[] {
  const channel = deadLetterTarget(config, from.channel);
  if (channel === undefined) return [];
  const { "x-dead-letter-routing-key": key } = from.channel.parameters;
  const own = typeof key === "string" ? deadLetterKeys(config).indexOf(key) : -1;
  const template = own < 0 ? from.template : templates.length - deadLetterKeys(config).length + own;
  return [{ publisher: from.publisher, template, channel }];
}
