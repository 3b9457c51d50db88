// Kafka as an event source of functions: the platform polls with one consumer per partition, and tries again itself.
// Source: ../shared/brokers/lambda.md, azure-functions.md.

import type { FunctionTrigger } from "../functionTrigger.ts";

/** The trigger of a topic. */
export const topicTrigger: FunctionTrigger = {
  lambda: "stream",
  azure: "stream",
  subscription: ({ batch }) => ({
    "group.type": "consumer",
    "max.poll.records": batch,
    // The platform goes on polling while it tries a batch again.
    "max.poll.interval.ms": 8_985_600_000,
    commit: "after-processing",
    "on.failure": "skip",
  }),
  isOrdered: () => true,
  retentionField: "retention.ms",
};
