// Where the defaults of the fields of Amazon SNS come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Amazon SNS, by the source of its default. */
export const snsFieldSources: readonly FieldSource[] = [
  {
    source: "https://docs.aws.amazon.com/general/latest/gr/sns.html (quotas, US East)",
    cluster: ["publish_quota", "fifo_publish_quota"],
  },
  {
    source:
      "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (max_attempts)",
    publish: ["max_attempts"],
  },
  {
    source: "https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html",
    consume: [
      "numRetries",
      "numNoDelayRetries",
      "numMinDelayRetries",
      "numMaxDelayRetries",
      "minDelayTarget",
      "maxDelayTarget",
      "backoffFunction",
      "maxReceivesPerSecond",
    ],
  },
  {
    source: "https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html",
    consume: ["FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"],
  },
  {
    source: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
    consume: ["lambda.MaximumRetryAttempts", "lambda.DeadLetterConfig"],
  },
  {
    source: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",
    kinds: { topic: ["FifoTopic"] },
  },
  {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    kinds: { dlq: ["VisibilityTimeout", "MessageRetentionPeriod", "FifoQueue"] },
  },
  {
    source: ownChoice,
    cluster: ["processing", "duplicates", "zones", "detection"],
    publish: ["MessageAttributes", "Message", "MessageDeduplicationId", "latency"],
    consume: ["Protocol", "endpoint", "latency"],
  },
];
