// What sets a subscription of MQTT apart from the queue of the textbook: messages go to the client ahead of time, and only
// so many of them.

import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";

/** Where a subscription differs from one line before several workers. */
export function mqttUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const { parameters, workers } = subscription;
  const publishers = config.publishers.map((publisher) => Number(publisher.parameters["latency"]));
  const wireMs = 3 * (Math.max(0, ...publishers) + Number(parameters["latency"]));
  const differences: QueueDifference[] = [
    {
      code: "wire",
      sentence: `Messages are on the wire for up to ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    },
    {
      code: "limits",
      sentence:
        "The broker keeps nothing for a client that is gone without a session, and drops what is too much for one.",
    },
  ];
  if (workers > 1)
    differences.push({
      code: "prefetch",
      sentence:
        "Messages are handed to the workers in turn as they come: one may be idle while messages wait for another.",
    });
  return differences;
}
