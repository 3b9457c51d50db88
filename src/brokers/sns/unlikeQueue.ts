// What sets a subscription of SNS apart from the queue of the textbook.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import { deadLetterKind } from "../mechanisms/awsService.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";
import { clusterFields, consumeFields } from "./fields.ts";

/** Where a subscription differs from one line before several workers. */
export function subscriptionUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  if (channel?.kind === deadLetterKind)
    return [
      {
        code: "visibility",
        sentence: "What a reader fails at is invisible for a while before it comes again.",
      },
    ];
  const { processing } = valuesOf(clusterFields, config.parameters);
  const values = valuesOf(consumeFields, subscription.parameters);
  const publishers = config.publishers.map(({ parameters }) => Number(parameters["latency"]));
  const wireMs = Math.max(0, ...publishers) + 2 * values.latency + 1.5 * processing;
  const differences: QueueDifference[] = [
    {
      code: "wire",
      sentence: `Messages are on their way for up to ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    },
    {
      code: "limits",
      sentence: "Failed deliveries are tried again later and given up in the end.",
    },
  ];
  if (values.FilterPolicy !== "")
    differences.push({ code: "filter", sentence: "The filter policy may keep messages away." });
  if (values.Protocol === "https")
    differences.push({ code: "timeout", sentence: "Each delivery has 15 s to be answered." });
  return differences;
}
