// What is modelled of SQS and what is not, its bindings in AsyncAPI documents, what reaches its queues, and what it
// finds wrong.

import { sqsFieldSources } from "./fieldSources.ts";
import { sqsCounterparts } from "./counterparts.ts";
import { valuesOf } from "../../base/fields.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";
import { checkSqs } from "./check.ts";
import { queueFields } from "./fields.ts";
import { deadLetterTarget, reachOfSqs } from "./reach.ts";
import { queueUnlikeQueue } from "./unlikeQueue.ts";

// The version that validators of AsyncAPI know; the fields of 0.3.0 are the same.
const bindingVersion = "0.2.0";

/** Fields of a queue that are durations, by their names in the binding [s]. */
const durations = {
  deliveryDelay: "DelaySeconds",
  visibilityTimeout: "VisibilityTimeout",
  receiveMessageWaitTime: "ReceiveMessageWaitTimeSeconds",
  messageRetentionPeriod: "MessageRetentionPeriod",
} as const;

const asyncapi: TechnologyBindings = {
  protocol: "sqs",
  host: "sqs.eu-west-1.amazonaws.com",
  key: "sqs",
  channel: (config, channel) => {
    const values = valuesOf(queueFields, channel.parameters);
    const seconds = Object.entries(durations).map(
      ([name, field]) => [name, Math.round(values[field] / 1000)] as const,
    );
    const target = deadLetterTarget(config, channel);
    const queue = {
      name: channel.name,
      fifoQueue: values.FifoQueue,
      ...(values.FifoQueue && {
        deduplicationScope: values.DeduplicationScope,
        fifoThroughputLimit: values.FifoThroughputLimit,
      }),
      ...Object.fromEntries(seconds),
      ...(target !== undefined && {
        redrivePolicy: {
          deadLetterQueue: { name: target.name },
          maxReceiveCount: values.maxReceiveCount,
        },
      }),
    };
    return { queue, bindingVersion };
  },
  publish: () => undefined,
  consume: () => undefined,
  parametersIn: (level, content) => {
    const { queue } = content;
    if (level !== "channel" || !isMembers(queue)) return {};
    const found: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(durations))
      if (typeof queue[name] === "number") found[field] = queue[name] * 1000;
    const plain = {
      fifoQueue: "FifoQueue",
      deduplicationScope: "DeduplicationScope",
      fifoThroughputLimit: "FifoThroughputLimit",
    };
    for (const [name, field] of Object.entries(plain))
      if (queue[name] !== undefined) found[field] = queue[name];
    const { redrivePolicy } = queue;
    if (!isMembers(redrivePolicy)) return found;
    const { deadLetterQueue, maxReceiveCount } = redrivePolicy;
    if (maxReceiveCount !== undefined) found["maxReceiveCount"] = maxReceiveCount;
    if (isMembers(deadLetterQueue) && deadLetterQueue["name"] !== undefined)
      found["deadLetterTargetArn"] = deadLetterQueue["name"];
    return found;
  },
};

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

const guide = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";

/** The manual of SQS. */
export const sqsManual: TechnologyManual = {
  counterparts: sqsCounterparts,
  guarantees: {
    order:
      "Standard: best effort, none promised. FIFO: strict per message group; a group stands still while one of its messages is in flight, and dead-lettering one lets the next overtake it.",
    delivery:
      "Standard: at least once, and now and then twice. FIFO: no duplicates from sends within five minutes; a message that is not deleted in time is received again all the same.",
    retention:
      "Until deleted, at most MessageRetentionPeriod since it was first sent; then silently gone.",
  },
  modelled: [
    "Polling: long polls, short polls that may miss messages, batches of up to ten; nothing is ever pushed.",
    "Visibility timeout per queue and per receive, ChangeMessageVisibility after failures (at once or by a list of seconds), heartbeats up to 12 hours.",
    "Receive counts; a receive too many moves the message to the dead-letter queue, never a timer. Redrive back with a new life.",
    "Late deletes: a standard queue takes an old receipt handle while nobody has received the message again, a FIFO queue does not.",
    "FIFO: blocking per message group, batches of one group in order, deduplication for five minutes per queue or group, 300 calls per second or high throughput.",
    "Standard: early duplicates and disorder by chance; a send whose answer is lost is sent again and stored twice.",
    "Delays per queue and message, retention that goes on in a standard dead-letter queue, size limit, quota of messages in flight.",
    "Availability zones: while one fails, calls to it fail until that is detected and the SDK tries again; nothing that was stored is lost.",
  ],
  simplified: [
    "A worker is one thread that receives, deals with the messages one after the other, deletes each, and receives again; the delete and the next receive travel together.",
    "A long poll that ends without a message is followed by the next one at once.",
    "The servers behind short polling are a chance to miss messages; early duplicates and disorder are chances too (AWS publishes none).",
    "Every message of a FIFO queue has a body of its own, so ContentBasedDeduplication finds no duplicates but those of the SDK. A message without a key is in a group named after its event.",
    "High throughput has one quota per queue; partitions and their 300 calls per second are not told apart. A publisher's batch counts as one call, but its messages travel singly.",
    "Losing an availability zone, its detection and the SDK's pauses are Spillway's own; requests for deletes are drawn with all their attempts when they are sent.",
    "A message whose visibility timeout ends on the way to its worker is not handed over when somebody else has received it meanwhile.",
    "A duplicate that a FIFO queue accepts and never delivers is counted as dropped (duplicate-id).",
    "Latencies are Spillway's own: AWS states none.",
  ],
  notModelled: [
    "Fair queues (MessageGroupId on standard queues).",
    "That a FIFO queue looks only at the first 120,000 messages for a free group.",
    "ReceiveRequestAttemptId; purging; attributes, encryption and access policies.",
    "Cost per request.",
  ],
  sources: [
    `${guide}/sqs-visibility-timeout.html`,
    `${guide}/sqs-dead-letter-queues.html`,
    `${guide}/sqs-short-and-long-polling.html`,
    `${guide}/FIFO-queues-understanding-logic.html`,
    `${guide}/using-messagededuplicationid-property.html`,
    `${guide}/quotas-messages.html`,
    `${guide}/quotas-fifo.html`,
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html",
    "https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb",
    "https://github.com/asyncapi/bindings/blob/master/sqs/README.md",
  ],
  fieldSources: sqsFieldSources,
  asyncapi,
  unlikeQueue: queueUnlikeQueue,
  check: checkSqs,
  reach: reachOfSqs,
  deadLetterTarget,
};
