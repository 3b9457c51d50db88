// Where the defaults of the fields of Google Cloud Pub/Sub come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Google Cloud Pub/Sub, by the source of its default. */
export const googlePubsubFieldSources: readonly FieldSource[] = [
  {
    source: "https://cloud.google.com/pubsub/quotas (large regions; uncertain)",
    cluster: ["regional_throughput"],
  },
  {
    source: "@google-cloud/pubsub, PublisherOptions: BatchPublishOptions (uncertain)",
    publish: ["max_messages", "max_bytes", "max_latency"],
  },
  {
    source: "@google-cloud/pubsub, publisher_client_config.json (total timeout of a publication)",
    publish: ["total_timeout"],
  },
  {
    source: "@google-cloud/pubsub, SubscriberOptions: flow control and extension of leases",
    consume: ["max_messages", "max_bytes", "max_extension"],
  },
  { source: "https://cloud.google.com/pubsub/docs/push", consume: ["success_status"] },
  {
    source: "https://cloud.google.com/pubsub/docs/replay-overview",
    kinds: { topic: ["message_retention_duration"], subscription: ["retain_acked_messages"] },
  },
  {
    source: "https://cloud.google.com/pubsub/docs/subscription-properties",
    kinds: {
      subscription: [
        "delivery_type",
        "ack_deadline_seconds",
        "message_retention_duration",
        "expiration_policy.ttl",
        "filter",
        "enable_message_ordering",
        "enable_exactly_once_delivery",
      ],
    },
  },
  {
    source: "https://cloud.google.com/pubsub/docs/subscription-retry-policy",
    kinds: { subscription: ["retry_policy", "minimum_backoff", "maximum_backoff"] },
  },
  {
    source: "https://cloud.google.com/pubsub/docs/handling-failures",
    kinds: { subscription: ["dead_letter_topic", "max_delivery_attempts"] },
  },
  {
    source: ownChoice,
    cluster: ["zones", "zone_detection", "duplicates"],
    publish: ["attributes", "ordering_key", "latency"],
    consume: ["on_failure", "latency"],
    kinds: { subscription: ["created_after", "seek"] },
  },
];
