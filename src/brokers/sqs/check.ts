// What SQS would refuse, and what surprises people: findings about one Region's queues. Each code stands once; the order
// here is the order on screen.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import type {
  BrokerConfig,
  ChannelConfig,
  Finding,
  PublisherConfig,
  SubscriptionConfig,
} from "../technology.ts";
import { consumeFields, publishFields, queueFields } from "./fields.ts";
import { findQueue, parseBackoff } from "./settings.ts";

/** All findings. */
export function checkSqs(config: BrokerConfig): readonly Finding[] {
  return [
    ...config.channels.flatMap((queue) => [
      ...checkDeadLetters(config, queue),
      ...checkFifo(queue),
      ...checkTraffic(config, queue),
    ]),
    ...config.publishers.flatMap((publisher) => checkPublisher(config, publisher)),
    ...config.subscriptions.flatMap((subscription) => checkSubscription(config, subscription)),
  ];
}

/** Collects findings about one element. */
function collector(element: string) {
  const findings: Finding[] = [];
  const add = (
    code: string,
    severity: Finding["severity"],
    parameter: string,
    message: string,
  ): void => {
    findings.push({ code: `sqs/${code}`, severity, element, parameter, message });
  };
  return { findings, add };
}

function checkDeadLetters(config: BrokerConfig, queue: ChannelConfig): readonly Finding[] {
  const { findings, add } = collector(queue.id);
  const values = valuesOf(queueFields, queue.parameters);
  const at = "deadLetterTargetArn";
  if (values.deadLetterTargetArn === "") return findings;
  const target = findQueue(config, values.deadLetterTargetArn);
  if (target === undefined) {
    add(
      "dead-letter-queue-missing",
      "error",
      at,
      `There is no queue "${values.deadLetterTargetArn}" in this Region and account: SQS refuses the RedrivePolicy. Name one or leave it empty.`,
    );
    return findings;
  }
  const theirs = valuesOf(queueFields, target.parameters);
  if (target === queue)
    add(
      "dead-letter-queue-itself",
      "error",
      at,
      "A queue cannot be its own dead-letter queue. Name another one.",
    );
  else if (theirs.FifoQueue !== values.FifoQueue)
    add(
      "dead-letter-queue-type",
      "error",
      at,
      `The dead-letter queue of a ${typeOf(values.FifoQueue)} queue must be a ${typeOf(values.FifoQueue)} queue too; ${target.name} is a ${typeOf(theirs.FifoQueue)} queue.`,
    );
  if (theirs.RedriveAllowPolicy === "denyAll")
    add(
      "dead-letter-queue-denied",
      "error",
      at,
      `${target.name} allows no queue to name it (RedriveAllowPolicy denyAll). Allow it there.`,
    );
  if (!theirs.FifoQueue && theirs.MessageRetentionPeriod <= values.MessageRetentionPeriod)
    add(
      "dead-letter-retention",
      "warning",
      at,
      `A dead letter's age counts from when it was sent: ${target.name} should keep messages longer than ${formatDurationMs(values.MessageRetentionPeriod)}, at best 14 days.`,
    );
  return findings;
}

function typeOf(isFifo: boolean): string {
  return isFifo ? "FIFO" : "standard";
}

function checkFifo(queue: ChannelConfig): readonly Finding[] {
  const { findings, add } = collector(queue.id);
  const values = valuesOf(queueFields, queue.parameters);
  const isNamed = queue.name.endsWith(".fifo");
  if (!values.FifoQueue) {
    if (isNamed)
      add("fifo-name", "error", "FifoQueue", "Only the name of a FIFO queue may end in .fifo.");
    return findings;
  }
  if (!isNamed)
    add(
      "fifo-name",
      "warning",
      "FifoQueue",
      `SQS wants the name of a FIFO queue to end in .fifo; exports call it ${queue.name}.fifo.`,
    );
  if (
    values.FifoThroughputLimit === "perMessageGroupId" &&
    values.DeduplicationScope !== "messageGroup"
  )
    add(
      "throughput-scope",
      "error",
      "FifoThroughputLimit",
      "SQS allows perMessageGroupId only when DeduplicationScope is messageGroup. Set that too.",
    );
  return findings;
}

/** A queue that nobody empties, that nothing reaches, or that several services share. */
function checkTraffic(config: BrokerConfig, queue: ChannelConfig): readonly Finding[] {
  const { findings, add } = collector(queue.id);
  const isDeadLetterQueue = config.channels.some(
    (other) =>
      findQueue(config, valuesOf(queueFields, other.parameters).deadLetterTargetArn) === queue,
  );
  const consumers = config.subscriptions.filter(({ channel }) => channel === queue.index);
  if (consumers.length === 0 && !isDeadLetterQueue)
    findings.push({
      code: "sqs/queue-without-consumer",
      severity: "warning",
      element: queue.id,
      message: `Nobody receives from ${queue.name}: messages are deleted after their retention. Connect a service.`,
    });
  if (new Set(consumers.map(({ node }) => node)).size > 1)
    findings.push({
      code: "sqs/shared-queue",
      severity: "warning",
      element: queue.id,
      message: `Several services receive from ${queue.name}: each message comes to one of them only. Give each a queue of its own, behind an SNS topic.`,
    });
  const isPublished = config.publishers.some(({ channel }) => channel === queue.index);
  if (!isPublished && !isDeadLetterQueue)
    findings.push({
      code: "sqs/queue-without-source",
      severity: "warning",
      element: queue.id,
      message: `Nothing comes into ${queue.name}. Publish to it.`,
    });
  const { deadLetterTargetArn, FifoQueue } = valuesOf(queueFields, queue.parameters);
  if (deadLetterTargetArn === "" && consumers.length > 0 && !isDeadLetterQueue)
    add(
      "no-dead-letter-queue",
      "warning",
      "deadLetterTargetArn",
      FifoQueue
        ? "A message that always fails comes back until its retention ends, and blocks its group that long. Name a dead-letter queue."
        : "A message that always fails comes back until its retention ends. Name a dead-letter queue.",
    );
  return findings;
}

function checkPublisher(config: BrokerConfig, publisher: PublisherConfig): readonly Finding[] {
  const { findings, add } = collector(publisher.id);
  const channel = config.channels.find(({ index }) => index === publisher.channel);
  const queue = valuesOf(queueFields, channel?.parameters ?? {});
  const values = valuesOf(publishFields, publisher.parameters);
  if (!queue.FifoQueue) return findings;
  if (values.DelaySeconds !== null)
    add(
      "delay-per-message",
      "error",
      "DelaySeconds",
      "FIFO queues refuse a delay per message. Set the DelaySeconds of the queue.",
    );
  if (values.MessageDeduplicationId === "" && !queue.ContentBasedDeduplication)
    add(
      "deduplication-id-missing",
      "error",
      "MessageDeduplicationId",
      "A FIFO queue without ContentBasedDeduplication refuses messages without a MessageDeduplicationId. State one.",
    );
  if (values.MessageGroupId === "")
    add(
      "group-missing",
      "error",
      "MessageGroupId",
      "A FIFO queue refuses messages without a MessageGroupId. Write {key}, or a fixed text for one single group.",
    );
  return findings;
}

function checkSubscription(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const { findings, add } = collector(subscription.id);
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const queue = valuesOf(queueFields, channel?.parameters ?? {});
  const values = valuesOf(consumeFields, subscription.parameters);
  const visibilityMs = values.VisibilityTimeout ?? queue.VisibilityTimeout;
  if (values.on_failure === "visibility" && parseBackoff(values.backoff) === undefined)
    add(
      "backoff",
      "error",
      "backoff",
      "Write seconds from 0 to 43200 with commas between them, at most 20, such as 10, 20, 40.",
    );
  if (values.heartbeat !== null && values.heartbeat >= visibilityMs)
    add(
      "heartbeat",
      "warning",
      "heartbeat",
      `The first heartbeat comes after the visibility timeout of ${formatDurationMs(visibilityMs)} has ended. Send it about every half of it.`,
    );
  if ((values.WaitTimeSeconds ?? queue.ReceiveMessageWaitTimeSeconds) === 0)
    add(
      "short-polling",
      "warning",
      "WaitTimeSeconds",
      "Short polling costs a call for every look and may miss messages. A wait time of 20 s is usual.",
    );
  if (visibilityMs === 0)
    add(
      "no-visibility-timeout",
      "warning",
      "VisibilityTimeout",
      "With a timeout of 0 every message may be received again while it is being worked on.",
    );
  return findings;
}
