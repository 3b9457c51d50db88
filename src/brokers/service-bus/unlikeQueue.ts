// What sets a Service Bus queue with its receivers apart from the queue of the textbook.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";
import { consumeFields, publishFields } from "./fields.ts";

/** Where a queue with receivers differs from one line before several workers. */
export function queueUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const { PrefetchCount, latency } = valuesOf(consumeFields, subscription.parameters);
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const publishers = config.publishers.map(
    ({ parameters }) => valuesOf(publishFields, parameters).latency,
  );
  // To the entity, to the worker, and its answer before it gets the next one.
  const wireMs = Math.max(0, ...publishers) + 2 * latency;
  const differences: QueueDifference[] = [
    {
      code: "wire",
      sentence: `Messages and answers are on the wire for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    },
  ];
  if (PrefetchCount > 0)
    differences.push({
      code: "prefetch",
      sentence: `Workers hold up to ${PrefetchCount} messages ahead (PrefetchCount): one may be idle while messages wait for another.`,
    });
  if (channel?.parameters["RequiresSession"] === true)
    differences.push({
      code: "order",
      sentence: "A worker takes one session at a time and waits for more of it before the next.",
    });
  if ((channel?.parameters["DefaultMessageTimeToLive"] ?? null) !== null)
    differences.push({
      code: "limits",
      sentence: "Messages may expire while they wait (DefaultMessageTimeToLive).",
    });
  return differences;
}
