// What sets a consumer group apart from the queue of the textbook: the wire, reads of many entries, claims.

import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";

/** Where a group with its workers differs from one line before several workers. */
export function groupUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const { parameters, workers } = subscription;
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const publishers = config.publishers.map((publisher) => Number(publisher.parameters["latency"]));
  const wireMs = Math.max(0, ...publishers) + 3 * Number(parameters["latency"]);
  const differences: QueueDifference[] = [
    {
      code: "wire",
      sentence: `Entries are on the wire for some ${formatDurationMs(wireMs)}, and a worker asks only when it has finished: no formula of a queue knows that.`,
      addsMs: wireMs,
    },
  ];
  const isLive = channel?.kind === "pubsub";
  if (workers > 1 && (isLive || parameters["command"] === "XREAD"))
    differences.push({ code: "copies", sentence: "Every worker gets everything." });
  else if (workers > 1 && parameters["count"] !== 1)
    differences.push({
      code: "prefetch",
      sentence:
        "One read takes many entries: one worker may be idle while entries wait for another.",
    });
  if (channel?.kind === "stream" && channel.parameters["trim"] !== "none")
    differences.push({ code: "limits", sentence: "Trimming may take entries away unread." });
  return differences;
}
