// What sets an SQS queue with its consumers apart from the queue of the textbook.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import type { BrokerConfig, QueueDifference, SubscriptionConfig } from "../technology.ts";
import { consumeFields, publishFields, queueFields } from "./fields.ts";

/** Where a queue with consumers differs from one line before several workers. */
export function queueUnlikeQueue(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly QueueDifference[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const queue = valuesOf(queueFields, channel?.parameters ?? {});
  const publishers = config.publishers.map(
    ({ parameters }) => valuesOf(publishFields, parameters).latency,
  );
  // To the queue, to the worker, and for the next message the request of the one before.
  const wireMs = Math.max(0, ...publishers) + 2 * values.latency;
  const waitMs = values.WaitTimeSeconds ?? queue.ReceiveMessageWaitTimeSeconds;
  const differences: QueueDifference[] = [
    {
      code: "wire",
      sentence: `Messages and requests are on the wire for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
      addsMs: wireMs,
    },
  ];
  if (waitMs === 0) {
    const pollMs = Math.max(1, 2 * values.latency + values.poll_pause);
    differences.push({
      code: "short-polling",
      sentence: `An idle worker asks only every ${formatDurationMs(pollMs)} (short polling), and ${Math.round(100 * values.empty_receives)} % of its receives miss what is there.`,
    });
  }
  if (values.MaxNumberOfMessages > 1)
    differences.push({
      code: "prefetch",
      sentence: `A worker takes up to ${values.MaxNumberOfMessages} messages at once: another may be idle while they wait.`,
    });
  if (queue.FifoQueue)
    differences.push({
      code: "order",
      sentence: "Messages of a group wait while another one of it is in flight.",
    });
  differences.push({
    code: "visibility",
    sentence: `What takes longer than ${formatDurationMs(values.VisibilityTimeout ?? queue.VisibilityTimeout)} may be received again.`,
  });
  return differences;
}
