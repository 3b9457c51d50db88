// Where the defaults of the fields of Amazon EventBridge come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Amazon EventBridge, by the source of its default. */
export const eventbridgeFieldSources: readonly FieldSource[] = [
  {
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
    cluster: ["put_events_quota"],
  },
  {
    source:
      "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (max_attempts)",
    publish: ["max_attempts"],
  },
  {
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html",
    consume: ["MaximumRetryAttempts", "MaximumEventAgeInSeconds"],
  },
  {
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    consume: ["DeadLetterConfig"],
  },
  {
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html",
    consume: ["InvocationRateLimitPerSecond"],
  },
  {
    source: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
    consume: ["lambda.MaximumRetryAttempts", "lambda.DeadLetterConfig"],
  },
  {
    source: "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html",
    kinds: { rule: ["State"] },
  },
  {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    kinds: { dlq: ["VisibilityTimeout", "MessageRetentionPeriod"] },
  },
  {
    source: ownChoice,
    cluster: ["version", "processing", "duplicates", "zones", "detection"],
    publish: ["Source", "DetailType", "Detail", "latency"],
    consume: ["Target", "endpoint", "latency"],
    kinds: { rule: ["EventPattern", "Type"] },
  },
];
