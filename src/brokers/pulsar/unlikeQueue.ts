// What sets a Pulsar subscription apart from the queue of the textbook: batches, receiver queues, and consumers that share
// its messages in another way than a line before several workers.

import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";

/** Where a subscription differs from one line before several workers. */
export function subscriptionUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const publishers = config.publishers.filter(({ channel }) => channel === subscription.channel);
  const batching = publishers.filter(({ parameters }) => parameters["batchingEnabled"] === true);
  const batchMs = Math.max(
    0,
    ...batching.map(({ parameters }) => Number(parameters["batchingMaxPublishDelay"])),
  );
  const latencies = [...publishers, subscription].map(({ parameters }) =>
    Number(parameters["network.latency.ms"]),
  );
  const wireMs =
    Math.max(...latencies.slice(0, -1), 0) +
    (latencies.at(-1) ?? 0) +
    Number(config.parameters["bookieWriteMs"] ?? 0);
  const differences: QueueDifference[] = [];
  if (batchMs > 0)
    differences.push({
      code: "batches",
      sentence: `Messages come in batches: a producer waits up to ${formatDurationMs(batchMs)} for more (batchingMaxPublishDelay).`,
      addsMs: batchMs,
    });
  if (wireMs > 0)
    differences.push({
      code: "wire",
      sentence: `Messages are on the wire and being written for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    });
  const type = subscription.parameters["subscriptionType"];
  if (subscription.workers > 1)
    differences.push(
      type === "Exclusive" || type === "Failover"
        ? {
            code: "one-consumer",
            sentence: `Of the ${subscription.workers} workers only one has a partition (${type}); the others wait.`,
          }
        : {
            code: "receiver-queues",
            sentence: `Messages wait in the receiver queues of the ${subscription.workers} workers, handed out in advance: one may be idle while they wait for another.`,
          },
    );
  return differences;
}
