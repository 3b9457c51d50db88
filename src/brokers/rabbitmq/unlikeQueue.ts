// What sets a RabbitMQ queue apart from the queue of the textbook: messages that are handed over ahead of time.

import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";

/** Where a queue with consumers differs from one line before several workers. */
export function queueUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const { parameters, workers } = subscription;
  const prefetch = Number(parameters["prefetch_count"]);
  const queue = config.channels.find(({ index }) => index === subscription.channel);
  const publishers = config.publishers.map((publisher) => Number(publisher.parameters["latency"]));
  const wireMs = Math.max(0, ...publishers) + Number(parameters["latency"]);
  const differences: QueueDifference[] = [
    {
      code: "wire",
      sentence: `Messages are on the wire for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    },
  ];
  if (workers > 1 && prefetch !== 1)
    differences.push({
      code: "prefetch",
      sentence: `Workers are handed ${prefetch === 0 ? "everything that waits" : `up to ${prefetch} messages`} ahead (prefetch_count ${prefetch}): one may be idle while messages wait for another.`,
    });
  for (const name of ["x-message-ttl", "x-max-length", "x-max-length-bytes"])
    if ((queue?.parameters[name] ?? null) !== null)
      differences.push({ code: "limits", sentence: `The queue may give messages up (${name}).` });
  return differences;
}
