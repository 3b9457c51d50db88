// What sets a Pub/Sub subscription apart from the queue of the textbook: batches, the wire, messages handed over ahead.

import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";

/** Where a subscription with clients differs from one line before several workers. */
export function subscriptionUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const { parameters, workers } = subscription;
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const most = (field: string) =>
    Math.max(0, ...config.publishers.map((publisher) => Number(publisher.parameters[field])));
  const wireMs = most("latency") + Number(parameters["latency"]);
  const lingerMs = most("max_latency");
  const differences: QueueDifference[] = [
    {
      code: "wire",
      sentence: `Messages are on the wire for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    },
  ];
  if (lingerMs > 0)
    differences.push({
      code: "batches",
      sentence: `Messages come in batches: a publisher waits up to ${formatDurationMs(lingerMs)} for more (max_latency).`,
      addsMs: lingerMs,
    });
  if (workers > 1 && parameters["max_messages"] !== 1)
    differences.push({
      code: "flow-control",
      sentence:
        "Clients are handed messages ahead of their work: one may be idle while messages wait for another.",
    });
  if (channel?.parameters["enable_message_ordering"] === true)
    differences.push({
      code: "ordering",
      sentence: "Messages of one ordering key go to one client at a time, in order.",
    });
  if (channel?.parameters["delivery_type"] === "push")
    differences.push({
      code: "push-window",
      sentence:
        "Only as many requests run at a time as the push window allows, which grows from 3.",
    });
  return differences;
}
