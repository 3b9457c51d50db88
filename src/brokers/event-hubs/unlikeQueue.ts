// What sets an event hub apart from the queue of the textbook: partitions that belong to processors, and checkpoints.

import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";

/** Where a group's view of a hub differs from one line before several workers. */
export function hubUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const publishers = config.publishers.filter(({ channel }) => channel === subscription.channel);
  const latencies = publishers.map(({ parameters }) => Number(parameters["network.latency.ms"]));
  const wireMs =
    Math.max(0, ...latencies) + Number(subscription.parameters["network.latency.ms"] ?? 0);
  const differences: QueueDifference[] = [];
  if (wireMs > 0)
    differences.push({
      code: "wire",
      sentence: `Events are on the wire for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    });
  if (subscription.workers > 1)
    differences.push({
      code: "partitions",
      sentence: `Each of the ${subscription.workers} workers owns partitions: one may be idle while events wait for another.`,
    });
  if (subscription.parameters["checkpointEvery"] !== 1)
    differences.push({
      code: "checkpoints",
      sentence: "Events count as inside until their checkpoint is written.",
    });
  return differences;
}
