// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Roles of the channel kinds, and parameters by the concept behind them. */
export const sqsCounterparts: Counterparts = {
  roles: { queue: "queue" },
  parameters: [
    { place: "broker", concept: "zones", field: "zones" },
    { place: "channel", concept: "kept for", field: "MessageRetentionPeriod" },
    { place: "channel", concept: "lease", field: "VisibilityTimeout" },
    { place: "channel", concept: "dead-letter channel", field: "deadLetterTargetArn" },
    { place: "channel", concept: "deliveries", field: "maxReceiveCount" },
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "consume", concept: "taken at once", field: "MaxNumberOfMessages" },
    { place: "consume", concept: "network latency", field: "latency" },
  ],
};
