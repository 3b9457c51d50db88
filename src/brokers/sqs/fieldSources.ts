// Where the defaults of the fields of Amazon SQS come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Amazon SQS, by the source of its default. */
export const sqsFieldSources: readonly FieldSource[] = [
  {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    cluster: ["standard_in_flight", "fifo_in_flight"],
  },
  {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html",
    cluster: ["fifo_calls", "high_throughput_calls"],
  },
  {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
    publish: ["DelaySeconds"],
  },
  {
    source:
      "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (max_attempts)",
    publish: ["max_attempts"],
  },
  {
    source: "botocore, Config (connect_timeout and read_timeout of 60 s)",
    publish: ["request_timeout"],
  },
  {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html",
    consume: ["MaxNumberOfMessages", "WaitTimeSeconds", "VisibilityTimeout"],
  },
  {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    kinds: {
      queue: [
        "FifoQueue",
        "VisibilityTimeout",
        "MessageRetentionPeriod",
        "DelaySeconds",
        "ReceiveMessageWaitTimeSeconds",
        "MaximumMessageSize",
        "deadLetterTargetArn",
        "maxReceiveCount",
        "RedriveAllowPolicy",
        "ContentBasedDeduplication",
        "DeduplicationScope",
        "FifoThroughputLimit",
      ],
    },
  },
  {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html",
    kinds: { queue: ["MaxNumberOfMessagesPerSecond"] },
  },
  {
    source: ownChoice,
    cluster: ["zones", "detection"],
    publish: [
      "MessageGroupId",
      "MessageDeduplicationId",
      "SendMessageBatch",
      "answer_loss",
      "latency",
    ],
    consume: ["heartbeat", "on_failure", "backoff", "poll_pause", "empty_receives", "latency"],
    kinds: { queue: ["StartMessageMoveTask", "early_duplicates", "disorder"] },
  },
];
