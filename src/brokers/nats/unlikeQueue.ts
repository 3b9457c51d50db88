// What sets a consumer of JetStream or a core subscription apart from the queue of the textbook.

import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";

/** Where a consumer with its workers differs from one line before several workers. */
export function consumerUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const { parameters, workers } = subscription;
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const publishers = config.publishers.map((publisher) => Number(publisher.parameters["latency"]));
  const wireMs = Math.max(0, ...publishers) + 2 * Number(parameters["latency"]);
  const differences: QueueDifference[] = [
    {
      code: "wire",
      sentence: `Messages are on the wire for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    },
  ];
  if (channel?.kind === "subject") {
    if (workers > 1)
      differences.push({ code: "copies", sentence: "Workers do not share one line of messages." });
  } else if (parameters["delivery"] === "push" || Number(parameters["batch"]) > 1)
    differences.push({ code: "prefetch", sentence: "Workers are handed messages ahead." });
  for (const name of ["max_msgs", "max_bytes", "max_age", "max_msgs_per_subject"])
    if ((channel?.parameters[name] ?? null) !== null)
      differences.push({ code: "limits", sentence: `The stream may give messages up (${name}).` });
  return differences;
}
