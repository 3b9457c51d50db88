// What sets a Kafka topic apart from the queue of the textbook: batches, fetches, and partitions that belong to workers.

import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";

/** Where a group's view of a topic differs from one line before several workers. */
export function topicUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const publishers = config.publishers.filter(({ channel }) => channel === subscription.channel);
  const lingerMs = Math.max(
    0,
    ...publishers.map(({ parameters }) => Number(parameters["linger.ms"])),
  );
  const latencies = [...publishers, subscription].map(({ parameters }) =>
    Number(parameters["network.latency.ms"]),
  );
  const wireMs = Math.max(...latencies.slice(0, -1), 0) + (latencies.at(-1) ?? 0);
  const differences: QueueDifference[] = [];
  if (lingerMs > 0)
    differences.push({
      code: "batches",
      sentence: `Records come in batches: a producer waits up to ${formatDurationMs(lingerMs)} for more (linger.ms).`,
      addsMs: lingerMs,
    });
  if (wireMs > 0)
    differences.push({
      code: "wire",
      sentence: `Records are on the wire for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    });
  if (subscription.workers > 1)
    differences.push({
      code: "partitions",
      sentence: `Each of the ${subscription.workers} workers has partitions of its own: one may be idle while records wait for another.`,
    });
  if (
    subscription.parameters["commit"] === "after-processing" &&
    subscription.parameters["max.poll.records"] !== 1
  )
    differences.push({
      code: "commits",
      sentence:
        "Records count as inside until all that came with the same poll are done (commit after processing).",
    });
  return differences;
}
