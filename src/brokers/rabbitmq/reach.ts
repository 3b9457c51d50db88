// Which publications can come to which channel: what bindings, alternate exchanges and dead-letter routes bring. May
// name a message that never comes in practice (a dead letter nobody makes), never misses one.

import type { BrokerConfig, ChannelConfig, Reach } from "../technology.ts";
import { deadLetterKeys, findChannel, isDeclared, Router } from "./routing.ts";

/** A message on its way: who published it, and which of the router's key templates it carries now. */
interface Traveller {
  readonly publisher: string;
  readonly template: number;
  readonly channel: ChannelConfig;
}

/** Stands for a key in a routing key such as `order.{key}`. */
const anyKey = "any";

/** Which publications reach which channel, as far as the document tells: by bindings, alternate exchanges and
 *  dead-letter routes. */
export function reachOfRabbit(config: BrokerConfig): Reach {
  const reach = new Map(config.channels.map((channel) => [channel.id, new Set<string>()]));
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
    if (channel.kind === "queue") open.push(...deadLetters(config, next, router));
    // From a queue too: the header CC names further ones.
    for (const queue of router.route(config.channels.indexOf(channel), template, 0, () => anyKey))
      open.push(...queues.slice(queue, queue + 1).map((one) => ({ ...next, channel: one })));
  }
  return reach;
}

/** The channel into which the broker moves the dead letters of a channel, where its parameters name one. */
export function deadLetterTarget(
  config: BrokerConfig,
  channel: ChannelConfig,
): ChannelConfig | undefined {
  const target = channel.parameters["x-dead-letter-exchange"];
  const found =
    typeof target === "string" && target !== "" ? findChannel(config, target) : undefined;
  return found !== undefined && isDeclared(found) ? found : undefined;
}

function deadLetters(config: BrokerConfig, from: Traveller, router: Router): readonly Traveller[] {
  const channel = deadLetterTarget(config, from.channel);
  if (channel === undefined) return [];
  const { "x-dead-letter-routing-key": key } = from.channel.parameters;
  const own = typeof key === "string" ? deadLetterKeys(config).indexOf(key) : -1;
  const template = own < 0 ? from.template : router.deadLetterTemplate(from.template, own);
  return [{ publisher: from.publisher, template, channel }];
}
