// What sets a target of EventBridge apart from the queue of the textbook.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";
import { clusterFields, consumeFields } from "./fields.ts";

/** Where a target differs from one line before several workers. */
export function targetUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const kind = config.channels.find(({ index }) => index === subscription.channel)?.kind;
  if (kind === "dlq")
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
      sentence: `Events are on their way for up to ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    },
    { code: "limits", sentence: "Failed calls are tried again later and given up in the end." },
  ];
  if (values.Target === "api-destination")
    differences.push({
      code: "rate",
      sentence: `At most ${values.InvocationRateLimitPerSecond} calls per second start, and each has 5 s to be answered.`,
    });
  return differences;
}
